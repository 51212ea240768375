package import Basics
import Passes

/// Ids of the passes: the rule names of the engine's nodes, and what users see.
package enum PassID: String, Sendable, Hashable, CaseIterable {
    case parse, require, depend, flow, solidify
    case gap, lower, bind, schedule, link, `guard`

    /// Whether its result is shared by all targets.
    package var isTargetFree: Bool {
        switch self {
        case .parse, .require, .depend, .flow, .solidify: true
        case .gap, .lower, .bind, .schedule, .link, .guard: false
        }
    }
}

/// The implementation digest of each pass: of its sources, as the `PassDigests` plugin found them, and of the library
/// that parses Markdown, which no source of ours tells.
package struct Implementations: Sendable {
    private var digests: [PassID: Digest]

    /// Those of this build of skvm.
    package static let current = Implementations()

    private init() {
        digests = Dictionary(
            uniqueKeysWithValues: PassID.allCases.map { pass in
                guard let text = PassDigests.table[pass.rawValue] else {
                    preconditionFailure("no sources for the pass '\(pass.rawValue)': see Plugins/PassDigests")
                }
                return (pass, Digest(of: "\(text)\n\(Parse.libraryVersion)"))
            })
    }

    package subscript(pass: PassID) -> Digest {
        // Every pass is in the table: the initialiser stops otherwise.
        get { digests[pass] ?? Digest(of: pass.rawValue) }
        set { digests[pass] = newValue }
    }

    /// One digest over all: part of the null build's configuration.
    package var digest: Digest {
        Digest(of: PassID.allCases.map { "\($0.rawValue) \(self[$0])\n" }.joined())
    }
}
