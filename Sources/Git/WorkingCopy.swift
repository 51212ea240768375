import Basics

/// A folder of the user's in a checkout of theirs, asked and changed by the machine's `git`, with their configuration:
/// hooks, signing and credential helpers are theirs, too.
package struct WorkingCopy: Sendable {
    /// Absolute; the working directory of every call.
    package let folder: String
    private var environment: [String: String]

    package init(folder: String, environment: [String: String]) {
        self.folder = folder
        self.environment = GitProgram.cleaned(environment)
    }

    /// The same with more in git's environment.
    func with(_ variables: [String: String]) -> WorkingCopy {
        var copy = self
        copy.environment.merge(variables) { $1 }
        return copy
    }

    /// What a run of `git` with these arguments prints, without the final line end; nil when it fails. Throws
    /// `unsupported` when there is no `git`.
    package func ask(_ arguments: String..., input: [UInt8] = []) async throws(GitError) -> String? {
        let result = try await start(arguments, input)
        return result.succeeded ? Self.text(result) : nil
    }

    /// The same, for calls that must succeed. Throws `network`, `authentication`, … as git's message says; `what` begins
    /// the sentence that tells of it.
    @discardableResult
    package func run(_ arguments: [String], input: [UInt8] = [], doing what: String) async throws(GitError) -> String {
        let result = try await start(arguments, input)
        guard result.succeeded else { throw GitFailure(result).error(doing: what) }
        return Self.text(result)
    }

    /// What a run prints, as it is.
    func bytes(_ arguments: [String], doing what: String) async throws(GitError) -> [UInt8] {
        let result = try await start(arguments, [])
        guard result.succeeded else { throw GitFailure(result).error(doing: what) }
        return result.output
    }

    /// As `run`, for what speaks with a server: a web server that says nothing is given up as everywhere in skvm. By ssh, and
    /// in the user's hooks, it takes as long as it takes.
    @discardableResult
    package func run(remotely arguments: [String], doing what: String) async throws(GitError) -> String {
        let patience = await GitProgram.Wishes(environment).lowSpeed
        return try await run(patience + arguments, doing: what)
    }

    /// The checkout's folder, as git names it; nil when the folder is in none.
    package func root() async throws(GitError) -> String? {
        try await ask("rev-parse", "--show-toplevel").flatMap { $0.isEmpty ? nil : $0 }
    }

    private func start(_ arguments: [String], _ input: [UInt8]) async throws(GitError) -> ProgramResult {
        do {
            return try await Program("git", arguments, environment: environment, directory: folder).run(input: input)
        } catch {
            throw GitError(.unsupported, "git can't be run: \("\(error)".shown())", hint: "install git")
        }
    }

    private static func text(_ result: ProgramResult) -> String {
        let text = result.outputText
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
}
