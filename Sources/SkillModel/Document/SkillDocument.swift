package import Basics

/// A skill as the passes see it: SKILL.md in sections, blocks, fragments and references, and what is known of the
/// bundled files. Output of `parse`. Every node has its span in `source`.
///
/// The document holds all that later passes may read: a change to the skill that leaves the document equal reruns
/// nothing after `parse`.
package struct SkillDocument: Sendable, Equatable {
    /// SKILL.md as UTF-8 text. Bytes that are no UTF-8 were replaced by U+FFFD (with a diagnostic); a BOM and CRLF are
    /// kept. All spans of the document are byte offsets into this text.
    package let source: String
    package var frontMatter: FrontMatter
    /// The Markdown after the front matter.
    package var body: SourceSpan
    package var sections: [Section]
    /// Every block of the body in the order of the text, parents before children.
    package var blocks: [Block]
    package var codeSpans: [CodeSpan]
    package var links: [Link]
    package var fragments: [Fragment]
    package var references: [Reference]
    /// The skill's other files, sorted by path.
    package var files: [BundledFile]

    /// `source` as bytes, and its lines; made from it, not stored.
    package let bytes: [UInt8]
    package let lines: LineTable

    package init(
        source: String, frontMatter: FrontMatter = FrontMatter(), body: SourceSpan, sections: [Section] = [],
        blocks: [Block] = [], codeSpans: [CodeSpan] = [], links: [Link] = [], fragments: [Fragment] = [],
        references: [Reference] = [], files: [BundledFile] = []
    ) {
        self.source = source
        self.frontMatter = frontMatter
        self.body = body
        self.sections = sections
        self.blocks = blocks
        self.codeSpans = codeSpans
        self.links = links
        self.fragments = fragments
        self.references = references
        self.files = files
        self.bytes = Array(source.utf8)
        self.lines = LineTable(bytes)
    }

    /// The text of a span, kept inside the source. O(length).
    package func text(_ span: SourceSpan) -> String {
        let start = min(max(span.start, 0), bytes.count)
        let end = min(max(span.end, start), bytes.count)
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// 1-based line of a byte offset.
    package func line(at offset: Int) -> Int { lines.line(at: offset) }

    /// Evidence for a span of SKILL.md.
    package func evidence(_ span: SourceSpan) -> Evidence {
        Evidence(line: line(at: span.start), span: span)
    }
}

extension SkillDocument: Codable {
    private enum Key: String, CodingKey {
        case source, frontMatter, body, sections, blocks, codeSpans, links, fragments, references, files
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            source: try values.decode(String.self, forKey: .source),
            frontMatter: try values.decode(FrontMatter.self, forKey: .frontMatter),
            body: try values.decode(SourceSpan.self, forKey: .body),
            sections: try values.decode([Section].self, forKey: .sections),
            blocks: try values.decode([Block].self, forKey: .blocks),
            codeSpans: try values.decode([CodeSpan].self, forKey: .codeSpans),
            links: try values.decode([Link].self, forKey: .links),
            fragments: try values.decode([Fragment].self, forKey: .fragments),
            references: try values.decode([Reference].self, forKey: .references),
            files: try values.decode([BundledFile].self, forKey: .files))
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(source, forKey: .source)
        try values.encode(frontMatter, forKey: .frontMatter)
        try values.encode(body, forKey: .body)
        try values.encode(sections, forKey: .sections)
        try values.encode(blocks, forKey: .blocks)
        try values.encode(codeSpans, forKey: .codeSpans)
        try values.encode(links, forKey: .links)
        try values.encode(fragments, forKey: .fragments)
        try values.encode(references, forKey: .references)
        try values.encode(files, forKey: .files)
    }
}
