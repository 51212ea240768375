package import Basics
import BuildEngine
import Compiler
import ContentStore
import Formats
import Passes
import SkillModel
import Synchronization

/// What `skvm check --pass` found.
package struct PassCheckReport: DiagnosedReport, Codable, Equatable {
    package struct Sample: Sendable, Codable, Equatable {
        package var name: String
        /// How much the pass did in it; both nil where it gave no variant.
        package var edits: Int?
        package var files: Int?
        /// Whether that is as it must be: valid, the same twice, nothing more to do in the result.
        package var conforms: Bool

        var line: String {
            guard let edits, let files else { return "\(name): failed" }
            let done = "\(counted(edits, "edit")), \(counted(files, "file"))"
            return "\(name): \(done), \(conforms ? "the same twice, none in the result" : "not as it must be")"
        }
    }

    package struct BadRequests: Sendable, Codable, Equatable {
        package var asked: Int
        package var refused: Int
    }

    package var version = 1
    package var command = "check"
    package var ok = true
    package var pass: String
    package var samples: [Sample] = []
    /// Requests that no pass can read.
    package var badRequests = BadRequests(asked: 0, refused: 0)
    package var diagnostics: [Diagnostic] = []

    package var text: String {
        let refused = badRequests.refused == badRequests.asked ? "\(badRequests.asked) refused" : "not all refused"
        return
            (samples.map(\.line) + [
                "bad requests: \(refused)", "pass '\(pass)' \(ok ? "conforms" : "does not conform")",
            ]).joined(separator: "\n")
    }
}

extension Workspace {
    /// Whether a custom pass does what every pass must (`docs/formats/pass-protocol.md`), shown by running it over sample
    /// skills: its answers are valid and its variants keep the contract, two runs are alike, it finds nothing to do in what
    /// it made, and it refuses requests that it can't read.
    package func checkPass(_ name: String) async throws -> PassCheckReport {
        let project = try self.project()
        guard let pass = project.manifest.passes.first(where: { $0.name.description == name }) else {
            let names = project.manifest.passes.map(\.name.description)
            throw DiagnosticsError([
                Diagnostic(
                    "pass.unknown", .error, "there is no pass '\(name)' in skvm.toml",
                    hint: names.isEmpty
                        ? "write one: skvm new --pass \(name)" : "its passes are \(names.joined(separator: ", "))",
                    fault: .usage)
            ])
        }
        return try await blocking { [settings] in
            let scratch = try FileSystem.makeScratchDirectory()
            defer { try? FileSystem.removeTree(scratch) }
            return try PassCheck(project, pass, settings.environment, store: ContentStore(root: scratch + "/cache"))
                .run()
        }
    }
}

/// One conformance check, with a cache of its own.
private struct PassCheck {
    let pass: CustomPass
    let store: ContentStore
    let custom: CustomPasses
    private let prepared: PreparedPass

    init(_ project: Project, _ pass: CustomPass, _ environment: [String: String], store: ContentStore) throws {
        self.pass = pass
        self.store = store
        let wanted = CustomPass.before(pass, among: project.manifest.passes).union([pass.name.description])
        let files = try CustomPassFiles(project, store, environment: environment)
        let passes = files.passes.filter { wanted.contains($0.name) }
        guard let prepared = passes.first(where: { $0.name == pass.name.description }) else { throw UnusableInput() }
        self.prepared = prepared
        custom = CustomPasses(passes, runner: PassSandbox(store, environment: environment))
    }

    func run() throws -> PassCheckReport {
        var report = PassCheckReport(pass: pass.name.description)
        for sample in PassSamples.all {
            let (seen, found) = try check(sample)
            report.samples.append(seen)
            report.diagnostics += found
        }
        let (requests, found) = try checkBadRequests()
        report.badRequests = requests
        report.diagnostics += found
        report.ok = !report.diagnostics.contains { $0.severity == .error }
        return report
    }

    // MARK: Samples

