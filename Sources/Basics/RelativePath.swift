#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A path below some root, safe to join to it: non-empty components divided by `/`, none of them `.`, `..` or with
/// a NUL; no leading or trailing `/`.
///
/// Names are bytes to skvm: never normalised, never compared without case.
package struct RelativePath: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let text: String

    /// Nil when `text` is not such a path.
    package init?(_ text: some StringProtocol) {
        // Other modules call this unspecialised: no generic code a character.
        var text = String(text)
        guard text.withUTF8(Self.isPath) else { return nil }
        self.text = text
    }

    private static func isPath(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var start = 0
        for index in 0...bytes.count {
            if index < bytes.count && bytes[index] != 0x2F {
                if bytes[index] == 0 { return false }
                continue
            }
            let component = bytes[start..<index]
            if component.count <= 2 && component.allSatisfy({ $0 == 0x2E }) { return false }
            start = index + 1
        }
        return true
    }

    /// Split by bytes: to `Character`s, a `/` before a combining mark is no `/`.
    package var components: [Substring] { text.utf8.split(separator: 0x2F).map { Substring($0) } }
    package var name: String {
        text.utf8.lastIndex(of: 0x2F).map { String(text[text.utf8.index(after: $0)...]) } ?? text
    }
    /// The folder that holds this path; nil for a path of one component.
    package var parent: RelativePath? {
        text.utf8.lastIndex(of: 0x2F).map { RelativePath(unchecked: String(text[..<$0])) }
    }
    package var description: String { text }

    package func appending(_ other: RelativePath) -> RelativePath {
        RelativePath(unchecked: text + "/" + other.text)
    }

    private init(unchecked text: String) { self.text = text }

    // `String` takes canonically equivalent texts (é in one scalar or in two) for equal; to a file system they are two.
    package static func == (a: RelativePath, b: RelativePath) -> Bool {
        a.text.utf8.count == b.text.utf8.count && order(a, b) == 0
    }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0 as UInt8)
    }

    /// By UTF-8 bytes, as trees sort their entries; never by locale.
    package static func < (a: RelativePath, b: RelativePath) -> Bool { order(a, b) < 0 }

    /// Below, above or zero as `a` comes before `b`, after it, or is the same. Builds compare paths by the million.
    private static func order(_ a: RelativePath, _ b: RelativePath) -> Int {
        var (first, second) = (a.text, b.text)
        return first.withUTF8 { first in
            second.withUTF8 { second in
                let order = memcmp(first.baseAddress!, second.baseAddress!, min(first.count, second.count))
                return order != 0 ? Int(order) : first.count - second.count
            }
        }
    }
}

extension RelativePath: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let path = RelativePath(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a relative path: \(text)")
        }
        self = path
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
