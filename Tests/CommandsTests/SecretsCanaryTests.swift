import Basics
import TestSupport
import Testing

/// What must never be seen: in the spellings that a program might give it.
private struct Canary {
    var spellings: [String]

    /// Where one of the spellings stands in what skvm printed, or below a folder; names of files count, too.
    func found(in results: [(what: String, result: ProgramResult)], below folders: [String]) throws -> [String] {
        var places: [String] = []
        for (what, result) in results where isIn(result.output) || isIn(result.error) {
            places.append("output of \(what)")
        }
        for folder in folders { try visit(folder, &places) }
        return places
    }

    private func visit(_ folder: String, _ places: inout [String]) throws {
        guard FileSystem.isDirectory(folder) else { return }
        for name in try FileSystem.list(folder) {
            let path = folder + "/" + name
            if isIn(Array(name.utf8)) { places.append(path) }
            switch try FileSystem.status(path)?.kind {
            case .directory: try visit(path, &places)
            case .file: if isIn(try FileSystem.read(path)) { places.append(path) }
            default: break
            }
        }
    }

    private func isIn(_ bytes: [UInt8]) -> Bool {
        // Rubbish in a database is read as some text: its ASCII stays as it is.
        let text = String(decoding: bytes, as: UTF8.self).utf8
        return spellings.contains { spelling in
            let wanted = Array(spelling.utf8)
            var rest = text[...]
            while let place = rest.firstIndex(of: wanted[0]) {
                if rest[place...].starts(with: wanted) { return true }
                rest = rest[text.index(after: place)...]
            }
            return false
        }
    }
}

