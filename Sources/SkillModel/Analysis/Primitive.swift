/// A primitive capability: what a skill can demand and a target can supply.
///
/// The 26 ids and their level boundaries are those of the SkVM paper (arXiv 2604.03088); `docs/capabilities.md` has the
/// catalogue. The order of the cases is the catalogue's, and that of every list of primitives that skvm prints.
package enum Primitive: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    case genCodePython = "gen.code.python"
    case genCodeJavaScript = "gen.code.javascript"
    case genCodeShell = "gen.code.shell"
    case genCodeSQL = "gen.code.sql"
    case genCodeHTML = "gen.code.html"
    case genTextStructured = "gen.text.structured"
    case genTextLong = "gen.text.long"
    case genTextProse = "gen.text.prose"
    case genRegex = "gen.regex"
    case reasonArithmetic = "reason.arithmetic"
    case reasonLogic = "reason.logic"
    case reasonSpatial = "reason.spatial"
    case reasonPlanning = "reason.planning"
    case reasonAnalysis = "reason.analysis"
    case toolFileRead = "tool.file.read"
    case toolFileWrite = "tool.file.write"
    case toolExec = "tool.exec"
    case toolCallFormat = "tool.call.format"
    case toolCallBatch = "tool.call.batch"
    case toolWeb = "tool.web"
    case toolBrowser = "tool.browser"
    case followFormat = "follow.format"
    case followConstraint = "follow.constraint"
    case followProcedure = "follow.procedure"
    case followDelegation = "follow.delegation"
    case followStyle = "follow.style"

    private static let order = Dictionary(
        uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })

    package static func < (a: Primitive, b: Primitive) -> Bool {
        order[a, default: 0] < order[b, default: 0]
    }
}

/// How much of a primitive: L1 < L2 < L3, each including those below it. L0 is measured, and fails even L1.
/// Not measured is no level: it is the absence of one.
package enum Level: Int, Sendable, Hashable, Comparable, CaseIterable {
    case l0, l1, l2, l3

    /// Reads `L0` … `L3`; nil for anything else.
    package init?(text: some StringProtocol) {
        switch text {
        case "L0": self = .l0
        case "L1": self = .l1
        case "L2": self = .l2
        case "L3": self = .l3
        default: return nil
        }
    }

    package var text: String { "L\(rawValue)" }
    package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
}

extension Level: Codable, CustomStringConvertible {
    package var description: String { text }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let level = Level(text: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a level: \(text.prefix(20))")
        }
        self = level
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
