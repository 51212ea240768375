import Basics
import BuildEngine
import Compiler
import ContentStore
import SkillModel
import Testing

/// A skill and its targets in a scratch folder, compiled by a new engine each time over the same caches: what a user's
/// builds do one after the other.
struct SkillWorld {
    let store: ContentStore
    private let cache: ActionCache
    private let historyTable: ActionCache
    var files: [String: String]
    var implementations = Implementations.current
    var targets: [TargetFacts]
    var custom: CustomPasses?

    init(_ scratch: String) throws {
        store = ContentStore(root: scratch + "/cache")
        cache = try ActionCache(root: scratch + "/cache")
        historyTable = try ActionCache(root: scratch + "/project")
        files = [
            "SKILL.md": Self.skill, "scripts/collect.py": "import csv\nprint(csv.reader)\n",
            "assets/names.csv": "a,b\n",
        ]
        targets = [Self.target("small")]
    }

    /// What one build did.
    struct Build {
        /// `parse`, `gap small`: what ran, sorted.
        var ran: [String]
        var cached: Int
        var why: [String: [Change]]
        var variants: [CompiledVariant]
        var analysis: Analysis
        /// Names of the passes that ran, each once.
        var passes: Set<String> { Set(ran.map { String($0.prefix { $0 != " " }) }) }
    }

    @discardableResult
    func build() throws -> Build {
        let engine = Engine(store: store, cache: cache, history: History(historyTable))
        let pipeline = Pipeline(engine: engine, implementations: implementations, custom: custom)
        let analysis = try pipeline.analyse(try source())
        let variants = try targets.map { try pipeline.compile(analysis, for: $0) }
        try engine.flush()
        func name(_ node: Node) -> String { ([node.rule] + node.subject.dropFirst()).joined(separator: " ") }
        let report = engine.report
        return Build(
            ran: report.ran.map { name($0.node) }.sorted(), cached: report.cached,
            why: Dictionary(report.ran.map { (name($0.node), $0.changes) }, uniquingKeysWith: { first, _ in first }),
            variants: variants, analysis: analysis)
    }

    /// A build that must run nothing: what every scenario ends with.
    func expectNothingToDo(sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
        #expect(try build().ran == [], sourceLocation: sourceLocation)
    }

    func source() throws -> SkillSource {
        let entries = try files.sorted { $0.key < $1.key }.map { path, text in
            TreeEntry(
                try #require(RelativePath(path)),
                .file(try store.put(Array(text.utf8)), executable: path.hasSuffix(".py")))
        }
        return SkillSource(
            name: "report", version: "1.0.0", folderName: "report", entries: entries,
            tree: try store.putTree(entries).digest)
    }

    mutating func edit(_ file: String, _ old: String, _ new: String) throws {
        let text = try #require(files[file])
        try #require(text.contains(old))
        files[file] = text.replacing(old, with: new)
    }

    static func target(_ name: String) -> TargetFacts {
        TargetFacts(
            name: name, model: "example/small", harness: "bare",
            levels: Dictionary(uniqueKeysWithValues: Primitive.allCases.map { ($0, .l3) }), support: .init(),
            environment: EnvironmentDescription(
                name: "box", os: "linux", distribution: "debian", release: "12", architecture: "x86_64",
                packageManagers: ["apt": "2.6.1"], tools: ["bash": "5.2.15"]))
    }

    static let free = ["depend", "flow", "parse", "require", "solidify"]
    static func perTarget(_ target: String) -> [String] {
        ["bind", "gap", "guard", "link", "lower", "schedule"].map { "\($0) \(target)" }
    }

    private static let skill = """
        ---
        name: report
        description: Collects the week's figures with a script and writes a summary of them.
        ---

        # Weekly report

        ## Steps

        1. Collect the figures:

           ```bash
           mkdir -p out && python3 scripts/collect.py assets/names.csv > out/figures.csv && sort -u out/figures.csv
           ```

        2. Read `out/figures.csv` and check that every row has a date.
        3. Write `out/summary.md` with one paragraph for each name.

        ## Rules

        - The summary must be shorter than 200 words.
        - Never change a figure.

        """
}
