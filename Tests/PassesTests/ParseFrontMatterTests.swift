import Basics
import Passes
import SkillModel
import Testing

@Suite struct `Front matter` {
    private func ids(_ text: String, folder: String? = nil) throws -> [String] {
        try parse(text, folder: folder).diagnostics.map(\.id)
    }

    @Test func `keys and values have their places`() throws {
        let marked = Marked(
            "---\n1️⃣name: 2️⃣ünï3️⃣\n4️⃣description: 5️⃣|\n  Reads — é tables.\n  Second line.6️⃣\n\n# a comment\n7️⃣license: MIT8️⃣\n---\nBody\n"
        )
        let document = try #require(try parse(marked.text).value)
        let entries = document.frontMatter.entries
        #expect(entries.map(\.key) == ["name", "description", "license"])
        #expect(entries[0].span == (try marked.span(1, 3)))
        #expect(entries[0].valueSpan == (try marked.span(2, 3)))
        #expect(entries[1].span == (try marked.span(4, 6)))
        #expect(entries[1].valueSpan == (try marked.span(5, 6)))
        #expect(entries[1].value == "Reads — é tables.\nSecond line.\n")
        #expect(entries[2].span == (try marked.span(7, 8)))
        expectSound(document, "places")
    }

    @Test func `an ordinary skill has nothing to say`() throws {
        #expect(try ids(header + "# Title\n\nText.\n", folder: "pdf-tables").isEmpty)
    }

    @Test func `a byte order mark and CRLF are read and kept`() throws {
        let text = "\u{FEFF}---\r\nname: a\r\ndescription: b c\r\n---\r\n# T\r\n\r\nText `x`\r\n"
        let result = try parse(text)
        let document = try #require(result.value)
        #expect(result.diagnostics.isEmpty)
        #expect(document.source == text)
        #expect(document.frontMatter.description == "b c")
        #expect(document.sections.map(\.title) == ["T"])
        #expect(document.text(document.codeSpans[0].span) == "x")
        expectSound(document, "crlf")
    }

    @Test func `lone carriage returns end lines`() throws {
        let document = try #require(try parse("---\rname: a\rdescription: b\r---\r# T\r\rText\r").value)
        #expect(document.frontMatter.description == "b")
        #expect(document.blocks.map(\.text) == ["T", "Text"])
    }

    @Test func `three hyphens inside a description do not end it`() throws {
        let text = "---\nname: a\ndescription: |\n  one\n  ---\n  two --- three\nlicense: MIT\n---\nBody\n"
        let document = try #require(try parse(text).value)
        #expect(document.frontMatter.description == "one\n---\ntwo --- three\n")
        #expect(document.frontMatter["license"] == "MIT")
    }

    @Test func `three dots end it too`() throws {
        let document = try #require(try parse("---\nname: a\ndescription: b\n...\nBody\n").value)
        #expect(document.text(document.body) == "Body\n")
    }

    @Test func `none at all is an error`() throws {
        let result = try parse("# Title\n\nText\n")
        #expect(result.diagnostics.map(\.id) == ["parse.no-front-matter"])
        #expect(result.hasErrors)
        #expect(result.value?.sections.count == 1)
        #expect(try parse("").diagnostics.map(\.id) == ["parse.no-front-matter"])
    }

    @Test func `a missing closing fence is an error and what can be read is read`() throws {
        let result = try parse("---\nname: a\ndescription: b\n\n# Title\n")
        #expect(result.diagnostics.map(\.id) == ["parse.unclosed-front-matter"])
        #expect(result.value?.frontMatter.description == "b")
        #expect(result.value?.sections.map(\.title) == ["Title"])
    }

    @Test func `a description with an unquoted colon is read line by line with a warning`() throws {
        let result = try parse("---\nname: a\ndescription: Use when: foo\n---\nBody\n")
        #expect(result.diagnostics.map(\.id) == ["parse.front-matter-yaml"])
        #expect(result.diagnostics[0].severity == .warning)
        #expect(result.diagnostics[0].location?.line == 3)
        #expect(result.value?.frontMatter.description == "Use when: foo")
    }

    @Test func `line by line reads quotes, folded blocks and lists`() throws {
        let text = "---\nname: \"a\"\ndescription: >-\n  one\n  two\nbad: x: y\nmetadata:\n  k: v\n---\nBody\n"
        let document = try #require(try parse(text).value)
        #expect(document.frontMatter.name == "a")
        #expect(document.frontMatter.description == "one two")
        expectSound(document, "lines")
    }

    @Test func `tabs that YAML forbids are read line by line`() throws {
        let result = try parse("---\nname: a\ndescription: b\nmetadata:\n\tk: v\n---\nBody\n")
        #expect(result.diagnostics.map(\.id) == ["parse.front-matter-yaml"])
        #expect(result.value?.frontMatter.description == "b")
    }

    @Test func `a key that stands twice is an error at the second`() throws {
        let result = try parse("---\nname: a\ndescription: b\nname: c\n---\nBody\n")
        #expect(result.diagnostics.map(\.id) == ["parse.duplicate-key"])
        #expect(result.diagnostics[0].severity == .error)
        #expect(result.diagnostics[0].location?.line == 4)
    }

    @Test func `a list instead of a mapping is an error`() throws {
        #expect(try ids("---\n- a\n- b\n---\nBody\n").contains("parse.front-matter-not-mapping"))
    }

