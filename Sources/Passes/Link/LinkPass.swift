package import Basics
import Formats
package import SkillModel

/// What `link` puts together.
package struct LinkInput: Sendable {
    package var document: SkillDocument
    /// `lower`'s and `schedule`'s, and those of custom passes, in the order of the passes.
    package var edits: [EditSet]
    package var plan: WorkflowPlan
    package var dependencies: DependencyManifest
    package var environment: EnvironmentDescription
    package var bind: BindScript
    package var solidification: SolidificationSet
    /// Digest of the source's tree.
    package var source: Digest
    package var target: VariantManifest.TargetFacts
    package var passes: [VariantManifest.PassRecord]

    package init(
        document: SkillDocument, edits: [EditSet], plan: WorkflowPlan, dependencies: DependencyManifest,
        environment: EnvironmentDescription, bind: BindScript, solidification: SolidificationSet, source: Digest,
        target: VariantManifest.TargetFacts, passes: [VariantManifest.PassRecord]
    ) {
        self.document = document
        self.edits = edits
        self.plan = plan
        self.dependencies = dependencies
        self.environment = environment
        self.bind = bind
        self.solidification = solidification
        self.source = source
        self.target = target
        self.passes = passes
    }
}

/// Edits applied, files assembled → variant, before relocation.
///
/// Conflicts are errors, never last-wins: two edits of the same text, two files of the same path, a file of the source
/// where the compiler writes.
package enum LinkPass {
    package static func apply(_ input: LinkInput) -> PassResult<LinkedVariant> {
        var diagnostics = SourceChecks.run(input)
        let application: EditApplication
        do {
            application = try EditApplication(input.edits.flatMap(\.edits), to: input.document)
        } catch {
            diagnostics.append(diagnostic(for: error, in: input.document))
            return PassResult(nil, diagnostics: diagnostics)
        }
        guard diagnostics.isEmpty else { return PassResult(nil, diagnostics: diagnostics) }
        let manifest = manifest(of: input, application)
        do {
            var files = skillFiles(input, application)
            files += try compilerFiles(input, manifest)
            files.sort { $0.path < $1.path }
            return PassResult(LinkedVariant(files: files, manifest: manifest))
        } catch {
            diagnostics.append(
                Diagnostic("link.encoding", .error, "cannot write the variant's records: \(error)", fault: .internal))
            return PassResult(nil, diagnostics: diagnostics)
        }
    }

    /// What makes a source one that no target's variant can be made of: errors. Empty when all is well.
    package static func faults(of document: SkillDocument) -> [Diagnostic] { SourceChecks.run(document) }

    private static func skillFiles(_ input: LinkInput, _ application: EditApplication) -> [VariantFile] {
        var files = input.document.files.map {
            VariantFile(path: $0.path, content: .sourceFile, isExecutable: $0.isExecutable)
        }
        files += input.edits.flatMap(\.files).map {
            VariantFile(path: $0.path, content: .text($0.text), isExecutable: $0.isExecutable)
        }
        if let path = RelativePath("SKILL.md") {
            // Without an edit the source's own bytes stay, even those that are no UTF-8.
            let content = application.placed.isEmpty ? VariantFile.Content.sourceFile : .text(application.text)
            files.append(VariantFile(path: path, content: content, isExecutable: false))
        }
        return files
    }

    private static func compilerFiles(_ input: LinkInput, _ manifest: VariantManifest) throws -> [VariantFile] {
        let binding = EnvironmentBinding(
            environment: input.environment, dependencies: input.dependencies, steps: input.bind.steps)
        let texts: [(String, String, Bool)] = [
            ("variant.json", try json(manifest), false),
            ("environment.json", try json(binding), false),
            ("workflow.json", try json(input.plan), false),
            ("solidify.json", try json(SolidificationFile(input.solidification)), false),
            ("bind.sh", input.bind.script, true),
        ]
        return texts.compactMap { name, text, isExecutable in
            RelativePath(".skvm/\(name)").map {
                VariantFile(path: $0, content: .text(text), isExecutable: isExecutable)
            }
        }
    }

    /// Canonical JSON and a final line end.
    private static func json(_ value: some Encodable) throws -> String {
        String(decoding: try CanonicalJSON.encode(value), as: UTF8.self) + "\n"
    }

    private static func manifest(of input: LinkInput, _ application: EditApplication) -> VariantManifest {
        let document = input.document
        let edits = application.placed.map { edit, _ in
            VariantManifest.EditRecord(
                rule: edit.rule, reason: edit.reason, gap: edit.gap, others: edit.others,
                firstLine: document.line(at: edit.span.start),
                lastLine: document.line(at: max(edit.span.start, edit.span.end - 1)))
        }
        let added = input.edits.flatMap(\.files)
        var sites = added.map { RelocationSites(file: $0.path, offsets: Relocation.offsets(in: Array($0.text.utf8))) }
        if let path = RelativePath("SKILL.md") {
            sites.append(RelocationSites(file: path, offsets: Relocation.offsets(in: Array(application.text.utf8))))
        }
        return VariantManifest(
            source: input.source, target: input.target,
            passes: input.passes.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }, edits: edits,
            added: added.map(\.path).sorted(), open: input.edits.flatMap(\.open),
            relocations: sites.filter { !$0.offsets.isEmpty }.sorted { $0.file < $1.file },
            tokens: VariantManifest.Tokens(
                source: TokenEstimate.of(document.source), variant: TokenEstimate.of(application.text)))
    }

    private static func diagnostic(for fault: EditApplication.Fault, in document: SkillDocument) -> Diagnostic {
        switch fault {
        case .overlap(let first, let second):
            Diagnostic(
                "link.overlap", .error, "\(first.rule) and \(second.rule) rewrite the same text",
                at: SourceLocation(file: "SKILL.md", line: document.line(at: max(0, second.span.start))),
                hint: "leave one of the two passes out; this is a fault of a pass, not of the skill")
        case .span(let edit):
            Diagnostic(
                "link.span", .error,
                "\(edit.rule) rewrites bytes \(edit.span.start)..<\(edit.span.end), which are no text of SKILL.md",
                at: SourceLocation(file: "SKILL.md"), hint: "this is a fault of the pass, not of the skill")
        }
    }
}

/// `.skvm/solidify.json`.
private struct SolidificationFile: Encodable {
    let version = 1
    let candidates: [SolidificationCandidate]
    init(_ set: SolidificationSet) { candidates = set.candidates }
    private enum CodingKeys: String, CodingKey { case version, candidates }
}
