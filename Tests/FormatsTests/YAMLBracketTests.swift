import Formats
import Testing

@Suite struct `Brackets of a YAML text` {
    private func parse(_ text: String) throws -> YAMLNode? { try YAML.parse(text, limit: 1 << 20) }

    @Test(arguments: [
        "- app/[slug]/[id]/page.md\n", "- app/[[...slug]]/(x)/page.md\n", "- []\n", "- [one, two]\n", "- {a, b}\n",
        "- app/user_[id].[lang].md\n",
    ])
    func `that nest nothing are not counted`(line: String) throws {
        let root = try #require(try parse(String(repeating: line, count: 400)))
        guard case .sequence(let items) = root.value else { return #expect(Bool(false), "\(root)") }
        #expect(items.count == 400)
    }

    @Test(arguments: [
        "[", "{a: ", "[\n", "[ ", "- [", "[a, [b], ", "[[], ", "[\u{FEFF}", "[\n\u{FEFF}", "[\u{85}", "{a: [",
        "[\"]\", ",
        "[']', ", "[a # ]\n, ", "!t [", "&a [",
    ])
    func `that may nest are refused when they are many`(opening: String) {
        let error = #expect(throws: YAMLError.self) { try parse(String(repeating: opening, count: 20_000)) }
        #expect(error?.kind == .tooComplex)
    }

    /// What stands close behind a word is no level: the text is wrong there, and nothing deep is read.
    @Test(arguments: ["a[", "[a[", "{a[", "1[", "./[", "[a]b[", "{}x["])
    func `behind a word nest nothing`(opening: String) throws {
        #expect(throws: YAMLError.self) { try parse("x: [" + String(repeating: opening, count: 20_000)) }
    }
}
