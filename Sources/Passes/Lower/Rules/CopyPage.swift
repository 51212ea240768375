import Basics
package import SkillModel

/// A whole page or drawing in the text → a bundled file, and the command that copies it.
///
/// The demand moves from `gen.code.html` to `tool.exec` L1: what is to be changed is changed in the copy. Precondition: the
/// block holds a whole document, from `<!doctype html>`, `<html` or `<svg` to its end, of eight lines or more, and the words
/// before it do not call it wrong. Proof: the file is the block, byte for byte, and the command names it.
///
///     ```html                  →    ```bash
///     <!doctype html>               cp "@@SKVM_SKILL_DIR@@/assets/skvm-1-report.html" report.html
///     …                             ```
///     ```
package struct CopyPage: LoweringRule {
    package init() {}
    package static let id = "lower.copy-page"
    package static let message = "moved the page to a file, which the text copies"
    package var primitives: [Primitive] { [.genCodeHTML] }
    package var phrases: [String] { ["cp", "bash"] }
    private static let leastLines = 8

    package func apply(in context: LoweringContext) -> LoweringOutcome {
        var outcome = LoweringOutcome()
        guard let gap = context.gap(among: primitives) else { return outcome }
        var taken = Self.copies(in: context.document)
        for (index, fragment) in context.document.fragments.enumerated()
        where ["html", "svg", "xml"].contains(fragment.language) && Outlining.isLong(fragment, Self.leastLines) {
            guard let kind = Self.kind(of: fragment.text) else { continue }
            do throws(Outlining.Refusal) {
                outcome.proposals.append(try proposal(fragment, index, kind, gap, &taken, context))
            } catch {
                outcome.left.append(.init(line: context.document.line(at: fragment.span.start), why: error.why))
            }
        }
        return outcome
    }

    /// `html` or `svg` for a whole document; nil for a part of one.
    private static func kind(of text: String) -> String? {
        let code = text.trimmingBlanks().asciiLowercased()
        let begin = code.hasPrefix("<?xml") ? String(code.drop { $0 != ">" }.dropFirst()).trimmingBlanks() : code
        if begin.hasPrefix("<!doctype html") || begin.hasPrefix("<html"), code.hasSuffix("</html>") { return "html" }
        return begin.hasPrefix("<svg") && code.hasSuffix("</svg>") ? "svg" : nil
    }

    private func proposal(
        _ fragment: Fragment, _ index: Int, _ kind: String, _ gap: Gap, _ taken: inout Set<String>,
        _ context: LoweringContext
    ) throws(Outlining.Refusal) -> LoweringProposal {
        if let level = context.gap(among: [.toolExec])?.supplied, level < .l1 {
            throw .init("the target can't be relied on to run a command (tool.exec \(level))")
        }
        let before = Self.words(before: fragment, in: context)
        if !before.isDisjoint(with: ["bad", "wrong", "don", "not", "avoid", "never", "instead", "output", "before"]) {
            throw .init("the words before it do not say that it is to be used")
        }
        let code = fragment.text
        if code.contains(Relocation.token) || code.contains("\r") || code.contains("# skvm: ") {
            throw .init("the page holds text that the compiler itself writes, or CR line ends")
        }
        if code.contains("{{") || code.contains("<%") || code.contains("${") {
            throw .init("the page leaves values to fill in")
        }
        if context.relocations.sites.contains(where: { fragment.content.contains($0.span) }) {
            throw .init("the page refers to bundled files by relative paths")
        }
        guard let shape = FragmentShape(fragment, in: context) else {
            throw .init("the fragment is in a quote, indented, or never closed")
        }
        let title = context.sectionTitle(ofBlock: fragment.block)
        guard let path = OutlinedScript.path(fragment: index, title: title, suffix: kind, folder: "assets", in: context)
        else { throw .init("the skill already has a file of that name") }
        // Two pages never get one name: the second would be copied over what was made of the first.
        let numbered = path.name.dropFirst("skvm-".utf8.count)
        let titled = numbered.dropFirst("\(index + 1)-".utf8.count)
        let names = Self.named(kind, before: fragment, in: context).map { [$0] } ?? [String(titled), String(numbered)]
        guard let copy = names.first(where: { !taken.contains($0.asciiLowercased()) }) else {
            throw .init("another page is copied to \(names[0])")
        }
        taken.insert(copy.asciiLowercased())
        let command = "cp \"\(Relocation.relocated(path.text))\" \(copy)"
        return LoweringProposal(
            Edit(
                span: shape.span,
                replacement: shape.block(command + "\n", opening: shape.closing + "bash", lineEnd: context.lineEnd),
                rule: id, gap: gap, reason: "the page is in \(path.text), which the command copies"),
            file: EditSet.AddedFile(
                path: path, text: code.hasSuffix("\n") ? code : code + "\n", isExecutable: false, rule: id))
    }

    /// Where pages are copied to already, by the commands that this rule writes.
    private static func copies(in document: SkillDocument) -> Set<String> {
        let start = "cp \"" + Relocation.relocated("assets/skvm-")
        return Set(
            document.fragments.lazy.filter { $0.language == "bash" && $0.text.hasPrefix(start) }
                .flatMap(\.commands).compactMap { $0.words.last?.asciiLowercased() })
    }

    private static func words(before fragment: Fragment, in context: LoweringContext) -> Set<String> {
        guard let block = context.previousSibling(of: fragment.block) else { return [] }
        return Set(Sentences.words(context.document.blocks[block].text.suffix(200)))
    }

    /// The plain file name in code that the text before the block gives the page.
    private static func named(_ kind: String, before fragment: Fragment, in context: LoweringContext) -> String? {
        guard let block = context.previousSibling(of: fragment.block) else { return nil }
        return context.document.codeSpans.last { code in
            code.block == block && code.text.hasSuffix("." + kind) && code.text.utf8.count <= 60
                && code.text.utf8.allSatisfy { $0.isIdentifier || $0 == 0x2D || $0 == 0x2E }
                && !code.text.hasPrefix("-") && !code.text.hasPrefix(".")
        }?.text
    }

    private static let page = """
        <!doctype html>
        <html>
        <head>
        <title>Report</title>
        </head>
        <body>
        <h1>Report</h1>
        </body>
        </html>
        """

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            ## Report

            Fill in `report.html`:

            ⟦```html
            \(page)
            ```⟧
            """,
            finds: """
                ```bash
                cp "@@SKVM_SKILL_DIR@@/assets/skvm-1-report.html" report.html
                ```
                assets/skvm-1-report.html:
                \(page)
                """,
            target: [.genCodeHTML: .l1]),
        .nothing(
            """
            ## Report

            A page like this is wrong:

            ```html
            \(page)
            ```
            """,
            target: [.genCodeHTML: .l1]),
        .nothing(
            """
            ## Report

            Fill in `report.html`:

            ```html
            \(page.replacing("Report", with: "{{title}}"))
            ```
            """,
            target: [.genCodeHTML: .l1]),
        .nothing(
            """
            ## Report

            ```html
            <head>
            <title>Report</title>
            </head>
            <body>
            <h1>Report</h1>
            <p>One</p>
            <p>Two</p>
            </body>
            ```
            """,
            target: [.genCodeHTML: .l1]),
    ]
}
