import Basics
import BuildEngine
import Compiler
import ContentStore
import SkillModel

/// How the disk differs from what a memo remembers, where that is nothing but files of skills, and what skvm itself wrote so
/// shortly before the memo that its stamp proves nothing.
struct SkillChanges {
    /// When it was looked at.
    var takenAt: Int64
    /// What was seen of folders, with what these hold now.
    var index: FolderIndex
    /// Of all that differs, by the paths that the memo has.
    var stamps: [String: FileStatus] = [:]
    /// Folders that hold something else now, by their absolute paths, with what they held before.
    var edited: [String: FolderRecord] = [:]
    /// Folders of variants, as `VariantTrees` calls them.
    var variants: [String: FileStatus] = [:]
    var isLockAmong = false
}

/// The build after files were touched, and hold what they held: a checkout of another branch and back, an editor that
/// saves what it has read.
extension Workspace {
    private static let mostTouched = 1_000

    /// What the last build answered, when all that differs from what it saw are the stamps of files of skills; nil when
    /// something else differs, and all must be looked at. Memo and index get the new stamps.
    func untouched(
        _ changes: ChangedFolders, _ memo: String, _ configuration: Digest, _ project: Project
    ) throws -> BuildReport? {
        guard let seen = try skillChanges(changes, project), seen.edited.isEmpty, seen.variants.isEmpty,
            !seen.isLockAmong
        else { return nil }
        return try restamp(seen, memo, configuration, project)
    }

    /// Memo and index with the stamps of today, and the memo's answer.
    func restamp(
        _ seen: SkillChanges, _ memo: String, _ configuration: Digest, _ project: Project
    ) throws -> BuildReport? {
        try seen.index.write(to: memory(of: project.root) + "/folders")
        let answer = try BuildMemo.restamp(
            memo, configuration: withVariables(configuration, project.root), seen.stamps, takenAt: seen.takenAt,
            brief: flags.brief)
        return try answer.map { try report(of: $0[...]) }
    }

    /// What `changes` come to, when all of them are files of scanned skills, or are skvm's own; nil otherwise, and when one
    /// changes while it is looked at.
    func skillChanges(_ changes: ChangedFolders, _ project: Project) throws -> SkillChanges? {
        guard changes.paths.count <= Self.mostTouched else { return nil }
        var seen = SkillChanges(
            takenAt: WallClock.now(),
            index: FolderIndex(
                reading: memory(of: project.root) + "/folders", maker: Implementations.current.digest))
        var folders: Set<String> = []
        for path in changes.paths {
            if try addOwn(path, to: &seen, project) { continue }
            guard let above = Self.skills(of: path, seen.index, besides: project.root) else { return nil }
            folders.formUnion(above)
        }
        let scanner = folderScanner
        for folder in folders.sorted() {
            // A record that is younger than the memo may be of another state than the answer is.
            guard let known = seen.index.records[folder], known.takenAt < changes.since, known.derived != nil,
                var found = try? scanner.scan(folder, previous: known), found.isOfSamePaths(as: known)
            else { return nil }
            // As if it had been seen before the memo's time: what the memo watches stands in the next build.
            found.takenAt = seen.takenAt - 1
            for (path, stamp) in found.stamps(in: folder) where changes.paths.contains(path) {
                seen.stamps[project.shown(path)] = stamp
            }
            if found.entries != known.entries { seen.edited[folder] = known }
            seen.index.records[folder] = found
        }
        // Something is gone, or changed while it was looked at.
        guard seen.stamps.count == changes.paths.count,
            seen.stamps.values.allSatisfy({ max($0.modified, $0.changed) < seen.takenAt })
        else { return nil }
        return seen
    }

    /// Takes in a path that skvm writes itself; false for others.
    private func addOwn(_ path: String, to seen: inout SkillChanges, _ project: Project) throws -> Bool {
        let isLock = path == project.lockPath
        guard isLock || path.hasPrefix(project.variantsPath + "/"), let status = try FileSystem.status(path),
            status.kind == (isLock ? .file : .directory)
        else { return false }
        seen.stamps[project.shown(path)] = status
        if isLock {
            seen.isLockAmong = true
        } else {
            seen.variants[String(path.dropFirst(project.variantsPath.count + 1))] = status
        }
        return true
    }

    /// The scanned folders that a path lies in, or is; nil when there are none. The project's own folder, as a skill, holds
    /// what is no part of it.
    private static func skills(of path: String, _ index: FolderIndex, besides root: String) -> [String]? {
        var folders: [String] = []
        var next: String? = path
        while let folder = next, folder != "/" {
            if index.records[folder] != nil { folders.append(folder) }
            next = FileSystem.parent(of: folder)
        }
        return folders.isEmpty || folders.contains(root) ? nil : folders
    }
}

extension FolderRecord {
    /// Whether both scans found files of the same names, in the same folders.
    fileprivate func isOfSamePaths(as other: FolderRecord) -> Bool {
        files.map(\.path) == other.files.map(\.path) && folders.map(\.path) == other.folders.map(\.path)
    }

    /// Of its folders and files, by their absolute paths.
    fileprivate func stamps(in folder: String) -> [(path: String, stamp: FileStatus)] {
        folders.map { ($0.path.map { "\(folder)/\($0.text)" } ?? folder, $0.stamp) }
            + files.map { ("\(folder)/\($0.path.text)", $0.stamp) }
    }
}
