import Basics
import ContentStore

/// A skill's new folder, made where no harness sees it.
struct StagedFolder {
    let path: String
    let skill: InstallPlan.Skill
    let store: ContentStore
    let failpoint: (InstallStep) throws -> Void

    /// Writes the skill's files and links, relocated, and takes in what isn't ours from the folder it will replace.
    /// Throws `FileError`, `StoreError` or `Relocator.Mismatch`.
    func make() throws {
        try failpoint(.stage(path))
        try FileSystem.makeDirectory(path)
        try makeFolders()
        for output in skill.outputs {
            guard case .file(let digest, let executable) = output.entry.kind else { continue }
            let target = "\(path)/\(output.entry.path)"
            try failpoint(.stage(target))
            let bytes = try VariantOutputs.bytes(of: output, relocatedTo: skill.place, in: store)
            guard Digest(of: bytes) == digest else { throw Relocator.Mismatch(reason: "\(output.entry.path) differs") }
            try FileSystem.create(target, with: bytes, mode: executable ? 0o777 : 0o666)
        }
        for extra in skill.extras { try keep(extra) }
        // Links last: nothing is ever written through one.
        for output in skill.outputs {
            guard case .symlink(let target) = output.entry.kind else { continue }
            try FileSystem.makeLink("\(path)/\(output.entry.path)", to: target)
        }
    }

    private func makeFolders() throws {
        let paths = skill.outputs.map(\.entry.path) + skill.extras
        for folder in Set(paths.flatMap(\.ancestors)).sorted() {
            try FileSystem.makeDirectory("\(path)/\(folder)")
        }
    }

    /// A second name for the user's own file: it is the same file, so that even what is written to it just now stays.
    private func keep(_ extra: RelativePath) throws {
        let source = "\(skill.place)/\(extra)"
        let target = "\(path)/\(extra)"
        do {
            try FileSystem.makeHardLink(source, as: target)
        } catch {
            // No second names on this file system, or not of another user's file.
            guard let status = try FileSystem.status(source) else { return }
            if status.kind == .symlink {
                try FileSystem.makeLink(target, to: try FileSystem.readLink(source))
            } else {
                try FileSystem.create(target, with: try FileSystem.read(source), mode: status.mode)
            }
        }
    }
}
