import Basics
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An installation from a registry on a real server, whose network breaks after some of its bytes.
@Suite struct `A network that is cut during an installation` {
    private static let far = CommandWorld.skill.replacing("name: own", with: "name: far")

    /// A registry with one skill, and a second repository in which the registry says that another one lies.
    private func makeRemotes(_ world: CommandWorld, address: String) async throws {
        let skills = try await RemoteRepository(at: world.scratch + "/remotes/skills.git")
        let noise = try await Program("/bin/sh", ["-c", "head -c 60000 /dev/urandom | base64 -w 0"]).run().outputText
        let files: [String: RemoteRepository.File] = [
            "SKILL.md": .text(Self.far), "data/noise.txt": .text(noise),
        ]
        let commit = try await skills.commit(
            Dictionary(uniqueKeysWithValues: files.map { ("far/\($0.key)", $0.value) }))
        let registry = try await RemoteRepository(at: world.scratch + "/remotes/registry.git")
        let near = CommandWorld.skill.replacing("name: own", with: "name: near")
        func line(_ name: String, _ tree: String, _ place: String, _ needs: String) -> String {
            "{\"name\":\"\(name)\",\"version\":\"1.0.0\",\"path\":\"\(name)\",\"tree\":\"\(tree)\"\(place),"
                + "\"dependencies\":{\(needs)}}\n"
        }
        try write(
            ["far/SKILL.md": Self.far, "far/data/noise.txt": noise, "near/SKILL.md": near], in: world.scratch + "/trees"
        )
        func tree(_ name: String) async throws -> String {
            let printed = try await world.done("digest", world.scratch + "/trees/" + name).outputText
            return String(printed.prefix { $0 != " " })
        }
        let (farTree, nearTree) = (try await tree("far"), try await tree("near"))
        let place = ",\"git\":\"\(address)/skills.git\",\"commit\":\"\(commit)\""
        try await registry.commit([
            "registry.toml": "version = 1\nname = \"r\"\n", "near/SKILL.md": .text(near),
            "index/ne/ar/near.jsonl": .text(line("near", nearTree, "", "\"far\":\"^1\"")),
            "index/fa/r_/far.jsonl": .text(line("far", farTree, place, "")),
        ])
    }

    private static let points = getenv("SKVM_FULL_MATRIX") != nil ? 120 : 8

    private func clean(_ world: CommandWorld) throws {
        for part in ["project", "cache", "state", "config"] { try? FileSystem.removeTree("\(world.scratch)/\(part)") }
        try FileSystem.makeDirectories(world.project)
    }

    private func cutEverywhere(
        _ world: CommandWorld, _ network: FaultyNetwork, _ address: String
    ) async throws {
        func prepare() throws {
            try clean(world)
            try world.writeManifest(
                ["near"], extra: "[registries]\ndefault = \"\(address)/registry.git\"\n")
        }
        try prepare()
        try network.will(.whole)
        try await world.done("install")
        let all = try network.received()
        let lock = try FileSystem.read(world.project + "/skvm.lock")
        var failed = 0
        for point in 0..<Self.points {
            let bytes = point * all / Self.points
            let note = "cut after \(bytes) of \(all) bytes"
            try prepare()
            try network.will(.down(bytes, reset: point % 2 == 0))
            let cut = try await world.skvm("install")
            if cut.succeeded { continue }
            failed += 1
            #expect(cut.status == 6, "\(note): \(cut.errorText)")
            #expect(cut.errorText.contains("[git.network]"), "\(note): \(cut.errorText)")
            #expect(cut.errorText.contains(address), "\(note): \(cut.errorText)")
            #expect(cut.errorText.contains("hint: "), "\(note): \(cut.errorText)")
            #expect(!FileSystem.exists(world.project + "/skvm.lock"), "\(note)")
            #expect(!FileSystem.exists(world.project + "/.agents"), "\(note)")
            try network.will(.whole)
            try await world.done("install")
            #expect(try FileSystem.read(world.project + "/skvm.lock") == lock, "\(note)")
            try await world.done("verify")
            let left = try await Program("find", [world.cache, "-name", "*.tmp", "-o", "-name", "tmp_*"]).run()
            #expect(left.outputText.isEmpty, "\(note): \(left.outputText)")
        }
        #expect(failed > Self.points / 2)
        // One break alone is not even told as an error.
        var hopeful = world
        hopeful.variables["SKVM_NET_RETRY"] = "3"
        for point in [1, Self.points / 2, Self.points - 1] {
            try prepare()
            try network.will(.once(point * all / Self.points, reset: true))
            let result = try await hopeful.done("install")
            #expect(result.errorText.contains("trying again in"), "\(result.errorText)")
            #expect(try FileSystem.read(world.project + "/skvm.lock") == lock)
        }
    }

    @Test func `over http ends in exit code 6, and the next run ends well`() async throws {
        try await withCommandWorld { world in
            try FileSystem.makeDirectories(world.scratch + "/remotes")
            try await GitWebServer.serving(world.scratch + "/remotes") { server in
                try await FaultyNetwork.before(server.port) { network in
                    var world = world
                    world.variables["SKVM_NET_RETRY"] = "0"
                    let address = "http://127.0.0.1:\(network.port)/git"
                    try await makeRemotes(world, address: address)
                    try await cutEverywhere(world, network, address)
                }
            }
        }
    }

    @Test func `over ssh ends in exit code 6, and the next run ends well`() async throws {
        try await withCommandWorld { world in
            try await GitSSHServer.serving { server in
                let port = try #require(UInt16(server.address.split(separator: ":").last ?? ""))
                try await FaultyNetwork.before(port) { network in
                    var world = world
                    world.variables["SKVM_NET_RETRY"] = "0"
                    world.variables["GIT_SSH_COMMAND"] =
                        (server.environment["GIT_SSH_COMMAND"] ?? "") + " -o HostKeyAlias=[127.0.0.1]:\(port)"
                    let address =
                        server.address.replacing(":\(port)", with: ":\(network.port)") + world.scratch + "/remotes"
                    try await makeRemotes(world, address: address)
                    try await cutEverywhere(world, network, address)
                }
            }
        }
    }
}
