import Basics
import SkillModel

/// Text of a source and of its variant in a form in which relocation makes no difference: a bundled file's path has nothing
/// before it, no token, no variable for the folder, no `./`, and no quotes around it; where no bundled file follows, a variable
/// that a harness defines is the token. Nothing else is forgiven.
struct CanonicalText {
    /// Paths as a canonical text has them.
    private let paths: Set<String>
    private let anchors: FolderAnchors

    /// `files` are those that the variant adds.
    init(_ source: SkillDocument, files: [RelativePath] = []) {
        anchors = FolderAnchors(source, files)
        var paths: Set<String> = []
        for reference in source.references {
            let path = ReferenceRelocations.path(of: reference, in: source)
            let text = reference.exists ? path : Relocation.relocated(path)
            paths.insert(String(decoding: anchors.resolved(Array(text.utf8)), as: UTF8.self))
            if reference.exists {
                // With the token before it, it is known without its slash.
                let relocated = Array(Relocation.relocated(path).utf8)
                paths.insert(String(decoding: anchors.resolved(relocated), as: UTF8.self))
            }
        }
        self.paths = paths
    }

    private static let longestPath = 512

    /// O(n · longest path in the worst case, n in text without quotes).
    func of(_ text: String) -> String {
        guard !paths.isEmpty || text.contains(Relocation.token) || FolderVariable.mayBeDefined(in: text) else {
            return text
        }
        let bytes = anchors.resolved(Array(text.utf8))
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
