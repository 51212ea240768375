import Basics
import BuildEngine
import Compiler
import ContentStore
import SkillModel

/// The build after some skills' files were edited: only these skills are looked at and compiled. Of all others, the last
/// build's answer stands, record for record, and so do the lock's.
///
/// It gives what the whole build would. Where that can't be known from the little that it looks at (a file more or less, a
/// `skvm.toml`, another name, a lock that somebody else wrote), it gives nothing, and the whole build is run.
extension Workspace {
    /// The report; nil when all must be looked at. Nothing was written then.
    func edited(
        _ changes: ChangedFolders, _ memo: String, _ configuration: Digest, _ project: Project, targets: [String]
    ) async throws -> BuildReport? {
        guard !flags.keepGoing, !distrustsCache, let seen = try skillChanges(changes, project) else { return nil }
        if seen.edited.isEmpty, seen.variants.isEmpty, !seen.isLockAmong {
            return try restamp(seen, memo, configuration, project)
        }
        guard let last = try? RememberedBuild(decoding: changes.answer[...]), last.counts != nil,
            try stand(seen.variants, last, project)
        else { return nil }
        if seen.edited.isEmpty {
            guard try lockText(of: project) == last.lock else { return nil }
            return try restamp(seen, memo, configuration, project)
        }
        guard let read = try readLock(of: project), read.knownText == last.lock,
            let work = try await editedSkills(seen, changes, read.lock, last, project, targets)
        else { return nil }
        return try await blocking { try finish(work, seen, last, read, memo, configuration, project) }
    }

    /// Whether folders hold the variants that the last build put there.
    private func stand(
        _ folders: [String: FileStatus], _ last: RememberedBuild, _ project: Project
    ) throws -> Bool {
        if folders.isEmpty { return true }
        let known = VariantTrees(memory: memory(of: project.root)).folders()
        let trees = Dictionary(
            last.report.variants.map { ("\($0.target)/\($0.package)", $0.tree) },
            uniquingKeysWith: { first, _ in first }
        )
        return folders.allSatisfy { place, status in
            trees[place].map { known[place] == .init(tree: $0, status) } ?? false
        }
    }

    private struct EditedSkills: Sendable {
        var packages: [ResolvedPackage] = []
        var targets: [ResolvedTarget]
        var custom: [PreparedPass]
        var index: FolderIndex
    }

    /// The edited skills as packages of the lock; nil when one may have become another package, or concerns more than
    /// itself.
    private func editedSkills(
        _ seen: SkillChanges, _ changes: ChangedFolders, _ lock: Lockfile, _ last: RememberedBuild, _ project: Project,
        _ names: [String]
    ) async throws -> EditedSkills? {
        let shelf = try RegistryShelf(project, self)
        let (targets, _) = try await resolveTargets(project, lock: lock, names: names, shelf: shelf)
        let custom = try CustomPassFiles(project, store, environment: settings.environment)
        let files = Set((targets.flatMap(\.files) + custom.watched).map { FileSystem.absolute($0, from: project.root) })
        guard files.isDisjoint(with: changes.paths), targets.allSatisfy({ lock.target($0.name) == $0.locked }) else {
            return nil
        }
        var work = EditedSkills(targets: targets, custom: custom.passes, index: seen.index)
        for (path, before) in seen.edited.sorted(by: { $0.key < $1.key }) {
            guard let record = seen.index.records[path],
                record.entry(Manifest.fileName) == before.entry(Manifest.fileName),
                let skill = try? describe(path, record, project: project),
                skill.record.derived?.words == before.derived?.words,
                let package = Self.package(skill, in: lock, project),
                last.report.variants.count(where: { $0.package == package.id.name.description }) == targets.count
            else { return nil }
            work.packages.append(package)
            work.index.records[path] = skill.record
        }
        work.packages.sort { $0.id < $1.id }
        return work
    }

