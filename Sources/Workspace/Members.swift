import Basics
import SkillModel

/// Which folders are members of a workspace.
struct Members: Sendable {
    let root: String
    private let patterns: [MemberPattern]
    private let excluded: [MemberPattern]
    /// What `skvm vendor` writes is a copy of what others wrote.
    private let vendor: String?

    init(_ project: Project) {
        root = project.root
        patterns = (project.manifest.members ?? []).map(MemberPattern.init)
        excluded = project.manifest.exclude.map(MemberPattern.init)
        vendor = project.manifest.vendor.map { project.absolute($0.text) }
    }

    // MARK: All of them

    /// Absolute paths of the folders with a `SKILL.md` that the patterns name, sorted, each once; and the folders whose
    /// listing decided that.
    ///
    /// Throws for a folder that is named without `*` and has no `SKILL.md` or is an installed skill.
    func expand() throws -> (members: [String], listed: [String]) {
        var members: Set<String> = []
        var listed: Set<String> = []
        for pattern in patterns {
            for folder in try folders(of: pattern, &listed) {
                if FileSystem.exists(folder + "/SKILL.md") {
                    if pattern.hasStar, FileSystem.exists(folder + "/" + ProjectSearch.variantMark) { continue }
                    try requireMember(folder, pattern)
                    members.insert(folder)
                } else if pattern.hasStar {
                    listed.insert(folder)
                } else {
                    throw DiagnosticsError([Self.noSkill(pattern.text)])
                }
            }
        }
        return (members.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, listed.sorted())
    }

    /// The patterns with `*` that none of `members` (absolute folders) came from, as the manifest has them.
    func idlePatterns(_ members: some Sequence<String>) -> [String] {
        let names = members.compactMap(names)
        return patterns.filter { pattern in pattern.hasStar && !names.contains { pattern.matches($0) } }.map(\.text)
    }

    private func folders(of pattern: MemberPattern, _ listed: inout Set<String>) throws -> [String] {
        var folders = [root]
        for part in pattern.parts {
            guard part.contains("*") else {
                folders = folders.map { $0 + "/" + part }
                continue
            }
            folders = try folders.flatMap { folder -> [String] in
                listed.insert(folder)
                guard FileSystem.isDirectory(folder) else { return [] }
                return try FileSystem.list(folder).filter { MemberPattern.matches($0, part) }
                    .map { folder + "/" + $0 }.filter { FileSystem.isDirectory($0) && !isVendored($0) }
            }
        }
        return pattern.hasStar ? folders.filter { !isExcluded(names(of: $0) ?? []) } : folders
    }

    /// What harnesses read is named like sources are: a variant that was installed is none.
    private func requireMember(_ folder: String, _ pattern: MemberPattern) throws {
        guard !FileSystem.exists(folder + "/" + ProjectSearch.variantMark) else {
            throw DiagnosticsError([
                Diagnostic(
                    "workspace.installed", .error,
                    "the workspace's member \(pattern.text) is an installed skill, not a source",
                    at: SourceLocation(file: Manifest.fileName), hint: "take it out of members in [workspace]")
            ])
        }
    }

    private static func noSkill(_ member: String) -> Diagnostic {
        Diagnostic(
            "workspace.no-skill", .error, "the workspace's member \(member) has no SKILL.md",
            at: SourceLocation(file: Manifest.fileName),
            hint: "write \(member)/SKILL.md, or take the member out of [workspace]")
    }

    // MARK: One folder

    enum Standing: Equatable, Sendable {
        case member
        /// It is the manifest's wish, or nothing that a workspace consists of: a vendored or hidden folder.
        case apart
        /// A pattern names it, and there is no `SKILL.md`.
        case noSkill
        case unknown
    }

    /// What a folder below the root is to the workspace; nothing is listed. O(patterns · depth).
    func standing(of folder: String) -> Standing {
        guard let names = names(of: folder) else { return .apart }
        if patterns.contains(where: { !$0.hasStar && $0.matches(names) }) { return hasSkill(folder) }
        if isVendored(folder) || names.contains(where: { $0.hasPrefix(".") }) || isExcluded(names) { return .apart }
        return patterns.contains { $0.matches(names) } ? hasSkill(folder) : .unknown
    }

    private func hasSkill(_ folder: String) -> Standing {
        FileSystem.exists(folder + "/SKILL.md") ? .member : .noSkill
    }

    private func isExcluded(_ names: [String]) -> Bool { excluded.contains { $0.isAbove(names) } }

    private func isVendored(_ folder: String) -> Bool {
        vendor.map { folder == $0 || folder.hasPrefix($0 + "/") } ?? false
    }

    /// The names that lead from the root to a folder; nil when it is not below the root.
    private func names(of folder: String) -> [String]? {
        guard folder.hasPrefix(root == "/" ? "/" : root + "/") else { return nil }
        return folder.dropFirst(root.count).split(separator: "/").map(String.init)
    }
}
