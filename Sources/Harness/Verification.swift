package import Basics
import ContentStore

/// What became of an installed skill.
package struct Verification: Sendable, Equatable {
    package var skill: InstalledSkill
    /// The digest of the tree that is on disk, relocation undone, the user's own files left out; nil when it can't be
    /// had because files are missing or edited where the path stood. Compare it with the lock's.
    package var tree: Digest?
    package var modified: [RelativePath]
    /// Files that differ, and in a way that nobody's edit would: what skvm makes for itself, and what was emptied.
    package var damaged: [RelativePath] = []
    /// Files with the right content and the wrong execute bit.
    package var modes: [RelativePath] = []
    package var missing: [RelativePath]
    /// What stands in the way of missing files: a link or a file where their folder was, a folder where the file was.
    package var blocked: [RelativePath] = []
    /// Files in the folder that skvm didn't put there.
    package var extras: [RelativePath]

    /// What is told of edited files whose new versions lie beside them, and wait to be merged.
    package var clashes: [Diagnostic] = []
    /// The folder was moved since, and its files name the place where it was.
    package var isMoved = false

    package var isWhole: Bool {
        tree == skill.tree && modified.isEmpty && damaged.isEmpty && modes.isEmpty && missing.isEmpty && !isMoved
    }
}

extension Installer {
    /// Reads every installed file again: nothing is believed that a stamp or the record says of it.
    ///
    /// Throws a `Diagnostic` for a record or a folder that can't be read.
    package func verify() throws(Diagnostic) -> [Verification] {
        var results: [Verification] = []
        for skill in try state.installed() {
            do {
                results.append(try verify(skill))
            } catch let error as FileError {
                throw error.diagnostic
            } catch {
                throw Diagnostic("install.internal", .error, "cannot verify \(skill.place): \(error)", fault: .internal)
            }
        }
        return results
    }

    private func verify(_ skill: InstalledSkill) throws -> Verification {
        var result = Verification(skill: skill, tree: nil, modified: [], missing: [], extras: [])
        guard try FileSystem.status(skill.place)?.kind == .directory else {
            result.missing = skill.entries.map(\.path)
            return result
        }
        let contents = try FolderContents(of: skill.place)
        result.extras = contents.extras(besides: skill.entries)
        var blocked: Set<RelativePath> = []
        for entry in skill.entries {
            guard contents.items[entry.path] != nil else {
                result.missing.append(entry.path)
                if let other = contents.obstacle(to: entry.path) { blocked.insert(other) }
                continue
            }
            var entry = entry
            entry.stamp = nil
            let match = try contents.matches(entry)
            if !match.content {
                if contents.isDamage(of: entry) {
                    result.damaged.append(entry.path)
                } else {
                    result.modified.append(entry.path)
                }
            } else if !match.mode {
                result.modes.append(entry.path)
            }
        }
        result.blocked = blocked.sorted()
        result.extras.removeAll { extra in
            blocked.contains(extra) || extra.ancestors.contains { blocked.contains($0) }
        }
        let modified = skill.entries.filter { result.modified.contains($0.path) }
        for clash in LocalEdits.open(skill, modified: modified, contents) {
            result.clashes.append(try LocalEdits.diagnostic(of: clash, contents))
        }
        // Who reads a pipe waits for whoever writes to it.
        let isReadable = skill.entries.allSatisfy { contents.items[$0.path]?.status.kind != .other }
        guard result.missing.isEmpty, isReadable, let relocator = try? relocator(of: skill) else { return result }
        result.tree = try? treeBeforeRelocation(skill, contents, relocator)
        result.isMoved = !relocator.sites.isEmpty && !skill.relocatedTo.utf8.elementsEqual(skill.place.utf8)
        return result
    }

    private func relocator(of skill: InstalledSkill) throws -> Relocator {
        guard skill.entries.contains(where: { $0.path.text == Relocator.listPath }) else { return Relocator() }
        return try Relocator(variantDescription: try FileSystem.read("\(skill.place)/\(Relocator.listPath)"))
    }

    private func treeBeforeRelocation(
        _ skill: InstalledSkill, _ contents: FolderContents, _ relocator: Relocator
    ) throws -> Digest {
        try Tree.digest(
            skill.entries.map { entry in
                let path = "\(skill.place)/\(entry.path)"
                guard let item = contents.items[entry.path] else {
                    throw FileError("read", path, refused: "it is gone")
                }
                if let target = item.target { return TreeEntry(entry.path, .symlink(target: target)) }
                let bytes = try relocator.undo(try FileSystem.read(path), of: entry.path, path: skill.relocatedTo)
                return TreeEntry(entry.path, .file(Blob(of: bytes), executable: item.status.isExecutable))
            })
    }
}
