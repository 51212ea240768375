import Basics
import SkillModel

/// Programs and packages that the text says are needed, outside commands.
///
/// "Requires Node.js 18+" → binary node; "`gcloud` CLI authenticated" under Prerequisites → binary gcloud; "leverage the
/// `ffmpeg` binary". Optional is what a sentence calls so, takes if it is there ("if `ffmpeg` is available"), or joins by "or" to
/// others; what it refuses ("no `ruby` is required", "without Node") is none. A name alone is not enough: the sentence must demand it, or the section lists what is required.
enum ProseProgramRule: DependencyRule {
    static let id = "depend.binary.prose"
    static let message = "the text demands this program"

    static func find(_ reading: SkillReading) -> [Dependency] {
        var found: [Dependency] = []
        let spans = Dictionary(grouping: reading.document.codeSpans, by: \.block).mapValues { Array($0.prefix(64)) }
        for sentence in reading.sentences {
            let role = reading.role(of: sentence)
            guard role != .troubleshooting, role != .links, !isDenied(sentence) else { continue }
            let isDemand = role == .requirements || demand.isIn(sentence.words)
            let optional = Optionality.isOptional(sentence)
            for (index, word) in sentence.words.enumerated() {
                let next = index + 1 < sentence.words.count ? sentence.words[index + 1].lower : ""
                let isCalledProgram = programNouns.contains(next)
                guard isDemand || isCalledProgram, !isRefused(index, sentence) else { continue }
                let optional = optional || Substitutes.isOneOf(index, sentence, reading.document.bytes)
                let evidence = [reading.document.evidence(word.span)]
                if isDemand, let product = Products.needed(sentence.words, at: index),
                    role == .requirements || !languages.contains(word.lower)
                {
                    found.append(
                        Dependency(
                            product.kind, product.name, required: !optional,
                            version: StatedVersion.after(reading.document.bytes, word.span.end), evidence: evidence))
                } else if Programs.isNamed(word.text), !Products.commonWords.contains(word.text),
                    !installers.contains(word.text)
                {
                    found.append(Dependency(.binary, word.text, required: !optional, evidence: evidence))
                } else if isDemand, isNamed(index, sentence, isCalledProgram, spans[sentence.block] ?? []) {
                    found.append(Dependency(.binary, word.text, required: !optional, evidence: evidence))
                }
            }
        }
        return found + used(reading, spans)
    }

    /// "Optionally install `x` (not required)" denies nothing: it says how much it asks.
    private static func isDenied(_ sentence: Sentence) -> Bool {
        guard denial.isIn(sentence.words) else { return false }
        return !(sentence.words.first?.lower == "optionally" && !refusal.isIn(sentence.words))
    }

    /// "No `ruby` is required", "needs no Docker", "works without Node".
    private static func isRefused(_ index: Int, _ sentence: Sentence) -> Bool {
        sentence.words[max(0, index - 2)..<index].contains { ["no", "without", "neither", "nor"].contains($0.lower) }
    }

    /// A program that no table knows: called one by the next word and written as code or with a tool's ending ("the
    /// openclawcli utility"), or with such an ending right after what demands it.
    private static func isNamed(
        _ index: Int, _ sentence: Sentence, _ isCalledProgram: Bool, _ spans: [CodeSpan]
    ) -> Bool {
        let word = sentence.words[index]
        guard CommandLine.isProgramName(word.text), word.text == word.lower, word.text.utf8.count > 3,
            !Programs.ubiquitous.contains(word.text)
        else { return false }
        let isTool = word.text.utf8.count > 5 && (word.text.hasSuffix("cli") || word.text.hasSuffix("ctl"))
        let isDemanded = index > 0 && demand.isIn([sentence.words[index - 1]])
        return isTool && (isCalledProgram || isDemanded)
            || isCalledProgram && spans.contains { $0.text == word.text && $0.span == word.span }
    }

    /// A program's name as code in a sentence that has it used: "take the frames with `ffmpeg`".
    private static func used(_ reading: SkillReading, _ spans: [Int: [CodeSpan]]) -> [Dependency] {
        var found: [Dependency] = []
        for sentence in reading.sentences {
            let role = reading.role(of: sentence)
            let isIfThere = Optionality.isIfThere(sentence.words)
            guard ![.troubleshooting, .links, .background].contains(role), isIfThere || using.isIn(sentence.words),
                !isDenied(sentence)
            else { continue }
            for code in spans[sentence.block] ?? []
            where sentence.span.start <= code.span.start && code.span.end <= sentence.span.end + 1 {
                guard Programs.isNamed(code.text), !Programs.ubiquitous.contains(code.text),
                    !Products.ambiguousCode.contains(code.text), !isSkill(code, reading.document),
                    !Mention.isExample(code.span, reading.document)
                else { continue }
                let index = sentence.words.firstIndex { $0.span.start >= code.span.start } ?? 0
                if isRefused(index, sentence) { continue }
                found.append(
                    Dependency(
                        .binary, code.text, required: !Optionality.isOptional(sentence),
                        evidence: [reading.document.evidence(code.span)]))
            }
            guard role != .example, role != .advice || strictly.isIn(sentence.words) else { continue }
            found += plainly(sentence, reading)
        }
        return found
    }

    /// "Use the `himalaya` skill".
    private static func isSkill(_ code: CodeSpan, _ document: SkillDocument) -> Bool {
        let end = min(code.span.end + 7, document.bytes.count)
        return code.span.end < end && document.bytes[code.span.end..<end].elementsEqual("` skill".utf8)
    }

