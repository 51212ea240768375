import Basics
import SkillModel

/// Packages that a runner fetches and runs.
///
/// `npx ai-social README.md` → npm ai-social; `npx -y @scope/tool@1.2` → npm @scope/tool 1.2; `uvx ruff check`,
/// `pipx run black`, `bunx x`, `pnpm dlx x`, `npm exec x`, `go run host/x/cmd@v1`; `python3 -m mypackage` → pip mypackage. The runner itself is found as a
/// program. `npx tsc` names an executable of another package: the table has it.
enum PackageRunnerRule: DependencyRule {
    static let id = "depend.package.runner"
    static let message = "a runner fetches and runs this package"

    static func find(_ reading: SkillReading) -> [Dependency] {
        let own = Set([reading.document.frontMatter.name ?? "", reading.title].map { plain($0) })
        let folders = Set(reading.document.files.flatMap { $0.path.components.dropLast().map { String($0) } })
        let programs = Set(reading.invocations.map(\.program))
        return reading.invocations.compactMap { invocation in
            guard let (kind, word) = target(Array(invocation.unwrapped)) ?? module(Array(invocation.unwrapped)),
                let (name, version) = PackageName.parse(word, kind: kind), !name.isEmpty, !skillManagers.contains(name)
            else { return nil }
            // `python3 -m` of the skill's own name or folder runs what the skill brings; of a program that is run by its
            // own name too, it is another way to that.
            if kind == .pip, invocation.unwrapped.first?.hasPrefix("python") == true,
                own.contains(plain(name)) || folders.contains(name) || programs.contains(name)
            {
                return nil
            }
            let package =
                kind == .npm ? NodePackages.packageOfExecutable[name] ?? name : PythonPackages.package(of: name)
            // What stands behind the package is the program's.
            let own = invocation.unwrapped.prefix { $0 != word }
            let isElsewhere =
                Installer.isElsewhere(own, kind) || PackagePlace.isElsewhere(invocation.assignments)
            return Dependency(
                kind, package, required: invocation.role != .troubleshooting && !invocation.isGuarded, version: version,
                isElsewhere: isElsewhere ? true : nil,
                evidence: [Evidence(line: invocation.line, span: invocation.span)])
        }
    }

    /// They bring skills to a harness: how this or another skill comes to a machine, not what it needs there.
    static let skillManagers: Set<String> = ["skills", "add-skill", "clawhub", "clawdhub", "openskills"]

    /// Letters and digits alone.
    private static func plain(_ name: String) -> String {
        String(name.lowercased().filter { $0.isLetter || $0.isNumber })
    }

    /// The package word of a runner's command line.
    static func target(_ words: [String]) -> (kind: Dependency.Kind, word: String)? {
        guard let first = words.first else { return nil }
        switch first {
        case "npx", "bunx": return firstArgument(words.dropFirst()).map { (.npm, $0) }
        case "pnpm" where words.dropFirst().first == "dlx": return firstArgument(words.dropFirst(2)).map { (.npm, $0) }
        case "yarn" where words.dropFirst().first == "dlx": return firstArgument(words.dropFirst(2)).map { (.npm, $0) }
        case "npm" where ["exec", "x"].contains(words.dropFirst().first):
            return firstArgument(words.dropFirst(2)).map { (.npm, $0) }
        case "uvx": return firstArgument(words.dropFirst()).map { (.pip, $0) }
        case "uv" where words.dropFirst().starts(with: ["tool", "run"]):
            return firstArgument(words.dropFirst(3)).map { (.pip, $0) }
        case "pipx" where words.dropFirst().first == "run": return firstArgument(words.dropFirst(2)).map { (.pip, $0) }
        case "go" where words.dropFirst().first == "run":
            // `go run ./cmd` runs what lies here; with a version the module is fetched.
            return firstArgument(words.dropFirst(2)).flatMap { $0.contains("@") && $0.contains("/") ? (.go, $0) : nil }
        case "deno" where words.dropFirst().first == "run":
            return words.first { $0.hasPrefix("npm:") }.map { (.npm, String($0.dropFirst(4))) }
        case "bun" where words.dropFirst().first == "x": return firstArgument(words.dropFirst(2)).map { (.npm, $0) }
        case "python", "python3":
            guard words.count > 2, words[1] == "-m" else { return nil }
            let module = words[2].split(separator: ".").first.map(String.init) ?? ""
            guard CommandLine.isProgramName(module), !PythonPackages.standardLibrary.contains(module) else {
                return nil
            }
            return PythonPackages.ownNames.contains(module) ? nil : (.pip, module)
        default: return nil
        }
    }

    /// `uv run python -m pytest`: what runs so is the project's own, unless a table has it.
    private static func module(_ words: [String]) -> (kind: Dependency.Kind, word: String)? {
        guard words.starts(with: ["uv", "run", "python"]), let found = target(Array(words.dropFirst(2))),
            PythonPackages.isPackage(found.word)
        else { return nil }
        return found
    }

    private static func firstArgument(_ words: ArraySlice<String>) -> String? {
        var rest = words
        while let word = rest.first, word.hasPrefix("-") {
            let names = word == "-p" || word == "--package" || word == "--from"
            rest = rest.dropFirst()
            if names { return rest.first }
        }
        guard let word = rest.first, let first = word.first, first == "@" || (first.isASCII && first.isLetter) else {
            return nil
        }
        return word
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```bash
            ⟦npx -y @scope/tool@1.2 run⟧
            ```
            """,
            finds: "npm @scope/tool 1.2"),
        RuleExample(
            """
            ```bash
            ⟦npx tsc --noEmit⟧
            ```
            """,
            finds: "npm typescript"),
        RuleExample(
            """
            ```bash
            ⟦go run example.org/x/cmd@v1.2.0 -h⟧
            go run ./cmd
            ```
            """,
            finds: "go example.org/x/cmd v1.2.0"),
        RuleExample(
            """
            ```bash
            ⟦uvx ruff check⟧
            ```
            """,
            finds: "pip ruff"),
        .nothing(
            """
            ```bash
            python3 -m http.server
            ```
            """),
        .nothing(
            """
            ---
            name: count-words
            description: Counts.
            ---
            ```bash
            python3 -m count_words a.txt
            ```
            """),
    ]
}
