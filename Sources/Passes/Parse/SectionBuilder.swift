import Basics
import SkillModel

/// Sections from the headings at the top level.
struct SectionBuilder {
    private let blocks: [Block]
    private let body: SourceSpan

    init(_ blocks: [Block], body: SourceSpan) {
        self.blocks = blocks
        self.body = body
    }

    /// Sections in the order of their headings. A section ends where the next of its level or above begins. O(n).
    func build(headings: [(block: Int, level: Int)]) -> [Section] {
        var sections: [Section] = []
        var open: [Int] = []
        for heading in headings {
            let block = blocks[heading.block]
            while let last = open.last, sections[last].level >= heading.level {
                sections[last].span.end = block.span.start
                open.removeLast()
            }
            sections.append(
                Section(
                    level: heading.level, title: block.text, heading: block.span,
                    span: SourceSpan(block.span.start, body.end), parent: open.last))
            open.append(sections.count - 1)
        }
        return sections
    }

    /// Sets each block's innermost section; both lists are in the order of the text. O(n).
    static func assign(_ sections: [Section], to blocks: inout [Block]) {
        var next = 0
        for index in blocks.indices {
            while next < sections.count, sections[next].span.start <= blocks[index].span.start { next += 1 }
            blocks[index].section = next > 0 ? next - 1 : nil
        }
    }
}
