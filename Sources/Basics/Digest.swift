import CCrypto

/// A SHA-256 digest, 32 bytes. The identity of a blob, a tree or an action.
///
/// Its text is `sha256:` and 64 lower-case hexadecimal digits (`docs/formats/digest.md`).
package struct Digest: Sendable, Hashable, Comparable {
    // Four words rather than an array: a digest is copied by the hundred thousand in a build.
    let a, b, c, d: UInt64

    /// The digest whose 32 bytes these are; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for (index, byte) in bytes.enumerated() {
            switch index / 8 {
            case 0: words.0 = words.0 << 8 | UInt64(byte)
            case 1: words.1 = words.1 << 8 | UInt64(byte)
            case 2: words.2 = words.2 << 8 | UInt64(byte)
            default: words.3 = words.3 << 8 | UInt64(byte)
            }
        }
        (a, b, c, d) = words
    }

    /// SHA-256 of `bytes`. O(n).
    package init(of bytes: some Collection<UInt8>) {
        let hash =
            bytes.withContiguousStorageIfAvailable { sha256(UnsafeRawBufferPointer($0)) }
            ?? Array(bytes).withUnsafeBytes { sha256($0) }
        self = hash
    }

    package init(of text: String) {
        var text = text
        self = text.withUTF8 { sha256(UnsafeRawBufferPointer($0)) }
    }

    fileprivate init(words: (UInt64, UInt64, UInt64, UInt64)) {
        (a, b, c, d) = words
    }

    /// Reads `sha256:<64 lower-case hex>`; nil for anything else.
    package init?(text: some StringProtocol) {
        guard text.hasPrefix("sha256:") else { return nil }
        self.init(hex: text.dropFirst(7))
    }

    /// Reads 64 lower-case hexadecimal digits; nil for anything else.
    package init?(hex: some StringProtocol) {
        guard let bytes = [UInt8](hex: hex) else { return nil }
        self.init(bytes: bytes)
    }

    package var bytes: [UInt8] { withBytes { [UInt8]($0) } }

    package var hex: String {
        String(unsafeUninitializedCapacity: 64) { buffer in
            withBytes { writeHex($0, to: buffer) }
            return 64
        }
    }

    /// Calls `body` with the 32 bytes, without allocating.
    package func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        let words = (a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian)
        // `withUnsafeBytes(of:)` rethrows untyped; the box carries the typed error across it.
        let result: Result<R, E> = withUnsafeBytes(of: words) { raw in
            do throws(E) { return .success(try body(raw)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Writes the 64 hexadecimal digits to the end of `bytes`: the form in which a message holds a digest.
    package func appendHex(to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: 64))
        bytes.withUnsafeMutableBufferPointer { buffer in
            withBytes { writeHex($0, to: UnsafeMutableBufferPointer(rebasing: buffer[start...])) }
        }
    }

    package static func < (x: Digest, y: Digest) -> Bool {
        (x.a, x.b, x.c, x.d) < (y.a, y.b, y.c, y.d)
    }
}

extension Digest: CustomStringConvertible {
    package var description: String { "sha256:\(hex)" }
}

extension Digest: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = Digest(text: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a digest: \(text.prefix(80))")
        }
        self = digest
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

private func sha256(_ bytes: UnsafeRawBufferPointer) -> Digest {
    var hasher = SHA256Hasher()
    hasher.update(bytes)
    return hasher.finish()
}

/// SHA-256 over bytes that arrive in parts (OpenSSL's, which uses the processor's instructions where it has them).
package struct SHA256Hasher: ~Copyable {
    // The low-level context lives on the stack: `EVP_Digest` costs an allocation and a provider look-up a call,
    // three times the price of hashing a small blob.
    private var context = SHA256_CTX()

    package init() {
        SHA256_Init(&context)
    }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        SHA256_Update(&context, bytes.baseAddress, bytes.count)
    }

    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    package consuming func finish() -> Digest {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var context = self.context
        withUnsafeMutableBytes(of: &words) { raw in
            _ = SHA256_Final(raw.baseAddress!.assumingMemoryBound(to: UInt8.self), &context)
        }
        return Digest(
            words: (
                UInt64(bigEndian: words.0), UInt64(bigEndian: words.1), UInt64(bigEndian: words.2),
                UInt64(bigEndian: words.3)
            ))
    }
}

private func writeHex(_ bytes: UnsafeRawBufferPointer, to buffer: UnsafeMutableBufferPointer<UInt8>) {
    let digits: StaticString = "0123456789abcdef"
    for (index, byte) in bytes.enumerated() {
        buffer[2 * index] = digits.utf8Start[Int(byte >> 4)]
        buffer[2 * index + 1] = digits.utf8Start[Int(byte & 15)]
    }
}

extension [UInt8] {
    /// Lower-case hexadecimal digits, two a byte.
    package var hex: String {
        String(unsafeUninitializedCapacity: count * 2) { buffer in
            withUnsafeBytes { writeHex($0, to: buffer) }
            return count * 2
        }
    }

    /// Reads lower-case hexadecimal digits; nil for an odd count or any other character.
    package init?(hex: some StringProtocol) {
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in hex.utf8 {
            let value: UInt8
            switch character {
            case 0x30...0x39: value = character - 0x30
            case 0x61...0x66: value = character - 0x61 + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        guard high == nil else { return nil }
        self = bytes
    }
}
