import Basics
import ContentStore
import SkillModel

/// The default registry, as it was built in: written once to the cache, then read like any local registry (decision 0007).
enum EmbeddedRegistry {
    /// How the lock calls it.
    static let name = Manifest.embeddedRegistry

    /// The registry's folder below the cache, written if it is not there or not whole.
    static func folder(cache: String) throws -> String {
        do { return try written(to: cache) } catch let error as FileError {
            throw StoreError.file(error, root: cache)
        }
    }

    private static func written(to cache: String) throws -> String {
        let digest = Self.digest
        let folder = cache + "/embedded-v1/" + digest.hex.prefix(32)
        // The marker is the last file written: without it the folder is not whole.
        if (try? FileSystem.read(folder + "/.complete", limit: 100)) == Array(digest.hex.utf8) { return folder }
        let staging = FileSystem.temporaryPath(beside: folder)
        try FileSystem.makeDirectories(staging)
        for file in EmbeddedRegistryFiles.table {
            let path = staging + "/" + file.path.description
            if let parent = FileSystem.parent(of: path) { try FileSystem.makeDirectories(parent) }
            try FileSystem.write(Array(file.text.description.utf8), to: path, mode: file.isExecutable ? 0o777 : 0o666)
        }
        try FileSystem.write(Array(digest.hex.utf8), to: staging + "/.complete")
        try? FileSystem.removeTree(folder)
        do {
            try FileSystem.rename(staging, to: folder)
        } catch {
            // Another process was first; what it wrote is the same.
            try? FileSystem.removeTree(staging)
            guard FileSystem.exists(folder + "/.complete") else { throw error }
        }
        return folder
    }

    /// The names of the descriptions in one of its folders, without `.toml`.
    static func names(below folder: String) -> [String] {
        EmbeddedRegistryFiles.table.compactMap { file in
            let path = file.path.description
            guard path.hasPrefix(folder + "/"), path.hasSuffix(".toml") else { return nil }
            return String(path.dropFirst(folder.utf8.count + 1).dropLast(5))
        }
    }

    private static let digest: Digest = {
        var hasher = SHA256Hasher()
        for file in EmbeddedRegistryFiles.table {
            for part in [file.path.description, file.isExecutable ? "x" : "-", file.text.description] {
                hasher.update(Array("\(part.utf8.count):".utf8))
                hasher.update(Array(part.utf8))
            }
        }
        return hasher.finish()
    }()
}
