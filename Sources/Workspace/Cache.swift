package import Basics
import BuildEngine
import Compiler
import ContentStore
import Formats
import Git
import Harness
import Passes
import Registry
import SkillModel

/// How much of a kind there is.
package struct CacheAmount: Sendable, Codable, Equatable {
    package var count: Int
    package var bytes: Int64

    func words(_ one: String, _ many: String? = nil) -> String {
        "\(counted(count, one, many)) of \(ByteCount.shown(bytes))"
    }
}

/// What `skvm cache` answers.
package struct CacheReport: Report, Codable, Equatable {
    package var version = 1
    package var command = "cache"
    package var ok = true
    package var path: String
    /// Remembered results of passes.
    package var actions: Int
    /// Contents of files and folders.
    package var blobs: CacheAmount
    package var diagnostics: [Diagnostic] = []

    package var text: String { "\(path)\n\(counted(actions, "result")) of passes, \(blobs.words("file"))" }
}

/// What `skvm gc` did.
package struct GarbageReport: DiagnosedReport, Codable, Equatable {
    package struct Part: Sendable, Codable, Equatable {
        package var blobs: CacheAmount
        package var repositories: CacheAmount

        var words: String { "\(blobs.words("file")) and \(repositories.words("repository", "repositories"))" }
    }

    package var version = 1
    package var command = "gc"
    package var ok = true
    package var dryRun: Bool
    /// How many results of passes were forgotten.
    package var actionsRemoved: Int
    package var removed: Part
    package var kept: Part
    package var diagnostics: [Diagnostic] = []

    package var text: String {
        "\(dryRun ? "would remove" : "removed") \(counted(actionsRemoved, "result")) of passes, \(removed.words); "
            + "kept \(kept.words)"
    }
}

extension Workspace {
    /// Removes the project's build state but for what says which installed files are ours.
    package func clean() async throws -> Done {
        let project = try self.project()
        try project.requireOwnState()
        // Not under the feet of a build.
        guard FileSystem.isDirectory(project.statePath) else { return try cleanAlone(project) }
        return try await exclusively(project) { try cleanAlone(project) }
    }

    private func cleanAlone(_ project: Project) throws -> Done {
        var removed: [String] = []
        for name in FileSystem.isDirectory(project.statePath) ? try FileSystem.list(project.statePath) : []
        where !["lock", "project.lock", ".gitignore"].contains(name) && !name.hasPrefix("installed.json")
            && !name.hasPrefix("journal")
        {
            removed.append(".skvm/" + name)
            if !flags.dryRun { try FileSystem.removeTree(project.statePath + "/" + name) }
        }
        let memory = memory(of: project.root)
        if FileSystem.exists(memory) {
            removed.append(memory)
            if !flags.dryRun { try FileSystem.removeTree(memory) }
        }
        return Done(
            command: "clean", text: "removed \(counted(removed.count, "entry", "entries")) of .skvm", paths: removed)
    }

    /// Removes from the cache what was not used for `days` days; what this project's lock pins stays, and so do the copies
    /// of the repositories that its lock and its manifest name.
    package func collectGarbage(days: Int) async throws -> GarbageReport {
        let store = self.store
        var roots: [StoreReference] = []
        if let root = try projectRootOrNone(), let lock = try Self.project(at: root).lock() {
            roots += lock.variants.map { .tree($0.tree) } + lock.packages.compactMap { $0.tree.map { .tree($0) } }
            roots += lock.targets.flatMap { [$0.profile, $0.environment, $0.harness] }.compactMap {
                $0.map { .blob($0) }
            }
        }
        // What is installed is what an edited file will be compared with.
        for state in try installStates {
            for skill in try state.installed() {
                roots.append(.tree(skill.tree))
                roots += (skill.clashes ?? []).compactMap { $0.base.map { .blob($0) } }
            }
        }
        let today = WallClock.now() / 86_400_000_000_000
        let grace = days == 0 ? 0 : ContentStore.graceSeconds
        let (cache, room) = try openedCache(days: days, today: today, roots, grace)
        var report = try store.collect(
            cache, usedBefore: today - Int64(days), roots: roots, grace: grace, dryRun: flags.dryRun,
            onWait: { settings.progress("waiting for another skvm to end") },
            alone: { () throws(FileError) in
                if !flags.dryRun { try forgetProjects(usedBefore: today - Int64(days)) }
            },
            references: { Self.references($0, store) })
        report.blobsRemoved += room.blobsRemoved
        report.bytesRemoved += room.bytesRemoved
        let copies = try await repositories.collect(
            usedBefore: today - Int64(days), keeping: try repositoriesOfProject(), dryRun: flags.dryRun)
        return GarbageReport(
            dryRun: flags.dryRun, actionsRemoved: report.actionsRemoved,
            removed: .init(
                blobs: .init(count: report.blobsRemoved, bytes: report.bytesRemoved),
                repositories: .init(count: copies.removed, bytes: copies.bytesRemoved)),
            kept: .init(
                blobs: .init(count: report.blobsKept, bytes: report.bytesKept),
                repositories: .init(count: copies.kept, bytes: copies.bytesKept)))
    }

