import Basics

/// The remote repositories that this machine has seen: one bare repository for each address, below one folder.
///
/// A value without state of its own: any number of processes and tasks may use one folder.
package struct GitCache: Sendable {
    /// By which means remote repositories are reached.
    package enum Transport: Sendable {
        /// The machine's `git` where it is found, libgit2 elsewhere.
        case automatic
        case libgit2
    }

    let folder: String
    private(set) var isOffline: Bool
    let limits: GitLimits
    let network: NetworkRules
    let programs: ProgramFinder
    /// Nil where each call asks and looks for itself.
    let memory: GitMemory?

    /// `folder` is made when it is needed. `environment` is handed to `git` (`PATH`, `HOME`, `SSH_AUTH_SOCK`, …);
    /// when `isOffline`, nothing is fetched and no server is asked.
    package init(
        folder: String, environment: [String: String], isOffline: Bool = false, transport: Transport = .automatic,
        limits: GitLimits = GitLimits(), network: NetworkRules = NetworkRules(), memory: GitMemory? = nil
    ) {
        self.folder = folder
        self.isOffline = isOffline
        self.limits = limits
        self.network = network
        self.memory = memory
        programs = ProgramFinder(environment: environment, transport: transport, report: network.report)
    }

    /// The same, asking nobody.
    package var withoutNetwork: GitCache {
        var copy = self
        copy.isOffline = true
        return copy
    }

    /// Whether there is a `git` that can be used.
    package func hasProgram() async -> Bool { await programs.program() != nil }

    package func repository(_ url: GitURL) -> GitRepository {
        GitRepository(folder: RepositoryFolder(url, cache: folder), cache: self)
    }
}

/// Looks once for a `git` that can be used, when one is needed first.
actor ProgramFinder {
    private let environment: [String: String]
    private let transport: GitCache.Transport
    private let report: @Sendable (TransferEvent) -> Void
    private var search: Task<GitProgram?, Never>?

    init(
        environment: [String: String], transport: GitCache.Transport,
        report: @escaping @Sendable (TransferEvent) -> Void
    ) {
        self.environment = environment
        self.report = report
        self.transport = transport
    }

    func program() async -> GitProgram? {
        if case .libgit2 = transport { return nil }
        if let search { return await search.value }
        let search = Task { [environment, report] in
            var program = await GitProgram(findingIn: environment)
            program?.report = report
            return program
        }
        self.search = search
        return await search.value
    }
}
