import SkillModel

/// Which shell a template is for: `sh` where POSIX has all of it, `bash` otherwise. Blocks say little of it: a fence's `sh` and
/// `bash` are used one for the other.
enum ShellDialect {
    /// O(length).
    static func runner(_ template: String) -> TemplateRunner {
        let name = isBash(Array(template.utf8)) ? "bash" : "sh"
        return TemplateRunner(program: name, ending: "sh")
    }

    private static func isBash(_ bytes: [UInt8]) -> Bool {
        if bytes.has("#!", at: 0), bytes.first(Array("bash".utf8), in: 0..<min(40, bytes.count)) != nil { return true }
        var reader = ShellReader()
        var word = 0..<0
        for index in bytes.indices {
            switch reader.step(bytes[index]) {
            case .single, .comment, .verbatim: continue
            case .double, .document:
                if isExpansion(at: index, bytes) { return true }
            case .bare:
                if isExpansion(at: index, bytes) || isSign(at: index, bytes) { return true }
                // The words of `[ … ]`, of `set -o pipefail` and the like, each with the one before it.
                guard index == 0 || !isPartOfWord(bytes[index - 1]), isPartOfWord(bytes[index]) else { continue }
                var end = index
                while end < bytes.count, isPartOfWord(bytes[end]) { end += 1 }
                if isWord(bytes.text(index..<end), after: bytes.text(word)) { return true }
                word = index..<end
            }
        }
        return false
    }

    private static func isPartOfWord(_ byte: UInt8) -> Bool { byte.isWord || byte == .hyphen || byte == .equals }

    /// What stands outside quotes: `[[ `, `((`, `<(`, `<<<`, `&>`, `|&`, `a=(`, `{1..5}`, `a+=`, `$'`.
    private static func isSign(at index: Int, _ bytes: [UInt8]) -> Bool {
        let before = bytes.byte(index - 1)
        let next = bytes.byte(index + 1)
        switch bytes[index] {
        case .openBracket: return next == .openBracket && (index == 0 || before.isWhitespace)
        case .openParenthesis: return next == .openParenthesis && (index == 0 || before.isWhitespace)
        case .less: return next == .openParenthesis || next == .less && bytes.byte(index + 2) == .less
        case .greater: return next == .openParenthesis
        case .ampersand: return next == .greater && before != .greater
        case .pipe: return next == .ampersand
        case .equals: return next == .openParenthesis && before.isWord
        case UInt8(ascii: "+"): return next == .equals && before.isWord
        case .dollar: return next == .singleQuote
        case .openBrace:
            guard before != .dollar else { return false }
            let rest = bytes[(index + 1)...].prefix(100).prefix { !$0.isWhitespace && $0 != .closeBrace }
            guard bytes.byte(index + 1 + rest.count) == .closeBrace else { return false }
            return rest.contains(.comma) || bytes.first([.dot, .dot], in: rest.startIndex..<rest.endIndex) != nil
        default: return false
        }
    }

    /// `${x//a/b}`, `${x^^}`, `${x:0:3}`, `${x[1]}`, `${!x}`, `$RANDOM`.
    private static func isExpansion(at index: Int, _ bytes: [UInt8]) -> Bool {
        guard bytes[index] == .dollar else { return false }
        let isBraced = bytes.byte(index + 1) == .openBrace
        var at = index + (isBraced ? 2 : 1)
        if isBraced, bytes.byte(at) == 0x21 { return true }
        if isBraced, bytes.byte(at) == .hash { at += 1 }
        var end = at
        while end < bytes.count, bytes[end].isWord { end += 1 }
        if own.contains(bytes.text(at..<end)) { return true }
        guard isBraced, end > at else { return false }
        let sign = bytes.byte(end)
        if sign == .colon { return !":-=+?".utf8.contains(bytes.byte(end + 1)) }
        return [.slash, UInt8(ascii: "^"), .comma, .openBracket, UInt8(ascii: "@")].contains(sign)
    }

    private static func isWord(_ word: String, after before: String) -> Bool {
        if builtins.contains(word) { return true }
        return switch before {
        case "echo": word.hasPrefix("-") && word.contains("e")
        case "read": word.hasPrefix("-") && word != "-r"
        case "trap": word == "ERR"
        default: word == "==" || word == "pipefail"
        }
    }

    private static let own: Set<String> = [
        "RANDOM", "SECONDS", "BASH_SOURCE", "BASH_VERSION", "PIPESTATUS", "HOSTNAME", "EUID", "UID", "OSTYPE",
        "EPOCHSECONDS", "FUNCNAME",
    ]
    private static let builtins: Set<String> = [
        "source", "declare", "typeset", "pushd", "popd", "shopt", "mapfile", "readarray", "let", "function", "disown",
        "coproc", "compgen", "complete",
    ]
}
