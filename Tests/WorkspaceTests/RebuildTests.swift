import Basics
import BuildEngine
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// What a project's build reruns after a change, what it says of it, and that nothing is left to do afterwards.
struct RebuildTests {
    @Test func `the first build runs everything, the second nothing, the third asks the memo alone`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            let first = try await world.build()
            #expect(first.ok, "\(first.diagnostics)")
            // Two skills of one text: what does not hold their names is shared.
            #expect(first.variants.count == 4)
            #expect(Set(first.ran.map(\.pass)).count == 11)
            try await world.expectNothingToDo()

            // Stamps of what the first build wrote must be older than a tick of the kernel's clock.
            try await Task.sleep(for: .milliseconds(50))
            let second = try await world.build()
            let workspace = world.workspace()
            let recalled = workspace.recall(
                workspace.memory(of: world.project) + "/build.memo",
                workspace.memoConfiguration("build", ["--"], root: world.project),
                in: world.project)
            guard case .whole(let report) = recalled else {
                Issue.record("the memo does not hold: \(recalled)")
                return
            }
            #expect(report == second)
        }
    }

    @Test func `one edit after another is built, each alone`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            try await world.build()
            for (skill, sentence) in [("alpha", "a"), ("beta", "b"), ("beta", "c"), ("alpha", "d")] {
                // What the last build saw must be older than a tick of the kernel's clock to stand without another look.
                try await Task.sleep(for: .milliseconds(50))
                let text = ProjectWorld.skill(skill, "Never write \(sentence).")
                try world.put(["SKILL.md": text], at: "skills/\(skill)")
                #expect(Set(try await world.build().ran.map(\.package)) == [skill])
            }
            try await Task.sleep(for: .milliseconds(50))
            try world.put(["extra.md": "x"], at: "skills/alpha/deep/down")
            #expect(Set(try await world.build().ran.map(\.package)) == ["alpha"])
            let lock = try world.lock
            try FileSystem.removeTree(world.project + "/.skvm")
            try await world.build()
            #expect(try world.lock == lock)
        }
    }

    @Test func `a skill that another command saw since the last build is looked at`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            try await world.build()
            try await Task.sleep(for: .milliseconds(50))
            try world.put(ProjectWorld.folder("gamma"), at: "skills/gamma")
            _ = try await world.install()
            try await Task.sleep(for: .milliseconds(50))
            // The build's memo says that a member was added, and has never watched its files.
            try world.put(["SKILL.md": ProjectWorld.skill("gamma", "Never write g.")], at: "skills/gamma")
            let report = try await world.build()
            #expect(report.ran.contains { $0.package == "gamma" && $0.pass == "parse" })
            let text = try FileSystem.readText(world.project + "/.skvm/variants/one/gamma/SKILL.md")
            #expect(text.contains("Never write g."))
        }
    }

    @Test func `touched files rerun nothing`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            try await world.build()
            for file in ["skills/alpha/SKILL.md", "profiles/one.toml", "skvm.toml"] {
                let path = world.project + "/" + file
                try FileSystem.write(try FileSystem.read(path), to: path)
            }
            try await world.expectNothingToDo()
        }
    }

    @Test func `an edited line compiles its skill again and no other`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            try await world.build()
            try world.edit("skills/alpha/SKILL.md", "200 words", "300 words")
            let report = try await world.build()
            #expect(Set(report.ran.map(\.package)) == ["alpha"])
            #expect(Set(report.ran.map(\.pass)).isSuperset(of: ["parse", "link", "guard"]))
            #expect(!report.ran.contains { $0.pass == "bind" })
            let parse = try #require(report.ran.first { $0.pass == "parse" })
            #expect(parse.why.contains("SKILL.md"))
            #expect(parse.target == nil)
            #expect(report.lockChanges.count == 2)
            try await world.expectNothingToDo()
        }
    }

    @Test func `a level in a profile that the skill names reaches its targets alone`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            try await world.build()
            try world.edit(
                "profiles/one.toml", "[primitives.\"tool.exec\"]\nlevel = \"L3\"",
                "[primitives.\"tool.exec\"]\nlevel = \"L1\"")
            let report = try await world.build()
            #expect(Set(report.ran.map(\.pass)) == ["gap", "lower", "schedule", "link", "guard"])
            #expect(Set(report.ran.compactMap(\.target)) == ["one"])
            #expect(report.ran.allSatisfy { $0.why.contains("tool.exec") }, "\(report.ran.map(\.why))")
            #expect(report.ran.contains { $0.pass == "gap" && $0.why.contains("L3 → L1") })
            try await world.expectNothingToDo()

            let explained = try world.workspace().explain(["alpha"], target: "one").text
            #expect(explained.contains("level of tool.exec went L3 → L1"))
        }
    }

    @Test func `what a profile says of no level that a skill names reruns nothing`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            try await world.build()
            let before = try world.lock
            try world.edit("profiles/one.toml", "a test", "another source")
            let file = world.project + "/profiles/one.toml"
            let more = "\n[primitives.\"tool.browser\"]\nlevel = \"L0\"\ntrials = { L1 = [0, 3] }\n"
            try FileSystem.write(try FileSystem.read(file) + Array(more.utf8), to: file)
            #expect(try await world.build().ran == [])
            // The lock pins the profile, so it says the new one; the variants stay.
            let lines = try zip(before.split(separator: "\n"), world.lock.split(separator: "\n")).filter { $0 != $1 }
            #expect(lines.count == 1 && lines.allSatisfy { $0.0.hasPrefix("profile = ") })
            try await world.expectNothingToDo()
        }
    }

    @Test func `another environment runs bind, link and guard of its target`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            try await world.build()
            try world.edit("environments/two.toml", "jq = \"\"", "jq = \"\"\npython3 = \"3.11.2\"")
            let report = try await world.build()
            #expect(Set(report.ran.map(\.pass)) == ["bind", "link", "guard"])
            #expect(Set(report.ran.compactMap(\.target)) == ["two"])
            #expect(report.ran.contains { $0.pass == "bind" && $0.why.contains("environment") })
            try await world.expectNothingToDo()
            let text = try world.workspace().explain(["beta"], target: "two").text
            #expect(text.contains("changed (python3 3.11.2 is new)"), "\(text)")
        }
    }

    @Test func `a file that was added is a change of its skill, and so is one that is gone`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            try await world.build()
            try world.put(["skills/beta/notes.txt": "n\n"])
            let added = try await world.build()
            #expect(Set(added.ran.map(\.package)) == ["beta"])
            #expect(added.ran.contains { $0.why.contains("notes.txt is new") })
            try await world.expectNothingToDo()
            try FileSystem.remove(world.project + "/skills/beta/notes.txt")
            // It is what was built first: the cache has all of it.
            #expect(try await world.build().ran == [])
            try await world.expectNothingToDo()
        }
    }

    @Test func `a harness is what the lock pins until the lock lets it go`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld(scratch)
            let registry = try FolderRegistry(world.root + "/registry")
            func harness(_ batched: Bool) throws {
                let text =
                    "version = 1\nname = \"ours\"\ntitle = \"Ours\"\n[skills]\nproject = \".ours/skills\"\n"
                    + "source = \"a test\"\n[supports]\nbatched-calls = \(batched)\nsub-agents = \(batched)\n"
                try write(["harnesses/ours.toml": text], in: registry.path)
            }
            try harness(false)
            try world.put(ProjectWorld.folder("alpha"), at: "skills/alpha")
            let target = try world.putTarget("one", harness: "ours")
            try world.put([
                "skvm.toml":
                    "[registries]\ndefault = \"../registry\"\n\n[workspace]\nmembers = [\"skills/*\"]\n\n" + target
            ])
            #expect(try await world.build().ok)
            try harness(true)
            try await world.expectNothingToDo()
            try FileSystem.remove(world.project + "/skvm.lock")
            let passes = Set(try await world.build().ran.map(\.pass))
            #expect(passes.isSuperset(of: ["lower", "schedule"]))
            #expect(passes.isSubset(of: ["lower", "schedule", "link", "guard"]))
            try await world.expectNothingToDo()
        }
    }

    @Test func `a new target runs its own passes, and no one else's`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            try await world.build()
            let target = try world.putTarget("three", levels: ["tool.exec": "L0"], tools: [])
            try world.put(["skvm.toml": try world.manifest + target])
            let report = try await world.build()
            #expect(!report.ran.isEmpty && report.ran.allSatisfy { $0.target == "three" })
            #expect(report.variants.count == 6)
            try await world.expectNothingToDo()
        }
    }

    @Test func `a build of one package and one target leaves the others' pins in the lock`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            try await world.build()
            let before = try Lockfile(parsing: Array(try world.lock.utf8))
            try world.edit("skills/alpha/SKILL.md", "200 words", "300 words")
            let report = try await world.workspace().build(packages: ["alpha"], targets: ["one"])
            #expect(report.variants.map(\.target) == ["one"])
            let after = try Lockfile(parsing: Array(try world.lock.utf8))
            #expect(after.variants.count == 4 && after.targets.count == 2)
            #expect(zip(before.variants, after.variants).filter { $0 != $1 }.count == 1)
        }
    }

    @Test func `a skill with a fault fails the build, and the others' results are kept`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            try world.put(["skills/beta/SKILL.md": "no front matter\n"])
            let report = try await world.build()
            #expect(!report.ok)
            #expect(report.diagnostics.contains { $0.location?.file == "skills/beta/SKILL.md" })
            #expect(!world.exists("skvm.lock"))
            try world.put(ProjectWorld.folder("beta"), at: "skills/beta")
            let mended = try await world.build()
            #expect(mended.ok && Set(mended.ran.map(\.package)) == ["beta"])
            try await world.expectNothingToDo()
        }
    }

    @Test func `many threads give the same lock as one`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            for number in 0..<12 {
                try world.put(
                    ProjectWorld.folder("skill-\(number)", "Never use \(number)."), at: "skills/skill-\(number)")
            }
            try await world.build()
            let lock = try world.lock
            for place in ["skvm.lock", ".skvm"] { try FileSystem.removeTree(world.project + "/" + place) }
            try FileSystem.removeTree(world.root + "/cache")
            #expect(try await world.build { $0.jobs = 8 }.ok)
            #expect(try world.lock == lock)
        }
    }
}
