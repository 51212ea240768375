package import SkillModel

/// Another way to the same goal, which a skill takes by saying so in a sentence.
///
/// The classes of equal ways that a text can be moved between without a model: code that the model writes ↔ code that
/// the skill shows, a tool of the harness ↔ a program that is run, work in the head ↔ work by a program, one long answer ↔
/// a file that grows. `require` lists a way among a requirement's
/// alternatives where its condition holds (`AlternativePaths`); `gap` says whether the target can go it; `lower` puts the
/// sentence where a gap can't be closed within the primitive; `require` reads the sentence wherever it stands: what was
/// demanded is not demanded any more, and what the way takes is.
package struct OtherWay: Sendable {
    /// Stands among the rules of a requirement that a way changed.
    package static let id = "require.other-way"

    /// As it is called among a requirement's alternatives.
    package let path: String
    package let primitives: [Primitive]
    /// The levels that it can stand in for.
    package let from: Set<Level>
    /// What is left of the primitive on this way; nil when nothing is.
    package let leaves: Level?
    /// What it takes instead.
    package let demands: [Demand]
    package let sentence: String
    fileprivate let words: [String]

    private init(
        _ path: String, for primitives: [Primitive], from: Set<Level>, leaves: Level? = nil, takes demands: [Demand],
        _ sentence: String
    ) {
        self.path = path
        self.primitives = primitives
        self.from = from
        self.leaves = leaves
        self.demands = demands
        self.sentence = sentence
        words = WordScanner.words(sentence).map(\.lower)
    }

    private static let every: Set<Level> = [.l1, .l2, .l3]
    private static let upper: Set<Level> = [.l2, .l3]

    /// Commands are run in any case: copying them takes nothing more. Not to L0: where none fits, one is to be written.
    package static let copiedCommands = OtherWay(
        "commands as shown", for: [.genCodeShell], from: upper, leaves: .l1, takes: [],
        "Where a command that is shown here fits, take it and change only its values.")
    /// No value to fill in, no file of the working folder, no result of another command in a variable: each is one command.
    package static let fixedCommands = OtherWay(
        "fixed commands", for: [.toolExec, .genCodeShell], from: [.l2], leaves: .l1, takes: [],
        "Run each command by itself, exactly as it is shown.")
    package static let copiedPatterns = OtherWay(
        "patterns as shown", for: [.genRegex], from: every, takes: [],
        "Use the patterns exactly as they are shown.")
    package static let copiedCalls = OtherWay(
        "calls as shown", for: [.toolCallFormat], from: upper, leaves: .l1, takes: [],
        "Copy the arguments of each call as they are shown, and change only the values.")
    package static let placedByProgram = OtherWay(
        "places by a program", for: [.reasonSpatial], from: upper,
        takes: [Demand(.genCodePython, .l1), Demand(.toolExec, .l1)],
        "Compute positions, distances and sizes with `python3 -c` by the formulas that are shown, not in your head.")
    /// The code is put into a file as it stands. Not to L0: where none fits, some is to be written.
    package static let copiedCode = OtherWay(
        "code as shown", for: [.genCodePython, .genCodeJavaScript], from: upper, leaves: .l1,
        takes: [Demand(.toolFileWrite, .l2)],
        "Where code that is shown here fits, take it and change only its values.")
    package static let madeByProgram = OtherWay(
        "made by a program", for: [.genTextStructured], from: upper,
        takes: [Demand(.genCodePython, .l2), Demand(.toolExec, .l2)],
        "Make JSON with Python's `json` module, not by hand.")
    package static let appendedParts = OtherWay(
        "a file that grows", for: [.genTextLong], from: upper, leaves: .l1, takes: [Demand(.toolFileWrite, .l2)],
        "Write long text into its file in parts of no more than 150 words, and append each to the end.")
    package static let computed = OtherWay(
        "computed by a program", for: [.reasonArithmetic], from: upper,
        takes: [Demand(.genCodePython, .l1), Demand(.toolExec, .l1)],
        "Compute with `python3 -c`, not in your head.")
    package static let printedFiles = OtherWay(
        "printed files", for: [.toolFileRead], from: [.l1, .l2],
        takes: [Demand(.toolExec, .l1), Demand(.genCodeShell, .l1)],
        "Read a file by printing it with `cat`.")
    package static let filesByShell = OtherWay(
        "files by the shell", for: [.toolFileWrite], from: every,
        takes: [Demand(.toolExec, .l2), Demand(.genCodeShell, .l2)],
        "Write a file with `cat > FILE <<'END'`, its text, and a last line `END`.")
    package static let callAfterCall = OtherWay(
        "one call after the other", for: [.toolCallBatch], from: every,
        takes: [Demand(.toolCallFormat, .l1), Demand(.followProcedure, .l1)],
        "Make one call at a time, also where several are to be made at once.")
    package static let shownRequests = OtherWay(
        "requests as shown", for: [.toolWeb], from: every, takes: [Demand(.toolExec, .l2), Demand(.genCodeShell, .l1)],
        "Make each request with a command that is shown here, not with a web tool.")
    package static let shownBrowser = OtherWay(
        "browser commands as shown", for: [.toolBrowser], from: every,
        takes: [Demand(.toolExec, .l2), Demand(.genCodeShell, .l1)],
        "Drive the browser with the commands that are shown here, not with a browser tool.")
    package static let shownScripts = OtherWay(
        "scripts as shown", for: [.followDelegation], from: every, takes: [Demand(.toolExec, .l2)],
        "Run the scripts of this skill by the commands that are shown, and do none of their work by hand.")

    package static let all: [OtherWay] = [
        copiedCommands, fixedCommands, copiedCode, copiedPatterns, copiedCalls, madeByProgram,
        appendedParts, computed, placedByProgram, printedFiles, filesByShell,
        callAfterCall, shownRequests, shownBrowser, shownScripts,
    ]

    private static let byFirstWord = Dictionary(grouping: all) { $0.words.first ?? "" }

    /// The way whose very words a sentence is; nil for all others. O(words).
    package static func way(_ sentence: [Word]) -> OtherWay? {
        guard let first = sentence.first, let candidates = byFirstWord[first.lower] else { return nil }
        return candidates.first { way in
            way.words.count == sentence.count && zip(way.words, sentence).allSatisfy { $0 == $1.lower }
        }
    }

    /// All that following the way demands, with what is left of `primitive`.
    package func demands(of primitive: Primitive) -> [Demand] {
        demands + (leaves.map { [Demand(primitive, $0)] } ?? [])
    }
}
