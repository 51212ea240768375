/// The marks that part a source's text, where a name has them itself: git allows a `#` in folders and branches, and a folder of
/// this machine may be called anything. They are written as in an address, `%23`.
///
/// A `%` is written `%25` only where it would be read as one of these: every other name stands as it is.
package enum SourceMarks {
    private static let codes: [(byte: UInt8, code: [UInt8])] = [
        (0x23, Array("%23".utf8)), (0x25, Array("%25".utf8)), (0x3F, Array("%3F".utf8)),
    ]

    /// Whether an address has no scheme: one with a scheme has none of the marks.
    static func isPlain(_ address: Substring) -> Bool {
        guard let colon = address.firstIndex(of: ":") else { return true }
        return !address[colon...].hasPrefix("://")
    }

    /// O(n).
    static func written(_ text: String, besides mark: Unicode.Scalar? = nil) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(where: { $0 == 0x23 || $0 == 0x25 || $0 == 0x3F }) else { return text }
        var output: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            let isMark = byte == 0x23 || mark.map { UInt32(byte) == $0.value } ?? false
            let isCode = byte == 0x25 && codes.contains { bytes[index...].starts(with: $0.code) }
            if isMark || isCode, let code = codes.first(where: { $0.byte == byte }) {
                output += code.code
            } else {
                output.append(byte)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The text that `written` gives this for. O(n).
    package static func read(_ text: String) -> String {
        guard text.utf8.contains(0x25) else { return text }
        var output: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.first {
            let found = codes.first { rest.starts(with: $0.code) }
            output.append(found?.byte ?? byte)
            rest = rest.dropFirst(found?.code.count ?? 1)
        }
        return String(decoding: output, as: UTF8.self)
    }
}
