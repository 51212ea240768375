import Basics
import BuildEngine
import Compiler
import ContentStore
import Formats
import SkillModel
import Synchronization

/// The engine with its caches, for one command on one project.
struct Session: Sendable {
    let workspace: Workspace
    let project: Project
    let engine: Engine
    let history: History
    let pipeline: Pipeline
    /// Whole skills that this project compiled before, by all that went into them.
    private let compiled: any RecordTable
    private let cache: ActionCache
    private let shared: SharedSkills
    /// While it is held, no `skvm gc` takes away what this command relies on.
    private let use: FileLock

    init(
        _ workspace: Workspace, _ project: Project, custom: [PreparedPass] = [],
        implementations: Implementations = .current
    ) throws {
        self.workspace = workspace
        self.project = project
        try project.makeState()
        let settings = workspace.settings
        use = try workspace.store.use(onWait: { settings.progress("waiting for skvm gc to end") })
        let records = try ActionCache(root: workspace.memory(of: project.root))
        history = History(records)
        compiled = records
        cache = try ActionCache(root: settings.cacheDirectory)
        records.readTogether()
        cache.readTogether()
        let store = ContentStore(root: settings.cacheDirectory, remembersPuts: !workspace.distrustsCache)
        engine = Engine(store: store, cache: cache, history: history)
        shared = SharedSkills(cache)
        pipeline = Pipeline(
            engine: engine, implementations: implementations,
            custom: custom.isEmpty
                ? nil : CustomPasses(custom, runner: PassSandbox(store, environment: settings.environment)))
    }

    /// What compiling one skill for some targets gave.
    struct SkillResult: Equatable, Sendable {
        var variants: [CompiledVariant]
        /// Of the target-free passes.
        var diagnostics: [Diagnostic]
        /// How many actions it took.
        var actions: Int
    }

    /// Compiles the packages for the targets side by side. Faults of skills are in the results; throws what the store
    /// throws.
    func compile(
        _ packages: [ResolvedPackage], for targets: [ResolvedTarget]
    ) throws -> (results: [SkillResult], skipped: Int) {
        try noteUses(packages, targets)
        let facts = targets.map(\.facts)
        let targetKey = try self.targetKey(facts)
        let prepared = try facts.map { try pipeline.prepare($0) }
        let results = Mutex<[Int: Result<Compiled, any Error>]>([:])
        concurrently(packages.count, jobs: workspace.flags.jobs) { number in
            let result = Result { try compile(packages[number], prepared, targetKey) }
            results.withLock { $0[number] = result }
        }
        try shared.flush()
        try engine.flush()
        let done = results.withLock { $0 }
        try compiled.recordAll(
            try packages.indices.compactMap { number in
                guard case .success(let one)? = done[number], let key = one.newKey else { return nil }
                return (key: key, value: try one.result.encoded)
            })
        var all: [SkillResult] = []
        var skipped = 0
        for number in packages.indices {
            guard let one = try done[number]?.get() else { continue }
            all.append(one.result)
            if one.wasKnown { skipped += one.result.actions }
        }
        return (all, skipped)
    }

    /// Keeps the sources and facts that the lock pins in the action cache's last-use times, like any action's result: `gc`
    /// in another project must not take them from this one.
    private func noteUses(_ packages: [ResolvedPackage], _ targets: [ResolvedTarget]) throws {
        let trees = packages.filter { !$0.source.isFolder }.map { ($0.tree, "source.tree") }
        let blobs = targets.flatMap { [$0.locked.profile, $0.locked.environment, $0.locked.harness] }
            .compactMap { $0.map { ($0, "fact.json") } }
        var new: [ActionCache.Entry] = []
        for (digest, name) in trees + blobs {
            let key = Digest(of: "use-1\n\(name)\n\(digest)\n")
            if try cache.lookup(key) != nil { continue }
            guard let path = RelativePath(name) else { continue }
            new.append(.init(key: key, value: ActionResult([(path, Blob(digest: digest, size: 0))]).encoded))
        }
        try cache.recordAll(new)
    }

    private struct Compiled: Sendable {
        var result: SkillResult
        var wasKnown: Bool
        /// Under which the project is to remember it; nil when it does or when it's not worth it.
        var newKey: Digest?
    }

