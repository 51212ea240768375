package import Basics
package import Git
package import SkillModel

/// Writes the index of a registry that holds its skills itself, from what lies in its folder.
///
/// A published line never changes: a version whose files became others is an error, and one whose files were replaced by
/// the next version gets the commit that held them.
package struct RegistryIndexer: Sendable {
    /// The registry's folder; absolute.
    package var folder: String
    /// The bytes of a file of the folder as they were last committed; nil when it was not.
    package var committed: @Sendable (RelativePath) async throws -> [UInt8]?
    /// The newest commit at which a folder of the registry (nil: all of it) had this tree.
    package var commit: @Sendable (_ of: RelativePath?, _ tree: Digest) async throws -> ObjectID?

    package init(
        folder: String, committed: @escaping @Sendable (RelativePath) async throws -> [UInt8]?,
        commit: @escaping @Sendable (_ of: RelativePath?, _ tree: Digest) async throws -> ObjectID?
    ) {
        self.folder = folder
        self.committed = committed
        self.commit = commit
    }

    /// Whether the index has a line of that version.
    package func lists(_ name: PackageName, _ version: Version) async throws -> Bool {
        guard let path = IndexLine.path(of: name) else { return false }
        let bytes = try await FileSource.folder(folder).file(path) ?? []
        return try IndexLine.parse(bytes, of: name, file: "\(folder)/\(path.text)").contains { $0.version == version }
    }

    /// The index files that are to change, with their new bytes. `releases` are the skills in the folder, `tagged` those of
    /// commits, which the index does not list.
    ///
    /// Throws `registry.changed-version`, `registry.lost-version`, and `registry.bad-line` for what is there.
    package func changes(
        _ releases: [NewRelease], tagged: [NewRelease] = []
    ) async throws -> [RelativePath: [UInt8]] {
        let names = Dictionary(grouping: releases + tagged, by: \.name)
        var all = Set(names.keys)
        for path in try await FileSource.folder(folder).paths(below: Self.index) {
            if let name = IndexLine.name(of: path) { all.insert(name) }
        }
        var changes: [RelativePath: [UInt8]] = [:]
        for name in all.sorted() {
            guard let path = IndexLine.path(of: name) else { continue }
            let old = try await FileSource.folder(folder).file(path)
            let new = try await remade(name, names[name] ?? [], old ?? [], path)
            if new != old ?? [] { changes[path] = new }
        }
        return changes
    }

    private static let index: RelativePath = {
        guard let path = RelativePath("index") else { preconditionFailure("'index' is a path") }
        return path
    }()

    private func remade(
        _ name: PackageName, _ releases: [NewRelease], _ old: [UInt8], _ path: RelativePath
    ) async throws -> [UInt8] {
        let file = "\(folder)/\(path.text)"
        let known = try IndexLine.parse(old, of: name, file: file)
        let published = try IndexLine.parse(try await committed(path) ?? [], of: name, file: file)
        var texts = old.split(separator: 0x0A).map { Array($0) }
        for (number, line) in known.enumerated() {
            if let release = releases.first(where: { $0.version == line.version }) {
                let isOwn = line.git == nil && line.commit == nil
                if line.tree != release.tree {
                    let isPublished = published.contains { $0.version == line.version && $0.tree == line.tree }
                    if !isOwn || isPublished { throw changed(line, release, file, number + 1) }
                }
                guard isOwn else { continue }
                texts[number] = try release.line()
                if line.isYanked { texts[number] = JSONMember.setting("yanked", to: "true", in: texts[number]) }
            } else if line.git == nil, line.commit == nil {
                guard let id = try await commit(line.path, line.tree) else { throw lost(line, file, number + 1) }
                texts[number] = JSONMember.setting("commit", to: "\"\(id)\"", in: texts[number])
            }
        }
        for release in releases.sorted(by: { $0.version < $1.version })
        where !known.contains(where: { $0.version == release.version }) {
            texts.append(try release.line())
        }
        let new: [UInt8] = texts.flatMap { (text: [UInt8]) -> [UInt8] in text + [0x0A] }
        _ = try IndexLine.parse(new, of: name, file: file)
        return new
    }

    private func changed(_ line: IndexLine, _ release: NewRelease, _ file: String, _ number: Int) -> DiagnosticsError {
        DiagnosticsError(
            Diagnostic(
                "registry.changed-version", .error,
                "the files of `\(line.name)` \(line.version) are no longer those that were published",
                at: SourceLocation(file: file, line: number), notes: ["published \(line.tree)", "now \(release.tree)"],
                hint: "a published version never changes: give its [package] a new one"))
    }

    private func lost(_ line: IndexLine, _ file: String, _ number: Int) -> DiagnosticsError {
        DiagnosticsError(
            Diagnostic(
                "registry.lost-version", .error,
                "no commit and no folder holds the files of `\(line.name)` \(line.version)",
                at: SourceLocation(file: file, line: number), notes: ["they had \(line.tree)"],
                hint: "remove the line if it was never published, else bring the files back"))
    }
}
