import Basics
import SkillModel

/// Text of a source and of its variant in a form in which relocation makes no difference: the token is gone, and so are
/// the quotes and the `./` around a bundled file's path. Nothing else is forgiven.
struct CanonicalText {
    private let paths: Set<String>

    init(_ source: SkillDocument) {
        paths = Set(
            source.references.lazy.filter(\.exists).map { reference in
                var path = source.text(reference.span)
                while path.hasPrefix("./") { path.removeFirst(2) }
                return path
            })
    }

    private static let token = Array((Relocation.token + "/").utf8)
    private static let longestPath = 512

    /// O(n · longest path in the worst case, n in text without quotes).
    func of(_ text: String) -> String {
        guard !paths.isEmpty || text.contains(Relocation.token) else { return text }
        let bytes = withoutToken(Array(text.utf8))
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var at = 0
        while at < bytes.count {
            if bytes[at] == 0x22 || bytes[at] == 0x27, let end = quotedPath(bytes, at) {
                result += bytes[(at + 1)..<end]
                at = end + 1
                if result.count >= 2, result.starts(with: [0x2E, 0x2F]) { continue }
            } else if bytes[at] == 0x2E, at + 1 < bytes.count, bytes[at + 1] == 0x2F, beginsPath(bytes, at) {
                at += 2
            } else {
                result.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The words of a text: what blanks divide.
    func words(_ text: String) -> [String] {
        of(text).utf8.split(whereSeparator: \.isWhitespace).map { String(decoding: $0, as: UTF8.self) }
    }

    private func withoutToken(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var at = 0
        while at < bytes.count {
            if bytes[at] == 0x40, bytes[at...].starts(with: Self.token) {
                at += Self.token.count
            } else {
                result.append(bytes[at])
                at += 1
            }
        }
        return result
    }

    /// The offset of the closing quote when a path stands between the quote at `start` and it.
    private func quotedPath(_ bytes: [UInt8], _ start: Int) -> Int? {
        var end = start + 1
        let limit = min(bytes.count, start + Self.longestPath)
        while end < limit, bytes[end] != bytes[start], bytes[end] != 0x0A { end += 1 }
        guard end < limit, bytes[end] == bytes[start] else { return nil }
        var inner = bytes[(start + 1)..<end]
        while inner.starts(with: [0x2E, 0x2F]) { inner = inner.dropFirst(2) }
        return paths.contains(String(decoding: inner, as: UTF8.self)) ? end : nil
    }

    /// Whether the `./` at `start` stands before a bundled file's path, and is no end of `../`.
    private func beginsPath(_ bytes: [UInt8], _ start: Int) -> Bool {
        if start > 0, bytes[start - 1].isIdentifier || bytes[start - 1] == 0x2E || bytes[start - 1] == 0x2F {
            return false
        }
        var from = start
        while from + 1 < bytes.count, bytes[from] == 0x2E, bytes[from + 1] == 0x2F { from += 2 }
        var end = from
        let limit = min(bytes.count, from + Self.longestPath)
        while end < limit, !bytes[end].isWhitespace,
            ![0x22, 0x27, 0x60, 0x29, 0x28, 0x3E, 0x3C, 0x5D, 0x7C, 0x3B, 0x26, 0x23].contains(bytes[end])
        {
            end += 1
        }
        while end > from, [0x2E, 0x2C, 0x3A, 0x21, 0x3F].contains(bytes[end - 1]) {
            if paths.contains(String(decoding: bytes[from..<end], as: UTF8.self)) { return true }
            end -= 1
        }
        return paths.contains(String(decoding: bytes[from..<end], as: UTF8.self))
    }
}
