import Basics
import TestSupport
import Testing

/// A repository behind a web server, of which a project takes all skills: what it costs is counted in requests.
@Suite struct `Many skills of one repository` {
    private static func files(_ count: Int, text: String = "One.") -> [String: RemoteRepository.File] {
        var files: [String: RemoteRepository.File] = ["README.md": "Skills.\n"]
        for number in 0..<count {
            let name = "skill-\(number)"
            files["skills/\(name)/SKILL.md"] = .text(WebSite.skill(name) + "\n\(text)\n")
            files["skills/\(name)/references/more.md"] = .text("More of \(name). \(text)\n")
            if number % 3 == 0 {
                files["skills/\(name)/skvm.toml"] = .text(
                    "[package]\nname = \"\(name)\"\nversion = \"1.0.\(number)\"\n")
            }
        }
        return files
    }

    /// How many requests each of the commands takes, by its first word.
    private static func costs(skills: Int, filters: Bool) async throws -> [String: Int] {
        var costs: [String: Int] = [:]
        try await withCommandWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/remotes/many.git")
            try await remote.commit(files(skills))
            try await remote.git("config", "uploadpack.allowFilter", "\(filters)")
            try await remote.git("config", "uploadpack.allowAnySHA1InWant", "true")
            costs = try await GitWebServer.serving(world.scratch + "/remotes") { server in
                var costs: [String: Int] = [:]
                func cost(_ name: String, _ work: () async throws -> Void) async throws {
                    let before = try server.requests().count
                    try await work()
                    costs[name] = try server.requests().count - before
                }
                try world.writeManifest([])
                try await cost("add") { try await world.done("add", server.open + "/many.git", "--all") }
                try await world.done("build")
                try await cost("outdated, nothing new") { try await world.done("outdated") }
                var colleague = world
                colleague.variables["SKVM_CACHE_DIR"] = world.scratch + "/empty"
                try await cost("install --locked") { try await colleague.done("install", "--locked") }
                try await cost("again") { try await colleague.done("install", "--locked") }
                try await remote.commit(files(skills, text: "Two."), time: 1_700_000_100)
                try await cost("outdated") {
                    let outdated = try await world.done("outdated")
                    #expect(outdated.outputText.split(separator: "\n").count == skills + 1, "\(outdated.outputText)")
                }
                try await cost("update --dry-run") { try await world.done("update", "--dry-run") }
                try await cost("update") {
                    let update = try await world.done("update")
                    #expect(update.outputText.contains("skill-\(skills - 1)"), "\(update.outputText)")
                }
                return costs
            }
        }
        return costs
    }

    @Test(arguments: [true, false])
    func `cost as many requests as a few`(filters: Bool) async throws {
        let few = try await Self.costs(skills: 4, filters: filters)
        let many = try await Self.costs(skills: 20, filters: filters)
        #expect(few == many)
        // A listing is two requests, and so is a fetch: of a commit's trees, of files.
        #expect(many["add"] ?? .max <= (filters ? 8 : 4), "\(many)")
        #expect(many["install --locked"] ?? .max <= (filters ? 6 : 4), "\(many)")
        #expect(many["outdated, nothing new"] == 2, "\(many)")
        #expect(many["outdated"] ?? .max <= (filters ? 6 : 4), "\(many)")
        #expect(many["update --dry-run"] ?? .max <= 8, "\(many)")
        #expect(many["update"] ?? .max <= 8, "\(many)")
        #expect(many["again"] == 0, "\(many)")
    }

    @Test func `are refused for a name that is taken before a file is fetched`() async throws {
        try await withCommandWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/remotes/many.git")
            // The words of their places make fewer names than there are skills of this one.
            var files = Self.files(3)
            for place in ["p/q", "q/p", "p/p/q", "p/q/p", "q/p/p", "q/q/p", "q/p/q", "p/q/q", "p/p/q/q", "q/q/p/p"] {
                files["\(place)/same/SKILL.md"] = .text(WebSite.skill("same"))
            }
            try await remote.commit(files)
            try await GitWebServer.serving(world.scratch + "/remotes") { server in
                try world.writeManifest([])
                let manifest = try FileSystem.readText(world.project + "/skvm.toml")
                let refused = try await world.skvm("add", server.open + "/many.git", "--all")
                refused.expectError(2, "add.name-taken", "same")
                #expect(try FileSystem.readText(world.project + "/skvm.toml") == manifest)
                // The listing, the commit with its trees, the manifests of those that have one.
                #expect(try server.requests().count <= 6)
            }
        }
    }

    @Test func `are told about while they come`() async throws {
        try await withCommandWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/remotes/many.git")
            try await remote.commit(Self.files(3))
            try world.writeManifest([])
            let added = try await world.done("add", remote.url, "--all")
            #expect(added.errorText.contains("fetching 3 skills of \(remote.url)"), "\(added.errorText)")
            let outdated = try await world.done("outdated")
            #expect(outdated.errorText.contains("asking 1 repository for newer versions"), "\(outdated.errorText)")
        }
    }
}
