import Basics
import Synchronization

/// A full-text index over small documents with a name, keywords and a text, in one SQLite file (FTS5).
///
/// It is derived: whoever keeps it says by a stamp what each document was made from, and brings in what changed. A file that
/// turns out to be damaged is put aside and the call fails; opened again, the index is a new one. Processes may share a
/// file.
package final class TextIndex: Sendable {
    package struct Document: Sendable, Equatable {
        package var name: String
        package var keywords: String
        package var text: String
        /// Not searched; handed back.
        package var extra: String

        package init(name: String, keywords: String, text: String, extra: String) {
            self.name = name
            self.keywords = keywords
            self.text = text
            self.extra = extra
        }
    }

    /// What became of one key's source.
    package struct Change: Sendable {
        package var key: String
        /// Nil when the source is gone.
        package var stamp: String?
        /// Nil when there is nothing to find of it.
        package var document: Document?

        package init(key: String, stamp: String?, document: Document?) {
            self.key = key
            self.stamp = stamp
            self.document = document
        }
    }

    private struct State {
        var database: Database
        var inode: UInt64
    }

    private let state: Mutex<State>
    private let path: String
    private static let version: Int64 = 1

    /// Opens the index at `path`, making it and its folder where they aren't there, and a damaged one anew.
    package init(path: String) throws(StoreError) {
        self.path = path
        do throws(FileError) {
            try FileSystem.makeDirectories(FileSystem.parent(of: path) ?? "/")
        } catch {
            throw .file(error, root: path)
        }
        let opened = try Database.open(renewing: path, Self.prepare)
        state = Mutex(State(database: opened.database, inode: opened.inode))
    }

    private static func prepare(_ database: Database) throws(Database.Failure) {
        try database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
        var found: Int64 = 0
        try database.run("PRAGMA user_version") { found = $0.integer(0) }
        if found == version { return }
        guard found == 0 else { throw Database.Failure(code: 26, message: "its version is \(found), not \(version)") }
        // `detail` stays full: a word with a hyphen is a phrase.
        try database.execute(
            """
            BEGIN IMMEDIATE;
            CREATE TABLE IF NOT EXISTS sources (
                id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, stamp TEXT NOT NULL, extra TEXT
            );
            CREATE INDEX IF NOT EXISTS empty ON sources (key) WHERE extra = '';
            CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
            CREATE VIRTUAL TABLE IF NOT EXISTS documents USING fts5 (
                name, keywords, text, tokenize = 'unicode61 remove_diacritics 2'
            );
            PRAGMA user_version = \(version);
            COMMIT
            """)
    }

    /// What `apply` was last told that the whole index stands for; nil for a new one.
    package func revision() throws(StoreError) -> String? {
        try withDatabase { database throws(Database.Failure) in
            var revision: String?
            try database.run("SELECT value FROM state WHERE name = 'revision'") { revision = $0.text(0) }
            return revision
        }
    }

    /// The stamp of every key.
    package func stamps() throws(StoreError) -> [String: String] {
        try withDatabase { database throws(Database.Failure) in
            var stamps: [String: String] = [:]
            try database.run("SELECT key, stamp FROM sources") { stamps[$0.text(0)] = $0.text(1) }
            return stamps
        }
    }

    /// The stamps of the keys of which there is nothing to find.
    package func stampsWithoutDocument() throws(StoreError) -> [String: String] {
        try withDatabase { database throws(Database.Failure) in
            var stamps: [String: String] = [:]
            try database.run("SELECT key, stamp FROM sources WHERE extra = ''") { stamps[$0.text(0)] = $0.text(1) }
            return stamps
        }
    }

    /// Brings changes in, all or none.
    package func apply(_ changes: [Change], revision: String) throws(StoreError) {
        try withDatabase { database throws(Database.Failure) in
            try database.transaction { () throws(Database.Failure) in
                for change in changes { try Self.apply(change, to: database) }
                try database.run(
                    "INSERT OR REPLACE INTO state (name, value) VALUES ('revision', ?)", .text(revision))
            }
        }
    }

    private static func apply(_ change: Change, to database: Database) throws(Database.Failure) {
        try database.run(
            "DELETE FROM documents WHERE rowid = (SELECT id FROM sources WHERE key = ?)", .text(change.key))
        try database.run("DELETE FROM sources WHERE key = ?", .text(change.key))
        guard let stamp = change.stamp else { return }
        try database.run(
            "INSERT INTO sources (key, stamp, extra) VALUES (?, ?, ?)", .text(change.key), .text(stamp),
            .text(change.document?.extra ?? ""))
        guard let document = change.document else { return }
        try database.run(
            "INSERT INTO documents (rowid, name, keywords, text) VALUES (last_insert_rowid(), ?, ?, ?)",
            .text(document.name), .text(document.keywords), .text(document.text))
    }

    /// How many documents can be found.
    package func count() throws(StoreError) -> Int {
        try withDatabase { database throws(Database.Failure) in
            var count = 0
            try database.run("SELECT count(*) FROM documents") { count = Int($0.integer(0)) }
            return count
        }
    }

    /// The documents that hold every word, the last also as the beginning of one, at most `limit`: first the one whose name the
    /// words are, then those that have all words in their names, as they are and then as beginnings, then in names and keywords,
    /// then anywhere; of each kind the best match first.
    ///
    /// A word is a run of letters and digits; words divided by other characters are looked for side by side. Empty when
    /// there is no word.
    package func search(_ words: [String], limit: Int) throws(StoreError) -> [Document] {
        let phrases = words.map { Self.tokens(of: $0) }.filter { !$0.isEmpty }
        guard !phrases.isEmpty else { return [] }
        let whole = phrases.map { "\"" + $0.joined(separator: " ") + "\"" }.joined(separator: " AND ")
        let name = phrases.flatMap(\.self).joined(separator: "-")
        return try withDatabase { database throws(Database.Failure) in
            var found: [Document] = []
            var seen: Set<Int64> = []
            let queries = [("{name} : ", ""), ("{name} : ", " *"), ("{name keywords} : ", " *"), ("", " *")]
            for (columns, ending) in queries where found.count < limit {
                try database.run(
                    """
                    SELECT s.id, d.name, d.keywords, d.text, s.extra FROM documents d JOIN sources s ON s.id = d.rowid
                    WHERE documents MATCH ? ORDER BY lower(d.name) = lower(?) DESC, bm25(documents, 10, 4, 1), d.name LIMIT ?
                    """, .text("\(columns)(\(whole)\(ending))"), .text(name), .integer(Int64(limit))
                ) { row in
                    guard found.count < limit, seen.insert(row.integer(0)).inserted else { return }
                    found.append(
                        Document(name: row.text(1), keywords: row.text(2), text: row.text(3), extra: row.text(4)))
                }
            }
            return found
        }
    }

    /// Runs of letters, marks and digits: what the index takes for words, and nothing that its query language would read.
    private static func tokens(of word: String) -> [String] {
        var tokens: [String] = []
        var token = ""
        for scalar in word.unicodeScalars {
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || scalar.properties.generalCategory == .nonspacingMark
            {
                token.unicodeScalars.append(scalar)
            } else if !token.isEmpty {
                tokens.append(token)
                token = ""
            }
        }
        return token.isEmpty ? tokens : tokens + [token]
    }

    private func withDatabase<R: Sendable>(
        _ body: (Database) throws(Database.Failure) -> R
    ) throws(StoreError) -> R {
        let result: Result<R, StoreError> = state.withLock { state in
            do throws(Database.Failure) {
                return .success(try body(state.database))
            } catch {
                let failure = StoreError.database(code: error.code, message: error.message, path: path)
                guard error.isDamage else { return .failure(failure) }
                do throws(StoreError) { try Database.moveAside(path, inode: state.inode) } catch {
                    return .failure(error)
                }
                return .failure(failure)
            }
        }
        return try result.get()
    }
}
