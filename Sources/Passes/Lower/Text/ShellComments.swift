import Basics
import SkillModel

/// What the comments of a shell fragment say of the commands around them: when they are run, what they print, and of how
/// many of them.
///
/// A comment is read by who runs the commands, not by the shell. A condition that stands in one is lost where the commands
/// are no longer below it, and has no force in a script.
struct ShellComments {
    private struct Line {
        /// Without its `#` and the blanks around it; nil where the line has none.
        var comment: String?
        /// What stands before the comment.
        var code: String
        var isBlank: Bool { comment == nil && code.isEmpty }
        var isComment: Bool { comment != nil && code.isEmpty }
    }

    private let lines: [Line]
    /// By line, the next one below it that has code.
    private let codeBelow: [Int?]

    /// O(bytes).
    init(_ code: String) {
        var reader = ShellReader()
        var lines: [Line] = []
        for line in code.splitLines() {
            var bare: [UInt8] = []
            var comment: [UInt8] = []
            var hasComment = false
            for byte in line.utf8 {
                let isInside = reader.step(byte) == .comment
                if isInside || reader.state == .comment {
                    hasComment = true
                    comment.append(byte)
                } else {
                    bare.append(byte)
                }
            }
            _ = reader.step(0x0A)
            let text = String(decoding: comment, as: UTF8.self).drop { $0 == "#" || $0 == "!" }
            lines.append(
                Line(
                    comment: hasComment ? String(text).trimmingBlanks() : nil,
                    code: String(decoding: bare, as: UTF8.self).trimmingBlanks()))
        }
        var codeBelow = [Int?](repeating: nil, count: lines.count)
        for index in lines.indices.dropLast().reversed() {
            codeBelow[index] = lines[index + 1].code.isEmpty ? codeBelow[index + 1] : index + 1
        }
        (self.lines, self.codeBelow) = (lines, codeBelow)
    }

    // MARK: Cutting

    /// Why the commands of a fragment can't be taken apart for what stands around it: a line that leads to it says when they
    /// are run, and would stand above the first alone. O(distance to that line).
    static func objectionToCutting(_ fragment: Fragment, in document: SkillDocument) -> String? {
        let parent = document.blocks[fragment.block].parent
        var index = fragment.block - 1
        while index >= 0, index != parent, document.blocks[index].parent != parent { index -= 1 }
        guard index >= 0, index != parent, document.blocks[index].kind == .paragraph else { return nil }
        let text = document.blocks[index].text.trimmingBlanks()
        guard text.hasSuffix(":") else { return nil }
        let bytes = Array(text.utf8.suffix(600))
        let last = Sentences.split(bytes[...]).last.map { String(decoding: bytes[$0], as: UTF8.self) } ?? text
        return isCondition(last) ? "the line before it says when its commands are to be run" : nil
    }

    /// Why the commands can't be taken apart; nil when each comment belongs to the one command below it. O(bytes).
    var objectionToCutting: String? {
        for (index, line) in lines.enumerated() {
            guard let comment = line.comment else { continue }
            if Self.isCondition(comment) { return "a comment says when its commands are to be run" }
            if Self.isOutput(comment) { return "a comment tells what a command prints" }
            guard line.isComment else { continue }
            let isBelowCode = index > 0 && !lines[index - 1].isBlank && !lines[index - 1].isComment
            guard isBelowCode else { continue }
            let next = lines[(index + 1)...].first { !$0.isComment }
            if next?.isBlank ?? true { return "a comment may belong to the command above it" }
        }
        if headsSeveral { return "a comment stands above several commands" }
        return areWays ? "its commands are ways to choose from" : nil
    }

    /// Whether a comment has more than one line of code directly below it. A line that a backslash continues is one.
    private var headsSeveral: Bool {
        var isHeaded = false
        var count = 0
        var goesOn = false
        for line in lines {
            if line.isComment {
                isHeaded = true
                count = 0
            } else if line.isBlank {
                isHeaded = false
            } else if !goesOn {
                count += line.code.contains("&&") || line.code.contains(";") ? 2 : 1
                if isHeaded, count > 1 { return true }
            }
            goesOn = line.code.hasSuffix("\\")
        }
        return false
    }

    /// Three paragraphs or more, each with a title of its own that has no number, most of them with a call of one and the same
    /// program: `tool check a`, `x | tool check -`, `tool reset`.
    private var areWays: Bool {
        let paragraphs = lines.split { $0.isBlank }
        guard paragraphs.count >= 3 else { return false }
        var calls: [String: Int] = [:]
        for paragraph in paragraphs {
            guard let title = paragraph.first?.comment, paragraph.first?.isComment == true,
                !(title.utf8.first?.isDigit ?? false), !Self.isStep(title),
                let code = paragraph.first(where: { !$0.isComment })?.code
            else { return false }
            for program in Set(code.split(separator: "|").compactMap { Self.program(String($0)) }) {
                calls[program, default: 0] += 1
            }
        }
        return calls.values.contains { $0 * 3 >= paragraphs.count * 2 }
    }

