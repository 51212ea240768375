import Basics
import SkillModel

/// Collects the commands of a document: parsed ones of shell fragments, lines of unmarked code blocks that begin with
/// a known program, and code in running text that does.
enum InvocationReader {
    static func read(
        _ document: SkillDocument, roles: [SectionRole], declared: Set<String>, spoken: Set<String>
    ) -> [Invocation] {
        func role(_ block: Int) -> SectionRole {
            guard document.blocks.indices.contains(block), let section = document.blocks[block].section,
                roles.indices.contains(section)
            else { return .other }
            return roles[section]
        }
        var result: [Invocation] = []
        // A skill's name is a program's where the skill is about one; elsewhere it is what the user says.
        let isClient = isClient(document)
        for (index, fragment) in document.fragments.enumerated() {
            if isShell(fragment) {
                let guarded = ShellGuards.optional(fragment.commands, in: document.bytes)
                result += fragment.commands.enumerated().map { position, command in
                    Invocation(
                        words: command.words, assignments: command.assignments, redirections: command.redirections,
                        keywords: command.keywords, connector: command.connector.rawValue, span: command.span,
                        line: document.line(at: command.span.start), origin: .fragment(index),
                        role: role(fragment.block), isGuarded: guarded.contains(position))
                }
            } else if fragment.language.isEmpty || plainShells.contains(fragment.language) {
                result += unmarked(
                    fragment, index, document, role(fragment.block),
                    headed(fragment, document).union(isClient ? declared : []))
            }
        }
        // Programs that the skill's blocks run are programs in its text too.
        let shown = Set(result.map(\.program)).union(declared).union(spoken).subtracting([""])
        for (index, span) in document.codeSpans.enumerated() {
            let words = CommandLine.words(span.text)
            guard let first = words.first, words.count > 1,
                isRunnable(first) || shown.contains(first) || isScript(first)
            else { continue }
            result.append(
                Invocation(
                    words: words, assignments: [], redirections: [], keywords: [], connector: "", span: span.span,
                    line: document.line(at: span.span.start), origin: .codeSpan(index), role: role(span.block)))
        }
        return result.sorted { $0.span < $1.span }
    }

    /// `scripts/x.sh`, `skills/a/scripts/b.py`: a file of code by its path.
    private static func isScript(_ word: String) -> Bool {
        word.contains("/") && !word.contains("://") && [".sh", ".py"].contains { word.hasSuffix($0) }
            && !word.hasPrefix("/") && !word.contains("<")
    }

    /// Programs that no table and no block has, but that the text gives three subcommands at least (`frob setup`, `frob
    /// run <name>`, `frob deploy`) and whose name the skill's name or title has. O(code spans).
    static func spoken(_ document: SkillDocument) -> Set<String> {
        var subcommands: [String: Set<String>] = [:]
        for span in document.codeSpans where span.text.utf8.count < 200 && span.text.utf8.contains(0x20) {
            let words = CommandLine.words(span.text)
            guard words.count > 1, words[0] == words[0].lowercased(), CommandLine.isProgramName(words[0]),
                words[1].utf8.allSatisfy({ $0 >= 0x61 && $0 <= 0x7A || $0 == 0x2D }), words[1].utf8.first != 0x2D
            else { continue }
            subcommands[words[0], default: []].insert(words[1])
        }
        let about =
            (document.frontMatter.name ?? "").lowercased() + " "
            // Each name is looked for in it: a title may be as long as a file.
            + String((document.sections.first?.title ?? "").prefix(2000)).lowercased()
        return Set(
            subcommands.compactMap { name, seconds in
                seconds.count >= 3 && name.utf8.count >= 3 && about[...].range(of: name) != nil ? name : nil
            })
    }

    /// Programs that the front matter says the skill is about: its own name, and the `bins` of its metadata.
    static func declared(_ document: SkillDocument) -> Set<String> {
        var names: Set<String> = []
        if let name = document.frontMatter.name, name.utf8.count < 64 {
            names.insert(name)
            if name.hasSuffix("-cli") { names.insert(String(name.dropLast(4))) }
        }
        for entry in document.frontMatter.entries where entry.key == "metadata" {
            var rest = entry.value[...]
            while names.count < 64, let key = rest.range(of: "ins\":"),
                let open = rest[key.upperBound...].firstIndex(of: "["),
                let close = rest[open...].firstIndex(of: "]")
            {
                names.formUnion(
                    rest[open..<close].split(separator: "\"").map(String.init).filter(CommandLine.isProgramName))
                rest = rest[close...]
            }
        }
        return names.subtracting(Programs.ubiquitous)
    }

    private static func isClient(_ document: SkillDocument) -> Bool {
        let about = [document.frontMatter.name, document.frontMatter.description, document.sections.first?.title]
        return about.contains { text in
            WordScanner.words(String((text ?? "").prefix(2000))).contains {
                $0.lower == "cli" || $0.lower == "command-line" || $0.lower.hasSuffix("-cli")
            }
        }
    }

    /// The command that the heading of a block's section shows: "### `scan <url>`" → scan. O(code spans of the heading).
    private static func headed(_ fragment: Fragment, _ document: SkillDocument) -> Set<String> {
        guard let section = document.blocks[fragment.block].section else { return [] }
        let heading = document.sections[section].heading
        let spans = document.codeSpans
        let first = SortedSearch.first(in: spans.indices) { spans[$0].span.start >= heading.start }
        let code = spans[first...].prefix { $0.span.start < heading.end }.first
        guard let code, let word = CommandLine.words(code.text).first, word == word.lowercased(),
            CommandLine.isProgramName(word)
        else { return [] }
        return [word]
    }

    static func isShell(_ fragment: Fragment) -> Bool { fragment.language == "bash" || !fragment.commands.isEmpty }

    /// Shells whose grammar is not read: only their lines that begin with a known program are.
    private static let plainShells: Set<String> = ["powershell", "pwsh", "ps1", "bat", "cmd", "batch", "fish"]

    private static func isRunnable(_ word: String) -> Bool {
        Programs.isKnown(word) || Programs.isCommonShell(word)
    }

    private static func unmarked(
        _ fragment: Fragment, _ index: Int, _ document: SkillDocument, _ role: SectionRole, _ own: Set<String>
    ) -> [Invocation] {
        var result: [Invocation] = []
        var offset = fragment.content.start
        let end = min(fragment.content.end, document.bytes.count)
        while offset < end {
            let line = document.line(at: offset)
            let span = document.lines.span(ofLine: line)
            let text = document.text(SourceSpan(max(span.start, offset), min(span.end, end)))
            offset = max(span.end, offset + 1)
            var rest = text[...].drop { $0 == " " || $0 == "\t" || $0 == "$" }
            while rest.last?.isNewline == true { rest = rest.dropLast() }
            var connector = "newline"
            for part in rest.split(separator: "|", maxSplits: 8) {
                // Where the backslash is a path's it escapes nothing.
                let words = CommandLine.words(part, escapes: fragment.language.isEmpty || fragment.language == "fish")
                let known =
                    words.first.map {
                        !CommandLine.isSlashCommand($0) && (Programs.isKnown($0) || words.count > 1 && own.contains($0))
                    } ?? false
                let piped = words.first.map { Programs.isCommonShell($0) } ?? false
                if known || (piped && rest.contains("|")) {
                    result.append(
                        Invocation(
                            words: words, assignments: [], redirections: [], keywords: [], connector: connector,
                            span: SourceSpan(span.start, min(span.end, end)), line: line, origin: .fragment(index),
                            role: role))
                }
                connector = "|"
            }
        }
        return result
    }
}
