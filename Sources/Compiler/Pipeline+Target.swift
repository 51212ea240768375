package import Basics
import BuildEngine
import ContentStore
import Formats
import Passes
import SkillModel
import Synchronization

/// A skill compiled for one target.
package struct CompiledVariant: Sendable, Codable, Equatable {
    package var package: String
    package var version: String
    package var target: String
    /// Of the variant before relocation; nil when `link` or `guard` refused it.
    package var tree: Digest?
    /// Digest of each target pass's output.
    package var passes: [String: Digest]
    /// Of this target's passes, also those that the cache answered; files are relative to the skill's folder.
    package var diagnostics: [Diagnostic]

    package init(
        package: String, version: String, target: String, tree: Digest?, passes: [String: Digest],
        diagnostics: [Diagnostic]
    ) {
        self.package = package
        self.version = version
        self.target = target
        self.tree = tree
        self.passes = passes
        self.diagnostics = diagnostics
    }
}

extension CompiledVariant {
    fileprivate var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// What `link` puts together, and `guard` looks at.
struct VariantParts {
    var lowered: Produced<EditSet>
    var bound: Produced<BindScript>
    var scheduled: Produced<ScheduleResult>
    /// In the order in which they ran.
    var custom: [CustomResult]
    /// Makes the name that it is installed under the skill's own.
    var renaming: EditSet?

    /// In the order of the passes.
    func edits() throws -> [EditSet] {
        [try lowered.value(), try scheduled.value().edits] + (try custom.map { try $0.edits.value() })
            + [renaming].compactMap { $0 }
    }

    var customInputs: [ActionInput] {
        custom.map { $0.edits.input(RelativePath(known: "passes/\($0.pass.name).json")) }
    }

    /// What the custom passes may add of their own accord.
    var phrases: [String] { custom.flatMap(\.pass.pass.phrases) }
}

/// A target whose facts are in the store: made once, used for every skill.
package struct PreparedTarget: Sendable {
    package let facts: TargetFacts
    let support: ActionInput
    let environment: ActionInput
    /// What the variant's own manifest says of the target.
    let manifest: ActionInput
    /// Of every measured primitive.
    let levels: [Primitive: ActionInput]
}

extension Pipeline {
    /// The skill compiled for the target. Faults of the skill are in the variant's diagnostics; throws what the store
    /// throws.
    package func compile(_ analysis: Analysis, for target: TargetFacts) throws -> CompiledVariant {
        try compile(analysis, for: try prepare(target))
    }

    /// Puts the target's facts into the store, as the leaf inputs that they are.
    package func prepare(_ named: TargetFacts) throws -> PreparedTarget {
        // What somebody calls the machine class is for messages: no pass reads it, so no key holds it.
        var target = named
        target.environment.name = ""
        var levels: [Primitive: ActionInput] = [:]
        for (primitive, level) in target.levels {
            let path = RelativePath(known: "levels/\(primitive.rawValue)")
            levels[primitive] = ActionInput(path, try store.put(Array(level.text.utf8)), label: level.text)
        }
        return PreparedTarget(
            facts: target, support: try fact(.support, target.support),
            environment: try fact(.environment, target.environment, label: named.environment.name),
            manifest: try fact(.target, target.manifest), levels: levels)
    }

