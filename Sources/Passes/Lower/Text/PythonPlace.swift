import Basics
import SkillModel

/// What ties Python code to its place in the text: what a process of its own would lack, or would do for nobody.
enum PythonPlace {
    /// Why a whole program is of no use as a script that one line runs; nil when it is. Errs on the side of no.
    /// O(n).
    static func objection(to tokens: [PythonToken], in document: SkillDocument) -> String? {
        let code = tokens.filter { $0.kind != .comment }
        let modules = modules(of: code)
        let heads = heads(of: code)
        if let source = outsideSource(code, modules, heads) {
            return "it takes what the text does not hand it (`\(source)`)"
        }
        let bundled = names(of: document)
        if let module = modules.first(where: { $0 == "." || bundled.contains($0) }) {
            return "it imports `\(module.prefix(40))` from where the skill's own files are"
        }
        if code.indices.contains(where: { isAccess("sys", "path", code, heads, $0) }) {
            return "it says itself where it is (`sys.path`)"
        }
        let live = live(statements(of: code))
        if let name = live.registered { return "nothing in it calls `\(name.prefix(40))`, and it ends" }
        return live.statements.contains(where: tells) ? nil : "it neither prints nor writes anything"
    }

    // MARK: What comes from outside

    /// What a program reads that is not in it: the one line that runs it would have to give that.
    private static func outsideSource(_ code: [PythonToken], _ modules: [String], _ heads: [Int]) -> String? {
        if let module = modules.first(where: argumentReaders.contains) { return module }
        for index in code.indices where code[index].kind == .name {
            if ["argv", "stdin"].contains(where: { isAccess("sys", $0, code, heads, index) }) {
                return code[index].text
            }
            let isAsked = code[index].text == "input" && index + 1 < code.count && code[index + 1].text == "("
            if isAsked, index == 0 || ![".", "def"].contains(code[index - 1].text) { return "input" }
        }
        return nil
    }

    private static let argumentReaders: Set<String> = [
        "argparse", "click", "typer", "docopt", "fire", "getopt", "optparse",
    ]

    /// `module.name`, or `from module import name`, at the name.
    private static func isAccess(
        _ module: String, _ name: String, _ code: [PythonToken], _ heads: [Int], _ index: Int
    ) -> Bool {
        guard code[index].text == name, index > 1 else { return false }
        if code[index - 1].text == "." { return code[index - 2].text == module }
        let start = heads[index]
        return start < index && code[start].text == "from" && code[start + 1].text == module
    }

    /// Of each token, the one that begins its line.
    private static func heads(of code: [PythonToken]) -> [Int] {
        var head = 0
        return code.indices.map { index in
            if code[index].startsLine { head = index }
            return head
        }
    }

    /// The first name of each module that is imported; `.` for one beside the program.
    private static func modules(of code: [PythonToken]) -> [String] {
        code.indices.dropLast().flatMap { index -> [String] in
            guard code[index].startsLine else { return [] }
            if code[index].text == "from" { return [code[index + 1].text == "..." ? "." : code[index + 1].text] }
            guard code[index].text == "import" else { return [] }
            let line = code[(index + 1)...].prefix { $0.kind != .newline }
            return line.indices.filter { $0 == index + 1 || code[$0 - 1].text == "," }.map { code[$0].text }
        }
    }

    /// Folders and Python files of the skill, as a module is called.
    private static func names(of document: SkillDocument) -> Set<String> {
        // `scripts` is nobody else's, whether or not the files came along.
        var names: Set<String> = ["scripts"]
        for file in document.files where file.path.text.hasSuffix(".py") {
            var parts = file.path.text.split(separator: "/").map(String.init)
            if let last = parts.popLast() { names.insert(String(last.dropLast(3))) }
            names.formUnion(parts)
        }
        return names
    }

    // MARK: What is done, and for whom

    /// A statement at the margin with all that is indented below it.
    private struct Statement {
        var tokens: ArraySlice<PythonToken>
        /// Of a function or class; nil for what runs by itself.
        var defines: String?
        var isDecorator: Bool
    }

    private static func statements(of code: [PythonToken]) -> [Statement] {
        let starts = code.indices.filter { code[$0].isAtMargin && code[$0].startsLine && code[$0].kind != .newline }
        return zip(starts, starts.dropFirst() + [code.count]).map { start, end in
            let tokens = code[start..<end]
            let head = tokens.first?.text == "async" ? tokens.dropFirst() : tokens
            let isDefinition = head.first.map { ["def", "class"].contains($0.text) } ?? false
            return Statement(
                tokens: tokens, defines: isDefinition ? head.dropFirst().first?.text : nil,
                isDecorator: tokens.first?.text == "@")
        }
    }

    /// What runs when the program is run, and the first function that was only handed to something by a decorator.
    private static func live(_ statements: [Statement]) -> (statements: [Statement], registered: String?) {
        var live = statements.filter { $0.defines == nil && !$0.isDecorator }
        var waiting = Dictionary(grouping: statements.filter { $0.defines != nil }) { $0.defines ?? "" }
        // Each statement is looked at once: functions that call one another in a row may be as many as a hostile text holds.
        var next = 0
        while next < live.count {
            for token in live[next].tokens where token.kind == .name {
                live += waiting.removeValue(forKey: token.text) ?? []
            }
            next += 1
        }
        let dead = Set(waiting.keys)
        let registered = zip(statements, statements.dropFirst()).first { before, after in
            before.isDecorator && after.defines.map(dead.contains) == true
        }
        return (live, registered?.1.defines)
    }

    /// Whether something is called that shows or keeps a result.
    private static func tells(_ statement: Statement) -> Bool {
        let tokens = statement.tokens
        return tokens.indices.dropLast().contains { index in
            guard tokens[index].kind == .name, tokens[index + 1].text == "(" else { return false }
            let name = tokens[index].text.asciiLowercased()
            if name == "run" { return index < tokens.startIndex + 2 || tokens[index - 2].text != "asyncio" }
            return telling.contains(name) || name.hasPrefix("to_") && !inMemory.contains(name)
                || ["write", "save", "dump", "export"].contains { name.contains($0) }
        }
    }

    private static let telling: Set<String> = [
        "print", "pprint", "display", "show", "copy2", "copyfile", "copytree", "move", "rename", "makedirs", "mkdir",
        "unlink", "rmtree", "build", "system", "check_call", "extractall", "urlretrieve", "executescript", "commit",
    ]
    private static let inMemory: Set<String> = [
        "to_list", "to_dict", "to_numpy", "to_string", "to_datetime", "to_numeric",
    ]
}
