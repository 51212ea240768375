import Basics
import SkillModel

/// Environment variables that must be set.
///
/// `export SERPER_API_KEY="…"`, `-H "Bearer $X_TOKEN"`, `os.environ["X_URL"]`, "Needs OPENAI_API_KEY environment
/// variable". A variable that the skill itself sets, from a command or in code, is its own, and so is a
/// placeholder (`--image IMAGE_URL`, `[ACCOUNT_ID]`); a name in capitals that is no setting
/// by its ending (`NO_DATA_FOUND`, `MAX_RETRIES`) counts only where the text calls it an environment variable. Optional is
/// one with a default (`${X_DIR:-~/x}`), one that a step makes ("created in step 1"), one that the text exports with a whole value, one that overrides something, one whose row says that it is not required, and the second
/// of two that "or" joins.
enum EnvironmentVariableRule: DependencyRule {
    static let id = "depend.env.variable"
    static let message = "this environment variable must be set"

    static func find(_ reading: SkillReading) -> [Dependency] {
        let known = OwnVariables(reading)
        return uses(of: reading).compactMap { use in
            guard !known.own.contains(use.name), !standard.contains(use.name), isSetting(use.name) || use.isDeclared,
                use.isDeclared || !known.placeholders.contains(use.name)
            else { return nil }
            return Dependency(
                .env, use.name,
                required: !use.isOptional && !known.made.contains(use.name) && !known.literals.contains(use.name),
                evidence: [reading.document.evidence(use.span)])
        }
    }

    struct Use: Sendable {
        var name: String
        var span: SourceSpan
        /// The text calls it an environment variable, or code reads it from the environment.
        var isDeclared: Bool
        var isOptional: Bool
    }

    /// Every mention of a name in capitals, in the order of the text.
    static func uses(of reading: SkillReading) -> [Use] {
        reading.once("variables") { mentions(in: reading) }
    }

    private static func mentions(in reading: SkillReading) -> [Use] {
        var uses: [Use] = []
        let headed = underHeading(reading)
        let unneeded = EnvironmentDefaults.unneededRows(reading.document)
        for sentence in reading.sentences {
            if provided.isIn(sentence.words) { continue }
            let declared = declaring.isIn(sentence.words) || headed.contains(sentence.block)
            // "Set `X_KEY` and, optionally, `LOG_LEVEL`": the word speaks of what follows it.
            let aside = asides.first(in: sentence.words)
            let before = aside.map { Array(sentence.words[..<$0.lowerBound]) }
            let named = before?.contains { isName($0.text) } ?? false
            let optional =
                Optionality.isOptional(sentence) || overriding.isIn(sentence.words) || unneeded.contains(sentence.block)
            let isSet =
                setting.isIn(Array(sentence.words.prefix(1)))
                && sentence.words.contains { isName($0.text) && isSetting($0.text) }
            for (index, word) in sentence.words.enumerated() where isName(word.text) {
                uses.append(
                    Use(
                        name: word.text, span: word.span, isDeclared: declared || isSet,
                        isOptional: (named ? index >= (aside?.lowerBound ?? 0) : optional)
                            || isInstead(index, sentence.words)))
            }
        }
        uses += given(reading)
        for fragment in reading.document.fragments {
            let role = reading.role(ofBlock: fragment.block)
            guard role != .troubleshooting else { continue }
            let words = WordScanner.sentences(reading.document.bytes, fragment.content, block: fragment.block).flatMap(
                \.words)
            for word in words {
                // `process.env.X_KEY` is one word to the scanner.
                let parts = word.text.split(separator: ".").map(String.init)
                guard let name = parts.last, isName(name) else { continue }
                let before = reading.document.bytes[max(0, word.span.start - 14)..<word.span.start]
                let context = String(decoding: before, as: UTF8.self)
                let fromEnvironment = parts.dropLast().contains("env") || context.contains("env")
                let expanded = context.hasSuffix("$") || context.hasSuffix("${")
                let isFile = ["env", "dotenv"].contains(fragment.language) && context.hasSuffix("\n")
                let exported = context.hasSuffix("export ") || isFile
                guard fromEnvironment || expanded || exported else { continue }
                uses.append(
                    Use(
                        name: name, span: word.span,
                        isDeclared: fromEnvironment || exported || (expanded && isPlace(name)),
                        isOptional: EnvironmentDefaults.hasOne(word.span, reading.document.bytes)))
            }
        }
        return uses
    }

