import Basics
import Git
import TestSupport

/// A cache in a scratch folder, and what `git` sees of the machine: nothing of the user's.
struct World: Sendable {
    let scratch: String
    var environment = RemoteRepository.environment

    init(_ scratch: String) { self.scratch = scratch }

    var caches: String { scratch + "/cache" }

    func cache(
        isOffline: Bool = false, transport: GitCache.Transport = .automatic, limits: GitLimits = GitLimits(),
        network: NetworkRules = NetworkRules()
    ) -> GitCache {
        GitCache(
            folder: caches, environment: environment, isOffline: isOffline, transport: transport, limits: limits,
            network: network)
    }

    func open(_ address: String, isOffline: Bool = false, transport: GitCache.Transport = .automatic) throws
        -> GitRepository
    {
        cache(isOffline: isOffline, transport: transport).repository(try GitURL(address))
    }

    /// The one repository that the cache holds.
    func cached() throws -> String {
        let bucket = caches + "/git-v1"
        let names = try FileSystem.list(bucket).filter { !$0.hasSuffix(".lock") }
        guard names.count == 1 else { throw TestServerError("expected one repository: \(names)") }
        return bucket + "/" + names[0]
    }

    /// How many objects the cache holds; one that lies in two packs counts once.
    func objectCount() async throws -> Int {
        let packs = try cached() + "/objects/pack"
        var objects: Set<Substring> = []
        for pack in try FileSystem.list(packs) where pack.hasSuffix(".idx") {
            let result = try await Program(
                "git", ["show-index"], environment: environment
            ).run(input: try FileSystem.read(packs + "/" + pack))
            objects.formUnion(result.outputText.split(separator: "\n").map { $0.split(separator: " ")[1] })
        }
        return objects.count
    }
}

func withWorld(_ body: @Sendable (World) async throws -> Void) async throws {
    try await withScratch { try await body(World($0)) }
}

/// Ten skills, the first with a script and a link.
func tenSkills(at path: String) async throws -> RemoteRepository {
    let remote = try await RemoteRepository(at: path)
    var files: [String: RemoteRepository.File] = ["README.md": "ten skills\n"]
    for index in 0..<10 {
        files["skills/skill-\(index)/SKILL.md"] = .text("skill \(index)\r\n")
        files["skills/skill-\(index)/references/guide.md"] = .text("guide \(index)\n")
    }
    files["skills/skill-0/scripts/run.sh"] = .executable("#!/bin/sh\n")
    files["skills/skill-0/scripts/start"] = .link("run.sh")
    try await remote.commit(files)
    return remote
}

extension GitRepository {
    func head() async throws -> ObjectID {
        try await resolve(ReferenceName(checking: "main"))
    }
}
