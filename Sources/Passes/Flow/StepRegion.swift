import Basics
import SkillModel

/// A step with what it makes and uses, as names: files, variables, results.
struct StepRegion: Sendable {
    var span: SourceSpan
    var title: String
    var words: [Word]
    /// Names that the step brings into being.
    var makes: Set<String>
    /// Names that it mentions in any way.
    var mentions: Set<String>
    /// Numbers of steps that it refers to, as written.
    var stepNumbers: [Int]
    /// The program and subcommand of its commands.
    var operations: Set<String>
    var commandCount: Int
    /// What its title and first sentence say of its place in the procedure.
    var head = StepHead()
    var firstSentence: [Word] = []

    static func make(_ procedure: Procedure, _ reading: SkillReading) -> [StepRegion] {
        procedure.steps.map { step in
            let span = SourceSpan(step.start, max(step.end, step.start))
            let sentences = reading.sentences(in: span)
            var region = StepRegion(
                span: span, title: step.title, words: sentences.flatMap(\.words), makes: [], mentions: [],
                stepNumbers: [], operations: [], commandCount: 0)
            region.head = StepHead(step, sentences.first)
            region.firstSentence = sentences.first?.words ?? []
            region.readCode(reading)
            region.readCommands(reading)
            region.readStepNumbers()
            return region
        }
    }

    /// The part of the body that the steps fill, 0…1. O(steps).
    static func share(of regions: [StepRegion], in reading: SkillReading) -> Double {
        let body = reading.document.body
        guard body.end > body.start else { return 0 }
        return min(1, Double(regions.reduce(0) { $0 + $1.span.count }) / Double(body.end - body.start))
    }

    /// Code in running text: a name after a writing verb is made, any other is used.
    private mutating func readCode(_ reading: SkillReading) {
        let spans = reading.document.codeSpans
        let first = SortedSearch.first(in: spans.indices) { spans[$0].span.start >= span.start }
        for code in spans[first...].prefix(while: { $0.span.start < span.end }) {
            guard let name = StepRegion.resultName(code.text) else { continue }
            mentions.insert(name)
            let following = SortedSearch.first(in: words.indices) { words[$0].span.end > code.span.start }
            let before = words[..<following].suffix(5)
            if before.contains(where: { StepRegion.writingVerbs.contains($0.lower) }) { makes.insert(name) }
        }
    }

    private mutating func readCommands(_ reading: SkillReading) {
        let all = reading.invocations
        let first = SortedSearch.first(in: all.indices) { all[$0].span.start >= span.start }
        for invocation in all[first...].prefix(while: { $0.span.start < span.end }) {
            commandCount += 1
            let program = invocation.words.prefix(2).joined(separator: " ")
            operations.insert(program)
            for redirection in invocation.redirections where redirection.hasPrefix(">") {
                let target = String(redirection.drop { $0 == ">" || $0 == " " || $0 == "&" })
                if let name = StepRegion.resultName(target) { makes.insert(name) }
            }
            for assignment in invocation.assignments {
                if let equals = assignment.firstIndex(of: "=") { makes.insert("$" + assignment[..<equals]) }
            }
            readArguments(invocation.words)
        }
    }

    private mutating func readArguments(_ arguments: [String]) {
        var isOutput = false
        for word in arguments.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            let key = (parts.first ?? "").lowercased()
            let value = parts.count == 2 ? parts[1] : word
            let namesOutput = key.contains("output") || key == "-o" || key == "--out"
            if let name = StepRegion.resultName(value) {
                mentions.insert(name)
                if isOutput || (parts.count == 2 && namesOutput) { makes.insert(name) }
            }
            mentions.formUnion(StepRegion.variables(value))
            isOutput = parts.count == 1 && namesOutput
        }
    }

    private mutating func readStepNumbers() {
        for (index, word) in words.enumerated() where ["step", "steps", "phase"].contains(word.lower) {
            guard index + 1 < words.count, let number = Int(words[index + 1].lower) else { continue }
            stepNumbers.append(number)
        }
    }

    /// A file's, placeholder's or variable's name by which two steps can mean the same thing; nil for anything else.
    static func resultName(_ text: String) -> String? {
        guard text.utf8.count <= 120, text.utf8.count > 2, !text.contains(" "), !text.hasPrefix("-"),
            !text.contains("://")
        else {
            return nil
        }
        if text.hasPrefix("<"), text.hasSuffix(">") { return text.lowercased() }
        if text.hasPrefix("$") { return String(text.prefix { $0 == "$" || $0.isLetter || $0.isNumber || $0 == "_" }) }
        let name = text.split(separator: "/").last.map(String.init) ?? text
        if let dot = name.lastIndex(of: "."), dot != name.startIndex {
            let ending = name[name.index(after: dot)...]
            let isEnding =
                ending.count <= 8 && !ending.isEmpty && ending.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
            return isEnding ? name.lowercased() : nil
        }
        let isIdentifier =
            text.contains("_") && text.utf8.allSatisfy { $0 == 0x5F || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) }
        return isIdentifier ? (text == text.uppercased() ? "$" + text : text.lowercased()) : nil
    }

    private static func variables(_ text: String) -> [String] {
        text.split(separator: "$").dropFirst(text.hasPrefix("$") ? 0 : 1).compactMap { part in
            let name = part.drop { $0 == "{" }.prefix { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
            return name.utf8.count > 1 ? "$" + name : nil
        }
    }

    static let writingVerbs: Set<String> = [
        "write", "create", "save", "generate", "produce", "update", "output", "store", "record", "export", "build",
        "emit",
        "append", "draft", "resolve", "set", "compile", "compute", "capture", "download", "convert",
    ]
}
