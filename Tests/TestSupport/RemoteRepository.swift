import Basics

/// A bare repository that tests serve, made by the machine's `git` in its own small world: no configuration of the
/// user or the system has a say.
package struct RemoteRepository: Sendable {
    package let path: String

    package enum File: Sendable, ExpressibleByStringLiteral {
        case text(String)
        case executable(String)
        case link(String)

        package init(stringLiteral text: String) { self = .text(text) }
    }

    /// Makes an empty repository with the default branch `main`.
    package init(at path: String) async throws {
        self.path = path
        try FileSystem.makeDirectories(path)
        try await git("init", "--quiet", "--bare", "--initial-branch=main", path)
        try await git("config", "uploadpack.allowFilter", "true")
    }

    package var url: String { "file://" + path }

    /// Runs git in the repository; returns what it prints, without the last line end. Throws when it fails.
    @discardableResult
    package func git(_ arguments: String..., input: [UInt8] = []) async throws -> String {
        let result = try await Program("git", arguments, environment: Self.environment, directory: path).run(
            input: input)
        guard result.succeeded else {
            throw TestServerError("git \(arguments.joined(separator: " ")): \(result.errorText)")
        }
        return String(result.outputText.trimmingLineEnd)
    }

    /// Commits exactly `files` on top of `branch`, as of `time` seconds since the epoch; returns the commit's id.
    @discardableResult
    package func commit(
        _ files: [String: File], branch: String = "main", time: Int = 1_700_000_000
    ) async throws -> String {
        var stream = "commit refs/heads/\(branch)\ncommitter T <t@example.org> \(time) +0000\ndata 4\ntest\n"
        if (try? await git("rev-parse", "--verify", "--quiet", "refs/heads/\(branch)")) != nil {
            stream += "from refs/heads/\(branch)^0\n"
        }
        stream += "deleteall\n"
        for (path, file) in files.sorted(by: { $0.key < $1.key }) {
            let (mode, text) =
                switch file {
                case .text(let text): ("100644", text)
                case .executable(let text): ("100755", text)
                case .link(let target): ("120000", target)
                }
            stream += "M \(mode) inline \(path)\ndata \(text.utf8.count)\n\(text)\n"
        }
        try await git("fast-import", "--quiet", "--force", input: Array(stream.utf8))
        return try await git("rev-parse", "refs/heads/\(branch)")
    }

    package func tag(_ name: String, _ commit: String = "main", annotated: Bool = false) async throws {
        if annotated {
            try await git("tag", "-a", "-m", "release", name, commit)
        } else {
            try await git("tag", name, commit)
        }
    }

    /// Writes a tree object of any entries, also of those that git itself would not write; returns its id.
    package func tree(_ entries: [(mode: String, name: [UInt8], id: String)]) async throws -> String {
        var bytes: [UInt8] = []
        for entry in entries {
            bytes += Array(entry.mode.utf8) + [0x20] + entry.name + [0]
            bytes += [UInt8](hex: entry.id) ?? []
        }
        return try await git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", input: bytes)
    }

    package func blob(_ bytes: [UInt8]) async throws -> String {
        try await git("hash-object", "-w", "--stdin", input: bytes)
    }

    /// Commits a tree as it is on `main`.
    package func commit(tree: String) async throws -> String {
        let commit = try await git("commit-tree", "-m", "test", tree)
        try await git("update-ref", "refs/heads/main", commit)
        return commit
    }

    package static let environment: [String: String] = [
        "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "T", "GIT_AUTHOR_EMAIL": "t@example.org",
        "GIT_COMMITTER_NAME": "T", "GIT_COMMITTER_EMAIL": "t@example.org", "GIT_AUTHOR_DATE": "1700000000 +0000",
        "GIT_COMMITTER_DATE": "1700000000 +0000",
    ]
}

/// What kept a test from having the server it needs.
package struct TestServerError: Error, CustomStringConvertible {
    package var description: String
    package init(_ description: String) { self.description = description }
}

extension String {
    package var trimmingLineEnd: Substring { hasSuffix("\n") ? dropLast() : self[...] }
}
