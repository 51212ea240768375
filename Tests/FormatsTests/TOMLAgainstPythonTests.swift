import Basics
import Testing
import TestSupport

@testable import Formats

/// A generator that gives the same numbers everywhere (SplitMix64): a failing case is found again by its seed.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Makes documents of all of TOML's notations. Many are valid; those that redefine a table or a key aren't.
struct TOMLGenerator {
    var random: SeededGenerator

    mutating func document() -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...12, using: &random) { text += line() }
        return text
    }

    private mutating func pick(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }

    private mutating func line() -> String {
        let end = pick(["\n", "\n", " # note\n", "\r\n", "\n\n"])
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1: return "[" + keys() + "]" + end
        case 2: return "[[" + keys() + "]]" + end
        case 3: return "# comment ü" + end
        default: return pick(["", "  ", "\t"]) + keys() + pick([" = ", "=", "\t=  "]) + value(0) + end
        }
    }

    private mutating func keys() -> String {
        (0..<Int.random(in: 1...3, using: &random)).map { _ in
            pick(["a", "b", "c", "d-1", "12", "\"a\"", "'b'", "\"x y\"", "\"\\u0061\"", "'é'", "\"\""])
        }.joined(separator: pick([".", ".", " . "]))
    }

    private mutating func value(_ depth: Int) -> String {
        switch Int.random(in: 0..<(depth < 3 ? 12 : 8), using: &random) {
        case 0:
            return pick([
                "0", "1", "+7", "-17", "1_000", "0xDEAD_beef", "0o17", "0b1_01", "9223372036854775807",
                "-9223372036854775808",
            ])
        case 1: return pick(["1.5", "-0.0", "3e2", "6.02E+23", "1_0.2_5", "inf", "-inf", "+inf", "1e-7", "0.1", "2E0"])
        case 2: return pick(["true", "false"])
        case 3:
            return pick([
                "2026-04-10", "07:32:00", "2026-04-10T12:44:08Z", "2026-04-10 12:44:08.457",
                "2024-02-29t00:00:00+05:30",
            ])
        case 4: return pick(["\"\"", "\"x\"", "\"\\t\\\\ \\\" \\u00e9\"", "\"ünï 😀\"", "\"#\""])
        case 5: return pick(["''", "'C:\\x'", "'\"'"])
        case 6: return pick(["\"\"\"\na\n\"b\" \\\n   c\"\"\"", "\"\"\"x\"\"\"\"", "'''\nl1\r\nl2'''", "\"\"\"\"\"\""])
        case 7:
            return pick([
                "01", "1__0", "_1", ".5", "5.", "0x", "tru", "\"\\z\"", "1979-13-01", "24:00:00", "+0x1", "1e", "00",
            ])
        case 8, 9:
            let elements = (0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth + 1) }
            return "[" + elements.joined(separator: pick([", ", ",", ",\n  ", ", # c\n"])) + pick(["", ",", "\n"]) + "]"
        default:
            let entries = (0..<Int.random(in: 0...3, using: &random)).map { _ in "\(keys()) = \(value(depth + 1))" }
            return "{ " + entries.joined(separator: ", ") + " }"
        }
    }
}

@Suite struct `TOML against another implementation` {
    /// Prints, for each document of standard input (length-prefixed), a tree in the notation of `Rendering` or `error`.
    private let script = """
        import sys, tomllib, struct, datetime
        def show(v):
            if isinstance(v, bool): return 'T' if v else 'F'
            if isinstance(v, int): return 'i%d' % v
            if isinstance(v, float): return 'f' + struct.pack('>d', v).hex()
            if isinstance(v, str): return 's' + v.encode().hex()
            if isinstance(v, list): return '[' + ','.join(show(x) for x in v) + ']'
            if isinstance(v, dict):
                return '{' + ','.join(k.encode().hex() + ':' + show(v[k]) for k in sorted(v, key=lambda k: k.encode())) + '}'
            return 'd'
        data = sys.stdin.buffer.read()
        at = 0
        while at < len(data):
            size = int.from_bytes(data[at:at+4], 'big'); at += 4
            try: print(show(tomllib.loads(data[at:at+size].decode())))
            except (tomllib.TOMLDecodeError, ValueError): print('error')
            at += size
        """

