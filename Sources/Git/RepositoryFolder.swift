import Basics

/// The bare repository that stands for one address in the cache: its files, and how it is made, swept and replaced.
///
/// ```
/// git-v1/<digest of the address>.lock      taken by whoever writes
/// git-v1/<digest of the address>/
///     HEAD config objects/ refs/ shallow   as git knows them
///     references                           what the server listed last, as `git ls-remote` prints it
///     address                              for people
///     whole                                there when it is fetched with all history, for want of better
///     used                                 empty; touched on each day on which the copy is read
/// ```
/// Everything but reading needs the lock. All calls block.
struct RepositoryFolder: Sendable {
    static let bucket = "git-v1"

    let url: GitURL
    let path: String

    init(_ url: GitURL, cache: String) {
        self.url = url
        path = "\(cache)/\(Self.bucket)/\(Self.name(of: url))"
    }

    var objects: String { path + "/objects" }
    var lock: String { path + ".lock" }
    private var referencesFile: String { path + "/references" }
    private var wholeMark: String { path + "/whole" }

    /// Whether the server can't give single commits, so that all its history is fetched.
    var isWhole: Bool { FileSystem.exists(wholeMark) }

    func makeParent() throws(GitError) {
        try onDisk { () throws(FileError) in try FileSystem.makeDirectories(FileSystem.parent(of: path) ?? "/") }
    }

    /// Whether a commit was fetched for itself, with its trees.
    func hasReference(to commit: ObjectID) -> Bool { FileSystem.exists("\(path)/refs/skvm/\(commit)") }

    /// Makes the repository when there is none, and clears away what a killed process left.
    ///
    /// A new one is made beside its place and renamed into it: it is there whole or not at all.
    func prepare(whole: Bool = false) throws(GitError) {
        try onDisk { () throws(FileError) in
            try sweep()
            if FileSystem.exists(path + "/HEAD"), FileSystem.isDirectory(objects) { return try mend() }
            if FileSystem.exists(path) { try discard() }
            let new = FileSystem.temporaryPath(beside: path)
            for folder in ["objects/info", "objects/pack", "refs/heads", "refs/tags"] {
                try FileSystem.makeDirectories(new + "/" + folder)
            }
            for (name, text) in Self.fixedFiles {
                try FileSystem.write(Array(text.utf8), to: "\(new)/\(name)")
            }
            try FileSystem.write(Array((url.text + "\n").utf8), to: new + "/address")
            if whole { try FileSystem.write([], to: new + "/whole") }
            try FileSystem.rename(new, to: path)
        }
    }

    private static let fixedFiles = [
        ("HEAD", "ref: refs/heads/none\n"),
        ("config", "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n"),
    ]

    /// Gives a repository that is there the files again that are the same in all of them: git reads them first, and says of
    /// damage in them everything but that. Nobody else writes them.
    func mend() throws(FileError) {
        guard FileSystem.isDirectory(objects) else { return }
        for (name, text) in Self.fixedFiles {
            let file = "\(path)/\(name)"
            let isRight = (try? FileSystem.read(file, limit: 1 << 16)) == Array(text.utf8)
            if !isRight { try FileSystem.replace(file, with: Array(text.utf8)) }
        }
    }

    /// Puts a repository in the place of a damaged or an unsuitable one. What was in it is gone; the next fetch
    /// brings back what is needed. The list of references is kept: it still says what the server had.
    func replace(whole: Bool = false) throws(GitError) {
        let references = storedReferences()
        let whole = whole || isWhole
        try onDisk { () throws(FileError) in try discard() }
        try prepare(whole: whole)
        if let references { try store(references) }
    }

    /// What the server listed when it was asked last; nil when it never was, or the file is damaged.
    func storedReferences() -> References? {
        (try? FileSystem.readText(referencesFile)).flatMap { References(listing: $0) }
    }

    func store(_ references: References) throws(GitError) {
        try onDisk { () throws(FileError) in
            try FileSystem.replace(referencesFile, with: Array(references.listing.utf8))
        }
    }

    /// Bytes of packs, finished or not.
    func packedBytes() -> Int {
        let folder = objects + "/pack"
        let names = (try? FileSystem.list(folder)) ?? []
        return names.reduce(0) { $0 + Int((try? FileSystem.status("\(folder)/\($1)"))??.size ?? 0) }
    }

    /// What transfers that did not end left behind, largest last.
    func halfPacks() throws(FileError) -> [(path: String, bytes: Int)] {
        let packs = objects + "/pack"
        guard FileSystem.isDirectory(packs) else { return [] }
        var found: [(path: String, bytes: Int)] = []
        for name in try FileSystem.list(packs) where name.hasPrefix("tmp_pack_") {
            guard let status = try FileSystem.status("\(packs)/\(name)"), status.kind == .file else { continue }
            found.append(("\(packs)/\(name)", Int(status.size)))
        }
        return found.sorted { $0.bytes < $1.bytes }
    }

    private func discard() throws(FileError) { try Self.discard(path) }

    /// Sets the copy aside, then removes it: it is there whole or not at all.
    static func discard(_ path: String) throws(FileError) {
        let aside = FileSystem.temporaryPath(beside: path)
        do throws(FileError) {
            try FileSystem.rename(path, to: aside)
        } catch  where error.isNotFound { return }
        try FileSystem.removeTree(aside)
    }

    /// Removes what was set aside of a copy by somebody who is gone: they held the lock.
    static func sweepAside(_ path: String) throws(FileError) {
        guard let parent = FileSystem.parent(of: path) else { return }
        let name = path.dropFirst(parent.count + 1)
        for other in try FileSystem.list(parent) where other.hasPrefix(name + ".") && other.hasSuffix(".tmp") {
            try FileSystem.removeTree(parent + "/" + other)
        }
    }

    /// Removes git's lock files and half-written packs, and folders set aside. Whoever made them is gone: they held
    /// the lock.
    private func sweep() throws(FileError) {
        try Self.sweepAside(path)
        for lock in ["shallow.lock", "config.lock", "HEAD.lock", "packed-refs.lock"] {
            try FileSystem.remove(path + "/" + lock)
        }
        // Written under the lock, unlike the mark of a day's use.
        let lists = FileSystem.isDirectory(path) ? try FileSystem.list(path) : []
        for name in lists where name.hasPrefix("references.") && name.hasSuffix(".tmp") {
            try FileSystem.remove(path + "/" + name)
        }
        let packs = objects + "/pack"
        guard FileSystem.isDirectory(packs) else { return }
        for pack in try FileSystem.list(packs) where pack.hasPrefix("tmp_") || pack.hasPrefix(".tmp-") {
            try FileSystem.remove(packs + "/" + pack)
        }
    }

    private func onDisk(_ body: () throws(FileError) -> Void) throws(GitError) {
        do throws(FileError) { try body() } catch { throw GitError(error) }
    }
}
