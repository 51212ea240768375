import Basics
import Git

/// Files by path, from one folder of one commit or from a local folder: what registries are read from.
enum FileSource: Sendable {
    case git(GitRepository, commit: ObjectID, path: RelativePath?)
    case folder(String)

    /// Bytes of one file of an index or a description, and of a listing, that are read at most.
    static let greatestFile = 8 << 20
    /// A folder's file is read up to here, as git's are: whoever refuses it can say which of its lines is too long.
    static let greatestRead = 64 << 20
    static let greatestListing = 200_000

    /// The regular files at `paths`; those that are absent are left out. A symlink is no regular file.
    func files(_ paths: [RelativePath]) async throws(DiagnosticsError) -> [RelativePath: [UInt8]] {
        switch self {
        case .git(let repository, let commit, let root):
            let full = paths.map { root?.appending($0) ?? $0 }
            let found = try await diagnosing { () throws(GitError) in
                try await repository.files(full, at: commit)
            }
            var files: [RelativePath: [UInt8]] = [:]
            for (path, fullPath) in zip(paths, full) {
                if let bytes = found[fullPath] { files[path] = bytes }
            }
            return files
        case .folder(let root):
            return try await Blocking.run { () throws(DiagnosticsError) in
                var files: [RelativePath: [UInt8]] = [:]
                for path in paths {
                    if let bytes = try Self.read(path, in: root) { files[path] = bytes }
                }
                return files
            }
        }
    }

    func file(_ path: RelativePath) async throws(DiagnosticsError) -> [UInt8]? { try await files([path])[path] }

    /// The paths of all files below a folder, sorted; none when it is absent. Reads no file.
    func paths(below folder: RelativePath) async throws(DiagnosticsError) -> [RelativePath] {
        switch self {
        case .git(let repository, let commit, let root):
            let full = root?.appending(folder) ?? folder
            let found = try await diagnosing { () throws(GitError) in
                try await repository.paths(below: full, at: commit)
            }
            guard let root else { return found }
            return found.compactMap { RelativePath($0.text.dropFirst(root.text.count + 1)) }
        case .folder(let root):
            return try await Blocking.run { () throws(DiagnosticsError) in
                do {
                    return try Self.list(folder, in: root)
                } catch {
                    throw DiagnosticsError(wrapping: error)
                }
            }
        }
    }

    /// The names of the files in each of `folders`; of those that are absent, none. Reads no file.
    func names(in folders: [RelativePath]) async throws(DiagnosticsError) -> [String] {
        switch self {
        case .git(let repository, let commit, let root):
            let full = folders.map { root?.appending($0) ?? $0 }
            return try await diagnosing { () throws(GitError) in
                try await repository.fileNames(in: full, at: commit).values.flatMap { $0 }
            }
        case .folder(let root):
            return await Blocking.run {
                folders.flatMap { (try? FileSystem.list("\(root)/\($0.text)")) ?? [] }
            }
        }
    }

    /// The files below a folder, each with a text that changes when its bytes do. Reads no file.
    func stamps(below folder: RelativePath) async throws(DiagnosticsError) -> [RelativePath: String] {
        switch self {
        case .git(let repository, let commit, let root):
            let full = root?.appending(folder) ?? folder
            let found = try await diagnosing { () throws(GitError) in
                try await repository.identities(below: full, at: commit)
            }
            var stamps: [RelativePath: String] = [:]
            for (path, id) in found {
                if let path = Self.own(path, in: root) { stamps[path] = id.hex }
            }
            return stamps
        case .folder(let root):
            let paths = try await paths(below: folder)
            return await Blocking.run {
                var stamps: [RelativePath: String] = [:]
                for path in paths {
                    guard let status = try? FileSystem.status("\(root)/\(path.text)") else { continue }
                    stamps[path] = "\(status.size) \(status.modified) \(status.changed) \(status.inode)"
                }
                return stamps
            }
        }
    }

    /// How `stamps(below:)` differ from what they were at an older commit; nil for files that are gone. Nil when that isn't
    /// known any more, and for a local folder.
    func changedStamps(
        below folder: RelativePath, since old: ObjectID
    ) async throws(DiagnosticsError) -> [RelativePath: String?]? {
        guard case .git(let repository, let commit, let root) = self else { return nil }
        let full = root?.appending(folder) ?? folder
        let found = try await diagnosing { () throws(GitError) in
            try await repository.changes(below: full, from: old, to: commit)
        }
        guard let found else { return nil }
        var stamps: [RelativePath: String?] = [:]
        for (path, id) in found {
            if let path = Self.own(path, in: root) { stamps[path] = .some(id?.hex) }
        }
        return stamps
    }

    /// A path of the repository, seen from the source's folder in it.
    private static func own(_ path: RelativePath, in root: RelativePath?) -> RelativePath? {
        root.map { RelativePath(path.text.dropFirst($0.text.count + 1)) } ?? path
    }

    /// The files to which `stamps(below:)` gave these stamps. Those that are too large, or can't be read, are left out.
    func files(_ stamped: [(path: RelativePath, stamp: String)]) async throws(DiagnosticsError) -> [RelativePath:
        [UInt8]]
    {
        switch self {
        case .git(let repository, let commit, _):
            let ids = stamped.compactMap { ObjectID(hex: $0.stamp) }
            let found = try await diagnosing { () throws(GitError) in
                try await repository.contents(of: ids, at: commit, limit: Self.greatestFile)
            }
            var files: [RelativePath: [UInt8]] = [:]
            for (path, stamp) in stamped { files[path] = ObjectID(hex: stamp).flatMap { found[$0] } }
            return files
        case .folder(let root):
            return await Blocking.run {
                var files: [RelativePath: [UInt8]] = [:]
                for (path, _) in stamped { files[path] = (try? Self.read(path, in: root)) ?? nil }
                return files
            }
        }
    }

    private static func read(_ path: RelativePath, in root: String) throws(DiagnosticsError) -> [UInt8]? {
        let full = "\(root)/\(path.text)"
        do throws(FileError) {
            guard try FileSystem.status(full)?.kind == .file else { return nil }
            return try FileSystem.read(full, limit: greatestRead)
        } catch  where error.isNotFound {
            return nil
        } catch {
            throw DiagnosticsError(error.diagnostic)
        }
    }

    private static func list(_ folder: RelativePath, in root: String) throws -> [RelativePath] {
        var found: [RelativePath] = []
        var pending = [folder]
        while let next = pending.popLast() {
            let full = "\(root)/\(next.text)"
            guard try FileSystem.status(full)?.kind == .directory else { continue }
            for name in try FileSystem.list(full) {
                guard let path = RelativePath("\(next.text)/\(name)") else { continue }
                let kind = try FileSystem.status("\(root)/\(path.text)")?.kind
                if kind == .directory, path.components.count < 32 { pending.append(path) }
                if kind == .file { found.append(path) }
                if found.count + pending.count > greatestListing {
                    throw Diagnostic(
                        "registry.too-large", .error, "\(full) holds more than \(greatestListing) files",
                        fault: .integrity)
                }
            }
        }
        return found.sorted()
    }
}