    /// A folder's skill as the one package of the lock that it is; nil when there is none, or several.
    private static func package(_ skill: FolderSkill, in lock: Lockfile, _ project: Project) -> ResolvedPackage? {
        let records = lock.packages.filter { record in
            switch record.source {
            case .workspace(let path?): FileSystem.absolute(path.text, from: project.root) == skill.path
            case .path(let path): FileSystem.absolute(path, from: project.root) == skill.path
            default: false
            }
        }
        guard records.count == 1, let record = records.first, record.name == skill.name,
            record.version == skill.version
        else { return nil }
        return ResolvedPackage(
            id: record.id, ownName: record.name, source: record.source, commit: nil, patched: record.patched,
            tree: skill.tree, entries: skill.record.entries, dependencies: record.dependencies, ranges: record.ranges,
            registries: record.registries, folderName: skill.folderName, place: project.shown(skill.path),
            isNeeded: false)
    }

    /// Compiles, and puts what comes of it in the place of what was: in the report, the lock, the variants' folders, the memo.
    private func finish(
        _ work: EditedSkills, _ seen: SkillChanges, _ last: RememberedBuild, _ read: ReadLock, _ memo: String,
        _ configuration: Digest, _ project: Project
    ) throws -> BuildReport? {
        let session = try Session(self, project, custom: work.custom)
        let (results, skipped) = try session.compile(work.packages, for: work.targets)
        try work.index.write(to: memory(of: project.root) + "/folders")
        var parts: [String: RememberedBuild.Part] = [:]
        for (package, result) in zip(work.packages, results) {
            let all = result.diagnostics + result.variants.flatMap(\.diagnostics)
            let trees = result.variants.compactMap { variant in variant.tree.map { (variant.target, $0) } }
            parts[package.id.name.description] = .init(
                diagnostics: Self.placed(Self.distinct(all), in: package),
                trees: Dictionary(trees, uniquingKeysWith: { first, _ in first }))
        }
        guard var next = last.replacing(parts) else { return nil }
        let replaced = work.packages.count * session.actions(ofTargets: work.targets.count)
        next.report.cached += session.engine.report.cached + skipped - replaced
        next.report.ran = session.ranPasses()
        guard next.report.ok else {
            for index in next.report.variants.indices { next.report.variants[index].path = nil }
            return next.report
        }
        next.report.unmet = try unmet(work.packages, results, work.targets, next.report.ran)
        let variants = next.report.variants.filter { parts[$0.package] != nil }
        _ = try materialize(variants, project)
        let lock = read.lock.replacing(results.flatMap(\.variants))
        let written = try write(lock, over: read.lock, project, knownText: read.knownText)
        next.report.lockChanges = written.changes
        next.lock = written.text
        try remember(next, variants.compactMap(\.path), seen, memo, configuration, project)
        return next.report
    }

    /// The memo with what this build put in the place of what was.
    private func remember(
        _ next: RememberedBuild, _ folders: [String], _ seen: SkillChanges, _ memo: String, _ configuration: Digest,
        _ project: Project
    ) throws {
        var stamps = seen.stamps
        for path in folders + [project.lockPath] { stamps[project.shown(path)] = try FileSystem.status(path) }
        let answer = next.asRemembered
        _ = try BuildMemo.restamp(
            memo, configuration: withVariables(configuration, project.root), stamps, takenAt: WallClock.now(),
            answer: (brief: try answer.report.brief.encoded, whole: try answer.encoded), brief: true)
    }
}

extension Lockfile {
    /// The lock with the trees and passes of these variants, which it has.
    fileprivate func replacing(_ compiled: [CompiledVariant]) -> Lockfile {
        var variants = variants
        var places: [String: Int] = [:]
        for (place, variant) in variants.enumerated() { places["\(variant.target)/\(variant.package.name)"] = place }
        for variant in compiled {
            guard let tree = variant.tree, let place = places["\(variant.target)/\(variant.package)"] else { continue }
            variants[place] = LockedVariant(
                package: variants[place].package, target: variants[place].target, tree: tree, passes: variant.passes)
        }
        return Lockfile(wishes: wishes, packages: packages, targets: targets, variants: variants)
    }
}
