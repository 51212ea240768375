import Basics
import SkillModel

/// More rights than the task needs: `sudo` of what changes the system for good (a file of its folders, an installation past
/// its package manager, a shell), `chmod 777`, `--privileged`, switches and words that turn an agent's permission questions
/// off. Not `sudo` of a tool that needs it for its work (`sudo tcpdump`), nor of a script of the skill's own.
enum PrivilegeRule: HazardRule {
    static let id = "hazard.privilege-escalation"
    static let message = "takes more rights than the task needs"
    private static let switches: Set<String> = [
        "--privileged", "--dangerously-skip-permissions", "--dangerously-bypass-approvals-and-sandbox", "--yolo",
        "--no-sandbox",
    ]
    static func find(_ reading: SkillReading) -> [HazardFinding] {
        var found = reading.invocations.compactMap { invocation -> HazardFinding? in
            let words = invocation.words
            let why: String? =
                if let program = changer(words, isPiped: invocation.connector == "|") {
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
        if let sentence = reading.sentences.first(where: { unasked.isIn($0.words) && !refusal.isIn($0.words) }),
            let place = unasked.first(in: sentence.words)
        {
            let span = sentence.words[place.lowerBound].span
            found.append(
                HazardFinding(
                    kind: .privilegeEscalation, line: reading.document.line(at: span.start), span: span,
                    message: "has the questions for permission turned off"))
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

    /// The program that changes the system as root.
    private static func changer(_ words: [String], isPiped: Bool) -> String? {
        guard words.first == "sudo" else { return nil }
        let options = words.dropFirst().prefix { $0.hasPrefix("-") }
        if options.contains(where: { $0 == "-i" || $0 == "-s" }) { return "a shell" }
        let command = words.dropFirst(1 + options.count)
        guard let program = command.first else { return nil }
        // What is piped into a shell is another rule's.
        if shells.contains(program) { return isPiped ? nil : program }
        if installers.contains(program) { return command.contains("install") || command.contains("i") ? program : nil }
        let changes = writers.contains(program) || command.contains("install")
        return changes && command.dropFirst().contains(where: isOfSystem)
            || command.contains("service") && command.contains("install")
            ? program : nil
    }

    /// `/usr/local/bin/`, `/etc/sudoers.d/x`.
    private static func isOfSystem(_ word: String) -> Bool {
        let path = word.split(separator: "=").last.map(String.init) ?? word
        return [
            "/usr/", "/etc/", "/opt/", "/bin/", "/sbin/", "/lib/", "/boot/", "/var/", "/root/", "/Library/", "/System/",
            "/Applications/",
        ]
        .contains(where: path.hasPrefix)
    }

    private static let shells: Set<String> = ["bash", "sh", "zsh", "su", "visudo"]
    private static let installers: Set<String> = ["pip", "pip3", "npm", "make", "gem", "cargo", "yarn", "pnpm"]
    private static let writers: Set<String> = [
        "mv", "cp", "ln", "tee", "install", "rm", "tar", "unzip", "curl", "wget", "sed", "dd", "chmod", "chown",
        "security",
    ]

    private static let owners: Set<String> = ["roles/owner", "AdministratorAccess", "cluster-admin"]
    private static let all = PhraseTable(
        ["grant", "assign", "give"].flatMap { verb in
            ["roles", "permissions", "privileges", "rights"].map { "\(verb) all \($0)" }
        })
    /// Once a skill: it works without being asked, throughout.
    private static let unasked = PhraseTable([
        "bypass-permissions", "bypass permissions", "bypasspermissions", "auto-accept mode", "auto-approve all",
        "skip permission prompts", "skip permission checks", "disable permission prompts",
        "turn off permission prompts",
        "without permission prompts",
    ])
    private static let refusal = PhraseTable(["never", "not", "don't", "avoid"])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```bash
            ⟦sudo mv tool /usr/local/bin/⟧
            ```
            """,
            finds: "runs 'mv' as root"),
        RuleExample(
            """
            ```bash
            ⟦sudo -H pip install acme⟧
            ```
            """,
            finds: "runs 'pip' as root"),
        .nothing(
            """
            ```bash
            sudo tcpdump -i eth0
            sudo ./flash.sh
            sudo tar xf root.tar -C "$ROOT"
            ```
            """),
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
        RuleExample(
            """
            The loop needs ⟦bypass-permissions⟧ mode; remind the user to enable it.
            """,
            finds: "has the questions for permission turned off"),
        .nothing(
            """
            Never bypass permissions.
            """),
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