    private func check(
        _ sample: PassSamples.Sample
    ) throws -> (seen: PassCheckReport.Sample, found: [Diagnostic]) {
        let source = try self.source(
            sample.name,
            try sample.files.map { path, text in
                guard let path = RelativePath(path) else { throw UnusableInput() }
                return TreeEntry(path, .file(try store.put(Array(text.utf8)), executable: path.text.hasSuffix(".py")))
            })
        let first = try compile(source)
        let errors = first.diagnostics.filter { $0.severity == .error }
        guard let tree = first.tree, let output = first.passes[pass.name.description] else {
            return (.init(name: sample.name, conforms: false), errors.map { placed($0, sample) })
        }
        var found: [Diagnostic] = []
        if try compile(source).passes[pass.name.description] != output {
            found.append(
                fault(
                    "random", "gives another answer to the same request", sample,
                    "leave time, chance and order of hashing out"))
        }
        let edits = try edits(output)
        let entries = try store.entries(of: tree).filter { !$0.path.text.hasPrefix(".skvm/") }
        let second = try compile(try self.source(sample.name, entries))
        if let again = second.passes[pass.name.description] {
            let more = try self.edits(again)
            if !more.edits.isEmpty || !more.files.isEmpty {
                found.append(
                    fault(
                        "unstable", "finds more to do in what it made itself: \(more.edits.first?.rule ?? "a file")",
                        sample,
                        "look for what the pass writes, and leave it alone"))
            }
        } else {
            found += second.diagnostics.filter { $0.id.hasPrefix("pass.") }.map { placed($0, sample) }
        }
        return (
            .init(
                name: sample.name, edits: edits.edits.count, files: edits.files.count, conforms: found.isEmpty), found
        )
    }

    private func source(_ name: String, _ entries: [TreeEntry]) throws -> SkillSource {
        SkillSource(
            name: name, version: "0.0.0", folderName: nil, entries: entries, tree: try store.putTree(entries).digest)
    }

    /// For a target with every gap and a small budget, so that a pass has something to do. Nothing is remembered.
    private func compile(_ source: SkillSource) throws -> CompiledVariant {
        let pipeline = Pipeline(engine: Engine(store: store, cache: NoRecords(), history: nil), custom: custom)
        let levels = Dictionary(uniqueKeysWithValues: Primitive.allCases.map { ($0, Level.l1) })
        let target = TargetFacts(
            name: "sample", model: "sample/model", harness: "sample", levels: levels,
            support: .init(batchedCalls: true, subAgents: true, bodyTokens: 300),
            environment: EnvironmentDescription(
                name: "", os: "linux", distribution: "debian", release: "12", architecture: "x86_64",
                packageManagers: ["apt": ""], tools: ["bash": "", "python3": ""]))
        return try pipeline.compile(try pipeline.analyse(source), for: target)
    }

    private func edits(_ output: Digest) throws -> EditSet {
        guard let bytes = try store.get(output),
            let set = try CanonicalJSON.decode(PassResult<EditSet>.self, from: bytes).value
        else { throw UnusableInput() }
        return set
    }

    // MARK: Bad requests

    /// A request that the pass can't read has no answer: it must end, and not with exit code 0.
    private func checkBadRequests() throws -> (PassCheckReport.BadRequests, found: [Diagnostic]) {
        let requests: [(what: String, text: String)] = [
            ("an empty request", ""), ("a request that is no JSON", "{\"protocol\": 1"),
            ("a request of protocol 999", "{\"protocol\":999,\"pass\":\"\(pass.name)\",\"text\":\"\"}\n"),
        ]
        var found: [Diagnostic] = []
        var refused = 0
        for (what, text) in requests {
            do {
                _ = try custom.runner.answer(
                    of: prepared, on: what, to: Array(text.utf8), files: pass.inputs.contains(.source) ? [] : nil)
                found.append(
                    Diagnostic(
                        "pass.accepts", .error, "pass '\(pass.name)' answers \(what)", at: pass.location,
                        hint: "write what is wrong to standard error and end with another exit code than 0"))
            } catch let error as DiagnosticsError {
                let others = error.diagnostics.filter { $0.id != "pass.exit" }
                found += others
                if others.isEmpty { refused += 1 }
            }
        }
        return (.init(asked: requests.count, refused: refused), found)
    }

    // MARK: Diagnostics

    private func fault(
        _ id: String, _ message: String, _ sample: PassSamples.Sample, _ hint: String
    ) -> Diagnostic {
        Diagnostic(
            "pass.\(id)", .error, "pass '\(pass.name)' on '\(sample.name)': it \(message)", at: pass.location,
            hint: hint)
    }

    /// A sample has no place on disk: its line is a note.
    private func placed(_ diagnostic: Diagnostic, _ sample: PassSamples.Sample) -> Diagnostic {
        var copy = diagnostic
        if !copy.message.contains(sample.name) { copy.message = "'\(sample.name)': \(copy.message)" }
        if let line = diagnostic.location?.line { copy.notes.append("line \(line) of the sample's SKILL.md") }
        copy.location = pass.location
        return copy
    }
}

/// A cache that forgets: every action runs.
private struct NoRecords: RecordTable {
    func lookup(_ key: Digest) throws -> [UInt8]? { nil }
    func recordAll(_ records: [(key: Digest, value: [UInt8])]) throws {}
}
