/// What skvm reads of a commit.
package struct Commit: Sendable, Equatable {
    package var id: ObjectID
    package var tree: ObjectID
    /// When it was committed: seconds since the epoch, UTC.
    package var time: Int64
}

/// One entry of a tree object, before any rule was applied.
struct RawEntry {
    var mode: UInt32
    var name: ArraySlice<UInt8>
    var id: ObjectID
}

extension Commit {
    /// Reads the headers of a commit object. Throws `unsupported` for what git could not have written. O(n).
    init(id: ObjectID, parsing bytes: [UInt8]) throws(GitError) {
        var tree: ObjectID?
        var time: Int64?
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.isEmpty { break }
            if line.starts(with: "tree ".utf8), tree == nil {
                tree = ObjectID(hex: String(decoding: line.dropFirst(5), as: UTF8.self))
            } else if line.starts(with: "committer ".utf8), time == nil {
                // `committer NAME <MAIL> SECONDS ZONE`: the seconds are the last word but one.
                let words = line.split(separator: 0x20)
                if words.count >= 2 { time = Int64(String(decoding: words[words.count - 2], as: UTF8.self)) }
            }
        }
        guard let tree else { throw GitError(.unsupported, "commit \(id) names no tree") }
        // Up to the year 9999, which four digits of a pseudo-version can say.
        let readable = time.map { min(max($0, 0), 253_402_300_799) } ?? 0
        self.init(id: id, tree: tree, time: readable)
    }
}

/// The entries of a tree object. Throws `unsupported` for bytes that are no tree. O(n).
func parseTree(_ bytes: [UInt8], id: ObjectID) throws(GitError) -> [RawEntry] {
    var entries: [RawEntry] = []
    var rest = bytes[...]
    while !rest.isEmpty {
        guard let space = rest.prefix(8).firstIndex(of: 0x20),
            let mode = UInt32(String(decoding: rest[..<space], as: UTF8.self), radix: 8),
            let end = rest[space...].firstIndex(of: 0), rest.endIndex - end > 20,
            let object = ObjectID(bytes: rest[(end + 1)..<(end + 21)])
        else { throw GitError(.unsupported, "tree \(id) can't be read") }
        entries.append(RawEntry(mode: mode, name: rest[(space + 1)..<end], id: object))
        rest = rest[(end + 21)...]
    }
    return entries
}

extension RawEntry {
    enum Kind { case file, executable, symlink, directory, submodule }

    /// Nil for a mode that git does not write. The group-writable mode of early repositories is a plain file.
    var kind: Kind? {
        switch mode {
        case 0o100644, 0o100664: .file
        case 0o100755: .executable
        case 0o120000: .symlink
        case 0o040000: .directory
        case 0o160000: .submodule
        default: nil
        }
    }
}
