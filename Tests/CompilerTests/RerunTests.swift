import Basics
import BuildEngine
import Compiler
import ContentStore
import Passes
import SkillModel
import TestSupport
import Testing

/// What must rerun, and nothing else: each row of the design's list, at the level of one skill.
struct RerunTests {
    @Test func `the first build runs every pass and the second none`() throws {
        try withScratch { scratch in
            let world = try SkillWorld(scratch)
            let first = try world.build()
            #expect(first.ran == (SkillWorld.free + SkillWorld.perTarget("small")).sorted())
            #expect(first.variants.allSatisfy { $0.tree != nil && $0.diagnostics.isEmpty })
            let second = try world.build()
            #expect(second.ran == [])
            #expect(second.cached == PassID.allCases.count)
            #expect(second.variants.map(\.tree) == first.variants.map(\.tree))
        }
    }

    @Test func `a new line of text is parsed, and what does not depend on it stays`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            let before = try world.build()
            try world.edit("SKILL.md", "shorter than 200 words", "shorter than 300 words")
            let build = try world.build()
            // What only reads the document runs; what it puts out is as before, so bind and gap do not.
            #expect(build.passes.isSuperset(of: ["parse", "require", "depend", "flow", "solidify", "link", "guard"]))
            #expect(!build.passes.contains("bind"))
            #expect(build.analysis.dependencies.blob == before.analysis.dependencies.blob)
            #expect(build.variants[0].tree != before.variants[0].tree)
            try world.expectNothingToDo()
        }
    }

    @Test func `a data file that no pass reads is parsed, linked and guarded`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            let before = try world.build()
            world.files["assets/names.csv"] = "c,d\n"
            let build = try world.build()
            #expect(build.ran == ["guard small", "link small", "parse"])
            #expect(build.analysis.document.blob == before.analysis.document.blob)
            #expect(build.variants[0].tree != before.variants[0].tree)
            try world.expectNothingToDo()
        }
    }

    @Test func `an execute bit is a change of the skill`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            try world.build()
            world.files["scripts/collect"] = world.files.removeValue(forKey: "scripts/collect.py")
            #expect(try world.build().passes.contains("parse"))
            try world.expectNothingToDo()
        }
    }

    @Test func `a level below the requirement makes a gap, and what closes it runs`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            let first = try world.build()
            #expect(try required(first).contains(.toolExec))
            world.targets[0].levels[.toolExec] = .l1
            let build = try world.build()
            #expect(build.ran == ["gap small", "guard small", "link small", "lower small", "schedule small"])
            #expect(build.variants[0].tree != first.variants[0].tree)
            try world.expectNothingToDo()
        }
    }

    @Test func `a level that only another way takes reruns gap, and nothing after it where there is no gap`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            let build = try world.build()
            let required = try required(build)
            let named = GapPass.named(by: try build.analysis.requirements.value())
            let other = try #require(named.first { !required.contains($0) })
            world.targets[0].levels[other] = .l0
            #expect(try world.build().ran == ["gap small"])
            try world.expectNothingToDo()
        }
    }

    @Test func `a level of a primitive that the skill does not name reruns nothing`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            let named = GapPass.named(by: try world.build().analysis.requirements.value())
            let others = Primitive.allCases.filter { !named.contains($0) }
            #expect(!others.isEmpty)
            for primitive in others { world.targets[0].levels[primitive] = .l0 }
            try world.expectNothingToDo()
            for primitive in others { world.targets[0].levels[primitive] = nil }
            try world.expectNothingToDo()
        }
    }

    @Test func `a level that moves above the requirement runs gap alone`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            let analysis = try world.build().analysis
            let low = try #require(try analysis.requirements.value().requirements.first { $0.level == .l1 })
            world.targets[0].levels[low.primitive] = .l2
            #expect(try world.build().ran == ["gap small"])
            try world.expectNothingToDo()
        }
    }

    /// What the compiler itself writes for steps that run together takes more than the skill may demand.
    @Test func `a level that running together takes reruns schedule where something may, and nothing where not`() throws
    {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            world.targets[0].support.batchedCalls = true
            let alone = try world.build()
            #expect(try alone.analysis.workflow.value().parallel.isEmpty)
            let named = GapPass.named(by: try alone.analysis.requirements.value())
            #expect(!named.contains(.toolCallBatch))
            world.targets[0].levels[.toolCallBatch] = .l0
            try world.expectNothingToDo()

            world.targets[0].levels[.toolCallBatch] = .l3
            try world.edit(
                "SKILL.md", "2. Read `out/figures.csv` and check that every row has a date.",
                "2. For each file in `out/`, independently of the others, check with `wc -l` that it is not empty.")
            let able = try world.build()
            #expect(try !able.analysis.workflow.value().parallel.isEmpty)
            #expect(!GapPass.named(by: try able.analysis.requirements.value()).contains(.toolCallBatch))
            world.targets[0].levels[.toolCallBatch] = .l0
            let unable = try world.build()
            #expect(unable.ran == ["guard small", "link small", "schedule small"])
            #expect(unable.variants[0].tree != able.variants[0].tree)
            try world.expectNothingToDo()
            world.targets[0].levels[.toolCallBatch] = .l3
            #expect(try world.build().variants[0].tree == able.variants[0].tree)
        }
    }

    @Test func `a level that nobody measured is not L0`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            try world.build()
            world.targets[0].levels[.toolExec] = nil
            let unmeasured = try world.build()
            #expect(unmeasured.passes.contains("gap"))
            world.targets[0].levels[.toolExec] = .l0
            let zero = try world.build()
            #expect(zero.passes.contains("lower"))
            #expect(zero.variants[0].tree != unmeasured.variants[0].tree)
            try world.expectNothingToDo()
        }
    }

    @Test func `another environment runs bind, link and guard`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            try world.build()
            world.targets[0].environment.tools["python3"] = "3.11.2"
            #expect(try world.build().ran == ["bind small", "guard small", "link small"])
            try world.expectNothingToDo()
        }
    }

    @Test func `another name of the same environment runs nothing`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            try world.build()
            world.targets[0].environment.name = "another-box"
            try world.expectNothingToDo()
        }
    }

    @Test func `what the harness supports is an input of lower and schedule`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            try world.build()
            world.targets[0].support.subAgents = true
            world.targets[0].support.batchedCalls = true
            let ran = try world.build().ran
            #expect(Set(ran).isSuperset(of: ["lower small", "schedule small"]))
            #expect(Set(ran).isSubset(of: ["lower small", "schedule small", "link small", "guard small"]))
            try world.expectNothingToDo()
        }
    }

    @Test(arguments: PassID.allCases)
    func `new code of one pass runs that pass, and nothing else while its output is the same`(pass: PassID) throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            let before = try world.build()
            world.implementations[pass] = Digest(of: "another implementation of \(pass)")
            let build = try world.build()
            #expect(build.ran == [pass.isTargetFree ? pass.rawValue : "\(pass.rawValue) small"])
            #expect(build.why.values.allSatisfy { $0 == [.implementation] })
            #expect(build.variants[0].tree == before.variants[0].tree)
            try world.expectNothingToDo()
        }
    }

    @Test func `going back to what was built before runs nothing`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            let first = try world.build()
            let text = world.files["SKILL.md"]
            try world.edit("SKILL.md", "Never change a figure.", "Never invent a figure.")
            #expect(try !world.build().ran.isEmpty)
            world.files["SKILL.md"] = text
            let back = try world.build()
            #expect(back.ran == [])
            #expect(back.variants.map(\.tree) == first.variants.map(\.tree))
        }
    }

    // MARK: Targets

    @Test func `a new target runs its own passes alone`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            try world.build()
            var other = SkillWorld.target("other")
            other.model = "example/other"
            other.levels = other.levels.mapValues { _ in .l1 }
            other.support.subAgents = true
            other.environment.tools = [:]
            world.targets.append(other)
            let build = try world.build()
            #expect(build.ran == SkillWorld.perTarget("other"))
            try world.expectNothingToDo()
        }
    }

    @Test func `two targets with the same facts share every action`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            world.targets.append(SkillWorld.target("twin"))
            let build = try world.build()
            #expect(build.ran == (SkillWorld.free + SkillWorld.perTarget("small")).sorted())
            #expect(build.cached == SkillWorld.perTarget("twin").count)
            #expect(build.variants[0].tree == build.variants[1].tree)
            try world.expectNothingToDo()
        }
    }

    @Test func `a renamed target runs nothing`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            try world.build()
            world.targets[0].name = "renamed"
            try world.expectNothingToDo()
        }
    }

    @Test func `a change for one target leaves the other alone`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            world.targets.append(SkillWorld.target("other"))
            world.targets[1].environment.tools["jq"] = "1.6"
            try world.build()
            world.targets[1].levels[.toolExec] = .l1
            let build = try world.build()
            #expect(!build.ran.isEmpty && build.ran.allSatisfy { $0.hasSuffix(" other") })
            try world.expectNothingToDo()
        }
    }

    private func required(_ build: SkillWorld.Build) throws -> Set<Primitive> {
        Set(try build.analysis.requirements.value().requirements.map(\.primitive))
    }
}