    @Test func `no description and an empty one are errors`() throws {
        #expect(try ids("---\nname: a\n---\nBody\n") == ["parse.no-description"])
        #expect(try ids("---\nname: a\ndescription:\n---\nBody\n") == ["parse.empty-description"])
        #expect(try ids("---\nname: a\ndescription: \"  \"\n---\nBody\n") == ["parse.empty-description"])
        #expect(try ids("---\n---\nBody\n") == ["parse.no-description", "parse.no-name"])
    }

    @Test(arguments: ["PDF-Tables", "-a", "a-", "a--b", "a_b", "a b", "ä"])
    func `an odd name is a warning`(name: String) throws {
        let result = try parse("---\nname: \(name)\ndescription: b\n---\nBody\n", folder: name)
        #expect(result.diagnostics.map(\.id) == ["parse.name-form"])
        #expect(!result.hasErrors)
    }

    @Test func `a name that differs from its folder's is a warning with a fix`() throws {
        let text = "---\nname: a\ndescription: b\n---\nBody\n"
        let found = try #require(try parse(text, folder: "other").diagnostics.first)
        #expect(found.id == "parse.name-differs")
        #expect(
            found.description.hasPrefix("SKILL.md:2:7: warning: the name 'a' differs from the folder's name 'other'"))
        #expect(found.fix == .init(span: SourceSpan(10, 11), replacement: "other"))
    }

    @Test func `lengths count characters, not bytes`() throws {
        let fits = String(repeating: "é", count: 1024)
        #expect(try ids("---\nname: a\ndescription: \(fits)\n---\nBody\n").isEmpty)
        #expect(try ids("---\nname: a\ndescription: \(fits)é\n---\nBody\n") == ["parse.description-too-long"])
        let name = String(repeating: "a", count: 65)
        #expect(try ids("---\nname: \(name)\ndescription: b\n---\nBody\n") == ["parse.name-too-long"])
    }

    @Test func `an unknown key is a warning, a harness's own a note`() throws {
        let result = try parse("---\nname: a\ndescription: b\nversion: \"1\"\nmodel: x\n---\nBody\n")
        #expect(result.diagnostics.map(\.id) == ["parse.unknown-key", "parse.extension-key"])
        #expect(result.diagnostics.map(\.severity) == [.warning, .note])
        #expect(result.diagnostics.map(\.location?.line) == [4, 5])
    }

    @Test func `wrong types are warnings and structured values become JSON`() throws {
        let text = "---\nname: 12\ndescription: [a, b]\nmetadata:\n  b: {c: true}\n  a: x\n---\nBody\n"
        let result = try parse(text)
        #expect(result.diagnostics.map(\.id) == ["parse.value-type", "parse.value-type"])
        #expect(result.value?.frontMatter["metadata"] == #"{"a":"x","b":{"c":true}}"#)
        #expect(result.value?.frontMatter.entries[2].isStructured == true)
    }

    @Test func `growing aliases are refused`() throws {
        var text = "---\nname: a\ndescription: b\nl0: &l0 [x, x]\n"
        for level in 1...40 { text += "l\(level): &l\(level) [*l\(level - 1), *l\(level - 1)]\n" }
        let result = try parse(text + "---\nBody\n")
        #expect(result.diagnostics.first?.id == "parse.front-matter-bounds")
        #expect(result.value?.frontMatter.description == "b")
    }

    @Test(arguments: ["[", "{a: ", "- ", "? ", "- - ? "])
    func `deep nesting is refused`(opener: String) throws {
        let deep = String(repeating: opener, count: 20_000)
        let result = try parse("---\nname: a\ndescription: b\nx: \(deep)\n---\nBody\n")
        #expect(
            result.diagnostics.contains { $0.id == "parse.front-matter-bounds" || $0.id == "parse.front-matter-yaml" })
        _ = try parse("---\n\(deep)\n---\nBody\n")
    }

    @Test func `bytes that are no UTF-8 are replaced and their line is named`() throws {
        let bytes = Array("---\nname: a\ndescription: b\n---\nok\nbad ".utf8) + [0xFF, 0xC3, 0x0A]
        let result = try parse(bytes: bytes)
        #expect(result.diagnostics.map(\.id) == ["parse.invalid-utf8"])
        #expect(result.diagnostics[0].location?.line == 6)
        #expect(result.value?.source.hasSuffix("bad \u{FFFD}\u{FFFD}\n") == true)
    }

    @Test func `a skill without the file, with a link or a giant for it has no document`() throws {
        #expect(Parse.run([], folderName: "x").diagnostics.map(\.id) == ["parse.no-skill-file"])
        let path = try #require(RelativePath("SKILL.md"))
        let link = Parse.run(
            [SourceFile(path: path, bytes: Array("/etc/passwd".utf8), isSymlink: true)], folderName: nil)
        #expect(link.diagnostics.map(\.id) == ["parse.skill-file-is-link"])
        let giant = Parse.run([SourceFile(path: path, bytes: [], size: 5 << 20)], folderName: nil)
        #expect(giant.diagnostics.map(\.id) == ["parse.too-large"])
        #expect(giant.value == nil)
    }

    @Test func `another case of the file's name is read with a warning`() throws {
        let file = SourceFile(path: try #require(RelativePath("skill.md")), bytes: Array((header + "Body\n").utf8))
        let result = Parse.run([file], folderName: nil)
        #expect(result.diagnostics.map(\.id) == ["parse.file-name"])
        #expect(result.value != nil)
    }
}
