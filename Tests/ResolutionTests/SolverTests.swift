import Basics
import SkillModel
import Testing

@testable import Resolution

/// A registry in memory: `["charts 1.0.0": ["palette ^1"]]`.
struct MemoryRegistry: PackageProvider {
    var packages: [PackageName: [Version: [PackageDependency]]] = [:]
    var yanked: Set<PackageID> = []
    var locked: [PackageName: Version] = [:]
    /// What versions need besides packages, and nothing supplies.
    var unsupplied: [PackageID: String] = [:]
    /// Packages and versions of which their source says nothing that can be read.
    var unreadable: Set<PackageName> = []
    var unreadableVersions: Set<PackageID> = []
    /// Of which nothing is known now: the network fails.
    var unreachable: Set<PackageName> = []

    struct Unreachable: Error {}

    init(_ entries: [String: [String]], yanked: [String] = [], unsupplied: [String: String] = [:]) {
        for (id, dependencies) in entries {
            let id = PackageID(id)!
            packages[id.name, default: [:]][id.version] = dependencies.map(Self.dependency)
        }
        self.yanked = Set(yanked.map { PackageID($0)! })
        for (id, need) in unsupplied { self.unsupplied[PackageID(id)!] = need }
    }

    static func dependency(_ text: String) -> PackageDependency {
        let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
        return PackageDependency(
            PackageKey(PackageName(parts[0])!), .range(VersionRange(parts.count > 1 ? parts[1] : "*")!))
    }

    private static func fault(_ what: String) -> Unusable {
        Unusable(lack: "can't be read", [Diagnostic("test.bad", .error, "\(what) is bad", fault: .outside)])
    }

    func versions(of package: PackageKey) async throws -> [AvailableVersion] {
        if unreachable.contains(package.name) { throw Unreachable() }
        if unreadable.contains(package.name) { throw Self.fault("\(package.name)") }
        return (packages[package.name] ?? [:]).keys.map {
            AvailableVersion(
                $0, withheld: yanked.contains(PackageID(package.name, $0)) ? .yanked : nil,
                isLocked: locked[package.name] == $0)
        }
    }

    func dependencies(of package: PackageKey, at version: Version) async throws -> [PackageDependency] {
        let id = PackageID(package.name, version)
        if unreadableVersions.contains(id) { throw Self.fault("\(id)") }
        return try #require(packages[package.name]?[version])
    }

    func obstacle(to package: PackageKey, at version: Version) async throws -> Obstacle? {
        unsupplied[PackageID(package.name, version)].map { Obstacle(need: $0, lack: "no target supplies") }
    }

    /// The solution as sorted texts.
    func solve(_ needs: [String], locked: [String] = []) async throws -> [String] {
        var registry = self
        registry.locked = Dictionary(
            locked.map { PackageID($0)! }.map { ($0.name, $0.version) }, uniquingKeysWith: { $1 })
        var solver = Solver(registry)
        return try await solver.solve(needs.map(Self.dependency)).map { PackageID($0.name, $1) }.sorted()
            .map(\.description)
    }

    func failure(_ needs: [String]) async throws -> ResolutionFailure {
        try await #require(throws: ResolutionFailure.self) { try await solve(needs) }
    }
}

/// The examples of PubGrub's documentation, and what a lock and a yanked version change.
@Suite struct `Finding versions` {
    @Test func `without conflicts the newest versions are taken`() async throws {
        let registry = MemoryRegistry(["foo 1.0.0": ["bar ^1"], "bar 1.0.0": [], "bar 2.0.0": []])
        #expect(try await registry.solve(["foo ^1"]) == ["bar 1.0.0", "foo 1.0.0"])
        #expect(try await registry.solve([]) == [])
    }

    @Test func `a conflict is avoided before it is made`() async throws {
        let registry = MemoryRegistry([
            "foo 1.1.0": ["bar ^2"], "foo 1.0.0": [], "bar 1.0.0": [], "bar 1.1.0": [], "bar 2.0.0": [],
        ])
        #expect(try await registry.solve(["foo ^1", "bar ^1"]) == ["bar 1.1.0", "foo 1.0.0"])
    }

    @Test func `a conflict teaches`() async throws {
        let registry = MemoryRegistry(["foo 2.0.0": ["bar ^1"], "foo 1.0.0": [], "bar 1.0.0": ["foo ^1"]])
        #expect(try await registry.solve(["foo >=1"]) == ["foo 1.0.0"])
    }

