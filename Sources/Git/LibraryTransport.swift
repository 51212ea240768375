import Basics
import CLibgit2

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Fetching by libgit2, for machines without a `git` program. Its version 1.5 knows neither shallow nor partial
/// fetches: all branches and tags come with their history. All calls block.
enum LibraryTransport {
    /// What the server has.
    static func references(of folder: RepositoryFolder) throws(GitError) -> References {
        let remote = try Remote(folder)
        try remote.connect()
        return try remote.listing()
    }

    /// All branches and tags; then `commit` by its id when none of them holds it.
    static func fetchAll(into folder: RepositoryFolder, and commit: ObjectID?, limit: Int) throws(GitError) {
        let remote = try Remote(folder, limit: limit)
        try remote.fetch(["+refs/heads/*:refs/skvm/heads/*", "+refs/tags/*:refs/skvm/tags/*"])
        guard let commit, try !ObjectDatabase(objects: folder.objects).contains(commit) else { return }
        do {
            try remote.fetch(["+\(commit):refs/skvm/\(commit)"])
        } catch  where error.code == .network || error.code == .notFound {
            throw GitError(.noSuchReference, "\(folder.url) has no commit \(commit), or does not give it out")
        }
    }
}

/// One anonymous remote of libgit2 with what its callbacks need.
private final class Remote {
    private let url: GitURL
    private let limit: Int
    private let repository: OpaquePointer
    private let remote: OpaquePointer
    /// libgit2 asks again after each refusal; the same answer twice would go on for ever.
    fileprivate var attempts = 0
    fileprivate var isOverLimit = false

    init(_ folder: RepositoryFolder, limit: Int = .max) throws(GitError) {
        _ = libraryIsReady
        self.url = folder.url
        self.limit = limit
        var repository: OpaquePointer?
        guard git_repository_open_bare(&repository, folder.path) == 0, let repository else {
            throw GitError(.damaged, "the cache's copy of \(folder.url) can't be opened: \(lastLibraryError())")
        }
        self.repository = repository
        var remote: OpaquePointer?
        guard git_remote_create_anonymous(&remote, repository, folder.url.text) == 0, let remote else {
            git_repository_free(repository)
            throw GitError(.refusedURL, "\(folder.url): \(lastLibraryError())")
        }
        self.remote = remote
    }

    deinit {
        git_remote_free(remote)
        git_repository_free(repository)
    }

    func connect() throws(GitError) {
        var callbacks = callbacks
        var proxy = git_proxy_options()
        proxy.version = UInt32(GIT_PROXY_OPTIONS_VERSION)
        proxy.type = GIT_PROXY_AUTO
        try check(git_remote_connect(remote, GIT_DIRECTION_FETCH, &callbacks, &proxy, nil))
    }

    func listing() throws(GitError) -> References {
        var heads: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
        var count = 0
        try check(git_remote_ls(&heads, &count, remote))
        var references = References()
        for index in 0..<count {
            guard let head = heads?[index]?.pointee, let name = String(validatingCString: head.name) else { continue }
            references.add(ObjectID(head.oid), name)
            if name == "HEAD", let target = head.symref_target, let branch = String(validatingCString: target) {
                references.headBranch = branch.hasPrefix("refs/heads/") ? String(branch.dropFirst(11)) : nil
            }
        }
        return references
    }

    func fetch(_ refspecs: [String]) throws(GitError) {
        var options = git_fetch_options()
        git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION))
        options.callbacks = callbacks
        options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
        options.update_fetchhead = 0
        options.proxy_opts.type = GIT_PROXY_AUTO
        var strings = refspecs.map { strdup($0) }
        defer { for string in strings { free(string) } }
        let result = strings.withUnsafeMutableBufferPointer { buffer in
            var array = git_strarray(strings: buffer.baseAddress, count: buffer.count)
            return git_remote_fetch(remote, &array, &options, nil)
        }
        try check(result)
    }

    private var callbacks: git_remote_callbacks {
        var callbacks = git_remote_callbacks()
        git_remote_init_callbacks(&callbacks, UInt32(GIT_REMOTE_CALLBACKS_VERSION))
        // The remote outlives every call that it is handed to.
        callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
        callbacks.credentials = { out, _, user, allowed, payload in
            guard let payload else { return GIT_EAUTH.rawValue }
            return Unmanaged<Remote>.fromOpaque(payload).takeUnretainedValue()
                .answer(out, user.map { String(cString: $0) }, allowed)
        }
        callbacks.transfer_progress = { progress, payload in
            guard let payload, let progress else { return 0 }
            let remote = Unmanaged<Remote>.fromOpaque(payload).takeUnretainedValue()
            remote.isOverLimit = progress.pointee.received_bytes > remote.limit
            return remote.isOverLimit ? GIT_EUSER.rawValue : 0
        }
        return callbacks
    }

    private func answer(
        _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?, _ user: String?, _ allowed: UInt32
    ) -> Int32 {
        attempts += 1
        if attempts > 3 { return GIT_EAUTH.rawValue }
        if allowed & GIT_CREDENTIAL_SSH_KEY.rawValue != 0 {
            return git_credential_ssh_key_from_agent(out, user ?? "git")
        }
        if allowed & GIT_CREDENTIAL_USERNAME.rawValue != 0 { return git_credential_username_new(out, user ?? "git") }
        guard allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0, let given = url.credentials else {
            return GIT_EAUTH.rawValue
        }
        return git_credential_userpass_plaintext_new(out, given.user, given.password ?? "")
    }

    private func check(_ result: Int32) throws(GitError) {
        guard result != 0 else { return }
        if isOverLimit { throw GitError(.tooLarge, "\(url) sent more than the limit of \(limit) bytes") }
        let message = lastLibraryError()
        let isThere = url.isLocal && !message.contains("failed to resolve path")
        switch result {
        case GIT_EAUTH.rawValue:
            throw GitError(
                .authentication, "\(url) does not let you in: \(message)",
                hint: "install git: its credential helpers know your passwords")
        case GIT_ENOTFOUND.rawValue where !isThere:
            throw GitError(.notFound, "there is no repository at \(url): \(message)", hint: Self.hint)
        case GIT_ECERTIFICATE.rawValue: throw GitError(.network, "\(url) shows no good certificate: \(message)")
        default:
            // libgit2 has no code for the answers of a web server.
            if message.contains("404") || message.contains("failed to resolve path") {
                throw GitError(.notFound, "there is no repository at \(url): \(message)", hint: Self.hint)
            }
            if isThere { throw GitError(.unsupported, "\(url) can't be read without git: \(message)", hint: Self.hint) }
            throw GitFailure(kind: .code(.network, hint: Self.hint), message: message).error(for: url)
        }
    }

    private static let hint =
        "there is no git on the path, and libgit2, which stands in for it, can't read every repository: install git 2.31 or "
        + "later, or check the address and the network"
}
