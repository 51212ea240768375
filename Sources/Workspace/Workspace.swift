package import Basics
import Compiler
import ContentStore
import Dispatch
import Git
import HTTP
import Registry
import SkillModel
import Synchronization

/// skvm for one process: what a user can ask, with the folders and flags of this invocation.
package struct Workspace: Sendable {
    package private(set) var settings: Settings
    /// Whether the cache has turned out to have lost something: then blobs are read before they are relied on.
    var distrustsCache = false
    /// What a memo of this project's last whole build says has changed since; nil when nothing says it.
    var changes: ChangedFolders?
    /// Whether what the cache lacks is looked for in the project's vendored folder.
    var readsVendored = true
    /// The project as it would be, under `--dry-run`.
    var draft: Project?
    /// Likewise the manifests of members, by their absolute folders.
    var memberDrafts: [String: Manifest] = [:]
    /// What web servers hand out, asked for once a command.
    let web: WebSources
    /// The ClawHubs, likewise.
    let hubs: Hubs
    /// What git servers list, and what their commits hold, likewise.
    private let gitMemory = GitMemory()
    private let limits: PackageLimits

    package init(_ settings: Settings) {
        self.settings = settings
        let client = HTTPClient(
            environment: settings.environment, isOffline: settings.flags.offline, report: settings.transfers)
        let store = ContentStore(root: settings.cacheDirectory)
        let limits = PackageLimits()
        self.limits = limits
        web = WebSources(client: client, store: store, limits: limits.value)
        hubs = Hubs(client: client, store: store, cache: settings.cacheDirectory, limits: limits.value)
    }

    /// The same, for work whose steps were told already.
    var silent: Workspace {
        var copy = self
        copy.settings.progress = { _ in }
        return copy
    }

    var flags: Flags { settings.flags }
    var store: ContentStore { ContentStore(root: settings.cacheDirectory) }

    var repositories: GitCache {
        var network = NetworkRules(environment: settings.environment)
        network.report = settings.transfers
        return GitCache(
            folder: settings.cacheDirectory + "/git-v1", environment: settings.environment, isOffline: flags.offline,
            limits: limits.value, network: network, memory: gitMemory)
    }

    var fetcher: PackageFetcher {
        PackageFetcher(cache: repositories, web: web, hubs: hubs, store: store, limits: limits.value)
    }

    /// Lets packages be as large as a project's own manifest allows.
    func obeyLimits(of project: Project) { limits.allow(project.manifest.greatestPackage) }

    /// How many files, links and folders one package may have.
    var greatestPackage: Int { limits.value.entries }

    /// What a thrown error tells a user; nil for errors that are no business of this module (help, usage).
    package static func diagnostics(of error: any Error) -> [Diagnostic]? {
        switch error {
        case let error as DiagnosticsError: error.diagnostics
        case let error as Diagnostic: [error]
        case let error as FileError: [error.diagnostic]
        case let error as StoreError: [error.diagnostic]
        case let error as TreeError: [error.diagnostic]
        case let error as GitError: [error.diagnostic]
        case let error as HTTPError: [error.diagnostic]
        case let error as ProgramError:
            [Diagnostic("program.start", .error, error.description, fault: .outside)]
        case is UnusableInput:
            [
                Diagnostic(
                    "internal.pipeline", .error, "a pass ran on a result that has none",
                    hint: "this is a fault of skvm: report it with the skill's name", fault: .internal)
            ]
        default: nil
        }
    }

    /// Runs `body` alone among all skvm that change this project: two `skvm add` at once both end up in the manifest. No
    /// `skvm gc` takes away meanwhile what is remembered of the project.
    func exclusively<Value: Sendable>(
        _ project: Project, _ body: () async throws -> Value
    ) async throws -> Value {
        try project.makeState()
        let settings = settings
        let lock = try await blocking {
            try FileLock(
                path: project.statePath + "/project.lock", mode: .exclusive,
                onWait: { settings.progress("waiting for another skvm that works on this project") })
        }
        defer { lock.release() }
        let store = store
        // Who needs the cache says why it can't be used; not every command does.
        let use = await Blocking.run {
            try? store.use(onWait: { settings.progress("waiting for skvm gc to end") })
        }
        defer { use?.release() }
        try sweep(project)
        return try await body()
    }

    /// Removes what a killed skvm left of a manifest or lock that it was about to replace. Only for the project's holder:
    /// such a file of a living process is never seen then.
    private func sweep(_ project: Project) throws {
        for folder in [project.root, project.statePath] {
            for name in try FileSystem.list(folder) where name.hasSuffix(".tmp") {
                if name.hasPrefix(Manifest.fileName + ".") || name.hasPrefix(Lockfile.fileName + ".") {
                    try FileSystem.remove(folder + "/" + name)
                }
            }
        }
    }

    /// Runs blocking work on a thread of its own, off Swift's cooperative pool.
    func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try work() }) }
        }
    }
}

/// How large a package may be: what skvm allows, until a manifest was read that allows something else.
final class PackageLimits: Sendable {
    private let limits = Mutex(GitLimits())

    var value: GitLimits { limits.withLock { $0 } }

    func allow(_ entries: Int?) {
        limits.withLock { $0.entries = entries ?? GitLimits().entries }
    }
}
