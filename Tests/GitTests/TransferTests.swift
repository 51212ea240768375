import Basics
import Synchronization
import TestSupport
import Testing

@testable import Git

/// What was told of transfers.
private final class Told: Sendable {
    private let list = Mutex<[TransferEvent]>([])

    var events: [TransferEvent] { list.withLock { $0 } }
    var failures: [String] {
        events.compactMap { if case .failed(_, let reason, _, _, _) = $0 { reason } else { nil } }
    }

    /// Retries as a user's, without their pauses.
    var network: NetworkRules {
        var network = NetworkRules()
        network.pause = 1
        network.report = { event in self.list.withLock { $0.append(event) } }
        return network
    }
}

/// A folder of forty files that can't be compressed, 2 MB in all.
private func randomSkill(at path: String) async throws -> RemoteRepository {
    let remote = try await RemoteRepository(at: path)
    var files: [String: RemoteRepository.File] = ["s/SKILL.md": "skill\n"]
    let bytes = try await Program("/bin/sh", ["-c", "head -c 2000000 /dev/urandom | base64 -w 0"]).run().output
    for number in 0..<40 {
        files["s/data/\(number)"] = .text(
            String(decoding: bytes[(number * 66_000)..<((number + 1) * 66_000)], as: UTF8.self))
    }
    try await remote.commit(files)
    return remote
}

@Suite struct `An answer that breaks off within its headers` {
    private func withHeaders(
        _ transport: GitCache.Transport, retries: Int,
        _ body: @escaping @Sendable (World, FaultyNetwork, GitRepository, RemoteRepository) async throws -> Void
    ) async throws {
        try await withWorld { world in
            let remote = try await tenSkills(at: world.scratch + "/remotes/ten.git")
            try await GitWebServer.serving(world.scratch + "/remotes") { server in
                try await FaultyNetwork.before(server.port) { network in
                    var rules = NetworkRules()
                    rules.pause = 1
                    rules.retries = retries
                    let url = try GitURL("http://127.0.0.1:\(network.port)/git/ten.git")
                    try await body(
                        world, network, world.cache(transport: transport, network: rules).repository(url), remote)
                }
            }
        }
    }

    @Test(arguments: [GitCache.Transport.automatic, .libgit2], [1, 17, 60, 150])
    func `is a broken network, not an empty repository`(transport: GitCache.Transport, bytes: Int) async throws {
        try await withHeaders(transport, retries: 1) { _, network, repository, _ in
            try network.will(.each(bytes, reset: false))
            let error = await #expect(throws: GitError.self) { try await repository.references() }
            #expect(error?.code == .network, "\(error?.detail ?? "")")
            #expect(error?.diagnostic.fault == .outside)
            if transport == .automatic { #expect(error?.detail.contains("(tried 2 times)") == true) }
            try network.will(.once(bytes, reset: false))
            #expect(try await repository.references().head != nil)
        }
    }

    @Test func `is a broken network for whoever fetches, too, and costs no copy`() async throws {
        try await withHeaders(.automatic, retries: 1) { world, network, repository, remote in
            let head = try await repository.head()
            _ = try await repository.commit(head)
            try await remote.commit(["README.md": "new\n"])
            let next = try #require(ObjectID(hex: try await remote.git("rev-parse", "main")))
            for bytes in [17, 60, 150] {
                try network.will(.each(bytes, reset: false))
                let error = await #expect(throws: GitError.self) { try await repository.commit(next) }
                #expect(error?.code == .network, "\(error?.detail ?? "")")
                let offline = try world.open(repository.url.text, isOffline: true)
                #expect(try await offline.commit(head).tree == repository.commit(head).tree)
            }
            try network.will(.once(60, reset: false))
            #expect(try await repository.commit(next).tree != repository.commit(head).tree)
        }
    }

    @Test func `is told from what is truly empty, and from what is not there`() async throws {
        try await withHeaders(.automatic, retries: 0) { world, network, _, _ in
            _ = try await RemoteRepository(at: world.scratch + "/remotes/empty.git")
            let address = "http://127.0.0.1:\(network.port)/git"
            let empty = try await world.open(address + "/empty.git").references()
            #expect(empty.head == nil && empty.branches.isEmpty)
            let error = await #expect(throws: GitError.self) {
                try await world.open(address + "/none.git").references()
            }
            #expect(error?.code == .notFound)
        }
    }

