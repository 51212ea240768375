import Basics
import SkillModel
import TestSupport
import Testing

@testable import Passes

/// SplitMix64: the same scripts on every machine.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Shell text in which quotes, substitutions, here-documents and comments stand inside each other, and in all of them a bundled
/// file. `run` prints its words.
private struct ShellText {
    var random: SeededGenerator

    private mutating func number(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

    mutating func script() -> String { (0...number(3)).map { _ in line() }.joined() }

    private mutating func line() -> String {
        switch number(6) {
        case 0: "x=\"$(\(command(2, false)))\"; run \"$x\"\n"
        case 1: "cat <<DOC | run \(word(1, false))\nDon't see scripts/a.py, $(\(command(1, false))) \"now\nDOC\n"
        case 2: "cat <<-'END OF' # it's scripts/a.py\nDon't \"$(see scripts/a.py `\nEND OF\n"
        case 3: "# don't \"run scripts/a.py\n\(command(1, false))\n"
        default: "\(command(3, false))\n"
        }
    }

    private mutating func command(_ depth: Int, _ isInBackticks: Bool) -> String {
        let words = (0...number(3)).map { _ in word(depth, isInBackticks) }.joined(separator: " ")
        if depth > 0, !isInBackticks, number(5) == 0 {
            return "run \(words) & # it's \"here\nwait; cat <<EOF\nDon't `run \"a\"` scripts/a.py)\nEOF\n"
        }
        return number(4) == 0 ? "run \(words); run scripts/a.py" : "run \(words)"
    }

    private mutating func word(_ depth: Int, _ isInBackticks: Bool) -> String {
        switch number(depth > 0 ? 16 : 11) {
        case 0, 1: "scripts/a.py"
        case 2: "'scripts/a.py'"
        case 3: "\"scripts/a.py\""
        case 4: "\"see scripts/a.py now\""
        case 5: "\"don't\""
        case 6: "'say \"hi'"
        case 7: "$'it\\'s'"
        case 8: "$((1 << 2))"
        case 9: "\"${none:-\"y z\"}\""
        case 10: "it\\'s"
        case 11: "$(\(command(depth - 1, isInBackticks)))"
        case 12, 13: "\"$(\(command(depth - 1, isInBackticks))) it's\""
        default: isInBackticks ? "b" : "`\(command(depth - 1, true))`"
        }
    }
}

@Suite struct `How shell text is read` {
    @Test(arguments: [
        ("echo @", ShellState.bare), ("echo '@'", .single), ("echo \"@\"", .double), ("# @", .comment), ("a#@", .bare),
        ("a & # it's\n@", .bare), ("(a) # @", .comment), ("r=\"$(a @)\"", .bare), ("r=\"$(a '@')\"", .single),
        ("r=\"$(a \"b\" c) @\"", .double), ("`a @`", .bare), ("\"`a` @\"", .double), ("\"${x:-@}\"", .double),
        ("${x:-@}", .bare), ("\"${x:-\"'\"}\" @", .bare), ("${#x} @", .bare), ("$((1 << 2))\n@", .bare),
        ("\"$((1 << (2))) @\"", .double), ("$'it\\'s' @", .bare), ("echo \\' @", .bare), ("$$'@'", .single),
        ("cat <<EOF\nDon't @\nEOF\n", .document), ("cat <<EOF\nDon't\nEOF\n@", .bare),
        ("cat <<EOF\nDon't\nEOF 2\n@", .document), ("cat <<'EOF'\n$(a @)\nEOF", .verbatim),
        ("cat <<EOF\n$(a @)\nEOF", .bare), ("cat <<-\"A B\" <<\\C # '\nx\nA B\ny $( @\nC\n", .verbatim),
        ("cat <<A\n$(b `c '\nA\n@", .bare), ("cat <<A <<C\n'\nA\n'\nC\n@", .bare),
        ("x=\"$(cat <<EOF\n)\"\nEOF\n)\" @", .bare), ("cat <<< 'a'\n@", .bare),
        ("  cat <<EOF\r\n  don't\r\n  EOF\r\n  @", .bare), ("a $(( 1 ) '@'", .single), ("\"\\\"@\"", .double),
    ])
    func `a byte is what it is to the shell`(_ text: String, _ state: ShellState) {
        var reader = ShellReader()
        let states = text.utf8.map { ($0, reader.step($0)) }.filter { $0.0 == UInt8(ascii: "@") }.map(\.1)
        #expect(states == [state])
    }