    /// The skill compiled for a target that is prepared.
    package func compile(_ analysis: Analysis, for prepared: PreparedTarget) throws -> CompiledVariant {
        let target = prepared.facts
        let (support, environment) = (prepared.support, prepared.environment)
        let subject = [analysis.source.name, target.name]
        let gaps = try measureGaps(analysis, prepared, subject)

        let lowered = try lower(analysis, gaps, support, target, subject)
        let bound = try bind(analysis, environment, target, subject)
        let scheduled = try schedule(analysis, gaps, prepared, subject)
        var variant = CompiledVariant(
            package: analysis.source.name, version: analysis.source.version, target: target.name, tree: nil,
            passes: [
                PassID.lower.rawValue: lowered.blob.digest, PassID.bind.rawValue: bound.blob.digest,
                PassID.schedule.rawValue: scheduled.blob.digest,
            ],
            diagnostics: try lowered.result().diagnostics + bound.result().diagnostics
                + scheduled.result().diagnostics)
        if variant.hasErrors { return variant }

        let custom = try runCustomPasses(analysis, gaps, lowered, scheduled, prepared, subject)
        for result in custom.results { variant.passes[result.pass.name] = result.edits.blob.digest }
        variant.diagnostics += custom.diagnostics
        if variant.hasErrors { return variant }

        let parts = VariantParts(
            lowered: lowered, bound: bound, scheduled: scheduled, custom: custom.results,
            renaming: try analysis.source.alias.map { AliasEdit.edits(of: try analysis.document.value(), alias: $0) })
        let linked = try link(analysis, parts, prepared, subject)
        variant.diagnostics += try linked.result().diagnostics
        guard let tree = try linked.result().value?.tree else { return variant }

        let guarded = try check(analysis, parts, linked, subject)
        let verdict = try guarded.result()
        variant.diagnostics += verdict.diagnostics
        if verdict.value != nil, !verdict.hasErrors { variant.tree = tree }
        return variant
    }

    /// A fact of the target as a leaf input: its canonical bytes in the store.
    func fact(_ path: RelativePath, _ value: some Encodable, label: String? = nil) throws -> ActionInput {
        ActionInput(path, try store.put(try CanonicalJSON.encode(value)), label: label)
    }

    func action(
        _ pass: PassID, _ subject: [String], _ inputs: [ActionInput], arguments: [String] = []
    ) -> Action {
        Action(
            Node(pass.rawValue, subject), implementation: implementations[pass], arguments: arguments, inputs: inputs,
            outputs: [.output(pass)])
    }
}

// MARK: The passes, each with exactly what it may read

extension Pipeline {
    /// What `gap` found, whole and one input a primitive: a consumer names the very gap that changed.
    struct Gaps {
        var analysis: GapAnalysis
        var inputs: [ActionInput]
    }

    /// Reads the levels of the primitives that the requirements and their alternatives name, and no others.
    private func measureGaps(_ analysis: Analysis, _ target: PreparedTarget, _ subject: [String]) throws -> Gaps {
        let requirements = try analysis.requirements.value()
        let named = requirements.requirements.map(\.primitive)
        var inputs = [analysis.requirements.input(.requirements)]
        // An unmeasured primitive has no file: that differs from L0.
        let read = GapPass.named(by: requirements)
        inputs += read.compactMap { target.levels[$0] }
        let action = Action(
            Node(PassID.gap.rawValue, subject), implementation: implementations[.gap], inputs: inputs,
            outputs: named.map(Self.gapPath))
        let levels = target.facts.levels.filter { read.contains($0.key) }
        let made = Mutex<GapAnalysis?>(nil)
        let body: () throws -> [(path: RelativePath, bytes: [UInt8])] = {
            let gaps = GapPass.run(requirements, levels: levels)
            made.withLock { $0 = gaps }
            return try named.map { (Self.gapPath($0), try CanonicalJSON.encode(GapFile(gaps, $0))) }
        }
        var evaluation = try engine.evaluate(action, body)
        var files: [Primitive: GapFile] = [:]
        for primitive in named {
            if evaluation.ran, let gaps = made.withLock({ $0 }) {
                files[primitive] = GapFile(gaps, primitive)
                continue
            }
            var file = try gapFile(evaluation, primitive)
            if file == nil {
                evaluation = try engine.evaluate(action, force: true, body)
                file = try gapFile(evaluation, primitive)
            }
            files[primitive] = file
        }
        return Gaps(
            analysis: GapAnalysis(
                gaps: named.compactMap { files[$0]?.gap }.sorted { $0.primitive < $1.primitive },
                unmeasured: named.filter { files[$0]?.isUnmeasured == true },
                ways: files.compactMapValues(\.ways)),
            inputs: named.compactMap { primitive in
                evaluation.result[Self.gapPath(primitive)].map {
                    ActionInput(
                        RelativePath(known: "gaps/\(primitive.rawValue).json"), $0, producer: evaluation.node,
                        label: files[primitive]?.label)
                }
            })
    }

