import Basics
import Passes
import SkillModel
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension CataloguedRule: CustomTestStringConvertible {
    /// The rule's id.
    public var testDescription: String { id }
}

@Suite struct `Examples of the rules` {
    @Test(arguments: RuleCatalogue.all)
    func `each rule finds what its examples mark, and nothing else`(rule: CataloguedRule) throws {
        for example in rule.examples {
            let reading = try ExampleReading(example)
            let found = rule.find(in: reading.document, target: example.target)
            #expect(found.map(\.what) == example.finds, "\(example.text)")
            let spans = Set(found.flatMap(\.spans)).sorted()
            let shown = try ExampleReading.mark(example, at: spans)
            #expect(spans == reading.marked, "it finds:\n\(shown)")
        }
    }

    @Test(arguments: RuleCatalogue.all)
    func `each rule shows what it finds and what it does not`(rule: CataloguedRule) {
        #expect(rule.examples.contains { !$0.finds.isEmpty })
        #expect(rule.examples.contains { $0.finds.isEmpty })
        #expect(!rule.message.isEmpty && !rule.message.hasSuffix("."))
    }

    @Test func `no two rules have one id`() {
        let ids = RuleCatalogue.all.map(\.id)
        #expect(Set(ids).count == ids.count)
    }

    private static let page = RulesPage(
        root: "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/"))

    @Test func `each file of rules is one rule`() throws {
        for pass in Set(RuleCatalogue.all.map(\.pass)).sorted() {
            let files = try FileSystem.list("\(Self.page.root)/Sources/Passes/\(pass)/Rules").sorted()
            let rules = RuleCatalogue.all.filter { $0.pass == pass }.map { $0.name + ".swift" }.sorted()
            #expect(files == rules)
        }
    }

    /// `make rules` writes the page.
    @Test func `the page of the rules says what the rules say`() throws {
        let path = Self.page.root + "/docs/rules.md"
        let text = try Self.page.text()
        if getenv("SKVM_WRITE_RULES") != nil { try FileSystem.write(Array(text.utf8), to: path) }
        let written = FileSystem.exists(path) ? try FileSystem.read(path) : []
        let isSame = written == Array(text.utf8)
        #expect(isSame, "docs/rules.md is stale: run `make rules`")
    }
}
