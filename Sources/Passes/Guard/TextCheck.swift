import Basics
import SkillModel

/// Every sentence of the source is in the variant: the very words, in the same order. Words may be added between two
/// texts, never inside one.
enum TextCheck {
    struct Result {
        var violations: [Diagnostic] = []
        /// Words of the variant that no text of the source accounts for.
        var added: [String] = []
        var count = 0
        var constraints = 0
        var checks = 0
    }

    private static let mostViolations = 50

    static func run(_ comparison: GuardComparison) -> Result {
        var result = Result()
        let stream = leaves(of: comparison.variant).flatMap { comparison.canonical.words(text($0, comparison.variant)) }
        var matched = [Bool](repeating: false, count: stream.count)
        var at = 0
        for block in leaves(of: comparison.source)
        where !comparison.moves.contains(comparison.source.blocks[block].span) {
            let source = text(block, comparison.source)
            let words = comparison.canonical.words(source)
            guard !words.isEmpty else { continue }
            result.count += 1
            count(source, &result)
            if let found = SequenceSearch.first(words, in: stream, from: at) {
                for index in found..<(found + words.count) { matched[index] = true }
                at = found + words.count
            } else {
                result.violations.append(violation(block, source, stream, comparison))
                if result.violations.count >= mostViolations { break }
            }
        }
        result.added = zip(stream, matched).filter { !$0.1 }.map(\.0)
        return result
    }

    private static func leaves(of document: SkillDocument) -> [Int] {
        document.blocks.indices.filter { [.heading, .paragraph, .tableRow, .html].contains(document.blocks[$0].kind) }
    }

    private static func text(_ block: Int, _ document: SkillDocument) -> String {
        document.blocks[block].kind == .html
            ? document.text(document.blocks[block].span) : document.blocks[block].text
    }

    private static func count(_ text: String, _ result: inout Result) {
        let bytes = Array(text.utf8)
        for range in Sentences.split(bytes[...]) {
            let words = Sentences.words(String(decoding: bytes[range], as: UTF8.self))
            if ConstraintSentence.isConstraint(words) { result.constraints += 1 }
            if ConstraintSentence.isCheck(words) { result.checks += 1 }
        }
    }

    /// Names what is gone: the first sentence of the text that the variant has nowhere; the whole text when each is
    /// somewhere, but not in its place.
    private static func violation(
        _ block: Int, _ text: String, _ stream: [String], _ comparison: GuardComparison
    ) -> Diagnostic {
        let bytes = Array(text.utf8)
        var lost = text
        var isMoved = true
        for range in Sentences.split(bytes[...]) {
            let sentence = String(decoding: bytes[range], as: UTF8.self)
            if SequenceSearch.first(comparison.canonical.words(sentence), in: stream, from: 0) == nil {
                (lost, isMoved) = (sentence, false)
                break
            }
        }
        let words = Sentences.words(lost)
        let line = comparison.line(comparison.source.blocks[block].span)
        let shown = String(lost.trimmingBlanks().prefix(80))
        if isMoved { return .guarded("order", "text is not in its place any more: “\(shown)”", line: line) }
        if ConstraintSentence.isConstraint(words) {
            return .guarded("constraint", "a constraint is not kept: “\(shown)”", line: line)
        }
        if ConstraintSentence.isCheck(words) { return .guarded("check", "a check is not kept: “\(shown)”", line: line) }
        switch enclosing(block, comparison.source) {
        case .orderedList: return .guarded("step", "a step is not kept: “\(shown)”", line: line)
        case .list, .table: return .guarded("enumeration", "an entry is not kept: “\(shown)”", line: line)
        default: return .guarded("text", "text is not kept: “\(shown)”", line: line)
        }
    }

    private static func enclosing(_ block: Int, _ document: SkillDocument) -> Block.Kind? {
        var index = document.blocks[block].parent
        while let parent = index {
            let kind = document.blocks[parent].kind
            if [.orderedList, .list, .table].contains(kind) { return kind }
            index = document.blocks[parent].parent
        }
        return nil
    }
}

/// Knuth, Morris and Pratt over words, or bytes.
enum SequenceSearch {
    /// Where `words` begin in `stream`, at `from` or later; nil when they are nowhere. O(stream + words), and O(words) in
    /// the usual case that they stand at `from`.
    static func first<Word: Equatable>(_ words: [Word], in stream: [Word], from: Int) -> Int? {
        guard !words.isEmpty, from + words.count <= stream.count else { return words.isEmpty ? from : nil }
        if stream[from..<(from + words.count)].elementsEqual(words) { return from }
        var fallback = [Int](repeating: 0, count: words.count)
        var length = 0
        for index in words.indices.dropFirst() {
            while length > 0, words[index] != words[length] { length = fallback[length - 1] }
            if words[index] == words[length] { length += 1 }
            fallback[index] = length
        }
        length = 0
        for index in from..<stream.count {
            while length > 0, stream[index] != words[length] { length = fallback[length - 1] }
            if stream[index] == words[length] { length += 1 }
            if length == words.count { return index - length + 1 }
        }
        return nil
    }
}
