import Basics
import ContentStore
import Harness
import SkillModel

extension Workspace {
    /// Skills that one target's harness sees twice, because it reads the folder of another one's, too: as compiled for the one and
    /// for the other. Which it takes is the harness's affair, and seldom written down. Equal variants harm nobody.
    func seenTwice(
        _ installed: [InstalledSkill], _ targets: [ResolvedTarget], _ project: Project
    ) async throws -> [Diagnostic] {
        let facts = ListingFacts(shelf: try RegistryShelf(project, self))
        let scope = flags.meansUserFolders ? HarnessFolder.Scope.user : .project(root: project.root)
        let skills = Dictionary(grouping: installed, by: \.folder)
        var told: Set<String> = []
        var found: [Diagnostic] = []
        for target in targets {
            let harness = await facts.asKnownNow(target.harness)
            if case .project = scope, harness.isOwnFirst { continue }
            guard let own = try? HarnessFolder.resolve(harness, scope, environment: settings.environment) else {
                continue
            }
            let mine = Dictionary((skills[own] ?? []).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
            for folder in HarnessFolder.all(harness, scope, environment: settings.environment) where folder != own {
                let others = try (skills[folder] ?? []).filter { skill in
                    guard let own = mine[skill.name] else { return false }
                    return try !isEqual(own.tree, skill.tree)
                }
                guard !others.isEmpty, told.insert("\(harness.name) \(folder)").inserted else { continue }
                found.append(seenTwice(others, folder, own, harness, target, project))
            }
        }
        return found
    }

    /// Whether two variants are the same to an agent: but for what they were made for and how.
    private func isEqual(_ one: Digest, _ other: Digest) throws -> Bool {
        if one == other { return true }
        func files(_ tree: Digest) throws -> [TreeEntry]? {
            try heldEntries(of: tree)?.filter { $0.path.text != ProjectSearch.variantMark }
        }
        guard let mine = try files(one), let theirs = try files(other) else { return false }
        return mine == theirs
    }

    private func seenTwice(
        _ others: [InstalledSkill], _ folder: String, _ own: String, _ harness: HarnessDescription,
        _ target: ResolvedTarget, _ project: Project
    ) -> Diagnostic {
        let names = others.map(\.name).sorted()
        let targets = Set(others.flatMap { $0.targets ?? [] }).sorted().map { "'\($0)'" }.joined(separator: ", ")
        return Diagnostic(
            "install.seen-twice", .warning,
            "\(harness.title) (target '\(target.name)') reads \(project.shown(folder)), too: there "
                + "\(names.count == 1 ? "'\(names[0])' is" : "\(counted(names.count, "skill")) are") compiled "
                + (targets.isEmpty ? "in another way" : "for \(targets)") + ", and not as in \(project.shown(own))",
            notes: Array(names.prefix(5)) + ["that it reads both says \(harness.source)"],
            hint: "keep what one of them needs: remove the other target; or give both one model and environment, "
                + "which makes the variants equal")
    }
}
