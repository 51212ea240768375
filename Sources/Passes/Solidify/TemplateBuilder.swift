import Basics
import SkillModel

/// Writes a command in which each parameter is a quoted variable of the environment: values are never spliced in.
struct TemplateBuilder {
    /// Options that take no value, as other commands of the skill show: what comes after them has no name by them.
    var switches: Set<String> = []
    /// Variables that hold a program with its options, set by the skill itself: kept, without quotes, where they are run.
    var programs: Set<String> = []
    var text = ""
    private(set) var parameters: [(name: String, type: ParameterReader.ValueType, example: String)] = []

    /// Returns the command's words with `$name` for parameters.
    mutating func append(_ invocation: Invocation) -> [String] {
        var words: [String] = []
        var flag: String?
        let fixed = TemplateBuilder.fixedWords(invocation.words)
        for (index, word) in invocation.words.enumerated() {
            if !words.isEmpty { text += " " }
            if programs.contains(word), word == invocation.unwrapped.first {
                text += word
                words.append(word)
                flag = nil
                continue
            }
            words.append(write(fixed.contains(index) ? [.literal(word)] : ParameterReader.pieces(word, flag: flag)))
            let isFlag = word.hasPrefix("-") && !word.contains("=") && !switches.contains(word)
            flag = isFlag && !word.hasPrefix("--no-") ? String(word.drop { $0 == "-" }) : nil
        }
        for redirection in invocation.redirections where !redirection.hasPrefix("<<") { text += " " + redirection }
        return words
    }

    /// The program and, after an interpreter, its script or module: what runs does not vary from call to call.
    private static func fixedWords(_ words: [String]) -> Set<Int> {
        guard let program = words.firstIndex(where: { !wrappers.contains($0) && !$0.contains("=") }) else { return [] }
        var fixed = Set(words[program].hasPrefix("$") ? 0..<program : 0..<program + 1)
        let name = words[program].split(separator: "/").last.map(String.init) ?? ""
        if name == "jq", let filter = words[(program + 1)...].firstIndex(where: { !$0.hasPrefix("-") }) {
            fixed.insert(filter)
        }
        guard interpreters.contains(name) else { return fixed }
        var index = program + 1
        while index < words.count {
            let word = words[index]
            if name == "uv" || name == "npm" || name == "pnpm", word == "run" {
                fixed.insert(index)
            } else if word == "-m" {
                fixed.formUnion([index, min(index + 1, words.count - 1)])
                break
            } else if word == "-c" || word == "-e" {
                break
            } else {
                if !word.hasPrefix("-"), !word.hasPrefix("<"), !word.hasPrefix("{") || word.contains("}/") {
                    fixed.insert(index)
                    break
                }
                if !word.hasPrefix("-") { break }
            }
            index += 1
        }
        return fixed
    }

    private static let wrappers: Set<String> = ["sudo", "env", "time", "nohup", "timeout", "exec"]
    private static let interpreters: Set<String> = [
        "python", "python3", "node", "bash", "sh", "zsh", "ruby", "perl", "deno", "bun", "tsx", "npx", "uvx", "uv",
        "bunx",
        "ts-node", "pwsh", "php", "Rscript", "npm", "pnpm",
    ]

    private mutating func write(_ pieces: [ParameterReader.Piece]) -> String {
        var word = ""
        for piece in pieces {
            switch piece {
            case .literal(let literal):
                text += TemplateBuilder.quoted(literal)
                word += literal
            case .parameter(let name, let type, let example):
                let unique = uniqueName(name, example)
                if !parameters.contains(where: { $0.name == unique }) { parameters.append((unique, type, example)) }
                text += "\"$\(unique)\""
                word += "$" + unique
            }
        }
        return word
    }

    private func uniqueName(_ name: String, _ example: String) -> String {
        var candidate = name
        var number = 2
        while let taken = parameters.first(where: { $0.name == candidate }), taken.example != example, number < 100 {
            candidate = "\(name)_\(number)"
            number += 1
        }
        return candidate
    }

    static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy {
            ($0 >= 0x30 && $0 <= 0x39) || (($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A) || "-_./:=@%+,".utf8.contains($0)
        }
        return isPlain ? text : QuotedWord.shell(text)
    }
}
