import Basics
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// Commands that edit the manifests of members, and ranges of members on one another.
@Suite struct `In a workspace` {
    struct Start {
        var world: ProjectWorld
        var registry: FolderRegistry
        let alpha: String

        init(_ scratch: String) throws {
            world = try ProjectWorld(scratch)
            registry = try FolderRegistry(world.root + "/registry")
            try registry.publish("charts", "1.2.0")
            try registry.publish("palette", "0.3.1")
            try world.put(ProjectWorld.folder("alpha", version: "1.0.0"), at: "skills/alpha")
            try world.put(ProjectWorld.folder("beta"), at: "skills/beta")
            try world.put([
                "skvm.toml":
                    "[workspace]\nmembers = [\"skills/*\"]\n[registries]\ndefault = \"../registry\"\n\n"
                    + world.putTarget("one")
            ])
            alpha = world.project + "/skills/alpha"
        }
    }

    @Test func `add and remove inside of a member change its manifest`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            let world = start.world
            let before = try world.manifest
            let inside = world.workspace(in: start.alpha + "/scripts")
            let report = try await inside.add(["charts"], registry: nil, install: false)
            #expect(report.ok && report.manifests == ["skills/alpha/skvm.toml"], "\(report.diagnostics)")
            let text = try FileSystem.readText(start.alpha + "/skvm.toml")
            #expect(text.hasSuffix("[dependencies]\ncharts = \"^1.2.0\"\n"), "\(text)")
            #expect(try world.manifest == before && world.lock.contains("charts 1.2.0"))
            // A folder is named from where the user stands, and written from where the manifest is.
            _ = try await world.workspace(in: start.alpha).add(["../beta"], registry: nil, install: false)
            #expect(try FileSystem.readText(start.alpha + "/skvm.toml").contains("beta = { path = \"../beta\" }"))

