import Basics
import BuildEngine
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// Builds after files of skills were edited, which look at these skills alone.
struct EditedTests {
    /// Older than a tick of the kernel's clock.
    private func settle() async throws { try await Task.sleep(for: .milliseconds(50)) }

    private func memo(_ world: ProjectWorld) -> String {
        world.workspace().memory(of: world.project) + "/build.memo"
    }

    /// What the next build would say without looking at anything else than what differs.
    private func edited(_ world: ProjectWorld) async throws -> BuildReport? {
        let workspace = world.workspace()
        let configuration = workspace.memoConfiguration("build", ["--"], root: world.project)
        let memory = workspace.recall(memo(world), configuration, in: world.project)
        guard case .partial(let changes) = memory else { return nil }
        return try await workspace.remembering(memory).edited(
            changes, memo(world), configuration, try workspace.project(), targets: [])
    }

    /// What the build says that looks at everything.
    private func whole(_ world: ProjectWorld) async throws -> BuildReport {
        try FileSystem.remove(memo(world))
        return try await world.build()
    }

    private static func world(_ scratch: String) async throws -> ProjectWorld {
        let world = try ProjectWorld.workspace(scratch)
        try world.put(ProjectWorld.folder("gamma", version: "1.2.0"), at: "skills/gamma")
        try world.edit("skills/beta/SKILL.md", "Never change", "See [more](more.md). Never change")
        #expect(try await world.build().ok)
        try await Task.sleep(for: .milliseconds(50))
        return world
    }

