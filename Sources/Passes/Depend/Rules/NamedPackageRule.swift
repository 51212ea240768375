import Basics
import SkillModel

/// Packages that the text has code use: "MUST use `motion/react`", "import `clsx`", in a skill about writing code; and those
/// of which any skill says that they must be there: "Ensure that `pypdf` is installed".
///
/// Only names that a table knows as packages, written as code, after a verb that has them used. Not: what a sentence
/// refuses or compares, and lists of alternatives ("`jotai`, `zustand` or `redux`").
enum NamedPackageRule: DependencyRule {
    static let id = "depend.package.named"
    static let message = "the text has the code use this package"

    static func find(_ reading: SkillReading) -> [Dependency] {
        let writesCode = FrameworkRule.writesCode(reading)
        let spans = Dictionary(grouping: reading.document.codeSpans, by: \.block).mapValues { $0.prefix(64) }
        var found: [Dependency] = []
        for sentence in reading.sentences {
            let role = reading.role(of: sentence)
            guard ![.troubleshooting, .links, .background, .example].contains(role),
                writesCode && using.isIn(sentence.words)
                    || installed.isIn(sentence.words) && demanding.isIn(sentence.words),
                !denial.isIn(sentence.words)
            else { continue }
            for code in spans[sentence.block] ?? []
            where sentence.span.start <= code.span.start && code.span.end <= sentence.span.end + 1 {
                guard let (kind, name) = package(code.text), !Mention.isExample(code.span, reading.document) else {
                    continue
                }
                found.append(
                    Dependency(
                        kind, name,
                        required: !Optionality.isOptional(sentence)
                            && !sentence.words.contains { $0.lower == "should" },
                        evidence: [reading.document.evidence(code.span)]))
            }
        }
        return found
    }

    private static func package(_ text: String) -> (kind: Dependency.Kind, name: String)? {
        if PythonPackages.popular.contains(text) { return (.pip, text) }
        guard let name = NodePackages.thirdParty(module: text), NodePackages.popular.contains(name) else { return nil }
        return (.npm, name)
    }

    private static let using = PhraseTable([
        "use", "uses", "using", "import", "imports", "via", "with", "install", "utility",
    ])
    private static let demanding = PhraseTable(["ensure", "make sure", "must", "need", "needs", "require", "requires"])
    private static let installed = PhraseTable(["is installed", "are installed", "be installed"])
    private static let denial = PhraseTable([
        "never", "not", "don't", "avoid", "instead of", "rather than", "or", "no", "without", "unlike", "formerly used",
    ])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ---
            name: tables
            description: Writes code for tables.
            ---
            Read the pages with `⟦pdfplumber⟧`.
            """,
            finds: "pip pdfplumber"),
        RuleExample(
            """
            ---
            name: ui
            description: Rules for code of interfaces.
            ---
            MUST use `⟦motion/react⟧` for animation.
            """,
            finds: "npm motion"),
        RuleExample(
            """
            Ensure that Python and `⟦pymupdf⟧` (for pictures) are installed.
            """,
            finds: "pip pymupdf"),
        .nothing(
            """
            Look whether `pymupdf` is installed.
            """),
        .nothing(
            """
            ---
            name: ui
            description: Rules for code of interfaces.
            ---
            Never use `axios`. Use `jotai` or `zustand`.
            """),
        .nothing(
            """
            Use `motion/react` in talks.
            """),
    ]
}