            let gone = try await world.workspace(in: start.alpha).remove(["charts", "beta"])
            #expect(try gone.ok && !world.lock.contains("charts"))
            #expect(
                await world.failure { try await inside.remove(["chart"]) }.first?.message
                    .contains("skills/alpha/skvm.toml") == true)
        }
    }

    @Test func `add by name changes those members, also one without a manifest, or none when it fails`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            let world = start.world
            let old = try FileSystem.readText(start.alpha + "/skvm.toml")
            for spec in [["charts", "nowhere"], ["charts@^9"]] {
                let found = await world.failure {
                    try await world.workspace().add(spec, to: ["*"], registry: nil, install: false)
                }
                #expect(!found.isEmpty && !world.exists("skills/beta/skvm.toml"))
                #expect(try FileSystem.readText(start.alpha + "/skvm.toml") == old)
            }
            let unknown = await world.failure {
                try await world.workspace().add(["charts"], to: ["alpa"], registry: nil, install: false)
            }
            #expect(unknown.first?.id == "package.unknown" && unknown.first?.hint == "did you mean 'alpha'?")

            let dry = try await world.workspace { $0.dryRun = true }
                .add(["charts"], to: ["*"], registry: nil, install: false)
            #expect(dry.lockChanges.contains { $0.contains("charts") }, "\(dry.lockChanges)")
            #expect(!world.exists("skills/beta/skvm.toml") && !world.exists("skvm.lock"))

            let report = try await world.workspace().add(["charts"], to: ["*a"], registry: nil, install: false)
            #expect(report.manifests == ["skills/alpha/skvm.toml", "skills/beta/skvm.toml"])
            #expect(try FileSystem.readText(world.project + "/skills/beta/skvm.toml").contains("charts"))
            #expect(
                try FileSystem.list(world.project + "/skills/beta").sorted() == ["SKILL.md", "scripts", "skvm.toml"])
            #expect(try await world.build().ok)
        }
    }

    @Test func `a registry that is named stands in the member's manifest, too`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            try start.world.edit("skvm.toml", "default = \"../registry\"", "corp = \"../registry\"")
            let report = try await start.world.workspace(in: start.alpha)
                .add(["charts"], registry: "corp", install: false)
            #expect(report.ok, "\(report.diagnostics)")
            let manifest = try Manifest(parsing: try FileSystem.read(start.alpha + "/skvm.toml"))
            #expect(manifest.registries["corp"]?.description == "../../../registry")
            #expect(try await start.world.build().ok)
        }
    }

    @Test func `a member's range on another must hold`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            let world = start.world
            func depend(_ range: String) throws {
                try world.put(
                    ProjectWorld.folder(
                        "alpha", version: "1.0.0", dependencies: "beta = { path = \"../beta\", version = \"\(range)\" }"
                    ),
                    at: "skills/alpha")
            }
            try depend("^1")
            let none = await world.failure { try await world.build() }
            #expect(none.first?.id == "package.no-version" && none.first?.location?.file == "skills/alpha/skvm.toml")
            try world.put(ProjectWorld.folder("beta", version: "2.0.0"), at: "skills/beta")
            let conflict = await world.failure { try await world.build() }
            #expect(conflict.first?.id == "resolve.unsatisfiable", "\(conflict)")
            let words = conflict.map(\.description).joined()
            #expect(words.contains("beta") && words.contains("^1"), "\(words)")
            try depend("^2")
            #expect(try await world.build().ok)
            #expect(try world.lock.contains("\"beta 2.0.0\""))
            try await world.expectNothingToDo()
            #expect(try await world.build { $0.locked = true }.ok)
            // The version moves out of the range: the lock no longer satisfies the manifests.
            try world.put(ProjectWorld.folder("beta", version: "3.0.0"), at: "skills/beta")
            #expect(await world.failure { try await world.build { $0.locked = true } }.first?.id == "lock.stale")
            #expect(await world.failure { try await world.build() }.first?.id == "resolve.unsatisfiable")
        }
    }

    @Test func `-p narrows what commands look at`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            let world = start.world
            try world.put(
                ProjectWorld.folder("alpha", version: "1.0.0", dependencies: "charts = \"1\""), at: "skills/alpha")
            try world.put(
                ProjectWorld.folder("beta", version: "1.0.0", dependencies: "palette = \"0.3\""), at: "skills/beta")
            _ = try await world.build()
            let (here, inside) = (world.workspace(), world.workspace(in: start.alpha))
            #expect(try await here.tree().roots.map(\.label).count == 2)
            #expect(try await inside.tree().roots.compactMap(\.package) == ["alpha 1.0.0"])
            #expect(try await inside.tree(packages: .all).roots.count == 2)
            #expect(try await here.tree(packages: ["beta"]).roots[0].children == ["palette 0.3.1"])
            #expect(try await here.outdated(packages: ["alpha"]).packages.map(\.package) == ["charts"])
            #expect(try await here.why("charts", packages: ["alpha"]).chains.count == 1)
            let no = try await here.why("charts", packages: ["beta"])
            #expect(no.chains.isEmpty && no.text.contains("beta 1.0.0 does not need it"))
            #expect(try await here.check([], packages: ["b*"]).skills == 1)
            #expect(try await inside.check([]).skills == 1)
            #expect(try await here.check([]).skills == 2)
            #expect(try inside.explain([], target: nil).package == "alpha")
            #expect(try here.explain(["beta"], target: nil).package == "beta")
            #expect(try await inside.diff([], target: nil).package == "alpha")
            #expect(try await Set(inside.graph(packages: [], target: nil).nodes.map(\.package)) == ["alpha"])
            #expect(try inside.skillFolder([]) == start.alpha)
            #expect(try here.skillFolder(["beta"]) == world.project + "/skills/beta")
            #expect(await world.failure { try here.skillFolder(["*"]) }.first?.id == "package.several")
            #expect(await world.failure { try here.skillFolder([]) }.first?.id == "package.none")
            let unknown = await world.failure { try await here.build(packages: ["alpah"]) }
            #expect(unknown.first?.id == "package.unknown" && unknown.first?.hint == "did you mean 'alpha'?")
            #expect(await world.failure { try await here.build(packages: ["x*"]) }.first?.id == "package.unknown")
        }
    }

    @Test func `install of one takes what it needs and removes nothing`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            let world = start.world
            try start.registry.publish("report", "1.0.0", dependencies: ["palette": "^0.3"])
            try world.edit("skvm.toml", "[registries]", "[dependencies]\ncharts = \"1\"\nreport = \"1\"\n[registries]")
            let report = try await world.workspace().install(packages: ["report"])
            #expect(report.ok, "\(report.diagnostics)")
            let skills = world.project + "/.agents/skills"
            #expect(try FileSystem.list(skills) == ["palette", "report"])
            _ = try await world.workspace().install(packages: ["charts"])
            #expect(try FileSystem.list(skills) == ["charts", "palette", "report"])
            #expect(try await world.workspace().verify(packages: ["report"]).installed == 1)
            let member = await world.failure { try await world.workspace().install(packages: ["alpha"]) }
            #expect(member.first?.id == "install.member" && member.first?.hint?.contains("./skills/alpha") == true)
            #expect(try await world.install().ok)
            #expect(try FileSystem.list(skills) == ["charts", "palette", "report"])
        }
    }
}
