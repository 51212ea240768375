import Basics
import BuildEngine
import Compiler
import Formats
import SkillModel

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
        if flags.global {
            for (name, value) in settings.environment.sorted(by: { $0.key < $1.key }) {
                text += "\(name.utf8.count):\(name)=\(value.utf8.count):\(value)\n"
            }
        }
        return Digest(of: text)
    }

    /// The report of the build that the memo remembers, if nothing changed since.
    func recall(_ memo: String, _ configuration: Digest, in root: String) -> BuildReport? {
        if flags.dryRun { return nil }
        let answer = BuildMemo.check(memo, configuration: configuration, in: root, brief: flags.brief)
        return answer.flatMap { try? CanonicalJSON.decode(BuildReport.self, from: $0) }
    }

    /// Remembers a build that went well. `also` are absolute paths of what it wrote and relies on.
    func remember(
        _ memo: String, _ configuration: Digest, _ project: Project, _ outcome: BuildOutcome, takenAt: Int64,
        also: [String]
    ) throws {
        var report = outcome.report
        report.cached += report.ran.count
        report.ran = []
        report.lockChanges = []
        report.folders = report.folders.map { .init(action: "kept", package: $0.package, path: $0.path) }

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
        let files = [Manifest.fileName] + outcome.resolved.listedFolders + outcome.targets.flatMap(\.files)
        for path in files {
            let full = FileSystem.absolute(path, from: project.root)
            inputs.append(.init(path: project.shown(full), stamp: try FileSystem.status(full)))
        }
        // An input that changed while the build ran may not be what was built: then nothing is remembered.
        for input in inputs {
            if let stamp = input.stamp, max(stamp.modified, stamp.changed) >= takenAt { return }
        }
        for path in [Lockfile.fileName] + also {
            let full = FileSystem.absolute(path, from: project.root)
            watched.append(.init(path: project.shown(full), stamp: try FileSystem.status(full)))
        }
        let bytes = BuildMemo(
            configuration: configuration, takenAt: WallClock.now(), watched: inputs + watched,
            brief: try CanonicalJSON.encode(report.brief), answer: try CanonicalJSON.encode(report)
        ).encoded
        // No fsync: a damaged memo is none.
        let staging = FileSystem.temporaryPath(beside: memo)
        try FileSystem.write(bytes, to: staging)
        try FileSystem.rename(staging, to: memo)
    }
}
