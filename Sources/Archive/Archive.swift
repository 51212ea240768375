package import Basics

/// An archive in memory: its entries, and their bytes when they are asked for.
package struct Archive: Sendable {
    package struct Entry: Sendable {
        package enum Kind: Sendable, Hashable {
            case file(executable: Bool)
            case folder
            case symlink(target: [UInt8])
            /// The same file as an earlier entry of that name.
            case hardlink(target: [UInt8])
        }

        /// As it stands in the archive: hostile, in no known encoding.
        package var name: [UInt8]
        package var kind: Kind
        /// Of the bytes that `contents(of:)` gives.
        package var size: Int
        var place: Place
    }

    enum Place: Sendable {
        /// Bytes of the unpacked archive.
        case plain(Range<Int>)
        /// A stream of the packed one, and what its bytes must sum up to.
        case deflated(Range<Int>, checksum: UInt32)
        case stored(Range<Int>, checksum: UInt32)
    }

    /// In the order of the archive.
    package let entries: [Entry]
    private let bytes: [UInt8]

    /// Reads a `.tar.gz` or `.zip`, which their first bytes tell apart.
    ///
    /// Unpacks a `.tar.gz` whole, to at most `limit` bytes; of a `.zip` only the list. Throws `ArchiveError`.
    package init(_ bytes: [UInt8], limit: Int, entries: Int) throws(ArchiveError) {
        if bytes.starts(with: [0x1F, 0x8B]) {
            let plain = try Inflation.gunzip(bytes, limit: limit)
            self.entries = try TarReader(plain, limit: entries).entries()
            self.bytes = plain
        } else if bytes.starts(with: [0x50, 0x4B]) {
            self.entries = try ZipReader(bytes, limit: entries).entries()
            self.bytes = bytes
        } else {
            throw ArchiveError(.format, "it is neither a .tar.gz nor a .zip")
        }
    }

    /// The bytes of a file, `entry.size` of them. Throws when they are not what the archive promises.
    package func contents(of entry: Entry) throws(ArchiveError) -> [UInt8] {
        try Self.contents(entry, of: bytes)
    }

    static func contents(_ entry: Entry, of bytes: [UInt8]) throws(ArchiveError) -> [UInt8] {
        switch entry.place {
        case .plain(let range): return Array(bytes[range])
        case .stored(let range, let checksum):
            return try checked(Array(bytes[range]), checksum, entry)
        case .deflated(let range, let checksum):
            let plain = try Inflation.inflate(bytes[range], size: entry.size)
            return try checked(plain, checksum, entry)
        }
    }

    private static func checked(
        _ bytes: [UInt8], _ checksum: UInt32, _ entry: Entry
    ) throws(ArchiveError) -> [UInt8] {
        guard bytes.count == entry.size, try Inflation.checksum(of: bytes) == checksum else {
            throw ArchiveError(.damaged, "the bytes of `\(shown(entry.name))` are not those that it promises")
        }
        return bytes
    }

    static func shown(_ name: [UInt8]) -> String { String(decoding: name, as: UTF8.self).shown(limit: 100) }
}

/// Why an archive can't be read.
package struct ArchiveError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// It is of no format that skvm reads.
        case format
        /// It is cut off, or contradicts itself.
        case damaged
        case tooLarge = "too-large"
        /// It has what no skill may have: a device, a password.
        case hostile
        /// zlib can't be loaded.
        case unavailable
    }

    package var code: Code
    /// Says what is wrong with "it".
    package var detail: String

    init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    package var description: String { detail }

    package var diagnostic: Diagnostic {
        let hint =
            code == .unavailable
            ? "install zlib (Debian: zlib1g)" : "tell those who made the archive; nothing was installed"
        let fault: Fault = code == .unavailable ? .outside : .integrity
        return Diagnostic("archive.\(code.rawValue)", .error, detail, hint: hint, fault: fault)
    }
}
