import Basics
import SkillModel

/// A download that goes straight into an interpreter: `curl -fsSL https://x/install.sh | sh`, `bash <(curl …)`,
/// `sh -c "$(wget -O- …)"`.
enum CurlPipeShellRule: HazardRule {
    static let id = "hazard.curl-pipe-shell"
    private static let fetchers: Set<String> = ["curl", "wget", "iwr", "irm", "fetch"]
    private static let interpreters: Set<String> = [
        "sh", "bash", "zsh", "python", "python3", "node", "iex", "perl", "ruby", "dash",
    ]

    static func find(_ reading: SkillReading) -> [HazardFinding] {
        var found: [HazardFinding] = []
        var previous: Invocation?
        for invocation in reading.invocations {
            let name = invocation.unwrapped.first ?? ""
            if let last = previous, last.origin == invocation.origin {
                let piped =
                    invocation.connector == "|" && interpreters.contains(name)
                    && fetchers.contains(last.unwrapped.first ?? "")
                    && !invocation.words.contains("-c") && !invocation.words.contains("-m")
                let substituted =
                    invocation.connector == "substitution" && fetchers.contains(name)
                    && (interpreters.contains(last.unwrapped.first ?? "") || last.unwrapped.first == "eval")
                if piped || substituted {
                    found.append(
                        HazardFinding(
                            kind: .curlPipeShell, line: last.line,
                            span: SourceSpan(last.span.start, invocation.span.end),
                            message: "runs what it downloads without a look at it"))
                }
            }
            previous = invocation
        }
        return found + inline(reading)
    }

    /// Code in running text is not parsed as a pipeline: the words tell.
    private static func inline(_ reading: SkillReading) -> [HazardFinding] {
        reading.document.codeSpans.compactMap { code in
            guard code.text.hasPrefix("curl ") || code.text.hasPrefix("wget "),
                let pipe = code.text.split(separator: "|").dropFirst().first,
                let name = pipe.split(separator: " ").first(where: { $0 != "sudo" }),
                interpreters.contains(String(name))
            else { return nil }
            return HazardFinding(
                kind: .curlPipeShell, line: reading.document.line(at: code.span.start), span: code.span,
                message: "runs what it downloads without a look at it")
        }
    }
}

/// A package fetched and run without a version: `npx some-tool`, `uvx x`, `pip install git+https://…` without a
/// commit. Once a package. Tools that a project has in its own tree (`npx tsc`) are no download.
enum UnpinnedDownloadRule: HazardRule {
    static let id = "hazard.unpinned-download"

    static func find(_ reading: SkillReading) -> [HazardFinding] {
        var seen: Set<String> = []
        return reading.invocations.compactMap { invocation in
            guard !invocation.isInline, let name = unpinned(Array(invocation.unwrapped)), seen.insert(name).inserted
            else { return nil }
            return HazardFinding(
                kind: .unpinnedDownload, line: invocation.line, span: invocation.span,
                message: "downloads '\(name)' without a version and runs it")
        }
    }

    private static func unpinned(_ words: [String]) -> String? {
        if let (kind, word) = PackageRunnerRule.target(words), words.first != "python", words.first != "python3",
            let (name, version) = PackageName.parse(word, kind: kind), version == nil
        {
            let package = NodePackages.packageOfExecutable[name] ?? name
            return NodePackages.projectTools.contains(package) ? nil : name
        }
        if let install = Installer.parse(words[...]), install.kind == .pip {
            return install.packages.first { $0.hasPrefix("git+") && !$0.dropFirst(8).contains("@") }
        }
        return nil
    }
}

/// Commands whose damage can't be undone: `rm -rf` of a variable, the home folder, the root or everything; `mkfs`,
/// `dd` to a device, `git push --force`, `git reset --hard`, `DROP DATABASE`. Not `rm -rf build`.
enum DestructiveCommandRule: HazardRule {
    static let id = "hazard.destructive-command"

    static func find(_ reading: SkillReading) -> [HazardFinding] {
        reading.invocations.compactMap { invocation in
            guard let why = damage(Array(invocation.unwrapped)) else { return nil }
            return HazardFinding(
                kind: .destructiveCommand, line: invocation.line, span: invocation.span, message: why)
        }
    }

    private static func damage(_ words: [String]) -> String? {
        guard let name = words.first else { return nil }
        let arguments = words.dropFirst()
        let flags = arguments.filter { $0.hasPrefix("-") }
        switch name {
        case "rm":
            let short = flags.filter { !$0.hasPrefix("--") }.joined()
            let recursive = short.contains("r") || short.contains("R") || flags.contains("--recursive")
            guard recursive, short.contains("f") || flags.contains("--force") else { return nil }
            let wide = arguments.first {
                ["/", "/*", "~", "~/", "*", ".", "..", "./*"].contains($0) || $0.hasPrefix("~/")
                    || $0.hasPrefix("$") && !$0.contains("TMP") || $0.hasPrefix("/") && !$0.hasPrefix("/tmp")
            }
            return wide.map { "removes '\($0)' with everything in it" }
        case "mkfs", "mkfs.ext4", "shred": return "destroys data on a device"
        case "dd": return arguments.contains { $0.hasPrefix("of=/dev/") } ? "writes over a device" : nil
        case "git":
            let words = Set(arguments)
            if words.contains("push"), words.contains("--force") || words.contains("-f") {
                return "rewrites the remote's history"
            }
            if words.contains("reset"), words.contains("--hard") {
                return "throws away changes that were not committed"
            }
            if words.contains("clean"), flags.contains(where: { $0.contains("f") && $0.contains("d") }) {
                return "removes files that git does not know"
            }
            return nil
        case "terraform", "tofu", "pulumi": return arguments.first == "destroy" ? "destroys infrastructure" : nil
        case "dropdb": return "drops a database"
        default: return nil
        }
    }
}

/// More rights than the task needs: `sudo` of anything but a package manager, `chmod 777`, `--privileged`, switches
/// that turn an agent's permission questions off.
enum PrivilegeRule: HazardRule {
    static let id = "hazard.privilege-escalation"
    private static let switches: Set<String> = [
        "--privileged", "--dangerously-skip-permissions", "--dangerously-bypass-approvals-and-sandbox", "--yolo",
        "--no-sandbox",
    ]
    private static let managers: Set<String> = ["apt", "apt-get", "dnf", "yum", "pacman", "apk", "snap", "zypper"]

    static func find(_ reading: SkillReading) -> [HazardFinding] {
        var found = reading.invocations.compactMap { invocation -> HazardFinding? in
            let words = invocation.words
            let why: String? =
                if words.first == "sudo", let program = words.dropFirst().first(where: { !$0.hasPrefix("-") }),
                    !managers.contains(program)
                {
                    "runs '\(program)' as root"
                } else if let found = words.first(where: { switches.contains($0) }) {
                    "'\(found)' turns a safeguard off"
                } else if words.first == "chmod",
                    words.contains("777") || words.contains("a+rwx") || words.contains("u+s")
                {
                    "gives everyone all rights"
                } else {
                    nil
                }
            return why.map {
                HazardFinding(kind: .privilegeEscalation, line: invocation.line, span: invocation.span, message: $0)
            }
        }
        for code in reading.document.codeSpans
        where switches.contains(code.text) && !["--privileged", "--no-sandbox"].contains(code.text) {
            found.append(
                HazardFinding(
                    kind: .privilegeEscalation, line: reading.document.line(at: code.span.start), span: code.span,
                    message: "'\(code.text)' turns a safeguard off"))
        }
        return found
    }
}
