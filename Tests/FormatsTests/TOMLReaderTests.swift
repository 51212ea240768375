import Basics
import Testing

@testable import Formats

/// The one diagnostic that reading `text` gives.
func fault(_ text: String) -> Diagnostic? {
    do throws(DiagnosticsError) {
        _ = try TOMLDocument(parsing: text, file: "x.toml")
        return nil
    } catch {
        return error.diagnostics.first
    }
}

@Suite struct `Reading TOML` {
    @Test func `values have their kinds, texts and places`() throws {
        let document = try TOMLDocument(
            parsing: """
                # head
                name = "pdf" # why
                [a.b]
                n = -0x_no = 1
                """.replacing("n = -0x_no = 1", with: "n = 0xFF\nf = -1.5e3\nt = true\nd = 1979-05-27 07:32:00Z"),
            file: "x.toml")
        #expect(document["name"]?.string == "pdf")
        #expect(document["name"]?.location == SourceLocation(file: "x.toml", line: 2, column: 8))
        #expect(document["name"]?.keySpan == SourceSpan(7, 11))
        #expect(document["a", "b", "n"]?.integer == 255)
        #expect(document["a", "b", "f"]?.float == -1500)
        #expect(document["a", "b", "t"]?.boolean == true)
        #expect(document["a", "b", "d"]?.kind == .offsetDateTime)
        #expect(document["a", "b", "d"]?.path == "a.b.d")
        #expect(document["a", "b"]?.table?.values.map(\.key) == ["n", "f", "t", "d"])
        #expect(document["a", "c"] == nil && document["name", "x"] == nil)
    }

    @Test(arguments: [
        (#""a\tb\u00e9\U0001F600\\""#, "a\tb\u{e9}\u{1F600}\\"), (#"'C:\a'"#, #"C:\a"#), ("''", ""), ("\"\"", ""),
        ("\"\"\"\nab\\\n   c\"\"\"", "abc"), ("\"\"\"a\"\"\"\"\"", "a\"\""), ("'''\r\na\r\nb'''", "a\nb"),
        ("\"\"\"\"\"\"", ""), ("'''''a'''''", "''a''"), ("\"\"\"a \\  \r\n\n b\"\"\"", "a b"),
    ])
    func `strings say what they mean`(_ source: String, _ text: String) throws {
        #expect(try TOMLDocument(parsing: "k = \(source)\nz = 1", file: "x")["k"]?.string == text)
    }

    @Test func `keys are equal however they are quoted`() throws {
        let document = try TOMLDocument(parsing: "\"a\\u0062\".'c d'.e = 1\nab.\"c d\".f = 2", file: "x")
        #expect(document["ab", "c d", "e"]?.integer == 1)
        #expect(document["ab", "c d", "f"]?.integer == 2)
        #expect(document["ab", "c d", "f"]?.path == "ab.\"c d\".f")
        #expect(fault("ab = 1\n\"a\\u0062\" = 2")?.id == "toml.duplicate")
    }

    @Test(arguments: [
        ("a = 1\nb = 2\na = 3", "toml.duplicate", 3, 1), ("[a]\n[a]", "toml.duplicate", 2, 2),
        ("a = \"x\\q\"", "toml.escape", 1, 7), ("a = \"x", "toml.unterminated", 1, 5),
        ("a = \"x\nb = 1", "toml.unterminated", 1, 5), ("a = [1,\n2", "toml.unterminated", 1, 5),
        ("a = '''x", "toml.unterminated", 1, 5), ("a = word", "toml.value", 1, 5), ("a = truex", "toml.value", 1, 5),
        ("a = 01", "toml.value", 1, 5), ("a = 1__0", "toml.value", 1, 5), ("a = 1.", "toml.value", 1, 5),
        ("a = 9223372036854775808", "toml.value", 1, 5), ("a = 2026-02-29", "toml.value", 1, 5),
        ("a", "toml.syntax", 1, 2),
        ("a = 1 b = 2", "toml.syntax", 1, 7), ("= 1", "toml.syntax", 1, 1), ("a = ", "toml.value", 1, 5),
        ("[a", "toml.syntax", 1, 3), ("[[a]", "toml.syntax", 1, 4), ("a = {b = 1,}", "toml.syntax", 1, 12),
        ("a = {b = 1\n}", "toml.syntax", 1, 11), ("a = \"\u{7F}\"", "toml.control", 1, 6),
        ("a = 1\r b = 2", "toml.control", 1, 6),
        ("# \u{1}", "toml.control", 1, 3), ("a = 1\n<<<<<<< HEAD\nb = 2", "toml.conflict", 2, 1),
        ("a = 1\n=======\nb = 2", "toml.conflict", 2, 1), ("a = 1\n>>>>>>> main\n", "toml.conflict", 2, 1),
        ("a = 1\n||||||| base\n", "toml.conflict", 2, 1), ("a = [\n<<<<<<< HEAD\n1]", "toml.conflict", 2, 1),
        ("a.b = 1\n[a]", "toml.duplicate", 2, 2), ("[a]\nb.c = 1\n[a.b]", "toml.duplicate", 3, 4),
        ("[a.b.c]\nz = 9\n[a]\nb.c.t = 1", "toml.duplicate", 4, 3), ("a = {}\n[a.b]", "toml.duplicate", 2, 2),
        ("a = []\n[[a]]", "toml.duplicate", 2, 3), ("[[a]]\n[a]", "toml.duplicate", 2, 2),
        ("[a]\n[[a]]", "toml.duplicate", 2, 3),
        ("a = {b = {}, b.c = 1}", "toml.duplicate", 1, 14), ("é = 1", "toml.syntax", 1, 1),
        ("\"\"\"a\"\"\" = 1", "toml.syntax", 1, 1),
        ("a = 1\0", "toml.syntax", 1, 6), ("[]", "toml.syntax", 1, 2), ("a..b = 1", "toml.syntax", 1, 3),
    ])
    func `what is no TOML is refused where it stands`(_ text: String, _ id: String, _ line: Int, _ column: Int) throws {
        let diagnostic = try #require(fault(text))
        #expect(diagnostic.id == id)
        #expect(diagnostic.location == SourceLocation(file: "x.toml", line: line, column: column))
    }

    @Test func `a duplicate names the line of the first`() {
        #expect(fault("a = 1\n\nb.c = 2\na = 3")?.notes == ["first at line 1"])
    }

    @Test func `bytes that are no UTF-8 are refused where they stand`() throws {
        for bad: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] {
            let error = try #require(throws: DiagnosticsError.self) {
                try TOMLDocument(parsing: Array("a = 1\nlong = \"äö€".utf8) + bad + Array("\"".utf8), file: "x")
            }
            #expect(error.diagnostics.first?.id == "toml.encoding")
            #expect(error.diagnostics.first?.location == SourceLocation(file: "x", line: 2, column: 16))
        }
    }

    @Test func `depth and size are bounded`() throws {
        #expect(fault("a = " + String(repeating: "[", count: 100_000))?.id == "toml.depth")
        #expect(fault("a = " + String(repeating: "{a=", count: 100_000))?.id == "toml.depth")
        #expect(fault(String(repeating: "a.", count: 100_000) + "a = 1")?.id == "toml.depth")
        #expect(fault("a = " + String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) == nil)
        let error = #expect(throws: DiagnosticsError.self) {
            try TOMLDocument(parsing: Array(repeating: 0x0A, count: 11), file: "x", limit: 10)
        }
        #expect(error?.diagnostics.first?.id == "toml.size")
    }

    @Test func `a table of many keys is no quadratic trap`() throws {
        let text = (0..<50_000).map { "key\($0) = \($0)\n" }.joined()
        let document = try TOMLDocument(parsing: text, file: "x")
        #expect(document["key49999"]?.integer == 49_999)
        #expect(document.root.count == 50_000)
    }

    @Test func `a byte order mark is skipped and kept`() throws {
        let document = try TOMLDocument(parsing: "\u{FEFF}a = 1", file: "x")
        #expect(document["a"]?.integer == 1)
        #expect(document.bytes.count == 8)
    }
}

