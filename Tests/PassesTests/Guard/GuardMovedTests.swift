import Basics
import SkillModel
import Testing

@testable import Passes

/// What may leave SKILL.md for a file, and what may not, in whatever form and language it stands.
@Suite struct GuardMovedTests {
    private static let head = "# Service\n\nAnswer from these pages.\n\n## Values\n\nThree pages.\n\n"

    /// What `guard` says when a pass moves `part`, all of it and with proof.
    private func moved(_ part: String, title: String = "Values") throws -> [String] {
        let fixture = try TargetFixture(
            Self.head.replacing("## Values", with: "## \(title)") + part + "\n## Ends\n\nHere.\n")
        let text = Array(fixture.source.bytes)
        let start = try #require(SequenceSearch.first(Array(part.utf8), in: text, from: 0))
        let path = try #require(RelativePath("references/x.md"))
        let set = EditSet(
            edits: [
                Edit(
                    span: SourceSpan(start, start + part.utf8.count),
                    replacement: "See [x](\(Relocation.token)/references/x.md)\n", rule: "mine.move", gap: nil,
                    reason: "r")
            ], files: [.init(path: path, text: part, isExecutable: false, rule: "mine.move")])
        return Guard.run(
            source: fixture.source, variant: try fixture.variant([set]), edits: [set], phrases: ["See"]
        ).diagnostics.map(\.id)
    }

    /// Which rules get out, and how many there are.
    private func survivors(
        _ forms: [(name: String, text: @Sendable (String) -> String)]
    ) throws -> (left: [String], total: Int) {
        var left: [String] = []
        let rules = GuardMovedRules.english + GuardMovedRules.others
        for form in forms {
            for rule in rules where try moved(form.text(rule)).isEmpty { left.append("\(form.name): \(rule)") }
        }
        return (left, rules.count * forms.count)
    }

    @Test func `a rule is not moved, in whatever words, language and form of text it stands`() throws {
        let (left, total) = try survivors(GuardMovedRules.forms)
        print("moved rules: \(total - left.count) of \(total) caught\n\(left.joined(separator: "\n"))")
        #expect(Double(total - left.count) >= 0.99 * Double(total))
    }

    @Test func `most rules in comments and plain fences are seen, too`() throws {
        let (left, total) = try survivors(GuardMovedRules.codeForms)
        print("moved rules in code: \(total - left.count) of \(total) caught\n\(left.joined(separator: "\n"))")
        #expect(Double(total - left.count) >= 0.75 * Double(total))
    }

    @Test(arguments: [
        "| name | meaning |\n|---|---|\n| `list` | pages of the site |\n| `show` | one page with its title |\n",
        "| Parameter | Type | Required | Description |\n|---|---|---|---|\n| size | integer | yes | width of the page |\n"
            + "| edge | string, optional | no | name of the edge |\n",
        "- `list`: find pages\n- `show`: one page\n- [guide](https://example.org/guide): the manual\n",
        "- **Title** — name of the page\n- **Body** — text of the page\n",
        "```json\n{\"size\": 3, \"edge\": \"left\"}\n```\n", "```bash\n# List the pages\nlist --all\nshow 3\n```\n",
        "The sizes, for each edge:\n\n| a | b |\n|---|---|\n| a | b |\n", "- Bonn\n- Paris\n- New York City\n",
    ])
    func `what only names and describes may be moved`(part: String) throws {
        #expect(try moved(part) == [])
    }

    @Test(arguments: [
        "Forbidden values", "Limits", "禁止的命令", "When to stop", "Required values", "Verbotene Befehle für alle Leute",
    ])
    func `nothing of a section whose title is a rule, or can't be read, is moved`(title: String) throws {
        #expect(try moved("- `drop`\n- `erase`\n", title: title) == ["guard.moved"])
    }

    @Test(arguments: [
        "| name | Production |\n|---|---|\n| drop | no |\n", "| name | ok |\n|---|---|\n| drop | ❌ |\n",
        "| name | size |\n|---|---|\n| drop | ≤ 50 |\n",
        "| Situation | Action |\n|---|---|\n| late | call the owner |\n",
        "| 操作 | 说明 |\n|---|---|\n| drop | 禁止 |\n", "| name | n |\n|---|---|\n| drop | nur Leitung |\n",
    ])
    func `a table whose cells or heads say what goes is not moved`(part: String) throws {
        #expect(try moved(part) == ["guard.moved"])
    }

    @Test func `what a pass is told it may move is what guard lets go`() throws {
        let fixture = try TargetFixture(
            Self.head + "| a | b |\n|---|---|\n| a | b |\n\nNever call it twice.\n\nThe call:\n\n```bash\nlist\n```\n")
        let texts = Movable(fixture.source).spans.map { fixture.source.text($0) }
        #expect(texts.contains { $0.hasPrefix("| a |") } && texts.contains { $0.hasPrefix("```bash") })
        #expect(!texts.contains { $0.contains("Never") || $0.contains("Answer") })
    }
}
