import Basics
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// What `skvm update` moves, what it leaves, and what it says.
struct UpdateTests {
    /// charts 1.0.0, which needs palette ^0.3, and notes 1.0.0, locked; then newer ones are published.
    private struct Start {
        var world: ProjectWorld
        var registry: FolderRegistry
        let more: String

        init(_ scratch: String, more: String = "") async throws {
            world = try ProjectWorld(scratch)
            registry = try FolderRegistry(world.root + "/registry")
            self.more = more
            try registry.publish("palette", "0.3.0")
            try registry.publish("charts", "1.0.0", dependencies: ["palette": "^0.3"])
            try registry.publish("notes", "1.0.0")
            try depend("charts = \"^1\"\nnotes = \"^1\"")
            try await world.build()
            try registry.publish("palette", "0.3.1", "Never invent a figure.")
            try registry.publish("charts", "1.1.0", dependencies: ["palette": "^0.3"], "Never draw a pie.")
            try registry.publish("charts", "2.0.0", dependencies: ["palette": "^0.3"])
            try registry.publish("charts", "1.2.0-rc.1")
            try registry.publish("notes", "1.5.0")
        }

        func depend(_ lines: String) throws {
            try world.put([
                "skvm.toml":
                    "[dependencies]\n\(lines)\n\n[registries]\ndefault = \"../registry\"\n\n\(more)\n"
                    + (try world.putTarget("one"))
            ])
        }

        func packages() throws -> [String] {
            try Lockfile(parsing: Array(try world.lock.utf8)).packages.map { "\($0.id)" }
        }

        func update(_ names: String..., precise: String? = nil, diff: Bool = false) async throws -> UpdateReport {
            try await world.workspace().update(names, precise: precise, diff: diff)
        }
    }

