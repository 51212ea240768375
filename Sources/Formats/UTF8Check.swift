/// Strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
enum UTF8Check {
    /// The offset of the first byte that isn't UTF-8; nil when all is well. O(n), eight bytes a step over ASCII.
    static func firstFault(in bytes: [UInt8]) -> Int? {
        bytes.withUnsafeBytes { raw in
            var index = 0
            while index < raw.count {
                if index + 8 <= raw.count,
                    raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
                {
                    index += 8
                } else if raw[index] < 0x80 {
                    index += 1
                } else {
                    let length = sequenceLength(raw, index)
                    if length == 0 { return index }
                    index += length
                }
            }
            return nil
        }
    }

    /// 0 when no valid sequence begins at `index`. The table is Unicode's 3-7.
    private static func sequenceLength(_ raw: UnsafeRawBufferPointer, _ index: Int) -> Int {
        func byte(_ offset: Int) -> UInt8 { index + offset < raw.count ? raw[index + offset] : 0 }
        func isTail(_ offset: Int) -> Bool { byte(offset) & 0xC0 == 0x80 }
        let second = byte(1)
        switch raw[index] {
        case 0xC2...0xDF: return isTail(1) ? 2 : 0
        case 0xE0: return (0xA0...0xBF).contains(second) && isTail(2) ? 3 : 0
        case 0xED: return (0x80...0x9F).contains(second) && isTail(2) ? 3 : 0
        case 0xE1...0xEF: return isTail(1) && isTail(2) ? 3 : 0
        case 0xF0: return (0x90...0xBF).contains(second) && isTail(2) && isTail(3) ? 4 : 0
        case 0xF4: return (0x80...0x8F).contains(second) && isTail(2) && isTail(3) ? 4 : 0
        case 0xF1...0xF3: return isTail(1) && isTail(2) && isTail(3) ? 4 : 0
        default: return 0
        }
    }
}
