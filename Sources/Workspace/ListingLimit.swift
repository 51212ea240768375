import SkillModel

/// How much of the installed skills a target's harness lists, and where that is from.
struct ListingLimit: Sendable, Equatable {
    /// A model's context window and where its size was read.
    struct Window: Sendable, Equatable {
        var tokens: Int
        var source: String
    }

    /// Who says it, in the order of their weight.
    enum Origin: String, Sendable {
        /// `listing` of the target.
        case target
        /// A share of the window that the target states.
        case context
        /// A share of the window that a registry knows.
        case registry
        /// What the harness documents for any model.
        case harness
    }

    /// Nil when neither the manifest nor the harness sets one.
    var amount: Int?
    var unit: HarnessDescription.Listing.Share.Unit = .characters
    var origin: Origin?
    /// Nil when nobody knows it.
    var window: Window?
    /// Whether a window would set another limit.
    var lacksWindow = false
    /// What to tell of it, a line each.
    var notes: [String] = []

    init(_ target: Manifest.Target?, _ listing: HarnessDescription.Listing?, model: String, known: ModelDescription?) {
        let place = "[targets.\(target?.name.description ?? "")] of \(Manifest.fileName)"
        if let context = target?.context {
            window = Window(tokens: context, source: place)
        } else if let known {
            window = Window(tokens: known.context, source: known.source)
        }
        if let own = target?.listing {
            amount = own
            origin = .target
            notes = ["the limit is from \(place)"]
        } else if let share = listing?.share, let window {
            amount = share.limit(window: window.tokens)
            unit = share.unit
            origin = target?.context == nil ? .registry : .context
            notes = [
                "the limit is \(share.percent)% of \(model)'s window of \(window.tokens) tokens, at \(share.perToken) "
                    + "\(share.unit.rawValue) a token",
                "the window is from \(window.source)", "the share is from \(listing?.source ?? "")",
            ]
        } else if let listing, let characters = listing.characters {
            amount = characters
            origin = .harness
            lacksWindow = listing.share != nil
            notes = [
                "the limit is from \(listing.source)"
                    + (lacksWindow ? ", for a window that is not known: nobody tells that of \(model)" : "")
            ]
        } else if let window {
            notes = ["the window is from \(window.source)"]
        }
    }
}