    @Test func `a partial satisfier is understood`() async throws {
        let registry = MemoryRegistry([
            "foo 1.1.0": ["left ^1", "right ^1"], "foo 1.0.0": [], "left 1.0.0": ["shared >=1"],
            "right 1.0.0": ["shared <2"], "shared 2.0.0": [], "shared 1.0.0": ["target ^1"], "target 2.0.0": [],
            "target 1.0.0": [],
        ])
        #expect(try await registry.solve(["foo ^1", "target ^2"]) == ["foo 1.0.0", "target 2.0.0"])
    }

    @Test func `packages may need one another`() async throws {
        let registry = MemoryRegistry(["a 1.0.0": ["b ^1"], "b 1.0.0": ["a ^1"]])
        #expect(try await registry.solve(["a *"]) == ["a 1.0.0", "b 1.0.0"])
        let own = MemoryRegistry(["a 1.0.0": ["a ^1"], "a 2.0.0": ["a ^1"]])
        #expect(try await own.solve(["a *"]) == ["a 1.0.0"])
    }

    @Test func `a package of very many versions is solved like any other`() async throws {
        var entries = ["b 1.0.0": ["a <1.90"], "b 1.1.0": ["a >=1.200"]]
        for number in 0..<150 { entries["a 1.\(number).0"] = [] }
        let registry = MemoryRegistry(entries)
        #expect(try await registry.solve(["a >=1.60", "b *"]) == ["a 1.89.0", "b 1.0.0"])
        #expect(try await registry.solve(["a >=1.100, <1.120"]) == ["a 1.119.0"])
        let failure = try await registry.failure(["a >=1.95", "b *"])
        #expect(failure.explanation.last?.hasSuffix("there is no solution") == true)
    }

    @Test func `what the lock holds is kept while it fits`() async throws {
        let registry = MemoryRegistry([
            "a 1.0.0": [], "a 1.1.0": [], "a 2.0.0": ["b ^2"], "b 1.0.0": [], "b 2.0.0": [], "b 2.1.0": [],
        ])
        #expect(try await registry.solve(["a ^1"], locked: ["a 1.0.0"]) == ["a 1.0.0"])
        #expect(try await registry.solve(["a ^2"], locked: ["a 1.0.0", "b 2.0.0"]) == ["a 2.0.0", "b 2.0.0"])
        #expect(try await registry.solve(["a ^1"], locked: ["a 1.0.5"]) == ["a 1.1.0"])
    }

