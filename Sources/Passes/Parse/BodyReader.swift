import Basics
import CMark
import SkillModel

/// The Markdown after the front matter: cmark-gfm's tree as flat lists with byte spans.
///
/// The tree is walked by cmark's iterator and never by recursion, so its depth costs no stack.
struct BodyReader {
    /// A link with the place of its destination, which `Link` doesn't keep.
    struct LocatedLink {
        var link: Link
        /// The destination's bytes; nil when it stands in a reference definition that wasn't found.
        var destination: SourceSpan?
    }

    struct Result {
        var sections: [Section] = []
        var blocks: [Block] = []
        var codeSpans: [CodeSpan] = []
        var links: [LocatedLink] = []
        var fragments: [Fragment] = []
        var diagnostics: [Diagnostic] = []
        /// It was given up after `Parse.maximumBlocks`.
        var isTooMuch = false
    }

    private let text: SourceText
    private let body: SourceSpan

    init(_ text: SourceText, body: SourceSpan) {
        self.text = text
        self.body = body
    }

    func read() -> Result {
        var source = BodySource(text, body)
        var walk = BodyWalk(text: text, body: body, changes: source.changes)
        source.withTree { root in walk.visit(root) }
        walk.result.sections = SectionBuilder(walk.result.blocks, body: body).build(headings: walk.headings)
        walk.result.links.sort { ($0.link.span, $0.link.destination) < ($1.link.span, $1.link.destination) }
        SectionBuilder.assign(walk.result.sections, to: &walk.result.blocks)
        walk.result.diagnostics += source.diagnostics
        return walk.result
    }
}

/// The bytes that cmark gets: as long as the body, so that its positions are the body's, but tamed.
private struct BodySource {
    private var bytes: [UInt8]
    private(set) var diagnostics: [Diagnostic] = []
    /// Offsets in the source at which cmark gets another byte, ascending.
    private(set) var changes: [Int]

    init(_ text: SourceText, _ body: SourceSpan) {
        bytes = Array(text.bytes[body.range])
        let taming = Taming(bytes)
        bytes = taming.bytes
        changes = taming.changes
        if let offset = changes.min() {
            diagnostics.append(
                .parse(
                    "too-complex", .warning,
                    "quotes, lists, brackets or tables go beyond what is read; the excess is read as text",
                    at: body.start + offset))
        }
        // cmark would read NUL as three bytes of U+FFFD and shift every column after it.
        for index in bytes.indices where bytes[index] == 0 {
            bytes[index] = 0x1A
            changes.append(index)
        }
        changes = changes.map { $0 + body.start }.sorted()
    }

    /// Calls `body` with the document's root, which is freed afterwards.
    mutating func withTree(_ body: (OpaquePointer) -> Void) {
        guard CMarkLibrary.isReady, let parser = cmark_parser_new(CMARK_OPT_SOURCEPOS) else { return }
        defer { cmark_parser_free(parser) }
        for name in ["table", "strikethrough", "tasklist"] {
            if let found = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, found) }
        }
        bytes.withUnsafeBytes { raw in
            guard let base = raw.baseAddress else { return }
            cmark_parser_feed(parser, base.assumingMemoryBound(to: CChar.self), raw.count)
        }
        guard let root = cmark_parser_finish(parser) else { return }
        defer { cmark_node_free(root) }
        body(root)
    }
}

private enum CMarkLibrary {
    /// True once GitHub's extensions are registered: a lazy constant, because registering isn't safe from two threads.
    static let isReady: Bool = {
        cmark_gfm_core_extensions_ensure_registered()
        return true
    }()
}

/// Makes lists out of cmark's events.
private struct BodyWalk {
    var result = BodyReader.Result()
    /// Indices in `blocks` of the headings at the top level, with their levels.
    var headings: [(block: Int, level: Int)] = []

    private let text: SourceText
    private let body: SourceSpan
    private let firstLine: Int
    private let changes: [Int]
    /// Open blocks, outermost first; an index in `blocks`.
    private var open: [Int] = []
    /// Numbers for the items of the ordered lists that are open; nil for bullet lists.
    private var numbers: [Int?] = []
    /// What the open leaf block collects.
    private var leaf: Leaf?

    private struct Leaf {
        var block: Int
        var text: [UInt8] = []
        var cells = 0
        var locator: InlineLocator
        /// Code spans and links so far, which hold no bare links.
        var covered: [SourceSpan] = []
        /// Offsets in `text` at which the open links' texts begin.
        var linkStarts: [Int] = []
    }

