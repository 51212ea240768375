import Basics
import SkillModel

/// More rights than the task needs: `sudo` of anything but a package manager, `chmod 777`, `--privileged`, switches
/// that turn an agent's permission questions off.
enum PrivilegeRule: HazardRule {
    static let id = "hazard.privilege-escalation"
    static let message = "takes more rights than the task needs"
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
                } else if words.contains(where: { owners.contains(String($0.split(separator: "=").last ?? "")) }) {
                    "gives the rights of an owner"
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
        for sentence in reading.sentences where all.isIn(sentence.words) && !refusal.isIn(sentence.words) {
            found.append(
                HazardFinding(
                    kind: .privilegeEscalation, line: reading.document.line(at: sentence.span.start),
                    span: sentence.span, message: "grants all there is"))
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

    private static let owners: Set<String> = ["roles/owner", "AdministratorAccess", "cluster-admin"]
    private static let all = PhraseTable(
        ["grant", "assign", "give"].flatMap { verb in
            ["roles", "permissions", "privileges", "rights"].map { "\(verb) all \($0)" }
        })
    private static let refusal = PhraseTable(["never", "not", "don't", "avoid"])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```bash
            ⟦sudo launch-it now⟧
            ```
            """,
            finds: "runs 'launch-it' as root"),
        RuleExample(
            """
            ```bash
            ⟦chmod 777 /srv/data⟧
            ```
            """,
            finds: "gives everyone all rights"),
        RuleExample(
            """
            ⟦Grant all roles of that group⟧.
            """,
            finds: "grants all there is"),
        RuleExample(
            """
            ```bash
            ⟦acme-cloud add-binding --role=roles/owner⟧
            ```
            """,
            finds: "gives the rights of an owner"),
        .nothing(
            """
            Never grant all roles.
            """),
        .nothing(
            """
            ```bash
            sudo apt-get install -y jq
            ```
            """),
        .nothing(
            """
            ```bash
            chmod +x tool
            ```
            """),
    ]
}
