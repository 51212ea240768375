import Basics
import Git
import Registry
import SkillModel
import TestSupport
import Testing

@Suite struct `A search` {
    private func line(
        _ name: String, _ description: String, _ keywords: [String] = [], version: String = "1.0.0", more: String = ""
    ) throws -> String {
        let words = keywords.map { "\"\($0)\"" }.joined(separator: ",")
        return
            "{\"name\":\"\(name)\",\"version\":\"\(version)\",\"path\":\"skills/charts\",\"tree\":\"\(try digest(charts))\","
            + "\"description\":\"\(description)\",\"keywords\":[\(words)]\(more)}\n"
    }

    private func path(_ name: String) -> String {
        let padded = name + "____"
        return "index/\(padded.prefix(2))/\(padded.dropFirst(2).prefix(2))/\(name).jsonl"
    }

    private func files(_ packages: [(name: String, text: String, keywords: [String])]) throws
        -> [String: RemoteRepository.File]
    {
        var files: [String: RemoteRepository.File] = ["registry.toml": "version = 1\nname = \"test\"\n"]
        for package in packages {
            files[path(package.name)] = .text(try line(package.name, package.text, package.keywords))
        }
        return files
    }

    private let some: [(name: String, text: String, keywords: [String])] = [
        ("pdf-tables", "Extracts tables from documents.", ["csv"]), ("tables", "Draws a grid from a pdf.", []),
        ("scan", "Reads paper.", ["pdf", "ocr"]), ("paper", "Turns a pdf around. Déjà vu.", []),
        ("zh", "从图表中提取数字", []),
    ]

    private func names(
        _ snapshot: RegistrySnapshot, _ words: String, _ world: World, limit: Int = 20
    ) async throws -> [String] {
        try await snapshot.search(
            words.split(separator: " ").map(String.init), folder: world.scratch + "/cache", limit: limit
        ).hits.map(\.name.description)
    }

    @Test func `ranks names before keywords before descriptions, and wants every word`() async throws {
        try await withWorld { world in
            try lay(try files(some), in: world.scratch + "/registry")
            let snapshot = try await world.registry("./registry").open()
            #expect(try await names(snapshot, "pdf", world) == ["pdf-tables", "scan", "paper", "tables"])
            #expect(try await names(snapshot, "pdf", world, limit: 2) == ["pdf-tables", "scan"])
            #expect(try await names(snapshot, "pdf tables", world) == ["pdf-tables", "tables"])
            #expect(try await names(snapshot, "pdf-tab", world) == ["pdf-tables"])
            #expect(try await names(snapshot, "TABLES csv", world) == ["pdf-tables"])
            #expect(try await names(snapshot, "tab pdf", world) == [])
            #expect(try await names(snapshot, "deja", world) == ["paper"])
            #expect(try await names(snapshot, "图表", world) == ["zh"])
            #expect(try await names(snapshot, "表图", world) == [])
        }
    }

    @Test func `finds the name itself first, then names with the words, then those that begin so`() async throws {
        try await withWorld { world in
            let long = "Reads and writes files of that kind for every use that anybody could think of."
            let packages: [(name: String, text: String, keywords: [String])] = [
                ("pdf", long, []), ("pdf-tables", "Short.", []), ("pdfy", "Steals.", []), ("ocr", "Of pdf.", ["pdf"]),
                ("pdf-tables-pro", "Steals.", []),
            ]
            try lay(try files(packages), in: world.scratch + "/registry")
            let snapshot = try await world.registry("./registry").open()
            let found = try await names(snapshot, "pdf", world)
            #expect(found.first == "pdf" && found[1...2].allSatisfy { $0.hasPrefix("pdf-tables") }, "\(found)")
            #expect(found.suffix(2) == ["pdfy", "ocr"], "\(found)")
            #expect(try await names(snapshot, "pdf tables", world, limit: 1) == ["pdf-tables"])
            #expect(try await names(snapshot, "PDF", world, limit: 1) == ["pdf"])
        }
    }

