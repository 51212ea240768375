import Basics
import BuildEngine
import Compiler
import SkillModel

/// The folders in which something has changed since a memo was written, and those above them. In all others that the memo
/// watched, every stamp is what it was.
struct ChangedFolders: Sendable {
    private let folders: Set<String>
    /// What differs itself, absolute.
    let paths: Set<String>
    /// When the memo was written: what was scanned later, it has not watched.
    let since: Int64
    /// What the memo would answer if nothing had changed.
    let answer: [UInt8]

    init(_ paths: Set<String>, since: Int64, answer: [UInt8], root: String) {
        self.answer = answer
        var folders: Set<String> = []
        self.paths = Set(paths.map { FileSystem.absolute($0, from: root) })
        for path in self.paths {
            var next: String? = path
            while let folder = next, folders.insert(folder).inserted { next = FileSystem.parent(of: folder) }
        }
        self.folders = folders
        self.since = since
    }

    /// What an earlier scan saw of the folder `path`, when it is what another one would see.
    func standing(_ record: FolderRecord?, of path: String) -> FolderRecord? {
        guard let record, record.takenAt < since, record.derived != nil, !folders.contains(path) else { return nil }
        return record
    }
}

extension ChangedFolders {
    /// Whether patterns still name the folders that they did: no listing that decided it has changed, and a folder of which
    /// names came or went is still a skill's.
    func stands(_ listing: FolderIndex.Listing) -> Bool {
        guard listing.takenAt < since, listing.listed.allSatisfy({ !paths.contains($0) }) else { return false }
        let touched = listing.named.filter { paths.contains($0) }
        return touched.allSatisfy {
            FileSystem.exists($0 + "/SKILL.md") && !FileSystem.exists($0 + "/" + ProjectSearch.variantMark)
        }
    }
}

extension Workspace {
    /// Where it is remembered what was built of the project in `root`: in the user's cache and not in the project, whose files
    /// may come from somebody else.
    func memory(of root: String) -> String {
        "\(settings.cacheDirectory)/\(Self.memoryBucket)/\(Digest(of: root).hex)"
    }

    static let memoryBucket = "projects-v1"
}

/// The null build: `BuildMemo` over everything that a project's build looked at.
extension Workspace {
    /// All that decides a build's answer and is no file.
    func memoConfiguration(_ command: String, _ arguments: [String], root: String) -> Digest {
        var text = "\(Implementations.current.digest)\n\(command)\n\(flags.offline)\n"
        // The root, because the remembered report names absolute paths: a project that was moved is looked at again.
        for argument in arguments + [root, settings.cacheDirectory, settings.stateDirectory] {
            text += "\(argument.utf8.count):\(argument)\n"
        }
        // A harness's folder of the user may be named by any variable.
        if flags.meansUserFolders {
            for (name, value) in settings.environment.sorted(by: { $0.key < $1.key }) {
                text += "\(name.utf8.count):\(name)=\(value.utf8.count):\(value)\n"
            }
        }
        return Digest(of: text)
    }

    /// What a memo is good for now.
    enum Memory {
        /// Nothing changed since: the report of the build that it remembers.
        case whole(BuildReport)
        case partial(ChangedFolders)
        case none
    }

    func recall(_ memo: String, _ configuration: Digest, in root: String) -> Memory {
        if flags.dryRun { return .none }
        let configuration = withVariables(configuration, root)
        switch BuildMemo.look(memo, configuration: configuration, in: root, brief: flags.brief) {
        case .holds(let answer)?: return (try? report(of: answer[...])).map { .whole($0) } ?? .none
        case .differs(let paths, let time, let answer)?:
            return .partial(ChangedFolders(paths, since: time, answer: answer, root: root))
        case nil: return .none
        }
    }

    /// The report in a memo's answer, which is in brief where that is asked for.
    func report(of answer: ArraySlice<UInt8>) throws -> BuildReport {
        flags.brief ? try BuildReport(decoding: answer) : try RememberedBuild(decoding: answer).report
    }

