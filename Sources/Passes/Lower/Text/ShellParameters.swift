import SkillModel

/// The parameters of outlined shell code: placeholders, and variables that it reads and nothing sets. Each becomes an
/// argument by a line at the head; a variable's default is what the environment has, a placeholder has none: without its argument
/// the script stops.
struct ShellParameters {
    let code: String
    let head: [String]
    /// What the one-line command passes, quoted for the shell.
    let arguments: [String]

    struct Refusal: Error {
        var why: String
    }

    /// Throws `Refusal` when a placeholder stands where it can't be replaced safely. O(n · parameters).
    init(_ source: String) throws(Refusal) {
        let variables = ShellVariables(source)
        var head: [String] = []
        var arguments: [String] = []
        func number() -> Int { arguments.count + 1 }
        for name in variables.parameters {
            head.append("\(name)=${\(number())-${\(name)-}}")
            arguments.append("\"$\(name)\"")
        }
        let replaced = try Self.replacePlaceholders(in: source, taken: variables.all, first: number())
        head += replaced.head
        arguments += replaced.arguments
        guard arguments.count <= 9 else { throw Refusal(why: "more than nine parameters") }
        self.code = replaced.code
        self.head = head
        self.arguments = arguments
    }

    /// The code before its placeholders were taken out; nil when `head` is not this type's.
    static func restore(_ code: String, head: [String]) -> String? {
        var restored = code
        for line in head {
            guard let equals = line.firstIndex(of: "=") else { return nil }
            let name = line[..<equals]
            let value = line[line.index(after: equals)...]
            guard !name.isEmpty, name.utf8.allSatisfy(\.isIdentifier), value.hasPrefix("${"), value.hasSuffix("}")
            else {
                return nil
            }
            guard value.hasSuffix("'}"), let quote = value.firstIndex(of: "'") else { continue }
            let original = String(value[value.index(after: quote)...].dropLast(2))
            for form in ["'\"$\(name)\"'", "\"$\(name)\"", "${\(name)}"] {
                restored = replacing(form, by: original, in: restored)
            }
        }
        return restored
    }

    private static func replacePlaceholders(
        in source: String, taken: Set<String>, first: Int
    ) throws(Refusal) -> (code: String, head: [String], arguments: [String]) {
        let bytes = Array(source.utf8)
        let found = try placeholders(in: bytes)
        if Self.areExplained(found.map(\.0), in: bytes) {
            throw Refusal(why: "a comment explains a value that would be an argument")
        }
        if !found.isEmpty, source.contains("<<") { throw Refusal(why: "a placeholder and a here-document") }
        var names: [(original: String, name: String)] = []
        var code: [UInt8] = []
        var at = 0
        for (range, state) in found {
            let original = String(decoding: bytes[range], as: UTF8.self)
            if OutlinedScript.isSecret(original) { throw Refusal(why: "a secret would become an argument") }
            let name = names.first { $0.original == original }?.name ?? Self.name(of: original, taken: taken, names)
            if !names.contains(where: { $0.original == original }) { names.append((original, name)) }
            // Else every further place would be looked up among all names.
            if names.count > 9 { throw Refusal(why: "more than nine parameters") }
            code += bytes[at..<range.lowerBound]
            switch state {
            case .bare: code += Array("\"$\(name)\"".utf8)
            case .double, .document: code += Array("${\(name)}".utf8)
            case .single: code += Array("'\"$\(name)\"'".utf8)
            case .comment, .verbatim: code += bytes[range]
            }
            at = range.upperBound
        }
        code += bytes[at...]
        let head = names.enumerated().map { "\($1.name)=${\(first + $0):?'\($1.original)'}" }
        return (
            String(decoding: code, as: UTF8.self), head, names.map { OutlinedScript.shellWord($0.original) }
        )
    }

    /// Whether a comment stands behind one of the ranges, on its line: it would be read no more. O(n).
    private static func areExplained(_ ranges: [Range<Int>], in bytes: [UInt8]) -> Bool {
        var reader = ShellReader()
        var next = 0
        var hasValue = false
        for (index, byte) in bytes.enumerated() {
            while next < ranges.count, ranges[next].lowerBound < index { next += 1 }
            if next < ranges.count, ranges[next].lowerBound == index { hasValue = true }
            if reader.step(byte) == .comment, hasValue { return true }
            if byte == 0x0A { hasValue = false }
        }
        return false
    }

