import Basics
import SkillModel

/// The record of what was said, put among the results: "the hook adds `agent_session.jsonl`", "copies session logs
/// alongside". Whatever the user showed the agent lies in it. The first place is reported: it is one habit of the skill.
enum SessionRecordRule: HazardRule {
    static let id = "hazard.session-record"
    static let message = "puts the record of the session among the results"

    static func find(_ reading: SkillReading) -> [HazardFinding] {
        for sentence in reading.sentences where !denial.isIn(sentence.words) {
            guard let verb = packing.first(in: sentence.words) else { continue }
            let rest = Array(sentence.words[verb.upperBound...].prefix(reach))
            guard let record = rest.first(where: isFile) ?? records.first(in: rest).map({ rest[$0.lowerBound] }) else {
                continue
            }
            return [
                HazardFinding(
                    kind: .secretExposure, line: reading.document.line(at: record.span.start), span: record.span,
                    message: message)
            ]
        }
        return []
    }

    /// `claude_session.jsonl`, `session-log.txt`: a file by its name.
    private static func isFile(_ word: Word) -> Bool {
        let parts = word.lower.split { !$0.isLetter }
        guard let ending = parts.last, ["jsonl", "log", "txt", "md"].contains(ending) else { return false }
        return parts.dropLast().contains("session") && (ending == "jsonl" || parts.contains { isRecord(String($0)) })
    }

    private static func isRecord(_ word: String) -> Bool { ["log", "logs", "transcript", "capture"].contains(word) }

    private static let reach = 10
    private static let packing = PhraseTable([
        "adds", "add", "copies", "copy", "bundles", "packages", "includes", "attaches", "captures", "archives",
    ])
    private static let records = PhraseTable([
        "session log", "session logs", "session transcript", "session transcripts", "session-capture",
        "session history",
    ])
    private static let denial = PhraseTable(["never", "not", "don't", "no", "without", "avoid"])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            The packaging hook adds `config/` and `⟦agent_session.jsonl⟧` to the folder.

            Writing the report triggers the hook, which copies session logs alongside.
            """,
            finds: "puts the record of the session among the results"),
        RuleExample(
            """
            The last step copies ⟦session⟧ logs alongside.
            """,
            finds: "puts the record of the session among the results"),
        .nothing(
            """
            Reads the session log. Do not include session logs. Adds a session to the list.
            """),
    ]
}
