import SkillModel

/// MCP servers: `mcp__sentry__search` in code or text → sentry; "the Sentry MCP server" → sentry; the keys of
/// `"mcpServers"` in a JSON fragment.
enum MCPServerRule: DependencyRule {
    static let id = "depend.mcp.server"

    static func find(_ reading: SkillReading) -> [Dependency] {
        var found = configured(reading)
        for sentence in reading.sentences {
            for (index, word) in sentence.words.enumerated() {
                let evidence = reading.document.evidence(word.span)
                for server in servers(inToolNames: word.text) {
                    found.append(Dependency(.mcp, server, evidence: [evidence]))
                }
                if word.text == "MCP", let name = nameBefore(index, sentence), names(index, sentence) {
                    found.append(
                        Dependency(.mcp, name, required: !Optionality.isOptional(sentence), evidence: [evidence]))
                }
            }
        }
        return found
    }

    /// The keys of `"mcpServers": {…}` in a block of code. O(length of the blocks).
    private static func configured(_ reading: SkillReading) -> [Dependency] {
        reading.document.fragments.flatMap { fragment -> [Dependency] in
            guard let marker = fragment.text[...].range(of: "\"mcpServers\"") else { return [] }
            let evidence = [reading.document.evidence(fragment.content)]
            return keys(ofObjectIn: fragment.text[marker.upperBound...]).filter { CommandLine.isProgramName($0) }.map {
                Dependency(.mcp, $0, evidence: evidence)
            }
        }
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

    /// The capitalised words before `MCP`: `Google Calendar MCP` → google-calendar.
    private static func nameBefore(_ index: Int, _ sentence: Sentence) -> String? {
        var parts: [String] = []
        var at = index - 1
        while at >= 0, parts.count < 2, let first = sentence.words[at].text.first, first.isUppercase {
            let word = sentence.words[at]
            if [
                "The", "A", "An", "Use", "Using", "Via", "With", "If", "All", "Any", "No", "Step", "Your", "This",
                "When", "Prefer", "Tools", "Check", "Configure", "Requires",
            ].contains(word.text) {
                break
            }
            parts.insert(word.lower, at: 0)
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
}

/// Whether a sentence says that what it names is not needed always.
enum Optionality {
    private static let phrases = PhraseTable([
        "optional", "optionally", "if available", "if installed", "alternatively", "recommended", "or use",
        "instead of",
        "not required", "nice to have", "if you have", "if you prefer", "fallback", "fall back",
    ])
    static func isOptional(_ sentence: Sentence) -> Bool { phrases.isIn(sentence.words) }
}
