import Basics

/// Commits that skvm itself makes, and their way to the server. Nothing is checked out: a file's bytes become a blob, the
/// commit's listing is edited in an index of its own, and no filter, hook or work tree has a say.
extension GitProgram {
    enum PushOutcome {
        case done
        /// Somebody else was faster: the branch is no longer where the commit begins.
        case outrun
    }

    /// Makes a commit on top of `parent`, whose trees must be in the repository. The author is the user, by their git
    /// configuration; it is signed if they have `commit.gpgSign`.
    func makeCommit(
        of files: [RelativePath: [UInt8]], message: String, on parent: ObjectID, in folder: RepositoryFolder
    ) async throws(GitError) -> ObjectID {
        let index = FileSystem.temporaryPath(beside: folder.path + "/index")
        defer { try? FileSystem.remove(index) }
        var listing = ""
        for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
            let id = try await object(["hash-object", "-w", "--stdin"], bytes, folder)
            listing += "100644 \(id)\t\(path.text)\0"
        }
        let extra = ["GIT_INDEX_FILE": index]
        try await succeed(["read-tree", parent.hex], folder, extra: extra)
        try await succeed(["update-index", "-z", "--add", "--index-info"], folder, Array(listing.utf8), extra: extra)
        let tree = try await object(["write-tree", "--missing-ok"], [], folder, extra: extra)
        let signs = try await run(folder, ["config", "--type=bool", "--get", "commit.gpgSign"]).outputText == "true\n"
        return try await object(
            ["commit-tree", tree.hex, "-p", parent.hex, "-F", "-"] + (signs ? ["-S"] : []),
            Array((message + "\n").utf8), folder)
    }

    /// Moves the server's branch forward to `commit`. Never forces.
    ///
    /// Throws `refused` when the server does not want it, and as `fetch` does.
    func push(_ commit: ObjectID, to branch: ReferenceName, of folder: RepositoryFolder) async throws(GitError)
        -> PushOutcome
    {
        // A commit of a few lines: what takes longer than a list of references does comes to nothing.
        let result = try await watched(folder, limit: .max, patience: 5) { (_) async throws(GitError) in
            try await run(
                folder,
                Self.partial + [
                    "-c", "push.followTags=false", "push", "--porcelain", "--no-verify", "--no-force",
                    "--end-of-options", Self.remote, "\(commit):refs/heads/\(branch)",
                ])
        }
        if result.succeeded { return .done }
        let text = result.outputText + result.errorText
        let signs = [
            "(fetch first)", "(non-fast-forward)", "cannot lock ref", "failed to update ref", "incorrect old value",
            "stale info", "reference already exists",
        ]
        if signs.contains(where: { text.contains($0) }) { return .outrun }
        if text.contains("[remote rejected]") {
            let lines = text.split(separator: "\n").filter { $0.contains("rejected]") || $0.hasPrefix("remote:") }
            throw GitError(
                .refused, "\(folder.url) refuses the commit: \(lines.prefix(3).joined(separator: "; ").shown())",
                hint: "ask those who keep the repository for the right to push to `\(branch)`")
        }
        throw GitFailure(result).error(for: folder.url)
    }

    private func object(
        _ arguments: [String], _ input: [UInt8], _ folder: RepositoryFolder, extra: [String: String] = [:]
    ) async throws(GitError) -> ObjectID {
        let output = try await succeed(arguments, folder, input, extra: extra)
        guard let id = ObjectID(hex: output.hasSuffix("\n") ? String(output.dropLast()) : output) else {
            throw GitError(.unsupported, "git \(arguments[0]) names no object: \(output.shown(limit: 80))")
        }
        return id
    }

    @discardableResult
    private func succeed(
        _ arguments: [String], _ folder: RepositoryFolder, _ input: [UInt8] = [], extra: [String: String] = [:]
    ) async throws(GitError) -> String {
        let result = try await run(folder, Self.partial + arguments, input: input, extra: extra)
        guard !result.succeeded else { return result.outputText }
        if result.errorText.contains("user.email") || result.errorText.contains("empty ident") {
            throw GitError(
                .unsupported, "git does not know who you are",
                hint: "git config --global user.name NAME; git config --global user.email MAIL")
        }
        throw GitFailure(result).error(doing: "the commit can't be made")
    }
}
