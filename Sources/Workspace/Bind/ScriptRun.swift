import Basics
import SkillModel
import Synchronization

/// What a bind script said of each need.
struct ScriptAnswer: Sendable {
    struct Line: Sendable, Equatable {
        var state: BindReport.State
        var kind: String
        var name: String
        /// Behind the colon; empty where it says no more.
        var detail: String
    }

    var lines: [Line]
    /// What it said of its own work: `needs root: apt-get install ripgrep`.
    var notes: [String]

    /// `missing binary rg (required): apt has it as ripgrep`. Names hold no parenthesis (`SafeName`).
    static func line(_ text: some StringProtocol) -> Line? {
        let words = text.split(separator: " ", maxSplits: 2)
        guard words.count == 3, let state = BindReport.State(rawValue: String(words[0])) else { return nil }
        let rest = words[2]
        let mark = [" (required)", " (optional)"].compactMap { rest.firstRange(of: $0) }.first
        guard let mark else { return Line(state: state, kind: String(words[1]), name: String(rest), detail: "") }
        let detail = rest[mark.upperBound...]
        return Line(
            state: state, kind: String(words[1]), name: String(rest[..<mark.lowerBound]),
            detail: detail.hasPrefix(": ") ? String(detail.dropFirst(2)) : "")
    }
}

/// Runs one bind script by the system's shell, in no folder of anybody's and with an environment of its own.
struct ScriptRun: Sendable {
    let script: [UInt8]
    let environment: [String: String]

    /// `--check` or `--repair`. `told` gets each line that the script, and what it starts, says of its work.
    ///
    /// Throws `bind.shell` when it did neither end with 0 nor 1.
    func answer(_ mode: String, told: @escaping @Sendable (String) -> Void = { _ in }) async throws -> ScriptAnswer {
        let lines = ErrorLines(told)
        let result = try await run(mode) { lines.take($0) }
        lines.end()
        guard result.status == 0 || result.status == 1 else {
            throw DiagnosticsError([
                Diagnostic(
                    "bind.shell", .error, "/bin/sh ended a bind script with \(result.status)",
                    notes: lines.last, hint: "see `skvm doctor`; the script is skvm's own: please report it",
                    fault: .outside)
            ])
        }
        return ScriptAnswer(
            lines: result.outputText.split(separator: "\n").compactMap { ScriptAnswer.line($0) }, notes: lines.own)
    }

    /// The line that `--env` prints, for a shell.
    func exports() async throws -> String {
        let result = try await run("--env") { _ in }
        return String(result.outputText.split(separator: "\n", omittingEmptySubsequences: true).joined(separator: "\n"))
    }

    private func run(_ mode: String, onError: @escaping @Sendable ([UInt8]) -> Void) async throws -> ProgramResult {
        let folder = try FileSystem.makeScratchDirectory()
        defer { try? FileSystem.removeTree(folder) }
        try FileSystem.write(script, to: folder + "/bind.sh", mode: 0o600)
        return try await Program(
            "/bin/sh", [folder + "/bind.sh", mode], environment: environment, directory: "/"
        ).run(limit: 4 << 20, onError: onError)
    }
}

/// What scripts, and what they start, say of their work while they do it: each line once, for what fails is tried again, and for
/// another skill. What a script says of itself is in its answer.
final class ToldOnce: Sendable {
    private let seen = Mutex<Set<String>>([])
    private let told: @Sendable (String) -> Void

    init(_ told: @escaping @Sendable (String) -> Void) { self.told = told }

    func tell(_ line: String) {
        if line.hasPrefix(ErrorLines.mark), !line.hasPrefix(ErrorLines.mark + "installing ") { return }
        if seen.withLock({ $0.insert(line).inserted }) { told(line) }
    }
}

/// Standard error in lines.
private final class ErrorLines: Sendable {
    private struct State {
        var open: [UInt8] = []
        var own: [String] = []
        var last: [String] = []
    }
    private let state = Mutex(State())
    private let told: @Sendable (String) -> Void
    static let mark = "bind: "

    init(_ told: @escaping @Sendable (String) -> Void) { self.told = told }

    /// The script's own, without their mark; at most a hundred.
    var own: [String] { state.withLock { $0.own } }
    /// The last few, whoever printed them.
    var last: [String] { state.withLock { $0.last } }

    func take(_ bytes: [UInt8]) {
        let lines = state.withLock { state in
            var lines: [String] = []
            for byte in bytes {
                // A line that never ends is cut.
                if byte == 0x0A || byte == 0x0D || state.open.count == 4_096 {
                    if let line = Self.close(&state) { lines.append(line) }
                }
                if byte != 0x0A, byte != 0x0D { state.open.append(byte) }
            }
            return lines
        }
        for line in lines { told(line) }
    }

    func end() {
        if let line = state.withLock({ Self.close(&$0) }) { told(line) }
    }

    private static func close(_ state: inout State) -> String? {
        guard !state.open.isEmpty else { return nil }
        let line = String(decoding: state.open, as: UTF8.self)
        state.open = []
        state.last = state.last.suffix(4) + [line]
        if line.hasPrefix(mark), state.own.count < 100 { state.own.append(String(line.dropFirst(mark.count))) }
        return line
    }
}