    @Test func `without names everything moves within its range, and again nothing does`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            #expect(try start.packages() == ["charts 1.0.0", "notes 1.0.0", "palette 0.3.0"])
            let report = try await start.update()
            #expect(try start.packages() == ["charts 1.1.0", "notes 1.5.0", "palette 0.3.1"])
            #expect(report.changes.map(\.action) == ["updated", "updated", "updated"])
            #expect(report.text.hasPrefix("updated  charts   1.0.0 → 1.1.0\nupdated  notes    1.0.0 → 1.5.0\n"))
            #expect(try await start.update().changes.isEmpty)
            #expect(try await start.world.build().ok)
            try await start.world.expectNothingToDo()
        }
    }

    @Test func `a named package moves alone`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            let report = try await start.update("charts")
            #expect(report.changes.map(\.package) == ["charts"])
            #expect(try start.packages() == ["charts 1.1.0", "notes 1.0.0", "palette 0.3.0"])
            let unknown = await start.world.failure { try await start.update("chart") }
            #expect(unknown.map(\.id) == ["update.unknown"] && unknown[0].hint == "did you mean 'charts'?")
            #expect(unknown[0].fault == .usage)
        }
    }

    @Test func `a dry run says the same and writes nothing; locked fails when something would move`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            let before = try start.world.lock
            let report = try await start.world.workspace { $0.dryRun = true }.update([])
            #expect(report.changes.count == 3 && report.dryRun && report.text.hasPrefix("dry run"))
            #expect(try start.world.lock == before)
            let stale = await start.world.failure { try await start.world.workspace { $0.locked = true }.update([]) }
            #expect(stale.map(\.id) == ["lock.stale"] && stale[0].fault == .staleLock)
            _ = try await start.update()
            #expect(try await start.world.workspace { $0.locked = true }.update([]).changes.isEmpty)
        }
    }

    @Test func `what the lock holds of a yanked version stays where nothing else fits, and holds nothing else back`()
        async throws
    {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            _ = try await start.update()
            try start.depend("charts = \"^1.1\"\nnotes = \"^1\"")
            try await start.world.build()
            try start.registry.yank("charts", "1.1.0")
            try start.registry.publish("notes", "1.6.0")
            let report = try await start.update()
            #expect(try start.packages() == ["charts 1.1.0", "notes 1.6.0", "palette 0.3.1"])
            let warning = try #require(report.diagnostics.first { $0.id == "update.yanked" })
            #expect(warning.severity == .warning && warning.message.contains("charts 1.1.0"), "\(warning)")
            // Where another fits, it is left; and nobody who hasn't locked it gets it.
            try start.depend("charts = \"^1\"\nnotes = \"^1\"")
            let left = try await start.update()
            #expect(try start.packages() == ["charts 1.0.0", "notes 1.6.0", "palette 0.3.1"])
            #expect(!left.diagnostics.contains { $0.id == "update.yanked" })
            try start.depend("charts = \"^1.1\"\nnotes = \"^1\"")
            let refused = await start.world.failure { try await start.update() }
            #expect(refused.map(\.id) == ["resolve.unsatisfiable"])
        }
    }

    @Test func `a precise version is taken though it be older or yanked, and refused outside of the range`()
        async throws
    {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            _ = try await start.update()
            let report = try await start.update("charts", precise: "1.0.0")
            #expect(report.changes.map(\.action) == ["downgraded"])
            #expect(try start.packages().contains("charts 1.0.0"))
            // What is locked stays.
            #expect(try await start.world.build().lockChanges.allSatisfy { !$0.contains("package") })
            try start.registry.yank("charts", "1.1.0")
            _ = try await start.update("charts", precise: "1.1.0")
            #expect(try start.packages().contains("charts 1.1.0"))

            let outside = await start.world.failure { try await start.update("charts", precise: "2.0.0") }
            #expect(outside.map(\.id) == ["update.precise"] && outside[0].fault == .build)
            #expect("\(outside)".contains("^1") && "\(outside)".contains("you ask for 2.0.0"), "\(outside)")
            let missing = await start.world.failure { try await start.update("charts", precise: "1.9.0") }
            #expect(missing.map(\.id) == ["resolve.no-version"] && "\(missing)".contains("2.0.0, 1.2.0-rc.1, 1.1.0"))
            #expect(missing[0].fault == .build)
            let transitive = await start.world.failure { try await start.update("palette", precise: "0.4.0") }
            #expect(transitive.map(\.id) == ["resolve.no-version"])
            for names in [[], ["charts", "notes"]] {
                let found = await start.world.failure {
                    try await start.world.workspace().update(names, precise: "1.0.0")
                }
                #expect(found.map(\.id) == ["update.precise"] && found[0].fault == .usage)
            }
            let text = await start.world.failure { try await start.update("charts", precise: "^1") }
            #expect(text.map(\.id) == ["update.precise"] && text[0].fault == .usage)
        }
    }

    @Test func `what a new version needs is added, and what none needs any more is removed`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            try start.registry.publish("ink", "1.0.0")
            try start.registry.publish("charts", "1.3.0", dependencies: ["ink": "*"])
            let report = try await start.update("charts")
            #expect(
                report.changes.map { "\($0.action) \($0.package)" } == [
                    "updated charts", "added ink", "removed palette",
                ])
            #expect(report.text.contains("removed  palette  0.3.0\n"), "\(report.text)")
        }
    }

    @Test func `the diff shows what changed in the files, and names those that are no text`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            var files = ProjectWorld.folder("notes", version: "1.6.0", "Never add a figure.")
            files["logo.png"] = "\u{0}PNG"
            files["scripts/collect.py"] = nil
            files["more.md"] = "one\ntwo"
            try start.registry.publish("notes", "1.6.0", files: files)
            let report = try await start.update("notes", diff: true)
            let diffs = try #require(report.changes.first?.files)
            #expect(
                diffs.map { "\($0.action) \($0.path)" } == [
                    "changed SKILL.md", "added logo.png", "added more.md", "removed scripts/collect.py",
                    "changed skvm.toml",
                ])
            #expect(
                diffs[0].lines.contains("-- Never change a figure.")
                    && diffs[0].lines.contains("+- Never add a figure."))
            #expect(diffs[1].note == "binary" && diffs[1].lines.isEmpty)
            #expect(diffs[2].lines == ["@@ -0,0 +1,2 @@", "+one", "+two", "\\ no newline at the end"])
            #expect(report.text.contains("--- notes/SKILL.md 1.0.0\n+++ notes/SKILL.md 1.6.0\n@@ -"), "\(report.text)")
            #expect(try await start.update("charts").changes.first?.files == nil)
        }
    }

    // MARK: Git

    private func repository(_ root: String) async throws -> RemoteRepository {
        let remote = try await RemoteRepository(at: root + "/r.git")
        try await remote.commit(["SKILL.md": .text(ProjectWorld.skill("notes"))], time: 1_600_000_000)
        return remote
    }

    @Test func `a branch moves to its head when it is asked to, and only then`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            let remote = try await repository(start.world.root)
            let first = try await remote.git("rev-parse", "main")
            try start.depend(
                "charts = \"^1\"\nhead = { git = \"\(remote.url)\", branch = \"main\" }\n"
                    + "pinned = { git = \"\(remote.url)\", rev = \"\(first)\" }")
            try await start.world.build()
            let second = try await remote.commit(
                ["SKILL.md": .text(ProjectWorld.skill("notes", "Never guess."))], time: 1_600_000_100)

            // Something else is solved: the branch stays where it was.
            _ = try await start.update("charts")
            #expect(try start.world.lock.contains(first) && !start.world.lock.contains(second))
            try start.depend(
                "head = { git = \"\(remote.url)\", branch = \"main\" }\n"
                    + "pinned = { git = \"\(remote.url)\", rev = \"\(first)\" }\nnotes = \"^1\"")
            try await start.world.build()
            #expect(try !start.world.lock.contains(second))

            let report = try await start.update()
            #expect(report.changes.map(\.package).contains("head") && !report.changes.map(\.package).contains("pinned"))
            #expect(try start.world.lock.contains(first) && start.world.lock.contains(second))
        }
    }

    // MARK: Cooldown

    private func tagged(_ root: String, ages: [(version: String, days: Int64)]) async throws -> RemoteRepository {
        let remote = try await RemoteRepository(at: root + "/tagged.git")
        let now = WallClock.now() / 1_000_000_000
        for (version, days) in ages {
            try await remote.commit(
                ["SKILL.md": .text(ProjectWorld.skill("notes", "This is \(version)."))], time: Int(now - days * 86_400))
            try await remote.tag("v" + version)
        }
        return remote
    }

    @Test func `a release younger than the cooldown is passed over until it is named exactly`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch, more: "[update]\ncooldown = \"7d\"\n")
            let remote = try await tagged(
                start.world.root, ages: [("1.0.0", 30), ("1.1.0", 20), ("1.2.0", 2), ("1.3.0", 0)])
            try start.depend("own = { git = \"\(remote.url)\", version = \"^1\" }")
            try await start.world.build()
            #expect(try start.packages() == ["own 1.1.0"])
            let report = try await start.update()
            #expect(report.changes.isEmpty && report.passedOver == [.init(package: "own", version: "1.3.0")])
            #expect(report.text.contains("passed over own 1.3.0: younger than 7d"))
            let outdated = try await start.world.workspace().outdated()
            #expect(outdated.packages.map { [$0.locked, $0.matching, $0.newest] } == [["1.1.0", "1.1.0", "1.3.0"]])

            _ = try await start.update("own", precise: "1.2.0")
            #expect(try start.packages() == ["own 1.2.0"])
            // It is locked now: nothing takes it back.
            #expect(try await start.update().changes.isEmpty)
            try await start.world.build()
            #expect(try start.packages() == ["own 1.2.0"])
        }
    }

    @Test func `what the cooldown passed over is the newest that the ranges accept`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch, more: "[update]\ncooldown = \"7d\"\n")
            let remote = try await tagged(
                start.world.root, ages: [("1.0.0", 30), ("1.1.0", 3), ("1.2.0", 2), ("2.0.0", 1)])
            try start.depend("own = { git = \"\(remote.url)\", version = \"^1\" }")
            try await start.world.build()
            #expect(try start.packages() == ["own 1.0.0"])
            #expect(try await start.update().passedOver == [.init(package: "own", version: "1.2.0")])
            let outdated = try await start.world.workspace().outdated()
            #expect(outdated.packages.map(\.passedOver) == ["1.2.0"])
            #expect(outdated.packages.map { [$0.matching, $0.newest] } == [["1.0.0", "2.0.0"]])
            #expect(outdated.text.hasSuffix("\npassed over own 1.2.0: younger than 7d"), "\(outdated.text)")

            // By the range of a package that needs it.
            try start.world.put(
                ProjectWorld.folder(
                    "outer", version: "1.0.0", dependencies: "own = { git = \"\(remote.url)\", version = \"~1.1\" }"),
                at: "outer")
            try start.depend("outer = { path = \"outer\" }")
            _ = try await start.update("own", precise: "1.1.0")
            #expect(try start.packages() == ["outer 1.0.0", "own 1.1.0"])
            #expect(try await start.update().passedOver == [])
            #expect(try await start.world.workspace().outdated().packages.map(\.passedOver) == [nil])
        }
    }

    @Test func `a range that only young releases satisfy says so, and an exact one is taken`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch, more: "[update]\ncooldown = \"36h\"\n")
            let remote = try await tagged(start.world.root, ages: [("1.0.0", 30), ("2.0.0", 1)])
            try start.depend("notes = { git = \"\(remote.url)\", version = \"^2\" }")
            let found = await start.world.failure { try await start.world.build() }
            #expect("\(found)".contains("younger than the cooldown"), "\(found)")
            // A wider range can't help, and what does is in the hint.
            #expect(found.first?.hint?.contains("notes = \"=2.0.0\"") == true, "\(found)")
            try start.depend("notes = { git = \"\(remote.url)\", version = \"=2.0.0\" }")
            try await start.world.build()
            #expect(try start.packages() == ["notes 2.0.0"])
        }
    }

    @Test func `add takes the newest release that is old enough`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch, more: "[update]\ncooldown = \"1w\"\n")
            let remote = try await tagged(start.world.root, ages: [("1.0.0", 30), ("2.0.0", 1)])
            try start.depend("charts = \"^1\"")
            let report = try await start.world.workspace().add([remote.url], registry: nil, install: false)
            let manifest = try start.world.manifest
            #expect(report.ok && manifest.contains("version = \"^1.0.0\""), "\(manifest)")
        }
    }
}