    @Test func `a yanked version is taken only when locked or named exactly`() async throws {
        let registry = MemoryRegistry(["a 1.0.0": [], "a 1.1.0": []], yanked: ["a 1.1.0"])
        #expect(try await registry.solve(["a ^1"]) == ["a 1.0.0"])
        #expect(try await registry.solve(["a ^1"], locked: ["a 1.1.0"]) == ["a 1.1.0"])
        #expect(try await registry.solve(["a =1.1.0"]) == ["a 1.1.0"])
        let failure = try await registry.failure(["a >=1.1"])
        #expect(
            failure.explanation == [
                "the project needs a >=1.1, whose versions there are yanked, so there is no solution"
            ])
    }

    @Test func `a prerelease is taken only when a range names one of its version`() async throws {
        let registry = MemoryRegistry(["a 1.0.0": [], "a 2.0.0-rc.1": [], "a 2.0.0-rc.2": []])
        #expect(try await registry.solve(["a *"]) == ["a 1.0.0"])
        #expect(try await registry.solve(["a ^2.0.0-rc.1"]) == ["a 2.0.0-rc.2"])
    }

    @Test func `a version that needs what nothing supplies is passed over`() async throws {
        let registry = MemoryRegistry(
            ["a 1.0.0": [], "a 1.1.0": ["b ^1"], "b 1.0.0": [], "b 1.1.0": []],
            unsupplied: ["a 1.1.0": "tool.browser at L2"])
        #expect(try await registry.solve(["a ^1"]) == ["a 1.0.0"])
        // It does not help that the lock has it.
        #expect(try await registry.solve(["a ^1"], locked: ["a 1.1.0"]) == ["a 1.0.0"])
        let deeper = MemoryRegistry(
            ["a 1.0.0": ["b ^1"], "a 2.0.0": ["b ^2"], "b 1.0.0": [], "b 2.0.0": []],
            unsupplied: ["b 2.0.0": "tool.browser at L2"])
        #expect(try await deeper.solve(["a *"]) == ["a 1.0.0", "b 1.0.0"])
    }

    @Test func `a version that needs what is not there or can't be read is passed over`() async throws {
        var registry = MemoryRegistry([
            "a 1.0.0": [], "a 1.1.0": ["b ^1"], "a 1.2.0": ["ghost ^1"], "a 1.3.0": ["c ^1"], "b 1.0.0": [],
            "c 1.0.0": [],
        ])
        registry.unreadable = ["b", "ghost"].reduce(into: []) { $0.insert(PackageName($1)!) }
        registry.unreadableVersions = [PackageID("c 1.0.0")!]
        var solver = Solver(registry)
        let found = try await solver.solve([MemoryRegistry.dependency("a ^1")])
        #expect(found.map { "\($0) \($1)" } == ["a 1.0.0"])
        // What would have been taken is said, with the reason.
        #expect(solver.passedOver.map { "\($0.key) \($0.version)" } == ["a 1.2.0"])
        #expect(solver.passedOver.first?.cause.diagnostics.first?.message == "ghost is bad")
        // It does not help that the lock has it.
        #expect(try await registry.solve(["a ^1"], locked: ["a 1.1.0"]) == ["a 1.0.0"])
    }

    @Test func `what can't be asked now ends the search, so that chance chooses nothing`() async throws {
        var registry = MemoryRegistry(["a 1.0.0": [], "a 1.1.0": ["b ^1"]])
        registry.unreachable = [PackageName("b")!]
        await #expect(throws: MemoryRegistry.Unreachable.self) { try await registry.solve(["a ^1"]) }
    }

    @Test func `two sources may have a package of one name`() async throws {
        let provider = TwoSources(versions: ["one": ["1.0.0", "2.0.0"], "other": ["1.0.0"]])
        let range = Requirement.range(try #require(VersionRange("^1")))
        let (one, other) = (provider.key("one"), provider.key("other"))
        var solver = Solver(provider)
        let both = try await solver.solve([PackageDependency(one, .any), PackageDependency(other, range)])
        #expect(both == [one: try #require(Version("2.0.0")), other: try #require(Version("1.0.0"))])
        // Then sentences say which of them is meant.
        let failure = await #expect(throws: ResolutionFailure.self) {
            var solver = Solver(provider)
            _ = try await solver.solve([
                PackageDependency(one, .any), PackageDependency(other, .range(try #require(VersionRange("^3")))),
            ])
        }
        #expect(
            failure?.description.contains("the project needs a (other) ^3") == true, "\(failure?.description ?? "")")
    }

    @Test func `several requirements on one package all hold`() async throws {
        let registry = MemoryRegistry(["a 1.0.0": [], "a 1.5.0": [], "a 2.0.0": []])
        #expect(try await registry.solve(["a >=1", "a <1.5"]) == ["a 1.0.0"])
    }
}

@Suite struct `Explaining why there are no versions` {
    @Test func `an unknown package is named`() async throws {
        let failure = try await MemoryRegistry(["a 1.0.0": ["b ^1"]]).failure(["a *"])
        #expect(failure.unknown?.description == "b")
        #expect(failure.diagnostic.id == "resolve.unknown-package")
        #expect(failure.description.contains("a 1.0.0 needs b ^1, which nobody has"), "\(failure)")
        #expect(failure.description.contains("the project needs a *"), "\(failure)")
    }

