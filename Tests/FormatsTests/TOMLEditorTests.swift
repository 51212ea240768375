import Basics
import Testing

@testable import Formats

@Suite struct `Editing TOML` {
    private let source = """
        # My project.

        [dependencies]   # what it needs
        charts = "^1.0"  # pinned by hand
          # maps come next
        maps   =   { git = "https://example.org/m" }

        [targets.one]
        model = "m"

        # the second
        [targets.two]
        model = "n"
        """ + "\n"

    private func edit(_ text: String, _ body: (inout TOMLEditor) throws -> Void) throws -> String {
        var editor = try TOMLEditor(text, file: "x")
        try body(&editor)
        return editor.text
    }

    @Test func `a replaced value leaves its comment and spacing`() throws {
        let result = try edit(source) { try $0.set(["dependencies", "charts"], to: "^2") }
        #expect(result == source.replacing("\"^1.0\"", with: "\"^2\""))
    }

    @Test(
        arguments: [
            "", "[dependencies]\n", "[dependencies]\nd = 1", "[dependencies]\n  d = 1 # x\n\n[z]\nd = 2\n",
            "[dependencies]\nz = 1\nd = { git = \"x\" }\n# end\n", "dependencies = { d = 1 }\n", "dependencies.d = 1\n",
            "# top\n\n[dependencies.d]\ngit = \"x\"\n\n[t]\n", "[dependencies]\r\nb = 1\r\ny = 1\r\n[t]\r\n",
            "[dependencies]\nb = 1\n[dependencies.d]\ngit = \"x\"\n",
        ])
    func `many keys at once end up where one after the other would`(text: String) throws {
        for keys in [["a"], ["m", "d", "a", "zz", "c"], ["d", "d"], ["zz", "y", "x", "b", "a"], []] {
            let entries = keys.enumerated().map { ($1, TOMLLiteral.integer(Int64($0 + 10))) }
            let together = try edit(text) { try $0.set(entries, in: ["dependencies"]) }
            let single = try edit(text) { editor in
                // Which of the new ones comes first decides only where there is no order yet.
                for (key, value) in entries { try editor.set(["dependencies", key], to: value) }
            }
            #expect(together == single, "\(keys)")
        }
    }

    @Test func `a new key goes to its place among sorted keys`() throws {
        let last = try edit(source) { try $0.set(["dependencies", "zoo"], to: "1") }
        #expect(last == source.replacing("m\" }\n", with: "m\" }\nzoo = \"1\"\n"))
        let middle = try edit(source) { try $0.set(["dependencies", "data"], to: "1") }
        #expect(middle == source.replacing("by hand\n", with: "by hand\ndata = \"1\"\n"))
        let first = try edit(source) { try $0.set(["dependencies", "a"], to: "1") }
        #expect(first == source.replacing("it needs\n", with: "it needs\na = \"1\"\n"))
    }

    @Test func `a missing table is added at the end after one blank line`() throws {
        let result = try edit(source) { try $0.set(["registries", "default"], to: "https://example.org") }
        #expect(result == source + "\n[registries]\ndefault = \"https://example.org\"\n")
        let unended = try edit("a = 1") { try $0.set(["t", "b c"], to: .array([1, true])) }
        #expect(unended == "a = 1\n\n[t]\n\"b c\" = [1, true]\n")
        #expect(try edit("") { try $0.set(["t", "b"], to: 1) } == "[t]\nb = 1\n")
    }

    @Test func `a key without a table goes before the first one`() throws {
        #expect(try edit("# head\n\n[t]\n") { try $0.set(["v"], to: 1) } == "# head\n\nv = 1\n[t]\n")
        #expect(try edit("a = 1\n[t]\n") { try $0.set(["v"], to: 1) } == "a = 1\nv = 1\n[t]\n")
        #expect(try edit("") { try $0.set(["v"], to: 1) } == "v = 1\n")
    }

    @Test func `a removed key takes its line and nothing else`() throws {
        let result = try edit(source) { try $0.remove(["dependencies", "charts"]) }
        #expect(result == source.replacing("charts = \"^1.0\"  # pinned by hand\n", with: ""))
        #expect(try edit("a = [\n1,\n2]\nb = 1") { try $0.remove(["a"]) } == "b = 1")
        var editor = try TOMLEditor(source, file: "x")
        #expect(try !editor.remove(["dependencies", "none"]))
        #expect(editor.text == source)
    }

