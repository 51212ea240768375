import Basics

/// What `GitCache.collect` did, or with `dryRun` would do.
package struct CopiesReport: Sendable, Equatable {
    package var removed = 0
    package var bytesRemoved: Int64 = 0
    package var kept = 0
    package var bytesKept: Int64 = 0
}

extension GitCache {
    /// Removes the copies of repositories that nobody read or fetched since `day` (counted from the epoch), but for those
    /// of `kept`, and folders that a killed process set aside. What was seen of a repository (`SeenFolder`) stays: a
    /// removed copy is fetched anew, and a history that was rewritten meanwhile is still found out.
    ///
    /// Waits for whoever fetches into a copy that is to go. O(files of the copies). Throws `disk`, `cancelled`.
    package func collect(
        usedBefore day: Int64, keeping kept: [GitURL] = [], dryRun: Bool = false
    ) async throws(GitError) -> CopiesReport {
        let bucket = "\(folder)/\(RepositoryFolder.bucket)"
        let keptNames = Set(kept.map(RepositoryFolder.name(of:)))
        var report = CopiesReport()
        for name in try await Blocking.run({ () throws(GitError) in try RepositoryFolder.names(in: bucket) }) {
            let path = "\(bucket)/\(name)"
            guard FileSystem.isDirectory(path) else {
                if !dryRun { try await remove(path, unusedSince: day) }
                continue
            }
            let bytes = RepositoryFolder.bytes(below: path)
            guard !keptNames.contains(name), RepositoryFolder.isUnused(path, since: day) else {
                report.kept += 1
                report.bytesKept += bytes
                continue
            }
            report.removed += 1
            report.bytesRemoved += bytes
            if !dryRun { try await remove(path, unusedSince: day) }
        }
        return report
    }

    private func remove(_ path: String, unusedSince day: Int64) async throws(GitError) {
        try await FileLock.holding(path + ".lock") { () async throws(GitError) in
            try await Blocking.run { () throws(GitError) in
                do throws(FileError) {
                    try RepositoryFolder.sweepAside(path)
                    // It may have been used while this waited.
                    if RepositoryFolder.isUnused(path, since: day) { try RepositoryFolder.discard(path) }
                } catch {
                    throw GitError(error)
                }
            }
        }
    }
}

extension RepositoryFolder {
    private static var day: Int64 { 86_400_000_000_000 }

    static func name(of url: GitURL) -> String { Digest(of: url.text).hex }

    /// Notes that somebody reads it today. Written once a day at most; where it can't be written, the copy goes earlier
    /// than it had to.
    func noteUse() {
        let mark = path + "/used"
        let status = try? FileSystem.status(mark)
        if let status, status.modified / Self.day == WallClock.now() / Self.day { return }
        try? FileSystem.replace(mark, with: [])
    }

    /// The copies in a cache, sorted; also those of which only what was set aside is left.
    static func names(in bucket: String) throws(GitError) -> [String] {
        guard FileSystem.isDirectory(bucket) else { return [] }
        do throws(FileError) {
            let entries = try FileSystem.list(bucket).filter { !$0.hasSuffix(".lock") }
            return Set(entries.map { String($0.prefix { $0 != "." }) }).filter { Digest(hex: $0) != nil }.sorted()
        } catch {
            throw GitError(error)
        }
    }

    /// Whether neither a reader nor a fetch left a mark since the day.
    static func isUnused(_ path: String, since day: Int64) -> Bool {
        ["", "/used", "/references", "/objects/pack"].allSatisfy { mark in
            guard let status = try? FileSystem.status(path + mark) else { return true }
            return status.modified / Self.day < day
        }
    }

    /// The sizes of all files below a folder; what can't be read counts nothing.
    static func bytes(below path: String) -> Int64 {
        var total: Int64 = 0
        var open = [path]
        while let folder = open.popLast() {
            for name in (try? FileSystem.list(folder)) ?? [] {
                guard let status = try? FileSystem.status("\(folder)/\(name)") else { continue }
                if status.kind == .directory { open.append("\(folder)/\(name)") } else { total += status.size }
            }
        }
        return total
    }
}