@Suite struct `Reading records` {
    private func read(_ text: String) throws -> [Diagnostic] {
        let findings = Findings()
        let document = try TOMLDocument(parsing: text, file: "x.toml")
        let record = TOMLRecord(
            document.root, "the file", keys: ["name", "version", "count", "tags"], findings: findings)
        _ = record.requiredString("name")
        _ = record.integer("count", in: 1...3)
        _ = record.strings("tags")
        return findings.diagnostics
    }

    @Test func `an unknown key is an error with its line and what was meant`() throws {
        let found = try read("name = \"x\"\nversoin = 1")
        #expect(found.map(\.id) == ["toml.unknown-key"])
        #expect(found[0].location == SourceLocation(file: "x.toml", line: 2, column: 1))
        #expect(found[0].hint == "did you mean 'version'?")
    }

    @Test func `a missing key, a wrong type and a wrong number are reported together`() throws {
        let found = try read("count = 4\ntags = [1]\nname = 3")
        #expect(found.map(\.id) == ["toml.wrong-type", "toml.bad-value", "toml.wrong-type"])
        #expect(found[0].message == "'name' in the file is an integer, not a string")
        #expect(found[0].hint == "put it in quotes: \"3\"")
        #expect(found[2].location?.line == 2 && found[2].location?.column == 9)
        #expect(try read("").map(\.id) == ["toml.missing-key"])
    }

    @Test func `ten thousand faults give fifty diagnostics`() throws {
        #expect(try read("name = \"x\"\n" + (0..<10_000).map { "k\($0) = 1\n" }.joined()).count == 50)
    }

    @Test(arguments: [
        ("taregts", "targets"), ("target", "targets"), ("depndencies", "dependencies"), ("xyz", nil), ("", nil),
    ])
    func `the nearest word is suggested`(_ word: String, _ meant: String?) {
        #expect(nearest(to: word, in: ["targets", "dependencies", "package"]) == meant)
    }
}