    @Test func `a removed table takes its header and keys and the blank line`() throws {
        let result = try edit(source) { try $0.remove(["targets", "one"]) }
        #expect(result == source.replacing("[targets.one]\nmodel = \"m\"\n\n", with: ""))
        let last = try edit(source) { try $0.remove(["targets", "two"]) }
        #expect(last.hasSuffix("# the second\n"))
        let both = try edit("[t.a]\nx = 1\n[o]\ny = 1\n[t.b]\nz = 1\n") { try $0.remove(["t"]) }
        #expect(both == "[o]\ny = 1\n")
        #expect(try edit("a = 1\n\n[t]\nb = 1\n") { try $0.remove(["t"]) } == "a = 1\n")
    }

    @Test func `a table is set as a whole`() throws {
        let entries: [(key: String, value: TOMLLiteral)] = [("model", "x/y"), ("harness", "h")]
        let added = try edit(source) { try $0.setTable(["targets", "three"], entries) }
        #expect(added == source + "\n[targets.three]\nmodel = \"x/y\"\nharness = \"h\"\n")
        let replaced = try edit(source) { try $0.setTable(["targets", "two"], entries) }
        #expect(replaced.hasSuffix("[targets.two]\nmodel = \"x/y\"\nharness = \"h\"\n"))
        let inline = try edit("targets = { a = { model = \"m\" } }\n") { try $0.setTable(["targets", "b"], entries) }
        #expect(
            inline == "targets = { a = { model = \"m\" }, b = { model = \"x/y\", harness = \"h\" } }\n")
    }

    @Test func `dotted keys and inline tables are edited as they are written`() throws {
        let dotted = "dependencies.a = \"1\" # c\ndependencies.b.path = \"../b\"\n[t]\n"
        #expect(
            try edit(dotted) { try $0.set(["dependencies", "c"], to: "2") }
                == "dependencies.a = \"1\" # c\ndependencies.b.path = \"../b\"\ndependencies.c = \"2\"\n[t]\n")
        #expect(
            try edit(dotted) { try $0.remove(["dependencies", "b"]) } == "dependencies.a = \"1\" # c\n[t]\n")
        let inline = "d = { a = 1, b = 2, c = 3 } # x\n"
        #expect(try edit(inline) { try $0.remove(["d", "a"]) } == "d = { b = 2, c = 3 } # x\n")
        #expect(try edit(inline) { try $0.remove(["d", "b"]) } == "d = { a = 1, c = 3 } # x\n")
        #expect(try edit(inline) { try $0.remove(["d", "c"]) } == "d = { a = 1, b = 2 } # x\n")
        #expect(try edit(inline) { try $0.set(["d", "e"], to: 4) } == "d = { a = 1, b = 2, c = 3, e = 4 } # x\n")
        #expect(try edit("d = {}\n") { try $0.set(["d", "e"], to: 4) } == "d = { e = 4 }\n")
    }

    @Test func `a table known only from tables below it gets its own header`() throws {
        let text = "# c\n[dependencies.a]\npath = \"x\"\n"
        let result = try edit(text) { try $0.set(["dependencies", "b"], to: "1") }
        #expect(result == text + "\n[dependencies]\nb = \"1\"\n")
        #expect(try edit(text) { try $0.set(["dependencies", "a"], to: "1") } == "# c\n\n[dependencies]\na = \"1\"\n")
    }

    @Test func `line ends and indentation are those of the file`() throws {
        let text = "\u{FEFF}[d]\r\n  a = 1\r\n\r\n[e]\r\n"
        #expect(
            try edit(text) { try $0.set(["d", "b"], to: 2) }
                .utf8.elementsEqual("\u{FEFF}[d]\r\n  a = 1\r\n  b = 2\r\n\r\n[e]\r\n".utf8))
    }

    @Test func `a path through a value is refused with its place`() throws {
        let error = try #require(throws: DiagnosticsError.self) {
            try edit("a = 1\n") { try $0.set(["a", "b"], to: 2) }
        }
        #expect(error.diagnostics.first?.location?.line == 1)
    }

    @Test func `hostile keys and values are quoted`() throws {
        let text = try edit("") { try $0.set(["d", "a\"]\nb = 1 #"], to: "x\"\n[y]\u{0}\u{7F}\\") }
        let document = try TOMLDocument(parsing: text, file: "x")
        #expect(document["d", "a\"]\nb = 1 #"]?.string == "x\"\n[y]\u{0}\u{7F}\\")
        #expect(document.root.count == 1)
    }
}