    @Test func `say what the build says that looks at everything`() async throws {
        try await withScratch { scratch in
            let world = try await Self.world(scratch)
            // Its folder has another name, of which it is warned: between others' results, whatever these become.
            try world.put(ProjectWorld.folder("charlie"), at: "skills/aside")
            #expect(try await !world.build().diagnostics.isEmpty)
            try await settle()
            let edits: [(files: [(String, String, String)], changed: Set<String>)] = [
                ([("alpha/SKILL.md", "Never change", "Never, ever change")], ["alpha"]),
                ([("alpha/SKILL.md", "Never, ever", "See [less](less.md). Never")], ["alpha"]),
                (
                    [("beta/SKILL.md", "See [more](more.md). ", ""), ("gamma/SKILL.md", "200", "100")],
                    ["beta", "gamma"]
                ),
                ([("aside/SKILL.md", "200", "150")], ["charlie"]),
                ([("gamma/scripts/collect.py", "csv.reader", "csv.writer")], ["gamma"]),
                ([("alpha/SKILL.md", "See [less](less.md). ", ""), ("alpha/SKILL.md", "Write", "Print")], ["alpha"]),
            ]
            for edit in edits {
                for (file, old, new) in edit.files { try world.edit("skills/" + file, old, new) }
                try await settle()
                let report = try #require(try await edited(world))
                let lock = try world.lock
                #expect(report.ok && Set(report.ran.map(\.package)) == edit.changed)
                #expect(report.lockChanges.count == 2 * edit.changed.count)
                for variant in report.variants {
                    let text = try FileSystem.readText(try #require(variant.path) + "/SKILL.md")
                    #expect(!text.isEmpty)
                }
                try await settle()
                let remembered = try await world.build { $0.brief = false }
                let full = try await whole(world)
                #expect(full.variants == report.variants && full.diagnostics == report.diagnostics)
                #expect(full.cached == report.cached + report.ran.count && full.ran.isEmpty)
                #expect(remembered == full)
                #expect(full.lockChanges == [])
                #expect(try world.lock == lock)
                try await settle()
            }
            try await world.expectNothingToDo()
        }
    }

    @Test func `one right after another are each built, and touched ones between them`() async throws {
        try await withScratch { scratch in
            let world = try await Self.world(scratch)
            for number in 0..<4 {
                let skill = number % 2 == 0 ? "alpha" : "gamma"
                try world.edit("skills/\(skill)/SKILL.md", "200", "2\(number)00")
                // What the last build wrote may be as young as its memo: it is known by other marks.
                #expect(Set(try await world.build().ran.map(\.package)) == [skill])
                try world.edit("skills/\(skill)/SKILL.md", "2\(number)00", "200")
                #expect(Set(try await world.build().variants.map(\.package)) == ["alpha", "beta", "gamma"])
                try await world.expectNothingToDo()
            }
            let lock = try world.lock
            try FileSystem.removeTree(world.project + "/.skvm")
            try FileSystem.removeTree(world.root + "/cache")
            try await world.build()
            #expect(try world.lock == lock)
        }
    }

    @Test func `with a fault say so, leave the lock alone, and are built once it is mended`() async throws {
        try await withScratch { scratch in
            let world = try await Self.world(scratch)
            let lock = try world.lock
            let text = try FileSystem.readText(world.project + "/skills/alpha/SKILL.md")
            try world.put(["skills/alpha/SKILL.md": "no front matter\n"])
            try await settle()
            let report = try await world.build()
            #expect(!report.ok && Set(report.variants.map(\.package)) == ["beta", "gamma"])
            #expect(report.variants.allSatisfy { $0.path == nil })
            let again = try await whole(world)
            #expect(again.diagnostics == report.diagnostics && again.variants == report.variants)
            #expect(try world.lock == lock)
            try world.put(["skills/alpha/SKILL.md": text])
            try await settle()
            #expect(try await world.build().ok)
            #expect(try world.lock == lock)
            try await world.expectNothingToDo()
        }
    }

    @Test(arguments: [
        "new file", "file gone", "name", "package", "profile", "member's profile", "lock", "other lock", "variant",
    ])
    func `are built whole when they may change more than one skill`(_ change: String) async throws {
        try await withScratch { scratch in
            let world = try await Self.world(scratch)
            if change == "member's profile" {
                let text = try world.manifest.replacing("profiles/one.toml", with: "skills/alpha/one.toml")
                try world.put([
                    "skvm.toml": text,
                    "skills/alpha/one.toml": try FileSystem.readText(world.project + "/profiles/one.toml"),
                ])
                #expect(try await world.build().ok)
                try await settle()
            }
            try world.edit("skills/beta/SKILL.md", "200", "300")
            switch change {
            case "new file": try world.put(["new.md": "x"], at: "skills/beta")
            case "file gone": try FileSystem.remove(world.project + "/skills/beta/scripts/collect.py")
            case "name": try world.edit("skills/alpha/SKILL.md", "name: alpha", "name: delta")
            case "package": try world.edit("skills/gamma/skvm.toml", "1.2.0", "1.3.0")
            case "profile": try world.edit("profiles/one.toml", "level = \"L3\"", "level = \"L2\"")
            case "member's profile": try world.edit("skills/alpha/one.toml", "level = \"L3\"", "level = \"L2\"")
            case "lock": try FileSystem.write(Array("\(try world.lock)\n".utf8), to: world.project + "/skvm.lock")
            case "other lock": try FileSystem.remove(world.project + "/skvm.lock")
            default: try FileSystem.removeTree(world.project + "/.skvm/variants/one/gamma")
            }
            try await settle()
            let before = try? world.lock
            #expect(try await edited(world) == nil)
            #expect((try? world.lock) == before)
            let report = try await world.build()
            #expect(report.variants.count == 6 && world.exists(".skvm/variants/one/gamma/SKILL.md"))
            let lock = try world.lock
            try FileSystem.remove(world.project + "/skvm.lock")
            try FileSystem.removeTree(world.root + "/cache")
            try await world.build()
            #expect(try world.lock == lock)
        }
    }

    @Test func `whose variant the cache has lost are compiled again`() async throws {
        try await withScratch { scratch in
            let world = try await Self.world(scratch)
            try world.edit("skills/alpha/SKILL.md", "200", "300")
            try await world.build()
            try world.edit("skills/alpha/SKILL.md", "300", "200")
            try await settle()
            // What compiled this text before is known, and its files are gone.
            for folder in try FileSystem.list(world.root + "/cache") where folder.hasPrefix("cas") {
                try FileSystem.removeTree(world.root + "/cache/" + folder)
            }
            let report = try await world.build()
            #expect(report.ok && report.variants.count == 6, "\(report.diagnostics)")
            let text = try FileSystem.readText(world.project + "/.skvm/variants/one/alpha/SKILL.md")
            #expect(text.contains("200 words"))
        }
    }

    @Test func `leave a memo that tells each package's diagnostics apart`() throws {
        var report = BuildReport(command: "build")
        func note(_ text: String) -> Diagnostic { Diagnostic("a.b", .warning, text) }
        for name in ["a", "b", "c"] {
            for target in ["one", "two"] {
                report.variants.append(
                    .init(package: name, version: "1.0.0", target: target, tree: Digest(of: name), path: "/\(name)"))
            }
        }
        report.diagnostics = ["first", "a1", "a2", "c1"].map(note)
        let last = RememberedBuild(report: report, lock: Digest(of: "lock"), counts: ["a": 2, "c": 1])
        #expect(try RememberedBuild(decoding: try last.encoded[...]) == last)
        #expect(last.replacing([:]) == last)
        let trees = ["one": Digest(of: "1"), "two": Digest(of: "2")]
        let next = try #require(
            last.replacing([
                "a": .init(diagnostics: [], trees: trees),
                "b": .init(diagnostics: [note("b1")], trees: ["one": trees["one"]!]),
            ]))
        #expect(next.report.diagnostics.map(\.message) == ["first", "b1", "c1"])
        #expect(next.counts == ["b": 1, "c": 1])
        #expect(next.report.variants.map(\.package) == ["a", "a", "b", "c", "c"])
        #expect(next.report.variants.map(\.tree).prefix(2) == [Digest(of: "1"), Digest(of: "2")])
        #expect(RememberedBuild(report: report, lock: Digest(of: ""), counts: ["x": 1]).replacing([:]) == nil)
        #expect(RememberedBuild(report: report, lock: Digest(of: ""), counts: nil).replacing([:]) == nil)
        #expect(RememberedBuild(report: report, lock: Digest(of: ""), counts: ["a": 9]).replacing([:]) == nil)
    }
}
