package import Basics
import Formats
package import Git
package import SkillModel

/// The skills of one commit of a repository, or of a local folder, and the plugins in which its marketplace groups them.
package struct SkillCollection: Sendable {
    /// Folders with a `SKILL.md`, sorted; nil stands for the root.
    package let skills: [RelativePath?]
    package let marketplace: Marketplace?
    /// Why its marketplace file can't be read; nil where it can, or where there is none.
    package let marketplaceFault: DiagnosticsError?
    /// What plugins' own manifests list, by the plugin's folder.
    private let listed: [RelativePath?: [RelativePath?]]

    /// How deep a local folder is searched, and how many entries it may have.
    private static let greatestDepth = 6
    private static let greatestCount = 100_000

    /// Of a local folder, by its absolute path. Symlinked folders, `.git` and `node_modules` are not entered.
    ///
    /// Throws what reading gives cause for.
    package init(folder: String) async throws(DiagnosticsError) {
        let skills = try await Blocking.run { () throws(DiagnosticsError) in
            do { return try Self.skills(below: folder) } catch { throw DiagnosticsError(wrapping: error) }
        }
        try await self.init(skills, .folder(folder), shown: folder)
    }

    init(_ skills: [RelativePath?], _ files: FileSource, shown: String) async throws(DiagnosticsError) {
        self.skills = skills
        let found = try await files.files(Marketplace.files)
        guard let path = Marketplace.files.first(where: { found[$0] != nil }), let bytes = found[path] else {
            (marketplace, marketplaceFault, listed) = (nil, nil, [:])
            return
        }
        let marketplace: Marketplace
        do { marketplace = try Marketplace(parsing: bytes, file: "\(shown)/\(path.text)") } catch {
            (self.marketplace, marketplaceFault, listed) = (nil, error, [:])
            return
        }
        (self.marketplace, marketplaceFault) = (marketplace, nil)
        listed = try await Self.listed(marketplace, files)
    }

    private static func skills(below root: String) throws -> [RelativePath?] {
        var found: [RelativePath?] = FileSystem.exists(root + "/SKILL.md") ? [nil] : []
        var pending = try folders(in: root).compactMap { RelativePath($0) }
        var count = 0
        while let next = pending.popLast() {
            count += 1
            if count > greatestCount {
                throw Diagnostic(
                    "package.too-large", .error, "\(root.shown()) holds more than \(greatestCount) folders")
            }
            if FileSystem.exists("\(root)/\(next.text)/SKILL.md") { found.append(next) }
            guard next.components.count < greatestDepth else { continue }
            pending += try folders(in: "\(root)/\(next.text)").compactMap { RelativePath("\(next.text)/\($0)") }
        }
        return found.sorted { ($0?.text ?? "").utf8.lexicographicallyPrecedes(($1?.text ?? "").utf8) }
    }

    private static func folders(in path: String) throws -> [String] {
        try FileSystem.list(path).filter { name in
            guard name != ".git", name != "node_modules", name != ".skvm" else { return false }
            return try FileSystem.status("\(path)/\(name)")?.kind == .directory
        }
    }

    /// A manifest that can't be read lists nothing: the marketplace has said what the plugin is.
    private static func listed(
        _ marketplace: Marketplace, _ files: FileSource
    ) async throws(DiagnosticsError) -> [RelativePath?: [RelativePath?]] {
        var wanted: [(plugin: RelativePath?, file: RelativePath)] = []
        for case .inside(let folder) in marketplace.plugins.map(\.place) {
            wanted += Marketplace.pluginFiles.map { (folder, folder?.appending($0) ?? $0) }
        }
        let found = try await files.files(wanted.map(\.file))
        var listed: [RelativePath?: [RelativePath?]] = [:]
        for (plugin, file) in wanted {
            guard let bytes = found[file], let value = try? StrictJSON.parse(bytes, file: file.text, limit: 1 << 20)
            else { continue }
            listed[plugin, default: []] += Marketplace.strings(value["skills"]).compactMap(Marketplace.folder)
        }
        return listed
    }

    // MARK: What is in it

    /// The skills of a plugin whose files are here: those it lists, and unless it is not strict those in its `skills/`; its
    /// root where there are none of both. Sorted; none for a plugin of another repository.
    package func skills(of plugin: Marketplace.Plugin) -> [RelativePath?] {
        guard case .inside(let base) = plugin.place else { return [] }
        var folders = plugin.skills + (listed[base] ?? [])
        if plugin.isStrict || folders.isEmpty { folders.append(RelativePath("skills")) }
        let full = folders.map { folder in folder.map { base?.appending($0) ?? $0 } ?? base }
        let found = skills.filter { skill in full.contains { $0 == skill || $0 != nil && Self.isBelow(skill, $0) } }
        return found.isEmpty && skills.contains(base) ? [base] : found
    }

    /// The skills whose folder has this name, at least one component of it: `pdf`, or `documents/pdf`.
    package func skills(named text: String) -> [RelativePath?] {
        skills.filter { $0?.text == text || $0?.text.hasSuffix("/" + text) == true }
    }

    /// The skills in a folder and below it.
    package func skills(below folder: RelativePath?) -> [RelativePath?] {
        folder == nil ? skills : skills.filter { $0 == folder || Self.isBelow($0, folder) }
    }

    private static func isBelow(_ path: RelativePath?, _ folder: RelativePath?) -> Bool {
        guard let path, let folder else { return path != nil }
        return path.text.utf8.starts(with: (folder.text + "/").utf8)
    }

    /// What there is to choose from, for people: a line a plugin, and one for the skills of none. At most 40 lines.
    package var listing: [String] {
        var lines: [String] = []
        var grouped: Set<RelativePath?> = []
        for plugin in marketplace?.plugins ?? [] {
            let own = skills(of: plugin)
            grouped.formUnion(own)
            let content =
                switch plugin.place {
                case .inside: own.isEmpty ? "no skills" : Self.names(own)
                case .repository(let url, let path, _, _): "in \(url)\(path.map { "#\($0)" } ?? "")"
                case .unsupported(let reason): reason
                }
            lines.append("\(plugin.name): \(content)")
        }
        let rest = skills.filter { !grouped.contains($0) }
        if !rest.isEmpty {
            let paths = rest.prefix(20).map { $0?.text.shown(limit: 100) ?? "its root" }.joined(separator: ", ")
            lines.append((lines.isEmpty ? "it holds " : "and ") + paths + (rest.count > 20 ? ", …" : ""))
        }
        return lines.count > 40 ? lines.prefix(40) + ["… \(lines.count - 40) more"] : lines
    }

    private static func names(_ skills: [RelativePath?]) -> String {
        skills.prefix(12).map { String(($0?.name ?? "its root").shown(limit: 60)) }.joined(separator: ", ")
            + (skills.count > 12 ? ", … \(skills.count - 12) more" : "")
    }
}

