/// The name of a git object: 20 bytes of SHA-1.
package struct ObjectID: Sendable, Hashable, Comparable, CustomStringConvertible {
    let a, b: UInt64
    let c: UInt32

    /// The id whose 20 bytes these are; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 20 else { return nil }
        var words: (UInt64, UInt64, UInt32) = (0, 0, 0)
        for (index, byte) in bytes.enumerated() {
            switch index / 8 {
            case 0: words.0 = words.0 << 8 | UInt64(byte)
            case 1: words.1 = words.1 << 8 | UInt64(byte)
            default: words.2 = words.2 << 8 | UInt32(byte)
            }
        }
        (a, b, c) = words
    }

    /// Reads 40 lower-case hexadecimal digits; nil for anything else, abbreviations included.
    package init?(hex: some StringProtocol) {
        guard hex.utf8.count == 40 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20)
        var high: UInt8 = 0
        for (index, digit) in hex.utf8.enumerated() {
            let value: UInt8
            switch digit {
            case 0x30...0x39: value = digit - 0x30
            case 0x61...0x66: value = digit - 0x61 + 10
            default: return nil
            }
            if index % 2 == 0 { high = value << 4 } else { bytes.append(high | value) }
        }
        self.init(bytes: bytes)
    }

    package var bytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: a >> (56 - 8 * $0)) }
            + (0..<8).map { UInt8(truncatingIfNeeded: b >> (56 - 8 * $0)) }
            + (0..<4).map { UInt8(truncatingIfNeeded: c >> (24 - 8 * $0)) }
    }

    package var hex: String {
        let digits: StaticString = "0123456789abcdef"
        return String(unsafeUninitializedCapacity: 40) { buffer in
            for (index, byte) in bytes.enumerated() {
                buffer[2 * index] = digits.utf8Start[Int(byte >> 4)]
                buffer[2 * index + 1] = digits.utf8Start[Int(byte & 15)]
            }
            return 40
        }
    }

    package var description: String { hex }
    /// Enough of it for a person.
    package var short: String { String(hex.prefix(12)) }

    package static func < (x: ObjectID, y: ObjectID) -> Bool { (x.a, x.b, x.c) < (y.a, y.b, y.c) }
}
