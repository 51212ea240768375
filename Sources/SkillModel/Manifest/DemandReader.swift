import Basics
import Formats

extension Demand {
    /// Reads `requires = { "tool.browser" = "L2" }`: sorted by primitive.
    static func read(_ table: TOMLTable, _ findings: Findings) -> [Demand] {
        let record = TOMLRecord(table, "requires", keys: table.values.map(\.key), findings: findings)
        return table.values.compactMap { value -> Demand? in
            guard let primitive = Primitive(rawValue: value.key) else {
                let near = nearest(to: value.key, in: Primitive.allCases.map(\.rawValue))
                findings.add(
                    Diagnostic(
                        "manifest.requires", .error, "there is no capability '\(value.key.shortened)'",
                        at: value.keyLocation,
                        hint: near.map { "did you mean '\($0)'?" } ?? "docs/capabilities.md lists them"))
                return nil
            }
            // L0 is what is measured of those who can't.
            let level = record.parsed(value, { text in Level(text: text).flatMap { $0 > .l0 ? $0 : nil } }) { _ in
                "a level that is required is L1, L2 or L3"
            }
            return level.map { Demand(primitive, $0) }
        }.sorted { $0.primitive < $1.primitive }
    }
}

extension Demand: CustomStringConvertible {
    package var description: String { "\(primitive.rawValue) at \(level)" }
}