    private func gapFile(_ evaluation: Evaluation, _ primitive: Primitive) throws -> GapFile? {
        guard let blob = evaluation.result[Self.gapPath(primitive)], let bytes = try store.get(blob.digest) else {
            return nil
        }
        return try? CanonicalJSON.decode(GapFile.self, from: bytes)
    }

    private static func gapPath(_ primitive: Primitive) -> RelativePath {
        RelativePath(known: "gap/\(primitive.rawValue).json")
    }

    private func lower(
        _ analysis: Analysis, _ gaps: Gaps, _ support: ActionInput, _ target: TargetFacts, _ subject: [String]
    ) throws -> Produced<EditSet> {
        let inputs =
            [analysis.document.input(.document), analysis.requirements.input(.requirements), support] + gaps.inputs
        return try engine.produce(action(.lower, subject, inputs), .output(.lower)) {
            Lower.run(
                try analysis.read(), requirements: try analysis.requirements.value(),
                gaps: gaps.analysis, support: target.support)
        }
    }

    private func bind(
        _ analysis: Analysis, _ environment: ActionInput, _ target: TargetFacts, _ subject: [String]
    ) throws -> Produced<BindScript> {
        let inputs = [analysis.dependencies.input(.dependencies), environment]
        return try engine.produce(action(.bind, subject, inputs), .output(.bind)) {
            Bind.run(try analysis.dependencies.value(), environment: target.environment)
        }
    }

    private func schedule(
        _ analysis: Analysis, _ gaps: Gaps, _ target: PreparedTarget, _ subject: [String]
    ) throws -> Produced<ScheduleResult> {
        // Without groups no level matters, and a profile that changes in one reruns nothing.
        let read = try analysis.workflow.value().parallel.isEmpty ? [] : Schedule.taken
        let inputs =
            [analysis.document.input(.document), analysis.workflow.input(.workflow), target.support] + gaps.inputs
            + read.compactMap { target.levels[$0] }
        return try engine.produce(action(.schedule, subject, inputs), .output(.schedule)) {
            Schedule.run(
                try analysis.read(), workflow: try analysis.workflow.value(), support: target.facts.support,
                gaps: gaps.analysis.gaps, levels: target.facts.levels.filter { read.contains($0.key) })
        }
    }
}

/// What `gap` says of one primitive. A closed one says nothing of levels: a level that moved above the requirement is no
/// news to anybody.
struct GapFile: Codable {
    var state: State
    var gap: Gap?
    /// The other ways to the goal; nil where there is no gap, or no way.
    var ways: [GapAnalysis.Way]?

    enum State: String, Codable { case closed, open, unmeasured }

    init(_ analysis: GapAnalysis, _ primitive: Primitive) {
        gap = analysis.gaps.first { $0.primitive == primitive }
        ways = analysis.ways[primitive]
        state = gap != nil ? .open : analysis.unmeasured.contains(primitive) ? .unmeasured : .closed
    }

    var isUnmeasured: Bool { state == .unmeasured }
    var label: String {
        guard let gap else { return state == .unmeasured ? "not measured" : "none" }
        return "\(gap.supplied?.text ?? "not measured") < \(gap.required.text)"
    }
}

extension RelativePath {
    static let requirements = RelativePath(known: "requirements.json")
    static let dependencies = RelativePath(known: "dependencies.json")
    static let workflow = RelativePath(known: "workflow.json")
    static let candidates = RelativePath(known: "candidates.json")
    static let support = RelativePath(known: "support.json")
    static let environment = RelativePath(known: "environment.json")
}
