import Basics
import SkillModel

/// What shell code takes from the shell that it stands in, and a script of its own would not have: functions and aliases that
/// other code of the text defines, and variables that it sets and does not export.
enum ShellNeeds {
    /// Why the fragment can't run in a shell of its own; nil when nothing of the kind was found. A variable that the line which runs
    /// the script passes is no need. Errs on the side of a need. O(shell code of the text).
    static func objection(_ fragment: Fragment, in document: SkillDocument) -> String? {
        let others = document.fragments.filter { $0.language == "bash" && $0.span != fragment.span }
        guard !others.isEmpty else { return nil }
        let own = functions(of: fragment.text)
        let words = Set(words(of: fragment.text))
        let known = others.reduce(into: Set<String>()) { $0.formUnion(functions(of: $1.text).union(aliases(of: $1))) }
        if let name = known.subtracting(own).intersection(words).min() {
            return "it calls `\(name.prefix(40))`, which is defined elsewhere in the text"
        }
        let earlier = others.filter { $0.span.start < fragment.span.start }
        if earlier.contains(where: { $0.commands.contains(where: isSourcing) }) {
            return "it may call what a file defines that is sourced before it"
        }
        let variables = ShellVariables(fragment.text)
        let needed = variables.read.subtracting(variables.assigned).subtracting(variables.parameters)
        guard !needed.isEmpty else { return nil }
        let set = earlier.reduce(into: Set<String>()) { $0.formUnion(unexported(in: $1)) }
        return needed.intersection(set).min().map {
            "it reads `\($0.prefix(40))`, which is set before it for the shell alone"
        }
    }

    private static func functions(of code: String) -> Set<String> {
        let bytes = Array(code.utf8)
        var scanner = ShellScanner(bytes, 0..<bytes.count, depth: 0, keywords: [], first: .newline)
        scanner.scan()
        return scanner.functions
    }

    private static func aliases(of fragment: Fragment) -> [String] {
        fragment.commands.filter { $0.name == "alias" }.flatMap { $0.words.dropFirst() }.map { word in
            String(word.prefix { $0 != "=" })
        }
    }

    /// `source lib.sh`; not the activation of an environment, which exports what it sets, nor a file of settings.
    private static func isSourcing(_ command: ShellCommand) -> Bool {
        guard command.name == "source" || command.name == ".", let file = command.words.dropFirst().first else {
            return false
        }
        return !["activate", ".env", "rc", "profile"].contains(where: file.hasSuffix)
    }

    private static func unexported(in fragment: Fragment) -> Set<String> {
        let exported = fragment.commands.filter { $0.name == "export" }.flatMap { $0.words.dropFirst() }.map { word in
            String(word.prefix { $0 != "=" })
        }
        return ShellVariables(fragment.text).assigned.subtracting(exported)
    }

    /// What may be a name of a command. O(n).
    private static func words(of code: String) -> [String] {
        code.utf8.split { !($0.isIdentifier || $0 == .hyphen || $0 == .colon || $0 == .dot) }
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
