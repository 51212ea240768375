import Basics
import SkillModel

/// Front matter, headings and lists: what gives the text its shape.
enum OutlineCheck {
    struct Result {
        var violations: [Diagnostic] = []
        var lists = 0
    }

    static func run(_ comparison: GuardComparison) -> Result {
        var result = Result()
        let (source, variant) = (comparison.source, comparison.variant)
        let before = AliasEdit.frontMatter(of: source, alias: comparison.alias)
        if before != variant.frontMatter.span.map(variant.text) {
            result.violations.append(.guarded("front-matter", "the front matter changed", line: 1))
        }
        result.violations += headings(comparison)
        let lists = lists(comparison)
        result.violations += lists.violations
        result.lists = lists.count
        return result
    }

    /// The same headings, levels and order: one more is as wrong as one less.
    private static func headings(_ comparison: GuardComparison) -> [Diagnostic] {
        func list(_ sections: [Section]) -> [String] {
            sections.map { "\($0.level) \(comparison.canonical.words($0.title).joined(separator: " "))" }
        }
        let kept = comparison.source.sections.filter { !comparison.moves.contains($0.heading) }
        let (source, variant) = (list(kept), list(comparison.variant.sections))
        guard source != variant else { return [] }
        let at = zip(source, variant).prefix { $0 == $1 }.count
        guard at < source.count else {
            return [.guarded("heading", "there is a heading more: “\(variant[at].dropFirst(2).prefix(80))”")]
        }
        let section = kept[at]
        return [
            .guarded(
                "heading", "a heading is not kept in its place: “\(section.title.prefix(80))”",
                line: comparison.line(section.heading))
        ]
    }

    /// A list or a table as a contract: its kind, the mark of each item, and what each begins with.
    private struct Shape: Hashable {
        var kind: Block.Kind
        var items: [String]
    }

    /// Each list of the source is in the variant with as many items in the same order.
    private static func lists(_ comparison: GuardComparison) -> (violations: [Diagnostic], count: Int) {
        var left: [Shape: Int] = [:]
        for (_, shape) in shapes(comparison.variant, comparison.canonical) { left[shape, default: 0] += 1 }
        let source = shapes(comparison.source, comparison.canonical)
        var violations: [Diagnostic] = []
        for (block, shape) in source where !comparison.moves.contains(comparison.source.blocks[block].span) {
            if let count = left[shape], count > 0 {
                left[shape] = count - 1
                continue
            }
            let isSteps = shape.kind == .orderedList
            violations.append(
                .guarded(
                    isSteps ? "step" : "enumeration",
                    "a list of \(shape.items.count) \(isSteps ? "steps" : "items") is not kept as it was",
                    line: comparison.line(comparison.source.blocks[block].span)))
            if violations.count >= 20 { break }
        }
        return (violations, source.count)
    }

    private static func shapes(_ document: SkillDocument, _ canonical: CanonicalText) -> [(Int, Shape)] {
        let children = Children(document.blocks)
        return document.blocks.indices.filter { [.list, .orderedList, .table].contains(document.blocks[$0].kind) }.map {
            list in
            let items = children.of(list).map { item in
                // A table's rows have their own text; what an item holds beyond its first paragraph may be cut apart.
                let first = children.of(item).first { document.blocks[$0].kind == .paragraph } ?? item
                let text = canonical.words(document.blocks[first].text).joined(separator: " ")
                return "\(mark(of: document.blocks[item], in: document)) \(text)"
            }
            return (list, Shape(kind: document.blocks[list].kind, items: items))
        }
    }

    /// The number, bullet and check box as written: CommonMark counts on its own, a model reads the text.
    private static func mark(of item: Block, in document: SkillDocument) -> String {
        guard item.kind == .item else { return "" }
        let start = document.text(SourceSpan(item.span.start, min(item.span.end, item.span.start + 16)))
        return start.utf8.split(whereSeparator: \.isWhitespace).prefix {
            ($0.allSatisfy { !$0.isLetter && $0 < 0x80 && $0 != .backtick }) || $0.elementsEqual("[x]".utf8)
        }.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }
}
