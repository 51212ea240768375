import Basics

/// A head that only moves forward, tags that do not move (`docs/decisions/0012-forward-only.md`).
extension GitRepository {
    /// The folder that holds what was seen of this repository; the caller may keep files of its own in `lines-v2/`.
    package var seenPath: String { seen.path }

    private var seen: SeenFolder { SeenFolder(url, cache: cache.folder) }

    /// The default branch's commit, which is the one that was seen last or follows from it. Offline: the one that was
    /// seen last. Nil when the repository is empty.
    ///
    /// Throws `rewritten`, naming both commits, when the one that was seen last is no ancestor of the present one; what
    /// was seen last stays what it was. Costs the commits between the two, without their files.
    package func head(_ freshness: Freshness = .current) async throws(GitError) -> ObjectID? {
        let seen = seen
        if cache.isOffline || freshness == .stored {
            if let head = try await Blocking.run({ () throws(GitError) in seen.head() }) { return head }
        }
        guard let head = try await references(freshness).head else { return nil }
        // Without a server's present answer nothing is learnt.
        if cache.isOffline { return head }
        if try await Blocking.run({ () throws(GitError) in seen.head() }) == head { return head }
        return try await history.locked { () async throws(GitError) in
            guard let last = try await Blocking.run({ () throws(GitError) in seen.head() }) else {
                try await Blocking.run { () throws(GitError) in try seen.store(head: head) }
                return head
            }
            var present = head
            if try await !follows(present, from: last) {
                // Another process may have seen a later state after this one asked: ask once more.
                guard let again = try await references(.current).head else { return nil }
                present = again
                if try await !follows(present, from: last) { throw rewritten(last, present) }
            }
            let settled = present
            try await Blocking.run { () throws(GitError) in try seen.store(head: settled) }
            return settled
        }
    }

    /// The head that was seen last. Asks nobody.
    package func lastHead() async throws(GitError) -> ObjectID? {
        let seen = seen
        return try await Blocking.run { () throws(GitError) in seen.head() }
    }

    /// Remembers where a tag is that is used. Throws `movedTag`, naming both commits, when it was elsewhere before.
    package func note(tag: String, at commit: ObjectID) async throws(GitError) {
        let seen = seen
        if try await Blocking.run({ () throws(GitError) in seen.tags()[tag] }) == commit { return }
        try await history.locked { () async throws(GitError) in
            try await Blocking.run { () throws(GitError) in
                var tags = seen.tags()
                if let known = tags[tag], known != commit { throw Self.movedTag(tag, of: seen.url, known, commit) }
                tags[tag] = commit
                try seen.store(tags: tags)
            }
        }
    }

    /// Whether a commit of the default branch's history that was seen is `new` or an ancestor of it.
    package func isAncestor(_ old: ObjectID, of new: ObjectID) async throws(GitError) -> Bool {
        try await history.locked { () async throws(GitError) in try await follows(new, from: old) }
    }

    /// Forgets what was seen: the present state is believed as it is. False when nothing was.
    package func forget() async throws(GitError) -> Bool {
        let seen = seen
        return try await history.locked { () async throws(GitError) in
            try await Blocking.run { () throws(GitError) in
                let known = seen.head() != nil || !seen.tags().isEmpty
                do throws(FileError) {
                    for name in ["head", "tags"] { try FileSystem.remove("\(seen.path)/\(name)") }
                    // `lines` is what skvm wrote before it looked at dependencies, too.
                    for name in ["lines", "lines-v2"] where FileSystem.exists("\(seen.path)/\(name)") {
                        try FileSystem.removeTree("\(seen.path)/\(name)")
                    }
                } catch {
                    throw GitError(error)
                }
                return known
            }
        }
    }

    package static func movedTag(_ tag: String, of url: GitURL, _ was: ObjectID, _ now: ObjectID) -> GitError {
        GitError(
            .movedTag, "the tag `\(tag.shown())` of \(url) was moved: it was at \(was), and is at \(now) now",
            hint: "a release never changes; if its author says why this one did: `skvm registry accept \(url)`")
    }

    private func rewritten(_ last: ObjectID, _ present: ObjectID) -> GitError {
        GitError(
            .rewritten,
            "the history of \(url) was rewritten: \(last), its head when it was last seen, is no part of \(present), its "
                + "head now",
            hint: "nothing of it is used; if those who keep it say why: `skvm registry accept \(url)`")
    }

    /// The one commit of a branch or a tag, or of their histories, whose id begins with `digits`; nil when there is none, or
    /// more than one. Costs all commits of the repository, without their files where the server can leave these out; offline,
    /// what is here.
    package func commit(beginning digits: String) async throws(GitError) -> ObjectID? {
        let program = await cache.programs.program()
        if !cache.isOffline, !folder.isWhole, let program {
            let history = history
            try await history.locked { () async throws(GitError) in
                try await Blocking.run { () throws(GitError) in try history.folder.prepare() }
                try await persistently { () async throws(GitError) in
                    do throws(GitFailure) {
                        try await program.fetch(historiesInto: history.folder, limit: cache.limits.historyBytes)
                    } catch {
                        throw error.error(for: url)
                    }
                }
            }
        }
        let (history, copy) = (history.folder.objects, folder.objects)
        return try await Blocking.run { () throws(GitError) in
            for objects in [history, copy] where FileSystem.isDirectory(objects) {
                if let id = try ObjectDatabase(objects: objects).commit(beginning: digits) { return id }
            }
            return nil
        }
    }

