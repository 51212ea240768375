package import Basics
package import SkillModel

/// What a rule sees.
package struct LoweringContext: Sendable {
    package let source: LazyReading
    package let requirements: RequirementSet
    package let gaps: [Gap]
    /// The other ways to what each gap's primitive is demanded for.
    package let ways: [Primitive: [GapAnalysis.Way]]
    package let support: HarnessDescription.Support
    /// The skill's references with the relocation token, by which rules that rewrite text keep it whole.
    package let relocations: ReferenceRelocations
    /// `\r\n` where the skill uses it anywhere.
    package let lineEnd: String
    private let headings: [SourceSpan]

    package init(
        _ source: LazyReading, requirements: RequirementSet, gaps: [Gap],
        ways: [Primitive: [GapAnalysis.Way]] = [:], support: HarnessDescription.Support
    ) {
        let document = source.document
        self.source = source
        self.requirements = requirements
        self.gaps = gaps
        self.ways = ways
        self.support = support
        self.relocations = ReferenceRelocations(document)
        self.lineEnd = document.bytes.contains(0x0D) && document.source.contains("\r\n") ? "\r\n" : "\n"
        self.headings = document.sections.map(\.heading)
    }

    package var document: SkillDocument { source.document }
    package var reading: SkillReading { source.reading }

    /// The same text where fewer ways are left to go.
    func with(gaps: [Gap], ways: [Primitive: [GapAnalysis.Way]]) -> LoweringContext {
        LoweringContext(self, gaps: gaps, ways: ways)
    }

    private init(_ other: LoweringContext, gaps: [Gap], ways: [Primitive: [GapAnalysis.Way]]) {
        source = other.source
        requirements = other.requirements
        self.gaps = gaps
        self.ways = ways
        support = other.support
        relocations = other.relocations
        lineEnd = other.lineEnd
        headings = other.headings
    }

    /// The first gap among `primitives`, in their order.
    package func gap(among primitives: [Primitive]) -> Gap? {
        for primitive in primitives {
            if let gap = gaps.first(where: { $0.primitive == primitive }) { return gap }
        }
        return nil
    }

    /// Whether the text below the front matter demands a primitive; what the description alone does is not there to be lowered.
    func isInText(_ primitive: Primitive) -> Bool {
        guard let requirement = requirements.requirements.first(where: { $0.primitive == primitive }) else {
            return true
        }
        return requirement.evidence.contains { evidence in
            evidence.file != "SKILL.md" || evidence.span.map { $0.start >= document.body.start } ?? true
        }
    }

    /// The text of `span` with its references relocated.
    package func relocated(_ span: SourceSpan) -> String { relocations.apply(to: span, of: document) }

    /// Title of the innermost section around a block; nil before the first heading.
    package func sectionTitle(ofBlock block: Int) -> String? {
        guard document.blocks.indices.contains(block), let section = document.blocks[block].section,
            document.sections.indices.contains(section)
        else { return nil }
        return document.sections[section].title
    }

    /// The block that stands directly before `block` under the same parent and section; nil when it is the first.
    /// O(distance): blocks are in the order of the text.
    package func previousSibling(of block: Int) -> Int? {
        let parent = document.blocks[block].parent
        var index = block - 1
        while index >= 0, index != parent {
            if document.blocks[index].parent == parent { return index }
            index -= 1
        }
        return nil
    }

    /// The texts of the paragraphs right before and right after a block, under the same parent. O(distance).
    package func paragraphs(around block: Int) -> [String] {
        [previousSibling(of: block), nextSibling(of: block)].compactMap { $0.map { document.blocks[$0] } }
            .filter { $0.kind == .paragraph }.map(\.text)
    }

    /// The block that follows `block` under the same parent; nil when it is the last. O(distance).
    package func nextSibling(of block: Int) -> Int? {
        let (parent, end) = (document.blocks[block].parent, document.blocks[block].span.end)
        var index = block + 1
        while index < document.blocks.count {
            let other = document.blocks[index]
            if other.parent == parent { return index }
            if other.span.start >= end, let parent, !document.blocks[parent].span.contains(other.span) { return nil }
            index += 1
        }
        return nil
    }

    /// The white space between the start of the line and `offset`; nil when something else stands there.
    package func indent(at offset: Int) -> String? {
        let line = document.lines.span(ofLine: document.line(at: offset))
        let bytes = document.bytes[line.start..<max(line.start, min(offset, document.bytes.count))]
        guard bytes.allSatisfy({ $0 == 0x20 }) else { return nil }
        return String(repeating: " ", count: bytes.count)
    }
}
