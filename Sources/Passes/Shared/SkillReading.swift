import Basics
package import SkillModel
import Synchronization

/// A document as the analysis rules read it: sentences with their section's role, and every command in one list.
/// Made once a document, for all passes; pure.
package struct SkillReading: Sendable {
    package let document: SkillDocument
    /// Of headings, paragraphs and table rows, in the order of the text.
    package let sentences: [Sentence]
    /// One for each section.
    package let roles: [SectionRole]
    /// In the order of the text.
    package let invocations: [Invocation]
    /// Programs that no table has: those that the front matter says the skill is about, and those that the text gives
    /// subcommands of.
    let declaredPrograms: Set<String>
    let spokenPrograms: Set<String>
    /// The front matter's name and description.
    package let description: [Word]
    /// What the text has the agent do one at a time; no rule sees these sentences otherwise.
    package let measures: [OneAtATime.Measure]
    /// Other ways to its goals that the text takes by saying so; no rule sees these sentences otherwise.
    package let ways: [OtherWay]
    private let known = WorkedOut()

    /// Whether a block says of the whole skill that things are taken one at a time: a paragraph of its own that says nothing else, and
    /// no quotation, no item, and nothing that a line before it announces ("This is the wrong way:"). O(sentences).
    private static func speaksForAll(_ block: Block, _ sentences: [Sentence], before: Block?) -> Bool {
        guard block.kind == .paragraph, block.parent == nil, before?.text.hasSuffix(":") != true else { return false }
        return sentences.allSatisfy { OneAtATime.measure($0.words) != nil }
    }

    /// O(size of the document).
    package init(_ document: SkillDocument) {
        self.document = document
        roles = SectionRole.roles(of: document.sections)
        var sentences: [Sentence] = []
        var measures: [OneAtATime.Measure] = []
        var ways: [OtherWay] = []
        for (index, block) in document.blocks.enumerated() {
            switch block.kind {
            case .heading, .paragraph, .tableRow:
                let all = WordScanner.sentences(document.bytes, block.span, block: index)
                let mayMeasure = Self.speaksForAll(block, all, before: index > 0 ? document.blocks[index - 1] : nil)
                for sentence in all {
                    if let measure = OneAtATime.measure(sentence.words),
                        mayMeasure || measure.id != OneAtATime.id
                    {
                        measures.append(measure)
                    } else if let way = OtherWay.way(sentence.words) {
                        ways.append(way)
                    } else {
                        sentences.append(sentence)
                    }
                }
            default: continue
            }
        }
        self.sentences = sentences
        self.measures = measures
        self.ways = ways
        let about = Array(((document.frontMatter.name ?? "") + ". " + (document.frontMatter.description ?? "")).utf8)
        description = WordScanner.sentences(about, SourceSpan(0, about.count), block: -1).filter { sentence in
            // "Do not use for …" says what the skill is not about.
            guard let first = Self.refusals.first(in: Array(sentence.words.prefix(3))) else { return true }
            return first.lowerBound > 0
        }.flatMap(\.words)
        declaredPrograms = InvocationReader.declared(document)
        spokenPrograms = InvocationReader.spoken(document)
        invocations = InvocationReader.read(
            document, roles: roles, declared: declaredPrograms, spoken: spokenPrograms)
    }

    private static let refusals = PhraseTable([
        "do not use", "don't use", "not for", "never use", "not to be", "not intended", "do not invoke",
    ])

    /// What `make` gives, worked out once a document: for what several rules or passes ask after. `make` is a function of
    /// the document alone, and `name` is its own.
    func once<Value: Sendable>(_ name: String, _ make: () -> Value) -> Value {
        if let stored = known.values.withLock({ $0[name] }), let value = stored as? Value { return value }
        // Not under the lock: it may ask for something else.
        let value = make()
        known.values.withLock { $0[name] = value }
        return value
    }

    package func role(ofBlock index: Int) -> SectionRole {
        guard document.blocks.indices.contains(index), let section = document.blocks[index].section,
            roles.indices.contains(section)
        else { return .other }
        return roles[section]
    }

    package func role(of sentence: Sentence) -> SectionRole { role(ofBlock: sentence.block) }

    /// The first heading's text, or the front matter's name.
    package var title: String { document.sections.first?.title ?? document.frontMatter.name ?? "" }

    /// Fragments in one of `languages`.
    package func fragments(in languages: Set<String>) -> [Fragment] {
        document.fragments.filter { languages.contains($0.language) }
    }

    /// The words after a bold or plain label and its colon: "**Image root**: If any …" → "If any …"; empty without one.
    package func labelledWords(_ block: Int) -> [Word] {
        guard document.blocks.indices.contains(block) else { return [] }
        let words = WordScanner.sentences(document.bytes, document.blocks[block].span, block: block).flatMap(\.words)
            .prefix(12)
        let bytes = document.bytes
        for (index, word) in words.enumerated().dropLast().prefix(6) {
            let next = words[index + 1].span.start
            let between = bytes[word.span.end..<max(word.span.end, next)]
            if between.contains(UInt8(ascii: ":")) || between.elementsEqual([0x2A, 0x2A, 0x20, 0xE2, 0x80, 0x94, 0x20])
            {
                return Array(words[(index + 1)...])
            }
        }
        return []
    }

    /// True when the block stands in a list item.
    package func isInItem(_ index: Int) -> Bool {
        var current: Int? = index
        while let at = current, document.blocks.indices.contains(at) {
            if document.blocks[at].kind == .item { return true }
            let parent = document.blocks[at].parent
            current = parent.flatMap { $0 < at ? $0 : nil }
        }
        return false
    }

    /// The innermost list that holds a block; nil when none does.
    package func list(around index: Int) -> Int? {
        var current = document.blocks.indices.contains(index) ? document.blocks[index].parent : nil
        while let at = current {
            if [.list, .orderedList].contains(document.blocks[at].kind) { return at }
            current = document.blocks[at].parent.flatMap { $0 < at ? $0 : nil }
        }
        return nil
    }

    /// The first words of a block that are no number and no step label: what a list item or heading tells to do.
    package func leadWords(_ block: Int, limit: Int = 4) -> [Word] {
        guard document.blocks.indices.contains(block) else { return [] }
        let words = WordScanner.sentences(document.bytes, document.blocks[block].span, block: block).first?.words ?? []
        return Array(words.drop { StepLabel.isLabel($0.lower) || $0.lower.allSatisfy(\.isNumber) }.prefix(limit))
    }
}