    @Test func `of a server of plain files is whole, and fetching of it is refused with a reason`() async throws {
        try await withWorld { world in
            let remote = try await tenSkills(at: world.scratch + "/remotes/ten.git")
            try await remote.git("update-server-info")
            try await StaticWebServer.serving(world.scratch + "/remotes") { server in
                let repository = try world.open(server.address + "/ten.git")
                let head = try await repository.head()
                let error = await #expect(throws: GitError.self) { try await repository.commit(head) }
                #expect(
                    error?.code == .unsupported && error?.hint?.contains("http-backend") == true,
                    "\(error?.detail ?? "")")
            }
        }
    }
}

@Suite struct `A transfer` {
    /// Fetches all files of the folder `s`; returns how many there were.
    private func fetch(_ repository: GitRepository) async throws -> Int {
        let head = try await repository.head()
        let entries = try await repository.entries(of: RelativePath("s"), at: head)
        return try await repository.contents(of: entries, at: head).count
    }

    private func withFaults(
        secure: Bool = false, _ body: @escaping @Sendable (World, FaultyNetwork, String) async throws -> Void
    ) async throws {
        try await withWorld { world in
            _ = try await randomSkill(at: world.scratch + "/remotes/r.git")
            try await GitWebServer.serving(world.scratch + "/remotes", isSecure: secure) { server in
                try await FaultyNetwork.before(server.port) { network in
                    try await body(world, network, "http://127.0.0.1:\(network.port)/git/r.git")
                }
            }
        }
    }

    @Test(arguments: [true, false])
    func `that breaks off goes on by itself, and what has come is not fetched again`(reset: Bool) async throws {
        try await withFaults { world, network, address in
            try network.will(.whole)
            #expect(try await fetch(try world.open(address)) == 41)
            let all = try network.received()
            try FileSystem.removeTree(world.caches)

            let told = Told()
            try network.will(.once(all / 2, reset: reset))
            let repository = world.cache(network: told.network).repository(try GitURL(address))
            #expect(try await fetch(repository) == 41)
            #expect(told.failures.count == 1)
            #expect(try network.received() > all)
            // git writes what came in blocks, and lists the references anew.
            #expect(try network.received() < all + all / 4, "\(all) bytes alone")
        }
    }

    @Test func `that was ended goes on with the next command`() async throws {
        try await withFaults { world, network, address in
            try network.will(.whole)
            #expect(try await fetch(try world.open(address)) == 41)
            let all = try network.received()
            try FileSystem.removeTree(world.caches)

            try network.will(.down(all * 3 / 4, reset: true))
            let told = Told()
            let repository = world.cache(network: told.network).repository(try GitURL(address))
            let error = await #expect(throws: GitError.self) { try await fetch(repository) }
            #expect(error?.code == .network)
            #expect(error?.detail.contains(address) == true)
            #expect(error?.hint != nil)
            #expect(told.failures.isEmpty == false)

            try network.will(.whole)
            #expect(try await fetch(try world.open(address)) == 41)
            #expect(try network.received() < all / 2, "\(all) bytes alone")
            let left = try FileSystem.list(try world.cached() + "/objects/pack").filter { $0.hasPrefix("tmp_") }
            #expect(left.isEmpty)
        }
    }

    @Test func `tells how far it is`() async throws {
        try await withFaults { world, _, address in
            let told = Told()
            let repository = world.cache(network: told.network).repository(try GitURL(address))
            _ = try await fetch(repository)
            let amounts = told.events.compactMap { event -> TransferEvent.Amount? in
                if case .received(address, let amount) = event { amount } else { nil }
            }
            #expect(amounts.contains { $0.parts == $0.total && $0.total == 41 })
            #expect(amounts.contains { $0.bytes > 1_000_000 })
            #expect(told.events.last == .ended(address: address))
        }
    }

    @Test(arguments: ["503 Service Unavailable", "500 Internal Server Error", "429 Too Many Requests"])
    func `that a server has no time for is tried again`(status: String) async throws {
        try await withFaults { world, network, address in
            let told = Told()
            try network.will(.answering(2, status: status))
            let repository = world.cache(network: told.network).repository(try GitURL(address))
            #expect(try await fetch(repository) == 41)
            #expect(told.failures.count == 2)
        }
    }

    @Test(arguments: ["404 Not Found", "401 Unauthorized", "403 Forbidden", "410 Gone"])
    func `that a server refuses is not tried again`(status: String) async throws {
        try await withFaults { world, network, address in
            let told = Told()
            try network.will(.answering(1, status: status))
            let repository = world.cache(network: told.network).repository(try GitURL(address))
            let error = await #expect(throws: GitError.self) { try await fetch(repository) }
            #expect(error?.diagnostic.fault == .outside)
            #expect(told.failures.isEmpty)
        }
    }

