package import Basics

/// What went wrong with a remote repository, its cache or what it holds.
package struct GitError: Error, Sendable, Equatable, CustomStringConvertible {
    package struct Code: Sendable, Hashable {
        enum Known: String, Sendable {
            case refusedURL, refusedReference, authentication, notFound, network, noSuchReference, noSuchPath
            case damaged, tooLarge, hostileEntry, offline, unsupported, disk, cancelled, refused, rewritten, movedTag
        }

        let known: Known

        /// The address is none that skvm speaks to, or could be read as an option or a command.
        package static let refusedURL = Code(known: .refusedURL)
        /// The name of a branch, tag or commit is not one.
        package static let refusedReference = Code(known: .refusedReference)
        /// The server wants to know who asks, or does not let them in.
        package static let authentication = Code(known: .authentication)
        /// The server answers, and has no such repository.
        package static let notFound = Code(known: .notFound)
        /// The server can't be reached, or the transfer broke.
        package static let network = Code(known: .network)
        /// The repository has no such branch, tag or commit.
        package static let noSuchReference = Code(known: .noSuchReference)
        /// The commit has no such file or folder.
        package static let noSuchPath = Code(known: .noSuchPath)
        /// Objects do not have the bytes that their names promise, also after they were fetched anew.
        package static let damaged = Code(known: .damaged)
        /// A file, a folder or a transfer is over a limit.
        package static let tooLarge = Code(known: .tooLarge)
        /// A folder holds an entry that no skill may hold.
        package static let hostileEntry = Code(known: .hostileEntry)
        /// It is not in the cache, and the network is not to be used.
        package static let offline = Code(known: .offline)
        /// The repository uses a feature of git that skvm can't read.
        package static let unsupported = Code(known: .unsupported)
        /// The cache can't be written.
        package static let disk = Code(known: .disk)
        package static let cancelled = Code(known: .cancelled)
        /// The server does not take what was pushed.
        package static let refused = Code(known: .refused)
        /// The head that was seen before is no ancestor of the present one.
        package static let rewritten = Code(known: .rewritten)
        /// A tag is at another commit than it was.
        package static let movedTag = Code(known: .movedTag)
    }

    package var code: Code
    /// Names the thing: lower case, without credentials and control characters.
    package var detail: String
    package var hint: String?

    package init(_ code: Code, _ detail: String, hint: String? = nil) {
        self.code = code
        self.detail = detail
        self.hint = hint
    }

    init(_ error: FileError) {
        self.init(.disk, error.description, hint: error.diagnostic.hint)
    }

    package var description: String { detail }

    /// What a user is told of it.
    package var diagnostic: Diagnostic {
        let (id, fault): (String, Fault) =
            switch code.known {
            case .refusedURL: ("git.url", .build)
            case .refusedReference: ("git.reference", .build)
            case .authentication: ("git.authentication", .outside)
            case .notFound: ("git.not-found", .outside)
            case .network: ("git.network", .outside)
            case .noSuchReference: ("git.no-reference", .build)
            case .noSuchPath: ("git.no-path", .build)
            case .damaged: ("git.damaged", .integrity)
            case .tooLarge: ("git.too-large", .integrity)
            case .hostileEntry: ("git.hostile-entry", .integrity)
            case .offline: ("git.offline", .offline)
            case .unsupported: ("git.unsupported", .outside)
            case .disk: ("git.cache", .outside)
            case .cancelled: ("git.cancelled", .outside)
            case .refused: ("git.refused", .outside)
            case .rewritten: ("git.rewritten", .integrity)
            case .movedTag: ("git.moved-tag", .integrity)
            }
        let author = code.known == .tooLarge ? "tell the skill's author; nothing was installed" : nil
        return Diagnostic(id, .error, detail, hint: hint ?? author, fault: fault)
    }
}

extension StringProtocol {
    /// The text on one line, without control and invisible formatting characters, at most `limit` characters: what a
    /// server or a repository says may be shown, but must not steer the terminal.
    package func shown(limit: Int = 300) -> String {
        // Most texts are plain, and an index has some of them in every line.
        if utf8.count <= limit, utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return String(self) }
        var text = ""
        for scalar in unicodeScalars.prefix(limit) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                text += scalar == "\n" || scalar == "\t" ? " " : "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return unicodeScalars.count > limit ? text + "…" : text
    }
}
