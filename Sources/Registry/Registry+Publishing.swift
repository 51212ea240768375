import Basics
import Git
package import SkillModel

extension Registry {
    /// Lists a version: a commit on top of a git registry's default branch, made again when others publish at the same
    /// time; for a local folder, its file. Returns false when the very same is listed already.
    ///
    /// Throws `publish.exists` when the version is listed otherwise, `git.refused` and what a push throws.
    package func publish(_ release: NewRelease) async throws -> Bool { try await publish([release]) }

    /// Lists several versions, each of another package: in one commit, so that all are listed or none; in a local folder one
    /// after the other, as they stand. Returns false when the very same are listed already.
    ///
    /// Throws what listing one throws.
    package func publish(_ releases: [NewRelease]) async throws -> Bool {
        let titles = releases.map { "\($0.name) \($0.version)" }
        let message =
            titles.count == 1 ? titles[0] : "Publish \(titles.count) packages\n\n\(titles.joined(separator: "\n"))"
        let table = Dictionary(releases.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return try await edit(releases.map(\.name), message: message) { name, bytes, file in
            try table[name].flatMap { try IndexEdit.adding($0, to: bytes, file: file) }
        }
    }

    /// Withdraws a version, or takes that back. Returns false when it is so already.
    ///
    /// Throws `registry.unknown-package`, `yank.no-version`, and what a push throws.
    package func setYanked(_ name: PackageName, _ version: Version, _ isYanked: Bool) async throws -> Bool {
        let location = location
        let message = "\(isYanked ? "Yank" : "Unyank") \(name) \(version)"
        return try await edit([name], message: message) { name, bytes, file in
            guard let bytes else {
                throw DiagnosticsError(
                    Diagnostic(
                        "registry.unknown-package", .error, "\(location) has no package `\(name)`",
                        hint: "check its spelling"))
            }
            return try IndexEdit.yanking(version, isYanked, of: name, in: bytes, file: file)
        }
    }

    /// Changes the index files of packages; nil leaves one as it is.
    private func edit(
        _ names: [PackageName], message: String,
        _ change: @escaping @Sendable (_ name: PackageName, _ bytes: [UInt8]?, _ file: String) throws -> [UInt8]?
    ) async throws -> Bool {
        let index = names.compactMap { name in IndexLine.path(of: name).map { (name: name, path: $0) } }
        switch location {
        case .git(let url, let root):
            let repository = cache.repository(url)
            return try await repository.push { head in
                // Whether it is a registry at all, and one that this skvm knows how to write.
                _ = try await open(at: head)
                let places = index.map { (name: $0.name, path: $0.path, full: root?.appending($0.path) ?? $0.path) }
                let old = try await repository.files(places.map(\.full), at: head)
                var files: [RelativePath: [UInt8]] = [:]
                for place in places {
                    let shown = RegistrySnapshot.place(place.path.text, of: self)
                    if let new = try change(place.name, old[place.full], shown) { files[place.full] = new }
                }
                return files.isEmpty ? nil : RepositoryEdit(files: files, message: message)
            } != nil
        case .folder(let folder):
            _ = try await open()
            let places = index.map { ($0.name, $0.path.text, RegistrySnapshot.place($0.path.text, of: self)) }
            return try await Blocking.run { () throws(DiagnosticsError) in
                do {
                    let lock = try FileLock(path: "\(folder)/\(RegistrySnapshot.headerFile)", mode: .exclusive)
                    defer { lock.release() }
                    var changes: [(file: String, bytes: [UInt8])] = []
                    for (name, path, shown) in places {
                        let file = "\(folder)/\(path)"
                        let old =
                            FileSystem.exists(file) ? try FileSystem.read(file, limit: FileSource.greatestFile) : nil
                        if let new = try change(name, old, shown) { changes.append((file, new)) }
                    }
                    for (file, bytes) in changes {
                        try FileSystem.makeDirectories(FileSystem.parent(of: file) ?? folder)
                        try FileSystem.replace(file, with: bytes)
                    }
                    return !changes.isEmpty
                } catch {
                    throw DiagnosticsError(wrapping: error)
                }
            }
        }
    }
}