@Suite struct `A secret` {
    /// Runs every path that talks to a server, those that work and those that fail, and looks everywhere.
    private func run(
        _ world: PublishWorld, _ server: GitWebServer, userinfo: String, canary: Canary, works: Bool,
        _ variables: [String: String], gitconfig: String
    ) async throws {
        try write(["gitconfig": "[init]\n\tdefaultBranch = main\n" + gitconfig], in: world.author.scratch)
        let host = server.closed.replacing("http://", with: "http://\(userinfo)")
        if !userinfo.isEmpty { try await world.author.git("remote", "set-url", "origin", "\(host)/skills.git") }
        var author = world.author
        author.variables.merge(variables) { $1 }
        var user = try CommandWorld(author.scratch + "/user")
        user.variables = author.variables
        try user.writeManifest([], extra: "[registries]\ndefault = \"\(server.closed)/registry.git\"\n")
        let skvm = try CommandWorld.binary()
        var results: [(what: String, result: ProgramResult)] = []
        func say(_ world: CommandWorld, _ words: String...) async throws {
            for format in [["-v"], ["--json"]] {
                results.append((words.joined(separator: " "), try await world.run([skvm] + words + format)))
            }
        }
        try await say(author, "publish")
        let published = try await world.index("charts")
        #expect(published.isEmpty != works, "\(results.map { $0.result.errorText })")
        try await say(user, "add", "\(host)/skills.git")
        try await say(user, "add", "charts")
        try await say(user, "install")
        try await say(user, "update", "--diff")
        try await say(user, "outdated")
        try await say(user, "info", "charts")
        try await say(user, "search", "charts")
        try await say(user, "registry", "add", "other", "\(host)/registry.git")
        try await say(user, "registry", "update")
        try await say(user, "add", "\(host)/nothing.git")
        try await say(user, "add", "\(host)/skills.git@^9")
        try await say(user, "add", "http://\(userinfo)127.0.0.1:1/x.git")
        try await say(user, "vendor")
        try await say(user, "verify")
        try await say(user, "trust", "list")
        try await say(user, "doctor")
        try await say(user, "install", "--offline")
        #expect(results.contains { $0.result.status == 6 })
        if works { #expect(FileSystem.exists(user.project + "/skvm.lock")) }
        let places = try canary.found(
            in: results,
            below: [
                user.project, user.home, user.scratch + "/cache", user.scratch + "/config", user.scratch + "/state",
            ]
                + [author.cache, author.scratch + "/config", author.scratch + "/state", author.project + "/.skvm"])
        #expect(places.isEmpty, "the secret is in \(places)")
    }

    private func with(_ body: @escaping @Sendable (PublishWorld, GitWebServer) async throws -> Void) async throws {
        try await PublishWorld.with { world in
            try await GitWebServer.serving(world.remotes) { server in
                try await world.start(
                    registry: server.closed + "/registry.git", skills: world.skills.url)
                // The author pushes by the file's address; others, and the index, come by the server.
                try await world.author.git("remote", "set-url", "origin", server.closed + "/skills.git")
                try await world.author.git(
                    "remote", "set-url", "--push", "origin", world.skills.url)
                try await body(world, server)
            }
        }
    }

    private static let password = "open sesame"
    private static let basic = "cmVhZGVyOm9wZW4gc2VzYW1l"

    @Test func `in an address on the command line is seen nowhere`() async throws {
        try await with { world, server in
            let canary = Canary(spellings: ["hunter2-canary", "aHVudGVyMi1jYW5hcnk"])
            try await run(
                world, server, userinfo: "reader:hunter2-canary@", canary: canary, works: false, [:], gitconfig: "")
            // Digits before a `/` look like the port of a host, and an escape like a part of a name.
            for userinfo in ["reader:12/34canary7f@", "reader%3A34canary7f@"] {
                try FileSystem.removeTree(world.author.scratch + "/user")
                try await run(
                    world, server, userinfo: userinfo, canary: Canary(spellings: ["34canary7f"]), works: false, [:],
                    gitconfig: "")
            }
            // The second could be the name of somebody.
            for token in ["ghp_canary0123456789", "deadbeefcafe"] {
                try FileSystem.removeTree(world.author.scratch + "/user")
                try await run(
                    world, server, userinfo: "\(token)@", canary: Canary(spellings: [token]), works: false, [:],
                    gitconfig: "")
            }
        }
    }

    @Test func `of git's credential helper is seen nowhere`() async throws {
        try await with { world, server in
            let helper =
                "[credential]\n\thelper = \"!f() { test $1 = get && printf 'username=reader\\\\npassword=open sesame\\\\n'; }; f\"\n"
            try await run(
                world, server, userinfo: "",
                canary: Canary(spellings: [Self.password, "open%20sesame", Self.basic]), works: true, [:],
                gitconfig: helper)
        }
    }

    @Test func `in a header and in variables named like one is seen nowhere`() async throws {
        try await with { world, server in
            let named = "canary-9f2d77"
            try await run(
                world, server, userinfo: "",
                canary: Canary(spellings: [Self.basic, Self.password, named]), works: true,
                [
                    "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.extraHeader",
                    "GIT_CONFIG_VALUE_0": "Authorization: Basic \(Self.basic)", "GITHUB_TOKEN": named,
                    "ANTHROPIC_API_KEY": named, "AWS_SECRET_ACCESS_KEY": named, "MY_PASSWORD": named,
                    "GIT_TRACE_CURL": "1", "GIT_TRACE2": "1", "GIT_TRACE": "1", "GIT_CURL_VERBOSE": "1",
                    "GIT_TRACE_REDACT": "0",
                ], gitconfig: "")
        }
    }

    @Test func `in the query of an address is seen nowhere, wherever the address stands`() async throws {
        try await withCommandWorld { world in
            let secret = "canary7f3a"
            let address = "http://127.0.0.1:1/r.git?private_token=\(secret)"
            let line = """
                {"name":"sec","version":"1.0.0","git":"\(address)","commit":"\(String(repeating: "0", count: 40))",\
                "tree":"sha256:\(String(repeating: "0", count: 64))"}
                """
            try write(
                ["registry.toml": "version = 1\nname = \"r\"\n", "index/se/c_/sec.jsonl": line + "\n"],
                in: world.scratch + "/reg")
            var results: [(what: String, result: ProgramResult)] = []
            func say(_ words: String...) async throws {
                for format in [["-v"], ["--json"]] {
                    let result = try await world.run([try CommandWorld.binary()] + words + format)
                    #expect(!result.succeeded || words == ["import"], "\(words)")
                    results.append((words.joined(separator: " "), result))
                }
            }
            try world.writeManifest(["palette"])
            try await say("registry", "add", "other", address)
            try await say("registry", "accept", address)
            try await say("add", address)
            try await say("add", "\(address)#folder")
            for entry in ["git", "url", "index"] {
                try world.writeManifest(["x = { \(entry) = \"\(address)\" }"])
                try await say("install")
            }
            try world.writeManifest(["sec"], extra: "[registries]\ndefault = \"\(world.scratch)/reg\"\n")
            try await say("install")
            try await say("info", "sec")
            try world.writeManifest(["palette"])
            let lock = """
                version = 1
                revision = 0
                [[package]]
                name = "x"
                version = "1.0.0"
                source = "url+\(address)&sha256=abc"
                """
            try write(["skvm.lock": lock], in: world.project)
            try await say("tree")
            try await say("verify")
            try FileSystem.remove(world.project + "/skvm.lock")
            let foreign = [
                "skills-lock.json":
                    #"{"version":1,"skills":{"k":{"source":"\#(address)","sourceType":"git","computedHash":"00"}}}"#,
                "apm.yml": "dependencies:\n  apm:\n    - git: \(address)\n      path: a\n",
                "skillfold.yaml": "name: x\nskills:\n  k: \(address)\n",
                "toolhive.lock.yaml": "version: 1\nskills:\n  - name: k\n    source: git+\(address)\n",
            ]
            for (name, text) in foreign {
                try write([name: text], in: world.project)
                try await say("import")
                try FileSystem.remove("\(world.project)/\(name)")
            }
            let places = try Canary(spellings: [secret]).found(
                in: results, below: [world.cache, world.scratch + "/config", world.scratch + "/state"])
            #expect(places.isEmpty, "the secret is in \(places)")
        }
    }

    @Test func `in a variable that a pass declares is in no cache`() async throws {
        try await withCommandWorld { world in
            var world = world
            world.variables["MY_API_TOKEN"] = "canary7f3a"
            try world.writeManifest(["commit-message"])
            try await world.done("new", "--pass", "shout")
            let file = world.project + "/skvm.toml"
            let manifest = try FileSystem.readText(file)
            try FileSystem.replace(
                file,
                with: Array(
                    manifest.replacing("[passes.shout]\n", with: "[passes.shout]\nvariables = [\"MY_API_TOKEN\"]\n")
                        .utf8))
            try await world.done("install")
            #expect(try await world.done("install").outputText.contains("0 passes ran"))
            let places = try Canary(spellings: ["canary7f3a"]).found(
                in: [], below: [world.cache, world.project, world.scratch + "/config", world.scratch + "/state"])
            #expect(places.isEmpty, "the secret is in \(places)")
            // That it is another one is known all the same.
            world.variables["MY_API_TOKEN"] = "canary7f3b"
            let again = try await world.done("build", "-v")
            #expect((again.errorText + again.outputText).contains("MY_API_TOKEN"), "\(again.errorText)")
        }
    }
}
