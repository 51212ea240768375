import Basics
import SkillModel

/// Every program that a command of the skill runs.
///
/// `docker info` in a shell fragment → binary docker. `sudo systemctl restart x` → binary systemctl. PowerShell's blocks
/// need `pwsh`, unless another shell's stand beside them. Optional is what runs only where a look for it found it
/// (`if command -v x; then x …; fi`) and what is run instead. Not: shell
/// builtins and POSIX utilities, variables (`$TOOL run`), the skill's own scripts under any name, programs that the text itself
/// writes or that a container's image brings, slash commands and a harness's tools, functions that a fragment defines, and
/// commands under a heading that only lists mistakes or links.
enum CommandProgramRule: DependencyRule {
    static let id = "depend.binary.command"
    static let message = "a command runs this program"

    static func find(_ reading: SkillReading) -> [Dependency] {
        let functions = definedFunctions(reading)
        let own = ScriptInterpreterRule.ownPrograms(reading).union(OwnPrograms.of(reading))
            .union(ContainerPrograms.of(reading))
        let document = reading.document
        // Cmdlets are no programs of their own: the shell is.
        let cmdlets = document.fragments.first {
            $0.language == "powershell" && hasCmdlet($0.text)
                && ![.troubleshooting, .links, .example].contains(reading.role(ofBlock: $0.block))
        }
        let isUnix = reading.invocations.contains { !$0.isInline }
        let powershell =
            cmdlets.map { [Dependency(.binary, "pwsh", required: !isUnix, evidence: [document.evidence($0.content)])] }
            ?? []
        return powershell
            + reading.invocations.flatMap { invocation -> [Dependency] in
                guard invocation.role != .links,
                    !(invocation.isInline && Mention.isExample(invocation.span, document))
                else { return [] }
                var found: [Dependency] = []
                let name = invocation.program
                // A heading's command in a block that is no shell may be a word that the skill's own tool takes.
                if case .fragment(let index) = invocation.origin, !InvocationReader.isShell(document.fragments[index]),
                    !Programs.isKnown(name), !reading.declaredPrograms.contains(name)
                {
                    return []
                }
                let isOne = isProgram(name, invocation, reading.spokenPrograms)
                if isOne, !functions.contains(name), !own.contains(name), !isAnInstaller(name, invocation) {
                    found.append(dependency(name, invocation))
                }
                return found
            }
    }

    /// `Get-Module`: a verb and a noun, both with a capital.
    private static func hasCmdlet(_ text: String) -> Bool {
        text.split { $0.isWhitespace || "|(){};$".contains($0) }.contains { word in
            let parts = word.split(separator: "-", maxSplits: 1)
            return parts.count == 2
                && parts.allSatisfy { $0.first?.isUppercase == true && $0.allSatisfy { $0.isASCII && $0.isLetter } }
        }
    }

    /// A system's package manager is how a program comes to a machine, not what the skill needs; a language's one
    /// counts where a block runs it.
    private static func isAnInstaller(_ name: String, _ invocation: Invocation) -> Bool {
        if systemManagers.contains(name) { return true }
        if let (_, package) = PackageRunnerRule.target(Array(invocation.unwrapped)),
            PackageRunnerRule.skillManagers.contains(package.split(separator: "@").first.map(String.init) ?? package)
        {
            return true
        }
        return invocation.isInline && Installer.parse(invocation.unwrapped) != nil
    }

    private static let systemManagers: Set<String> = [
        "brew", "apt", "apt-get", "dnf", "yum", "pacman", "apk", "zypper", "winget", "choco", "snap", "port", "scoop",
    ]

    private static func isProgram(_ name: String, _ invocation: Invocation, _ spoken: Set<String>) -> Bool {
        guard !name.isEmpty, !Programs.ubiquitous.contains(name.lowercased()), !keywords.contains(name),
            name[...].range(of: "__") == nil
        else { return false }
        if Programs.isKnown(name) { return invocation.isInline ? invocation.words.count > 1 : true }
        if invocation.isInline, spoken.contains(name) { return invocation.words.count > 1 }
        guard !invocation.isInline else { return false }
        // `process action:log session:x`: how a harness's own tool is written, no program.
        let arguments = invocation.unwrapped.dropFirst()
        if !arguments.isEmpty, !KnownPrograms.names.contains(name), arguments.allSatisfy(isField) { return false }
        // `sessions_spawn --task …`: so are tools called that a harness has for sessions, messages and memory.
        if harnessTools.contains(where: { name.hasPrefix($0) }) { return false }
        // An unknown name in a shell fragment: an executable's name is lower case and is given something to do.
        return name == name.lowercased() && !name.contains("=") && invocation.words.count > 1
            && !name.hasSuffix(".sh") && !name.hasSuffix(".py") && !name.hasSuffix(".") && name.utf8.count > 1
    }

    private static let harnessTools = [
        "sessions_", "session_status", "memory_", "agents_list", "subagents_", "web_search", "web_fetch",
    ]