    /// The same, knowing what has changed.
    func remembering(_ memory: Memory) -> Workspace {
        guard case .partial(let changes) = memory else { return self }
        var copy = self
        copy.changes = changes
        return copy
    }

    /// `configuration` with the values of the variables that the project's custom passes read: their names are known before
    /// the manifest is.
    func withVariables(_ configuration: Digest, _ root: String) -> Digest {
        guard let names = try? FileSystem.readText(variablesPath(root), limit: 1 << 20) else {
            return configuration
        }
        var text = "\(configuration)\n"
        for name in names.split(separator: "\n").map(String.init) {
            text += "\(name)\(settings.environment[name].map { "=\($0.utf8.count):\($0)" } ?? "")\n"
        }
        return Digest(of: text)
    }

    private func variablesPath(_ root: String) -> String { memory(of: root) + "/variables" }

    private func rememberVariables(_ project: Project) throws {
        let names = CustomPassFiles.variables(of: project.manifest)
        let path = variablesPath(project.root)
        if names.isEmpty { return try FileSystem.remove(path) }
        let bytes = Array(names.map { "\($0)\n" }.joined().utf8)
        if (try? FileSystem.read(path, limit: 1 << 20)) != bytes { try FileSystem.replace(path, with: bytes) }
    }

    /// Remembers a build that went well. `also` are absolute paths of what it wrote and relies on, with their stamps where
    /// they were looked at after that; `bases` are folders that hold many of them.
    func remember(
        _ memo: String, _ configuration: Digest, _ project: Project, _ outcome: BuildOutcome, takenAt: Int64,
        also: [(path: String, stamp: FileStatus?)], bases: [String]
    ) throws {
        guard let lock = outcome.lockText else { return }
        // Said when it was decided; the lock holds what was taken.
        var report = outcome.report
        report.diagnostics.removeAll { ["resolve.passed-over", "registry.of-dependency"].contains($0.id) }
        let answer = RememberedBuild(report: report, lock: lock, counts: outcome.diagnosticCounts).asRemembered
        var watched: [BuildMemo.Watched] = []
        var inputs: [BuildMemo.Watched] = []
        for skill in outcome.resolved.folders {
            let base = project.shown(skill.path)
            for folder in skill.record.folders {
                inputs.append(.init(path: folder.path.map { "\(base)/\($0.text)" } ?? base, stamp: folder.stamp))
            }
            for file in skill.record.files {
                inputs.append(.init(path: "\(base)/\(file.path.text)", stamp: file.stamp))
            }
        }
        let files =
            [Manifest.fileName] + outcome.resolved.listedFolders + outcome.targets.flatMap(\.files)
            + Set(outcome.passFiles).sorted()
        for path in files {
            let full = FileSystem.absolute(path, from: project.root)
            inputs.append(.init(path: project.shown(full), stamp: try FileSystem.status(full)))
        }
        // An input that changed while the build ran may not be what was built: then nothing is remembered.
        for input in inputs {
            if let stamp = input.stamp, max(stamp.modified, stamp.changed) >= takenAt { return }
        }
        watched.append(.init(path: Lockfile.fileName, stamp: try FileSystem.status(project.lockPath)))
        for (path, stamp) in also {
            watched.append(.init(path: project.shown(path), stamp: try stamp ?? FileSystem.status(path)))
        }
        // `skvm gc` may have taken it for a project that nobody builds any more.
        try FileSystem.makeDirectories(memory(of: project.root))
        try rememberVariables(project)
        let bytes = BuildMemo(
            configuration: withVariables(configuration, project.root), takenAt: WallClock.now(),
            watched: inputs + watched,
            bases: (outcome.resolved.listedFolders + bases).map { project.shown($0) },
            brief: try answer.report.brief.encoded, answer: try answer.encoded
        ).encoded
        // No fsync: a damaged memo is none.
        let staging = FileSystem.temporaryPath(beside: memo)
        try FileSystem.write(bytes, to: staging)
        try FileSystem.rename(staging, to: memo)
    }
}