/// The text of a difference.
struct TextDiffTests {
    private func hunks(_ old: String, _ new: String) -> [String] {
        TextDiff.hunks(from: Array(old.utf8), to: Array(new.utf8))
    }

    @Test func `equal texts differ in nothing`() {
        #expect(hunks("", "") == [] && hunks("a\nb\n", "a\nb\n") == [])
    }

    @Test func `a missing last line end is a difference`() {
        #expect(hunks("a\n", "a") == ["@@ -1,1 +1,1 @@", "-a", "+a", "\\ no newline at the end"])
    }

    @Test func `changes far from one another are hunks of their own`() {
        let old = (1...30).map { "\($0)\n" }
        var new = old
        new[4] = "five\n"
        new[24] = "twenty-five\n"
        let lines = hunks(old.joined(), new.joined())
        #expect(lines.filter { $0.hasPrefix("@@") } == ["@@ -2,7 +2,7 @@", "@@ -22,7 +22,7 @@"])
    }

    @Test func `applied to the old text it gives the new, whatever the two are`() throws {
        var state: UInt64 = 7
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<300 {
            let old = (0..<random(40)).map { _ in "\(random(6))\n" }
            let new = (0..<random(40)).map { _ in "\(random(6))\n" }
            #expect(try apply(hunks(old.joined(), new.joined()), to: old) == new)
        }
        let old = (0..<2000).map { "\($0)\n" }
        let new = (0..<2000).map { "x\($0)\n" }
        #expect(try apply(hunks(old.joined(), new.joined()), to: old) == new)
    }

    private func apply(_ hunks: [String], to old: [String]) throws -> [String] {
        var result: [String] = []
        var place = 0
        for line in hunks {
            if line.hasPrefix("@@") {
                let first = try #require(
                    line.split(separator: " ")[1].dropFirst().split(separator: ",").first.flatMap { Int($0) })
                let count = try #require(line.split(separator: " ")[1].split(separator: ",").last.flatMap { Int($0) })
                let start = count == 0 ? first : first - 1
                result += old[place..<start]
                place = start
            } else if line.hasPrefix("+") {
                result.append(line.dropFirst() + "\n")
            } else {
                #expect(old[place] == line.dropFirst() + "\n")
                if line.hasPrefix(" ") { result.append(old[place]) }
                place += 1
            }
        }
        return result + old[place...]
    }
}
