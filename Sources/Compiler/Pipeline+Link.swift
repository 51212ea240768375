package import Basics
import BuildEngine
package import ContentStore
import Passes
import SkillModel

/// Output of the action `link`: the variant's tree; its files and folders are in the store.
package struct LinkOutput: Sendable, Codable {
    /// Root of the variant's tree, before relocation.
    package var tree: Digest
    /// Sorted by path.
    package var entries: [TreeEntry]
}

extension Pipeline {
    func link(
        _ analysis: Analysis, _ parts: VariantParts, _ target: PreparedTarget, _ subject: [String]
    ) throws -> Produced<LinkOutput> {
        let (lowered, bound, scheduled) = (parts.lowered, parts.bound, parts.scheduled)
        let facts = target.facts.manifest
        let inputs =
            analysis.source.entries.map { ActionInput.source($0) } + [
                analysis.document.input(.document), analysis.dependencies.input(.dependencies),
                analysis.candidates.input(.candidates), lowered.input(.lowered), bound.input(.bound),
                scheduled.input(.scheduled), target.environment, target.manifest,
            ] + parts.customInputs
        var passes = [
            VariantManifest.PassRecord(id: PassID.lower.rawValue, output: lowered.blob.digest),
            VariantManifest.PassRecord(id: PassID.bind.rawValue, output: bound.blob.digest),
            VariantManifest.PassRecord(id: PassID.schedule.rawValue, output: scheduled.blob.digest),
        ]
        passes += parts.custom.map { .init(id: $0.pass.name, output: $0.edits.blob.digest) }
        let records = passes
        let store = store
        let arguments = analysis.source.alias.map { ["--alias", $0] } ?? []
        let produced = try engine.produce(action(.link, subject, inputs, arguments: arguments), .output(.link)) {
            let result = LinkPass.apply(
                LinkInput(
                    document: try analysis.document.value(), edits: try parts.edits(),
                    plan: try scheduled.value().plan, dependencies: try analysis.dependencies.value(),
                    environment: target.facts.environment, bind: try bound.value(),
                    solidification: try analysis.candidates.value(), source: analysis.source.tree, target: facts,
                    passes: records))
            guard let variant = result.value else {
                return PassResult<LinkOutput>(nil, diagnostics: result.diagnostics)
            }
            return PassResult(try store.assemble(variant, analysis.source.entries), diagnostics: result.diagnostics)
        }
        return try healed(produced, analysis)
    }

    /// A cached variant that the cache has lost a file or a folder of is linked again.
    private func healed(_ produced: Produced<LinkOutput>, _ analysis: Analysis) throws -> Produced<LinkOutput> {
        guard !produced.evaluation.ran, let output = try produced.result().value else { return produced }
        if try !store.containsTree(output.tree) { try produced.remake() }
        return produced
    }

    /// `guard`: the variant's text, parsed as any skill's, held against the source's.
    func check(
        _ analysis: Analysis, _ parts: VariantParts, _ linked: Produced<LinkOutput>, _ subject: [String]
    ) throws -> Produced<GuardReport> {
        let entries = try linked.value().entries
        let node = linked.evaluation.node
        let inputs =
            entries.map {
                ActionInput(RelativePath(known: "variant").appending($0.path), $0.kind, producer: node)
            } + [
                analysis.document.input(.document), parts.lowered.input(.lowered), parts.scheduled.input(.scheduled),
            ] + parts.customInputs
        let phrases = parts.phrases
        let alias = analysis.source.alias
        let arguments = (alias.map { ["--alias", $0] } ?? []) + (phrases.isEmpty ? [] : ["--phrases"] + phrases)
        let store = store
        return try engine.produce(action(.guard, subject, inputs, arguments: arguments), .output(.guard)) {
            // What files hold is nothing to `guard`: only whether they are there.
            let parsed = Parse.run(try store.sourceFiles(entries, textAlone: true), folderName: nil)
            guard let variant = parsed.value else {
                return PassResult<GuardReport>(nil, diagnostics: parsed.diagnostics)
            }
            return Guard.run(
                source: try analysis.read(), variant: LazyReading(variant), edits: try parts.edits(), alias: alias,
                phrases: phrases)
        }
    }
}

extension ContentStore {
    /// Puts the variant's files and folders; the source's own files are there already.
    fileprivate func assemble(_ variant: LinkedVariant, _ source: [TreeEntry]) throws -> LinkOutput {
        let kinds = Dictionary(source.map { ($0.path, $0.kind) }, uniquingKeysWith: { first, _ in first })
        let entries = try variant.files.map { file -> TreeEntry in
            switch file.content {
            case .text(let text):
                return TreeEntry(
                    file.path, .file(try put(Array(text.utf8)), executable: file.isExecutable))
            case .sourceFile:
                // `parse` accepts `skill.md`; the variant has it under the name that every harness looks for.
                let kind = kinds[file.path] ?? source.first { $0.path.text.lowercased() == "skill.md" }?.kind
                guard let kind else { throw UnusableInput() }
                return TreeEntry(file.path, kind)
            }
        }
        return LinkOutput(tree: try putTree(entries).digest, entries: entries)
    }
}

extension TargetFacts {
    var manifest: VariantManifest.TargetFacts {
        VariantManifest.TargetFacts(model: model, harness: harness, machine: environment.machine)
    }
}

extension EnvironmentDescription {
    /// `linux-debian-12-x86_64`: the machine class without the name that somebody gave it.
    var machine: String { [os, distribution, release, architecture].filter { !$0.isEmpty }.joined(separator: "-") }
}

extension RelativePath {
    static let lowered = RelativePath(known: "lower.json")
    static let bound = RelativePath(known: "bind.json")
    static let scheduled = RelativePath(known: "schedule.json")
    static let target = RelativePath(known: "target.json")
}
