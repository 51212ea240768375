/// Names that one is taken for the other: typed wrongly, or read wrongly.
///
/// For names of ASCII letters, digits and `-`, `.`, `_`, such as packages and owners have. It is told only what people mix up in
/// earnest: of the 79,800 pairs of 400 skills found in the wild, one (`update`, `updater`).
package enum LookAlike: Sendable, Hashable {
    /// They differ by hyphens, dots and underscores alone: `pdf-tools`, `pdftools`.
    case separators
    /// They are written with letters that look alike: `open-claw`, `0pen-cIaw`.
    case letters
    /// One letter of a longer word is another, missing, or swapped with its neighbour: `pdf-tables`, `pdf-tabels`.
    case typing

    /// How `name` is like `other`; nil when it isn't, and when they are equal. O(n).
    package init?(_ name: String, _ other: String) {
        let (a, b) = (Array(name.utf8), Array(other.utf8))
        if a == b { return nil }
        if Self.bare(a) == Self.bare(b) {
            self = .separators
        } else if Self.skeleton(a) == Self.skeleton(b) {
            self = .letters
        } else if Self.isMistyped(a, b) {
            self = .typing
        } else {
            return nil
        }
    }

    /// In words, after "`a` is like `b`: ".
    package var words: String {
        switch self {
        case .separators: "only hyphens differ"
        case .letters: "the letters that differ look alike"
        case .typing: "one letter differs"
        }
    }

    /// Spellings of a name that a reader may have meant by it, the name itself among them.
    package static func spellings(of name: String) -> Set<String> {
        let letters = name.replacing("0", with: "o").replacing("5", with: "s").replacing("rn", with: "m")
        return [
            name, name.filter { $0 != "-" }, letters.replacing("1", with: "l"), letters.replacing("1", with: "i"),
        ]
    }

    private static func bare(_ text: [UInt8]) -> [UInt8] { text.filter { !isSeparator($0) } }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }

    /// What is left when everything that looks alike is written one way.
    private static func skeleton(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bare(text) {
            var letter = byte
            switch byte {
            case UInt8(ascii: "0"): letter = UInt8(ascii: "o")
            case UInt8(ascii: "1"), UInt8(ascii: "i"): letter = UInt8(ascii: "l")
            case UInt8(ascii: "5"): letter = UInt8(ascii: "s")
            case UInt8(ascii: "n") where result.last == UInt8(ascii: "r"):
                result.removeLast()
                letter = UInt8(ascii: "m")
            case UInt8(ascii: "v") where result.last == UInt8(ascii: "v"):
                result.removeLast()
                letter = UInt8(ascii: "w")
            default: break
            }
            result.append(letter)
        }
        return result
    }

    /// Whether all words are the same but one, which has five letters or more and is one step from the other. Short words
    /// one letter apart are other words (`csv`, `tsv`), and so are numbers.
    private static func isMistyped(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        let (left, right) = (a.split(whereSeparator: isSeparator), b.split(whereSeparator: isSeparator))
        guard left.count == right.count else { return false }
        let different = zip(left, right).filter { !$0.elementsEqual($1) }
        guard different.count == 1, let (x, y) = different.first, max(x.count, y.count) >= 5 else { return false }
        return isOneStep(Array(x), Array(y))
    }

    /// One letter replaced, missing, or swapped with its neighbour; digits don't count as letters.
    private static func isOneStep(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        let start = zip(a, b).prefix { $0 == $1 }.count
        let (x, y) = (a[start...], b[start...])
        if a.count == b.count {
            if x.dropFirst().elementsEqual(y.dropFirst()) { return !(isDigit(x[start]) && isDigit(y[start])) }
            return x.count > 1 && x[start] == y[start + 1] && x[start + 1] == y[start]
                && x.dropFirst(2).elementsEqual(y.dropFirst(2))
        }
        let (short, long) = a.count < b.count ? (x, y) : (y, x)
        return long.count == short.count + 1 && long.dropFirst().elementsEqual(short) && !isDigit(long[start])
    }
}

/// Letters of other scripts that are read as ASCII ones.
package enum OtherScripts {
    /// `text` with such letters in ASCII, and which they were; nil when it has none.
    package static func inASCII(_ text: String) -> (text: String, letters: [Unicode.Scalar])? {
        var result = String.UnicodeScalarView()
        var letters: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars {
            guard let plain = ascii(scalar) else {
                result.append(scalar)
                continue
            }
            result.append(plain)
            if !letters.contains(scalar) { letters.append(scalar) }
        }
        return letters.isEmpty ? nil : (String(result), letters)
    }

    private static func ascii(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0xFF21...0xFF3A: Unicode.Scalar(scalar.value - 0xFEC0)
        case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0)
        case 0x2010...0x2015, 0x2212: "-"
        default: table[scalar]
        }
    }

    /// Cyrillic, Greek, and Latin letters that ASCII has not.
    private static let table: [Unicode.Scalar: Unicode.Scalar] = [
        "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ј": "j", "ѕ": "s", "һ": "h",
        "ԁ": "d", "ԛ": "q", "ԝ": "w", "г": "r", "п": "n", "ӏ": "l", "ь": "b", "к": "k", "т": "t", "м": "m", "в": "b",
        "α": "a", "ο": "o", "ν": "v", "ι": "i", "κ": "k", "ρ": "p", "τ": "t", "υ": "u", "χ": "x", "γ": "y", "ε": "e",
        "ı": "i", "ɑ": "a", "ɡ": "g", "ℓ": "l", "ǀ": "l", "ſ": "f",
    ]
}