    /// `name:value`, no address and no path.
    private static func isField(_ word: String) -> Bool {
        let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[1].hasPrefix("//") && !parts[1].isEmpty
            && parts[0].utf8.allSatisfy { $0.isLetter || $0 == 0x5F } && !parts[0].isEmpty
    }

    /// Words that begin lines of other languages in blocks taken for shell.
    private static let keywords: Set<String> = [
        "from", "except", "import", "try", "def", "class", "await", "async", "const", "var", "print", "with", "public",
        "private", "package", "struct", "enum", "func", "fn", "use", "switch", "match", "not", "and", "or", "new",
    ]

    private static func dependency(_ name: String, _ invocation: Invocation) -> Dependency {
        let isAside = [.troubleshooting, .advice, .links].contains(invocation.role)
        return Dependency(
            .binary, name, required: !isAside && !invocation.isGuarded,
            evidence: [Evidence(line: invocation.line, span: invocation.span)])
    }

    /// `name() {` and `function name` of shell fragments.
    private static func definedFunctions(_ reading: SkillReading) -> Set<String> {
        var names: Set<String> = []
        for fragment in reading.document.fragments where InvocationReader.isShell(fragment) {
            for line in fragment.text.split(separator: "\n") {
                let trimmed = line.drop { $0 == " " || $0 == "\t" }
                if let paren = trimmed.firstIndex(of: "("), trimmed[paren...].hasPrefix("()") {
                    names.insert(String(trimmed[..<paren].split(separator: " ").last ?? ""))
                } else if trimmed.hasPrefix("function ") {
                    names.insert(String(trimmed.dropFirst(9).prefix { $0 != " " && $0 != "{" && $0 != "(" }))
                }
            }
        }
        return names
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```powershell
            ⟦Get-Module | Select-Object Name
            ⟧```
            """,
            finds: "binary pwsh"),
        RuleExample(
            """
            ```bash
            ⟦docker info⟧
            ```
            """,
            finds: "binary docker"),
        RuleExample(
            """
            ```bash
            ⟦sudo systemctl restart x⟧
            ```
            """,
            finds: "binary systemctl"),
        RuleExample(
            """
            Gate on `⟦tsc --noEmit⟧`.
            """,
            finds: "binary tsc"),
        RuleExample(
            """
            # frob-cli

            | Command | Use |
            |---|---|
            | `⟦frob-cli setup⟧` | a |
            | `⟦frob-cli run <name>⟧` | b |
            | `⟦frob-cli deploy⟧` | c |
            """,
            finds: "binary frob-cli",
            "binary frob-cli",
            "binary frob-cli"),
        RuleExample(
            """
            - **Go:** `⟦go build ./...⟧`
            - **Rust:** `⟦cargo check⟧`
            """,
            finds: "binary go",
            "binary cargo"),
        RuleExample(
            """
            ```bash
            if ⟦command -v ffmpeg >/dev/null⟧; then
              ⟦ffmpeg -i a.mp4 b.gif⟧
            fi
            which fd && ⟦fd -e md⟧ || find . -name '*.md'
            ```
            """,
            finds: "binary ffmpeg, optional",
            "binary ffmpeg, optional",
            "binary fd, optional"),
        RuleExample(
            """
            ```bash
            ⟦command -v ffmpeg >/dev/null⟧ || { echo "ffmpeg is required"; exit 1; }
            ⟦ffmpeg -i a.mp4 b.gif⟧
            ```
            """,
            finds: "binary ffmpeg",
            "binary ffmpeg"),
        .nothing(
            """
            ```bash
            process action:log sessionId:XXX
            ```
            """),
        .nothing(
            """
            # T

            ### `scan <url>`

            ```
            scan https://x.dev
            ```
            """),
        .nothing(
            """
            ```bash
            ./quota.py
            # Or, once it is installed
            quota --fresh
            ```
            """),
        .nothing(
            """
            Run `bin/word-wheel --size 9`, or once it is on the path:

            ```bash
            word-wheel --size 7
            cat > ~/.local/bin/spin-wheel <<'EOF'
            exec word-wheel "$@"
            EOF
            spin-wheel --size 5
            ```
            """),
        .nothing(
            """
            Inside of the container the pipeline runs as:

            ```bash
            label_things make -e /w/spec.yaml
            ```

            Start it by:

            ```
            /label-things make
            ```
            """),
        RuleExample(
            """
            ```bash
            ⟦docker run --rm -v "$PWD:/w" reg.invalid/tools:1 cut_things /w/a⟧
            cut_things /w/b
            sessions_spawn --task "Cut b"
            ```
            """,
            finds: "binary docker"),
        .nothing(
            """
            Draft commands like `terraform plan` for it.
            """),
        .nothing(
            """
            ```bash
            greet() { echo hi; }
            greet you
            ./run.sh a
            ```
            """),
        .nothing(
            """
            ```bash
            cd /tmp && ls | grep x
            $TOOL run
            ```
            """),
        .nothing(
            """
            The field `record type` stays.
            """),
    ]
}
