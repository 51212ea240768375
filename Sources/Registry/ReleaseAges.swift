package import Basics
package import Git
package import SkillModel

/// When releases came out, as far as that can be told: the time of the commit that holds a release's files; on a ClawHub,
/// the time at which it says that it took the version in.
///
/// Who makes a commit sets its time, so this keeps out what came out in haste, not who plans ahead. Of a release that
/// lies in the registry's own repository and whose line names no commit, the registry's last commit is taken: the
/// release is at least as old.
package struct ReleaseAges: Sendable {
    package let cooldown: Cooldown
    /// Seconds since the epoch.
    package let now: Int64
    private let cache: GitCache

    package init(cooldown: Cooldown, now: Int64, cache: GitCache) {
        self.cooldown = cooldown
        self.now = now
        self.cache = cache
    }

    /// Those of `releases` that are younger than the cooldown, or whose commit can't be had. Folders of this machine have no
    /// age and are never too young. One request a repository.
    ///
    /// Throws `git.…` when a server can't be reached.
    package func tooYoung(
        _ releases: [(version: Version, origin: PackageOrigin)]
    ) async throws(DiagnosticsError) -> Set<Version> {
        var commits: [GitURL: Set<ObjectID>] = [:]
        for case (_, .git(let url, let commit, _)) in releases { commits[url, default: []].insert(commit) }
        var times: [ObjectID: Int64] = [:]
        for (url, ids) in commits {
            let found = try await diagnosing { () throws(GitError) in
                try await cache.repository(url).commits(ids.sorted())
            }
            for (id, commit) in found { times[id] = commit.time }
        }
        var young: Set<Version> = []
        for case (let version, .hub(let published)) in releases {
            if let time = published.publishedAt, cooldown.hasPassed(since: time, now: now) { continue }
            young.insert(version)
        }
        for case (let version, .git(_, let commit, _)) in releases {
            if let time = times[commit], cooldown.hasPassed(since: time, now: now) { continue }
            young.insert(version)
        }
        return young
    }
}