    @Test(arguments: [
        "\"", "'", "*", "a*b", "name:pdf", "NEAR(pdf)", "pdf AND", "OR", "-pdf", "^pdf", "{name}", ")", "\u{0}",
        "pdf\u{1B}[2J",
    ])
    func `takes every text for words and none for a query`(text: String) async throws {
        try await withWorld { world in
            try lay(try files(some), in: world.scratch + "/registry")
            _ = try await names(try await world.registry("./registry").open(), text, world)
        }
    }

    @Test func `follows the registry's head and reads only what changed`() async throws {
        try await withWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            var all = try files(some)
            try await remote.commit(all)
            #expect(try await names(try await world.registry(remote.url).open(), "paper", world) == ["paper", "scan"])
            all[path("scan")] = nil
            all[path("paper")] = .text(try line("paper", "Folds a hat."))
            all[path("origami")] = .text(try line("origami", "Folds paper."))
            try await remote.commit(all)
            // Offline it is what it was.
            #expect(
                try await names(try await world.registry(remote.url, isOffline: true).open(), "paper", world)
                    == ["paper", "scan"])
            #expect(
                try await names(try await world.registry(remote.url).open(), "paper", world) == ["paper", "origami"])
            #expect(
                try await names(try await world.registry(remote.url).open(), "fold", world) == ["origami", "paper"])
        }
    }

    @Test func `shows the newest release, and nothing that was taken back`() async throws {
        try await withWorld { world in
            var all = try files([])
            all[path("one")] = .text(
                try line("one", "old thing") + line("one", "new thing", version: "1.2.0")
                    + line("one", "next thing", version: "2.0.0-rc.1")
                    + line("one", "bad thing", version: "1.3.0", more: ",\"yanked\":true"))
            all[path("two")] = .text(try line("two", "gone thing", more: ",\"yanked\":true"))
            try lay(all, in: world.scratch + "/registry")
            let snapshot = try await world.registry("./registry").open()
            let found = try await snapshot.search(["thing"], folder: world.scratch + "/cache", limit: 9)
            #expect(found.hits.map { "\($0.name) \($0.version) \($0.summary)" } == ["one 1.2.0 new thing"])
            #expect(found.unreadable.isEmpty)
        }
    }

    @Test(arguments: [true, false])
    func `leaves out what can't be read and names it, until it is mended`(isGit: Bool) async throws {
        try await withWorld { world in
            var all = try files(some)
            all[path("huge")] = .text(try line("huge", String(repeating: "x", count: 10 << 20)))
            all[path("broken")] = "{\n"
            all[path("evil")] = .text(try line("evil", "\\u001b[2J\\u001b]0;title\\u0007 hides\\u202e paper"))
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            if isGit { try await remote.commit(all) } else { try lay(all, in: world.scratch + "/registry") }
            let registry = try world.registry(isGit ? remote.url : "./registry")
            let found = try await registry.open().search(["paper"], folder: world.scratch + "/cache", limit: 9)
            #expect(Set(found.hits.map(\.name.description)) == ["paper", "scan", "evil"])
            #expect(found.unreadable.map(\.description) == ["broken", "huge"])
            let evil = try #require(found.hits.first { $0.name.description == "evil" })
            #expect(!evil.summary.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E }, "\(evil.summary)")

            all[path("broken")] = .text(try line("broken", "of paper"))
            all[path("huge")] = .text(try line("huge", "of paper"))
            if isGit { try await remote.commit(all) } else { try lay(all, in: world.scratch + "/registry") }
            let mended = try await registry.open().search(["paper"], folder: world.scratch + "/cache", limit: 9)
            #expect(mended.hits.count == 5 && mended.unreadable.isEmpty)
        }
    }

    @Test func `begins a damaged database anew`() async throws {
        try await withWorld { world in
            try lay(try files(some), in: world.scratch + "/registry")
            let snapshot = try await world.registry("./registry").open()
            #expect(try await names(snapshot, "scan", world) == ["scan"])
            let folder = world.scratch + "/cache/search-v1"
            for name in try FileSystem.list(folder) {
                try FileSystem.write(
                    Array("no database, but long enough to be looked at\n".utf8), to: folder + "/" + name)
            }
            #expect(try await names(snapshot, "scan", world) == ["scan"])
        }
    }
}