extension GitPackage {
    /// Everything that a commit of the repository holds. Fetches the commit's trees and the files that describe plugins.
    package func collection(at commit: ObjectID) async throws(DiagnosticsError) -> SkillCollection {
        try await SkillCollection(
            try await skills(at: commit), .git(repository, commit: commit, path: nil), shown: url.text)
    }

    /// git's tree object of a folder at a commit; nil when there is no such folder. Throws `git.…`.
    package func tree(of folder: RelativePath?, at commit: ObjectID) async throws(DiagnosticsError) -> ObjectID? {
        try await diagnosing { () throws(GitError) in try await repository.tree(of: folder, at: commit) }
    }

    /// Whether `name`, which other tools write without saying what it is, is a commit, a branch or a tag. Throws
    /// `git.…` when it is none of them.
    package func reference(named name: String) async throws(DiagnosticsError) -> GitSource.Reference {
        if CommitID(name) != nil { return .revision(name) }
        let references = try await diagnosing { () throws(GitError) in try await repository.references(.once) }
        if references.branches[name] != nil { return .branch(name) }
        if references.tags[name] != nil { return .tag(name) }
        throw DiagnosticsError(
            GitError(.noSuchReference, "\(url) has no branch or tag `\(name.shown())`").diagnostic)
    }
}
