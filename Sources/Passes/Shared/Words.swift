package import Basics

/// A word of running text with its place in SKILL.md.
package struct Word: Sendable, Equatable {
    /// As written.
    package var text: String
    /// In lower case, for tables.
    package let lower: String
    package var span: SourceSpan
    /// Equal for equal `lower`; 0 when that has anything but ASCII. A hundred tables ask after each word of a skill.
    let key: UInt64

    init(text: String, lower: String, span: SourceSpan) {
        self.text = text
        self.lower = lower
        self.span = span
        key = WordKey.of(lower)
    }
}

/// A word's bytes as one number: FNV-1a, never stored.
enum WordKey {
    /// 0 for the empty word and for one that has anything but ASCII: such may be equal and have other bytes.
    static func of(_ word: String) -> UInt64 {
        var word = word
        return word.withUTF8 { bytes in
            if bytes.isEmpty { return 0 }
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for byte in bytes {
                if byte >= 0x80 { return 0 }
                hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
            }
            return hash == 0 ? 1 : hash
        }
    }
}

/// Words up to a full stop, with their place.
package struct Sentence: Sendable, Equatable {
    package var words: [Word]
    package var span: SourceSpan
    /// Index in `SkillDocument.blocks`.
    package var block: Int
}

/// Cuts text into words and sentences by one pass over its bytes. Markup characters are no word characters, so the
/// source of a block can be read as it stands and every word keeps its true offset.
package enum WordScanner {
    /// The sentences of `range` of `bytes`. A sentence ends at `.`, `!`, `?` or `;` before white space, at a
    /// table cell's border, after a thousand words, and at the end of the range. O(length).
    package static func sentences(_ bytes: [UInt8], _ span: SourceSpan, block: Int) -> [Sentence] {
        var result: [Sentence] = []
        var words: [Word] = []
        var index = max(span.start, 0)
        let end = min(span.end, bytes.count)
        func close() {
            guard let first = words.first, let last = words.last else { return }
            result.append(Sentence(words: words, span: SourceSpan(first.span.start, last.span.end), block: block))
            words.removeAll()
        }
        while index < end {
            let length = wordByteLength(bytes, index, end)
            if length > 0 {
                let start = index
                index = wordEnd(bytes, from: index, end)
                words.append(word(bytes, start, index))
                if words.count == longest { close() }
                continue
            }
            if isStop(bytes[index]), index + 1 >= end || isSpace(bytes[index + 1]) || bytes[index + 1] == asterisk {
                // `3.` at the start numbers the sentence that follows.
                if words.count != 1 || !words[0].text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) { close() }
            } else if bytes[index] == pipe {
                close()
            }
            index += 1
        }
        close()
        return result
    }

    /// The words of a text that is not in SKILL.md (a front matter value): offsets count from its start.
    package static func words(_ text: String) -> [Word] {
        let bytes = Array(text.utf8)
        return sentences(bytes, SourceSpan(0, bytes.count), block: -1).flatMap(\.words)
    }

    private static func word(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Word {
        let text = String(decoding: bytes[start..<end], as: UTF8.self)
        return Word(text: text, lower: text.lowercased(), span: SourceSpan(start, end))
    }

    private static func wordEnd(_ bytes: [UInt8], from start: Int, _ end: Int) -> Int {
        var index = start
        while index < end {
            let length = wordByteLength(bytes, index, end)
            if length > 0 {
                index += length
            } else if isInner(bytes[index]), index + 1 < end, wordByteLength(bytes, index + 1, end) > 0 {
                index += 1
            } else {
                break
            }
        }
        return min(index, end)
    }

    /// How many bytes at `index` belong to a word: 1 for ASCII letters, digits and `_`; the whole scalar for letters
    /// beyond ASCII; 0 for anything else (dashes, arrows, dingbats, emoji and ideographic punctuation included).
    private static func wordByteLength(_ bytes: [UInt8], _ index: Int, _ end: Int) -> Int {
        let byte = bytes[index]
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: return 1
        case 0xC3...0xDF: return 2
        case 0xE0...0xEF:
            let next = index + 1 < end ? bytes[index + 1] : 0
            let isSymbol = (byte == 0xE2 && next < 0xB0) || (byte == 0xE3 && next == 0x80) || byte == 0xEF
            return isSymbol ? 0 : 3
        default: return 0
        }
    }

    /// Rules look through a sentence for each of its words: one of a hostile skill's may not be as long as a file.
    private static let longest = 1000

    private static let asterisk = UInt8(ascii: "*")
    private static let pipe = UInt8(ascii: "|")
    private static func isStop(_ byte: UInt8) -> Bool { byte == 0x2E || byte == 0x21 || byte == 0x3F || byte == 0x3B }
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
    /// `-`, `'`, `.` and `/` hold a word together only between two word characters: `front-end`, `don't`, `Node.js`.
    private static func isInner(_ byte: UInt8) -> Bool { byte == 0x2D || byte == 0x27 || byte == 0x2E }
}
