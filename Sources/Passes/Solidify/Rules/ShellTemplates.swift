import Basics
import SkillModel

/// Commands with values that vary: `tool list --model=<MODEL>`, `tool vol 50`, `curl "$URL/api?limit=20"`.
///
/// One candidate for commands of the same program, script, subcommand and options, and one for a line that shows how a command
/// is called (`tool find "QUERY" [--limit <n>]`) with the calls of it; not for installing, moving around and
/// printing, and not for what only the environment varies; nor for a line that a shell would read in another way than
/// its author meant it (`PlainShell`). A command in running text counts when it gives several options values.
enum ShellTemplates: TemplateRule {
    static let id = "solidify.shell"
    static let message = "a command whose values vary from call to call"

    static func find(_ reading: SkillReading) -> [Solidify.Found] {
        var result: [Solidify.Found] = []
        let blocks = Dictionary(grouping: reading.invocations) { invocation -> Int? in
            if case .fragment(let index) = invocation.origin { index } else { nil }
        }
        // Counted once a block: asking again for each command of a long one would take the square of its length.
        let sizes = blocks.mapValues { $0.count { $0.connector != "substitution" } }
        var own: [Int: Set<String>] = [:]
        var taken: Set<Int> = []
        var usages: Set<String> = []
        var calls: [Int: String] = [:]
        for unit in units(reading) where !PlainShell.isOther(unit[0], reading) {
            guard case .fragment(let index) = unit[0].origin, let block = blocks[index] else {
                if let found = template(unit, reading) { result.append(found) }
                continue
            }
            if UsageLine.isOne(unit[0].words) { usages.insert(head(UsageLine.bare(unit[0]))) }
            let variables = own[index] ?? ScriptTemplates.ownVariables(block, reading.document.fragments[index].text)
            own[index] = variables
            if variables.isEmpty {
                guard let found = template(unit, reading) else { continue }
                // A block of one command can be written as it stands, with the lines that it reads.
                let isWhole = sizes[index] == unit.count
                let script =
                    found.refusal != nil && isWhole ? ScriptTemplates.template(index, block, [], reading) : nil
                result.append(script ?? found)
                if !UsageLine.isOne(unit[0].words) { calls[result.count - 1] = head(unit[0]) }
            } else if taken.insert(index).inserted {
                // Variables tie the commands together: the fragment as a whole is the template.
                if let found = ScriptTemplates.template(index, block, variables, reading) { result.append(found) }
            }
        }
        // Where a line shows how a command is called, calls of it are examples.
        return result.enumerated().filter { index, _ in !(calls[index].map(usages.contains) ?? false) }.map(\.element)
    }

    /// Commands joined by pipes.
    private static func units(_ reading: SkillReading) -> [[Invocation]] {
        var units: [[Invocation]] = []
        for invocation in reading.invocations where ![.links, .requirements].contains(invocation.role) {
            if invocation.connector == "substitution" { continue }
            if invocation.connector == "|", let last = units.last?.last, last.origin == invocation.origin {
                units[units.count - 1].append(invocation)
            } else {
                units.append([PlainShell.withoutSchedule(invocation)])
            }
        }
        return units
    }

    private static func template(_ unit: [Invocation], _ reading: SkillReading) -> Solidify.Found? {
        guard let first = unit.first, unit.allSatisfy({ $0.span.end - first.span.start < Solidify.longest }),
            isWorthwhile(unit), PlainShell.isRead(unit, reading)
        else { return nil }
        let written: (builder: TemplateBuilder, signature: [String])
        do throws(EmbeddedCode.Refusal) {
            written = try write(unit, reading)
        } catch {
            return refused(unit, error.why, reading)
        }
        let (builder, signature) = written
        let parameters = builder.parameters
        guard !parameters.isEmpty, parameters.count <= Solidify.parameterLimit,
            parameters.contains(where: { !$0.example.hasPrefix("$") }) || unit.contains(where: variesInAddress)
        else { return nil }
        let isOffered = first.isInline && isOffered(first, reading)
        if first.isInline, parameters.count < 3, !isOffered { return nil }
        let span = SourceSpan(first.span.start, unit.map(\.span.end).max() ?? first.span.end)
        let head = head(first)
        let place = first.isInline ? head : head + placeOf(first)
        let weight =
            min(parameters.count, 4) + (first.isInline ? isOffered ? -1 : -2 : 0)
            + ([.example, .troubleshooting].contains(first.role) ? -2 : 0)
        return Solidify.Found(
            candidate: SolidificationCandidate(
                kind: .shell, line: first.line, span: span, keywords: [],
                signature: signature.joined(separator: " "), template: builder.text,
                parameters: parameters.map { parameter in
                    .init(
                        name: parameter.name, type: parameter.type, example: parameter.example,
                        spans: occurrences(of: parameter.example, in: span, reading.document.bytes))
                }),
            weight: weight, identity: place)
    }

