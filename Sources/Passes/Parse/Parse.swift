import Basics
package import SkillModel

/// Reads a skill: SKILL.md and what lies beside it → `SkillDocument`.
///
/// Every byte is taken as hostile. Whatever the input, the pass ends in time near linear in its length and puts out
/// diagnostics, never a crash. A skill that harnesses could still show (odd name, unknown key, broken YAML that reads
/// line by line) gets warnings; one without a description or without front matter gets an error, and the document
/// that could be read all the same.
package enum Parse {
    /// Longest SKILL.md that is read, in bytes.
    package static let maximumSize = 4 << 20
    /// Most blocks (paragraphs, list items, code blocks …) that are read. A text of many empty ones is small, and what is
    /// made of it is not.
    package static let maximumBlocks = 50_000

    /// The document of the skill whose files these are (all of its tree), and what is odd about it.
    ///
    /// `folderName` is the last component of the skill's folder, to be compared with the skill's name; nil when there is
    /// none. Paths in diagnostics are relative to the skill's folder. O(n) in the bytes of SKILL.md and of the scripts.
    package static func run(_ files: [SourceFile], folderName: String?) -> PassResult<SkillDocument> {
        guard let main = mainFile(of: files) else {
            let missing = Diagnostic(
                "parse.no-skill-file", .error, "the folder has no SKILL.md",
                hint: "a skill is a folder with a file SKILL.md")
            return PassResult(nil, diagnostics: [missing])
        }
        let name = main.path.text
        if let refusal = refusal(of: main) { return PassResult(nil, diagnostics: [refusal.inFile(name)]) }

        let text = SourceText(main.bytes)
        let header = FrontMatterReader(text).read()
        let body = BodyReader(text, body: header.body).read()
        if body.isTooMuch {
            let refusal = Diagnostic(
                "parse.too-many-blocks", .error,
                "SKILL.md has more than \(maximumBlocks) paragraphs, items and code blocks",
                hint: "move parts of it to files under references/")
            return PassResult(nil, diagnostics: [refusal.inFile(name)])
        }
        let bundle = BundleIndex(files, except: main.path)
        var document = SkillDocument(
            source: text.string, frontMatter: header.frontMatter, body: header.body, sections: body.sections,
            blocks: body.blocks, codeSpans: body.codeSpans, links: body.links.map(\.link), fragments: body.fragments,
            files: bundle.files)
        document.references = ReferenceFinder(document: document, links: body.links, bundle: bundle).find()

        var diagnostics = text.diagnostics + header.diagnostics
        if main.path.text != "SKILL.md" { diagnostics.append(.misnamed(name)) }
        diagnostics += FrontMatterRules(document, folderName: folderName).check() + body.diagnostics
        diagnostics += OwnSentences.diagnostics(document) + LinkCycles.diagnostics(files, document)
        return PassResult(document, diagnostics: diagnostics.map { $0.placed(in: name, document.lines) })
    }

    /// `SKILL.md`, else the first file by name whose name is that in another case.
    private static func mainFile(of files: [SourceFile]) -> SourceFile? {
        if let exact = files.first(where: { $0.path.text == "SKILL.md" }) { return exact }
        let sought = Array("skill.md".utf8)
        return files.filter { $0.path.text.utf8.lazy.map(\.lowercased).elementsEqual(sought) }
            .min { $0.path < $1.path }
    }

    private static func refusal(of file: SourceFile) -> Diagnostic? {
        if file.isSymlink {
            return Diagnostic(
                "parse.skill-file-is-link", .error, "SKILL.md is a symbolic link", hint: "put the file itself there")
        }
        if max(file.size, file.bytes.count) > maximumSize {
            return Diagnostic(
                "parse.too-large", .error,
                "SKILL.md has \(max(file.size, file.bytes.count)) bytes, more than \(maximumSize)",
                hint: "move parts of it to files under references/")
        }
        return nil
    }
}

extension Diagnostic {
    fileprivate static func misnamed(_ name: String) -> Diagnostic {
        Diagnostic(
            "parse.file-name", .warning, "the skill's file is named '\(name)'", hint: "rename it to SKILL.md")
    }

    /// A diagnostic of this pass about `span` of SKILL.md. `placed` gives it its line.
    static func parse(
        _ id: String, _ severity: Severity, _ message: String, at offset: Int, hint: String? = nil, fix: Fix? = nil
    ) -> Diagnostic {
        // The offset rides in `column` until the line table is at hand.
        Diagnostic(
            "parse." + id, severity, message, at: SourceLocation(file: "", line: nil, column: offset), hint: hint,
            fix: fix)
    }

    fileprivate func placed(in file: String, _ lines: LineTable) -> Diagnostic {
        var copy = self
        guard let location, location.line == nil, let offset = location.column else { return inFile(file) }
        let position = lines.position(at: offset)
        copy.location = SourceLocation(file: file, line: position.line, column: position.column)
        return copy
    }
}