    private func show(_ value: TOMLValue) -> String {
        switch value.kind {
        case .boolean: value.boolean == true ? "T" : "F"
        case .integer: "i\(value.integer ?? 0)"
        case .float:
            "f"
                + (0..<8).reversed().map { [UInt8(truncatingIfNeeded: (value.float ?? 0).bitPattern >> ($0 * 8))].hex }
                .joined()
        case .string: "s" + Array((value.string ?? "").utf8).hex
        case .array: "[" + (value.array ?? []).map(show).joined(separator: ",") + "]"
        case .table:
            "{"
                + (value.table?.values ?? []).map { (Array($0.key.utf8), $0) }
                .sorted { $0.0.lexicographicallyPrecedes($1.0) }
                .map { $0.0.hex + ":" + show($0.1) }.joined(separator: ",") + "}"
        default: "d"
        }
    }

    @Test func `four thousand generated documents are read as Python reads them`() async throws {
        var generator = TOMLGenerator(random: SeededGenerator(state: 20_260_410))
        let documents = (0..<4000).map { _ in generator.document() }
        var input: [UInt8] = []
        for document in documents {
            let size = document.utf8.count
            input += [UInt8(size >> 24 & 255), UInt8(size >> 16 & 255), UInt8(size >> 8 & 255), UInt8(size & 255)]
            input += Array(document.utf8)
        }
        let result = try await Program("python3", ["-c", script]).run(input: input)
        try #require(result.succeeded, "\(result.errorText)")
        let answers = result.outputText.split(separator: "\n")
        try #require(answers.count == documents.count)
        var valid = 0
        for (document, answer) in zip(documents, answers) {
            let ours = (try? TOMLDocument(parsing: document, file: "x")).map { show($0.root.value) } ?? "error"
            #expect(ours == answer, "\(document.debugDescription)")
            if ours != "error" { valid += 1 }
        }
        // The comparison is worth something only when both sides of it are well filled.
        #expect(valid > 800 && valid < 3200, "\(valid) valid documents")
    }

    @Test func `mutated documents are read or refused, and edits of them stay TOML`() throws {
        var generator = TOMLGenerator(random: SeededGenerator(state: 7))
        for _ in 0..<3000 {
            var bytes = Array(generator.document().utf8)
            for _ in 0..<Int.random(in: 0...3, using: &generator.random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &generator.random)
                switch Int.random(in: 0..<4, using: &generator.random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator.random)
                case 1: bytes.remove(at: place)
                case 2:
                    bytes.insert(
                        contentsOf: Array("[]{}\"'=.,#\n\\".utf8).shuffled(using: &generator.random).prefix(2),
                        at: place)
                default: bytes.removeLast(bytes.count - place)
                }
            }
            guard var editor = try? TOMLEditor(bytes, file: "x") else { continue }
            let before = show(editor.document.root.value)
            // What is there can't always be a table; an edit then is refused, and changes nothing.
            if (try? editor.set(["zz", "new"], to: "v")) != nil {
                #expect(editor.document["zz", "new"]?.string == "v", "\(bytes)")
                try editor.remove(["zz"])
                #expect(
                    show(editor.document.root.value) == before,
                    "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
            }
            for value in editor.document.root.values.prefix(3) {
                let key = value.key
                if (try? editor.set([key, "new"], to: 1)) != nil {
                    #expect(
                        editor.document.root.value(at: [key, "new"])?.integer == 1,
                        "\(editor.text.debugDescription) \(key)")
                }
                #expect(try editor.remove([key]), "\(editor.text.debugDescription) \(key)")
                #expect(editor.document.root[key] == nil, "\(editor.text.debugDescription) \(key)")
            }
        }
    }
}
