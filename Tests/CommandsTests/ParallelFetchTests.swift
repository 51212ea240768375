import Basics
import TestSupport
import Testing

/// Three web servers, each with a skill, that answer a download of theirs only when one of each was asked for: whoever asks
/// one after the other waits in vain.
private func withServers(
    _ body: @escaping @Sendable (CommandWorld, [ScriptedWebServer]) async throws -> Void
) async throws {
    try await withCommandWorld { world in
        let site = WebSite(root: world.scratch + "/site")
        for name in ["alpha", "beta", "gamma"] {
            try await site.pack("\(name).tar.gz", ["SKILL.md": WebSite.skill(name)])
        }
        let meeting = world.scratch + "/meeting"
        try FileSystem.makeDirectories(meeting)
        let script = """
            if os.path.exists("\(meeting)/broken"): return self.answer(404)
            open("\(meeting)" + path, "w").close()
            # A minute is for ever, here: then it answers all the same, and the test says that nobody came.
            for _ in range(6000):
                if len(os.listdir("\(meeting)")) == 3: break
                time.sleep(0.01)
            else: open("\(meeting)/alone", "w").close()
            self.answer(200, open("\(site.root)" + path, "rb").read())
            """
        try await ScriptedWebServer.serving(script) { one in
            try await ScriptedWebServer.serving(script) { two in
                try await ScriptedWebServer.serving(script) { three in try await body(world, [one, two, three]) }
            }
        }
    }
}

extension CommandWorld {
    fileprivate func depend(on servers: [ScriptedWebServer]) throws {
        try writeManifest(
            zip(["alpha", "beta", "gamma"], servers).map { name, server in
                "\(name) = { url = \"\(server.address)/\(name).tar.gz\" }"
            })
    }

    fileprivate func clearMeeting() throws {
        for name in try FileSystem.list(scratch + "/meeting") { try FileSystem.remove(scratch + "/meeting/" + name) }
    }
}

@Suite struct `Fetching from several servers` {
    @Test func `asks them at the same time, when it resolves and when it follows the lock`() async throws {
        try await withServers { world, servers in
            try world.depend(on: servers)
            try await world.done("lock")
            #expect(
                try FileSystem.list(world.scratch + "/meeting").sorted() == [
                    "alpha.tar.gz", "beta.tar.gz", "gamma.tar.gz",
                ])
            let lock = try FileSystem.readText(world.project + "/skvm.lock")
            try world.clearMeeting()
            var empty = world
            empty.variables["SKVM_CACHE_DIR"] = world.scratch + "/empty"
            // What is locked is looked at by who needs its files.
            try await empty.done("lock", "--locked")
            for server in servers { #expect(try server.requests().count == 1) }
            try await world.done("build")
            try world.clearMeeting()
            try await empty.done("build", "--locked")
            #expect(!FileSystem.exists(world.scratch + "/meeting/alone"))
            for server in servers { #expect(try server.requests().count == 2) }

            // One at a time comes to the same lock.
            empty.variables["SKVM_CACHE_DIR"] = world.scratch + "/third"
            empty.variables["SKVM_NET_CONNECTIONS"] = "1"
            try FileSystem.remove(world.project + "/skvm.lock")
            try write(
                ["meeting/alpha.tar.gz": "", "meeting/beta.tar.gz": "", "meeting/gamma.tar.gz": ""], in: world.scratch)
            try await empty.done("lock")
            #expect(try FileSystem.readText(world.project + "/skvm.lock") == lock)
        }
    }

    @Test func `tells of what failed what one connection would tell`() async throws {
        try await withServers { world, servers in
            try world.depend(on: servers)
            try write(["meeting/broken": ""], in: world.scratch)
            var told: Set<String> = []
            for width in ["1", "2", "8", "nonsense"] {
                var world = world
                world.variables["SKVM_NET_CONNECTIONS"] = width
                let refused = try await world.skvm("lock", "-q")
                #expect(refused.status == 6)
                told.insert(refused.errorText)
            }
            #expect(told.count == 1, "\(told)")
            #expect(told.first?.contains("alpha.tar.gz") == true)
        }
    }

    @Test func `of one repository asks for one thing after the other, and comes to one lock`() async throws {
        try await withCommandWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            try await remote.commit([
                "alpha/SKILL.md": .text(WebSite.skill("alpha")), "beta/SKILL.md": .text(WebSite.skill("beta")),
            ])
            let other = try await RemoteRepository(at: world.scratch + "/s.git")
            try await other.commit(["SKILL.md": .text(WebSite.skill("gamma"))])
            try world.writeManifest([
                "alpha = { git = \"\(remote.url)\", path = \"alpha\" }",
                "beta = { git = \"\(remote.url)\", path = \"beta\" }",
                "gamma = { git = \"\(other.url)\" }",
            ])
            let locked = try await world.done("lock")
            // Nobody of one process waits for another of it.
            #expect(!locked.errorText.contains("waiting"), "\(locked.errorText)")
            let lock = try FileSystem.readText(world.project + "/skvm.lock")
            var single = world
            single.variables["SKVM_CACHE_DIR"] = world.scratch + "/single"
            single.variables["SKVM_NET_CONNECTIONS"] = "1"
            try await single.done("lock", "--locked")
            #expect(try FileSystem.readText(world.project + "/skvm.lock") == lock)
        }
    }
}
