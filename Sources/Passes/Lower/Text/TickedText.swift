import Basics
import SkillModel

/// Sentences of a text as a list of boxes to tick that stands at its end: each as it is written, whole, under the titles and
/// lead-ins that it stands under in the text.
///
/// Word for word or not at all: a sentence that leans on what stands elsewhere ("This must …", "see below", a cell of a table)
/// makes no line, and where one makes none there is no list, since a list that leaves one out says that it is no rule.
struct TickedText {
    private struct Line {
        /// The outermost first.
        var labels: [String]
        var text: String
        var isTitle = false
    }

    /// Why there is no list.
    struct Objection: Error {
        var span: SourceSpan
        var why: String
    }

    private let document: SkillDocument
    private let relocations: ReferenceRelocations
    private let children: Children
    /// The blocks that no other holds.
    private let top: [Int]

    private static let longestLine = 300
    private static let longestLabel = 200
    private static let mostLines = 24

    init(_ document: SkillDocument, _ relocations: ReferenceRelocations) {
        self.document = document
        self.relocations = relocations
        children = Children(document.blocks)
        top = document.blocks.indices.filter { document.blocks[$0].parent == nil }
    }

    /// The lines of the list, indented below their labels. O(document + sentences · depth).
    func list(of sentences: [Sentence]) throws(Objection) -> [String] {
        var lines: [Line] = []
        var at = 0
        let sorted = sentences.sorted { $0.span < $1.span }
        while at < sorted.count {
            let block = sorted[at].block
            let here = Array(sorted[at...].prefix { $0.block == block })
            at += here.count
            switch document.blocks[block].kind {
            case .heading: lines.append(try title(block, for: here[0].span))
            case .paragraph: lines += try self.lines(of: here, in: block)
            case .tableRow: lines.append(try row(block, for: here[0].span))
            default: throw Objection(span: here[0].span, why: "it stands where no line can be taken from")
            }
            if lines.count > Self.mostLines {
                throw Objection(span: here[0].span, why: "there are more than \(Self.mostLines)")
            }
        }
        var said: Set<[String]> = []
        lines.removeAll { !said.insert($0.labels + [$0.text]).inserted }
        // A title that has a line below it is said by that.
        let labels = Set(lines.compactMap(\.labels.first))
        lines.removeAll { line in line.isTitle && labels.contains { $0.contains(line.text) } }
        guard lines.count >= 2 else {
            throw Objection(span: sorted.first?.span ?? SourceSpan(0, 0), why: "a list of one says nothing new")
        }
        return Self.indented(lines)
    }

    // MARK: One block

    /// A title that is a rule by itself.
    private func title(_ block: Int, for span: SourceSpan) throws(Objection) -> Line {
        guard let index = document.blocks[block].section, document.sections[index].heading.contains(span),
            index > 0 || document.sections[index].level > 1,
            case let title = document.sections[index].title,
            let first = Sentences.words(title).first, !Self.naming.contains(first), !title.contains("```")
        else { throw Objection(span: span, why: "a title says it, and nothing that stands below") }
        let around = try titles(around: document.sections[index].parent, for: span)
        return Line(labels: around.isEmpty ? [] : [around], text: title, isTitle: true)
    }

    /// "What not to do" is the name of rules, and none.
    private static let naming: Set<String> = [
        "what", "when", "how", "why", "where", "who", "which", "important", "critical", "rules", "required",
        "mandatory",
        "the", "a", "an",
    ]

    /// A row of a table, under what stands at the head of its columns.
    private func row(_ block: Int, for span: SourceSpan) throws(Objection) -> Line {
        let refusal = Objection(span: span, why: "the row of a table that says it can't stand by itself")
        guard let table = document.blocks[block].parent, document.blocks[table].parent == nil,
            let head = children.of(table).first, head != block
        else { throw refusal }
        let texts = try [head, block].map { (row) throws(Objection) in
            var text = try written(document.blocks[row].span, for: span)[...]
            while text.hasPrefix("|") || text.hasPrefix(" ") { text = text.dropFirst() }
            while text.hasSuffix("|") || text.hasSuffix(" ") { text = text.dropLast() }
            return String(text)
        }
        guard texts[0].utf8.count <= Self.longestLabel, texts[1].utf8.count <= Self.longestLine,
            !isLeaning(texts[1])
        else { throw refusal }
        let title = try titles(around: document.blocks[block].section, for: span)
        return Line(labels: (title.isEmpty ? [] : [title]) + [texts[0]], text: texts[1])
    }

