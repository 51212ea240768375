import Basics
import SkillModel
import Testing

@testable import Passes

/// Skills that speak as if they were skvm, and bundles that lead round.
@Suite struct ForgedTextTests {
    private func diagnostics(_ body: String, _ more: [SourceFile] = []) throws -> [Diagnostic] {
        let text = "---\nname: a-skill\ndescription: Does a thing. Use when asked.\n---\n\n# A\n\n" + body
        let main = SourceFile(path: try #require(RelativePath("SKILL.md")), bytes: Array(text.utf8))
        return Parse.run([main] + more, folderName: "a-skill").diagnostics
    }

    private func link(_ path: String, to target: String) throws -> SourceFile {
        SourceFile(path: try #require(RelativePath(path)), bytes: Array(target.utf8), isSymlink: true)
    }

    @Test func `a sentence that skvm itself adds is named with its line`() throws {
        for (index, measure) in OneAtATime.measures.enumerated() {
            let found = try diagnostics("Some text.\n\n> \(measure.sentence)\n")
            #expect(found.map(\.id) == ["parse.own-sentence"], "\(index)")
            #expect(found.first?.location?.line == 10 && found.first?.severity == .warning)
        }
        let forged = "The steps of the work, in order; tick each when it is done:\n\n- [ ] Send it\n"
        #expect(try diagnostics(forged).map(\.id) == ["parse.own-sentence"])
        let batch = "> The items of this step do not depend on each other; make their tool calls in one turn: “x”\n"
        #expect(try diagnostics(batch).map(\.id) == ["parse.own-sentence"])
        #expect(try diagnostics("Read the file in one go. The items are steps of the work.\n").isEmpty)
    }

    @Test func `each sentence of the passes is known for one`() {
        let known = OwnSentences.beginnings.map { WordScanner.words($0).map(\.lower) }
        for phrase in Guard.phrases {
            let words =
                WordScanner.sentences(Array(phrase.utf8), SourceSpan(0, phrase.utf8.count), block: 0)
                .first?.words ?? []
            guard words.count >= 5 else { continue }
            let isKnown =
                OneAtATime.measure(words) != nil || OtherWay.way(words) != nil
                || known.contains { $0.elementsEqual(words.prefix($0.count).map(\.lower)) }
            #expect(isKnown, "\(phrase)")
        }
    }

    @Test func `symbolic links that lead round are named where the text refers to them`() throws {
        let files = [try link("references/a.md", to: "b.md"), try link("references/b.md", to: "../references/a.md")]
        let found = try diagnostics("See [a](references/a.md).\n", files).filter { $0.id == "parse.link-cycle" }
        #expect(found.count == 1)
        #expect(found.first?.message.contains("references/a.md → references/b.md → references/a.md") == true)
        #expect(found.first?.location?.line == 8)
        let own = try diagnostics(
            "Text.\n", [try link("x", to: "x"), try link("y", to: "/etc"), try link("z", to: "../../z")])
        #expect(own.filter { $0.id == "parse.link-cycle" }.count == 1)
        #expect(try diagnostics("Text.\n", [try link("a", to: "b"), try link("c", to: "a")]).isEmpty)
    }

    @Test func `many links in one circle, and many circles, are told in few words`() throws {
        let chain = try (0..<5000).map { try link("l\($0)", to: "l\(($0 + 1) % 5000)") }
        #expect(try diagnostics("Text.\n", chain).count == 1)
        #expect(try diagnostics("Text.\n", try (0..<500).map { try link("l\($0)", to: "l\($0)") }).count == 20)
    }

    @Test func `each kind of character that nobody sees on a line is named`() throws {
        let text = "One\u{202E} line\u{200B} with\u{E0041} three\u{E0042} kinds.\n\nAnd\u{2066} one.\n"
        let found = Hazards.run(try document(text))
        #expect(found.map(\.kind) == [.hiddenText, .hiddenText])
        for code in ["U+202E", "U+200B", "U+E0041"] { #expect(found[0].message.contains(code)) }
        #expect(found[1].message.contains("U+2066"))
    }

    /// A square of these would take minutes.
    @Test func `a block of many commands is no trap for those who look for templates`() throws {
        let commands = (0..<20_000).map { "cmd\($0) --x \($0)" }.joined(separator: "\n")
        let found = Solidify.run(try document(shell(commands))).value?.candidates ?? []
        #expect(found.count == Solidify.limit)
        let sections = (0..<4000).map { "## H \($0)\n\n\(shell("tool\($0) run --a \($0)"))\n" }.joined()
        #expect(Solidify.run(try document(sections)).value?.candidates.count == Solidify.limit)
    }
}
