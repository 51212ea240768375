import Basics

/// The machine's own `git`: it knows the user's credential helpers, proxies, certificates and ssh keys, and can ask a
/// server for one commit and for single files.
///
/// Its oldest version that serves is 2.31 (option `--config-env`). Every argument that comes
/// from outside stands behind `--end-of-options`, in a configuration value or on standard input.
struct GitProgram: Sendable {
    let environment: [String: String]
    /// What the user has said of these things; theirs goes before skvm's own wish.
    let wishes: Wishes
    /// Told how far a transfer is.
    var report: @Sendable (TransferEvent) -> Void = { _ in }

    /// Nil when there is no `git` in the path of `environment`, or an older one.
    init?(findingIn environment: [String: String]) async {
        self.environment = Self.cleaned(environment)
        guard let result = try? await Program("git", ["--version"], environment: self.environment).run(limit: 1 << 16),
            result.succeeded, let version = result.outputText.split(separator: " ").dropFirst(2).first
        else { return nil }
        let numbers = version.split(separator: ".").prefix(2).map { Int($0.prefix { $0.isNumber }) ?? 0 }
        guard numbers.count == 2, (numbers[0], numbers[1]) >= (2, 31) else { return nil }
        wishes = await Wishes(self.environment)
    }

    /// What the server has. Asks nothing else of it.
    func references(of folder: RepositoryFolder) async throws(GitError) -> References {
        var result = try await watched(folder, limit: .max, patience: 5) { (_) async throws(GitError) in
            try await run(folder, Self.listing)
        }
        if folder.url.isWeb, result.succeeded, result.output.isEmpty {
            switch try await greeting(of: folder) {
            case .git(let whole), .plain(let whole): result = whole
            case .cut: throw Greeting.broken.error(for: folder.url)
            }
        }
        guard result.succeeded else { throw GitFailure(result).error(for: folder.url) }
        guard let references = References(listing: result.outputText) else {
            throw GitError(.network, "\(folder.url) answered with something that is no list of references")
        }
        return references
    }

    /// One commit with its trees, without history and, where the server can, without files.
    ///
    /// Of a commit that `follows` one that is here, with the commits and trees between the two: for a commit without its
    /// history the server compares all of its trees with all that are here (200 ms for 100,000 folders), for one with its
    /// history only what each commit changed.
    ///
    /// Returns whether the server can leave files out.
    @discardableResult
    func fetch(
        commit: ObjectID, follows: Bool, into folder: RepositoryFolder, limit: Int
    ) async throws(GitFailure) -> Bool {
        // The reference makes later fetches say that this commit is here, so that the server sends only what changed.
        try await fetch(
            folder, Self.partial, follows ? [] : ["--depth=1"], ["+\(commit):refs/skvm/\(commit)"], limit: limit)
    }

    /// These commits alone, neither their histories nor their files, in one request. No reference says that they are here:
    /// their trees are not.
    func fetch(commits: [ObjectID], into folder: RepositoryFolder, limit: Int) async throws(GitFailure) {
        try await fetch(
            folder,
            [
                "-c", "remote.\(Self.remote).promisor=true", "-c", "remote.\(Self.remote).partialCloneFilter=tree:0",
                "-c", "fetch.negotiationAlgorithm=noop",
            ], ["--depth=1", "--stdin"], [], input: commits.map { "\($0)\n" }.joined(), limit: limit)
    }

    /// These objects and nothing that they refer to, in one request.
    func fetch(objects: [ObjectID], into folder: RepositoryFolder, limit: Int) async throws(GitFailure) {
        try await fetch(
            folder, Self.partial + ["-c", "fetch.negotiationAlgorithm=noop"], ["--stdin"], [],
            input: objects.map { "\($0)\n" }.joined(), limit: limit)
    }

    /// A commit with its history down to those that are here, of a new repository (`isFirst`) that commit alone; without
    /// trees and files where the server can, which is returned.
    @discardableResult
    func fetch(
        history commit: ObjectID, into folder: RepositoryFolder, isFirst: Bool, limit: Int
    ) async throws(GitFailure) -> Bool {
        try await fetch(
            folder,
            ["-c", "remote.\(Self.remote).promisor=true", "-c", "remote.\(Self.remote).partialCloneFilter=tree:0"],
            isFirst ? ["--depth=1"] : [], ["+\(commit):refs/skvm/\(commit)"], limit: limit)
    }

    /// The commits of all branches and tags, whatever of them is here already; without trees and files where the server can.
    func fetch(historiesInto folder: RepositoryFolder, limit: Int) async throws(GitFailure) {
        try await fetch(
            folder,
            ["-c", "remote.\(Self.remote).promisor=true", "-c", "remote.\(Self.remote).partialCloneFilter=tree:0"],
            // To the first commit of each, though the copy began with a later one.
            ["--depth=2147483647"], Self.all, limit: limit)
    }

    /// All branches and tags with their history; for servers that give nothing smaller.
    func fetchAll(into folder: RepositoryFolder, limit: Int) async throws(GitFailure) {
        try await fetch(folder, [], [], Self.all, limit: limit)
    }

    private static let all = ["+refs/heads/*:refs/skvm/heads/*", "+refs/tags/*:refs/skvm/tags/*"]

