import Basics
import ContentStore

/// A skill's new folder, made where no harness sees it.
struct StagedFolder {
    let path: String
    let skill: InstallPlan.Skill
    let store: ContentStore
    let failpoint: (InstallStep) throws -> Void

    /// Writes the skill's files and links, relocated, and takes in what isn't ours from the folder it will replace, with the
    /// modes that its folders have there. Throws `FileError`, `StoreError` or `Relocator.Mismatch`.
    func make() throws {
        try failpoint(.stage(path))
        let isReplacing = try FileSystem.status(skill.place)?.kind == .directory
        let old = isReplacing ? try FolderContents(of: skill.place) : nil
        try FileSystem.makeDirectory(path)
        try makeFolders(old?.ownFolders(besides: skill.before) ?? [])
        for output in skill.outputs {
            guard case .file(let digest, let executable) = output.entry.kind else { continue }
            let target = "\(path)/\(output.entry.path)"
            try failpoint(.stage(target))
            let bytes = try VariantOutputs.bytes(of: output, relocatedTo: skill.place, in: store)
            guard Digest(of: bytes) == digest else { throw Relocator.Mismatch(reason: "\(output.entry.path) differs") }
            try FileSystem.create(target, with: bytes, mode: executable ? 0o777 : 0o666)
        }
        for extra in skill.extras { try SecondNames.keep("\(skill.place)/\(extra)", as: "\(path)/\(extra)") }
        // Links last: nothing is ever written through one.
        for output in skill.outputs {
            guard case .symlink(let target) = output.entry.kind else { continue }
            try FileSystem.makeLink("\(path)/\(output.entry.path)", to: target)
        }
        try old?.setModes(in: path)
    }

    private func makeFolders(_ own: Set<RelativePath>) throws {
        let paths = skill.outputs.map(\.entry.path) + skill.extras
        // What the variant has as a file can't be a folder any more; the plan refuses one that holds something.
        let files = Set(paths)
        let kept = own.filter { folder in !files.contains(folder) && folder.ancestors.allSatisfy { !files.contains($0) }
        }
        let needed = kept.union((paths + kept).flatMap(\.ancestors))
        for folder in needed.sorted() { try FileSystem.makeDirectory("\(path)/\(folder)") }
    }
}
