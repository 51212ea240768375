import Basics
import SkillModel

/// Secrets where others can read them: a key in an address, a password among a command's words, a here-document that
/// writes keys to a file, a command of a password store whose answer lands on the screen, and a login that is taken from
/// the user's browser. Of each form the first is reported: it is one habit of the skill; of several forms in one block, too.
enum SecretHandlingRule: HazardRule {
    static let id = "hazard.secret-handling"
    static let message = "puts a secret where others can read it"

    static func find(_ reading: SkillReading) -> [HazardFinding] {
        let found = [
            address(reading), password(reading), store(reading), hereDocument(reading), browserCommand(reading),
            browserText(reading), applicationText(reading),
        ].compactMap { $0 }.sorted { $0.span < $1.span }
        let blocks = reading.document.fragments.map(\.span)
        var seen: Set<Int> = []
        return found.filter { one in
            guard let block = blocks.first(where: { $0.start <= one.span.start && one.span.end <= $0.end }) else {
                return true
            }
            return seen.insert(block.start).inserted
        }
    }

    /// Addresses end up in logs and histories.
    private static func address(_ reading: SkillReading) -> HazardFinding? {
        for invocation in reading.invocations where invocation.words.contains(where: holdsKey) {
            return finding(invocation.span, reading, "puts a key into an address")
        }
        for code in reading.document.codeSpans where code.text.utf8.count < 500 && holdsKey(code.text) {
            return finding(code.span, reading, "puts a key into an address")
        }
        return nil
    }

    /// `https://host/$ACME_API_KEY/…`, `https://host/x?api_key=$KEY`. O(length).
    private static func holdsKey(_ word: String) -> Bool {
        guard let scheme = word[...].range(of: "://") else { return false }
        let rest = word[scheme.upperBound...]
        for part in rest.split(whereSeparator: { "/?&".contains($0) }).dropFirst() {
            if part.hasPrefix("$"), SecretExposureRule.isSecretVariable(String(part)) { return true }
            guard let equals = part.firstIndex(of: "=") else { continue }
            if keys.contains(part[..<equals].lowercased()), part[part.index(after: equals)...].hasPrefix("$") {
                return true
            }
        }
        return false
    }

    private static let keys: Set<String> = [
        "api_key", "apikey", "api-key", "access_token", "auth_token", "token", "secret", "password",
    ]

    /// A password that stands among the words shows in the list of processes and in the shell's history.
    private static func password(_ reading: SkillReading) -> HazardFinding? {
        for invocation in reading.invocations where invocation.words.count < 100 {
            for (index, word) in invocation.words.enumerated().dropFirst() {
                let flag = invocation.words[index - 1]
                let isFlagged = ["--password", "--passwd"].contains(flag) && !word.hasPrefix("-")
                if isFlagged && !word.hasPrefix("$") || passwords.contains(word.lowercased()) {
                    return finding(invocation.span, reading, "takes a password among its words")
                }
            }
        }
        return nil
    }

    private static let passwords: Set<String> = [
        "your-password", "your_password", "yourpassword", "<password>", "<your-password>", "<your_password>",
    ]

    /// A store of secrets that prints one; not where another command takes it.
    private static func store(_ reading: SkillReading) -> HazardFinding? {
        for (index, invocation) in reading.invocations.enumerated() where invocation.connector != "substitution" {
            let words = invocation.unwrapped.prefix(5).map { $0 }
            guard let program = words.first, let commands = stores[program],
                commands.contains(where: { words.dropFirst().starts(with: $0) })
            else { continue }
            let next = index + 1 < reading.invocations.count ? reading.invocations[index + 1] : nil
            if next?.connector == "|", next?.origin == invocation.origin { continue }
            return finding(invocation.span, reading, "prints a secret of a store")
        }
        return nil
    }

    private static let stores: [String: [[String]]] = [
        "rbw": [["get"]], "bw": [["get", "password"], ["get", "item"], ["get", "totp"]], "op": [["read"]],
        "pass": [["show"]], "gopass": [["show"]], "vault": [["kv", "get"], ["read"]],
        "aws": [["secretsmanager", "get-secret-value"]], "gcloud": [["secrets", "versions", "access"]],
        "security": [["find-generic-password"], ["find-internet-password"]], "gh": [["auth", "token"]],
        "az": [["keyvault", "secret", "show"]], "doppler": [["secrets", "get"]],
    ]

    /// `cat > .env << EOF` and lines that give keys values. O(length).
    private static func hereDocument(_ reading: SkillReading) -> HazardFinding? {
        let bytes = reading.document.bytes
        for fragment in reading.document.fragments where InvocationReader.isShell(fragment) {
            var isInside = false
            var start = fragment.content.start
            let end = min(fragment.content.end, bytes.count)
            while start < end {
                let lineEnd = bytes[start..<end].firstIndex(of: 0x0A) ?? end
                defer { start = lineEnd + 1 }
                guard lineEnd - start < 1000 else { continue }
                let line = String(decoding: bytes[start..<lineEnd], as: UTF8.self)
                if line[...].range(of: "<<") != nil {
                    isInside = line.contains(">") && files.contains { line[...].range(of: $0) != nil }
                } else if isInside, givesSecret(line) {
                    return finding(SourceSpan(start, lineEnd), reading, "keeps a secret in a file in plain text")
                }
            }
        }
        return nil
    }