    /// The action cache, and what had to be removed to open it: on a full disk SQLite can't, and `skvm gc` is what a full disk is
    /// told to run.
    private func openedCache(
        days: Int, today: Int64, _ roots: [StoreReference], _ grace: Int64
    ) throws -> (cache: ActionCache, room: CollectionReport) {
        let settings = settings
        do throws(StoreError) {
            return (try ActionCache(root: settings.cacheDirectory), CollectionReport())
        } catch {
            guard error.isForWantOfSpace, !flags.dryRun else { throw error }
        }
        // Derived, and made again by the next search.
        try? FileSystem.removeTree(settings.cacheDirectory + "/search-v1")
        let store = store
        // Of what was used today, too, no more is kept than what is pinned and installed: whoever says 0 days wants the room.
        let room = try store.makeRoom(
            usedBefore: days == 0 ? .max : today - Int64(days), roots: roots, grace: grace,
            onWait: { settings.progress("waiting for another skvm to end") },
            references: { Self.references($0, store) })
        do throws(StoreError) {
            return (try ActionCache(root: settings.cacheDirectory), room)
        } catch {
            var left = error.diagnostic
            left.hint =
                (days == 0
                    ? "" : "what is left was used in the last \(counted(days, "day")): run `skvm gc --days 0`, or ")
                + "free some space, or point SKVM_CACHE_DIR at another disk"
            throw DiagnosticsError([left])
        }
    }

    /// Those that the manifest and the lock of the project that this is run in name.
    private func repositoriesOfProject() throws -> [GitURL] {
        guard let root = try projectRootOrNone() else { return [] }
        let project = try Self.project(at: root)
        var texts = project.manifest.registries.values.map(\.description)
        for package in try project.lock()?.packages ?? [] {
            switch package.source {
            case .registry(let url), .git(let url, _, _): texts.append(url.description)
            case .embedded, .web, .hub, .path, .workspace: continue
            }
        }
        return texts.compactMap { text in
            guard case .git(let url, _) = try? RegistryLocation(text, relativeTo: root) else { return nil }
            return url
        }
    }

    /// What is remembered of projects that were not built since a day.
    private func forgetProjects(usedBefore day: Int64) throws(FileError) {
        for bucket in [KnownLock.bucket, Self.memoryBucket] {
            let folder = "\(settings.cacheDirectory)/\(bucket)"
            for name in FileSystem.isDirectory(folder) ? try FileSystem.list(folder) : [] {
                let path = "\(folder)/\(name)"
                guard let status = try FileSystem.status(path), status.modified / 86_400_000_000_000 < day else {
                    continue
                }
                try FileSystem.removeTree(path)
            }
        }
    }

    /// Of the project that this is run in, if any, and of the user's folders.
    private var installStates: [InstallState] {
        get throws { [try projectRootOrNone().map { state(of: $0) }, userState].compactMap { $0 } }
    }

    /// What an action's stored result leads to.
    private static func references(_ value: [UInt8], _ store: ContentStore) -> [StoreReference] {
        if let skill = SharedSkills.references(value) { return skill }
        guard let result = ActionResult(encoded: value) else { return [] }
        return result.files.flatMap { file -> [StoreReference] in
            if file.path.text.hasSuffix(".tree") { return [.tree(file.blob.digest)] }
            guard file.path.text == "link.json", let bytes = try? store.get(file.blob.digest),
                let link = try? CanonicalJSON.decode(PassResult<LinkOutput>.self, from: bytes).value
            else { return [.blob(file.blob.digest)] }
            return [.blob(file.blob.digest), .tree(link.tree)]
        }
    }

    package func cacheReport() throws -> CacheReport {
        let cache = try ActionCache(root: settings.cacheDirectory)
        let statistics = try cache.statistics()
        let report = try store.collect(
            cache, usedBefore: 0, grace: Int64.max / 4, dryRun: true, references: { _ in [] })
        return CacheReport(
            path: settings.cacheDirectory, actions: statistics.actions,
            blobs: CacheAmount(
                count: report.blobsKept + report.blobsRemoved, bytes: report.bytesKept + report.bytesRemoved))
    }
}