    /// "`ACME_KEY` (preferred) or `OTHER_KEY`": the second stands in for the first.
    private static func isInstead(_ index: Int, _ words: [Word]) -> Bool {
        index > 1 && words[index - 1].lower == "or"
            && words[max(0, index - 4)..<(index - 1)].contains { isName($0.text) }
    }

    /// Credentials that a command is given before its name: `ACME_TOKEN=… acme sync`.
    private static func given(_ reading: SkillReading) -> [Use] {
        reading.invocations.filter { !$0.words.isEmpty && $0.role != .troubleshooting }.flatMap { invocation in
            invocation.assignments.compactMap { assignment in
                guard let equals = assignment.firstIndex(of: "="), isName(String(assignment[..<equals])),
                    secretEndings.contains(where: { assignment[..<equals].hasSuffix($0) })
                else { return nil }
                return Use(
                    name: String(assignment[..<equals]), span: invocation.span, isDeclared: true, isOptional: false)
            }
        }
    }

    /// Table rows and items under a heading that announces environment variables.
    private static func underHeading(_ reading: SkillReading) -> Set<Int> {
        let sections = reading.document.sections
        let announcing = sections.map { variables.isIn(WordScanner.words($0.title)) }
        return Set(
            reading.document.blocks.indices.filter { index in
                guard let section = reading.document.blocks[index].section, announcing.indices.contains(section),
                    announcing[section]
                else { return false }
                return reading.document.blocks[index].kind == .tableRow || reading.isInItem(index)
            })
    }

    /// The surroundings set it: nobody has to.
    private static let provided = PhraseTable([
        "set by", "provided by", "injected by", "set automatically", "automatically set", "auto-set",
        "is provided the", "are provided the", "placeholder*",
    ])
    private static let variables = PhraseTable(["environment variable*", "env var*", "environment", "env"])
    /// "The environment" alone may be the one that a kernel is built in.
    private static let declaring = PhraseTable([
        "environment variable*", "env var*", "in the environment", "from the environment", "your environment",
        "in environment", "from environment", "via environment", "export", "env",
    ])
    private static let overriding = PhraseTable(["overrid*"])
    private static let setting = PhraseTable(["set", "export", "define"])
    private static let asides = PhraseTable(["optionally"])

