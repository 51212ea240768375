import Basics
import Passes
import SkillModel
import Testing

@Suite struct `Splitting shell text` {
    private func words(_ text: String) -> [[String]] { ShellSplitter.commands(in: text).map(\.words) }

    @Test func `quotes and escapes go, what they hold stays together`() {
        #expect(words(#"echo 'a b' "c \"d\" $x" e\ f g"h"'i'"#) == [["echo", "a b", #"c "d" $x"#, "e f", "ghi"]])
    }

    @Test func `operators join commands`() {
        let commands = ShellSplitter.commands(in: "a && b || c | d ; e & f\ng |\n h")
        #expect(commands.map(\.name) == ["a", "b", "c", "d", "e", "f", "g", "h"])
        #expect(commands.map(\.connector) == [.newline, .and, .or, .pipe, .sequence, .background, .newline, .pipe])
    }

    @Test func `comments and continued lines`() {
        #expect(
            words("# no\ncurl -s \\\n  -o x https://h/#frag # yes\nls") == [
                ["curl", "-s", "-o", "x", "https://h/#frag"], ["ls"],
            ])
    }

    @Test func `spans run from the first word to the last`() throws {
        let marked = Marked("  1️⃣A=1 pip install \"x y\"2️⃣  && 3️⃣ls -l >out4️⃣ # c\n")
        let commands = ShellSplitter.commands(in: marked.text, at: 100)
        let first = try marked.span(1, 2)
        let second = try marked.span(3, 4)
        #expect(
            commands.map(\.span) == [
                SourceSpan(first.start + 100, first.end + 100), SourceSpan(second.start + 100, second.end + 100),
            ])
        #expect(commands[0].assignments == ["A=1"])
        #expect(commands[1].redirections == [">out"])
    }

    @Test func `redirections are no words`() {
        let commands = ShellSplitter.commands(in: "a 2>&1 >> log < in 2> /dev/null <<< \"text\" &> all")
        #expect(commands.count == 1)
        #expect(commands[0].words == ["a"])
        #expect(commands[0].redirections == ["2>&1", ">>log", "<in", "2>/dev/null", "<<<text", "&>all"])
    }

    @Test func `a here-document's body is no command`() {
        let commands = ShellSplitter.commands(
            in: "cat <<'EOF' > f\nrm -rf /\nEOF\nls\ncat <<-X\n\tit's\n\tX\nend\ncat <<Y\nunended")
        #expect(commands.map(\.name) == ["cat", "ls", "cat", "end", "cat"])
        #expect(commands[0].redirections == ["<<EOF", ">f"])
    }

    @Test func `substitutions follow the command that holds them`() {
        let commands = ShellSplitter.commands(in: "echo $(a $(b) | c) `d` \"$(e)\" $((1+2)) ${x:-$(f)} <(g)\nz")
        #expect(
            commands.map(\.name) == ["echo", "a", "c", "b", "d", "e", "g", "z"]
                || commands.map(\.name) == ["echo", "a", "b", "c", "d", "e", "g", "z"])
        #expect(commands[1].connector == .substitution)
        #expect(commands[0].words.count == 7)
    }

    @Test func `a quoted here-document inside a substitution may hold an apostrophe`() {
        let commands = ShellSplitter.commands(in: "git commit -m \"$(cat <<'EOF'\nit's (done\nEOF\n)\" && git push")
        #expect(commands.map { $0.words.prefix(2).joined(separator: " ") } == ["git commit", "cat", "git push"])
    }

    @Test func `keywords surround commands`() {
        let text = """
            for f in *.pdf; do
              if [ -f "$f" ]; then pdftotext "$f"; else exit 1; fi
            done
            while read -r x; do echo $x; done < list
            case "$1" in
              start|run) serve ;;
              *) usage; exit 2 ;;
            esac
            deploy() { scp a b; }
            function clean { rm x; }
            ( cd d && make ); { one; two; }
            [[ -n $a && $b < 3 ]] && last
            """
        let commands = ShellSplitter.commands(in: text)
        #expect(
            commands.map(\.name) == [
                "[", "pdftotext", "exit", "read", "echo", "serve", "usage", "exit", "scp", "rm", "cd", "make", "one",
                "two",
                "[[", "last",
            ])
        #expect(commands[1].keywords == ["for", "if"])
        #expect(commands[4].keywords == ["while"])
        #expect(commands[5].keywords == ["case"])
        #expect(commands[8].keywords == ["function"])
        #expect(commands[10].keywords == ["("])
        #expect(commands[15].keywords.isEmpty)
        #expect(commands[15].connector == .and)
    }

    @Test func `gaps to fill are words`() {
        #expect(
            words("gh repo clone <owner/name> <your folder> && cat <in.txt >out") == [
                ["gh", "repo", "clone", "<owner/name>", "<your folder>"], ["cat"],
            ])
    }

    @Test(arguments: [
        "echo 'unclosed", "echo \"unclosed $(", "a | ; && ) ) }", "`", "${", "<<", "((", "case x in", "for", "\\",
        "a <", "$(((((",
        "[[ a", "function", "x() {", "if if if", "esac done fi", "&&&&", "|||", ";;;;", "a=(1 2", "<(", "'", "\"", "2>",
    ])
    func `broken text never fails`(text: String) {
        for prefix in ["", "ls; ", "x "] {
            let bytes = Array((prefix + text).utf8)
            for command in ShellSplitter.commands(in: bytes) {
                #expect(
                    command.span.start >= 0 && command.span.start <= command.span.end && command.span.end <= bytes.count
                )
            }
        }
    }

    @Test(arguments: [
        "$(", "`", "{ ", "( ", "if ", "case x in ", "\"$(", "<<a ", "${", "[[ ", "a=(", "f() ", "'", "\\\n", "|", "<(",
    ])
    func `a hundred thousand of anything ends soon`(unit: String) {
        _ = ShellSplitter.commands(in: String(repeating: unit, count: 100_000))
    }
}
