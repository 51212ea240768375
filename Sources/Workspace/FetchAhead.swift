import Basics
import Git
import Registry
import SkillModel

/// The files of a graph's packages, fetched from several servers at the same time.
///
/// Packages are put together one after the other, in the order of their names. The first that must be fetched makes this fetch
/// all that are still to come: a lane a repository, of which all folders of a commit come in one request, and a lane for each
/// file of a web server. What failed is told when its package's turn comes, so what is said and what comes of it does not depend on which
/// server answers first. Of a graph that is in the store whole, nothing is looked at here.
actor FetchAhead {
    private let resolver: Resolver
    private let nodes: [PackageGraph.Node]
    /// In which the packages are asked for.
    private let order: [Int]
    private var results: [Int: Result<PackageFiles, any Error>]?

    init(_ resolver: Resolver, _ nodes: [PackageGraph.Node], order: [Int]) {
        self.resolver = resolver
        self.nodes = nodes
        self.order = order
    }

    /// The files of a node that is not in the store; nil when they were not fetched here.
    func files(of node: Int) async throws -> PackageFiles? {
        if results == nil { results = await fetch(from: node) }
        return try results?[node]?.get()
    }

    /// One package of a lane; its release is nil until the lane has asked for it.
    private struct Wanted: Sendable {
        var node: Int
        var release: PackageRelease?
        /// Where its files are.
        var origin: PackageOrigin?

        init(_ node: Int, _ release: PackageRelease? = nil, origin: PackageOrigin? = nil) {
            self.node = node
            self.release = release
            self.origin = origin ?? release?.origin
        }
    }

    private func fetch(from node: Int) async -> [Int: Result<PackageFiles, any Error>] {
        let width = SideBySide.width(environment: resolver.workspace.settings.environment)
        var lanes: [String: [Wanted]] = [:]
        for index in order[(order.firstIndex(of: node) ?? 0)...] {
            if let (lane, wanted) = await wanted(index) { lanes[lane, default: []].append(wanted) }
        }
        // One at a time, only what comes in one request is fetched ahead; alone, nothing is gained.
        if lanes.count == 1 || width == 1 { lanes = lanes.filter { $0.value.count > 1 } }
        if lanes.isEmpty { return [:] }
        let many = lanes.filter { $0.value.count > 1 }.map(\.value.count)
        if let first = many.first {
            resolver.workspace.settings.progress(
                "fetching \(counted(many.reduce(0, +), "skill")) of "
                    + (many.count == 1
                        ? lanes.first { $0.value.count == first }?.key ?? "" : "\(many.count) repositories"))
        }
        let (resolver, nodes) = (resolver, nodes)
        let found = await SideBySide.run(lanes.sorted { $0.key < $1.key }.map(\.value), width: width) { lane in
            await Self.fetch(lane, resolver, nodes)
        }
        return Dictionary(found.flatMap { $0 }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: Lanes

    /// What is to be fetched of a node, and in which lane; nil for what is here, and for what can't be told yet.
    private func wanted(_ node: Int) async -> (String, Wanted)? {
        switch nodes[node].kind {
        case .folder: return nil
        case .released(let release):
            guard (try? await resolver.isHere(release, nodes[node])) == false else { return nil }
            return lane(of: release.origin, node).map { ($0, Wanted(node, release)) }
        case .locked(let locked):
            guard locked.tree != nil, resolver.options.readsFiles, (try? resolver.isHere(locked)) == false else {
                return nil
            }
            switch locked.source {
            case .git(let url, _, let path):
                guard let url = try? GitURL(Catalog.absolute(url, resolver.project.root)) else { return nil }
                let origin = locked.objectID.map { PackageOrigin.git(url, commit: $0, path: path) }
                return (url.text, Wanted(node, origin: origin))
            case .web, .hub: return ("file \(node)", Wanted(node))
            case .registry, .embedded:
                // The index says where its files are.
                guard let release = try? await resolver.release(of: locked) else { return nil }
                return lane(of: release.origin, node).map { ($0, Wanted(node, release)) }
            case .path, .workspace: return nil
            }
        }
    }

    private func lane(of origin: PackageOrigin, _ node: Int) -> String? {
        switch origin {
        case .git(let url, _, _): url.text
        case .web, .hub: "file \(node)"
        case .folder: nil
        }
    }

    private static func fetch(
        _ lane: [Wanted], _ resolver: Resolver, _ nodes: [PackageGraph.Node]
    ) async -> [(Int, Result<PackageFiles, any Error>)] {
        let fetcher = resolver.workspace.fetcher
        var resolver = resolver
        if lane.count > 1 {
            resolver.tellsOfEach = false
            // In one request; what is wrong is said when each is looked at.
            try? await fetcher.prefetch(lane.compactMap(\.origin))
        }
        var results: [(Int, Result<PackageFiles, any Error>)] = []
        for wanted in lane {
            do {
                let node = nodes[wanted.node]
                var release = wanted.release
                if case .locked(let locked) = node.kind {
                    if release == nil { release = try await resolver.release(of: locked) }
                    guard let release else { continue }
                    let files = try await resolver.verifiedFiles(of: locked, release)
                    results.append((wanted.node, .success(files)))
                } else if let release {
                    results.append((wanted.node, .success(try await resolver.files(of: release, node))))
                }
            } catch {
                // Whoever is told of it asks for no more: a server that is away is not asked for each of its skills.
                results.append((wanted.node, .failure(error)))
                break
            }
        }
        return results
    }
}
