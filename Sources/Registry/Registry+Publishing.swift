import Basics
import Git
package import SkillModel

extension Registry {
    /// Lists a version: a commit on top of a git registry's default branch, made again when others publish at the same
    /// time; for a local folder, its file. Returns false when the very same is listed already.
    ///
    /// Throws `publish.exists` when the version is listed otherwise, `git.refused` and what a push throws.
    package func publish(_ release: NewRelease) async throws -> Bool {
        try await edit(release.name, message: "\(release.name) \(release.version)") { bytes, file in
            try IndexEdit.adding(release, to: bytes, file: file)
        }
    }

    /// Withdraws a version, or takes that back. Returns false when it is so already.
    ///
    /// Throws `registry.unknown-package`, `yank.no-version`, and what a push throws.
    package func setYanked(_ name: PackageName, _ version: Version, _ isYanked: Bool) async throws -> Bool {
        let location = location
        return try await edit(name, message: "\(isYanked ? "Yank" : "Unyank") \(name) \(version)") { bytes, file in
            guard let bytes else {
                throw DiagnosticsError(
                    Diagnostic(
                        "registry.unknown-package", .error, "\(location) has no package `\(name)`",
                        hint: "check its spelling"))
            }
            return try IndexEdit.yanking(version, isYanked, of: name, in: bytes, file: file)
        }
    }

    private func edit(
        _ name: PackageName, message: String,
        _ change: @escaping @Sendable (_ bytes: [UInt8]?, _ file: String) throws -> [UInt8]?
    ) async throws -> Bool {
        guard let path = IndexLine.path(of: name) else { return false }
        let place = RegistrySnapshot.place(path.text, of: self)
        switch location {
        case .git(let url, let root):
            let repository = cache.repository(url)
            let full = root?.appending(path) ?? path
            return try await repository.push { head in
                // Whether it is a registry at all, and one that this skvm knows how to write.
                _ = try await open(at: head)
                let old = try await repository.files([full], at: head)[full]
                return try change(old, place).map { RepositoryEdit(files: [full: $0], message: message) }
            } != nil
        case .folder(let folder):
            _ = try await open()
            return try await Blocking.run { () throws(DiagnosticsError) in
                do {
                    let lock = try FileLock(path: "\(folder)/\(RegistrySnapshot.headerFile)", mode: .exclusive)
                    defer { lock.release() }
                    let file = "\(folder)/\(path.text)"
                    let old = FileSystem.exists(file) ? try FileSystem.read(file, limit: FileSource.greatestFile) : nil
                    guard let new = try change(old, place) else { return false }
                    try FileSystem.makeDirectories(FileSystem.parent(of: file) ?? folder)
                    try FileSystem.replace(file, with: new)
                    return true
                } catch {
                    throw DiagnosticsError(wrapping: error)
                }
            }
        }
    }
}
