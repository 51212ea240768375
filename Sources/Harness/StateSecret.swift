import Basics

/// What tells a record that this user's skvm wrote from one that came with somebody's repository: 32 random bytes in the
/// user's state folder, and a seal made with them over the record (HMAC-SHA-256).
///
/// A project's own folder can't vouch for what lies in it: a clone brings whatever was committed, and `git pull` writes
/// over ignored files without a word. A project that its user copies or moves keeps its seals.
package struct StateSecret: Sendable {
    /// Absolute; nobody but the user writes there.
    private let folder: String

    package init(folder: String) { self.folder = folder }

    private var path: String { folder + "/secret" }
    private static let size = 32

    /// The seal of `bytes`. Makes the secret when there is none yet. Throws `FileError` when it can't be kept.
    func seal(_ bytes: [UInt8]) throws(FileError) -> Digest {
        if let key = try key() { return Self.seal(bytes, key) }
        return Self.seal(bytes, try make())
    }

    /// Whether this user's skvm gave `bytes` that seal. Without a secret nobody has given any.
    func holds(_ seal: Digest, _ bytes: [UInt8]) throws(FileError) -> Bool {
        guard let key = try key() else { return false }
        return Self.seal(bytes, key) == seal
    }

    private static func seal(_ bytes: [UInt8], _ key: [UInt8]) -> Digest {
        // RFC 2104 with blocks of 64 bytes.
        let block = key + [UInt8](repeating: 0, count: 64 - key.count)
        return Digest(of: block.map { $0 ^ 0x5C } + Digest(of: block.map { $0 ^ 0x36 } + bytes).bytes)
    }

    /// Nil when there is none, or one that was not written whole.
    private func key() throws(FileError) -> [UInt8]? {
        do {
            let bytes = try FileSystem.read(path, limit: 4096)
            return bytes.count == Self.size ? bytes : nil
        } catch {
            if error.isNotFound { return nil }
            throw error
        }
    }

    /// Alone, so that two that start at once agree.
    private func make() throws(FileError) -> [UInt8] {
        try FileSystem.makeDirectories(folder)
        let lock = try FileLock(path: path + ".lock", mode: .exclusive)
        defer { lock.release() }
        if let key = try key() { return key }
        var random = SystemRandomNumberGenerator()
        let key = (0..<Self.size).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        try FileSystem.replace(path, with: key, mode: 0o600)
        return key
    }
}
