import Basics
import BuildEngine
import Compiler
import ContentStore
import SkillModel

/// The build after files were touched, and hold what they held: a checkout of another branch and back, an editor that
/// saves what it has read.
extension Workspace {
    private static let mostTouched = 1_000

    /// What the last build answered, when all that differs from what it saw are the stamps of files of skills; nil when
    /// something else differs, and all must be looked at. Memo and index get the new stamps.
    func untouched(
        _ changes: ChangedFolders, _ memo: String, _ configuration: Digest, _ project: Project
    ) throws -> BuildReport? {
        guard changes.paths.count <= Self.mostTouched else { return nil }
        let takenAt = WallClock.now()
        let indexFile = memory(of: project.root) + "/folders"
        var index = FolderIndex(reading: indexFile, maker: Implementations.current.digest)
        guard let folders = Self.skills(of: changes.paths, index, besides: project.root) else { return nil }
        let scanner = FolderScanner(store: store, ignored: Self.ignoredNames)
        var stamps: [String: FileStatus] = [:]
        for folder in folders {
            // A record that is younger than the memo may be of another state than the answer is.
            guard let known = index.records[folder], known.takenAt < changes.since, known.derived != nil,
                var found = try? scanner.scan(folder, previous: known), found.isOfSameContents(as: known)
            else { return nil }
            // As if it had been seen before the memo's time: what the memo watches stands in the next build.
            found.takenAt = takenAt - 1
            for (path, stamp) in found.stamps(in: folder) where changes.paths.contains(path) {
                // It changed while it was looked at.
                if max(stamp.modified, stamp.changed) >= takenAt { return nil }
                stamps[project.shown(path)] = stamp
            }
            index.records[folder] = found
        }
        guard stamps.count == changes.paths.count else { return nil }
        try index.write(to: indexFile)
        let answer = try BuildMemo.restamp(
            memo, configuration: withVariables(configuration, project.root), stamps, takenAt: takenAt,
            brief: flags.brief)
        return try answer.map { try BuildReport(decoding: $0[...]) }
    }

    /// The scanned folders that all of `paths` lie in, or are; nil when one lies in none. The project's own folder, as a
    /// skill, holds what is no part of it.
    private static func skills(of paths: Set<String>, _ index: FolderIndex, besides root: String) -> Set<String>? {
        var folders: Set<String> = []
        for path in paths {
            var next: String? = path
            while let folder = next, index.records[folder] == nil { next = FileSystem.parent(of: folder) }
            guard let folder = next, folder != root else { return nil }
            folders.insert(folder)
        }
        return folders
    }
}

extension FolderRecord {
    /// Whether both scans found the same files, with the same contents, in the same folders.
    fileprivate func isOfSameContents(as other: FolderRecord) -> Bool {
        entries == other.entries && folders.map(\.path) == other.folders.map(\.path)
    }

    /// Of its folders and files, by their absolute paths.
    fileprivate func stamps(in folder: String) -> [(path: String, stamp: FileStatus)] {
        folders.map { ($0.path.map { "\(folder)/\($0.text)" } ?? folder, $0.stamp) }
            + files.map { ("\(folder)/\($0.path.text)", $0.stamp) }
    }
}
