import SkillModel
import Testing

@testable import Passes

@Suite struct `Pages that are copied` {
    private func page(_ title: String) -> String {
        let points = (1...5).map { "<p>\($0)</p>\n" }.joined()
        return "```html\n<!doctype html>\n<html>\n<title>\(title)</title>\n\(points)</html>\n```\n"
    }

    /// The names that the commands of the variant give the copies, in the order of the text.
    private func copies(_ body: String) throws -> [String] {
        let fixture = try TargetFixture("# S\n\n\(body)", gaps: [.genCodeHTML: .l0])
        let edits = [try fixture.lowered]
        #expect(try fixture.guarded(edits).diagnostics == [])
        #expect(try fixture.secondRun(edits).isEmpty)
        return try fixture.variant(edits).fragments.filter { $0.text.hasPrefix("cp ") }.flatMap(\.commands)
            .compactMap(\.words.last)
    }

    @Test func `are copied to names of their own, whatever their sections are called`() throws {
        #expect(
            try copies("## Report\n\nOne:\n\n\(page("a"))\nTwo:\n\n\(page("b"))") == ["report.html", "2-report.html"])
        #expect(
            try copies("## Report\n\nOne:\n\n\(page("a"))\n## report\n\nTwo:\n\n\(page("b"))")
                == ["report.html", "2-report.html"])
        #expect(
            try copies("## 2 report\n\nOne:\n\n\(page("a"))\n## Report\n\nTwo:\n\n\(page("b"))\nThree:\n\n\(page("c"))")
                == ["2-report.html", "report.html", "3-report.html"])
    }

    @Test func `are not copied over one another where the text gives them one name`() throws {
        #expect(
            try copies("## A\n\nFill in `x.html`:\n\n\(page("a"))\nOr fill in `X.html`:\n\n\(page("b"))") == ["x.html"])
    }
}
