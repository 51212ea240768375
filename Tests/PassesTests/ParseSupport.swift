import Basics
import Passes
import SkillModel
import Testing

/// SKILL.md and other files by path, parsed.
func parse(_ text: String, files: [String: String] = [:], folder: String? = nil) throws -> PassResult<SkillDocument> {
    try parse(bytes: Array(text.utf8), files: files, folder: folder)
}

func parse(bytes: [UInt8], files: [String: String] = [:], folder: String? = nil) throws -> PassResult<SkillDocument> {
    var sources = [SourceFile(path: try #require(RelativePath("SKILL.md")), bytes: bytes)]
    for (path, text) in files {
        sources.append(SourceFile(path: try #require(RelativePath(path)), bytes: Array(text.utf8)))
    }
    return Parse.run(sources, folderName: folder)
}

/// The document of a body under an ordinary front matter.
func document(_ body: String, files: [String: String] = [:]) throws -> SkillDocument {
    try #require(try parse(header + body, files: files).value)
}

let header = "---\nname: pdf-tables\ndescription: Reads tables from PDF files. Use when asked for tables.\n---\n"

/// Text with marks taken out, and where they stood: the mark `1️⃣` is at `offsets[1]`.
struct Marked {
    var text = ""
    var offsets: [Int: Int] = [:]

    init(_ marked: String) {
        for character in marked {
            let scalars = Array(character.unicodeScalars)
            if scalars.count == 3, scalars[2] == "\u{20E3}", let digit = Int(String(scalars[0])) {
                offsets[digit] = text.utf8.count
            } else {
                text.append(character)
            }
        }
    }

    /// From mark `first` to mark `second`.
    func span(_ first: Int, _ second: Int) throws -> SourceSpan {
        SourceSpan(try #require(offsets[first]), try #require(offsets[second]))
    }
}

/// Every place in a document must lie in its text and in what is around it.
func expectSound(_ document: SkillDocument, _ name: String) {
    let whole = SourceSpan(0, document.bytes.count)
    func check(_ span: SourceSpan, in outer: SourceSpan, _ what: String) {
        if !(span.start <= span.end && outer.contains(span)) {
            Issue.record("\(name): \(what) \(span) is not in \(outer)")
        }
    }
    check(document.body, in: whole, "body")
    for entry in document.frontMatter.entries {
        check(entry.span, in: document.frontMatter.span ?? whole, "entry")
        check(entry.valueSpan, in: entry.span, "value")
    }
    for section in document.sections {
        check(section.span, in: section.parent.map { document.sections[$0].span } ?? document.body, "section")
        check(section.heading, in: section.span, "heading")
    }
    var last = 0
    for (index, block) in document.blocks.enumerated() {
        check(block.span, in: block.parent.map { document.blocks[$0].span } ?? document.body, "\(block.kind)")
        if let parent = block.parent, parent >= index { Issue.record("\(name): a block before its parent") }
        if block.span.start < last { Issue.record("\(name): \(block.kind) at \(block.span) is out of order") }
        last = block.span.start
    }
    for code in document.codeSpans { check(code.span, in: document.blocks[code.block].span, "code span") }
    for link in document.links { check(link.span, in: document.blocks[link.block].span, "link") }
    for fragment in document.fragments {
        check(fragment.content, in: whole, "content")
        for command in fragment.commands { check(command.span, in: fragment.content, "command") }
    }
    for reference in document.references {
        check(reference.span, in: document.body, "reference")
        if document.text(reference.span) != reference.path {
            Issue.record("\(name): '\(reference.path)' is not at \(reference.span)")
        }
    }
}