    /// Programs' names written as words: "Use local tools only (ffmpeg, whisper-cpp)", "extract it via pdftotext". Names
    /// that are words of English, or of languages and products besides, say nothing here.
    private static func plainly(_ sentence: Sentence, _ reading: SkillReading) -> [Dependency] {
        sentence.words.indices.compactMap { index in
            let word = sentence.words[index]
            guard index > 0, word.text == word.lower, Programs.isNamed(word.text),
                !Programs.ubiquitous.contains(word.text), !Products.commonWords.contains(word.text),
                !Products.ambiguousCode.contains(word.text), !installers.contains(word.text),
                !everyday.contains(word.text)
            else { return nil }
            let near = sentence.words[max(0, index - 4)..<index]
            if let before = near.last?.lower, runners.contains(before) { return nil }
            if isRefused(index, sentence) { return nil }
            // "Use the himalaya skill": another skill is called so, whatever it runs.
            if index + 1 < sentence.words.count, sentence.words[index + 1].lower == "skill" { return nil }
            guard using.isIn(Array(near)) || listing.isIn(sentence.words) else { return nil }
            if Mention.isExample(word.span, reading.document) { return nil }
            let isConditional = sentence.words.contains { $0.lower == "if" || $0.lower == "when" || $0.lower == "or" }
            return Dependency(
                .binary, word.text, required: !isConditional && !Optionality.isOptional(sentence),
                evidence: [reading.document.evidence(word.span)])
        }
    }

    private static let runners: Set<String> = ["npx", "bunx", "uvx", "pnpm", "yarn", "bun", "pipx", "not", "no"]
    private static let strictly = PhraseTable(["must", "always", "only", "never"])
    private static let listing = PhraseTable([
        "local tools", "command-line tools", "cli tools", "these tools", "tools only",
    ])
    /// Written small for the language, the repository or the interface as often as for the program.
    private static let everyday: Set<String> = [
        "python", "node", "git", "docker", "java", "php", "ruby", "perl", "curl", "bun", "deno", "dotnet", "cargo",
        "npx",
        "convex", "tsc", "vite", "prettier", "vitest", "tsx", "ts-node", "mypy", "ruff", "pytest", "eslint", "webpack",
        "esbuild", "rollup", "yarn", "gradle", "mysql", "terraform", "helm", "mermaid", "ssh", "tmux",
        "torchrun", "mcporter",
    ]

    private static let using = PhraseTable([
        "use", "uses", "using", "via", "run", "runs", "with", "through", "invoke", "install",
    ])

    private static let demand = PhraseTable([
        "require", "requires", "required", "prerequisite*", "must be installed", "must have", "depends on", "installed",
        "needs", "make sure", "ensure", "dependencies", "must be available", "on path", "must be running", "you need",
        "you'll need", "you will need",
    ])
    private static let refusal = PhraseTable([
        "do not use", "don't use", "never use", "avoid", "without", "instead of", "rather than",
    ])
    private static let denial = PhraseTable([
        "doesn't need", "does not need", "don't need", "do not need", "isn't required", "aren't required",
        "isn't needed", "don't require", "do not require", "no need", "not needed", "not required", "without",
        "do not use", "don't use", "instead of", "no api",
        "never use",
        "does not require", "doesn't require", "avoid", "rather than",
    ])
    /// Named as languages more often than as what must be there.
    private static let languages: Set<String> = ["java", "ruby", "php", "perl", "rust", "golang", "powershell", ".net"]
    private static let installers: Set<String> = ["pip", "pip3", "brew", "apt", "apt-get", "dnf", "yum", "pacman"]
    private static let programNouns: Set<String> = [
        "cli", "binary", "executable", "command-line", "daemon", "utility", "program",
    ]

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ## Prerequisites

            - ⟦Node.js⟧ 18+
            - `⟦gcloud⟧` CLI authenticated
            - ⟦ffmpeg⟧ (optional)
            """,
            finds: "binary node >=18",
            "binary gcloud",
            "binary ffmpeg, optional"),
        RuleExample(
            """
            The `⟦frob⟧` binary is required.
            """,
            finds: "binary frob"),
        RuleExample(
            """
            Use local tools only (⟦ffmpeg⟧, ⟦pdftotext⟧).
            """,
            finds: "binary ffmpeg",
            "binary pdftotext"),
        RuleExample(
            """
            Optionally install `⟦gifsicle⟧` (not required).

            If `⟦ffmpeg⟧` is available, it is used.
            """,
            finds: "binary gifsicle, optional",
            "binary gifsicle, optional",
            "binary gifsicle, optional",
            "binary ffmpeg, optional"),
        RuleExample(
            """
            Requires ⟦npm⟧, ⟦pnpm⟧ or ⟦yarn⟧, and `⟦jq⟧`.
            """,
            finds: "binary npm, optional",
            "binary pnpm, optional",
            "binary yarn, optional",
            "binary jq"),
        RuleExample(
            """
            ## Requirements

            ⟦Node.js⟧ 18+ recommended. ⟦ffmpeg⟧ is recommended.
            """,
            finds: "binary node >=18",
            "binary ffmpeg, optional"),
        .nothing(
            """
            No `ruby` is required. It doesn't need Docker and needs no Node.
            """),
        .nothing(
            """
            Use the `himalaya` skill for mail.
            """),
        .nothing(
            """
            No need for docker CLI.
            """),
        .nothing(
            """
            Node.js was born in 2009.
            """),
    ]
}
