import Basics

/// The name of a git object: 20 bytes of SHA-1.
package struct ObjectID: Sendable, Hashable, Comparable, CustomStringConvertible {
    let a, b: UInt64
    let c: UInt32

    /// The id whose 20 bytes these are; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        // Other modules call this unspecialised: no generic code a byte.
        let id =
            bytes.withContiguousStorageIfAvailable { ObjectID(raw: UnsafeRawBufferPointer($0)) }
            ?? Array(bytes).withUnsafeBytes { ObjectID(raw: $0) }
        guard let id else { return nil }
        self = id
    }

    init?(raw: UnsafeRawBufferPointer) {
        guard raw.count == 20 else { return nil }
        a = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
        b = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        c = UInt32(bigEndian: raw.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
    }

    /// Reads 40 lower-case hexadecimal digits; nil for anything else, abbreviations included.
    package init?(hex: some StringProtocol) {
        guard hex.utf8.count == 40, let bytes = [UInt8](hex: hex) else { return nil }
        self.init(bytes: bytes)
    }

    package var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 20) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            raw.storeBytes(of: a.bigEndian, toByteOffset: 0, as: UInt64.self)
            raw.storeBytes(of: b.bigEndian, toByteOffset: 8, as: UInt64.self)
            raw.storeBytes(of: c.bigEndian, toByteOffset: 16, as: UInt32.self)
            count = 20
        }
    }

    package var hex: String { bytes.hex }

    package var description: String { hex }
    /// Enough of it for a person.
    package var short: String { String(hex.prefix(12)) }

    package static func < (x: ObjectID, y: ObjectID) -> Bool { (x.a, x.b, x.c) < (y.a, y.b, y.c) }
}
