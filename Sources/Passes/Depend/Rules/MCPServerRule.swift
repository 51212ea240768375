import Basics
import SkillModel

/// MCP servers: `mcp__sentry__search` in code or text → sentry; "the Sentry MCP server" → sentry; "the mcp-acme MCP server",
/// whose name says it → mcp-acme; the keys of `"mcpServers"` in a JSON fragment, with the known program that starts them.
enum MCPServerRule: DependencyRule {
    static let id = "depend.mcp.server"
    static let message = "this MCP server is needed"

    static func find(_ reading: SkillReading) -> [Dependency] {
        var found = configured(reading)
        for sentence in reading.sentences {
            // A heading's capitals name no server: "Setup MCP Server".
            let isHeading = reading.document.blocks[sentence.block].kind == .heading
            for (index, word) in sentence.words.enumerated() {
                let evidence = reading.document.evidence(word.span)
                for server in servers(inToolNames: word.text) {
                    found.append(Dependency(.mcp, server, evidence: [evidence]))
                }
                if !isHeading, !denial.isIn(sentence.words), let name = serverName(index, sentence.words) {
                    found.append(
                        Dependency(.mcp, name, required: !Optionality.isOptional(sentence), evidence: [evidence]))
                }
                if word.text == "MCP", !isHeading, !denial.isIn(sentence.words),
                    let name = nameBefore(index, sentence, reading.document),
                    names(index, sentence),
                    !isPlanned(sentence.block, reading)
                {
                    found.append(
                        Dependency(.mcp, name, required: !Optionality.isOptional(sentence), evidence: [evidence]))
                }
            }
        }
        return found + described(reading) + connected(reading)
    }

    /// "using acme-mcp-server's tools": a name that says that it is one, after what reaches it or before what it has.
    private static func serverName(_ index: Int, _ words: [Word]) -> String? {
        let word = words[index].lower
        let name = word.hasSuffix("'s") ? String(word.dropLast(2)) : word
        guard name.hasSuffix("-mcp-server"), name.utf8.count > 12, index > 0 else { return nil }
        let isReached = reaching.contains(words[index - 1].lower)
        let isOwner = words[(index + 1)...].prefix(4).contains { $0.lower == "tools" || $0.lower == "server" }
        return isReached && isOwner ? name : nil
    }

    /// "… in connected Google Calendar data": what a harness connects to comes as a server, where a skill runs nothing.
    private static func connected(_ reading: SkillReading) -> [Dependency] {
        let words = reading.description
        guard reading.invocations.isEmpty,
            let entry = reading.document.frontMatter.entries.first(where: { $0.key == "description" })
        else { return [] }
        return words.indices.dropFirst().compactMap { index in
            guard words[index - 1].lower == "connected", let service = Services.named(words, at: index) else {
                return nil
            }
            let name = service.name.split(separator: " ").joined(separator: "-")
            return Dependency(.mcp, name, evidence: [reading.document.evidence(entry.span)])
        }
    }

    /// "… via Rube MCP." in the description.
    private static func described(_ reading: SkillReading) -> [Dependency] {
        let words = reading.description
        let sentence = Sentence(words: words, span: SourceSpan(0, 0), block: 0)
        guard let entry = reading.document.frontMatter.entries.first(where: { $0.key == "description" }) else {
            return []
        }
        return words.indices.dropFirst().compactMap { index in
            guard words[index].text == "MCP", reaching.contains(before(index, words)),
                let name = nameBefore(index, sentence, nil)
            else { return nil }
            return Dependency(.mcp, name, evidence: [reading.document.evidence(entry.span)])
        }
    }

    /// The word before the capitalised ones before `index`.
    private static func before(_ index: Int, _ words: [Word]) -> String {
        words[max(0, index - 8)..<index].last { $0.text.first?.isUppercase != true }?.lower ?? ""
    }

    private static let reaching: Set<String> = ["via", "through", "using", "the", "with", "by"]

    private static let denial = PhraseTable(["do not", "don't", "instead of", "rather than", "without"])

    /// The section announces what is not there yet.
    private static func isPlanned(_ block: Int, _ reading: SkillReading) -> Bool {
        reading.document.blocks[block].section.map {
            planned.isIn(WordScanner.words(reading.document.sections[$0].title))
        } ?? false
    }

    private static let planned = PhraseTable(["coming soon", "planned", "future", "roadmap", "upcoming", "not yet"])

    /// The keys of `"mcpServers": {…}` in a block of code. O(length of the blocks).
    private static func configured(_ reading: SkillReading) -> [Dependency] {
        reading.document.fragments.flatMap { fragment -> [Dependency] in
            guard let marker = fragment.text[...].range(of: "\"mcpServers\""), !isPlanned(fragment.block, reading)
            else {
                return []
            }
            let evidence = [reading.document.evidence(fragment.content)]
            let servers = fragment.text[marker.upperBound...]
            return programs(servers).map { Dependency(.binary, $0, evidence: evidence) }
                + keys(ofObjectIn: servers).filter {
                    CommandLine.isProgramName($0) && !PackageName.isPlaceholder($0)
                }.map { Dependency(.mcp, $0, evidence: evidence) }
        }
    }

