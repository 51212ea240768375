import Basics
import SkillModel

/// Commands whose damage can't be undone: `rm -rf` of a variable, the home folder, the root or everything; `mkfs`,
/// `dd` to a device, `git push --force`, `git reset --hard`, a cloud's `delete` with its question answered beforehand,
/// `DELETE` of an address with `purge` or `force`, `docker system prune`, `DROP DATABASE`, `rsync --delete`, Kubernetes' kinds and finalizers. Not `rm -rf build`.
enum DestructiveCommandRule: HazardRule {
    static let id = "hazard.destructive-command"
    static let message = "its damage can't be undone"

    static func find(_ reading: SkillReading) -> [HazardFinding] {
        let temporary = temporaryFolders(reading)
        return reading.invocations.compactMap { invocation in
            guard let why = damage(Array(invocation.unwrapped), temporary) else { return nil }
            return HazardFinding(
                kind: .destructiveCommand, line: invocation.line, span: invocation.span, message: why)
        }
    }

    private static func damage(_ words: [String], _ temporary: Set<String>) -> String? {
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
                    || $0.hasPrefix("$") && !isTemporary($0, temporary) || $0.hasPrefix("/") && !$0.hasPrefix("/tmp")
            }
            return wide.map { "removes '\($0)' with everything in it" }
        case "rsync":
            return flags.contains { $0.hasPrefix("--delete") } ? "removes what the source does not have" : nil
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
            let isWide = arguments.contains {
                ["namespace", "ns", "--all", "pvc", "--all-namespaces", "crd", "crds"].contains($0)
            }
            if arguments.first == "delete", isWide { return "deletes with everything in it" }
            let unties = arguments.contains { $0[...].range(of: "finalizers") != nil }
            return arguments.first == "patch" && unties ? "deletes past what guards it" : nil
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

    /// A variable for what lasts no longer than the work.
    private static func isTemporary(_ word: String, _ temporary: Set<String>) -> Bool {
        let upper = word.uppercased()
        return upper.contains("TMP") || upper.contains("TEMP")
            || temporary.contains { word == "$\($0)" || word == "${\($0)}" }
    }

    /// `WORK` of `WORK=$(mktemp -d)`. O(invocations).
    private static func temporaryFolders(_ reading: SkillReading) -> Set<String> {
        let assignments = reading.invocations.flatMap(\.assignments).filter { $0[...].range(of: "$(mktemp") != nil }
        return Set(assignments.map { String($0.prefix { $0 != "=" }) })
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```bash
            ⟦rm -rf "$TARGET"/x ~/⟧
            ```
            """,
            finds: "removes '$TARGET/x' with everything in it"),
        RuleExample(
            """
            ```bash
            ⟦git push --force origin main⟧
            ```
            """,
            finds: "rewrites the remote's history"),
        RuleExample(
            """
            ```bash
            ⟦psql -c 'drop table users'⟧
            ```
            """,
            finds: "drops data"),
        RuleExample(
            """
            ```bash
            ⟦curl -X DELETE "$URL/vm/1?purge=1"⟧
            ```
            """,
            finds: "deletes for good what an address names"),
        RuleExample(
            """
            ```bash
            ⟦rsync -a --delete src/ host:dst/⟧
            ```
            """,
            finds: "removes what the source does not have"),
        RuleExample(
            """
            ```bash
            ⟦kubectl patch pod x -p '{"metadata":{"finalizers":null}}'⟧
            ```
            """,
            finds: "deletes past what guards it"),
        .nothing(
            """
            ```bash
            rm -rf "$TEMP_DIR"
            ```
            """),
        .nothing(
            """
            ```bash
            WORK=$(mktemp -d)
            rm -rf "$WORK"
            ```
            """),
        .nothing(
            """
            ```bash
            rm -rf build
            ```
            """),
        .nothing(
            """
            ```bash
            curl -X DELETE $URL/tasks/1
            ```
            """),
        .nothing(
            """
            ```bash
            git push origin main
            ```
            """),
    ]
}