    static let remote = "skvm"
    /// Tells git that objects may be missing here, and to ask for commits and trees without files. It stands on the
    /// command line and not in the repository's configuration, because libgit2 1.5 opens no partial clone.
    static let partial = [
        "-c", "remote.\(remote).promisor=true", "-c", "remote.\(remote).partialCloneFilter=blob:none",
    ]

    /// Returns whether the server heeds filters, if it was asked to.
    @discardableResult
    private func fetch(
        _ folder: RepositoryFolder, _ configuration: [String], _ options: [String], _ refspecs: [String],
        input: String = "", limit: Int
    ) async throws(GitFailure) -> Bool {
        let result: ProgramResult
        defer { report(.ended(address: folder.url.text)) }
        do throws(GitError) {
            result = try await watched(folder, limit: limit, patience: 1) { (watch) async throws(GitError) in
                try await run(
                    folder,
                    configuration
                        + ["fetch", "--progress", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"]
                        + options + ["--end-of-options", Self.remote] + refspecs, input: Array(input.utf8),
                    // What is missing is fetched by skvm, together. Git would ask for each object by a process of its own, and
                    // that one by another, as long as a server sends none (git 2.45 and later heed this).
                    extra: ["GIT_NO_LAZY_FETCH": "1"], watch: watch)
            }
        } catch {
            throw GitFailure(kind: .known(error), message: error.detail)
        }
        if !result.succeeded { throw await failure(result, of: folder) }
        return !result.errorText.split(separator: "\n").contains(
            "warning: filtering not recognized by server, ignoring")
    }

    /// Runs git in the repository, with `extra` in its environment.
    func run(
        _ folder: RepositoryFolder, _ arguments: [String], input: [UInt8] = [], extra: [String: String] = [:],
        watch: TransferWatch? = nil
    ) async throws(GitError) -> ProgramResult {
        var environment = environment.merging(extra) { $1 }
        var configuration =
            Self.configuration + wishes.lowSpeed + ["-c", "remote.\(Self.remote).url=\(folder.url.text)"]
        if let credentials = folder.url.credentials {
            // Through the environment of this one program: neither its command line nor a file shows them.
            environment["SKVM_GIT_USER"] = credentials.user
            environment["SKVM_GIT_PASSWORD"] = credentials.password ?? ""
            // A user alone is named to the user's helpers. A password, and a token, for which servers take an empty one, is kept
            // from them: they would remember it.
            let isAsked = credentials.password == nil && !SecretText.isMarked(credentials.user)
            configuration +=
                isAsked
                ? ["--config-env=credential.username=SKVM_GIT_USER"]
                : [
                    "-c", "credential.helper=", "-c",
                    #"credential.helper=!f() { test "$1" = get && printf 'username=%s\npassword=%s\n' "$SKVM_GIT_USER" "$SKVM_GIT_PASSWORD"; }; f"#,
                ]
        }
        if folder.url.scheme == .ssh, environment["GIT_SSH_COMMAND"] == nil, environment["GIT_SSH"] == nil,
            !wishes.hasSSHCommand
        {
            // A question of ssh would wait for ever behind a progress bar, or in a script.
            environment["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes"
        }
        return try await start(
            Program("git", ["--git-dir=" + folder.path] + configuration + arguments, environment: environment), input,
            watch)
    }

    private func start(
        _ program: Program, _ input: [UInt8], _ watch: TransferWatch?
    ) async throws(GitError) -> ProgramResult {
        var result: ProgramResult
        do {
            if let watch {
                result = try await program.run(input: input) { watch.take($0) }
                result.error = Array(watch.text.utf8)
            } else {
                result = try await program.run(input: input)
            }
        } catch {
            if Task.isCancelled { throw GitError(.cancelled, "stopped") }
            throw GitError(.network, "\(error)".shown())
        }
        // Then git was ended by us, and its exit code says nothing about the server.
        if Task.isCancelled { throw GitError(.cancelled, "stopped") }
        return result
    }

    private static let configuration = [
        "protocol.ext.allow=never", "core.hooksPath=/dev/null", "core.fsmonitor=false", "gc.auto=0",
        "maintenance.auto=false", "fetch.unpackLimit=1", "transfer.unpackLimit=1", "fetch.recurseSubmodules=false",
        "fetch.writeCommitGraph=false", "fetch.prune=false", "fetch.pruneTags=false", "submodule.recurse=false",
    ].flatMap { ["-c", $0] }

    /// Without what would point git at another repository (skvm may run in a git hook), with what keeps it from
    /// asking questions, running helpers by address or speaking the user's language in its messages.
    static func cleaned(_ environment: [String: String]) -> [String: String] {
        var clean = environment
        for name in [
            "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE",
            "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_SHALLOW_FILE", "GIT_PREFIX", "GIT_QUARANTINE_PATH",
            "GIT_CEILING_DIRECTORIES", "GIT_CURL_VERBOSE",
        ] { clean[name] = nil }
        // Traces show headers and addresses, and would stand in what skvm tells.
        for name in environment.keys where name.hasPrefix("GIT_TRACE") { clean[name] = nil }
        clean["GIT_ALLOW_PROTOCOL"] = "file:http:https:ssh"
        clean["GIT_TERMINAL_PROMPT"] = "0"
        clean["LC_ALL"] = "C"
        clean["LANGUAGE"] = nil
        return clean
    }
}