    /// Placeholders outside comments, with what they are to the shell, in order.
    private static func placeholders(in bytes: [UInt8]) throws(Refusal) -> [(Range<Int>, ShellState)] {
        var states: [ShellState] = []
        states.reserveCapacity(bytes.count)
        var reader = ShellReader()
        for byte in bytes { states.append(reader.step(byte)) }
        var ranges = Placeholder.angles(in: bytes)
        for found in BracketPlaceholder.all(in: bytes) where states[found.range.lowerBound] != .comment {
            guard found.isShouted else { throw Refusal(why: "brackets in it may be for a value to fill in") }
            ranges.append(found.range)
        }
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end].isIdentifier || bytes[end] == 0x2D { end += 1 }
            let isVariable = start > 0 && [0x24, 0x7B].contains(bytes[start - 1])
            if end - start > 5, !isVariable, Placeholder.isWord(String(decoding: bytes[start..<end], as: UTF8.self)) {
                ranges.append(start..<end)
            }
            start = max(end, start + 1)
        }
        return ranges.sorted { $0.lowerBound < $1.lowerBound }
            .reduce(into: [Range<Int>]()) { kept, range in
                if kept.last.map({ $0.upperBound <= range.lowerBound }) ?? true { kept.append(range) }
            }
            .map { ($0, states[$0.lowerBound]) }
            .filter { $0.1 != .comment }
    }

    private static func name(
        of original: String, taken: Set<String>, _ names: [(original: String, name: String)]
    ) -> String {
        var name = String(decoding: original.asciiLowercased().utf8.map { $0.isIdentifier ? $0 : 0x5F }, as: UTF8.self)
        while name.hasPrefix("_") { name.removeFirst() }
        while name.hasSuffix("_") { name.removeLast() }
        if name.utf8.first.map(\.isDigit) ?? true { name = "value_" + name }
        while taken.contains(name) || names.contains(where: { $0.name == name }) { name += "_" }
        return name
    }

    private static func replacing(_ part: String, by other: String, in text: String) -> String {
        let (bytes, pattern) = (Array(text.utf8), Array(part.utf8))
        var result: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if bytes[at] == pattern[0], bytes[at...].starts(with: pattern) {
                result += Array(other.utf8)
                at += pattern.count
            } else {
                result.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

/// The variables of shell code: which it sets, which it only reads.
struct ShellVariables {
    /// Every name that is set or read.
    let all: Set<String>
    let assigned: Set<String>
    let read: Set<String>
    /// Read, set by nothing here, without a default of their own, no part of any environment, and no secret. In order.
    let parameters: [String]

    /// O(n).
    init(_ source: String) {
        let bytes = Array(source.utf8)
        var reader = ShellReader()
        var assigned: Set<String> = []
        var read: [(name: String, hasDefault: Bool)] = []
        var index = 0
        var wordStart = 0
        var words: [String] = []
        while index < bytes.count {
            let state = reader.step(bytes[index])
            if ![.single, .comment, .verbatim].contains(state), bytes[index] == 0x24,
                let use = Self.use(at: index, in: bytes)
            {
                read.append(use)
            }
            if state == .bare, bytes[index] == 0x3D {
                var start = index
                while start > 0, bytes[start - 1].isIdentifier { start -= 1 }
                let name = String(decoding: bytes[start..<index], as: UTF8.self)
                // The `name` of `--name=x` is an option.
                let begins = start == 0 || Self.beforeWord.contains(bytes[start - 1])
                if begins, !name.isEmpty, name.utf8.allSatisfy(\.isIdentifier), !(name.utf8.first ?? 0x30).isDigit {
                    assigned.insert(name)
                }
            }
            if state == .comment || state == .document || state == .verbatim {
                wordStart = index + 1
            } else if state == .bare, !bytes[index].isIdentifier {
                if index > wordStart { words.append(String(decoding: bytes[wordStart..<index], as: UTF8.self)) }
                wordStart = index + 1
            }
            index += 1
        }
        for (before, word) in zip(words, words.dropFirst()) where ["for", "read", "local", "mapfile"].contains(before) {
            assigned.insert(word)
        }
        if words.contains("read"), let at = words.firstIndex(of: "read") { assigned.formUnion(words[at...].prefix(8)) }
        let optional = Set(read.filter(\.hasDefault).map(\.name))
        var parameters: [String] = []
        var known: Set<String> = []
        for (name, _) in read
        where known.insert(name).inserted && !assigned.contains(name) && !optional.contains(name)
            && !Self.environment.contains(name) && !OutlinedScript.isSecret(name)
        {
            parameters.append(name)
        }
        self.assigned = assigned
        self.read = Set(read.map(\.name))
        self.all = assigned.union(self.read)
        self.parameters = parameters
    }

    /// `$NAME`, `${NAME}`, `${NAME:-x}`; nil for `$1`, `$(` and their like.
    private static func use(at dollar: Int, in bytes: [UInt8]) -> (name: String, hasDefault: Bool)? {
        var start = dollar + 1
        let isBraced = start < bytes.count && bytes[start] == 0x7B
        if isBraced { start += 1 }
        if isBraced, start < bytes.count, bytes[start] == 0x23 { start += 1 }
        var end = start
        while end < bytes.count, bytes[end].isIdentifier { end += 1 }
        guard end > start, !bytes[start].isDigit else { return nil }
        let after: UInt8 = end < bytes.count ? bytes[end] : 0
        return (
            String(decoding: bytes[start..<end], as: UTF8.self), isBraced && [0x3A, 0x2D, 0x2B, 0x3F].contains(after)
        )
    }

    /// Blanks, and what may stand between commands.
    private static let beforeWord: Set<UInt8> = [0x20, 0x09, 0x0A, 0x3B, 0x26, 0x7C, 0x28, 0x7B, 0x60, 0x21]

    private static let environment: Set<String> = [
        "HOME", "PATH", "PWD", "OLDPWD", "USER", "LOGNAME", "SHELL", "TMPDIR", "LANG", "HOSTNAME", "RANDOM", "SECONDS",
        "IFS", "OSTYPE", "UID", "EUID", "EDITOR", "BASH_SOURCE", "BASH_VERSION", "LINENO", "FUNCNAME", "PPID", "CI",
        "TERM", "REPLY", "PIPESTATUS", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "DISPLAY", "_",
    ]
}
