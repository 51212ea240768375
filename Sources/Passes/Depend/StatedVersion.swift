import Basics

/// A version that running text states right after a name: "Python 3.11+", "ffmpeg >= 6", "Node.js 18 or later".
enum StatedVersion {
    /// `>=3.11`, `>=6`, `>=18`; nil when what follows is no version. O(length of the version).
    static func after(_ bytes: [UInt8], _ start: Int) -> String? {
        var rest = String(decoding: bytes[min(start, bytes.count)..<min(start + 48, bytes.count)], as: UTF8.self)
        func skip(_ words: [String]) -> Bool {
            rest = String(rest.drop { $0 == " " || $0 == "`" || $0 == "*" })
            guard let word = words.first(where: { rest.lowercased().hasPrefix($0) }) else { return false }
            rest.removeFirst(word.count)
            return true
        }
        _ = skip(["version "])
        rest = String(rest.drop { $0 == " " || $0 == "`" || $0 == "*" })
        var sign = [">=", "≥", "==", "~=", "<=", ">", "<", "^", "~", "="].first { rest.hasPrefix($0) } ?? ""
        rest.removeFirst(sign.count)
        rest = String(rest.drop { $0 == " " })
        if rest.first == "v" { rest.removeFirst() }
        let number = String(rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }).split(separator: ".").joined(
            separator: ".")
        guard !number.isEmpty, number.utf8.count <= 16, rest.hasPrefix(number) else { return nil }
        rest.removeFirst(number.count)
        if sign == "≥" { sign = ">=" }
        if sign.isEmpty {
            // "3 files", "2x": a number alone counts only where it ends as a version does.
            if rest.hasPrefix("+") || rest.hasPrefix(".x") || skip(["or later", "or newer", "or higher", "or above"]) {
                return ">=" + number
            }
            let isEnd = rest.first.map { ",;.)`\n".contains($0) } ?? true
            return isEnd || number.contains(".") && rest.first == " " ? number : nil
        }
        return sign + number
    }
}
