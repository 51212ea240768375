package import Basics
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What actions yielded, by action key, in one SQLite file beside the blobs (`docs/formats/store.md`).
///
/// It is a cache: a damaged row is a miss, a damaged file is moved aside and begun anew. One mutex owns the connection;
/// it is held for one look-up or one transaction, never while a caller's code runs.
package final class ActionCache: Sendable {
    /// An action's key with the value that it yielded.
    package struct Entry: Sendable, Equatable {
        package var key: Digest
        package var value: [UInt8]
        package init(key: Digest, value: [UInt8]) {
            self.key = key
            self.value = value
        }
    }

    package struct Statistics: Sendable, Equatable, Codable {
        package var actions: Int
        /// Of all values, in bytes.
        package var valueBytes: Int64
        /// Days since the epoch of the least recent use; nil without actions.
        package var oldestUse: Int64?
    }

    package let path: String
    private let today: Int64
    private let state: Mutex<State>

    private struct State {
        var database: Database
        var inode: UInt64
        /// Keys that were used today and whose rows say an earlier day: written with the next transaction.
        var used: Set<Digest> = []
        /// Whether look-ups share one read transaction: see `readTogether`.
        var readsTogether = false
        var isReading = false

        /// Ends the shared read transaction: nothing may be written within it, or be read that was written since.
        mutating func endReading() throws(Database.Failure) {
            if isReading { try database.execute("COMMIT") }
            isReading = false
        }
    }

    /// Opens the cache of the store at `root`, creating or renewing it as needed. `day` counts days since the epoch.
    ///
    /// Throws `.file` or `.database` when the folder or the file can't be written.
    package init(root: String, day: Int64? = nil) throws(StoreError) {
        path = root + "/actions-v1.sqlite"
        today = day ?? Int64(time(nil)) / 86_400
        do { try FileSystem.makeDirectories(root) } catch { throw .file(error, root: root) }
        state = Mutex(try Self.open(path))
    }

    // The transaction that notes uses is small, and lost uses only make `gc` a little too keen.
    deinit { try? flush() }

    /// What the action with this key yielded; nil when it isn't known. A use is noted with day granularity, and written
    /// with the next `record`, `recordAll` or `flush`: a null build writes once a day at most.
    package func lookup(_ key: Digest) throws(StoreError) -> [UInt8]? {
        try withDatabase { state throws(Database.Failure) in
            if state.readsTogether, !state.isReading {
                try state.database.execute("BEGIN")
                state.isReading = true
            }
            var found: (value: [UInt8], check: Int64, used: Int64)?
            try state.database.run("SELECT value, digest, used FROM actions WHERE key = ?", .digest(key)) { row in
                found = (row.blob(0), row.integer(1), row.integer(2))
            }
            guard let found else { return nil }
            guard found.check == Self.check(key, found.value) else {
                try state.endReading()
                try state.database.run("DELETE FROM actions WHERE key = ?", .digest(key))
                return nil
            }
            if found.used < today { state.used.insert(key) }
            return found.value
        }
    }

    /// From now on look-ups share one read transaction, up to the next write: a look-up that locks and unlocks the file
    /// costs twice as much. What other processes record meanwhile is not seen, which a cache may miss.
    package func readTogether() { state.withLock { $0.readsTogether = true } }

    /// Keeps what an action yielded, in place of an earlier value.
    package func record(_ key: Digest, _ value: [UInt8]) throws(StoreError) {
        try recordAll([Entry(key: key, value: value)])
    }

    /// Keeps all of `entries` and notes the uses so far, in one transaction. Not synchronised with the disk: after a
    /// power cut the last transactions may be gone.
    package func recordAll(_ entries: [Entry]) throws(StoreError) {
        try withDatabase { state throws(Database.Failure) in
            try state.endReading()
            if entries.isEmpty && state.used.isEmpty { return }
            let database = state.database
            let used = state.used
            try database.transaction { () throws(Database.Failure) in
                for entry in entries {
                    try database.run(
                        "INSERT OR REPLACE INTO actions (key, value, digest, used) VALUES (?, ?, ?, ?)",
                        .digest(entry.key), .blob(entry.value), .integer(Self.check(entry.key, entry.value)),
                        .integer(today))
                }
                for key in used {
                    try database.run(
                        "UPDATE actions SET used = ? WHERE key = ? AND used < ?", .integer(today), .digest(key),
                        .integer(today))
                }
            }
            state.used = []
        }
    }

    /// Writes the uses noted so far.
    package func flush() throws(StoreError) { try recordAll([]) }

    /// Forgets actions last used before `day` (days since the epoch); returns how many.
    package func evict(usedBefore day: Int64) throws(StoreError) -> Int {
        try flush()
        return try withDatabase { state throws(Database.Failure) in
            try state.endReading()
            try state.database.run("DELETE FROM actions WHERE used < ?", .integer(day))
            let count = state.database.changes
            // Making the file smaller takes room for a second one: without it, what was in the rows is used again.
            if count > 0 { try? state.database.execute("PRAGMA wal_checkpoint(TRUNCATE); VACUUM") }
            return count
        }
    }

    /// All values that are whole, in no order: what `gc` follows to the blobs.
    package func values() throws(StoreError) -> [[UInt8]] {
        try withDatabase { state throws(Database.Failure) in
            var values: [[UInt8]] = []
            try state.database.run("SELECT key, value, digest FROM actions") { row in
                let value = row.blob(1)
                guard let key = Digest(bytes: row.blob(0)), row.integer(2) == Self.check(key, value) else { return }
                values.append(value)
            }
            return values
        }
    }

    /// The values that were used since `day`, read from the file as it is, without a lock or a log: for who must not write a
    /// byte. What is in the log alone is missed. Nothing where the file can't be read.
    package static func settledValues(root: String, usedSince day: Int64) -> [[UInt8]] {
        guard let database = try? Database(readingOnly: root + "/actions-v1.sqlite") else { return [] }
        var values: [[UInt8]] = []
        try? database.run("SELECT key, value, digest FROM actions WHERE used >= ?", .integer(day)) { row in
            let value = row.blob(1)
            guard let key = Digest(bytes: row.blob(0)), row.integer(2) == check(key, value) else { return }
            values.append(value)
        }
        return values
    }

    package func statistics() throws(StoreError) -> Statistics {
        try withDatabase { state throws(Database.Failure) in
            var result = Statistics(actions: 0, valueBytes: 0, oldestUse: nil)
            let sql = "SELECT count(*), ifnull(sum(length(value)), 0), ifnull(min(used), -1) FROM actions"
            try state.database.run(sql) { row in
                result.actions = Int(row.integer(0))
                result.valueBytes = row.integer(1)
                result.oldestUse = row.integer(2) < 0 ? nil : row.integer(2)
            }
            return result
        }
    }

    /// The first 64 bits of SHA-256 over key and value: SQLite itself would not notice a flipped bit in a value.
    private static func check(_ key: Digest, _ value: [UInt8]) -> Int64 {
        var hasher = SHA256Hasher()
        key.withBytes { hasher.update($0) }
        hasher.update(value)
        return hasher.finish().withBytes { $0.loadUnaligned(as: Int64.self).bigEndian }
    }

    // MARK: Opening, and beginning anew

    private func withDatabase<R: Sendable>(_ body: (inout State) throws(Database.Failure) -> R) throws(StoreError) -> R
    {
        let result: Result<R, StoreError> = state.withLock { state in
            do throws(Database.Failure) {
                return .success(try body(&state))
            } catch  where error.isDamage {
                return renew(&state, body)
            } catch {
                return .failure(.database(code: error.code, message: error.message, path: path))
            }
        }
        return try result.get()
    }

    private func renew<R: Sendable>(
        _ state: inout State, _ body: (inout State) throws(Database.Failure) -> R
    ) -> Result<R, StoreError> {
        do throws(StoreError) {
            try Database.moveAside(path, inode: state.inode)
            state = try Self.open(path)
        } catch {
            return .failure(error)
        }
        do throws(Database.Failure) {
            return .success(try body(&state))
        } catch {
            return .failure(.database(code: error.code, message: error.message, path: path))
        }
    }

    private static func open(_ path: String) throws(StoreError) -> State {
        let opened = try Database.open(renewing: path, prepare)
        return State(database: opened.database, inode: opened.inode)
    }

    private static func prepare(_ database: Database) throws(Database.Failure) {
        try database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
        var version: Int64 = 0
        try database.run("PRAGMA user_version") { version = $0.integer(0) }
        if version == 1 { return }
        // The file's name says the version; another one inside means that someone else wrote it.
        guard version == 0 else { throw Database.Failure(code: 26, message: "its version is \(version), not 1") }
        try database.execute(
            """
            BEGIN IMMEDIATE;
            CREATE TABLE IF NOT EXISTS actions (
                key BLOB PRIMARY KEY, value BLOB NOT NULL, digest INTEGER NOT NULL, used INTEGER NOT NULL
            ) WITHOUT ROWID;
            PRAGMA user_version = 1;
            COMMIT
            """)
    }
}
