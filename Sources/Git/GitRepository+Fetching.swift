import Basics

/// How what is missing comes in. Whoever fetches holds the lock, and looks again once they have it: another process or
/// task may have fetched the same meanwhile.
extension GitRepository {
    /// Reads until nothing is missing any more: fetches what is, and starts a damaged repository anew, once.
    func reading<R: Sendable>(
        _ commit: ObjectID,
        _ body: @escaping @Sendable (borrowing ObjectDatabase) throws(GitError) -> Reading<R>
    ) async throws(GitError) -> R {
        var lastMissing: [ObjectID] = []
        var isRenewed = false
        // Each round brings all objects of one depth at least; a server that never sends them must not keep us.
        for _ in 0...cache.limits.depth + 4 {
            do throws(GitError) {
                switch try await attempt(body) {
                case .done(let result): return result
                case .missing(let ids):
                    if cache.isOffline {
                        throw offline(ids == [commit] ? "commit \(commit.short)" : "a part of commit \(commit.short)")
                    }
                    if ids == lastMissing { throw GitError(.damaged, "\(url) does not send object \(ids[0])") }
                    lastMissing = ids
                    try await fetch(ids, of: commit)
                }
            } catch  where error.code == .damaged && !isRenewed && !cache.isOffline {
                isRenewed = true
                lastMissing = []
                try await locked { () throws(GitError) in try folder.replace() }
            }
        }
        throw GitError(.damaged, "\(url) does not send commit \(commit) whole")
    }

    /// Of these commits, those that can be had: fetched in one request, without histories and files, where the server
    /// allows. Left out is what the server does not have, and offline what is not in the cache.
    package func commits(_ ids: [ObjectID]) async throws(GitError) -> [ObjectID: Commit] {
        if !cache.isOffline, let program = await cache.programs.program() {
            // A server that gives out no single commits is asked for each in the way that it knows.
            _ = try? await locked { () async throws(GitError) in
                let missing = try await missing(ids, program)
                guard missing.count > 1, !folder.isWhole else { return }
                do throws(GitFailure) {
                    try await program.fetch(commits: missing, into: folder, limit: cache.limits.transferBytes)
                } catch {
                    throw error.error(for: url)
                }
            }
        }
        var commits: [ObjectID: Commit] = [:]
        for id in ids {
            do throws(GitError) {
                commits[id] = try await commit(id)
            } catch  where [.offline, .noSuchReference, .unsupported].contains(error.code) { continue }
        }
        return commits
    }

    func fetchReferences() async throws(GitError) -> References {
        let program = await cache.programs.program()
        return try await locked { () async throws(GitError) in
            let folder = folder
            _ = try await missing([], program)
            let references = try await ask(program)
            try await Blocking.run { () throws(GitError) in try folder.store(references) }
            return references
        }
    }

    /// The branches and tags that the server has, without a word of it in the cache: for what only says what it would do.
    /// Throws as `references` does.
    package func presentReferences() async throws(GitError) -> References {
        if cache.isOffline { throw offline("its branches and tags") }
        return try await ask(await cache.programs.program())
    }

    private func ask(_ program: GitProgram?) async throws(GitError) -> References {
        let folder = folder
        // A cache that can't be written to may be right.
        _ = try await Blocking.run { () throws(GitError) in try? folder.mend() }
        return try await persistently { () async throws(GitError) in
            if let program { return try await program.references(of: folder) }
            return try await Blocking.run { () throws(GitError) in try LibraryTransport.references(of: folder) }
        }
    }

    private func attempt<R: Sendable>(
        _ body: @escaping @Sendable (borrowing ObjectDatabase) throws(GitError) -> Reading<R>
    ) async throws(GitError) -> Reading<R> {
        let folder = folder
        return try await Blocking.run { () throws(GitError) in
            // A cache without this repository is nothing damaged: an empty place reads as if all were missing.
            if !FileSystem.isDirectory(folder.objects) { return try body(ObjectDatabase()) }
            folder.noteUse()
            return try body(ObjectDatabase(objects: folder.objects))
        }
    }

