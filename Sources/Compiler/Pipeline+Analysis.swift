package import Basics
package import BuildEngine
import ContentStore
import Passes
package import SkillModel
import Synchronization

/// What is known of a skill before any target: shared by all of its targets.
package struct Analysis: Sendable {
    package let source: SkillSource
    package let document: Produced<SkillDocument>
    package let requirements: Produced<RequirementSet>
    package let dependencies: Produced<DependencyManifest>
    package let workflow: Produced<Workflow>
    package let candidates: Produced<SolidificationSet>
    private let reading: DocumentReading

    init(
        source: SkillSource, reading: DocumentReading, requirements: Produced<RequirementSet>,
        dependencies: Produced<DependencyManifest>, workflow: Produced<Workflow>,
        candidates: Produced<SolidificationSet>
    ) {
        self.source = source
        document = reading.document
        self.requirements = requirements
        self.dependencies = dependencies
        self.workflow = workflow
        self.candidates = candidates
        self.reading = reading
    }

    /// The document for passes that read it as the analysis does: read once for all targets.
    func read() throws -> LazyReading { try reading.value() }

    /// Of the five passes, also those that the cache answered; files are relative to the skill's folder.
    package func diagnostics() throws -> [Diagnostic] {
        try document.result().diagnostics + requirements.result().diagnostics + dependencies.result().diagnostics
            + workflow.result().diagnostics + candidates.result().diagnostics
    }
}

/// Compiles skills by evaluating passes as actions. A value: all state is the engine's.
package struct Pipeline: Sendable {
    package let engine: Engine
    package var implementations: Implementations
    /// The project's own passes; nil when it has none.
    package var custom: CustomPasses?

    package init(engine: Engine, implementations: Implementations = .current, custom: CustomPasses? = nil) {
        self.engine = engine
        self.implementations = implementations
        self.custom = custom
    }

    var store: ContentStore { engine.store }

    /// The target-free passes of a skill. Throws `DiagnosticsError` when the skill is unusable: the errors are `parse`'s.
    package func analyse(_ source: SkillSource) throws -> Analysis {
        let document = try parse(source)
        let parsed = try document.result()
        if parsed.value == nil || parsed.hasErrors { throw DiagnosticsError(parsed.diagnostics) }
        let reading = DocumentReading(document)
        return Analysis(
            source: source, reading: reading,
            requirements: try derive(.require, source, document) { Require.run(try reading.value().reading) },
            dependencies: try derive(.depend, source, document) { Depend.run(try reading.value().reading) },
            workflow: try derive(.flow, source, document) { Flow.run(try reading.value().reading) },
            candidates: try derive(.solidify, source, document) { Solidify.run(try reading.value().reading) })
    }

    private func parse(_ source: SkillSource) throws -> Produced<SkillDocument> {
        let action = Action(
            Node(PassID.parse.rawValue, [source.name]), implementation: implementations[.parse],
            arguments: source.folderName.map { ["--folder", $0] } ?? [],
            inputs: source.entries.map { .source($0) }, outputs: [.output(.parse)])
        let store = store
        return try engine.produce(action, .output(.parse)) {
            Parse.run(try store.sourceFiles(source.entries), folderName: source.folderName)
        }
    }

    private func derive<Value: Sendable & Codable>(
        _ pass: PassID, _ source: SkillSource, _ document: Produced<SkillDocument>,
        _ body: @escaping @Sendable () throws -> PassResult<Value>
    ) throws -> Produced<Value> {
        let action = Action(
            Node(pass.rawValue, [source.name]), implementation: implementations[pass],
            inputs: [document.input(.document)], outputs: [.output(pass)])
        return try engine.produce(action, .output(pass), body)
    }
}

/// A document as the passes that derive something from it read it: made when the first of them runs, for all.
final class DocumentReading: Sendable {
    let document: Produced<SkillDocument>
    private let reading = Mutex<LazyReading?>(nil)

    init(_ document: Produced<SkillDocument>) { self.document = document }

    func value() throws -> LazyReading {
        if let reading = reading.withLock({ $0 }) { return reading }
        let made = LazyReading(try document.value())
        return reading.withLock { first in
            if first == nil { first = made }
            return first ?? made
        }
    }
}

extension RelativePath {
    /// Joins components that are known to be fit; a name that is not would be a fault in skvm.
    init(known text: String) {
        guard let path = RelativePath(text) else { preconditionFailure("not a path: \(text)") }
        self = path
    }

    static let document = RelativePath(known: "document.json")
    static func output(_ pass: PassID) -> RelativePath { RelativePath(known: "\(pass.rawValue).json") }
}

extension ActionInput {
    /// A file of the skill, below `source/`.
    static func source(_ entry: TreeEntry) -> ActionInput {
        ActionInput(RelativePath(known: "source").appending(entry.path), entry.kind)
    }
}

extension ContentStore {
    /// Larger files come to a pass with their size alone, but for SKILL.md. In bytes.
    private static let largestRead: Int64 = 1 << 20

    /// The files of a tree for a pass; with `textAlone`, SKILL.md and of all others that they are there. Throws
    /// `DiagnosticsError` when a blob is not in the store.
    func sourceFiles(_ entries: [TreeEntry], textAlone: Bool = false) throws -> [SourceFile] {
        try entries.map { entry in
            switch entry.kind {
            case .symlink(let target):
                return SourceFile(path: entry.path, bytes: Array(target.utf8), isSymlink: true)
            case .file(let blob, let executable):
                let isRead = entry.path.text == "SKILL.md" || (!textAlone && blob.size <= Self.largestRead)
                return SourceFile(
                    path: entry.path, bytes: isRead ? try bytes(blob, of: entry.path) : [], size: Int(blob.size),
                    isExecutable: executable)
            }
        }
    }

    /// The bytes of a source file's blob. Throws when the cache has lost them.
    func bytes(_ blob: Blob, of path: RelativePath) throws -> [UInt8] {
        guard let bytes = try get(blob.digest) else {
            throw DiagnosticsError([
                Diagnostic(
                    "store.missing", .error, "the cache has lost \(path) (\(blob.digest))",
                    hint: "run the command again with the network on: what is missing is fetched again", fault: .offline
                )
            ])
        }
        return bytes
    }
}
