import Basics

/// A run of `git` that failed: what its messages mean. They are read in the C locale.
struct GitFailure: Error, Sendable {
    enum Kind: Sendable {
        /// The server does not give out single objects.
        case refusesObjects
        /// The server has no such object.
        case noSuchObject
        case known(GitError)
        case code(GitError.Code, hint: String?)
    }

    var kind: Kind
    var message: String
    /// By all that was said: the gist may leave out why ssh lost the connection.
    private var outlook: Outlook?

    init(kind: Kind, message: String) {
        self.kind = kind
        self.message = message
    }

    init(_ result: ProgramResult) {
        self.init(String(result.errorText.prefix(1 << 16)), status: result.status)
    }

    init(_ text: String, status: Int32) {
        message = Self.gist(of: text, status: status)
        outlook = Outlook(text)
        kind = Self.signs.first { $0.texts.contains { text.contains($0) } }?.kind ?? .code(.network, hint: nil)
    }

    /// The first lines that say what is wrong, on one line.
    private static func gist(of text: String, status: Int32) -> String {
        // ssh ends its lines as a terminal wants them, with a carriage return.
        let lines = text.split(whereSeparator: \.isNewline).filter {
            !$0.hasPrefix("warning:") && !$0.hasPrefix("hint:")
        }
        let grave = lines.filter {
            $0.hasPrefix("fatal:") || $0.hasPrefix("error:") || $0.hasPrefix("ssh:")
                || !$0.hasPrefix("remote:") && Outlook.isBroken(String($0))
        }
        let gist = (grave.isEmpty ? Array(lines.suffix(2)) : Array(grave.prefix(3))).joined(separator: "; ").shown()
        return gist.isEmpty ? "git ended with \(status)" : gist
    }

    var isDamage: Bool {
        if case .code(.damaged, _) = kind { true } else { false }
    }

    func error(for url: GitURL) -> GitError {
        switch kind {
        case .known(let error): error
        case .refusesObjects: GitError(.network, "\(url) does not give out single commits")
        case .noSuchObject: GitError(.noSuchReference, "\(url) has no such commit: \(message)")
        case .code(let code, let hint):
            switch code {
            case .authentication: GitError(code, "\(url) does not let you in: \(message)", hint: hint)
            case .notFound: GitError(code, "there is no repository at \(url): \(message)", hint: hint)
            case .network: networkError(url, hint)
            default: GitError(code, "\(url): \(message)", hint: hint)
            }
        }
    }

    private func networkError(_ url: GitURL, _ hint: String?) -> GitError {
        let what = Outlook.isBroken(message) ? "the connection to \(url) broke" : "\(url) can't be reached"
        var error = GitError(.network, "\(what): \(message)", hint: hint ?? Self.networkHint)
        error.outlook = url.isLocal ? .lasting : outlook ?? Outlook(message)
        return error
    }

    private static let networkHint =
        "check the network and run the same command again: what has come is kept; or use `--offline`"

    /// For what was done in a checkout of the user's: `what` as in "the tag can't be made".
    func error(doing what: String) -> GitError {
        switch kind {
        case .known(let error): error
        case .refusesObjects, .noSuchObject: GitError(.network, "\(what): \(message)")
        case .code(let code, let hint): GitError(code, "\(what): \(message)", hint: hint)
        }
    }

    private static let signs: [(texts: [String], kind: Kind)] = [
        // Before what it does to the pack: that is not damaged, it is not whole.
        (["No space left on device", "Disk quota exceeded"], disk),
        (["RPC failed", "early EOF", "unexpected disconnect"], .code(.network, hint: nil)),
        (
            [
                "bad object", "corrupt", "does not match index", "packfile", "did not send all necessary objects",
                "pack has", "object file", "bad tree", "unresolved delta", "index-pack failed", "bad shallow line",
                "bad config", "missing blob", "missing tree",
            ], .code(.damaged, hint: nil)
        ),
        (["Server does not allow request for unadvertised object"], .refusesObjects),
        (["not our ref", "couldn't find remote ref", "no such remote ref"], .noSuchObject),
        (
            ["Host key verification failed"],
            .code(.authentication, hint: "connect once with `ssh` and check the host's key, then run this again")
        ),
        (
            [
                "Authentication failed", "could not read Username", "could not read Password",
                "terminal prompts disabled", "Permission denied (", "The requested URL returned error: 401",
                "The requested URL returned error: 403", "Too many authentication failures",
            ],
            .code(
                .authentication,
                hint: "set up a git credential helper for https or add your key with `ssh-add`; "
                    + "many hosts answer so too when the repository does not exist")
        ),
        (
            ["dubious ownership"],
            .code(.refusedURL, hint: "tell git that you trust it: git config --global --add safe.directory <folder>")
        ),
        (["transport '"], .code(.refusedURL, hint: "your git configuration rewrites or forbids this address")),
        (
            ["not valid: is this a git repository?"],
            .code(
                .notFound,
                hint: "its server answers with something else than git does, most often a web page: check the address, "
                    + "and whether it wants you to sign in")
        ),
        (
            [
                "not found", "does not appear to be a git repository", "does not exist", "no such repository",
                "The requested URL returned error: 404", "not a git repository",
            ], .code(.notFound, hint: "check the address; `git ls-remote <address>` asks the same server")
        ),
        (
            ["certificate", "SSL"],
            .code(.network, hint: "give git the certificate authority with `git config --global http.sslCAInfo <file>`")
        ),
        (
            ["Could not resolve host", "Failed to connect", "Connection refused", "timed out", "unreachable"],
            .code(.network, hint: "check the network, or use `--offline` with what is in the cache")
        ),
    ]

    private static let disk = Kind.code(.disk, hint: "free some disk space, then run this again")
}