    @Test func `is not tried again where nobody listens`() async throws {
        try await withWorld { world in
            let told = Told()
            let address = "http://127.0.0.1:\(try LoopbackPort.free())/r.git"
            let repository = world.cache(network: told.network).repository(try GitURL(address))
            let error = await #expect(throws: GitError.self) { try await fetch(repository) }
            #expect(error?.code == .network)
            #expect(told.failures.isEmpty)
        }
    }

    @Test(arguments: ["variable", "configuration"])
    func `that stalls is given up after the time that git is told`(place: String) async throws {
        try await withFaults { world, network, address in
            var world = world
            if place == "variable" {
                world.environment["GIT_HTTP_LOW_SPEED_TIME"] = "1"
            } else {
                try write(["gitconfig": "[http]\n\tlowSpeedTime = 1\n"], in: world.scratch)
                world.environment["GIT_CONFIG_GLOBAL"] = world.scratch + "/gitconfig"
            }
            let told = Told()
            try network.will(.silent(1_000_000))
            let repository = world.cache(network: told.network).repository(try GitURL(address))
            let error = await #expect(throws: GitError.self) { try await fetch(repository) }
            #expect(error?.code == .network)
            // curl's own watch, or skvm's behind it, where the machine is too busy for curl to look in time.
            let detail = error?.detail ?? ""
            #expect(detail.contains("Operation too slow") || detail.contains("sent nothing for"), "\(detail)")
            #expect((1...3).contains(told.failures.count))
        }
    }

    @Test func `over ssh that stalls is given up, too`() async throws {
        try await withWorld { world in
            let remote = try await randomSkill(at: world.scratch + "/r.git")
            try await GitSSHServer.serving { server in
                let port = try #require(UInt16(server.address.split(separator: ":").last ?? ""))
                try await FaultyNetwork.before(port) { network in
                    var world = world
                    world.environment["GIT_SSH_COMMAND"] =
                        (server.environment["GIT_SSH_COMMAND"] ?? "") + " -o HostKeyAlias=[127.0.0.1]:\(port)"
                    let address = server.address.replacing(":\(port)", with: ":\(network.port)") + remote.path
                    #expect(try await fetch(try world.open(address)) == 41)
                    let all = try network.received()
                    try FileSystem.removeTree(world.caches)
                    let told = Told()
                    try network.will(.silent(all / 2))
                    var hasty = world
                    hasty.environment["GIT_HTTP_LOW_SPEED_TIME"] = "2"
                    let repository = hasty.cache(network: told.network).repository(try GitURL(address))
                    let error = await #expect(throws: GitError.self) { try await fetch(repository) }
                    #expect(error?.detail.contains("sent nothing for ") == true, "\(error?.detail ?? "")")
                    #expect(!told.failures.isEmpty)
                    try network.will(.whole)
                    #expect(try await fetch(try world.open(address)) == 41)
                }
            }
        }
    }

    @Test func `that is cut in two by salvage holds no object under a wrong name`() async throws {
        try await withFaults { world, network, address in
            let told = Told()
            try network.will(.once(1_000_000, reset: true))
            let repository = world.cache(network: told.network).repository(try GitURL(address))
            _ = try await fetch(repository)
            let check = try await Program(
                "git", ["--git-dir=" + (try world.cached()), "fsck", "--full", "--no-dangling"],
                environment: world.environment
            ).run()
            #expect(check.succeeded, "\(check.errorText)")
        }
    }
}

@Suite struct `What git says while it works` {
    private func read(_ chunks: [String]) -> (amounts: [TransferEvent.Amount], text: String) {
        var messages = GitMessages()
        let amounts = chunks.compactMap { messages.take(Array($0.utf8)) }
        return (amounts, messages.text)
    }

