import Basics
import SkillModel

/// A server of the machine that must run: "PostgreSQL must be running", "requires a running Redis", "make sure that the
/// Docker daemon is running", "VibeTunnel must be running". A name that no table knows counts with a capital or as code, right
/// before the words that demand it.
enum RunningServiceRule: DependencyRule {
    static let id = "depend.service.running"
    static let message = "this server must run"

    static func find(_ reading: SkillReading) -> [Dependency] {
        let codes = Dictionary(grouping: reading.document.codeSpans, by: \.block).mapValues { Array($0.prefix(64)) }
        return reading.sentences.flatMap { sentence -> [Dependency] in
            let role = reading.role(of: sentence)
            guard ![.troubleshooting, .links, .example].contains(role), running.isIn(sentence.words),
                !denial.isIn(sentence.words)
            else { return [] }
            let servers = servers(sentence, codes[sentence.block] ?? [], isListed: role == .requirements)
            let ports = StatedPort.of(servers.map(\.word), in: sentence.words, reading.document.bytes)
            return zip(servers, ports).map { server, port in
                Dependency(
                    .service, server.name, required: !Optionality.isOptional(sentence), mustRun: true, port: port,
                    evidence: [reading.document.evidence(server.word.span)])
            }
        }
    }

    private static func servers(
        _ sentence: Sentence, _ codes: [CodeSpan], isListed: Bool
    ) -> [(name: String, word: Word)] {
        let words = sentence.words
        // "Wait until Redis is running" follows from what the skill does.
        let isDemanded = isListed || demand.isIn(words)
        guard isDemanded, !own.isIn(words) else { return [] }
        var found: [(name: String, word: Word)] = []
        for (index, word) in words.enumerated() where isNear(index, words) {
            if let server = LocalServer.named(word.lower) {
                if !found.contains(where: { $0.name == server.name }) { found.append((server.name, word)) }
            } else if found.isEmpty, isName(index, words, codes), isRightBefore(index, words), isSubject(index, words) {
                // "Metrics Server": the noun is a part of the name.
                let next = index + 1 < words.count ? words[index + 1] : nil
                let isPart = next.map { nouns.contains($0.lower) && $0.text.first?.isUppercase == true } ?? false
                found.append((word.lower + (isPart ? " " + (next?.lower ?? "") : ""), word))
            }
        }
        return found
    }

    /// "PostgreSQL and Redis must be running", "a running Redis instance": at most six words from what says that it runs.
    private static func isNear(_ index: Int, _ words: [Word]) -> Bool {
        let near = words[max(0, index - 3)..<min(words.count, index + 7)]
        return running.isIn(Array(near))
    }

    private static func isRightBefore(_ index: Int, _ words: [Word]) -> Bool {
        var next = index + 1
        if next < words.count, nouns.contains(words[next].lower) { next += 1 }
        return running.isIn(Array(words[next..<min(words.count, next + 3)]))
            && next < words.count
            && ["must", "is", "should", "needs", "has", "up", "running", "listening"].contains(words[next].lower)
    }

    /// Not "the machine where Acmory is running".
    private static func isSubject(_ index: Int, _ words: [Word]) -> Bool {
        index == 0
            || ["that", "the", "a", "an", "your", "ensure", "sure", "verify", "and"].contains(words[index - 1].lower)
    }

    /// A product's name inside a sentence or before "must", or code.
    private static func isName(_ index: Int, _ words: [Word], _ codes: [CodeSpan]) -> Bool {
        let word = words[index]
        guard word.text.utf8.count > 2, !common.contains(word.lower),
            word.lower.utf8.allSatisfy({ $0.isLetter || $0.isDigit || $0 == .hyphen || $0 == .dot })
        else { return false }
        if codes.contains(where: { $0.text == word.text && $0.span == word.span }) { return true }
        return word.text.first?.isUppercase == true && word.text != word.text.uppercased()
    }

    private static let running = PhraseTable(["running", "up and running", "is up", "be up", "started", "listening"])
    private static let demand = PhraseTable([
        "must", "require", "requires", "required", "need", "needs", "make sure", "ensure", "verify", "prerequisite*",
        "have to", "has to", "be sure", "check that", "confirm that", "assumes", "depends on",
    ])
    private static let denial = PhraseTable([
        "no need", "not needed", "not required", "without", "don't need", "doesn't need", "does not need",
        "not be running",
        "never", "if", "unless", "when",
    ])
    /// Runs of the skill's own: tests, builds, servers that it starts itself.
    private static let own = PhraseTable([
        "before running", "after running", "when running", "while running", "by running",
    ])
    private static let nouns: Set<String> = [
        "server", "daemon", "service", "engine", "desktop", "app", "core", "instance", "container", "gateway",
        "database",
        "broker", "agent",
    ]
    private static let common: Set<String> = [
        "the", "this", "that", "your", "server", "service", "daemon", "app", "application", "database", "ensure",
        "make",
        "gateway", "container", "browser", "backend", "frontend", "process", "executable", "script", "skill", "agent",
        "system", "it", "node", "python", "everything", "both", "all", "api", "cluster", "instance", "host", "machine",
        "they", "these", "which", "there", "core", "desktop", "engine", "tests", "pods", "containers", "services",
    ]

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ⟦PostgreSQL⟧ and ⟦Redis⟧ must be running.
            """,
            finds: "service postgresql",
            "service redis"),
        RuleExample(
            """
            Make sure that the ⟦Docker⟧ daemon is running. This requires a running ⟦mongod⟧.
            """,
            finds: "service docker",
            "service mongodb"),
        RuleExample(
            """
            ## Requirements

            - ⟦Acmory⟧ server is running
            """,
            finds: "service acmory"),
        RuleExample(
            """
            ⟦PostgreSQL⟧ must be running on port 5433.
            """,
            finds: "service postgresql on port 5433"),
        RuleExample(
            """
            ⟦Metrics⟧ Server must be running.
            """,
            finds: "service metrics server"),
        .nothing(
            """
            Ensure that the machine where Acmory is running has an account.
            """),
        .nothing(
            """
            Before running the tests make sure that Redis is installed.
            """),
        .nothing(
            """
            If Docker is running, use it. Wait until Redis is running.
            """),
    ]
}
