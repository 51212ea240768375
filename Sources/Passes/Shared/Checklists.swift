import Basics
import SkillModel

/// The boxes of a text that are to be ticked, by what they say: a rule in one of them is looked at by itself, and not held
/// together with the others.
///
/// A checklist is a list of which each entry begins with a box, or a fence of plain text whose lines do, with lines over
/// them that say what they are of. What stands in a quotation, under a title that names an example, or behind a line that
/// refuses it ("Don't work like this:") has nobody tick anything.
struct Checklists: Sendable {
    /// The words of each sentence in a checklist, joined by blanks.
    private var sentences: Set<String> = []
    /// The paragraphs in lists of boxes.
    private var blocks: Set<Int> = []
    /// The blocks of the fences that are checklists.
    private var fences: Set<Int> = []

    /// Whether a fence is a list to tick: nobody writes an output in its form.
    func isChecklist(_ block: Int) -> Bool { fences.contains(block) }

    /// Whether a sentence stands in a checklist, or one says it again, word for word.
    func hold(_ sentence: Sentence) -> Bool {
        blocks.contains(sentence.block) || sentences.contains(Self.key(sentence))
    }

    /// Whether a sentence stands in a list of boxes: of two that say the same, it is the copy.
    func isInBox(_ sentence: Sentence) -> Bool { blocks.contains(sentence.block) }

    var isEmpty: Bool { sentences.isEmpty }

    static func key(_ sentence: Sentence) -> String { sentence.words.map(\.lower).joined(separator: " ") }

    /// O(text of lists and plain fences).
    init(_ document: SkillDocument, roles: [SectionRole]) {
        let children = Children(document.blocks)
        for (index, block) in document.blocks.enumerated() where block.kind == .list && block.parent == nil {
            guard Self.isMeant(index, document, roles), Self.isBoxed(index, document, children) else { continue }
            var at = index + 1
            while at < document.blocks.count, block.span.contains(document.blocks[at].span) {
                if document.blocks[at].kind == .paragraph {
                    blocks.insert(at)
                    add(WordScanner.sentences(document.bytes, document.blocks[at].span, block: at))
                }
                at += 1
            }
        }
        for fragment in document.fragments where fragment.isClosed && ["", "text"].contains(fragment.language) {
            guard document.blocks[fragment.block].parent == nil, Self.isMeant(fragment.block, document, roles),
                let lines = Self.lines(of: fragment)
            else { continue }
            fences.insert(fragment.block)
            for line in lines {
                let bytes = Array(line.utf8)
                add(WordScanner.sentences(bytes, SourceSpan(0, bytes.count), block: -1))
            }
        }
    }

    private mutating func add(_ found: [Sentence]) { sentences.formUnion(found.map(Self.key)) }

    /// Whether the text has the list at `index` ticked: it stands in no example, and the line before does not refuse it.
    private static func isMeant(_ index: Int, _ document: SkillDocument, _ roles: [SectionRole]) -> Bool {
        if let section = document.blocks[index].section, roles.indices.contains(section), roles[section] == .example {
            return false
        }
        guard index > 0, document.blocks[index - 1].kind == .paragraph else { return true }
        // What leads to it, or else what calls it wrong in so many words.
        let text = document.blocks[index - 1].text.trimmingBlanks()
        let words = Sentences.words(text.suffix(300))
        return (text.hasSuffix(":") ? refusals : calling).isDisjoint(with: words)
    }

    private static let calling: Set<String> = ["wrong", "bad", "example", "ignore"]

    private static let refusals: Set<String> = [
        "not", "never", "don't", "no", "wrong", "bad", "avoid", "instead", "skip", "ignore", "example", "without",
        "isn't", "won't", "can't", "cannot", "nobody", "unlike", "rather",
    ]

    /// Whether each entry that holds no list of its own begins with a box, and there are two at least.
    private static func isBoxed(_ list: Int, _ document: SkillDocument, _ children: Children) -> Bool {
        var open = [list]
        var count = 0
        while let next = open.popLast() {
            for item in children.of(next) {
                let inner = children.of(item).filter { document.blocks[$0].kind == .list }
                open += inner
                let span = document.blocks[item].span
                let head = document.text(SourceSpan(span.start, min(span.end, span.start + 12)))
                if let box = head.firstIndex(of: "["),
                    head[..<box].utf8.allSatisfy({ [0x20, 0x2D, 0x2A, 0x2B].contains($0) }),
                    boxes.contains(where: head[box...].hasPrefix)
                {
                    count += 1
                } else if inner.isEmpty {
                    return false
                }
            }
        }
        return count >= 2
    }

    private static let boxes = ["[ ]", "[x]", "[X]"]

    /// The lines of a fence, without indent and boxes, when at least two have one and each other line stands over a
    /// line that is indented further; nil otherwise.
    private static func lines(of fragment: Fragment) -> [String]? {
        let lines = fragment.text.splitLines().filter { !$0.trimmingBlanks().isEmpty }
        guard lines.count >= 2, lines.count <= mostLines else { return nil }
        let indents = lines.map { $0.utf8.prefix { $0 == 0x20 }.count }
        var found: [String] = []
        var count = 0
        for (index, line) in lines.enumerated() {
            var text = line.trimmingBlanks()[...]
            if text.hasPrefix("- ") { text = text.dropFirst(2) }
            if let box = boxes.first(where: text.hasPrefix) {
                count += 1
                text = text.dropFirst(box.count)
            } else if index + 1 >= lines.count || indents[index + 1] <= indents[index] {
                return nil
            }
            found.append(String(text))
        }
        return count >= 2 ? found : nil
    }

    private static let mostLines = 400
}

extension SkillReading {
    /// What the text has ticked.
    var checklists: Checklists { once("shared.checklists") { Checklists(document, roles: roles) } }
}