    @Test func `whatever a bundled file stands in, bash finds it at a path with blanks, and reads the rest as before`()
        async throws
    {
        var text = ShellText(random: SeededGenerator(state: 5))
        let scripts = (0..<120).map { _ in text.script() }
        let body = scripts.map { "```bash\n\($0)```\n" }.joined(separator: "\nThen:\n\n")
        let fixture = try TargetFixture("# S\n\n\(body)", files: ["scripts/a.py"])
        let edits = [try fixture.lowered]
        #expect(try fixture.guarded(edits).diagnostics == [])
        let variants = try fixture.variant(edits).fragments.map(\.text)
        try #require(variants.count == scripts.count)
        #expect(variants.joined().contains("\"\(Relocation.token)/scripts/a.py\""))
        try await withScratch { scratch in
            let place = "/x/o'neil (b) c"
            for (index, script) in scripts.enumerated() {
                let variant = variants[index].replacing(Relocation.token, with: place)
                try FileSystem.write(Array(script.utf8), to: "\(scratch)/\(index).a")
                try FileSystem.write(Array(variant.utf8), to: "\(scratch)/\(index).b")
            }
            let driver = """
                set -f
                plain() { printf '%s\\n' "${1//"$place/"/}"; }
                run() { for word; do plain "<$word>"; done; }
                cat() { plain "$(command cat)"; }
                for index in $(seq 0 \(scripts.count - 1)); do
                  bash -n $index.b || echo "$index is no shell"
                  one=$(. ./$index.a) two=$(. ./$index.b)
                  [ "$one" = "$two" ] || printf '%s: %s\\nbecame %s\\n' $index "$one" "$two"
                done
                """
            let result = try await Program(
                "bash", ["-c", driver], environment: ["PATH": "/usr/bin:/bin", "place": place], directory: scratch
            ).run()
            #expect(result.status == 0 && result.outputText.isEmpty, "\(result.outputText)\(result.errorText)")
        }
    }

    @Test func `a long comment, many comments and many marks are read in one pass`() {
        let long = String(repeating: "x", count: 2 << 20)
        #expect(ShellComments("a # \(long)").objectionToCutting == nil)
        let many = "a\n" + String(repeating: "# if b\n", count: 50_000) + "a || b\n"
        #expect(ShellComments(many).objectionToRunning == nil)
        let marks = Array(String(repeating: "`", count: 1 << 20).utf8)
        #expect(Sentences.split(marks[...]).count == 1)
        let depth = Array(
            ("a <<\(long)\n" + String(repeating: "a <<b <<c\n$(", count: 1 << 16) + "\nb\n"
                + String(repeating: "$(", count: 1 << 19) + String(repeating: "`", count: 1 << 18)).utf8)
        var reader = ShellReader()
        for byte in depth { _ = reader.step(byte) }
        #expect(reader.state == .bare)
    }

    @Test func `many files of one line are relocated in one pass`() throws {
        let count = 20_000
        let line = "cat" + String(repeating: " scripts/a.py", count: count)
        let document = try #require(
            try parse(header + "# S\n\n```bash\n\(line)\n```\n", files: ["scripts/a.py": "x"]).value)
        let sites = ReferenceRelocations(document).sites
        #expect(sites.count == document.references.count && sites.count > 1000)
        #expect(sites.allSatisfy { $0.replacement.hasPrefix("\"") })
    }
}