    /// Two words of capitals and digits at least, joined by `_`: `X_KEY`.
    static func isName(_ text: String) -> Bool {
        guard text.utf8.count >= 5, text.utf8.count <= 80, let first = text.utf8.first, first >= 0x41, first <= 0x5A,
            text.utf8.contains(0x5F), text.utf8.last != 0x5F
        else { return false }
        return text.utf8.allSatisfy { ($0 >= 0x41 && $0 <= 0x5A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x5F }
    }

    /// The name of a place or identity that a command takes from outside.
    private static func isPlace(_ name: String) -> Bool {
        ["_DIR", "_ROOT", "_PATH", "_WORKSPACE", "_REGION", "_PROJECT", "_PROFILE", "_EMAIL"].contains {
            name.hasSuffix($0)
        }
    }

    static func isSetting(_ name: String) -> Bool {
        settingEndings.contains { name.hasSuffix($0) } && !name.hasPrefix("YOUR_") && !name.hasPrefix("MY_")
    }

    static let secretEndings = [
        "_API_KEY", "_TOKEN", "_SECRET", "_PASSWORD", "_APIKEY", "_ACCESS_KEY", "_AUTH_TOKEN", "_PASS", "_SECRET_KEY",
        "_KEY", "_CREDENTIALS",
    ]
    private static let settingEndings =
        secretEndings + [
            "_APP_ID", "_CLIENT_ID", "_ACCOUNT_SID", "_SID", "_ACCOUNT_ID", "_PROJECT_ID", "_WORKSPACE_ID", "_ORG_ID",
            "_BASE_URL", "_API_URL", "_URL", "_ENDPOINT", "_HOST", "_HOME", "_ORG",
        ]
    private static let standard: Set<String> = [
        "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "JAVA_HOME", "API_KEY", "BASE_URL", "CODEX_HOME",
        "API_BASE_URL", "ACCESS_TOKEN", "YOUR_API_KEY", "API_TOKEN", "API_URL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
        "PKG_CONFIG_PATH", "CUDA_HOME", "CUDA_VISIBLE_DEVICES", "XDG_RUNTIME_DIR", "GITHUB_OUTPUT", "GITHUB_ENV",
    ]

    static let examples: [RuleExample] = [
        RuleExample(
            """
            Needs ⟦OPENAI_API_KEY⟧ environment variable.
            """,
            finds: "env OPENAI_API_KEY"),
        RuleExample(
            """
            ```python
            import os
            os.environ['⟦ACME_REGION⟧']
            ```
            """,
            finds: "env ACME_REGION"),
        RuleExample(
            """
            ## Environment variables

            | Name | Use |
            |---|---|
            | `⟦X_MODE⟧` | how |
            """,
            finds: "env X_MODE"),
        RuleExample(
            """
            Set `⟦ACME_API_KEY⟧` and, optionally, `⟦LOG_LEVEL⟧`.
            """,
            finds: "env ACME_API_KEY",
            "env LOG_LEVEL, optional"),
        RuleExample(
            """
            ```bash
            export ⟦ACME_TOKEN⟧=...
            ⟦OTHER_API_KEY=… acme sync⟧
            ```
            """,
            finds: "env OTHER_API_KEY",
            "env ACME_TOKEN"),
        RuleExample(
            """
            ```bash
            cp a "${⟦ACME_DIR⟧:-$HOME/acme}"
            export ⟦ACME_URL⟧=https://acme.dev  # optional, that is the default
            ```
            """,
            finds: "env ACME_DIR, optional",
            "env ACME_URL, optional"),
        RuleExample(
            """
            ## Environment variables

            | Name | Required | Use |
            |---|---|---|
            | `⟦ACME_KEY⟧` | Yes | who |
            | `⟦ACME_MODE⟧` | No | how |

            Set `⟦ACME_TOKEN⟧` (preferred) or `⟦OTHER_TOKEN⟧`.
            """,
            finds: "env ACME_KEY",
            "env ACME_MODE, optional",
            "env ACME_TOKEN",
            "env OTHER_TOKEN, optional"),
        .nothing(
            """
            ```bash
            notes deploy --image IMAGE_URL --account [ACCOUNT_ID]
            ```

            Replace IMAGE_URL by the image. Each task is provided the environment variable `NOTES_TASK_INDEX`.

            ```python
            os.environ["NOTES_CONNECTIONS"] = "1"
            ```
            """),
        RuleExample(
            """
            ```bash
            export ⟦NOTES_BROWSER_ENABLED⟧=true
            ```
            """,
            finds: "env NOTES_BROWSER_ENABLED, optional"),
        RuleExample(
            """
            Set `⟦NOTES_API_URL⟧` and `⟦NOTES_LIST_SID⟧` (created in step 1).
            """,
            finds: "env NOTES_API_URL",
            "env NOTES_LIST_SID, optional"),
        .nothing(
            """
            The status `NOT_RUN` is right where the build environment is not present.
            """),
        .nothing(
            """
            The error `NO_DATA_FOUND` and the option `MAX_RETRIES`.
            """),
        .nothing(
            """
            ```bash
            OUT_TOKEN=$(date)
            echo $OUT_TOKEN
            ```
            """),
        .nothing(
            """
            The environment variable `NODE_RANK` is set by the launcher.
            """),
    ]
}
