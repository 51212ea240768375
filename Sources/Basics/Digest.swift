import CCrypto

/// A SHA-256 digest, 32 bytes. The identity of a blob, a tree or an action.
///
/// Its text is `sha256:` and 64 lower-case hexadecimal digits (`docs/formats/digest.md`).
package struct Digest: Sendable, Hashable, Comparable {
    // Four words rather than an array: a digest is copied by the hundred thousand in a build.
    let a, b, c, d: UInt64

    /// The digest whose 32 bytes these are; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        // Other modules call this unspecialised: no generic code an element.
        let digest =
            bytes.withContiguousStorageIfAvailable { Digest(raw: UnsafeRawBufferPointer($0)) }
            ?? Array(bytes).withUnsafeBytes { Digest(raw: $0) }
        guard let digest else { return nil }
        self = digest
    }

    private init?(raw: UnsafeRawBufferPointer) {
        guard raw.count == 32 else { return nil }
        func word(_ offset: Int) -> UInt64 {
            UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        self.init(words: (word(0), word(8), word(16), word(24)))
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
        // Other modules call this unspecialised: no generic code a character.
        var text = String(text)
        let digest = text.withUTF8 { bytes -> Digest? in
            guard bytes.count == 71, bytes.starts(with: "sha256:".utf8) else { return nil }
            return Digest(digits: UnsafeBufferPointer(rebasing: bytes[7...]))
        }
        guard let digest else { return nil }
        self = digest
    }

    /// Reads 64 lower-case hexadecimal digits; nil for anything else.
    package init?(hex: some StringProtocol) {
        var hex = String(hex)
        guard let digest = hex.withUTF8({ Digest(digits: $0) }) else { return nil }
        self = digest
    }

    private init?(digits: UnsafeBufferPointer<UInt8>) {
        guard digits.count == 64 else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for index in 0..<64 {
            guard let digit = hexValue(digits[index]) else { return nil }
            switch index >> 4 {
            case 0: words.0 = words.0 << 4 | UInt64(digit)
            case 1: words.1 = words.1 << 4 | UInt64(digit)
            case 2: words.2 = words.2 << 4 | UInt64(digit)
            default: words.3 = words.3 << 4 | UInt64(digit)
            }
        }
        self.init(words: words)
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
        // Other modules call this unspecialised: no generic code a character.
        var text = String(hex)
        guard let bytes = text.withUTF8(Self.decode) else { return nil }
        self = bytes
    }

    private static func decode(_ digits: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = hexValue(digits[index]), let low = hexValue(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}

private func hexValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x61...0x66: digit - 0x61 + 10
    default: nil
    }
}
