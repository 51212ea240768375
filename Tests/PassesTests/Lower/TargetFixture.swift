import Basics
import SkillModel
import Testing

@testable import Passes

/// A skill in memory and a target's gaps, taken through `lower`, `schedule`, `link` and `guard`.
struct TargetFixture {
    var source: SkillDocument
    var requirements: RequirementSet
    /// Those of the initialiser are of no text, so that each rule shows what it does by itself; those that are measured are closed or
    /// open, and no edit stays that closes none.
    var gaps: [Gap] { didSet { isMeasured = true } }
    private var isMeasured = false
    /// What the target has of the primitives that other ways take; nothing is measured by itself.
    var levels: [Primitive: Level] = [:]
    var support = HarnessDescription.Support()

    /// `files` are bundled files by path, their content does not matter.
    init(
        _ body: String, files: [String] = [], gaps: [Primitive: Level] = [:], archetype: Archetype = .procedural,
        frontMatter: String = "---\nname: sample\ndescription: A sample.\n---\n"
    ) throws {
        let main = SourceFile(path: try #require(RelativePath("SKILL.md")), bytes: Array((frontMatter + body).utf8))
        let others = try files.map { SourceFile(path: try #require(RelativePath($0)), bytes: Array("x\n".utf8)) }
        try self.init([main] + others, gaps: gaps, archetype: archetype)
    }

    init(_ files: [SourceFile], gaps: [Primitive: Level], archetype: Archetype? = nil) throws {
        source = try #require(Parse.run(files, folderName: nil).value)
        let found = Require.run(source).value
        requirements = RequirementSet(
            archetype: archetype ?? found?.archetype ?? .procedural, requirements: found?.requirements ?? [])
        self.gaps = gaps.map { Gap(primitive: $0, required: .l3, supplied: $1) }.sorted { $0.primitive < $1.primitive }
    }

    var lowered: EditSet {
        get throws {
            let ways = GapPass.run(
                requirements, levels: levels.merging(gaps.map { ($0.primitive, $0.supplied ?? .l0) }) { $1 }
            ).ways
            let analysis = GapAnalysis(gaps: gaps, unmeasured: [], ways: ways)
            if isMeasured {
                return try #require(
                    Lower.run(source, requirements: requirements, gaps: analysis, support: support).value)
            }
            let context = LoweringContext(
                LazyReading(source), requirements: requirements, gaps: gaps, ways: ways, support: support)
            return try #require(Lower.attempt(in: context, analysis, Lower.rules).value)
        }
    }

    /// SKILL.md after `lower` alone, without the front matter.
    var body: String {
        get throws {
            let text = try EditApplication(try lowered.edits, to: source).text
            return String(decoding: Array(text.utf8).dropFirst(source.body.start), as: UTF8.self)
        }
    }

    func scheduled() throws -> ScheduleResult {
        let workflow = Flow.run(source).value ?? Workflow(steps: [], parallel: [])
        return try #require(
            Schedule.run(source, workflow: workflow, support: support, gaps: gaps, levels: levels).value)
    }

    func linked(_ edits: [EditSet]) -> PassResult<LinkedVariant> {
        LinkPass.apply(
            LinkInput(
                document: source, edits: edits, plan: WorkflowPlan(steps: [], groups: [], stages: []),
                dependencies: DependencyManifest([]), environment: Self.environment,
                bind: BindScript(script: "#!/bin/sh\n", steps: []), solidification: SolidificationSet([]),
                source: Digest(of: source.source),
                target: .init(model: "m", harness: "h", machine: "linux-debian-12-x86_64"), passes: []))
    }

    /// The variant parsed again, as `guard` and a second compilation see it.
    func variant(_ edits: [EditSet]) throws -> SkillDocument {
        let linked = try #require(linked(edits).value)
        var files: [SourceFile] = []
        for file in linked.files where !file.path.text.hasPrefix(".skvm/") {
            let text: String =
                switch file.content {
                case .text(let text): text
                case .sourceFile: file.path.text == "SKILL.md" ? source.source : "x\n"
                }
            files.append(SourceFile(path: file.path, bytes: Array(text.utf8), isExecutable: file.isExecutable))
        }
        return try #require(Parse.run(files, folderName: nil).value)
    }

    func guarded(_ edits: [EditSet]) throws -> PassResult<GuardReport> {
        Guard.run(source: source, variant: try variant(edits), edits: edits)
    }

    /// What `lower` and `schedule` would still do to the variant.
    func secondRun(_ edits: [EditSet]) throws -> [Edit] {
        var again = self
        again.source = try variant(edits)
        // Of the variant: what it demands no more has no other way.
        again.requirements.requirements = Require.run(again.source).value?.requirements ?? []
        return try again.lowered.edits + again.scheduled().edits.edits
    }

    static let environment = EnvironmentDescription(
        name: "debian", os: "linux", distribution: "debian", release: "12", architecture: "x86_64",
        packageManagers: ["apt": "2.6"], tools: ["curl": "7.88.1", "python3": "3.11.2"], pythonExternallyManaged: true)
}
