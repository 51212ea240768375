import Basics

/// `[PROJECT_ID]`, `{PROJECT_ID}`, `{{project}}` in shell code: what the reader puts another value in the place of.
///
/// The shell has uses of its own for both brackets: tests, patterns of files, subscripts, groups, lists. What can be no
/// placeholder is not found; what may be one and is not shouted is told as such, so that nobody runs it as it stands.
enum BracketPlaceholder {
    struct Found {
        /// With the brackets.
        var range: Range<Int>
        /// In capitals, with one pair of square brackets: a name that stands for a value and can be nothing else.
        var isShouted: Bool
    }

    private static let longest = 48

    /// In order, none overlapping another. O(n).
    static func all(in bytes: [UInt8]) -> [Found] {
        var found: [Found] = []
        var at = 0
        while at < bytes.count {
            guard bytes[at] == 0x5B || bytes[at] == 0x7B, let end = end(of: at, in: bytes) else {
                at += 1
                continue
            }
            let name = bytes[(at + 1)..<(end - 1)]
            let isShouted =
                bytes[at] == 0x5B && name.count >= 4 && name.contains { $0.isLetter } && !name.contains(0x20)
                && name.allSatisfy { !($0 >= 0x61 && $0 <= 0x7A) }
            found.append(Found(range: at..<end, isShouted: isShouted))
            at = end
        }
        return found
    }

    /// The offset behind the bracket that closes a placeholder; nil for the shell's own uses.
    private static func end(of start: Int, in bytes: [UInt8]) -> Int? {
        if start > 0, isPartOfCode(bytes[start - 1], before: bytes[start]) { return nil }
        let close: UInt8 = bytes[start] == 0x5B ? 0x5D : 0x7D
        var at = start + 1
        if at < bytes.count, bytes[at] == bytes[start] { at += 1 }
        let first = at
        while at < bytes.count, at - first <= longest, isNamePart(bytes[at]) { at += 1 }
        let name = bytes[first..<at]
        guard at < bytes.count, bytes[at] == close, name.count >= 3, let head = name.first,
            head.isLetter || head >= 0x80, name.last != 0x20,
            name.last != 0x2D
        else { return nil }
        // `[a-z]`, `[A-Za-z]`, `[0-9A-F]`: a class.
        if bytes[start] == 0x5B, isClass(name) { return nil }
        if tags.contains(String(decoding: name, as: UTF8.self).asciiLowercased()) { return nil }
        if first == start + 2 { return at + 1 < bytes.count && bytes[at + 1] == close ? at + 2 : nil }
        return at + 1
    }

    /// `${…}`, `@{…}`, `%{…}`, `a[…]`, `.[…]`, `\[`: no placeholder begins there.
    private static func isPartOfCode(_ before: UInt8, before bracket: UInt8) -> Bool {
        if [0x24, 0x5C].contains(before) { return true }
        if bracket == 0x7B { return [0x40, 0x25, 0x23, 0x7B].contains(before) }
        return before == 0x5B || before == 0x2E || before.isIdentifier
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        byte.isIdentifier || byte == 0x2D || byte == 0x20 || byte >= 0x80
    }

    /// Ranges of single characters, and hardly anything else.
    private static func isClass(_ name: ArraySlice<UInt8>) -> Bool {
        var (ranges, others) = (0, 0)
        var at = name.startIndex
        while at < name.endIndex {
            let isRange = at + 2 < name.endIndex && name[at + 1] == 0x2D
            if isRange { ranges += 1 } else { others += 1 }
            at += isRange ? 3 : 1
        }
        return ranges > 0 && others <= 2
    }

    /// `echo "[INFO] …"`: what kind of line it is.
    private static let tags: Set<String> = [
        "info", "warn", "warning", "error", "debug", "done", "fail", "failed", "pass", "passed", "skip", "skipped",
        "fatal", "trace", "note", "start", "test", "success",
    ]
}