    /// `Step 2: …`, `Then …`, `Finally …`: one after another.
    private static func isStep(_ title: String) -> Bool {
        Sentences.words(title.prefix(80)).first.map(steps.contains) ?? false
    }

    private static let steps: Set<String> = [
        "step", "first", "then", "next", "finally", "now", "last", "phase", "second",
    ]

    private static func program(_ code: String) -> String? {
        code.split(separator: " ").map(String.init).first { !wrappers.contains($0) && !$0.hasPrefix("-") }
    }

    private static let wrappers: Set<String> = [
        "uv", "run", "npx", "uvx", "python", "python3", "poetry", "sudo", "bunx",
    ]

    // MARK: Running

    /// Why the code is not to be run from its first line to its last; nil when nothing in the comments speaks against it. A
    /// condition that the code itself tests is no objection. O(bytes).
    var objectionToRunning: String? {
        var depth = 0
        for (index, line) in lines.enumerated() {
            if let comment = line.comment, depth == 0 {
                let isTested = line.isComment ? tests(below: index) : Self.tests(line.code)
                if Self.isCondition(comment) || Self.isOneOfSeveral(comment), !isTested {
                    return "a comment leaves it to the reader when its commands are to be run"
                }
            }
            for word in Sentences.words(line.code) {
                if Self.openers.contains(word) { depth += 1 }
                if Self.closers.contains(word) { depth = max(0, depth - 1) }
            }
        }
        return nil
    }

    private func tests(below index: Int) -> Bool {
        codeBelow[index].map { Self.tests(lines[$0].code) } ?? true
    }

    /// Whether the shell decides at this line what is run.
    private static func tests(_ code: String) -> Bool {
        if ["||", "&&", ":-", ":?", ":="].contains(where: code.contains) { return true }
        guard let first = code.split(separator: " ").first else { return false }
        return ["if", "elif", "else", "case", "while", "until", "for", "[", "[[", "test", "trap", "set"].contains(first)
    }

    private static let openers: Set<String> = ["if", "case"]
    private static let closers: Set<String> = ["fi", "esac"]

    // MARK: Words

    /// Whether a comment says when, or on whose word, something is run. Errs on the side of yes.
    static func isCondition(_ comment: String) -> Bool {
        let text = comment.prefix(400)
        if !conditions.isDisjoint(with: Sentences.words(text)) { return true }
        return unspaced.contains { text.contains($0) }
    }

    /// `macOS`, `On Linux`, `For a single file`: one of several cases.
    private static func isOneOfSeveral(_ comment: String) -> Bool {
        let words = Sentences.words(comment.prefix(200))
        guard let first = words.first(where: { !$0.utf8.allSatisfy(\.isDigit) }) else { return false }
        return ["on", "for", "with", "without", "using", "via"].contains(first)
            || (words.count <= 4 && !systems.isDisjoint(with: words))
    }

    private static let systems: Set<String> = [
        "macos", "mac", "osx", "linux", "ubuntu", "debian", "windows", "fedora", "arch", "alpine", "homebrew", "wsl",
    ]

    /// `→ 12 rows`, `Output: …`, `e.g. "a/b"`: what a command prints, not what the next one does.
    private static func isOutput(_ comment: String) -> Bool {
        if ["→", "=>", "->", ">", "⇒", "↳", "✓", "✅", "✔", "{", "["].contains(where: comment.hasPrefix) { return true }
        guard let first = Sentences.words(comment.prefix(40)).first else { return false }
        return outputs.contains(first)
    }

    private static let outputs: Set<String> = [
        "output", "outputs", "returns", "return", "returned", "prints", "shows", "displays", "expected", "result",
        "results", "response", "e", "eg", "gives", "yields", "should", "you",
    ]

    private static let conditions: Set<String> = [
        "if", "when", "whenever", "unless", "only", "otherwise", "else", "until", "optional", "optionally", "depending",
        "depends", "either", "choose", "pick", "consent", "approval", "approve", "approved", "approves", "permission",
        "confirm", "confirmed", "confirmation", "confirms", "ask", "manual", "manually", "review", "reviewed", "should",
        "may", "might", "needed", "necessary", "once", "after", "before", "wait", "skip", "alternative",
        "alternatively", "alternatives", "instead", "fallback", "repeat", "don't", "not", "never", "caution", "warning",
        "dangerous", "destructive",
        // German, French, Spanish, Italian, Portuguese.
        "wenn", "falls", "nur", "sonst", "sobald", "oder", "nachdem", "si", "sinon", "seulement", "lorsque", "quand",
        "cuando", "solo", "sólo", "opcional", "facultatif", "quando", "oppure", "senão", "apenas", "se",
    ]

    /// Chinese, Japanese, Korean.
    private static let unspaced = [
        "如果", "若", "当", "或", "可选", "除非", "只有", "仅", "否则", "之后", "确认", "需要", "場合", "もし", "たら", "任意", "のみ", "경우",
        "만약", "선택",
    ]
}
