import CCrypto

/// What stands in the place of a user's name in an address, and may be a token: something that servers take for a password,
/// and that no lock, log or message may show.
package enum SecretText {
    /// What the tokens of known servers begin with.
    private static let marks = [
        "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-", "glrt-", "glptt-", "glft-", "glcbt-",
        "glsoat-", "hf_", "ATBB", "ATCTT3", "npm_", "pypi-", "dop_v1_", "xoxb-", "xoxp-", "x-token", "eyJ",
    ]
    /// No forge that skvm knows of has longer names.
    private static let longestName = 39

    /// Whether `text` begins as the tokens of a known server do. For ssh, which has no tokens: what comes first there is a
    /// user's name, however long.
    package static func isMarked(_ text: some StringProtocol) -> Bool {
        marks.contains { text.utf8.starts(with: $0.utf8) }
    }

    /// Whether `text` is a token rather than a name: it is marked, or it looks as if nobody had chosen its letters. What
    /// could be either is taken for a token: to refuse a name costs a line in git's configuration, to show a token costs more.
    package static func isToken(_ text: some StringProtocol) -> Bool {
        if isMarked(text) { return true }
        let letters = Array(text.utf8)
        // A mail address is a name.
        guard letters.count >= 8, !letters.contains(UInt8(ascii: ".")) else { return false }
        if letters.count > longestName { return true }
        var kinds = Set<Kind>()
        var changes = 0
        var last: Kind?
        for kind in letters.compactMap({ Kind($0) }) {
            kinds.insert(kind)
            if let last, last != kind { changes += 1 }
            last = kind
        }
        // Names of people have a number at their end, or a capital in their middle; no more of that.
        if letters.count < 20 { return changes >= 5 }
        if kinds.count == 3 { return true }
        return changes >= (kinds.contains(.digit) ? 4 : 8)
    }

    private enum Kind {
        case digit, upper, lower

        init?(_ byte: UInt8) {
            switch byte {
            case 0x30...0x39: self = .digit
            case 0x41...0x5A: self = .upper
            case 0x61...0x7A: self = .lower
            default: return nil
            }
        }
    }
}

/// The hash that names git's objects. For nothing else: it is no longer safe against who may choose both of two texts.
package enum SHA1 {
    /// The name of an object of `kind` ("commit", "tree", …) with these bytes: 40 hexadecimal digits.
    package static func objectName(_ kind: String, _ bytes: [UInt8]) -> String {
        let object = Array("\(kind) \(bytes.count)\0".utf8) + bytes
        var hash = [UInt8](repeating: 0, count: 20)
        _ = CCrypto.SHA1(object, object.count, &hash)
        return hash.hex
    }
}
