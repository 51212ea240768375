import Basics
import Git
import Registry
import SkillModel

/// The files of a graph's packages, fetched from several servers at the same time.
///
/// Packages are put together one after the other, in the order of their names. The first that must be fetched makes this fetch
/// all that are still to come: a lane a repository, in which one is fetched after the other, and a lane for each file of a web
/// server. What failed is told when its package's turn comes, so what is said and what comes of it does not depend on which
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
    }

    private func fetch(from node: Int) async -> [Int: Result<PackageFiles, any Error>] {
        let width = SideBySide.width(environment: resolver.workspace.settings.environment)
        var lanes: [String: [Wanted]] = [:]
        if width > 1 {
            for index in order[(order.firstIndex(of: node) ?? 0)...] {
                if let (lane, wanted) = await wanted(index) { lanes[lane, default: []].append(wanted) }
            }
        }
        // Alone, nothing is gained.
        guard lanes.count > 1 else { return [:] }
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
            return lane(of: release.origin, node).map { ($0, Wanted(node: node, release: release)) }
        case .locked(let locked):
            guard locked.tree != nil, resolver.options.readsFiles, (try? resolver.isHere(locked)) == false else {
                return nil
            }
            switch locked.source {
            case .git(let url, _, _):
                let address = try? GitURL(Catalog.absolute(url, resolver.project.root)).text
                return address.map { ($0, Wanted(node: node)) }
            case .web, .hub: return ("file \(node)", Wanted(node: node))
            case .registry, .embedded:
                // The index says where its files are.
                guard let release = try? await resolver.release(of: locked) else { return nil }
                return lane(of: release.origin, node).map { ($0, Wanted(node: node, release: release)) }
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
        if lane.count > 1 {
            // In one request; what is wrong is said when each is looked at.
            try? await fetcher.prefetch(lane.compactMap(\.release))
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
                results.append((wanted.node, .failure(error)))
            }
        }
        return results
    }
}