    private func fetch(_ ids: [ObjectID], of commit: ObjectID) async throws(GitError) {
        let program = await cache.programs.program()
        try await locked { () async throws(GitError) in
            try await persistently { () async throws(GitError) in
                try await fetchMissing(ids, of: commit, by: program)
            }
        }
    }

    private func fetchMissing(_ ids: [ObjectID], of commit: ObjectID, by program: GitProgram?) async throws(GitError) {
        let missing = try await missing(ids, program)
        if missing.isEmpty { return }
        guard let program else { return try await fetchByLibrary(commit) }
        do throws(GitFailure) {
            try await fetch(missing, of: commit, by: program)
        } catch {
            guard error.isDamage else { throw error.error(for: url) }
            try await Blocking.run { () throws(GitError) in try folder.replace() }
            do throws(GitFailure) {
                try await fetch([commit], of: commit, by: program)
            } catch {
                throw error.error(for: url)
            }
        }
    }

    /// Of these objects, those that the repository lacks, after it was made ready for a fetch.
    func missing(_ ids: [ObjectID], _ program: GitProgram?) async throws(GitError) -> [ObjectID] {
        // What the last attempt brought, of this process or of one that was killed; `prepare` sweeps it away.
        await program?.salvage(folder)
        let folder = folder
        return try await Blocking.run { () throws(GitError) in
            try folder.prepare()
            let database = try ObjectDatabase(objects: folder.objects)
            return ids.filter { !database.contains($0) }
        }
    }

    private func fetch(
        _ missing: [ObjectID], of commit: ObjectID, by program: GitProgram
    ) async throws(GitFailure) {
        let limit = cache.limits.transferBytes
        let folder = folder
        if !folder.isWhole {
            do throws(GitFailure) {
                if missing.contains(commit) {
                    let follows = try await asFailure { () throws(GitError) in try followsWhatIsHere(commit) }
                    return try await fetch(commit, follows: follows, by: program, limit: limit)
                }
                return try await program.fetch(objects: missing, into: folder, limit: limit)
            } catch {
                if case .noSuchObject = error.kind, !missing.contains(commit) {
                    // It has the commit, and not all that belongs to it: that is no wrong name.
                    let lost = GitError(
                        .damaged, "\(url) has commit \(commit.short), and not all of it: \(error.message)",
                        hint: "tell those who keep the repository")
                    throw GitFailure(kind: .known(lost), message: lost.detail)
                }
                guard case .refusesObjects = error.kind else { throw error }
                // An old server, or one that was told so: it gives out branches and tags only.
                try await asFailure { () throws(GitError) in try folder.replace(whole: true) }
            }
        }
        try await program.fetchAll(into: folder, limit: limit)
        try await asFailure { () throws(GitError) in
            if try ObjectDatabase(objects: folder.objects).contains(commit) { return }
            throw GitError(.noSuchReference, "\(url) has no commit \(commit) on any branch or tag")
        }
    }

    /// Fetches a commit with its trees, and notes whether the server had to send its files, too.
    func fetch(
        _ commit: ObjectID, follows: Bool, by program: GitProgram, limit: Int
    ) async throws(GitFailure) {
        let isFiltered = try await program.fetch(commit: commit, follows: follows, into: folder, limit: limit)
        try await note(isFiltered: isFiltered)
    }

    private func fetchByLibrary(_ commit: ObjectID) async throws(GitError) {
        let folder = folder
        let limit = cache.limits.transferBytes
        try await Blocking.run { () throws(GitError) in
            // A copy that `git` made holds commits without their files, and libgit2 can't complete it.
            if !folder.isWhole { try folder.replace(whole: true) }
            try LibraryTransport.fetchAll(into: folder, and: commit, limit: limit)
        }
    }

    func locked<R: Sendable>(_ body: () async throws(GitError) -> R) async throws(GitError) -> R {
        let folder = folder
        try await Blocking.run { () throws(GitError) in try folder.makeParent() }
        return try await FileLock.holding(folder.lock, body)
    }

    func asFailure<R: Sendable>(_ body: @escaping @Sendable () throws(GitError) -> R) async throws(GitFailure) -> R {
        do throws(GitError) { return try await Blocking.run(body) } catch {
            throw GitFailure(kind: .known(error), message: error.detail)
        }
    }
}
