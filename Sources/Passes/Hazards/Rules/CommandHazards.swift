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
                if invocation.connector == "|", interpreters.contains(name), decodes(last.unwrapped) {
                    found.append(
                        HazardFinding(
                            kind: .curlPipeShell, line: last.line,
                            span: SourceSpan(last.span.start, invocation.span.end),
                            message: "runs what it decodes: nobody can read it beforehand"))
                }
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

    private static func decodes(_ words: ArraySlice<String>) -> Bool {
        ["base64", "openssl", "xxd"].contains(words.first)
            && words.contains { ["-d", "-D", "--decode", "-r"].contains($0) }
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

/// Commands whose damage can't be undone: `rm -rf` of a variable, the home folder, the root or everything; `mkfs`,
/// `dd` to a device, `git push --force`, `git reset --hard`, a cloud's `delete` with its question answered beforehand,
/// `DELETE` of an address with `purge` or `force`, `docker system prune`, `DROP DATABASE`. Not `rm -rf build`.
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
        case "curl":
            guard arguments.contains("DELETE") || arguments.contains("-XDELETE") else { return nil }
            let isForced = arguments.contains { word in
                ["purge=", "force=true", "force=1", "destroy"].contains { word[...].range(of: $0) != nil }
            }
            return isForced ? "deletes for good what an address names" : nil
        case "docker", "podman":
            let isPrune = arguments.contains("prune") && (arguments.contains("system") || arguments.contains("volume"))
            return isPrune && !flags.isEmpty ? "removes all that no container uses" : nil
        case "kubectl":
            let isWide = arguments.contains { ["namespace", "ns", "--all", "pvc", "--all-namespaces"].contains($0) }
            return arguments.first == "delete" && isWide ? "deletes with everything in it" : nil
        case "gcloud", "aws", "az", "gh", "heroku", "vercel", "doctl", "flyctl", "fly":
            let deletes = arguments.contains {
                ["delete", "destroy", "rb", "terminate-instances", "delete-stack"].contains($0)
            }
            let answered = flags.contains { ["--quiet", "-q", "--yes", "-y", "--force", "-f"].contains($0) }
            return deletes && answered ? "deletes without a question" : nil
        case "psql", "mysql", "sqlite3":
            let upper = arguments.joined(separator: " ").uppercased()
            let drops = ["DROP DATABASE", "DROP TABLE", "DROP SCHEMA", "TRUNCATE "].contains {
                upper[...].range(of: $0) != nil
            }
            return drops ? "drops data" : nil
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
