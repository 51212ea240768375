import Basics
import ContentStore
import Testing

/// A tree in the making, with its files' bytes.
struct SampleTree {
    var files: [(path: String, bytes: [UInt8], executable: Bool)] = []
    var links: [(path: String, target: String)] = []

    func file(_ path: String, _ text: String, executable: Bool = false) -> SampleTree {
        var copy = self
        copy.files.append((path, Array(text.utf8), executable))
        return copy
    }

    func link(_ path: String, to target: String) -> SampleTree {
        var copy = self
        copy.links.append((path, target))
        return copy
    }

    var entries: [TreeEntry] {
        get throws {
            try files.map {
                TreeEntry(try #require(RelativePath($0.path)), .file(Blob(of: $0.bytes), executable: $0.executable))
            }
                + links.map { TreeEntry(try #require(RelativePath($0.path)), .symlink(target: $0.target)) }
        }
    }

    /// Stores the files and the tree; the tree's digest.
    func put(in store: ContentStore) throws -> Digest {
        for file in files { try store.put(file.bytes) }
        return try store.putTree(try entries).digest
    }
}

/// A generator with a seed, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        // splitmix64
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

func entry(_ path: String, _ text: String = "x", executable: Bool = false) throws -> TreeEntry {
    TreeEntry(try #require(RelativePath(path)), .file(Blob(of: Array(text.utf8)), executable: executable))
}

func link(_ path: String, _ target: String) throws -> TreeEntry {
    TreeEntry(try #require(RelativePath(path)), .symlink(target: target))
}