    @Test func `is an amount or a message, however it is cut`() {
        let all =
            "remote: Counting objects:  50% (1/2)   \rremote: Counting objects: 100% (2/2), done.\n"
            + "Receiving objects:  45% (450/1000), 1.50 MiB | 600.00 KiB/s\rReceiving objects: 100% (1000/1000), done.\n"
            + "fatal: early EOF\n"
        for size in [1, 2, 3, 7, 64, 1000] {
            var rest = all[...]
            var chunks: [String] = []
            while !rest.isEmpty {
                chunks.append(String(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            let (amounts, text) = read(chunks)
            #expect(text == "fatal: early EOF\n")
            #expect(amounts.last == .init(bytes: 0, parts: 1000, total: 1000))
            if size < 64 { #expect(amounts.first == .init(bytes: 1_572_864, parts: 450, total: 1000)) }
        }
    }

    @Test func `of amounts is believed from git alone`() {
        #expect(read(["remote: Receiving objects:  45% (450/1000), 1.20 MiB\n"]).amounts.isEmpty)
        for nonsense in [
            "(9999999999999999999999/1)", "(-1/5)", "(7/5)", "(1/2", "(1)", "()", "1/2)", "(0x1/0x2)", "(1/2/3)",
        ] {
            #expect(read(["Receiving objects:  45% \(nonsense), 1.20 MiB\n"]).amounts.isEmpty, "\(nonsense)")
        }
        for bytes in ["1e999 GiB", "-5 MiB", "nan MiB", "inf GiB", "5 parsecs", ""] {
            #expect(
                read(["Receiving objects:  45% (1/2), \(bytes)\n"]).amounts == [.init(bytes: 0, parts: 1, total: 2)])
        }
    }

    @Test func `without end is not kept without end, and its last lines are`() {
        var messages = GitMessages()
        let line = Array("remote: hello\n".utf8)
        for _ in 0..<20_000 { _ = messages.take(line) }
        _ = messages.take(Array(repeating: UInt8(ascii: "x"), count: 100_000))
        _ = messages.take(Array("\nfatal: the end\n".utf8))
        #expect(messages.text.utf8.count < 160_000)
        #expect(messages.text.hasPrefix("remote: hello\n"))
        #expect(messages.text.hasSuffix("\nfatal: the end\n"))
    }
}

@Suite struct `A proxy and an authority of one's own` {
    @Test(arguments: ["http_proxy", "http.proxy"])
    func `are those of git`(place: String) async throws {
        try await withWorld { world in
            _ = try await tenSkills(at: world.scratch + "/remotes/ten.git")
            try await GitWebServer.serving(world.scratch + "/remotes") { server in
                try await ForwardProxy.serving { proxy in
                    var world = world
                    if place == "http_proxy" {
                        world.environment["http_proxy"] = proxy.address
                    } else {
                        try write(["gitconfig": "[http]\n\tproxy = \(proxy.address)\n"], in: world.scratch)
                        world.environment["GIT_CONFIG_GLOBAL"] = world.scratch + "/gitconfig"
                    }
                    let repository = try world.open(server.open + "/ten.git")
                    let head = try await repository.head()
                    #expect(try await repository.entries(of: RelativePath("skills/skill-1"), at: head).count == 2)
                    let asked = try proxy.requests()
                    #expect(asked.contains { $0.hasPrefix("GET \(server.open)/ten.git/info/refs") }, "\(asked)")
                    #expect(asked.contains { $0.hasPrefix("POST \(server.open)/ten.git/git-upload-pack") })
                }
            }
        }
    }

    @Test(arguments: ["GIT_SSL_CAINFO", "http.sslCAInfo"], [true, false])
    func `make a TLS server good that is not otherwise`(place: String, byProxy: Bool) async throws {
        try await withWorld { world in
            _ = try await tenSkills(at: world.scratch + "/remotes/ten.git")
            try await GitWebServer.serving(world.scratch + "/remotes", isSecure: true) { server in
                try await ForwardProxy.serving { proxy in
                    var world = world
                    if byProxy { world.environment["https_proxy"] = proxy.address }
                    let told = Told()
                    let stranger = world.cache(network: told.network).repository(
                        try GitURL(server.secure + "/ten.git"))
                    let error = await #expect(throws: GitError.self) { try await stranger.references() }
                    #expect(error?.code == .network)
                    #expect(error?.hint?.contains("sslCAInfo") == true, "\(error?.detail ?? "")")
                    #expect(told.failures.isEmpty)

                    if place == "GIT_SSL_CAINFO" {
                        world.environment["GIT_SSL_CAINFO"] = server.authority
                    } else {
                        try write(["gitconfig": "[http]\n\tsslCAInfo = \(server.authority)\n"], in: world.scratch)
                        world.environment["GIT_CONFIG_GLOBAL"] = world.scratch + "/gitconfig"
                    }
                    let repository = try world.open(server.secure + "/ten.git")
                    let head = try await repository.head()
                    #expect(try await repository.entries(of: RelativePath("skills/skill-1"), at: head).count == 2)
                    #expect(try proxy.requests().contains { $0.hasPrefix("CONNECT 127.0.0.1:") } == byProxy)
                }
            }
        }
    }

    @Test func `of which the proxy is not there is told at once`() async throws {
        try await withWorld { world in
            var world = world
            world.environment["http_proxy"] = "http://127.0.0.1:\(try LoopbackPort.free())"
            let told = Told()
            let repository = world.cache(network: told.network).repository(try GitURL("http://127.0.0.1:9/r.git"))
            let error = await #expect(throws: GitError.self) { try await repository.references() }
            #expect(error?.code == .network)
            #expect(told.failures.isEmpty)
        }
    }
}
