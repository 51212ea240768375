import SkillModel

/// What is looked at first of an index file: which version each of its lines is of, and whether that is withdrawn.
///
/// For files that were read before, line by line: it passes over all else that a line says, right or wrong. Whoever wants a
/// version reads its line with `IndexLine`, which lets nothing pass.
enum IndexOutline {
    struct Line {
        var version: Version
        var isYanked: Bool
        /// Where the line is in the file, and which it is, from 1.
        var place: Range<Int>
        var number: Int
    }

    /// The lines in the order of the file; nil when one is no plain object with a version: a reader says what is wrong.
    /// O(n), without an allocation a member.
    static func lines(of bytes: [UInt8]) -> [Line]? {
        var lines: [Line] = []
        return bytes.withUnsafeBufferPointer { buffer -> [Line]? in
            var start = 0
            var number = 1
            while start < buffer.count {
                let end = buffer[start...].firstIndex(of: 0x0A) ?? buffer.count
                if start < end {
                    var scanner = LineScanner(bytes: UnsafeBufferPointer(rebasing: buffer[start..<end]))
                    guard lines.count < IndexLine.greatestCount, let (version, isYanked) = scanner.line() else {
                        return nil
                    }
                    lines.append(Line(version: version, isYanked: isYanked, place: start..<end, number: number))
                }
                start = end + 1
                number += 1
            }
            return lines
        }
    }
}

/// Goes over the members of one object.
private struct LineScanner {
    let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func line() -> (version: Version, isYanked: Bool)? {
        var version: Version?
        var isYanked: Bool?
        skipBlanks()
        guard skip(UInt8(ascii: "{")) else { return nil }
        repeat {
            skipBlanks()
            guard let key = plainString() else { return nil }
            skipBlanks()
            guard skip(UInt8(ascii: ":")) else { return nil }
            skipBlanks()
            if isText(key, "version") {
                guard version == nil, let text = plainString(),
                    let found = Version(utf8: UnsafeBufferPointer(rebasing: bytes[text]))
                else { return nil }
                version = found
            } else if isText(key, "yanked") {
                guard isYanked == nil, let flag = flag() else { return nil }
                isYanked = flag
            } else if !skipValue() {
                return nil
            }
            skipBlanks()
        } while skip(UInt8(ascii: ","))
        guard skip(UInt8(ascii: "}")), let version else { return nil }
        skipBlanks()
        return position == bytes.count ? (version, isYanked ?? false) : nil
    }

    /// What stands between quotes; nil when something in it is escaped.
    private mutating func plainString() -> Range<Int>? {
        guard skip(UInt8(ascii: "\"")) else { return nil }
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            if bytes[position] == UInt8(ascii: "\\") { return nil }
            position += 1
        }
        guard position < bytes.count else { return nil }
        position += 1
        return start..<position - 1
    }

    private mutating func flag() -> Bool? {
        for (word, value) in [("true" as StaticString, true), ("false", false)]
        where position + word.utf8CodeUnitCount <= bytes.count
            && isText(position..<position + word.utf8CodeUnitCount, word)
        {
            position += word.utf8CodeUnitCount
            return value
        }
        return nil
    }

    /// Up to the comma or bracket behind a value.
    private mutating func skipValue() -> Bool {
        var depth = 0
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                guard skipString() else { return false }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return true }
                depth -= 1
            case UInt8(ascii: ","):
                if depth == 0 { return true }
            default: break
            }
            position += 1
        }
        return false
    }

    private mutating func skipString() -> Bool {
        position += 1
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return true
            case UInt8(ascii: "\\"): position += 2
            default: position += 1
            }
        }
        return false
    }

    private func isText(_ place: Range<Int>, _ text: StaticString) -> Bool {
        place.count == text.utf8CodeUnitCount
            && place.indices.allSatisfy { bytes[$0] == text.utf8Start[$0 - place.lowerBound] }
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 || bytes[position] == 0x0D {
            position += 1
        }
    }
}
