import Basics
import SkillModel

/// Characters that a reader does not see but a model reads: zero-width and bidirectional controls, tag characters; and
/// HTML comments that speak to the agent. A zero-width joiner inside an emoji and a BOM at the start are none.
enum HiddenTextRule: HazardRule {
    static let id = "hazard.hidden-text"

    static func find(_ reading: SkillReading) -> [HazardFinding] {
        var found: [HazardFinding] = []
        var offset = 0
        var previous: Unicode.Scalar = " "
        for scalar in reading.document.source.unicodeScalars {
            let length = UTF8.width(scalar)
            if isHidden(scalar, after: previous, at: offset), found.count < 20 {
                found.append(
                    finding(
                        SourceSpan(offset, offset + length), reading,
                        "has an invisible character U+\(String(scalar.value, radix: 16, uppercase: true))"))
            }
            offset += length
            previous = scalar
        }
        for (index, block) in reading.document.blocks.enumerated() where block.kind == .html {
            guard let span = comment(at: block.span.start, reading.document) else { continue }
            let words = WordScanner.sentences(reading.document.bytes, span, block: index).flatMap(\.words)
            if addressing.isIn(words) { found.append(finding(span, reading, "has a comment that speaks to the agent")) }
        }
        return found
    }

    /// The HTML comment that begins at `start`, to its end or that of the text.
    private static func comment(at start: Int, _ document: SkillDocument) -> SourceSpan? {
        let bytes = document.bytes
        guard start + 4 <= bytes.count, bytes[start..<start + 4].elementsEqual("<!--".utf8) else { return nil }
        var end = start + 4
        while end + 3 <= bytes.count, !bytes[end..<end + 3].elementsEqual("-->".utf8) { end += 1 }
        return SourceSpan(start, min(end + 3, bytes.count))
    }

    private static func isHidden(_ scalar: Unicode.Scalar, after previous: Unicode.Scalar, at offset: Int) -> Bool {
        switch scalar.value {
        case 0x200B, 0x2060, 0x202A...0x202E, 0x2066...0x2069, 0xE0001...0xE007F: true
        case 0x200D, 0x200C: previous.value < 0x0600  // between letters of scripts that need no joiner
        case 0xFEFF: offset > 0
        default: false
        }
    }

    private static let addressing = PhraseTable([
        "ignore", "you must", "assistant", "do not tell", "secretly", "as an ai", "agent must", "execute", "send the",
    ])

    private static func finding(_ span: SourceSpan, _ reading: SkillReading, _ message: String) -> HazardFinding {
        HazardFinding(kind: .hiddenText, line: reading.document.line(at: span.start), span: span, message: message)
    }
}

/// Instructions that come from elsewhere at run time: a Markdown file that a command downloads as a skill, or "fetch
/// https://…/heartbeat.md and follow it".
enum RemoteInstructionsRule: HazardRule {
    static let id = "hazard.remote-instructions"

    static func find(_ reading: SkillReading) -> [HazardFinding] {
        var found = reading.invocations.compactMap { invocation -> HazardFinding? in
            guard ["curl", "wget"].contains(invocation.program),
                invocation.words.contains(where: { $0.contains("://") && $0.lowercased().hasSuffix(".md") })
            else { return nil }
            return finding(invocation.span, reading)
        }
        // So many of a block's sentences tell what it says of its links.
        let sentences = Dictionary(grouping: reading.sentences, by: \.block).mapValues { $0.prefix(64) }
        for link in reading.document.links
        where link.destination.lowercased().hasSuffix(".md") && link.destination.contains("://") {
            let words = (sentences[link.block] ?? []).flatMap(\.words)
            if following.isIn(words) { found.append(finding(link.span, reading)) }
        }
        // "Visit [this page](https://…) and execute the command there": no file of a known kind, but its text is obeyed.
        for link in reading.document.links where link.destination.contains("://") && !link.isImage {
            let near = (sentences[link.block] ?? []).filter {
                $0.span.start <= link.span.start + 2 && link.span.start <= $0.span.end + 4
            }
            for sentence in near {
                let after = sentence.words.filter { $0.span.start >= link.span.start }
                let before = sentence.words.filter { $0.span.end <= link.span.start + 2 }
                if going.isIn(before), obeying.isIn(after) { found.append(finding(link.span, reading)) }
            }
        }
        for sentence in reading.sentences where following.isIn(sentence.words) {
            let text = reading.document.text(sentence.span)
            guard text[...].range(of: "://") != nil, fetching.isIn(sentence.words) else { continue }
            found.append(finding(sentence.span, reading))
        }
        return found
    }

    private static let following = PhraseTable([
        "follow the instructions", "follow it", "follow its instructions", "follow those", "and follow",
        "do what it says", "execute the instructions",
        "latest instructions", "obey",
    ])
    private static let going = PhraseTable(["visit", "open", "go to", "follow", "navigate to", "browse to"])
    private static let obeying = PhraseTable([
        "execute the", "run the command*", "run the script*", "paste the", "execute it", "run it", "copy the command",
        "installation command",
        "execute them",
    ])
    private static let fetching = PhraseTable(["fetch", "read", "download", "load", "curl", "visit", "check"])

    private static func finding(_ span: SourceSpan, _ reading: SkillReading) -> HazardFinding {
        HazardFinding(
            kind: .remoteInstructions, line: reading.document.line(at: span.start), span: span,
            message: "takes its instructions from another site at run time")
    }
}

/// Text that works against the user or the harness: "ignore previous instructions", "do not tell the user".
enum PromptInjectionRule: HazardRule {
    static let id = "hazard.prompt-injection"

    static func find(_ reading: SkillReading) -> [HazardFinding] {
        reading.sentences.compactMap { sentence in
            guard let range = attacks.first(in: sentence.words), !defensive.isIn(sentence.words) else { return nil }
            let span = SourceSpan(
                sentence.words[range.lowerBound].span.start, sentence.words[range.upperBound - 1].span.end)
            return HazardFinding(
                kind: .promptInjection, line: reading.document.line(at: span.start), span: span,
                message:
                    "'\(sentence.words[range].map(\.text).joined(separator: " "))' works against the user or the harness"
            )
        }
    }

    private static let attacks = PhraseTable([
        "ignore previous instructions", "ignore all previous", "ignore your previous",
        "ignore the previous instructions",
        "disregard previous", "disregard all previous", "disregard your instructions", "override your instructions",
        "do not tell the user", "don't tell the user", "without telling the user", "without the user knowing",
        "hide this from the user",
        "do not mention this to the user", "bypass your safety", "override your system prompt",
        "ignore your system prompt",
        "you are no longer", "forget your instructions", "forget all previous", "ignore any previous",
    ])
    private static let defensive = PhraseTable([
        "detect", "detects", "such as", "e.g", "like", "example", "attack*", "injection", "malicious", "never",
        "reject", "flag", "treat", "if you see",
    ])
}
