import Basics

/// How a web server answers to the question for its references, looked at down to the end of its headers.
///
/// To git's curl, an answer that breaks off within its headers is whole and has no body. Git takes that for a folder of plain
/// files with an empty list of references: for an empty repository, or, when something is fetched, for one without it.
enum Greeting: Sendable {
    /// A git server's, whole.
    case git(ProgramResult)
    /// Whole, and not of a program that speaks git's protocol: plain files, or an error's page.
    case plain(ProgramResult)
    /// It broke off within its headers.
    case cut

    /// Reads the trace of git's curl in what git said.
    init(_ result: ProgramResult) {
        var isOpen = false
        var isGit = false
        var said: [Substring] = []
        for line in result.errorText.split(whereSeparator: \.isNewline) {
            guard let mark = line.firstRange(of: "<= Recv header:") else {
                if !Self.isTrace(line) { said.append(line) }
                continue
            }
            let header = line[mark.upperBound...].drop { $0 == " " }
            if header.hasPrefix("HTTP/") {
                if isOpen { break }
                isOpen = true
            } else if header.isEmpty {
                isOpen = false
            } else if header.lowercased().hasPrefix("content-type: application/x-git-") {
                isGit = true
            }
        }
        if isOpen {
            self = .cut
            return
        }
        // The trace is for nobody's eyes.
        var result = result
        result.error = Array(said.joined(separator: "\n").utf8)
        self = isGit ? .git(result) : .plain(result)
    }

    private static func isTrace(_ line: Substring) -> Bool {
        ["== Info:", "=> Send", "<= Recv"].contains { line.contains($0) }
    }

    static let broken = GitFailure("transfer closed within the headers of an answer", status: 128)
}

extension GitProgram {
    /// What git says of a fetch that failed because it took the server for plain files.
    private static let plainSigns = [
        "dumb http transport", "Unable to find ", "Cannot obtain needed object",
    ]

    /// Asks a web server again for its references, and sees how it answers.
    func greeting(of folder: RepositoryFolder) async throws(GitError) -> Greeting {
        Greeting(
            try await watched(folder, limit: .max, patience: 5) { (_) async throws(GitError) in
                try await run(
                    folder, Self.listing, extra: ["GIT_TRACE_CURL": "1", "GIT_TRACE_CURL_NO_DATA": "1"])
            })
    }

    static let listing = ["ls-remote", "--symref", "--quiet", "--end-of-options", remote]

    /// What a failed fetch means: whoever took the server for plain files may have lost its answer.
    func failure(_ result: ProgramResult, of folder: RepositoryFolder) async -> GitFailure {
        guard folder.url.isWeb, Self.plainSigns.contains(where: { result.errorText.contains($0) }) else {
            return GitFailure(result)
        }
        do throws(GitError) {
            guard case .plain = try await greeting(of: folder) else { return Greeting.broken }
            let message = "\(folder.url) is a folder of plain files to its web server, of which git fetches no parts"
            return GitFailure(
                kind: .known(
                    GitError(
                        .unsupported, message,
                        hint: "tell those who keep it: git comes with a server, `git http-backend`")),
                message: message)
        } catch {
            return GitFailure(kind: .known(error), message: error.detail)
        }
    }
}
