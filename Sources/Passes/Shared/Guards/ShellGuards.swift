import Basics
import SkillModel

/// Commands of a shell script that it can do without: what runs only where a look for a program found it
/// (`if command -v x; then x …; fi`, `which x && x …`), and the other way that is taken where it didn't
/// (`command -v x || y …`, the `else`).
///
/// Where the other way ends the script, installs the program or says that it is missing, the program is needed after all; a
/// look that nothing but its version or a message follows is a check.
enum ShellGuards {
    /// Indices of such commands, the looks among them. O(commands + bytes between them).
    static func optional(_ commands: [ShellCommand], in bytes: [UInt8]) -> Set<Int> {
        guard commands.contains(where: { looks.contains($0.words.first ?? "") }) else { return [] }
        var reader = BranchReader(commands, bytes)
        return reader.read()
    }

    private static let looks: Set<String> = ["command", "which", "type", "hash", "where"]

    /// The program that a command looks for.
    static func sought(_ command: ShellCommand) -> String? {
        guard let name = command.words.first, looks.contains(name) else { return nil }
        let arguments = command.words.dropFirst()
        if name == "command", !arguments.contains(where: { $0 == "-v" || $0 == "-V" }) { return nil }
        let programs = arguments.filter { !$0.hasPrefix("-") }
        return programs.count == 1 ? programs.first : nil
    }

    /// Whether some of the commands do more than to speak and to end.
    static func work(_ commands: [ShellCommand]) -> Bool {
        commands.contains { command in
            guard let name = command.words.first else { return !command.assignments.isEmpty }
            return !speakers.contains(name) && !enders.contains(name) && sought(command) == nil
                && !asksVersion(command)
        }
    }

    /// Whether the commands end the script with a fault, install something, or say that something is missing.
    static func demand(_ commands: [ShellCommand]) -> Bool {
        commands.contains { command in
            guard let name = command.words.first else { return false }
            if failing.contains(name) { return true }
            if name == "exit" || name == "return" { return command.words.dropFirst().first != "0" }
            if speakers.contains(name) { return command.words.contains { tellsMissing($0) } }
            let words = Array(command.words.drop { $0 == "sudo" })
            return Installer.parse(words[...])?.packages.isEmpty == false
                || SystemInstall.packages(words[...]) != nil
        }
    }

    private static func asksVersion(_ command: ShellCommand) -> Bool {
        command.words.count == 2
            && ["--version", "-v", "-V", "version", "--help", "-h", "-version"].contains(command.words[1])
    }

    private static func tellsMissing(_ text: String) -> Bool {
        let lower = text.lowercased()
        return ["not found", "missing", "install", "require", "not available", "need", "unavailable"].contains {
            lower[...].range(of: $0) != nil
        }
    }

    private static let speakers: Set<String> = ["echo", "printf", "true", ":", "cat", "log", "warn", "info"]
    private static let enders: Set<String> = ["exit", "return", "break", "continue"]
    private static let failing: Set<String> = ["die", "fail", "fatal", "error", "abort", "err"]
}

/// Tells the branches of `if` and of lists with `&&` and `||` by what stands between the commands.
private struct BranchReader {
    private let commands: [ShellCommand]
    private let bytes: [UInt8]
    private var frames: [Frame] = []
    private var found: Set<Int> = []
    private var inConditions: Set<Int> = []

    private struct Branch {
        /// What its condition looks for; nil for another condition and for `else`.
        var sought: String?
        var isNegated = false
        var condition: [Int] = []
        var body: [Int] = []
    }

    private struct Frame {
        var branches: [Branch] = [Branch()]
        var isInCondition = true
    }

    init(_ commands: [ShellCommand], _ bytes: [UInt8]) {
        self.commands = commands
        self.bytes = bytes
    }

    mutating func read() -> Set<Int> {
        var last = 0
        for (index, command) in commands.enumerated() {
            let isNested = command.span.start < last
            if !isNested {
                for word in keywords(from: last, to: command.span.start, after: index) { take(word) }
                last = command.span.end
            }
            place(index)
        }
        while let frame = frames.popLast() { close(frame) }
        for index in commands.indices where !inConditions.contains(index) { lists(index) }
        return found
    }

