package import Basics
package import SkillModel

/// Which texts of a skill are plainly looked up, so that a pass may move them out of SKILL.md: code, tables and lists of
/// names with what they mean, captions. What is moved is read only when it is asked for.
///
/// By form, and not by a list of what rules look like: a sentence that stands by itself stays, whatever it says and in
/// whatever language. What has the form of reference stays, too, when it forbids, obliges, permits, bounds or makes a
/// condition (`Deontic`), when its title or the line that leads to it does, or when nobody here can read it.
package struct Movable {
    private let document: SkillDocument
    private let text: MovableText
    /// By block: the one before it in the same container.
    private let previous: [Int?]
    /// By section: why all of it stays.
    private let bound: [Bool]
    private let fragments: [Int: Int]
    /// By table: the cells of its head.
    private let heads: [Int: [String]]

    /// O(document).
    package init(_ document: SkillDocument) {
        self.document = document
        let text = MovableText(document)
        self.text = text
        var last: [Int: Int] = [:]
        var heads: [Int: [String]] = [:]
        previous = document.blocks.enumerated().map { index, block in
            let parent = block.parent ?? -1
            if block.kind == .tableRow, heads[parent] == nil { heads[parent] = text.cells(of: index) }
            defer { last[parent] = index }
            return last[parent]
        }
        self.heads = heads
        var bound: [Bool] = []
        for section in document.sections {
            // The skill's own title is a name.
            let own = section.level > 1 && !text.isNeutralTitle(section.title)
            bound.append(own || section.parent.map { bound.indices.contains($0) && bound[$0] } ?? false)
        }
        self.bound = bound
        fragments = Dictionary(
            document.fragments.enumerated().map { ($1.block, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The blocks at the top of the text that may be moved, in order. O(document).
    package var spans: [SourceSpan] {
        document.blocks.filter { $0.parent == nil }.map(\.span).filter { fault(in: $0) == nil }
    }

    /// Why the blocks of `span` may not be moved, and the line of the first that may not; nil when they may. O(blocks in
    /// the span).
    func fault(in span: SourceSpan) -> (why: String, line: Int)? {
        let first = SortedSearch.first(in: document.blocks.indices) { document.blocks[$0].span.start >= span.start }
        for index in document.blocks.indices[first...] {
            guard document.blocks[index].span.start < span.end else { break }
            guard span.contains(document.blocks[index].span), let why = fault(of: index, in: span) else { continue }
            return (why, document.line(at: document.blocks[index].span.start))
        }
        return nil
    }

    private func fault(of index: Int, in span: SourceSpan) -> String? {
        let block = document.blocks[index]
        if let section = block.section, bound.indices.contains(section), bound[section] {
            return "a part of “\(document.sections[section].title.prefix(80))”, which by its title is no reference,"
        }
        switch block.kind {
        case .orderedList: return "a list of steps"
        case .quote, .html: return "a quotation or HTML"
        case .thematicBreak: return nil
        case .item: return Binding.isTask(block, document) ? "a list of steps" : nil
        case .list: return leadIn(index)
        case .table: return leadIn(index) ?? table(index)
        case .tableRow: return row(index) ? nil : told("a row that is more than names", block)
        case .code: return leadIn(index) ?? code(index)
        case .heading: return text.isNeutralTitle(block.text) ? nil : told("a heading that is no name", block)
        case .paragraph:
            return isEntry(index) || isCaption(index) ? nil : told("a text that is no entry of a reference", block)
        }
    }

    private func told(_ what: String, _ block: Block) -> String { "\(what) (“\(block.text.prefix(60))”)" }

    // MARK: What leads to it

    /// "Never call these:", "You must take one of the values below."
    private func leadIn(_ index: Int) -> String? {
        guard let before = previous[index], document.blocks[before].kind == .paragraph else { return nil }
        let block = document.blocks[before]
        let words = text.words(of: before)
        let isBound =
            block.text.hasSuffix(":") || block.text.hasSuffix("：")
            ? Deontic.isSigned(words) || text.isStrange(before) : Deontic.isStrong(words)
        return isBound ? told("what follows a rule", block) : nil
    }

    // MARK: Lists and captions

    /// A name, or a name with what it means: "`search`: find pages", "**Header** — the first line".
    private func isEntry(_ index: Int) -> Bool {
        guard let parent = document.blocks[index].parent, document.blocks[parent].kind == .item else { return false }
        let words = text.words(of: index)
        guard !Deontic.isSigned(words), !Deontic.isMarked(document.blocks[index].text), !text.isStrange(index) else {
            return false
        }
        switch text.label(of: index) {
        case .code: return true
        case .name(let rest): return !Binding.isInstruction(rest)
        case nil: return words.count <= 4 && !Binding.isInstruction(document.blocks[index].text)
        }
    }

    /// "The sizes, for each edge:" right before what it names.
    private func isCaption(_ index: Int) -> Bool {
        let block = document.blocks[index]
        let words = text.words(of: index)
        let isOne = block.text.hasSuffix(":") || text.isBold(index) && words.count <= 6
        return isOne && words.count <= 12 && !Deontic.isSigned(words) && !Deontic.isMarked(block.text)
            && !text.isStrange(index) && !Binding.isInstruction(block.text)
    }

    // MARK: Tables

    private func table(_ index: Int) -> String? {
        guard let head = heads[index] else { return nil }
        if head.contains(where: { !MovableText.isProperty($0) && text.isBindingHead($0) }) {
            return "a table of what to do (“\(head.joined(separator: " | ").prefix(60))”)"
        }
        let rows = document.blocks.indices[index...].dropFirst().prefix {
            document.blocks[$0].span.start < document.blocks[index].span.end
        }
        return text.isStrange(rows.filter { document.blocks[$0].kind == .tableRow })
            ? "a table in another language" : nil
    }

    private func row(_ index: Int) -> Bool {
        let head = document.blocks[index].parent.flatMap { heads[$0] } ?? []
        return text.cells(of: index).enumerated().allSatisfy { column, cell in
            if MovableText.isValue(cell, under: head.indices.contains(column) ? head[column] : "") { return true }
            let words = WordScanner.words(cell)
            return !Deontic.isSigned(words) && !Deontic.isMarked(cell) && !text.isStrange(words, cell)
        }
    }

    // MARK: Code

    private func code(_ index: Int) -> String? {
        guard let place = fragments[index] else { return "code that is not closed" }
        let fragment = document.fragments[place]
        guard fragment.isClosed else { return "code that is not closed" }
        let line = fragment.text.splitLines().first { line in
            let said = MovableText.said(by: line, in: fragment.language)
            guard !said.isEmpty else { return false }
            let words = WordScanner.words(MovableText.plain(said))
            // A comment, a sentence of a form: where nobody can read it, it stays.
            return Deontic.isStrong(words) || MovableText.isForeign(said)
                || words.count >= 4 && text.isStrange(words, said)
        }
        return line.map { "code with a rule in it (“\($0.prefix(60))”)" }
    }
}
