import Basics
import Passes
import SkillModel

/// What must be true of the commands that any bytes are split into.
package enum ShellChecks {
    /// Faults; none when all is well.
    package static func faults(_ bytes: [UInt8]) -> [String] {
        let commands = ShellSplitter.commands(in: bytes)
        var faults: [String] = []
        var last = 0
        var holders: [SourceSpan] = []
        for command in commands {
            let span = command.span
            if span.start > span.end || span.start < 0 || span.end > bytes.count {
                faults.append("\(span) is no place")
            }
            // One in the head of a loop is held by no command: the head is none.
            if command.connector != .substitution, holders.allSatisfy({ !$0.contains(span) }) {
                if span.start < last { faults.append("\(span) is out of order") }
                last = max(last, span.start)
            }
            holders.append(span)
            if command.words.isEmpty && command.assignments.isEmpty && command.redirections.isEmpty {
                faults.append("a command of nothing")
            }
            faults += rendering(command)
            if faults.count > 8 { return faults }
        }
        let moved = ShellSplitter.commands(in: bytes, at: 7)
        let isMoved =
            moved.count == commands.count
            && zip(moved, commands).allSatisfy { $0.span.start == $1.span.start + 7 && $0.words == $1.words }
        return isMoved ? faults : faults + ["an offset changes more than places"]
    }

    /// A command's words, each in quotes, are the same words again.
    private static func rendering(_ command: ShellCommand) -> [String] {
        guard !command.words.isEmpty, command.words.allSatisfy({ $0.utf8.count < 4096 }) else { return [] }
        let quoted = command.words.map(QuotedWord.shell)
        let again = ShellSplitter.commands(in: "x " + quoted.joined(separator: " "))
        if again.count == 1, again[0].words == ["x"] + command.words { return [] }
        return ["\(command.words) come back as \(again.map(\.words))"]
    }
}
