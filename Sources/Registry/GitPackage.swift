package import Basics
package import Git
package import SkillModel

/// A skill in any git repository: versions are tags (`v1.2.0`, or `<name>/v1.2.0` where a repository holds several),
/// and every other commit is a pseudo-version.
package struct GitPackage: Sendable {
    package let url: GitURL
    /// The skill's folder; nil when it is to be found.
    package let path: RelativePath?
    /// The name whose tags count. Nil takes the folder's name, or the repository's.
    package let name: PackageName?
    let repository: GitRepository

    package init(url: GitURL, path: RelativePath?, name: PackageName? = nil, cache: GitCache) {
        self.url = url
        self.path = path
        self.name = name
        repository = cache.repository(url)
    }

    /// A version that the repository offers, before anything of it was fetched.
    package struct Candidate: Sendable, Hashable {
        package var version: Version
        package var commit: ObjectID
        /// Nil for a commit without one.
        package var tag: String?
        /// The tag's own object; nil for one that is no more than a name of the commit.
        package var tagObject: ObjectID?

        package init(version: Version, commit: ObjectID, tag: String? = nil, tagObject: ObjectID? = nil) {
            self.version = version
            self.commit = commit
            self.tag = tag
            self.tagObject = tagObject
        }
    }

    /// The versions that `reference` allows, the newest first, at least one.
    ///
    /// Throws `registry.no-version` (listing what there is) and `git.…`.
    package func candidates(
        _ reference: GitSource.Reference, _ freshness: GitRepository.Freshness = .once
    ) async throws(DiagnosticsError) -> [Candidate] {
        let references = try await diagnosing { () throws(GitError) in try await repository.references(freshness) }
        let tagged = tagged(references)
        switch reference {
        case .range(let range):
            let matching = tagged.filter { range.contains($0.version) }
            if matching.isEmpty {
                throw DiagnosticsError(
                    RegistrySnapshot.noVersion(
                        of: try knownName(), in: range, among: tagged.map(\.version), at: url.text))
            }
            return matching
        case .newest:
            if let newest = tagged.first(where: { !$0.version.isPrerelease }) { return [newest] }
            guard let head = references.head else {
                throw DiagnosticsError(
                    Diagnostic(
                        "git.empty", .error, "\(url) has no commit on its default branch", hint: url.hintIfEmpty,
                        fault: .outside))
            }
            return [try await candidate(head, tagged)]
        case .revision(let text):
            return [try await candidate(try await commit(text, references), tagged)]
        case .tag(let text):
            var found = try await candidate(try named("refs/tags/\(text)", references), tagged)
            found.tag = text
            found.tagObject = references.tags[text].flatMap { $0.isAnnotated ? $0.object : nil }
            return [found]
        case .branch(let text): return [try await candidate(try named("refs/heads/\(text)", references), tagged)]
        }
    }

    /// The name of the default branch; nil when the server doesn't say it, or the repository is empty. Throws `git.…`.
    package func defaultBranch() async throws(DiagnosticsError) -> String? {
        try await diagnosing { () throws(GitError) in try await repository.references(.once) }.headBranch
    }

    /// All versions that have a tag, the newest first; may be empty. Throws `git.…`.
    package func versions(
        _ freshness: GitRepository.Freshness = .once
    ) async throws(DiagnosticsError) -> [Candidate] {
        tagged(try await diagnosing { () throws(GitError) in try await repository.references(freshness) })
    }

    /// Whether a commit is that version: a tag says so, or it is the commit's own. The server is asked where what it listed
    /// last doesn't tell.
    package func isVersion(_ version: Version, of commit: ObjectID) async throws(DiagnosticsError) -> Bool {
        let own = try await diagnosing { () throws(GitError) in try await repository.commit(commit) }
        if PseudoVersion.of(own) == version { return true }
        func isTagged(_ candidates: [Candidate]) -> Bool {
            candidates.contains { $0.version == version && $0.commit == commit }
        }
        if isTagged(try await versions(.stored)) { return true }
        return isTagged(try await versions())
    }

    /// Whether a commit says itself that it is that version: in the `skvm.toml` of the skill's folder, or because the version is
    /// made of the commit. Throws `git.…`; a manifest that can't be read says nothing.
    package func states(_ version: Version, at commit: ObjectID) async throws(DiagnosticsError) -> Bool {
        let own = try await diagnosing { () throws(GitError) in try await repository.commit(commit) }
        if PseudoVersion.of(own) == version { return true }
        let bytes = try await manifestBytes(in: path, at: commit)
        return (try? SkillManifest(bytes, file: Manifest.fileName))?.version == version
    }

    /// What a version is: finds the skill's folder and reads its manifest. Fetches the commit's trees and that file.
    ///
    /// Throws `package.no-skill` when there is no skill, `package.several-skills` (listing them) when it must be said
    /// which one, what `skvm.toml` gives cause for, and `git.moved-tag` when the tag was at another commit before.
    package func release(_ candidate: Candidate) async throws(DiagnosticsError) -> PackageRelease {
        if let tag = candidate.tag {
            do throws(GitError) { try await repository.note(tag: tag, at: candidate.commit) } catch {
                let named = name.map { "`\($0)` \(candidate.version)" } ?? "version \(candidate.version)"
                throw DiagnosticsError(error.diagnostic).noting("it stands for \(named)")
            }
        }
        let folder = try await folder(at: candidate.commit)
        let manifest = try await manifest(in: folder, at: candidate.commit)
        guard let name = self.name ?? manifest.name ?? derivedName(folder) else {
            throw DiagnosticsError(
                Diagnostic(
                    "package.no-name", .error, "the skill in \(url) has no name that a package can have",
                    hint: "give it one: `NAME = { git = \"\(url)\" }` in [dependencies]"))
        }
        return PackageRelease(
            name: name, version: candidate.version,
            origin: .git(url, commit: candidate.commit, path: folder), dependencies: manifest.dependencies,
            requires: manifest.requires, isYanked: false, summary: manifest.summary, keywords: [], tree: nil,
            tag: candidate.tagObject.map { ReleaseTag(object: $0, names: [candidate.tag ?? ""]) })
    }

    /// Throws `package.no-skill` or `package.several-skills` when the skill is not at that commit. Fetches the commit's trees.
    package func requireSkill(at commit: ObjectID) async throws(DiagnosticsError) { _ = try await folder(at: commit) }

    /// The folders of a commit that hold a `SKILL.md`, sorted; nil stands for the root.
    package func skills(at commit: ObjectID) async throws(DiagnosticsError) -> [RelativePath?] {
        try await diagnosing { () throws(GitError) in
            try await repository.paths(named: "SKILL.md", at: commit).map(\.parent)
        }
    }

    // MARK: Versions

    private func tagged(_ references: References) -> [Candidate] {
        let name = (self.name ?? derivedName(path))?.description
        var byVersion: [Version: Candidate] = [:]
        for (tag, target) in references.tags {
            let own = name.map { tag.hasPrefix($0 + "/") } ?? false
            let text = own ? tag.dropFirst((name?.count ?? 0) + 1) : tag[...]
            guard text.first == "v", let version = Version(String(text.dropFirst())) else { continue }
            // The skill's own tag outranks one of the whole repository; build metadata is settled by the tag's bytes.
            if let other = byVersion[version], let rival = other.tag {
                let rivalIsOwn = rival.contains("/")
                if rivalIsOwn != own ? rivalIsOwn : rival.utf8.lexicographicallyPrecedes(tag.utf8) { continue }
            }
            byVersion[version] = Candidate(
                version: version, commit: target.commit, tag: tag,
                tagObject: target.isAnnotated ? target.object : nil)
        }
        return byVersion.values.sorted { $0.version > $1.version }
    }

    private func candidate(_ id: ObjectID, _ tagged: [Candidate]) async throws(DiagnosticsError) -> Candidate {
        if let known = tagged.first(where: { $0.commit == id }) { return known }
        let commit = try await diagnosing { () throws(GitError) in try await repository.commit(id) }
        guard let version = PseudoVersion.of(commit) else {
            throw DiagnosticsError(
                Diagnostic("git.time", .error, "commit \(id) of \(url) has no readable time", fault: .outside))
        }
        return Candidate(version: version, commit: id, tag: nil)
    }

    private func named(_ text: String, _ references: References) throws(DiagnosticsError) -> ObjectID {
        do throws(GitError) {
            if let id = references.resolve(try ReferenceName(checking: text)) { return id }
            throw GitError(.noSuchReference, "\(url) has no `\(text.shown())`")
        } catch {
            throw DiagnosticsError(error.diagnostic)
        }
    }

    /// The first digits of an id are completed from the branches and tags, else from their histories: a server that is asked
    /// for a commit wants all of it.
    private func commit(_ text: String, _ references: References) async throws(DiagnosticsError) -> ObjectID {
        if let id = ObjectID(hex: text) { return id }
        let all = Set(references.branches.values).union(references.tags.values.map(\.commit))
        let matching = all.filter { $0.hex.hasPrefix(text) }
        if matching.count == 1, let id = matching.first { return id }
        if matching.isEmpty,
            let id = try await diagnosing({ () throws(GitError) in try await repository.commit(beginning: text) })
        {
            return id
        }
        throw DiagnosticsError(
            GitError(
                .noSuchReference,
                matching.isEmpty
                    ? "\(url) has no commit, or more than one, that begins with `\(text.shown())`"
                    : "\(url) has more than one branch or tag at a commit that begins with `\(text.shown())`",
                hint: "give all 40 digits of the commit: `git rev-parse \(text.shown())` tells them where it is"
            ).diagnostic)
    }

    // MARK: The skill's folder

    private func folder(at commit: ObjectID) async throws(DiagnosticsError) -> RelativePath? {
        if let path,
            try await diagnosing({ () throws(GitError) in
                try await repository.hasFile(named: "SKILL.md", in: path, at: commit)
            })
        {
            return path
        }
        let skills = try await skills(at: commit)
        if let path {
            let known = skills.compactMap { $0?.text }
            let near = known.first { $0.hasSuffix("/" + path.name) }
            throw DiagnosticsError(
                Diagnostic(
                    "package.no-skill", .error, "there is no skill in `\(path.text.shown())` of \(url)",
                    notes: ["at commit \(commit.short)"] + listing(known),
                    hint: near.map { "did you mean `\(url)#\($0.shown())`?" }, fault: .build))
        }
        if skills.contains(nil) { return nil }
        guard let only = skills.first else {
            throw DiagnosticsError(
                Diagnostic(
                    "package.no-skill", .error, "\(url) holds no skill: there is no SKILL.md in it",
                    notes: ["at commit \(commit.short)"], fault: .build))
        }
        guard skills.count == 1 else {
            throw DiagnosticsError(
                Diagnostic(
                    "package.several-skills", .error, "\(url) holds \(skills.count) skills",
                    notes: listing(skills.compactMap { $0?.text }),
                    hint: "say which one: \(url)#\((only?.text ?? "").shown())", fault: .build))
        }
        return only
    }

    private func listing(_ folders: [String]) -> [String] {
        if folders.isEmpty { return [] }
        let shown = folders.prefix(10).map { String($0.shown(limit: 100)) }.joined(separator: ", ")
        return ["it holds \(shown)\(folders.count > 10 ? ", …" : "")"]
    }

    private func manifest(in folder: RelativePath?, at commit: ObjectID) async throws(DiagnosticsError) -> SkillManifest
    {
        let text = Self.manifestText(folder)
        let own = try SkillManifest(try await manifestBytes(in: folder, at: commit), file: "\(url)#\(text.shown())")
        guard own.leavesDefaultOpen, let folder else { return own.closed() }
        return own.closed(with: try await workspaceDefault(around: folder, at: commit))
    }

    /// The default registry of the workspace that a folder is a member of. A workspace that can't be read says nothing.
    private func workspaceDefault(
        around folder: RelativePath, at commit: ObjectID
    ) async throws(DiagnosticsError) -> RepositoryURL? {
        var above: RelativePath? = folder
        while let path = above {
            above = path.parent
            guard let bytes = try await manifestBytes(in: above, at: commit),
                let manifest = try? Manifest(parsing: bytes), manifest.members != nil
            else { continue }
            let names = folder.components.dropFirst(above?.components.count ?? 0).map(String.init)
            return manifest.counts(names) ? manifest.registries["default"] : nil
        }
        return nil
    }

    /// Nil where there is none.
    private func manifestBytes(
        in folder: RelativePath?, at commit: ObjectID
    ) async throws(DiagnosticsError) -> [UInt8]? {
        guard let path = RelativePath(Self.manifestText(folder)) else { return nil }
        return try await diagnosing { () throws(GitError) in try await repository.files([path], at: commit) }[path]
    }

    fileprivate static func manifestText(_ folder: RelativePath?) -> String {
        folder.map { "\($0.text)/\(Manifest.fileName)" } ?? Manifest.fileName
    }

    private func derivedName(_ folder: RelativePath?) -> PackageName? {
        if let folder { return PackageName(folder.name) }
        var last = url.text[...]
        if let slash = last.lastIndex(where: { $0 == "/" || $0 == ":" }) { last = last[last.index(after: slash)...] }
        return PackageName(String(last.hasSuffix(".git") ? last.dropLast(4) : last))
    }

    private func knownName() throws(DiagnosticsError) -> PackageName {
        if let known = name ?? derivedName(path) { return known }
        throw DiagnosticsError(
            Diagnostic("package.no-name", .error, "\(url) names no package", hint: "give it a name in [dependencies]"))
    }
}

extension GitCache {
    /// Fetches the manifests of many skills with one request for each commit, instead of one for each skill that has one;
    /// repositories one after the other. What is wrong is left for `GitPackage` to say.
    package func prefetchManifests(of skills: [PackageOrigin]) async {
        var wanted: [GitURL: [ObjectID: [RelativePath]]] = [:]
        for case .git(let url, let commit, let folder) in skills {
            guard let path = RelativePath(GitPackage.manifestText(folder)) else { continue }
            wanted[url, default: [:]][commit, default: []].append(path)
        }
        for (url, commits) in wanted {
            let repository = repository(url)
            for (commit, paths) in commits where paths.count > 1 {
                // Then no folder above the skills' is read for each of them.
                _ = try? await repository.paths(named: "SKILL.md", at: commit)
                _ = try? await repository.files(paths, at: commit)
            }
        }
    }
}

extension GitURL {
    /// A web page without a line break is an empty list of references to git.
    var hintIfEmpty: String? {
        scheme == .http || scheme == .https
            ? "a server that answers with a web page looks so, too: check the address, and whether it wants you to sign in"
            : nil
    }
}