    private static let files = [".env", "credentials", ".netrc", "secrets"]

    private static func givesSecret(_ line: String) -> Bool {
        guard let equals = line.firstIndex(of: "="), equals > line.startIndex else { return false }
        let name = String(line[..<equals].split(separator: " ").last ?? "")
        let value = line[line.index(after: equals)...]
        return EnvironmentVariableRule.isName(name) && !value.isEmpty && !value.hasPrefix("$")
            && EnvironmentVariableRule.secretEndings.contains { name.hasSuffix($0) }
    }

    /// `yt-dlp --cookies-from-browser chrome`, `tool auth import --browser chrome`.
    private static func browserCommand(_ reading: SkillReading) -> HazardFinding? {
        let found = reading.invocations.first { invocation in
            invocation.words.contains { $0.hasPrefix("--cookies-from-browser") }
                || invocation.words.contains { $0.hasPrefix("--browser") }
                    && invocation.words.contains { ["import", "cookies", "import-cookies"].contains($0) }
        }
        return found.map { finding($0.span, reading, "takes a login from the user's browser") }
    }

    /// "reads your browser's storage to find the session token". Within one sentence.
    private static func browserText(_ reading: SkillReading) -> HazardFinding? {
        let found = reading.sentences.first { sentence in
            browsers.isIn(sentence.words) && taking.isIn(sentence.words) && logins.isIn(sentence.words)
                && !denial.isIn(sentence.words)
        }
        return found.map { finding($0.span, reading, "takes a login from the user's browser") }
    }

    /// "reads auth from `~/Library/Application Support/Acme/session.json`": a login that another program keeps for itself.
    private static func applicationText(_ reading: SkillReading) -> HazardFinding? {
        let found = reading.sentences.first { sentence in
            guard let verb = taking.first(in: sentence.words), !denial.isIn(sentence.words) else { return false }
            let rest = Array(sentence.words[verb.upperBound...])
            return applications.isIn(rest) && (logins.isIn(rest) || credentials.isIn(rest))
        }
        return found.map { finding($0.span, reading, "takes a login from another program") }
    }

    private static let denial = PhraseTable(["never", "don't", "avoid", "prohibited", "forbidden"])
    private static let applications = PhraseTable(["application support", "appdata", "localappdata", "keychain"])
    private static let credentials = PhraseTable(["auth", "tokens", "credentials", "token", "session"])
    private static let browsers = PhraseTable(["browser", "browser's", "browsers", "chrome", "firefox", "safari"])
    private static let taking = PhraseTable(["reads", "imports", "extracts", "decrypts", "pulls"])
    private static let logins = PhraseTable(["cookies", "cookie", "session token*", "auth token*", "login token*"])

    private static func finding(_ span: SourceSpan, _ reading: SkillReading, _ message: String) -> HazardFinding {
        HazardFinding(kind: .secretExposure, line: reading.document.line(at: span.start), span: span, message: message)
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```bash
            ⟦curl "https://acme.dev/$ACME_API_KEY/search"⟧
            ```
            """,
            finds: "puts a key into an address"),
        RuleExample(
            """
            ```bash
            ⟦python3 scripts/login.py me@example.org your-password⟧
            ```
            """,
            finds: "takes a password among its words"),
        RuleExample(
            """
            ```bash
            ⟦pass show web/acme⟧
            ```
            """,
            finds: "prints a secret of a store"),
        RuleExample(
            """
            ```bash
            cat > ~/.acme/.env << 'EOF'
            ⟦ACME_TOKEN=abc⟧
            EOF
            ```
            """,
            finds: "keeps a secret in a file in plain text"),
        RuleExample(
            """
            ```bash
            ⟦acme auth import --browser chrome⟧
            ```
            """,
            finds: "takes a login from the user's browser"),
        RuleExample(
            """
            ⟦The tool reads the browser's storage for its session token⟧.
            """,
            finds: "takes a login from the user's browser"),
        RuleExample(
            """
            ⟦The script reads auth from `~/Library/Application Support/Acme/session.json⟧`.
            """,
            finds: "takes a login from another program"),
        .nothing(
            """
            ```bash
            export ACME_TOKEN=$(pass show web/acme)
            curl -H "Authorization: Bearer $ACME_TOKEN" https://acme.dev/search
            acme login --password "$ACME_PASSWORD"
            ```
            """),
        .nothing(
            """
            Call what reads a browser's cookies a prohibited mechanism.
            """),
        .nothing(
            """
            Open the page in a browser and read the token's name.
            """),
    ]
}
