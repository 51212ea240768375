import Basics
import Git
import Registry
import SkillModel

/// A skill's folder as a commit that others can fetch.
struct PublishSource: Sendable {
    var copy: WorkingCopy
    /// The checkout's folder.
    var root: String
    /// The skill's folder in it; nil for the root.
    var path: RelativePath?
    var commit: ObjectID
    /// What the user's git calls the repository that others fetch from.
    var remote: String
    var url: GitURL
    /// Whether the commit holds no other skill.
    var isAlone: Bool

    /// Looks at the checkout that `folder` is in. `address` is where others fetch it, instead of the remote's own.
    ///
    /// Throws `publish.no-repository`, `publish.no-commit`, `publish.dirty`, `publish.no-remote`, `publish.unpushed`.
    init(_ folder: String, shown: String, address: String?, environment: [String: String]) async throws {
        copy = WorkingCopy(folder: folder, environment: environment)
        guard let root = try await copy.root(), let prefix = try await copy.ask("rev-parse", "--show-prefix") else {
            throw Self.fault(
                "no-repository", "\(shown) is in no git repository",
                "a version is a commit that others can fetch: `git init`, commit, and push it somewhere")
        }
        self.root = root
        path = RelativePath(prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix)
        guard let head = try await copy.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}"),
            let commit = ObjectID(hex: head)
        else { throw Self.fault("no-commit", "the repository of \(shown) has no commit", "commit the skill") }
        self.commit = commit
        try await Self.requireClean(copy, shown)
        remote = try await Self.remote(copy, shown)
        let text = try await copy.ask("remote", "get-url", "--", remote) ?? ""
        url = try GitURL(address ?? Self.absolute(text, root))
        if try await copy.ask("for-each-ref", "--count=1", "--contains", commit.hex, "refs/remotes/\(remote)/") ?? ""
            == ""
        {
            throw Self.fault(
                "unpushed", "commit \(commit.short) of \(shown) is on no branch of the remote `\(remote)`",
                "run `git push`, then publish")
        }
        let files = try await copy.ask("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit.hex) ?? ""
        isAlone =
            files.utf8.split(separator: 0).count { file in
                String(Substring(file)) == "SKILL.md" || String(Substring(file)).hasSuffix("/SKILL.md")
            } <= 1
    }

    /// The tag that names a version: the skill's name before it where the repository holds several.
    func tag(_ name: PackageName, _ version: Version) -> String {
        isAlone ? "v\(version)" : "\(name)/v\(version)"
    }

    /// Makes the tag and pushes it. What an interrupted publish has done of it already is left alone; a tag that is
    /// another commit's is never moved.
    ///
    /// Throws `publish.tag-taken` naming both commits, and what git says.
    func tag(_ tag: String, message: String) async throws {
        let state = try await requireFree(tag)
        if state.isThere { return }
        if !state.isHere {
            try await copy.run(
                ["tag", "-a", "-m", message, "--end-of-options", tag, commit.hex],
                doing: "the tag `\(tag)` can't be made")
        }
        do throws(GitError) {
            try await copy.run(
                remotely: [
                    "push", "--quiet", "--no-follow-tags", "--end-of-options", remote,
                    "refs/tags/\(tag):refs/tags/\(tag)",
                ],
                doing: "the tag `\(tag)` can't be pushed")
        } catch {
            // Somebody may have been faster: not git's words tell it, but what stands there now.
            guard let other = try? await remoteTag(tag) else { throw error }
            if other == commit.hex { return }
            if !state.isHere { _ = try await copy.ask("tag", "--delete", tag) }
            throw taken(tag, other, isThere: true, "at \(url)")
        }
    }

    /// Whether the tag is here and at the remote already, from an interrupted publish of this commit.
    ///
    /// Throws `publish.tag-taken` naming both commits when it is another one's.
    private func requireFree(_ tag: String) async throws -> (isHere: Bool, isThere: Bool) {
        let (here, there) = try await places(of: tag)
        for (other, place) in [(here, "here"), (there, "at \(url)")] {
            if let other, other != commit.hex { throw taken(tag, other, isThere: there != nil, place) }
        }
        return (here != nil, there != nil)
    }

