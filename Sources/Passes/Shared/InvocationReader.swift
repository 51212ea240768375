import Basics
import SkillModel

/// Collects the commands of a document: parsed ones of shell fragments, lines of unmarked code blocks that begin with
/// a known program, and code in running text that does.
enum InvocationReader {
    static func read(_ document: SkillDocument, roles: [SectionRole]) -> [Invocation] {
        func role(_ block: Int) -> SectionRole {
            guard document.blocks.indices.contains(block), let section = document.blocks[block].section,
                roles.indices.contains(section)
            else { return .other }
            return roles[section]
        }
        var result: [Invocation] = []
        for (index, fragment) in document.fragments.enumerated() {
            if isShell(fragment) {
                result += fragment.commands.map { command in
                    Invocation(
                        words: command.words, assignments: command.assignments, redirections: command.redirections,
                        keywords: command.keywords, connector: command.connector.rawValue, span: command.span,
                        line: document.line(at: command.span.start), origin: .fragment(index),
                        role: role(fragment.block))
                }
            } else if fragment.language.isEmpty || plainShells.contains(fragment.language) {
                result += unmarked(fragment, index, document, role(fragment.block))
            }
        }
        // Programs that the skill's blocks run are programs in its text too.
        let shown = Set(result.map(\.program)).union(declared(document)).subtracting([""])
        for (index, span) in document.codeSpans.enumerated() {
            let words = CommandLine.words(span.text)
            guard let first = words.first, words.count > 1, isRunnable(first) || shown.contains(first) else { continue }
            result.append(
                Invocation(
                    words: words, assignments: [], redirections: [], keywords: [], connector: "", span: span.span,
                    line: document.line(at: span.span.start), origin: .codeSpan(index), role: role(span.block)))
        }
        return result.sorted { $0.span < $1.span }
    }

    /// Programs that the front matter says the skill is about: its own name, and the `bins` of its metadata.
    private static func declared(_ document: SkillDocument) -> Set<String> {
        var names: Set<String> = []
        if let name = document.frontMatter.name, name.utf8.count < 64 { names.insert(name) }
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

    static func isShell(_ fragment: Fragment) -> Bool { fragment.language == "bash" || !fragment.commands.isEmpty }

    /// Shells whose grammar is not read: only their lines that begin with a known program are.
    private static let plainShells: Set<String> = ["powershell", "pwsh", "ps1", "bat", "cmd", "batch", "fish"]

    private static func isRunnable(_ word: String) -> Bool {
        Programs.isKnown(word) || Programs.isCommonShell(word)
    }

    private static func unmarked(
        _ fragment: Fragment, _ index: Int, _ document: SkillDocument, _ role: SectionRole
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
                let words = CommandLine.words(part)
                let known = words.first.map { Programs.isKnown($0) } ?? false
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