    /// The values of `"command"`, of which a harness starts the servers. O(length).
    private static func programs(_ text: Substring) -> [String] {
        var found: Set<String> = []
        var rest = text
        while let key = rest.range(of: "\"command\""), found.count < 32 {
            rest = rest[key.upperBound...]
            let value = rest.drop { $0 == ":" || $0.isWhitespace }.dropFirst().prefix(64).prefix { $0 != "\"" }
            if Programs.isKnown(String(value)) { found.insert(String(value)) }
        }
        return found.sorted()
    }

    /// The keys of the first object of a text, not those of the objects in it.
    private static func keys(ofObjectIn text: Substring) -> [String] {
        var depth = 0
        var isQuoted = false
        var keys: [String] = []
        var last = ""
        for character in text {
            if isQuoted {
                if character == "\"" { isQuoted = false } else { last.append(character) }
                continue
            }
            switch character {
            case "\"":
                isQuoted = true
                last = ""
            case "{", "[": depth += 1
            case "}", "]":
                depth -= 1
                if depth <= 0 { return keys }
            case ":" where depth == 1 && !last.isEmpty && keys.count < 32:
                keys.append(last.lowercased())
            default: continue
            }
        }
        return keys
    }

    /// "… MCP server", "… MCP tools", "… MCP to …": what comes after must not make it a word of the title.
    private static func names(_ index: Int, _ sentence: Sentence) -> Bool {
        guard index + 1 < sentence.words.count else { return true }
        return [
            "server", "servers", "tool", "tools", "is", "connection", "to", "must", "integration", "available", "or",
            "and",
        ]
        .contains(sentence.words[index + 1].lower)
    }

    private static func isCode(_ word: Word, _ document: SkillDocument?) -> Bool {
        guard let bytes = document?.bytes, word.span.start > 0, word.span.end < bytes.count else { return false }
        return bytes[word.span.start - 1] == UInt8(ascii: "`") && bytes[word.span.end] == UInt8(ascii: "`")
    }

    /// The capitalised words before `MCP`: `Google Calendar MCP` → google-calendar; a name in small letters that is code, or has
    /// `mcp` in it.
    private static func nameBefore(_ index: Int, _ sentence: Sentence, _ document: SkillDocument?) -> String? {
        var parts: [String] = []
        var at = index - 1
        if at >= 0, sentence.words[at].text == sentence.words[at].lower {
            let name = sentence.words[at].lower
            // Written as code: "the `github` MCP server".
            if isCode(sentence.words[at], document), CommandLine.isProgramName(name) { return name }
            return name.split(separator: "-").count > 1 && name.split(separator: "-").contains("mcp") ? name : nil
        }
        while at >= 0, parts.count < 3, let first = sentence.words[at].text.first, first.isUppercase,
            sentence.words[at + 1].span.start - sentence.words[at].span.end == 1
        {
            let word = sentence.words[at]
            let lower = word.lower.hasSuffix("'s") ? String(word.lower.dropLast(2)) : word.lower
            if [
                "The", "A", "An", "Use", "Using", "Via", "With", "If", "All", "Any", "No", "Step", "Your", "This",
                "When", "Prefer", "Tools", "Check", "Configure", "Requires", "Setup", "Available", "Third-Party",
                "Connect",
                "Start", "Run", "Install", "Build", "Create", "Custom", "Remote", "Local", "Query", "Call", "Add",
                "These", "Each", "Their", "Rust", "Python", "Swift", "Go", "TypeScript", "Java", "Kotlin", "Ruby",
                "PHP", "Node",
                "Official", "New", "Model", "Context", "Protocol", "Agent", "Agents", "Registry",
            ].contains(word.text) {
                break
            }
            parts.insert(lower, at: 0)
            at -= 1
        }
        return parts.isEmpty ? nil : parts.joined(separator: "-")
    }

    /// The server part of each `mcp__server__tool` in a text. O(length).
    static func servers(inToolNames text: String) -> [String] {
        var names: [String] = []
        var rest = text[...]
        while let open = rest.range(of: "mcp__") {
            rest = rest[open.upperBound...]
            var name = ""
            while let character = rest.first,
                character.isLetter || character.isNumber || character == "-" || character == "_"
            {
                if rest.hasPrefix("__") { break }
                name.append(character)
                rest = rest.dropFirst()
            }
            if !name.isEmpty, name != "_" { names.append(name.lowercased()) }
        }
        return names
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            Call `⟦mcp__linear__search⟧`.
            """,
            finds: "mcp linear"),
        RuleExample(
            """
            Use the Sentry ⟦MCP⟧ server.
            """,
            finds: "mcp sentry"),
        RuleExample(
            """
            Search with the mcp-acme ⟦MCP⟧ server.
            """,
            finds: "mcp mcp-acme"),
        RuleExample(
            """
            Look it up using ⟦acme-mcp-server's⟧ search tools.
            """,
            finds: "mcp acme-mcp-server"),
        RuleExample(
            """
            ```json
            ⟦{"mcpServers": {"maps": {"command": "x"}}}
            ⟧```
            """,
            finds: "mcp maps"),
        RuleExample(
            """
            ```json
            ⟦{"mcpServers": {"maps": {"command": "node", "args": ["x.js"]}}}
            ⟧```
            """,
            finds: "binary node",
            "mcp maps"),
        RuleExample(
            """
            ---
            name: pages
            ⟦description: Reads connected Notion pages.⟧
            ---
            Look them up.
            """,
            finds: "mcp notion"),
        .nothing(
            """
            ## Setup MCP Server

            Text.
            """),
        .nothing(
            """
            Do not rely on Acme MCP tools.
            """),
    ]
}
