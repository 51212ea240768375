import Basics
import CSQLite

/// An SQLite connection with its statements, prepared once and kept. Not for two threads at once: `ActionCache` owns
/// one behind a mutex.
// Unchecked, yet safe: nobody but the `State` in `ActionCache`'s mutex ever holds one.
final class Database: @unchecked Sendable {
    /// SQLite's result code and words.
    struct Failure: Error {
        var code: Int32
        var message: String

        /// The file is no database, or a damaged one.
        var isDamage: Bool {
            let shortRead = SQLITE_IOERR | 2 << 8  // SQLITE_IOERR_SHORT_READ, a macro Swift doesn't see: cut off
            if code == shortRead { return true }
            // All statements are constants: one that is wrong finds another schema than the one that was made.
            return [SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_ERROR, SQLITE_SCHEMA, SQLITE_MISMATCH].contains(code & 0xFF)
        }
    }

    private let connection: OpaquePointer
    private var statements: [String: OpaquePointer] = [:]

    /// Opens or creates the database; waits up to ten seconds for other processes' writes.
    init(path: String) throws(Failure) {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
            sqlite3_close(opened)
            throw Failure(code: code, message: message)
        }
        connection = opened
        sqlite3_extended_result_codes(connection, 1)
        sqlite3_busy_timeout(connection, 10_000)
    }

    /// Opens the database as a file that nobody changes: nothing is written beside it, and no lock is taken.
    init(readingOnly path: String) throws(Failure) {
        let escaped = path.utf8.reduce(into: "") { text, byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            if isPlain || byte == 0x2F {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX
        let code = sqlite3_open_v2("file:\(escaped)?immutable=1", &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            sqlite3_close(opened)
            throw Failure(code: code, message: String(cString: sqlite3_errstr(code)))
        }
        connection = opened
        sqlite3_extended_result_codes(connection, 1)
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close(connection)
    }

    /// Runs statements that take and return nothing.
    func execute(_ sql: String) throws(Failure) {
        guard sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK else { throw failure }
    }

    /// Runs one statement with `values` bound to its parameters, and calls `row` for each row it yields.
    func run(
        _ sql: String, _ values: Value..., row: (Row) -> Void = { _ in }
    ) throws(Failure) {
        let statement = try prepared(sql)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (index, value) in values.enumerated() {
            guard value.bind(to: statement, at: Int32(index + 1)) == SQLITE_OK else { throw failure }
        }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: row(Row(statement: statement))
            case SQLITE_DONE: return
            default: throw failure
            }
        }
    }

    /// Rows that the last statement changed.
    var changes: Int { Int(sqlite3_changes(connection)) }

    /// Runs `body` in one write transaction; a failure takes all of it back.
    func transaction(_ body: () throws(Failure) -> Void) throws(Failure) {
        try execute("BEGIN IMMEDIATE")
        do {
            try body()
            try execute("COMMIT")
        } catch {
            try? execute("ROLLBACK")
            throw error
        }
    }

    private var failure: Failure {
        Failure(code: sqlite3_extended_errcode(connection), message: String(cString: sqlite3_errmsg(connection)))
    }

    private func prepared(_ sql: String) throws(Failure) -> OpaquePointer {
        if let statement = statements[sql] { return statement }
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement else { throw failure }
        statements[sql] = statement
        return statement
    }

    enum Value {
        case integer(Int64)
        case blob([UInt8])
        case digest(Digest)
        case text(String)

        fileprivate func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
            // SQLite copies the bytes at once (SQLITE_TRANSIENT): they need not outlive the call.
            let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            return switch self {
            case .integer(let value): sqlite3_bind_int64(statement, index, value)
            case .blob(let bytes) where bytes.isEmpty: sqlite3_bind_zeroblob(statement, index, 0)
            case .blob(let bytes):
                bytes.withUnsafeBytes {
                    sqlite3_bind_blob64(statement, index, $0.baseAddress, UInt64($0.count), transient)
                }
            case .text(var text):
                text.withUTF8 { bytes in
                    bytes.withMemoryRebound(to: CChar.self) {
                        // An empty buffer has no address, and a null pointer would be NULL.
                        $0.isEmpty
                            ? sqlite3_bind_text64(statement, index, "", 0, transient, UInt8(SQLITE_UTF8))
                            : sqlite3_bind_text64(
                                statement, index, $0.baseAddress, UInt64($0.count), transient, UInt8(SQLITE_UTF8))
                    }
                }
            case .digest(let digest):
                digest.withBytes { sqlite3_bind_blob64(statement, index, $0.baseAddress, 32, transient) }
            }
        }
    }

    /// The row a statement stands on; valid only while `row` runs.
    struct Row {
        fileprivate let statement: OpaquePointer

        func text(_ column: Int32) -> String { String(decoding: blob(column), as: UTF8.self) }
        func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }
        func blob(_ column: Int32) -> [UInt8] {
            guard let start = sqlite3_column_blob(statement, column) else { return [] }
            let count = Int(sqlite3_column_bytes(statement, column))
            return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
        }
    }
}