    private func lines(of sentences: [Sentence], in block: Int) throws(Objection) -> [Line] {
        let span = sentences[0].span
        let labels = try labels(of: block, for: span)
        let whole = try written(document.blocks[block].span, for: span)
        let bytes = document.bytes[document.blocks[block].span.range]
        let parts = Sentences.split(bytes)
        let indices = Set(sentences.compactMap { sentence in parts.firstIndex { $0.contains(sentence.span.start) } })
        if Self.leads(document.blocks[block].text), indices.contains(parts.count - 1) {
            guard whole.utf8.count <= Self.longestLine, !isLeaning(whole) else {
                throw Objection(span: span, why: "what leads to a list is no short text")
            }
            return try entries(after: block, for: span).map { Line(labels: labels + [whole], text: $0) }
        }
        if isLeaning(whole) { throw Objection(span: span, why: "what it speaks of stands elsewhere") }
        let leans = try parts.map { (part) throws(Objection) -> Bool in
            refersBack(try written(SourceSpan(part.lowerBound, part.upperBound), for: span))
        }
        // What leads to code or a list says nothing without it.
        let isOpen = Self.leads(document.blocks[block].text)
        if !isOpen, whole.utf8.count <= Self.longestLine, indices.count < 2 || indices.contains(where: { leans[$0] }) {
            return [Line(labels: labels, text: whole)]
        }
        var found: [Line] = []
        var done = -1
        for index in indices.sorted() where index > done {
            var first = index
            while first > 0, leans[first] { first -= 1 }
            // What leans on a demand goes on its line.
            var last = index
            while indices.contains(last + 1), leans[last + 1] { last += 1 }
            let text = try written(SourceSpan(parts[first].lowerBound, parts[last].upperBound), for: span)
            guard text.utf8.count <= Self.longestLine else {
                throw Objection(span: span, why: "it takes more text to say than a line holds")
            }
            found.append(Line(labels: labels, text: text))
            done = last
        }
        return found
    }

    /// What a paragraph that ends in a colon leads to.
    private func entries(after block: Int, for span: SourceSpan) throws(Objection) -> [String] {
        let elsewhere = Objection(span: span, why: "what it leads to is no plain list")
        guard let list = next(after: block), [.list, .orderedList].contains(document.blocks[list].kind) else {
            throw elsewhere
        }
        let items = children.of(list)
        guard (2...12).contains(items.count) else { throw elsewhere }
        return try items.map { item throws(Objection) -> String in
            let inside = children.of(item)
            guard inside.count == 1, document.blocks[inside[0]].kind == .paragraph else { throw elsewhere }
            let text = try written(document.blocks[inside[0]].span, for: span)
            guard text.utf8.count <= Self.longestLine else { throw elsewhere }
            return text
        }
    }

    // MARK: What it stands under

    /// The titles around a paragraph, in one, and below them the lead-ins of the lists that hold it, the outermost first.
    private func labels(of block: Int, for span: SourceSpan) throws(Objection) -> [String] {
        var labels: [String] = []
        var at = block
        while true {
            if let lead = lead(of: at) { labels.append(try label(lead, for: span)) }
            guard let parent = document.blocks[at].parent else { break }
            switch document.blocks[parent].kind {
            case .item:
                // What stands second in an item is of its first.
                if let first = children.of(parent).first, first != at, document.blocks[first].kind == .paragraph {
                    labels.append(try label(first, for: span))
                }
            case .list, .orderedList, .quote: break
            default: throw Objection(span: span, why: "it stands where no line can be taken from")
            }
            at = parent
        }
        let title = try titles(around: document.blocks[block].section, for: span)
        return (title.isEmpty ? [] : [title]) + labels.reversed()
    }

    /// The paragraph that leads to a list or is its title, unless that is the head of the item around it.
    private func lead(of list: Int) -> Int? {
        guard [.list, .orderedList].contains(document.blocks[list].kind), let lead = previous(before: list),
            document.blocks[lead].kind == .paragraph,
            Self.leads(document.blocks[lead].text) || PlainTitle.text(of: lead, in: document) != nil
        else { return nil }
        return document.blocks[list].parent.map { children.of($0).first == lead } ?? false ? nil : lead
    }

    /// A paragraph as a label, or its last sentence, if that is what leads.
    private func label(_ block: Int, for span: SourceSpan) throws(Objection) -> String {
        let whole = try written(document.blocks[block].span, for: span)
        if whole.utf8.count <= Self.longestLabel, !isLeaning(whole) { return whole }
        let parts = Sentences.split(document.bytes[document.blocks[block].span.range])
        if let last = parts.last, parts.count > 1 {
            let text = try written(SourceSpan(last.lowerBound, last.upperBound), for: span)
            if text.utf8.count <= Self.longestLabel, !refersBack(text) { return text }
        }
        throw Objection(span: span, why: "what it stands under is no short text")
    }

