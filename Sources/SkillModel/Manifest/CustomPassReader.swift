import Basics
import Formats

extension CustomPass {
    private static let keys = [
        "command", "inputs", "after", "files", "variables", "phrases", "adds", "executables", "time-limit",
        "memory-limit",
    ]
    private static let mostWords = 64
    private static let longestWord = 4096

    /// The passes of `[passes]`, in the order in which they run; what is wrong goes to `findings`.
    static func read(_ table: TOMLTable, _ findings: Findings) -> [CustomPass] {
        let names = table.values.map(\.key)
        let passes = table.values.compactMap { CustomPass($0, others: names, findings) }
        do throws(Cycle) {
            return try ordered(passes)
        } catch {
            findings.add(
                Diagnostic(
                    "manifest.pass-cycle", .error,
                    "passes wait for one another: \(error.names.map(\.shortened).joined(separator: " → "))",
                    at: error.location, hint: "take one of them out of an 'after'"))
            return []
        }
    }

    private init?(_ value: TOMLValue, others: [String], _ findings: Findings) {
        let what = "[passes.\(TOMLLiteral.keyText(value.key.shortened))]"
        guard let table = value.table else {
            findings.add(
                Diagnostic(
                    "toml.wrong-type", .error, "pass '\(value.key.shortened)' is \(value.kind.name), not a table",
                    at: value.location, hint: "write it as a [passes.NAME] table with command and inputs"))
            return nil
        }
        let record = TOMLRecord(table, what, keys: Self.keys, findings: findings)
        let command = Self.command(record)
        let inputs = Self.inputs(record)
        let after = Self.after(record, own: value.key, others)
        let files = Self.files(record)
        let variables = Self.variables(record)
        let phrases = record.strings("phrases").map { $0.compactMap { Self.phrase($0, record, $1) } } ?? []
        let additions = PassAdditions(
            files: Self.additions("adds", record), executables: Self.additions("executables", record) ?? [])
        let seconds = record.integer("time-limit", in: 1...600).map(Int.init) ?? Limits.standard.seconds
        let memory = record.integer("memory-limit", in: 16...65_536).map(Int.init) ?? Limits.standard.memory
        guard let name = PassName(value.key) else {
            findings.add(
                Diagnostic(
                    "manifest.name", .error, "'\(value.key.shortened)' can't name a pass", at: value.keyLocation,
                    hint: PassName.fault(in: value.key)))
            return nil
        }
        guard let command else { return nil }
        self.init(
            name: name, command: command, inputs: inputs, after: after, files: files, variables: variables,
            phrases: phrases, additions: additions, limits: Limits(seconds: seconds, memory: memory),
            location: value.keyLocation)
    }

    private static func command(_ record: TOMLRecord) -> [String]? {
        guard let value = record.required("command", hint: "add a line: command = [\"python3\", \"passes/mine.py\"]"),
            let words = record.strings("command")
        else { return nil }
        let texts = words.map(\.text)
        guard let program = texts.first, !program.isEmpty, texts.count <= mostWords else {
            record.report(
                value, id: "manifest.pass-command", "a command has 1 to \(mostWords) words",
                hint: "write [\"python3\", \"passes/mine.py\"]")
            return nil
        }
        for (text, value) in words where text.utf8.contains(0) || text.utf8.count > longestWord || !text.isPrintable {
            record.report(
                value, id: "manifest.pass-command", "a word of the command is too long or can't be printed",
                hint: "at most \(longestWord) bytes, no control characters")
            return nil
        }
        if program.hasPrefix("/") || program.hasPrefix("~") || program.hasPrefix("-") {
            record.report(
                words[0].value, id: "manifest.pass-command",
                "'\(program.shortened)' is no program that every machine has in that place",
                hint: "name one that is on the path, like python3, or a file of the project, like passes/mine")
            return nil
        }
        if program.contains("/"), RelativePath(program.hasPrefix("./") ? String(program.dropFirst(2)) : program) == nil
        {
            record.report(
                words[0].value, id: "manifest.pass-command", "'\(program.shortened)' leaves the project",
                hint: "a pass's program is on the path, or a file below skvm.toml")
            return nil
        }
        return texts
    }

    private static func inputs(_ record: TOMLRecord) -> Set<Input> {
        guard let words = record.strings("inputs") else { return [.document] }
        let known = Input.allCases.map(\.rawValue)
        return Set(
            words.compactMap { text, value in
                if let input = Input(rawValue: text) { return input }
                record.report(
                    value, id: "manifest.pass-input", "there is no input '\(text.shortened)'",
                    hint: nearest(to: text, in: known).map { "did you mean '\($0)'?" }
                        ?? "the inputs are \(known.joined(separator: ", "))")
                return nil
            })
    }

    /// One name, or a list of them.
    private static func after(_ record: TOMLRecord, own: String, _ others: [String]) -> [String] {
        guard let value = record.table["after"] else { return builtIn }
        let words: [(text: String, value: TOMLValue)] =
            value.array == nil ? record.string(value).map { [($0, value)] } ?? [] : record.strings("after") ?? []
        let known = builtIn + others.filter { $0 != own }
        return words.compactMap { text, value in
            if known.contains(text) || text == own { return text }
            record.report(
                value, id: "manifest.pass-after", "a pass can't come after '\(text.shortened)'",
                hint: nearest(to: text, in: known).map { "did you mean '\($0)'?" }
                    ?? "it can come after \(known.map(\.shortened).joined(separator: ", "))")
            return nil
        }
    }

    private static func files(_ record: TOMLRecord) -> [RelativePath] {
        (record.strings("files") ?? []).compactMap { text, value in
            if let path = RelativePath(text), text.isPrintable, text.utf8.count <= 1024 { return path }
            record.report(
                value, id: "manifest.pass-file", "'\(text.shortened)' is no path below the manifest",
                hint: "give files and folders as relative paths without '..', like \"passes/words.txt\"")
            return nil
        }
    }

    /// Paths in a skill's folder; a folder's ends with `/`.
    private static func additions(_ key: String, _ record: TOMLRecord) -> [String]? {
        record.strings(key)?.compactMap { text, value in
            let isFolder = text.hasSuffix("/")
            let fault =
                RelativePath(isFolder ? String(text.dropLast()) : text).map { path in
                    PassAdditions.fault(ofName: path)
                } ?? "no path below a skill's folder"
            guard let fault else { return text }
            record.report(
                value, id: "manifest.pass-adds", "no pass may add '\(text.shortened)': \(fault)",
                hint: "give files, and folders with a '/' at the end, like \"references/\"; no hidden names")
            return nil
        }
    }

    private static func variables(_ record: TOMLRecord) -> [String] {
        (record.strings("variables") ?? []).compactMap { text, value in
            let isName =
                (1...128).contains(text.utf8.count) && !(text.utf8.first.map { (0x30...0x39).contains($0) } ?? true)
                && text.utf8.allSatisfy {
                    (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
                }
            if isName { return text }
            record.report(
                value, id: "manifest.pass-variable", "'\(text.shortened)' is no variable's name",
                hint: "letters, digits and underscores")
            return nil
        }
    }

    private static func phrase(_ text: String, _ record: TOMLRecord, _ value: TOMLValue) -> String? {
        if text.isPrintable, text.utf8.count <= 1024 { return text }
        record.report(
            value, id: "manifest.pass-phrase", "a phrase is one line of at most 1024 bytes",
            hint: "list the words that the pass adds to a skill")
        return nil
    }
}