private final class WorkedOut: Sendable {
    let values = Mutex<[String: any Sendable]>([:])
}

/// Words that number a step in a heading or a lead: `Step 3`, `Phase 2`, `Stage`.
package enum StepLabel {
    private static let labels: Set<String> = ["step", "phase", "stage", "task"]
    package static func isLabel(_ word: String) -> Bool { labels.contains(word) }

    /// The number of a text that begins like `Step 2:`, `Phase L2 —`, `Stage B:`, `2.` or `2)`; nil for any other.
    /// `labelled` is true when a word such as "step" stands before the number.
    package static func number(of text: String) -> (number: Int, labelled: Bool)? {
        let words = WordScanner.words(String(text.prefix(80)))
        guard let first = words.first else { return nil }
        if isLabel(first.lower), words.count > 1, let number = number(ofLabel: words[1].text) { return (number, true) }
        let digits = leading(first.lower)
        guard first.span.start <= 4, !digits.isEmpty, digits.count <= 2, let number = Int(digits) else { return nil }
        let after = text.utf8.dropFirst(first.span.start + digits.utf8.count).first
        return after == UInt8(ascii: ".") || after == UInt8(ascii: ")") || after == UInt8(ascii: ":")
            ? (number, false) : nil
    }

    /// `2`, `2b`, `L2`, or a capital letter alone.
    private static func number(ofLabel text: String) -> Int? {
        // Nobody counts so many steps, and a longer number overflows when one is added to it.
        guard text.utf8.count <= 5 else { return nil }
        if let number = Int(leading(text)) { return number }
        guard let letter = text.utf8.first, letter >= UInt8(ascii: "A"), letter <= UInt8(ascii: "Z") else { return nil }
        let rest = String(text.dropFirst())
        return rest.isEmpty && letter <= UInt8(ascii: "H") ? Int(letter - UInt8(ascii: "A")) + 1 : Int(rest)
    }

    private static func leading(_ text: String) -> String { String(text.prefix { $0.isASCII && $0.isNumber }) }
}
