import Basics
import Formats
import Passes
import SkillModel
import Testing

/// Texts that make careless readers crash, hang or fill the memory. None of these may; a hang shows as a test that never ends.
@Suite struct `Hostile text` {
    private static func filled(_ unit: String, _ bytes: Int) -> String {
        String(repeating: unit, count: max(1, bytes / unit.utf8.count))
    }

    static let units = [
        "*", "*a ", "a**b", "_a ", "*a _a ", "*_", "[", "[a](", "![", "![[]()", "]", "[a][", "[](", "[ [a](b) ", "![l",
        "[]:", "![^",
        "> ", "- ", "1. ", "-\n", "> - ", "- x\n  ", "`a ", "`a``", "```\n", "~a~~b", "~", "|", "|-\n", "|\n-|\n",
        "a|b\n-|-\n",
        "http://a.b ", "www.", "_www.a", "a@", "http://a.b(", "<", "<a ", "<!--", "<?", "<a b='", "&", "&aaaa",
        "[a]: b\n",
        "\\", "\r", "\0", "\t- a\n", "<div>\n", "# a\n", "a\n=\n", "a\n", "- [ ] a\n", "[\n", "[a](<b", "a/",
        "scripts/a.py ",
        "<a/b ", "{", "${", "[a](b) ", "![a](b)", "`a` ", "[`a`](b) ", "a <b>c</b> ", "—é ",
    ]

    @Test(arguments: units)
    func `much of one thing is read soundly`(unit: String) throws {
        let document = try #require(try parse(header + Self.filled(unit, 60_000)).value)
        expectSound(document, unit)
    }

    static let texts: [String] = [
        String(repeating: "> ", count: 5_000) + "a\n" + filled("\n", 60_000),
        String(repeating: "- ", count: 5_000) + "a\n" + filled("\n", 60_000),
        (0..<380).map { String(repeating: " ", count: $0 * 2) + "- a\n" }.joined() + filled("\n", 40_000),
        (1..<770).map { "a" + String(repeating: "`", count: $0) }.joined(),
        filled("|a", 50_000) + "|\n" + filled("|-", 50_000) + "|\n" + filled("|x", 50_000) + "|\n",
        filled("|a", 20_000) + "|\n" + filled("|-", 20_000) + "|\n" + filled("|x|\n", 80_000),
        filled("|a", 200) + "|\n" + filled("|-", 200) + "|\n" + filled("|x|\n", 80_000),
        filled("a\n", 100_000) + "|-|\n" + filled("|a|\n", 100_000),
        "[a]: " + filled("x", 50_000) + "\n\n" + filled("[a] ", 60_000),
        "[a]: b '" + filled("x\n", 50_000) + "'\n\n" + filled("[a] ", 60_000),
        "http://a.b" + filled(")", 60_000),
        "http://a.b" + filled("?!.", 60_000),
        filled("![", 100_000) + filled("](a)", 100_000),
        "```bash\n" + filled("$(a ", 60_000) + "\n```\n",
        "```bash\n" + filled("a b | c && d\n", 60_000) + "```\n",
        "```\n" + filled("git a\n", 60_000),
        "[x]: y\n\n" + filled("[a b][x] ", 60_000),
        filled("word & `code` *x* [a](b) ", 1_000_000),
        filled("~~x~~ _y_ [a](b)\n", 200_000),
    ]

    @Test(arguments: texts.indices)
    func `a text built against a reader is read soundly`(index: Int) throws {
        let document = try #require(try parse(header + Self.texts[index]).value)
        expectSound(document, "text \(index)")
    }

    @Test func `what goes beyond the bounds is said and code keeps its bytes`() throws {
        let code = "x\0 = [[[]:\n" + String(repeating: "a[1]:\n", count: 900)
        let result = try parse(header + String(repeating: "[", count: 300) + "\n\n```python\n\(code)```\n")
        #expect(result.diagnostics.map(\.id).contains("parse.too-complex"))
        #expect(result.diagnostics.map(\.id).contains("parse.nul-byte"))
        #expect(result.value?.fragments[0].text == code)
    }

    @Test(arguments: 0..<40)
    func `mutated skills are read soundly and twice the same`(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        var bytes = Array(Self.seedText.utf8)
        for _ in 0..<Int.random(in: 1...60, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            let length = min(Int.random(in: 0...12, using: &random), bytes.count - place)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.removeSubrange(place..<place + length)
            case 2: bytes.insert(contentsOf: Self.pieces.randomElement(using: &random)?.utf8 ?? "".utf8, at: place)
            default:
                bytes.insert(
                    contentsOf: Array(bytes[place..<place + length]),
                    at: Int.random(in: 0..<bytes.count, using: &random))
            }
        }
        let first = try parse(bytes: bytes)
        expectSound(try #require(first.value), "seed \(seed)")
        #expect(try CanonicalJSON.encode(first) == CanonicalJSON.encode(try parse(bytes: bytes)))
    }

    private static let pieces = [
        "```", "`", "\n\n", "> ", "- ", "  ", "\t", "|", "|-|-|\n", "](", "[", "\r", "---\n", "<", "$(", "\"", "'",
        "\\", "<<EOF\n",
        "# ", "1. ", "*", "\u{FEFF}", ": ", "&", "{", "- [ ] ", "~~~", "http://", "scripts/a.py",
    ]

    private static let seedText =
        header + """
            # Title with `code` and [link](references/a.md)

            Para **bold** with `multi
            line` code, <https://a.b/c> and www.d.e.

            1. First `x`
               ```bash
               python scripts/run.py --in "a b" | tee out && echo $(date)
               cat <<EOF
               body
               EOF
               ```
            2. Second
               > quoted `y`
               > - nested [z](b.md)

            | a | `b` |
            |---|-----|
            | c \\| d | [e](f) |

            ```python
            import os
            ```
            """
}

/// A small seeded generator, so that a failing seed fails again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
