import Basics
package import SkillModel

/// Output of `guard` for a variant that kept the contract: how much was compared.
package struct GuardReport: Sendable, Hashable, Codable {
    package var headings: Int
    /// Paragraphs, items, table rows and headings whose every word was found again in order.
    package var texts: Int
    package var constraints: Int
    package var checks: Int
    package var lists: Int
    package var fragments: Int
    package var references: Int
    package var tokens: VariantManifest.Tokens
}

/// Variant × source → contract kept, or violations.
///
/// The contract is the skill's own text: front matter, headings, each sentence (with them constraints, checks, steps,
/// enumerations), code, links and file references. A transform may add structure around it and move code to a file that
/// the text names, or reference text to a file that holds all of it; it may not lose, weaken, reorder or invent. Nothing
/// here trusts a rule: an edit says where to look,
/// and what is there is compared anew.
package enum Guard {
    /// `variant` is the linked SKILL.md, parsed; `edits` what `link` applied; `alias` the name that it is
    /// installed under, if not its own; `phrases` what the project lets its custom passes add. Each violation is
    /// an error; the value is nil when there is one.
    ///
    /// O((source + variant) · (edits + violations)); no more than fifty violations are told.
    package static func run(
        source: SkillDocument, variant: SkillDocument, edits: [EditSet], alias: String? = nil,
        phrases: [String] = []
    ) -> PassResult<GuardReport> {
        run(source: LazyReading(source), variant: LazyReading(variant), edits: edits, alias: alias, phrases: phrases)
    }

    /// The same of texts that others read, too.
    package static func run(
        source read: LazyReading, variant result: LazyReading, edits: [EditSet], alias: String? = nil,
        phrases: [String] = []
    ) -> PassResult<GuardReport> {
        let (source, variant) = (read.document, result.document)
        let edit: EditApplication
        do {
            edit = try EditApplication(edits.flatMap(\.edits), to: source)
        } catch {
            return PassResult(nil, diagnostics: [.guarded("unexplained", "the edits can't be applied to the source")])
        }
        var violations: [Diagnostic] = []
        if edit.text != variant.source {
            violations.append(.guarded("unexplained", "the variant's text is not the source with its edits"))
        }
        let comparison = GuardComparison(
            read, result, application: edit, files: edits.flatMap(\.files), alias: alias, declared: phrases)
        let outline = OutlineCheck.run(comparison)
        let texts = TextCheck.run(comparison)
        let code = CodeCheck.run(comparison)
        let references = ReferenceCheck.run(comparison)
        violations +=
            comparison.moves.violations + outline.violations + texts.violations + code.violations
            + references.violations
        let declared = DeclaredCheck.run(comparison)
        violations +=
            declared.isEmpty
            ? AdditionCheck.run(comparison, text: texts.added, fragments: code.added) : declared
        violations += SubstitutionCheck.run(comparison) + SpokenCheck.run(comparison) + CopyCheck.run(comparison)
        let tokens = VariantManifest.Tokens(
            source: TokenEstimate.of(source.source), variant: TokenEstimate.of(variant.source))
        if tokens.variant > TokenBudget.tokens(forSource: tokens.source) {
            violations.append(
                .guarded("size", "the variant has \(tokens.variant) tokens, the source \(tokens.source)"))
        }
        guard violations.isEmpty else {
            return PassResult(nil, diagnostics: Array(violations.prefix(50)))
        }
        return PassResult(
            GuardReport(
                headings: source.sections.count, texts: texts.count, constraints: texts.constraints,
                checks: texts.checks, lists: outline.lists, fragments: source.fragments.count,
                references: references.count, tokens: tokens))
    }

    /// What the built-in passes add.
    package static var phrases: [String] { Lower.rules.flatMap(\.phrases) + Annotations.phrases }
}

/// What all checks compare.
struct GuardComparison {
    let read: LazyReading
    let result: LazyReading
    let application: EditApplication
    let files: [EditSet.AddedFile]
    /// The name that the skill is installed under: the one thing of the front matter that may be another.
    let alias: String?
    /// What the project lets its custom passes add.
    let declared: [String]
    let canonical: CanonicalText
    let moves: Moves

    init(
        _ read: LazyReading, _ result: LazyReading, application: EditApplication, files: [EditSet.AddedFile],
        alias: String?, declared: [String]
    ) {
        let source = read.document
        self.read = read
        self.result = result
        self.application = application
        self.files = files
        self.alias = alias
        self.declared = declared
        self.canonical = CanonicalText(source, files: files.map(\.path))
        self.moves = Moves(source, application, files)
    }

    var source: SkillDocument { read.document }
    var variant: SkillDocument { result.document }

    func line(_ span: SourceSpan) -> Int { source.line(at: span.start) }
}

extension Diagnostic {
    /// A broken contract, at a line of the source.
    static func guarded(_ id: String, _ message: String, line: Int? = nil) -> Diagnostic {
        Diagnostic(
            "guard.\(id)", .error, message, at: SourceLocation(file: "SKILL.md", line: line),
            hint: "a pass broke the skill's contract; build this target without it, and report it to who wrote the pass"
        )
    }
}