    init(text: SourceText, body: SourceSpan, changes: [Int]) {
        self.text = text
        self.body = body
        self.changes = changes
        self.firstLine = text.lines.line(at: body.start)
    }

    mutating func visit(_ root: OpaquePointer) {
        guard let iterator = cmark_iter_new(root) else { return }
        defer { cmark_iter_free(iterator) }
        while true {
            let event = cmark_iter_next(iterator)
            if event == CMARK_EVENT_DONE { return }
            if result.blocks.count > Parse.maximumBlocks {
                result.isTooMuch = true
                return
            }
            guard let node = cmark_iter_get_node(iterator) else { continue }
            if event == CMARK_EVENT_ENTER { enter(node) } else { exit(node) }
        }
    }

    private mutating func enter(_ node: OpaquePointer) {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_DOCUMENT: break
        case CMARK_NODE_BLOCK_QUOTE: push(.quote, node)
        case CMARK_NODE_LIST: pushList(node)
        case CMARK_NODE_ITEM: pushItem(node)
        case CMARK_NODE_PARAGRAPH: pushLeaf(.paragraph, node)
        case CMARK_NODE_HEADING: pushHeading(node)
        case CMARK_NODE_CODE_BLOCK: addCode(node)
        case CMARK_NODE_HTML_BLOCK: addClosed(.html, node)
        case CMARK_NODE_THEMATIC_BREAK: addClosed(.thematicBreak, node)
        case CMARK_NODE_TEXT: append(cmark_node_get_literal(node))
        case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: leaf?.text.append(.space)
        case CMARK_NODE_CODE: addCodeSpan(node)
        case CMARK_NODE_HTML_INLINE: appendHTML(cmark_node_get_literal(node))
        case CMARK_NODE_LINK, CMARK_NODE_IMAGE: if let start = leaf?.text.count { leaf?.linkStarts.append(start) }
        default: enterExtension(node)
        }
    }

    private mutating func exit(_ node: OpaquePointer) {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_BLOCK_QUOTE: open.removeLast()
        case CMARK_NODE_LIST:
            open.removeLast()
            numbers.removeLast()
        case CMARK_NODE_ITEM: popItem()
        case CMARK_NODE_PARAGRAPH, CMARK_NODE_HEADING: popLeaf()
        case CMARK_NODE_LINK, CMARK_NODE_IMAGE: addLink(node)
        case CMARK_NODE_DOCUMENT, CMARK_NODE_CODE_BLOCK, CMARK_NODE_HTML_BLOCK, CMARK_NODE_THEMATIC_BREAK,
            CMARK_NODE_EMPH, CMARK_NODE_STRONG:
            break
        default: exitExtension(node)
        }
    }

    // GitHub's node types are C variables, which strict concurrency can't prove constant; their names are.
    private mutating func enterExtension(_ node: OpaquePointer) {
        switch Self.typeName(node) {
        case "table": push(.table, node)
        case "table_row", "table_header": pushLeaf(.tableRow, node)
        case "table_cell":
            if let cells = leaf?.cells, cells > 0 { leaf?.text += Array(" | ".utf8) }
            leaf?.cells += 1
        default: break
        }
    }

    private mutating func exitExtension(_ node: OpaquePointer) {
        switch Self.typeName(node) {
        case "table": open.removeLast()
        case "table_row", "table_header": popLeaf()
        default: break
        }
    }

    private static func typeName(_ node: OpaquePointer) -> String {
        cmark_node_get_type_string(node).map { String(cString: $0) } ?? ""
    }

    // MARK: Blocks

    private mutating func pushList(_ node: OpaquePointer) {
        let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
        push(isOrdered ? .orderedList : .list, node)
        numbers.append(isOrdered ? Int(cmark_node_get_list_start(node)) : nil)
    }

    private mutating func pushItem(_ node: OpaquePointer) {
        push(.item, node)
        if let last = numbers.last, let number = last { result.blocks[open[open.count - 1]].number = number }
    }

    private mutating func popItem() {
        open.removeLast()
        if let last = numbers.last, let number = last { numbers[numbers.count - 1] = number + 1 }
    }

    private mutating func pushHeading(_ node: OpaquePointer) {
        pushLeaf(.heading, node)
        if open.count == 1 {
            headings.append((open[0], Int(cmark_node_get_heading_level(node))))
        }
    }

    private mutating func addClosed(_ kind: Block.Kind, _ node: OpaquePointer) {
        push(kind, node)
        open.removeLast()
    }

    private mutating func push(_ kind: Block.Kind, _ node: OpaquePointer) {
        let span = span(of: node)
        endBlocks(before: span.start)
        result.blocks.append(Block(kind: kind, span: span, parent: open.last, section: nil))
        open.append(result.blocks.count - 1)
    }

    /// Ends the blocks just closed where the next begins: cmark gives a heading with an underline one line too many.
    private mutating func endBlocks(before start: Int) {
        var index = result.blocks.count - 1
        while index >= 0, index != open.last {
            var span = result.blocks[index].span
            if span.end > start {
                span.end = max(span.start, start)
                while span.end > span.start, text.bytes[span.end - 1].isWhitespace { span.end -= 1 }
                result.blocks[index].span = span
            }
            guard let parent = result.blocks[index].parent else { return }
            index = parent
        }
    }

    private mutating func pushLeaf(_ kind: Block.Kind, _ node: OpaquePointer) {
        push(kind, node)
        let block = result.blocks.count - 1
        leaf = Leaf(block: block, locator: InlineLocator(text.bytes, result.blocks[block].span))
    }

    private mutating func popLeaf() {
        guard let done = leaf else { return }
        result.blocks[done.block].text = done.text.text(done.text.trimmed(0..<done.text.count))
        let found = BareLinks(text.bytes).find(
            in: result.blocks[done.block].span, index: done.block, except: done.covered.sorted())
        result.links += found
        leaf = nil
        open.removeLast()
    }

    private mutating func addCode(_ node: OpaquePointer) {
        addClosed(.code, node)
        let block = result.blocks.count - 1
        let reader = FragmentReader(text, block: block, span: result.blocks[block].span, changes: changes)
        var length: Int32 = 0
        var offset: Int32 = 0
        var character: CChar = 0
        let isFenced = cmark_node_get_fenced(node, &length, &offset, &character) != 0
        let fence = isFenced ? FragmentReader.Fence(byte: UInt8(bitPattern: character), length: Int(length)) : nil
        let fragment = reader.read(
            Self.bytes(cmark_node_get_literal(node)), Self.bytes(cmark_node_get_fence_info(node)), fence)
        if !fragment.isClosed, text.bytes.trimmed(fragment.span.end..<text.bytes.count).isEmpty {
            result.diagnostics.append(
                .parse(
                    "unclosed-fence", .warning, "the code block is not closed before the end of the file",
                    at: fragment.span.start, hint: "close it with a line of the same fence"))
        }
        result.fragments.append(fragment)
    }

    /// The block's bytes: inside its parent, not before the block in front of it, without line ends at its end.
    private func span(of node: OpaquePointer) -> SourceSpan {
        let outer = open.last.map { result.blocks[$0].span } ?? body
        if cmark_node_get_start_line(node) == 0 { return spanBeforeTable(node, outer) }
        var start = offset(cmark_node_get_start_line(node), cmark_node_get_start_column(node))
        // cmark's end column is inclusive.
        var end = offset(cmark_node_get_end_line(node), cmark_node_get_end_column(node) + 1)
        start = min(max(start, outer.start), outer.end)
        end = min(max(end, start), outer.end)
        while end > start, text.bytes[end - 1].isWhitespace { end -= 1 }
        if cmark_node_get_type(node) == CMARK_NODE_HEADING { end = endOfHeading(start, end) }
        if cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK { end = endOfHTML(node, start, outer) }
        if Self.typeName(node) == "table", let header = headerOfTable(start, end) { start = min(header, end) }
        return SourceSpan(start, end)
    }

    /// Where a place of cmark's is in the source: its first line begins where the body does, which behind a BOM is not where
    /// the source's line begins.
    private func offset(_ line: CInt, _ column: CInt) -> Int {
        let skipped = line == 1 ? body.start - text.lines.span(ofLine: firstLine).start : 0
        return text.lines.offset(line: firstLine - 1 + Int(line), column: Int(column) + skipped)
    }

    /// By the lines that it holds: cmark ends a block that closes on its first line before it.
    private func endOfHTML(_ node: OpaquePointer, _ start: Int, _ outer: SourceSpan) -> Int {
        guard let literal = cmark_node_get_literal(node) else { return start }
        let ends = String(cString: literal).utf8.dropLast().count { $0 == 0x0A }
        let line = text.lines.line(at: start) + ends
        var end = min(max(text.lines.span(ofLine: line).end, start), outer.end)
        while end > start, text.bytes[end - 1].isWhitespace { end -= 1 }
        return end
    }

    /// After the underline of a heading that has one.
    private func endOfHeading(_ start: Int, _ end: Int) -> Int {
        guard end > start, text.bytes[start] != .hash else { return end }
        for line in text.bytes.lines(start..<end).dropFirst() {
            var content = text.bytes.trimmed(line)
            while let first = text.bytes[content].first, first == .greater || first.isBlank {
                content = content.lowerBound + 1..<content.upperBound
            }
            guard let first = text.bytes[content].first, first == .equals || first == .hyphen else { continue }
            if text.bytes[content].allSatisfy({ $0 == first }) { return content.upperBound }
        }
        return end
    }

    /// Of a paragraph right above a table, which cmark makes without a place and whose lines it gives to the table.
    private func spanBeforeTable(_ node: OpaquePointer, _ outer: SourceSpan) -> SourceSpan {
        guard let table = cmark_node_next(node), cmark_node_get_start_line(table) > 0 else {
            let start = max(result.blocks.last?.span.end ?? outer.start, outer.start)
            return SourceSpan(min(start, outer.end), min(start, outer.end))
        }
        let place = offset(cmark_node_get_start_line(table), cmark_node_get_start_column(table))
        let start = min(max(place, outer.start), outer.end)
        var end = headerOfTable(start, outer.end) ?? start
        end = min(max(text.lines.span(ofLine: text.lines.line(at: end)).start, start), outer.end)
        while end > start, text.bytes[end - 1].isWhitespace || text.bytes[end - 1] == .greater { end -= 1 }
        return SourceSpan(min(start, outer.end), max(end, min(start, outer.end)))
    }

    /// The start of the line above the first line of bars and hyphens; nil when there is none.
    private func headerOfTable(_ start: Int, _ end: Int) -> Int? {
        var line = text.lines.line(at: start)
        var header = start
        while true {
            let span = text.lines.span(ofLine: line)
            guard span.start < end else { return nil }
            var first = max(span.start, start)
            while first < span.end, text.bytes[first].isBlank || text.bytes[first] == .greater { first += 1 }
            let rest = text.bytes[first..<max(first, span.end)]
            // cmark has vertical tabs and form feeds (0x0B, 0x0C) among the blanks of a table.
            let isDelimiter =
                rest.contains(.hyphen)
                && rest.allSatisfy {
                    $0.isWhitespace || (0x0B...0x0C).contains($0) || $0 == .pipe || $0 == .colon || $0 == .hyphen
                }
            if isDelimiter, first > header { return header }
            header = first
            line += 1
        }
    }

    // MARK: Inlines

    private mutating func append(_ literal: UnsafePointer<CChar>?) {
        leaf?.text += Self.bytes(literal)
    }

    /// Markup goes; `<name>`, which people write for "put the name here", stays.
    private mutating func appendHTML(_ literal: UnsafePointer<CChar>?) {
        let bytes = Self.bytes(literal)
        if HTMLTag.isMarkup(bytes) { return }
        leaf?.text += bytes
    }

    private mutating func addCodeSpan(_ node: OpaquePointer) {
        let literal = Self.bytes(cmark_node_get_literal(node))
        guard let block = leaf?.block else { return }
        leaf?.text += literal
        let place = leaf?.locator.codeSpan(literal)
        if let place { leaf?.covered.append(place) }
        let span = place ?? result.blocks[block].span
        result.codeSpans.append(CodeSpan(text: literal.text(0..<literal.count), span: span, block: block))
    }

    private mutating func addLink(_ node: OpaquePointer) {
        guard let block = leaf?.block, let start = leaf?.linkStarts.popLast() else { return }
        let url = Self.bytes(cmark_node_get_url(node))
        let label = leaf.map { $0.text.text(min(start, $0.text.count)..<$0.text.count) } ?? ""
        let isImage = cmark_node_get_type(node) == CMARK_NODE_IMAGE
        let place = leaf?.locator.link(url, label)
        if let place { leaf?.covered.append(place.span) }
        let link = Link(
            destination: url.text(0..<url.count), text: label, isImage: isImage,
            span: place?.span ?? result.blocks[block].span, block: block)
        result.links.append(.init(link: link, destination: place?.destination))
    }

    private static func bytes(_ literal: UnsafePointer<CChar>?) -> [UInt8] {
        guard let literal else { return [] }
        let raw = UnsafeRawPointer(literal).assumingMemoryBound(to: UInt8.self)
        var count = 0
        while raw[count] != 0 { count += 1 }
        return Array(UnsafeBufferPointer(start: raw, count: count))
    }
}