    /// The commands with their gaps; of a line that shows what may be left out, with that where nothing else varies.
    private static func write(_ unit: [Invocation], _ reading: SkillReading) throws(EmbeddedCode.Refusal)
        -> (builder: TemplateBuilder, signature: [String])
    {
        let isUsage = !unit[0].isInline && UsageLine.isOne(unit[0].words)
        let required = try write(unit, isUsage: isUsage, reading) { isUsage ? UsageLine.required($0) : $0 }
        guard isUsage, required.builder.parameters.isEmpty else { return required }
        return try write(unit, isUsage: true, reading, UsageLine.full)
    }

    private static func write(
        _ unit: [Invocation], isUsage: Bool, _ reading: SkillReading, _ words: ([String]) -> [String]
    ) throws(EmbeddedCode.Refusal) -> (builder: TemplateBuilder, signature: [String]) {
        var builder = TemplateBuilder(
            switches: PlainShell.switches(of: unit[0], reading), programs: PlainShell.ownPrograms(reading),
            isUsage: isUsage)
        var signature: [String] = []
        for (index, invocation) in unit.enumerated() {
            if index > 0 {
                builder.text += " | "
                signature.append("|")
            }
            var shown = invocation
            shown.words = words(invocation.words)
            signature += try builder.append(shown, raw: reading.document.text(invocation.span))
        }
        return (builder, signature)
    }

    /// A command in running text is seldom one: nothing is said of it.
    private static func refused(_ unit: [Invocation], _ why: String, _ reading: SkillReading) -> Solidify.Found? {
        guard let first = unit.first, !first.isInline else { return nil }
        return Solidify.Found(
            refused: SolidificationCandidate(
                kind: .shell, line: first.line, span: first.span, keywords: [], signature: "", template: "",
                parameters: []), why: why)
    }

    /// "- Search: `tool search "query"`": a list item that is the command, and what it does in four words at most.
    private static func isOffered(_ invocation: Invocation, _ reading: SkillReading) -> Bool {
        guard case .codeSpan(let index) = invocation.origin else { return false }
        let code = reading.document.codeSpans[index]
        guard reading.isInItem(code.block) else { return false }
        let block = reading.document.blocks[code.block]
        guard block.kind == .paragraph, block.text.utf8.count < 400, block.text.hasSuffix(code.text) else {
            return false
        }
        return WordScanner.words(String(block.text.dropLast(code.text.count))).count <= 4
    }

    /// `"$BASE/items/$ID"`, `"$BASE/items?limit=20"`: what comes after the base varies.
    private static func variesInAddress(_ invocation: Invocation) -> Bool {
        invocation.words.contains { word in
            guard let slash = word.utf8.firstIndex(of: UInt8(ascii: "/")) else { return false }
            let rest = word.utf8[slash...]
            guard let question = rest.firstIndex(of: UInt8(ascii: "?")) else { return rest.contains(UInt8(ascii: "$")) }
            return rest[question...].contains(UInt8(ascii: "=")) || rest.contains(UInt8(ascii: "$"))
        }
    }

    private static func isWorthwhile(_ unit: [Invocation]) -> Bool {
        let first = unit[0]
        guard Installer.parse(first.unwrapped) == nil, let name = first.unwrapped.first, !name.hasPrefix("-"),
            !first.words.contains("venv")
        else { return false }
        if unit.count == 1, trivial.contains(name), first.redirections.isEmpty, !isMarked(first, name) { return false }
        // A piped installer, a link into a system folder and a login are done once.
        if unit.last.map({ ["sh", "bash"].contains($0.words.first ?? "") && unit.count > 1 }) == true { return false }
        if name == "ln" || first.words.contains("login") || isDoneOnce(first) && !isMarked(first, name) { return false }
        return !first.words.contains("--help") && !first.words.contains("--version")
    }

    /// A service turned on, a repository cloned, a program built: unless a gap says so, nothing of it varies.
    private static func isDoneOnce(_ invocation: Invocation) -> Bool {
        let words = invocation.unwrapped
        guard let name = words.first else { return false }
        if ["systemctl", "launchctl"].contains(name) { return true }
        let verb = words.dropFirst().first { !$0.hasPrefix("-") } ?? ""
        return once[name]?.contains(verb) ?? false
    }

    private static let once: [String: Set<String>] = [
        "git": ["clone", "init"], "go": ["build", "install"], "cargo": ["build", "install"], "helm": ["install"],
        "mvn": ["package", "install", "compile"], "gradle": ["build", "assemble"],
    ]

    /// `tail -n 20 ~/log/<server>/out`: what is moved around in says itself that it varies. Not what only sets the shell's own state.
    private static func isMarked(_ invocation: Invocation, _ name: String) -> Bool {
        !["cd", "export", "source", ".", "echo", "printf", "set", "alias", "unset", "nvm", "brew"].contains(name)
            && invocation.words.contains { $0.contains("<") && !ParameterReader.marks(in: $0).isEmpty }
    }

