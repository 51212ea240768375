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
    /// Of what skvm itself does with custom passes: protocol, checks, sandbox.
    package var custom: Digest

    /// Those of this build of skvm.
    package static let current = Implementations()

    private init() {
        func digest(_ pass: String) -> Digest {
            guard let text = PassDigests.table[pass] else {
                preconditionFailure("no sources for the pass '\(pass)': see Plugins/PassDigests")
            }
            return Digest(of: "\(text)\n\(Parse.libraryVersion)")
        }
        digests = Dictionary(uniqueKeysWithValues: PassID.allCases.map { ($0, digest($0.rawValue)) })
        custom = digest("custom")
    }

    package subscript(pass: PassID) -> Digest {
        // Every pass is in the table: the initialiser stops otherwise.
        get { digests[pass] ?? Digest(of: pass.rawValue) }
        set { digests[pass] = newValue }
    }

    /// One digest over all: part of the null build's configuration.
    package var digest: Digest {
        Digest(of: PassID.allCases.map { "\($0.rawValue) \(self[$0])\n" }.joined() + "custom \(custom)\n")
    }
}