    /// One skill. When all that could go into it is as it was, the answer is, and no action is looked at.
    private func compile(
        _ package: ResolvedPackage, _ targets: [PreparedTarget], _ targetKey: Digest
    ) throws -> Compiled {
        let key = Digest(
            of:
                "skill-3\n\(package.id)\n\(package.ownName)\n\(package.tree)\n\(package.folderName ?? "")\n\(targetKey)\n"
        )
        if !workspace.distrustsCache {
            if let bytes = try compiled.lookup(key), let known = try? SkillResult(decoding: bytes), isThere(known) {
                return Compiled(result: known, wasKnown: true, newKey: nil)
            }
            // Another project, or this one before its state was removed: what `explain` needs is taken over, too.
            if pipeline.custom == nil, let known = try shared.lookup(key), isThere(known.result) {
                history.takeOver(known.nodes, ofFamily: package.skill.name)
                return Compiled(result: known.result, wasKnown: true, newKey: key)
            }
        }
        var result = try compileFresh(package, targets)
        if workspace.distrustsCache, try !result.variants.compactMap(\.tree).allSatisfy({ try workspace.holdsTree($0) })
        {
            // What was damaged is gone now, and the pipeline makes again what is gone.
            result = try compileFresh(package, targets)
        }
        let isWhole = result.variants.count == targets.count && result.variants.allSatisfy { $0.tree != nil }
        // The nodes of custom passes hold values of variables, which are the project's own.
        if isWhole, pipeline.custom == nil {
            let name = package.skill.name
            let subjects = Set([[name]] + targets.map { [name, $0.facts.name] })
            try shared.add(result, nodes: history.inputs(ofFamily: name, subjects: subjects), under: key)
        }
        return Compiled(result: result, wasKnown: false, newKey: isWhole ? key : nil)
    }

    private func isThere(_ result: SkillResult) -> Bool {
        // Where a memo knows what differs, all that it watches stands outside the store: what is lost of it is noticed, and
        // healed, by who needs it.
        if workspace.changes != nil { return result.variants.allSatisfy { $0.tree != nil } }
        return result.variants.allSatisfy { $0.tree.map { workspace.store.contains($0) } ?? false }
    }

    private func compileFresh(_ package: ResolvedPackage, _ targets: [PreparedTarget]) throws -> SkillResult {
        do {
            let analysis = try pipeline.analyse(package.skill)
            return SkillResult(
                variants: try targets.map { try pipeline.compile(analysis, for: $0) },
                diagnostics: try analysis.diagnostics(), actions: actions(ofTargets: targets.count))
        } catch let error as DiagnosticsError {
            return SkillResult(variants: [], diagnostics: error.diagnostics, actions: 1)
        }
    }

    /// How many actions compiling one skill whole takes.
    func actions(ofTargets count: Int) -> Int {
        let free = PassID.allCases.filter(\.isTargetFree).count
        return free + (PassID.allCases.count - free + (pipeline.custom?.passes.count ?? 0)) * count
    }

    private func targetKey(_ targets: [TargetFacts]) throws -> Digest {
        struct Key: Encodable {
            var name: String
            var model: String
            var harness: String
            var levels: [String: Level]
            var support: HarnessDescription.Support
            var environment: EnvironmentDescription
        }
        let keys = targets.map { target in
            Key(
                name: target.name, model: target.model, harness: target.harness,
                levels: Dictionary(uniqueKeysWithValues: target.levels.map { ($0.key.rawValue, $0.value) }),
                support: target.support, environment: target.environment)
        }
        let custom = (pipeline.custom?.passes ?? []).map { "\($0.identity)\n" }.joined()
        return Digest(
            of: Array("\(pipeline.implementations.digest)\n\(custom)".utf8) + (try CanonicalJSON.encode(keys)))
    }

    /// What ran, with reasons, in the form of reports.
    func ranPasses() -> [BuildReport.RanPass] {
        let explainer = Explainer(history: history, bytes: { [store = workspace.store] in try? store.get($0) })
        return engine.report.ran.map { ran in
            BuildReport.RanPass(
                pass: ran.node.rule, package: ran.node.subject.first ?? "",
                target: ran.node.subject.count > 1 ? ran.node.subject[1] : nil,
                why: explainer.sentence(ran.changes, of: ran.node))
        }
    }
}