    /// The commit that the tag is at, and whether the remote has it; nil when there is no such tag.
    ///
    /// Throws `publish.tag-taken` when it is at one commit here and at another there.
    func standing(of tag: String) async throws -> (commit: ObjectID, isThere: Bool)? {
        let (here, there) = try await places(of: tag)
        if let here, let there, here != there {
            throw Self.fault(
                "tag-taken", "the tag `\(tag)` is at one commit here and at another at \(url)",
                "the remote's counts: `git fetch --force \(remote) tag \(tag)`, then publish",
                notes: ["here it is at \(here)", "there at \(there)"])
        }
        return (there ?? here).flatMap { ObjectID(hex: $0) }.map { ($0, there != nil) }
    }

    private func places(of tag: String) async throws -> (here: String?, there: String?) {
        let here = try await copy.ask("rev-parse", "--verify", "--quiet", "refs/tags/\(tag)^{commit}")
        return (here, try await remoteTag(tag))
    }

    /// The commit that the remote's tag is at.
    func remoteTag(_ tag: String) async throws -> String? {
        let listing = try await copy.run(
            remotely: ["ls-remote", "--quiet", "--end-of-options", remote, "refs/tags/\(tag)", "refs/tags/\(tag)^{}"],
            doing: "the remote `\(remote)` can't be asked")
        // The peeled line follows its tag.
        return listing.split(separator: "\n").last.map { String($0.prefix { $0 != "\t" }) }
    }

    /// What is tagged was not listed: else nobody would have looked at the tag.
    func taken(_ tag: String, _ other: String, isThere: Bool, _ place: String = "already") -> DiagnosticsError {
        Self.fault(
            "tag-taken", "the tag `\(tag)` is at another commit \(place), with other files of this skill",
            isThere
                ? "was a publish of that commit interrupted? `git checkout \(tag)`, `skvm publish`, `git checkout -` "
                    + "completes it; to publish this commit, give [package] a new version"
                : "nobody else has the tag: `git tag -d \(tag)` lets go of it, then publish",
            notes: ["the tag is at \(other)", "this is \(commit)", "the registry does not list the version"])
    }

    private static func requireClean(_ copy: WorkingCopy, _ shown: String) async throws {
        let status = try await copy.ask("status", "--porcelain", "--untracked-files=all", "-z", "--", ".") ?? ""
        let changed = status.utf8.split(separator: 0).map { String(Substring($0)) }.filter { line in
            guard let path = RelativePath(line.dropFirst(3)) else { return true }
            return !PackageFiles.leavesOut(path)
        }
        if changed.isEmpty { return }
        throw fault(
            "dirty", "\(shown) has changes that are not committed",
            "commit them: what is published is a commit", notes: Array(changed.prefix(10)))
    }

    /// The remote of the present branch, `origin`, or the only one.
    private static func remote(_ copy: WorkingCopy, _ shown: String) async throws -> String {
        let branch = try await copy.ask("symbolic-ref", "--quiet", "--short", "HEAD")
        let all = (try await copy.ask("remote") ?? "").split(separator: "\n").map(String.init)
        // `git push -u ADDRESS` writes the address there, of which git keeps no branches.
        if let branch, let own = try await copy.ask("config", "--get", "branch.\(branch).remote"), all.contains(own) {
            return own
        }
        if all.contains("origin") { return "origin" }
        if all.count == 1 { return all[0] }
        throw fault(
            "no-remote", "the repository of \(shown) has \(all.isEmpty ? "no remote" : "several remotes")",
            all.isEmpty
                ? "push it to where others can fetch it: `git remote add origin URL`, `git push -u origin HEAD`"
                : "say which one: `git push -u REMOTE HEAD`")
    }

    private static func absolute(_ url: String, _ root: String) -> String {
        url.hasPrefix("./") || url.hasPrefix("../") || url == "." || url == ".."
            ? FileSystem.absolute(url, from: root) : url
    }

    static func fault(_ id: String, _ message: String, _ hint: String, notes: [String] = []) -> DiagnosticsError {
        DiagnosticsError([Diagnostic("publish.\(id)", .error, message, notes: notes, hint: hint)])
    }
}
