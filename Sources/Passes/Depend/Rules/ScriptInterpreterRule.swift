import Basics
import SkillModel

/// What reads a script that a command runs by its path: `scripts/report.py week` → binary python3, `./fetch.mjs` → binary
/// node.
///
/// Not: shell scripts, which any machine reads; a path that begins with another tool's variable; and where commands name
/// an interpreter of the language themselves.
enum ScriptInterpreterRule: DependencyRule {
    static let id = "depend.binary.interpreter"
    static let message = "a script that is run by its path needs it"

    static func find(_ reading: SkillReading) -> [Dependency] {
        let programs = Set(reading.invocations.map(\.program))
        return reading.invocations.compactMap { invocation in
            guard ![.links, .troubleshooting].contains(invocation.role), !invocation.isInline,
                let path = invocation.unwrapped.first, path.contains("/"), !path.contains("://"), isOwn(path),
                let language = languages.first(where: { $0.endings.contains { path.hasSuffix($0) } }),
                programs.isDisjoint(with: language.interpreters)
            else { return nil }
            return Dependency(
                .binary, language.name, evidence: [Evidence(line: invocation.line, span: invocation.span)])
        }
    }

    /// The names by which the skill's own scripts can be called once they are installed: `./quota.py` → quota.
    static func ownPrograms(_ reading: SkillReading) -> Set<String> {
        Set(
            reading.invocations.compactMap { invocation in
                guard let path = invocation.unwrapped.first, path.contains("/"), !path.hasPrefix("/"), isOwn(path),
                    endings.contains(where: { path.hasSuffix($0) }), let file = path.split(separator: "/").last
                else { return nil }
                return file.split(separator: ".").first.map(String.init)
            })
    }

    /// No path of another tool's folder; the variables of a harness stand for the skill's own.
    private static func isOwn(_ path: String) -> Bool {
        guard path.contains("$") || path.contains("{") else { return true }
        return SkillFolder.isVariable(path.prefix { $0 != "/" }) || path.contains("PLUGIN_ROOT")
    }

    private static let endings = languages.flatMap(\.endings) + [".sh", ".bash", ".ts", ".pl"]
    private static let languages: [(name: String, endings: [String], interpreters: Set<String>)] = [
        ("python3", [".py"], ["python", "python3", "uv", "uvx", "pipx", "py"]),
        ("node", [".js", ".mjs", ".cjs"], ["node", "bun", "deno"]),
        ("ruby", [".rb"], ["ruby"]),
    ]

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```bash
            ⟦scripts/report.py week⟧
            ```
            """,
            finds: "binary python3"),
        RuleExample(
            """
            ```bash
            ⟦{baseDir}/scripts/report.py week⟧
            ```
            """,
            finds: "binary python3"),
        RuleExample(
            """
            ```bash
            ⟦./fetch.mjs --all⟧
            ./run.sh
            ```
            """,
            finds: "binary node"),
        .nothing(
            """
            ```bash
            uv run setup
            ./report.py week
            ```
            """),
        .nothing(
            """
            ```bash
            "${OTHER_TOOL_PATH}/scripts/report.py" week
            ```
            """),
    ]
}
