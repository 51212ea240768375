import Basics
import SkillModel

/// How a step begins: with its condition, as one of several ways, as something that may be left out; and what it says
/// to make.
struct StepHead: Sendable {
    /// "If the state is old, …": taken or not.
    var isBranch = false
    /// "(optional)": the steps after it can't rely on it.
    var isOptional = false
    /// The title without its last words: "check disk" and "check memory" have one shape.
    var shape: [String] = []
    /// What the step makes, in the singular: "Write the test plan" → "plan".
    var result: String?
    /// Nouns of its first sentences that an article points to: "the plan".
    var pointsTo: Set<String> = []

    init() {}

    init(_ step: Procedure.Step, _ sentence: Sentence?) {
        let title = WordScanner.words(step.title).map(\.lower)
        let lead = (sentence?.words ?? []).map(\.lower)
        let first = title.first ?? ""
        let isLoop = first == "for" && title.count > 1 && ["each", "every", "all"].contains(title[1])
        isBranch = StepHead.conditions.contains(first) && !isLoop
        isOptional = title.contains("optional") || title.contains("optionally") || lead.prefix(2).contains("optionally")
        shape = title.count >= 3 ? Array(title.prefix(2)) : []
        result = StepHead.made(title) ?? StepHead.made(Array(lead.drop { word in word.utf8.allSatisfy { $0 < 0x3A } }))
        for index in lead.indices.dropFirst() where StepHead.articles.contains(lead[index - 1]) {
            // The noun may have words before it: "the written test plan".
            for noun in lead[index...].prefix(3) { pointsTo.insert(StepHead.singular(noun)) }
        }
    }

    /// The head noun after a verb that makes something.
    private static func made(_ words: [String]) -> String? {
        guard let verb = words.first, makers.contains(verb) else { return nil }
        var noun: String?
        for word in words.dropFirst().prefix(6) {
            if articles.contains(word) { continue }
            if stops.contains(word) { break }
            noun = word
        }
        guard let noun, noun.utf8.count >= 4, !general.contains(singular(noun)) else { return nil }
        return singular(noun)
    }

    private static func singular(_ noun: String) -> String {
        noun.hasSuffix("s") && !noun.hasSuffix("ss") && noun.utf8.count > 4 ? String(noun.dropLast()) : noun
    }

    private static let conditions: Set<String> = ["if", "when", "for", "unless"]
    private static let articles: Set<String> = ["the", "this", "these", "that", "those", "each", "a", "an", "its"]
    private static let stops: Set<String> = [
        "to", "from", "for", "with", "in", "into", "on", "of", "and", "or", "by", "as", "that", "which", "using", "at",
        "via", "if", "when", "so", "before", "after", "per", "based",
    ]
    private static let makers: Set<String> = [
        "write", "create", "generate", "build", "compute", "calculate", "draft", "produce", "resolve", "extract",
        "define",
        "collect", "gather", "determine", "identify", "prepare", "assemble", "design", "compile", "classify", "select",
        "choose", "fetch", "get", "download", "list", "derive", "estimate", "record", "convert",
    ]
    /// Nouns that every second step has.
    private static let general: Set<String> = [
        "file", "user", "data", "output", "result", "list", "step", "skill", "command", "code", "request", "task",
        "information", "project", "tool", "one", "following", "detail", "context", "name", "option",
    ]
}
