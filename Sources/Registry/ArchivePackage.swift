import Archive
import Basics
import ContentStore
import Git

/// The skill in an archive, under the very rules of `TreeRules` that hold for repositories.
struct ArchivePackage {
    private let archive: Archive
    private let limits: GitLimits
    /// Files and links of the skill, by their paths in it.
    private let members: [(path: [Substring], entry: Archive.Entry)]

    /// Throws `ArchiveError` for what can't be read, `GitError` for names that no skill may have, and diagnostics when there is
    /// no skill.
    init(_ bytes: [UInt8], _ folder: Artifact.Folder, limits: GitLimits) throws {
        self.limits = limits
        // A tar has a header of 512 bytes an entry, and up to as many to fill its last block.
        archive = try Archive(
            bytes, limit: limits.folderBytes + 1024 * limits.entries, entries: limits.searchedEntries)
        var named: [(path: [Substring], entry: Archive.Entry)] = []
        for entry in archive.entries {
            guard let path = try Self.path(of: entry) else { continue }
            named.append((path, entry))
        }
        let root = try Self.root(folder, in: named.map(\.path))
        members = named.compactMap { path, entry in
            path.count > root.count && path.starts(with: root) ? (Array(path.dropFirst(root.count)), entry) : nil
        }
    }

    // MARK: Names

    /// The components of an entry's name; nil for what is no part of any package. `./a` is `a`.
    private static func path(of entry: Archive.Entry) throws -> [Substring]? {
        guard let text = String(validating: entry.name, as: UTF8.self) else {
            throw refuse(entry, "its name is not UTF-8")
        }
        guard text.utf8.first != 0x2F else { throw refuse(entry, "its name is an absolute path") }
        guard !text.utf8.contains(0) else { throw refuse(entry, "there is a NUL byte in its name") }
        var parts = text.utf8.split(separator: 0x2F, omittingEmptySubsequences: false).map { Substring($0) }
        if parts.last == "" { parts.removeLast() }
        while parts.first == "." { parts.removeFirst() }
        if parts.contains("..") { throw refuse(entry, "its name leads out of the archive") }
        guard let first = parts.first, first != "__MACOSX" else { return nil }
        let isLeftOut = parts.contains { part in RelativePath(part).map(PackageFiles.leavesOut) ?? false }
        return isLeftOut ? nil : parts
    }

    private static func refuse(_ entry: Archive.Entry, _ reason: String) -> GitError {
        GitError(
            .hostileEntry,
            "`\(String(decoding: entry.name, as: UTF8.self).shown(limit: 100))` can't be part of a skill: \(reason)",
            hint: "tell the skill's author; nothing was installed")
    }

    /// The folder that holds the skill.
    private static func root(_ folder: Artifact.Folder, in paths: [[Substring]]) throws -> [Substring] {
        func holdsSkill(_ root: [Substring]) -> Bool { paths.contains(root + ["SKILL.md"]) }
        switch folder {
        case .root: break
        case .path(let path):
            // Archives of repositories have all in one folder, whose name tells the commit.
            let parts = path.components
            let wrapped = Set(paths.compactMap(\.first)).count == 1 ? [paths[0][0]] + parts : parts
            if let found = [parts, wrapped].first(where: holdsSkill) { return found }
            throw noSkill("in its folder `\(path.text.shown())`", paths)
        case .found:
            let tops = Set(paths.compactMap(\.first))
            if !holdsSkill([]), tops.count == 1, let top = tops.first, holdsSkill([top]) { return [top] }
        }
        if holdsSkill([]) { return [] }
        throw noSkill(folder == .root ? "at its root" : "at its root, nor in one folder that holds all", paths)
    }

    private static func noSkill(_ place: String, _ paths: [[Substring]]) -> DiagnosticsError {
        let skills = paths.filter { $0.last == "SKILL.md" }.map { $0.dropLast().joined(separator: "/") }
        let listing = skills.prefix(10).map { $0.shown(limit: 100) }.joined(separator: ", ")
        return DiagnosticsError(
            Diagnostic(
                "archive.no-skill", .error, "the archive has no SKILL.md \(place)",
                notes: skills.isEmpty ? [] : ["there is one in \(listing)\(skills.count > 10 ? ", …" : "")"],
                hint: skills.isEmpty ? nil : "name the folder: path = \"…\"", fault: .build))
    }

    // MARK: Files

    /// The skill's files, put into the store. Everything is judged before it is unpacked.
    func entries(into store: ContentStore) throws -> [TreeEntry] {
        var rules = TreeRules(limits: limits)
        var folders: Set<String> = []
        var entries: [RelativePath: TreeEntry] = [:]
        let places = placesByName()
        for (parts, entry) in members {
            var parent: RelativePath?
            for part in parts.dropLast() { parent = try folder(part, in: parent, &rules, &folders) }
            guard let name = parts.last else { continue }
            if entry.kind == .folder {
                _ = try folder(name, in: parent, &rules, &folders)
                continue
            }
            let path = try rules.admit(name: name.utf8, in: parent)
            switch entry.kind {
            case .folder: break
            case .file(let isExecutable):
                try rules.admit(size: entry.size, of: path)
                let blob = try store.put(try archive.contents(of: entry))
                entries[path] = TreeEntry(path, .file(blob, executable: isExecutable))
            case .symlink(let target):
                try rules.admit(target: target, of: path)
                entries[path] = TreeEntry(path, .symlink(target: String(decoding: target, as: UTF8.self)))
            case .hardlink(let target):
                guard case .file(let blob, let isExecutable)? = places[target].flatMap({ entries[$0] })?.kind
                else {
                    throw Self.refuse(entry, "it is a hard link to what is no file before it in the skill")
                }
                try rules.admit(size: Int(blob.size), of: path)
                entries[path] = TreeEntry(path, .file(blob, executable: isExecutable))
            }
        }
        return entries.values.sorted { $0.path < $1.path }
    }

    private func folder(
        _ name: Substring, in parent: RelativePath?, _ rules: inout TreeRules, _ folders: inout Set<String>
    ) throws -> RelativePath? {
        let text = parent.map { "\($0.text)/\(name)" } ?? String(name)
        if folders.contains(text) { return RelativePath(text) }
        let path = try rules.admit(name: name.utf8, in: parent)
        folders.insert(text)
        return path
    }

    /// Where the members are in the skill, by the names in the archive: a hard link names its file from the archive's root on.
    /// Empty where there is none. O(n).
    private func placesByName() -> [[UInt8]: RelativePath] {
        let hasLinks = members.contains { if case .hardlink = $0.entry.kind { true } else { false } }
        guard hasLinks else { return [:] }
        let places = members.compactMap { path, entry in
            RelativePath(path.joined(separator: "/")).map { (entry.name, $0) }
        }
        return Dictionary(places) { first, _ in first }
    }
}
