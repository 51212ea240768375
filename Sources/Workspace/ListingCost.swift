import Basics
package import SkillModel

/// What the skills that a target's harness finds cost it before any is used: it lists their names and descriptions at the
/// start of each session.
struct ListingCost: Sendable, Equatable {
    struct Skill: Sendable, Equatable {
        var place: String
        /// Of its line, as much of it as the harness lists.
        var characters: Int
        var bytes: Int
        /// Whether the harness lists less of the description than there is.
        var isCut: Bool
    }

    var target: String
    var model: String
    var harness: String
    /// The costliest first.
    var skills: [Skill]
    var limit: ListingLimit

    var characters: Int { skills.reduce(0) { $0 + $1.characters } }
    var bytes: Int { skills.reduce(0) { $0 + $1.bytes } }
    /// In the unit of the limit.
    var amount: Int { limit.unit == .bytes ? bytes : characters }
    var isExceeded: Bool { limit.amount.map { amount > $0 } ?? false }

    var listing: DoctorReport.Listing {
        DoctorReport.Listing(
            target: target, harness: harness, skills: skills.count, characters: characters, limit: limit.amount,
            tokens: TokenEstimate.of(bytes: bytes), model: model, bytes: bytes,
            unit: limit.amount == nil ? nil : limit.unit, limitFrom: limit.origin?.rawValue,
            window: limit.window?.tokens, windowSource: limit.window?.source, notes: limit.notes)
    }

    /// What to tell a user; nil while it fits.
    var warning: Diagnostic? {
        guard isExceeded, let most = limit.amount else { return nil }
        let unit = limit.unit.rawValue
        let costly = skills.prefix(3).map { "\($0.place): \(limit.unit == .bytes ? $0.bytes : $0.characters)" }
        return Diagnostic(
            "install.listing", .warning,
            "the descriptions of \(counted(skills.count, "skill")) for target '\(target)' take \(amount) \(unit); "
                + "\(harness) lists \(most), and shortens or drops the rest",
            notes: limit.notes + costly,
            hint: "shorten descriptions or remove skills; "
                + (limit.lacksWindow ? "if you know the model's window, write context = TOKENS; " : "")
                + (limit.origin == .registry
                    ? "where the model runs with another window, write context = TOKENS; " : "")
                + "where \(harness) is set to more, write listing = N into [targets.\(target)]")
    }

    /// A description that is cut is found less well, whatever the others cost.
    var cutWarning: Diagnostic? {
        let cut = skills.filter(\.isCut)
        guard !cut.isEmpty else { return nil }
        return Diagnostic(
            "install.listing-cut", .warning,
            "\(harness) lists only a part of \(cut.count == 1 ? "a description" : "\(cut.count) descriptions") for target '\(target)'",
            notes: cut.prefix(5).map(\.place), hint: "put what matters first, or shorten them")
    }
}

extension DoctorReport {
    /// What the installed skills' descriptions cost a target.
    package struct Listing: Sendable, Codable, Equatable {
        package var target: String
        package var harness: String
        package var skills: Int
        package var characters: Int
        /// How much the harness lists; nil where nobody says.
        package var limit: Int?
        /// An estimate.
        package var tokens: Int
        package var model: String
        package var bytes: Int
        /// What `limit` counts.
        package var unit: HarnessDescription.Listing.Share.Unit?
        /// `target`, `context`, `registry` or `harness`.
        package var limitFrom: String?
        /// Tokens of the model's context window; nil where nobody knows.
        package var window: Int?
        package var windowSource: String?
        /// Where the limit is from, in sentences.
        package var notes: [String]

        var text: String {
            let isBytes = unit == .bytes
            let line =
                "listing of \(target): \(counted(skills, "skill")), \(isBytes ? bytes : characters)"
                + "\(limit.map { " of \($0)" } ?? "") \(isBytes ? "bytes" : "characters") in \(harness), about \(tokens) tokens "
                + "of each session" + (share.map { ", \($0) of the window" } ?? "")
            return ([line] + notes.map { "  \($0)" }).joined(separator: "\n")
        }

        /// `1.2%`.
        private var share: String? {
            guard let window, window > 0 else { return nil }
            let thousandths = tokens * 1000 / window
            if thousandths == 0 { return tokens == 0 ? "0%" : "less than 0.1%" }
            return "\(thousandths / 10).\(thousandths % 10)%"
        }
    }
}
