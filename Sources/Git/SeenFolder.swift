import Basics

/// What this machine has seen of one remote repository, so that nobody can take it back unnoticed. It is trust on first
/// use: without the folder, whatever the server says is believed.
///
/// ```
/// seen-v1/<digest of the address>/
///     head       the commit that the default branch was at, 40 digits
///     tags       `<40 digits> TAB <name>` for each tag that was used, sorted
///     lines-v2/  the caller's (`Registry`)
///     unfiltered empty; there when its server sends trees and files with each commit, asked for or not
///     git-v1/    a bare repository of commits alone, from the first head that was seen to the last
/// ```
struct SeenFolder: Sendable {
    static let bucket = "seen-v1"

    let url: GitURL
    let path: String

    init(_ url: GitURL, cache: String) {
        self.url = url
        path = "\(cache)/\(Self.bucket)/\(Digest(of: url.text).hex)"
    }

    /// Nil when nothing was seen, or the file is damaged.
    func head() -> ObjectID? {
        (try? FileSystem.readText(path + "/head", limit: 1024)).flatMap { ObjectID(hex: $0.prefix(40)) }
    }

    func store(head: ObjectID) throws(GitError) { try write("\(head)\n", to: "head") }

    /// Whether the server was found to send all that belongs to a commit.
    var isUnfiltered: Bool { FileSystem.exists(path + "/unfiltered") }

    func store(isUnfiltered: Bool) throws(GitError) {
        if isUnfiltered == self.isUnfiltered { return }
        if isUnfiltered { return try write("", to: "unfiltered") }
        do throws(FileError) { try FileSystem.remove(path + "/unfiltered") } catch { throw GitError(error) }
    }

    func tags() -> [String: ObjectID] {
        let text = (try? FileSystem.readText(path + "/tags")) ?? ""
        var tags: [String: ObjectID] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "\t", maxSplits: 1)
            guard parts.count == 2, let id = ObjectID(hex: parts[0]) else { continue }
            tags[String(parts[1])] = id
        }
        return tags
    }

    func store(tags: [String: ObjectID]) throws(GitError) {
        let lines = tags.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
            "\($0.value)\t\($0.key)\n"
        }
        try write(lines.joined(), to: "tags")
    }

    private func write(_ text: String, to name: String) throws(GitError) {
        do throws(FileError) {
            try FileSystem.makeDirectories(path)
            try FileSystem.replace("\(path)/\(name)", with: Array(text.utf8))
        } catch {
            throw GitError(error)
        }
    }
}

extension ObjectDatabase {
    /// Whether `old` is `new`, or one of its ancestors as far as the commits are here. O(commits of `new`'s history that
    /// are here, up to `old`).
    func isAncestor(_ old: ObjectID, of new: ObjectID) throws(GitError) -> Bool {
        old == new ? true : try hasAncestor(of: new, among: .max) { $0 == old }
    }

    /// Whether one of the ancestors of `new`, as far as the commits are here, and of at most `limit` of them, is wanted.
    func hasAncestor(
        of new: ObjectID, among limit: Int, _ isWanted: (ObjectID) -> Bool
    ) throws(GitError) -> Bool {
        var seen: Set<ObjectID> = [new]
        var open = [new]
        var next = 0
        while next < open.count, next <= limit {
            let id = open[next]
            next += 1
            if id != new, isWanted(id) { return true }
            guard let bytes = try read(id, .commit, limit: 1 << 20) else { continue }
            for parent in Commit.parents(bytes) where seen.insert(parent).inserted { open.append(parent) }
        }
        return false
    }
}

extension Commit {
    /// The parents that a commit object's headers name. O(n).
    static func parents(_ bytes: [UInt8]) -> [ObjectID] {
        var parents: [ObjectID] = []
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.isEmpty { break }
            if line.starts(with: "parent ".utf8),
                let id = ObjectID(hex: String(decoding: line.dropFirst(7), as: UTF8.self))
            {
                parents.append(id)
            }
        }
        return parents
    }
}