    /// Reserved words between two commands; comments and here-documents left out.
    private func keywords(from start: Int, to end: Int, after index: Int) -> [Substring] {
        guard start < end else { return [] }
        var gap = bytes.text(start..<min(end, bytes.count))[...]
        for redirection in index > 0 ? commands[index - 1].redirections : [] {
            guard let mark = redirection[...].range(of: "<<"), !redirection.contains("<<<") else { continue }
            let word = redirection[mark.upperBound...].drop { $0 == "-" }
            if let close = gap.range(of: "\n" + word + "\n") { gap = gap[close.upperBound...] }
        }
        var words: [Substring] = []
        for line in gap.split(separator: "\n") {
            let code = line.firstIndex(of: "#").map { line[..<$0] } ?? line
            words += code.split { " \t;(){}&|".contains($0) }
        }
        return words
    }

    private mutating func take(_ word: Substring) {
        switch word {
        case "if": if frames.count < ShellScanner.maximumKeywords { frames.append(Frame()) }
        case "!":
            guard let top = frames.indices.last, frames[top].isInCondition,
                let branch = frames[top].branches.indices.last,
                frames[top].branches[branch].condition.isEmpty
            else { return }
            frames[top].branches[branch].isNegated = true
        case "then": if let top = frames.indices.last { frames[top].isInCondition = false }
        case "elif", "else":
            guard let top = frames.indices.last, frames[top].branches.count < 64 else { return }
            frames[top].branches.append(Branch())
            frames[top].isInCondition = word == "elif"
        case "fi": if let frame = frames.popLast() { close(frame) }
        default: break
        }
    }

    private mutating func place(_ index: Int) {
        for frame in frames.indices {
            let branch = frames[frame].branches.count - 1
            guard frames[frame].isInCondition else {
                frames[frame].branches[branch].body.append(index)
                continue
            }
            inConditions.insert(index)
            if frames[frame].branches[branch].condition.isEmpty || commands[index].connector == .substitution {
                frames[frame].branches[branch].sought = ShellGuards.sought(commands[index])
                // `[ -z "$(command -v x)" ]`
                if let first = frames[frame].branches[branch].condition.first, commands[first].words.contains("-z") {
                    frames[frame].branches[branch].isNegated = true
                }
            }
            frames[frame].branches[branch].condition.append(index)
        }
    }

    private mutating func close(_ frame: Frame) {
        let branches = frame.branches
        guard branches.contains(where: { $0.sought != nil }) else { return }
        let works = branches.map { ShellGuards.work($0.body.map { commands[$0] }) }
        let demands = branches.map { ShellGuards.demand($0.body.map { commands[$0] }) }
        for (index, branch) in branches.enumerated() where branch.sought != nil {
            let others = branches.indices.filter { $0 != index }
            let isLeft = others.contains { works[$0] && !demands[$0] }
            if branch.isNegated {
                // Its own body is the other way.
                guard !demands[index], works[index] else { continue }
            } else {
                guard works[index], isLeft || !others.contains(where: { demands[$0] }) else { continue }
            }
            found.formUnion(branch.condition + branch.body)
            for other in others where branches[other].sought == nil && !demands[other] {
                found.formUnion(branches[other].body)
            }
        }
    }

    /// `which x && x a || y b`, `command -v x || y b`.
    private mutating func lists(_ index: Int) {
        guard ShellGuards.sought(commands[index]) != nil, commands[index].connector != .substitution else { return }
        var next = index + 1
        let after = group(&next, .and, deeperThan: index)
        let instead = group(&next, .or, deeperThan: index)
        let (does, otherwise) = (after.map { commands[$0] }, instead.map { commands[$0] })
        guard !ShellGuards.demand(otherwise), ShellGuards.work(does) || ShellGuards.work(otherwise) else { return }
        found.formUnion([index] + after + instead)
    }

    /// Commands that `connector` joins to what was read, and what braces hold together with the first of them.
    private func group(
        _ next: inout Int, _ connector: ShellCommand.Connector, deeperThan index: Int
    ) -> [Int] {
        guard next < commands.count, commands[next].connector == connector else { return [] }
        let depth = commands[index].keywords.count
        let isHeld = commands[next].keywords.count > depth
        var found: [Int] = []
        while next < commands.count {
            let isInside = isHeld && commands[next].keywords.count > depth
            let isJoined = [connector, .pipe, .substitution].contains(commands[next].connector)
            guard isInside || isJoined else { break }
            found.append(next)
            next += 1
        }
        return found
    }
}
