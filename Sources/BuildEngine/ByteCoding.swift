package import Basics

/// Length-prefixed binary for what the engine keeps in its own files: little-endian, versioned by the file's header.
/// (`docs/formats/state.md`)
package struct ByteEncoder {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }
    package mutating func byte(_ value: UInt8) { bytes.append(value) }
    package mutating func count(_ value: Int) { fixed(UInt32(clamping: value)) }
    package mutating func fixed(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
    package mutating func digest(_ value: Digest) { value.withBytes { bytes.append(contentsOf: $0) } }
    /// As they are, without their count.
    package mutating func bytes(_ value: some Sequence<UInt8>) { bytes.append(contentsOf: value) }
    /// `size` bytes, at most 64, that `fill` writes; they are zero before.
    package mutating func record(_ size: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) {
        var words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { raw in
            let record = UnsafeMutableRawBufferPointer(rebasing: raw[..<size])
            fill(record)
            bytes.append(contentsOf: record)
        }
    }
    package mutating func string(_ value: String) {
        count(value.utf8.count)
        bytes.append(contentsOf: value.utf8)
    }
    package mutating func block(_ value: [UInt8]) {
        count(value.count)
        bytes.append(contentsOf: value)
    }
    package mutating func optional(_ value: String?) {
        byte(value == nil ? 0 : 1)
        if let value { string(value) }
    }
}

/// Reads what `ByteEncoder` wrote. Every read is checked: the bytes may be damaged.
package struct ByteDecoder {
    package struct Damaged: Error {
        package init() {}
    }

    private let bytes: ArraySlice<UInt8>
    /// Of the next byte, in the array that the bytes are a slice of.
    package private(set) var position: Int

    package init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        self.position = bytes.startIndex
    }
    package init(_ bytes: [UInt8]) { self.init(bytes[...]) }

    /// Goes on at a position that somebody else has read up to; one that is not ahead is left alone.
    package mutating func skip(to end: Int) { position = min(max(position, end), bytes.endIndex) }

    package var isAtEnd: Bool { position == bytes.endIndex }

    private mutating func take(_ count: Int) throws(Damaged) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.endIndex - position else { throw Damaged() }
        defer { position += count }
        return bytes[position..<position + count]
    }
    package mutating func byte() throws(Damaged) -> UInt8 {
        let slice = try take(1)
        return slice[slice.startIndex]
    }
    package mutating func fixed<T: FixedWidthInteger>(_: T.Type) throws(Damaged) -> T {
        let slice = try take(MemoryLayout<T>.size)
        return slice.withUnsafeBytes { T(littleEndian: $0.loadUnaligned(as: T.self)) }
    }
    /// A count of things that take at least one byte each: never more than the bytes that are left.
    package mutating func count() throws(Damaged) -> Int {
        let value = Int(try fixed(UInt32.self))
        guard value <= bytes.endIndex - position else { throw Damaged() }
        return value
    }
    package mutating func digest() throws(Damaged) -> Digest {
        guard let digest = Digest(bytes: try take(32)) else { throw Damaged() }
        return digest
    }
    package mutating func string() throws(Damaged) -> String {
        guard let text = String(validating: try block(), as: UTF8.self) else { throw Damaged() }
        return text
    }
    package mutating func block() throws(Damaged) -> ArraySlice<UInt8> { try take(try count()) }
    package mutating func optional() throws(Damaged) -> String? { try byte() == 0 ? nil : try string() }
}
