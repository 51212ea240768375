import Basics
import Formats
import Passes
package import SkillModel

/// What must be true of a document that was read from any bytes.
package enum ParseChecks {
    /// Faults; none when all is well. `Parse.run` itself may not trap or loop.
    package static func faults(_ bytes: [UInt8]) -> [String] {
        guard let path = RelativePath("SKILL.md") else { return [] }
        let files = [SourceFile(path: path, bytes: bytes)]
        guard let document = Parse.run(files, folderName: "fuzz").value else { return [] }
        return faults(document)
    }

    /// Every place lies in its text and in what is around it, in order; each node has the text of its place.
    package static func faults(_ document: SkillDocument) -> [String] {
        var faults: [String] = []
        let whole = SourceSpan(0, document.bytes.count)
        func check(_ span: SourceSpan, in outer: SourceSpan, _ what: String) {
            if !(span.start <= span.end && outer.contains(span)) { faults.append("\(what) \(span) is not in \(outer)") }
        }
        check(document.body, in: whole, "body")
        for entry in document.frontMatter.entries {
            check(entry.span, in: document.frontMatter.span ?? whole, "entry")
            check(entry.valueSpan, in: entry.span, "value")
        }
        for (index, section) in document.sections.enumerated() {
            if let parent = section.parent, parent >= index { faults.append("a section before its parent") }
            check(section.span, in: section.parent.map { document.sections[$0].span } ?? document.body, "section")
            check(section.heading, in: section.span, "heading")
        }
        var last = 0
        for (index, block) in document.blocks.enumerated() {
            check(block.span, in: block.parent.map { document.blocks[$0].span } ?? document.body, "\(block.kind)")
            if let parent = block.parent, parent >= index { faults.append("a block before its parent") }
            if let section = block.section, !document.sections.indices.contains(section) {
                faults.append("a block of no section")
            }
            if block.span.start < last { faults.append("\(block.kind) at \(block.span) is out of order") }
            last = block.span.start
        }
        for code in document.codeSpans { check(code.span, in: document.blocks[code.block].span, "code span") }
        for link in document.links { check(link.span, in: document.blocks[link.block].span, "link") }
        for fragment in document.fragments {
            check(fragment.span, in: document.body, "fragment")
            check(fragment.content, in: whole, "content")
            for command in fragment.commands { check(command.span, in: fragment.content, "command") }
        }
        for reference in document.references {
            check(reference.span, in: document.body, "reference")
            if document.text(reference.span) != reference.path { faults.append("a reference that is not at its place") }
        }
        return faults + rendering(document)
    }

    /// With no edit the text is what it was, and the document survives being stored.
    private static func rendering(_ document: SkillDocument) -> [String] {
        guard let application = try? EditApplication([], to: document), application.text == document.source else {
            return ["no edit changes the text"]
        }
        guard let stored = try? CanonicalJSON.encode(document) else { return ["the document can't be stored"] }
        let read = try? CanonicalJSON.decode(SkillDocument.self, from: stored)
        return read == document ? [] : ["the stored document is another"]
    }
}