    private func titles(around innermost: Int?, for span: SourceSpan) throws(Objection) -> String {
        var titles: [String] = []
        var section = innermost
        while let index = section {
            // The skill's own title is above all of it.
            if index > 0 || document.sections[index].level > 1 { titles.insert(document.sections[index].title, at: 0) }
            section = document.sections[index].parent
        }
        let title = titles.joined(separator: " — ")
        guard title.utf8.count <= Self.longestLabel, !title.contains("```") else {
            throw Objection(span: span, why: "the titles that it stands under are long")
        }
        return title
    }

    private func previous(before block: Int) -> Int? {
        let siblings = siblings(of: block)
        let at = SortedSearch.first(in: siblings.indices) { siblings[$0] >= block }
        return at > 0 ? siblings[at - 1] : nil
    }

    private func next(after block: Int) -> Int? {
        let siblings = siblings(of: block)
        let at = SortedSearch.first(in: siblings.indices) { siblings[$0] > block }
        return at < siblings.count ? siblings[at] : nil
    }

    private func siblings(of block: Int) -> [Int] {
        document.blocks[block].parent.map(children.of) ?? top
    }

    // MARK: Words

    /// The text of a span in one line, without marks of bold type and of quotations.
    private func written(_ span: SourceSpan, for place: SourceSpan) throws(Objection) -> String {
        let lines = relocations.apply(to: span, of: document).splitLines().map { line in
            var rest = line.trimmingBlanks()[...]
            while rest.hasPrefix("> ") || rest == ">" { rest = rest.dropFirst(2) }
            return String(rest).trimmingBlanks()
        }
        var text = ""
        for line in lines.joined(separator: " ").split(separator: "**", omittingEmptySubsequences: false) {
            text += line
        }
        text = text.trimmingBlanks()
        for box in ["[ ] ", "[x] ", "[X] "] where text.hasPrefix(box) { text = String(text.dropFirst(box.count)) }
        let isMarked = ["* ", "- ", "+ ", "[!"].contains { text.hasPrefix($0) } || text.contains(" * ")
        guard !isMarked, !text.contains("```"), !text.contains("~~~"), !text.contains("<!--"), !text.isEmpty else {
            throw Objection(span: place, why: "it has marks that no list can hold")
        }
        return text
    }

    /// Whether a paragraph begins with a word for what stands before it, or points to another place.
    private func isLeaning(_ text: String) -> Bool {
        let words = Sentences.words(text)
        if Self.pointsAway(words) || words.prefix(3).contains(where: Self.wherever.contains) { return true }
        guard let first = words.first, Self.back.contains(first) else { return false }
        return !(first == "this" && words.dropFirst().first == "skill")
    }

    /// Whether a sentence has a word for what a sentence before it says.
    private func refersBack(_ text: String) -> Bool {
        let words = Sentences.words(text)
        return words.prefix(3).contains { Self.back.contains($0) } || Self.pointsAway(words)
            || !Self.wherever.isDisjoint(with: words)
    }

    /// "Below", "above", but for "above 5".
    private static func pointsAway(_ words: [String]) -> Bool {
        for (index, word) in words.enumerated() where word == "below" || word == "above" {
            let next = index + 1 < words.count ? words[index + 1] : ""
            if next.utf8.first?.isDigit != true { return true }
        }
        return false
    }

    private static let back: Set<String> = [
        "this", "that", "these", "those", "it", "its", "they", "them", "their", "such", "otherwise", "then", "instead",
        "so", "but", "he", "she", "however", "therefore", "thus", "also", "likewise", "both", "neither", "either",
        "else",
    ]
    private static let wherever: Set<String> = ["it", "they", "them", "these", "those", "otherwise", "such"]

    private static func leads(_ text: String) -> Bool { text.trimmingBlanks().hasSuffix(":") }

    /// Labels that a line shares with the one before stand once.
    private static func indented(_ lines: [Line]) -> [String] {
        var result: [String] = []
        var open: [String] = []
        for line in lines {
            let shared = zip(open, line.labels).prefix { $0 == $1 }.count
            for (depth, label) in line.labels.enumerated().dropFirst(shared) {
                result.append(String(repeating: "  ", count: depth) + label)
            }
            result.append(String(repeating: "  ", count: line.labels.count) + "[ ] " + line.text)
            open = line.labels
        }
        return result
    }
}
