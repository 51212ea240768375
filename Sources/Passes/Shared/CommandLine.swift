package import Basics

/// A command that the skill shows: of a shell fragment, of an unmarked code block, or in running text.
package struct Invocation: Sendable, Equatable {
    package enum Origin: Sendable, Equatable {
        /// Index in `SkillDocument.fragments`.
        case fragment(Int)
        /// Index in `SkillDocument.codeSpans`.
        case codeSpan(Int)
    }

    package var words: [String]
    package var assignments: [String]
    package var redirections: [String]
    /// `for`, `while`, `if` … around it.
    package var keywords: [String]
    /// What joins it to the command before it; `|` for a pipe.
    package var connector: String
    package var span: SourceSpan
    package var line: Int
    package var origin: Origin
    package var role: SectionRole
    /// The script can do without it, by the look for a program around it.
    package var isGuarded = false

    package var isInline: Bool { if case .codeSpan = origin { true } else { false } }

    /// The program and its arguments with wrappers (`sudo`, `env A=b`, `time`, `timeout 5`, `nohup`) taken off.
    package var unwrapped: ArraySlice<String> {
        var rest = words[...]
        while let first = rest.first, Invocation.wrappers.contains(first) {
            rest = rest.dropFirst()
            while let next = rest.first, next.hasPrefix("-") || next.contains("=") || next.allSatisfy(\.isNumber) {
                rest = rest.dropFirst()
            }
        }
        return rest
    }

    /// The program's name without its folder; empty when it is a variable, a script of the skill or no name at all.
    package var program: String {
        guard let first = unwrapped.first, !first.contains("$"), !first.hasPrefix("<") else { return "" }
        if first.hasPrefix("./") || first.hasPrefix("../") || CommandLine.isSlashCommand(first) { return "" }
        let name = first.split(separator: "/").last.map(String.init) ?? ""
        if first.contains("/"), !first.hasPrefix("/") { return "" }
        return CommandLine.isProgramName(name) ? name : ""
    }

    private static let wrappers: Set<String> = [
        "sudo", "env", "time", "timeout", "nohup", "command", "exec", "nice", "xargs", "watch", "then", "do", "else",
        "!",
        "$", ">", "%",
    ]
}

/// Splits one line of a command as a shell would: quotes and backslashes read, nothing expanded.
package enum CommandLine {
    /// `/summarise`: what a user types to an agent. No system has programs in its root folder.
    package static func isSlashCommand(_ word: String) -> Bool {
        word.hasPrefix("/") && !word.dropFirst().contains("/")
    }

    /// The words of a line up to the first `|`, `;`, `&`, `#` or redirection outside quotes; a backslash `escapes` what
    /// follows it, or is a letter like any other. O(length).
    package static func words(_ line: some StringProtocol, escapes: Bool = true) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        var inWord = false
        var quote: UInt8?
        var escaped = false
        loop: for byte in line.utf8 {
            if escaped {
                word.append(byte)
                escaped = false
                continue
            }
            if let open = quote {
                if byte == open { quote = nil } else { word.append(byte) }
                continue
            }
            switch byte {
            case UInt8(ascii: "\\") where escapes:
                escaped = true
                inWord = true
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                quote = byte
                inWord = true
            case UInt8(ascii: " "), UInt8(ascii: "\t"):
                if inWord { words.append(String(decoding: word, as: UTF8.self)) }
                word.removeAll()
                inWord = false
            case UInt8(ascii: "|"), UInt8(ascii: ";"), UInt8(ascii: "&"): break loop
            case UInt8(ascii: "#") where !inWord: break loop
            default:
                word.append(byte)
                inWord = true
            }
        }
        if inWord { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }

    /// A name that an executable can have: a letter, then letters, digits, `-`, `_`, `.`, `+`.
    package static func isProgramName(_ name: String) -> Bool {
        guard let first = name.utf8.first, (first | 0x20) >= 0x61 && (first | 0x20) <= 0x7A else { return false }
        return name.utf8.count <= 64
            && name.utf8.allSatisfy { byte in
                (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A)
                    || byte == 0x2D || byte == 0x5F || byte == 0x2E || byte == 0x2B
            }
    }
}