    // MARK: Commits without files

    /// A repository beside the cache's own: commits that come without their trees would make its fetches dearer.
    private var history: GitRepository { GitRepository(folder: RepositoryFolder(url, cache: seen.path), cache: cache) }

    /// Whether `old` is an ancestor of `new`. The history's lock is held.
    private func follows(_ new: ObjectID, from old: ObjectID) async throws(GitError) -> Bool {
        if old == new { return true }
        guard let program = await cache.programs.program(), !folder.isWhole else {
            // Then the cache has all branches with all of their history.
            _ = try await commit(new)
            return try await provesAncestor(old, of: new)
        }
        let history = history.folder
        try await Blocking.run { () throws(GitError) in try history.prepare() }
        if try await provesAncestor(old, of: new) { return true }
        let isThere = try await persistently { () async throws(GitError) in
            do throws(GitFailure) {
                try await fetchHistory(of: new, from: old, by: program)
                return true
            } catch {
                // The commit that was seen is nowhere in the repository any more.
                if case .noSuchObject = error.kind { return false }
                throw error.error(for: url)
            }
        }
        if !isThere { return false }
        return try await provesAncestor(old, of: new)
    }

    /// Fetches the commits between the two: from the one that was seen on, so that the server sends what is new, or all
    /// of another history.
    private func fetchHistory(of new: ObjectID, from old: ObjectID, by program: GitProgram) async throws(GitFailure) {
        if seen.isUnfiltered, try await fetchWithFiles(new, from: old, by: program) { return }
        let history = history.folder
        let (hasOld, hasNew) = try await asFailure { () throws(GitError) in
            let database = try ObjectDatabase(objects: history.objects)
            return (database.contains(old), database.contains(new))
        }
        if !hasOld {
            do throws(GitFailure) {
                let isFiltered = try await program.fetch(
                    history: old, into: history, isFirst: true, limit: cache.limits.historyBytes)
                try await note(isFiltered: isFiltered)
            } catch {
                // An old server gives out branches alone: with their whole history, this once.
                guard case .refusesObjects = error.kind else { throw error }
                try await program.fetch(history: new, into: history, isFirst: false, limit: cache.limits.transferBytes)
                return
            }
        }
        if !hasNew {
            try await program.fetch(history: new, into: history, isFirst: false, limit: cache.limits.historyBytes)
        }
    }

    /// Fetches the present head on top of the one that was seen last into the cache's own copy. For a server that sends files
    /// with each commit: they are wanted there, the old ones are there, and in the history both would come once more.
    ///
    /// False when the copy can't tell what lies between the two: it has the new one already, for itself.
    private func fetchWithFiles(
        _ new: ObjectID, from old: ObjectID, by program: GitProgram
    ) async throws(GitFailure) -> Bool {
        do throws(GitError) {
            return try await locked { () async throws(GitError) in
                if try await missing([new], program).isEmpty { return false }
                do throws(GitFailure) {
                    if !folder.hasReference(to: old) {
                        try await fetch(old, follows: false, by: program, limit: cache.limits.transferBytes)
                    }
                    try await fetch(new, follows: true, by: program, limit: cache.limits.historyBytes)
                    return true
                } catch {
                    if error.isDamage { return false }
                    switch error.kind {
                    case .refusesObjects: return false
                    case .noSuchObject: throw GitError(.noSuchReference, error.message)
                    default: throw error.error(for: url)
                    }
                }
            }
        } catch {
            if error.code == .noSuchReference { throw GitFailure(kind: .noSuchObject, message: error.detail) }
            throw GitFailure(kind: .known(error), message: error.detail)
        }
    }

    func note(isFiltered: Bool) async throws(GitFailure) {
        let seen = seen
        try await asFailure { () throws(GitError) in try seen.store(isUnfiltered: !isFiltered) }
    }

    /// Whether a few commits lead from one that was fetched with its trees to `commit`, as the history that was fetched
    /// without them has it. What was never asked for as a head has no such history.
    func followsWhatIsHere(_ commit: ObjectID) throws(GitError) -> Bool {
        let (folder, objects) = (folder, history.folder.objects)
        guard FileSystem.isDirectory(objects) else { return false }
        return try ObjectDatabase(objects: objects).hasAncestor(of: commit, among: Self.mostFollowed) {
            folder.hasReference(to: $0)
        }
    }

    /// Trees of all commits between come along: beyond so many, the present one's alone are cheaper to send.
    private static let mostFollowed = 200

    /// As far as the commits are here, in the history or among those that came with their trees: a commit's name proves
    /// which ones it follows, wherever it lies.
    private func provesAncestor(_ old: ObjectID, of new: ObjectID) async throws(GitError) -> Bool {
        let (history, copy) = (history.folder.objects, folder.objects)
        return try await Blocking.run { () throws(GitError) in
            func proves(_ first: String, and second: String? = nil) throws(GitError) -> Bool {
                try ObjectDatabase(objects: first, and: second).isAncestor(old, of: new)
            }
            guard FileSystem.isDirectory(copy) else { return try proves(history) }
            guard FileSystem.isDirectory(history) else { return try proves(copy) }
            do throws(GitError) { return try proves(history, and: copy) } catch  where error.code == .damaged {
                // The copy heals when it is read for what it holds.
                return try proves(history)
            }
        }
    }
}