    private static let trivial: Set<String> = [
        "cd", "ls", "cat", "echo", "mkdir", "export", "pwd", "source", "touch", "which", "cp", "mv", "rm", "chmod",
        "head", "tail",
        "wc", "test", "[", "exit", "sleep", "kill", "wait", "set", "printf", "open", "brew", "command", "type", "read",
        "nvm",
        "crontab", "alias", "less", "more", "true", "unset", ".", "find", "grep",
    ]

    /// Program, script, subcommands and, for an address, its path: what makes two commands the same template. What is neither
    /// ends it, but for an option's value: `tool call --in "a b" search` is no `tool call --in "a b" list`.
    private static func head(_ invocation: Invocation) -> String {
        var parts: [String] = []
        var hasScript = false
        var option: String?
        for word in invocation.unwrapped {
            let before = option
            option = word.hasPrefix("-") && !word.contains("=") && word != "-X" && word != "-m" ? word : nil
            if let scheme = word[...].range(of: "://") {
                let path = word[scheme.upperBound...].split(separator: "?")
                let keys =
                    path.count > 1
                    ? path[1].split(separator: "&").map { $0.prefix { $0 != "=" } }.joined(separator: "&") : ""
                parts.append("\(path.first ?? "")?\(keys)")
            } else if word.hasPrefix("$"), word.contains("/") {
                parts.append(String(word.prefix { $0 != "?" }))
            } else if parts.isEmpty || before?.hasPrefix("--") != true && isName(word) {
                if parts.count < (hasScript ? 4 : 3) { parts.append(word) }
            } else if !hasScript, parts.count < 4, isScript(word, of: parts[0]) {
                parts.append(word)
                hasScript = true
            } else if !word.hasPrefix("-"), before == nil {
                break
            }
        }
        return parts.joined(separator: " ")
    }

    private static func isName(_ word: String) -> Bool {
        word.first?.isLetter == true && word.allSatisfy { $0.isLetter || $0 == "-" || $0 == "_" || $0 == ":" }
    }

    private static func isScript(_ word: String, of program: String) -> Bool {
        let endings = [".py", ".sh", ".js", ".mjs", ".cjs", ".ts", ".rb", ".pl"]
        return word.hasPrefix("scripts/") || interpreters.contains(program) && endings.contains(where: word.hasSuffix)
    }

    private static let interpreters: Set<String> = [
        "python", "python3", "uv", "node", "deno", "bun", "bash", "sh", "zsh", "ruby", "perl", "tsx", "ts-node",
    ]

    /// The same program with other options is a template of its own.
    private static func placeOf(_ invocation: Invocation) -> String {
        let options = invocation.words.filter { $0.hasPrefix("-") }.map { String($0.prefix { $0 != "=" }) }
        return options.isEmpty ? "" : " " + options.sorted().joined(separator: " ")
    }

    static func occurrences(of text: String, in span: SourceSpan, _ bytes: [UInt8]) -> [SourceSpan] {
        let needle = Array(text.utf8)
        guard !needle.isEmpty, needle.count <= span.count, span.end <= bytes.count else { return [] }
        var result: [SourceSpan] = []
        var index = span.start
        while index + needle.count <= span.end {
            if bytes[index] == needle[0], bytes[index..<index + needle.count].elementsEqual(needle) {
                result.append(SourceSpan(index, index + needle.count))
                index += needle.count
            } else {
                index += 1
            }
        }
        return result
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```bash
            ⟦make-it run --model=<MODEL_NAME> --size 50 "$OUT_DIR/x" 'a long text'⟧
            ```
            """,
            finds: "make-it run --model=$model_name --size $size $out_dir/x $text"),
        RuleExample(
            """
            ```bash
            ⟦ROOT=<folder of the data>
            LOG=/tmp/log
            tool "$ROOT" "$LOG" "$DATA_SET"
            ⟧```
            """,
            finds: "ROOT=<folder of the data> LOG=/tmp/log tool \"$ROOT\" \"$LOG\" \"$DATA_SET\""),
        RuleExample(
            """
            ```bash
            ⟦tool find "QUERY" [--limit <n>]⟧
            tool find "blue cars" --limit 5
            ```
            """,
            finds: "tool find $query"),
        RuleExample(
            """
            ```bash
            ⟦tool new [--label <name>] [--json]⟧
            ```
            """,
            finds: "tool new --label $name"),
        .nothing(
            """
            ```bash
            pip install pypdf
            systemctl --user enable acme.timer
            git clone git@example.org:acme/tool.git ~/tool
            ```
            """),
        .nothing(
            """
            ```bash
            tool --help
            ```
            """),
        .nothing(
            """
            ```powershell
            python scripts\\convert.py --to "$env:USERPROFILE"
            ```
            """),
        .nothing(
            """
            ```bash
            $RUN train --epochs 20
            */5 * * * * tool sync
            ```
            """),
        .nothing(
            """
            ```bash
            # Option 1: in the folder itself
            tool review --base main

            # Option 2: in a copy
            DIR=<a new folder>
            tool review --base main --in "$DIR"
            ```
            """),
        .nothing(
            """
            ```bash
            curl -s "$BASE_URL/status"
            ```
            """),
    ]
}