    @Test func `what can't be used is told with the chain that leads to it from the project`() async throws {
        var registry = MemoryRegistry(["a 1.0.0": ["b ^1"], "a 1.1.0": ["b ^1"], "b 1.0.0": ["c ^2"], "c 2.0.0": []])
        registry.unreadableVersions = [PackageID("c 2.0.0")!]
        let deep = try await registry.failure(["a ^1"])
        #expect(
            deep.explanation == [
                "because every version of a needs b ^1 and b 1.0.0 needs c ^2, every version of a needs c 2.0.0",
                "and because c 2.0.0 can't be read, every version of a can't be used",
                "and because the project needs a ^1, there is no solution",
            ], "\(deep)")
        #expect(deep.diagnostics.map(\.id) == ["test.bad"])
        #expect(deep.diagnostics.first?.fault == .outside)
        #expect(deep.diagnostics.first?.notes == deep.explanation)
        // What the project names itself needs no chain.
        registry.unreadable = [PackageName("a")!]
        let own = try await registry.failure(["a ^1"])
        #expect(own.explanation == ["the project needs a ^1, which can't be read, so there is no solution"])
        #expect(own.diagnostics.first?.notes == [])
    }

    @Test func `a range without versions names those there are`() async throws {
        let failure = try await MemoryRegistry(["a 1.0.0": [], "a 1.1.0": []]).failure(["a ^2"])
        #expect(
            failure.explanation
                == ["the project needs a ^2, of which there is none (there is 1.1.0, 1.0.0), so there is no solution"])
    }

    @Test func `what is taken only by its name is told with that name`() async throws {
        let yanked = MemoryRegistry(["a 1.0.0": [], "a 1.1.0": [], "a 2.0.0": []], yanked: ["a 1.0.0", "a 1.1.0"])
        #expect(try await yanked.failure(["a ^1"]).diagnostic.hint?.hasSuffix("a = \"=1.1.0\"") == true)
        let young = MemoryRegistry(["b 1.0.0-rc.1": [], "b 1.0.0-rc.2": []])
        #expect(try await young.failure(["b *"]).diagnostic.hint?.hasSuffix("b = \"^1.0.0-rc.2\"") == true)
        #expect(try await young.failure(["b =2.0.0-rc.1"]).diagnostic.id == "resolve.unsatisfiable")
        let none = MemoryRegistry(["a 1.0.0": []])
        #expect(try await none.failure(["a ^2"]).diagnostic.hint == "widen a range that the reasons name")
    }

    @Test func `a need that nothing supplies is part of the reasons, with the chain that leads to it`() async throws {
        let failure = try await MemoryRegistry(
            ["foo 1.0.0": ["bar ^2"], "bar 2.0.0": [], "bar 2.1.0": [], "bar 1.0.0": []],
            unsupplied: ["bar 2.0.0": "tool.browser at L2", "bar 2.1.0": "tool.browser at L2"]
        ).failure(["foo ^1"])
        #expect(
            failure.explanation == [
                "because foo 1.0.0 needs bar ^2 and bar >=2.0.0 needs tool.browser at L2, which no target supplies, "
                    + "foo 1.0.0 can't be used",
                "and because the project needs foo ^1, there is no solution",
            ], "\(failure)")
        #expect(failure.diagnostic.hint?.contains("target") == true)
        #expect(failure.unknown == nil)
    }

    @Test func `a linear derivation is told line by line`() async throws {
        let failure = try await MemoryRegistry([
            "foo 1.0.0": ["bar ^2"], "bar 2.0.0": ["baz ^3"], "baz 1.0.0": [], "baz 3.0.0": [],
        ]).failure(["foo ^1", "baz ^1"])
        #expect(failure.unknown == nil)
        #expect(failure.diagnostic.id == "resolve.unsatisfiable")
        #expect(failure.explanation.count >= 2)
        let parts = [
            "bar 2.0.0 needs baz ^3", "foo 1.0.0 needs bar ^2", "the project needs foo ^1", "the project needs baz ^1",
        ]
        for part in parts { #expect(failure.description.contains(part), "\(failure)") }
        #expect(failure.explanation.last?.hasSuffix("there is no solution") == true)
    }

    @Test func `a branching derivation refers to its lines by number`() async throws {
        let failure = try await MemoryRegistry([
            "foo 1.0.0": ["a ^1", "b ^1"], "foo 1.1.0": ["x ^1", "y ^1"], "a 1.0.0": ["b ^2"], "b 1.0.0": [],
            "b 2.0.0": [], "x 1.0.0": ["y ^2"], "y 1.0.0": [], "y 2.0.0": [],
        ]).failure(["foo ^1"])
        #expect(failure.description.contains("(1)"), "\(failure)")
        #expect(failure.explanation.last?.hasSuffix("there is no solution") == true)
    }

    @Test func `a search without end is given up`() async throws {
        let registry = MemoryRegistry([
            "foo 1.0.0": ["bar ^2"], "foo 1.1.0": ["bar ^2"], "bar 1.0.0": [], "bar 2.0.0": [],
        ])
        let failure = await #expect(throws: ResolutionFailure.self) {
            var solver = Solver(registry, greatestConflicts: 0)
            _ = try await solver.solve([MemoryRegistry.dependency("foo *"), MemoryRegistry.dependency("bar ^1")])
        }
        #expect(failure?.diagnostic.id == "resolve.too-hard")
    }
}

/// A package `a` of several sources, which have no dependencies.
private struct TwoSources: PackageProvider {
    var versions: [String: [String]]

    func key(_ source: String) -> PackageKey { PackageKey(PackageName("a")!, source: source) }

    func versions(of package: PackageKey) async throws -> [AvailableVersion] {
        (versions[package.source] ?? []).map { AvailableVersion(Version($0)!) }
    }
    func dependencies(of package: PackageKey, at version: Version) async throws -> [PackageDependency] { [] }
    func obstacle(to package: PackageKey, at version: Version) async throws -> Obstacle? { nil }
}
