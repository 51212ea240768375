import Basics
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// `outdated`, `tree`, `why` and `info`: what a project has, and why.
struct LookingTests {
    private struct Start {
        var world: ProjectWorld
        var registry: FolderRegistry

        init(_ scratch: String) throws {
            world = try ProjectWorld(scratch)
            registry = try FolderRegistry(world.root + "/registry")
            try registry.publish("ink", "1.0.0")
            try registry.publish("palette", "0.3.0", dependencies: ["ink": "1"])
            try registry.publish("charts", "1.0.0", dependencies: ["palette": "^0.3"])
            try registry.publish("slides", "1.0.0", dependencies: ["charts": "^1", "palette": "~0.3.0"])
            try depend("charts = \"^1\"\nslides = \"1.0\"")
        }

        func depend(_ lines: String, more: String = "") throws {
            try world.put([
                "skvm.toml":
                    "[dependencies]\n\(lines)\n\n[registries]\ndefault = \"../registry\"\n\n\(more)\n"
                    + (try world.putTarget("one"))
            ])
        }
    }

    @Test func `why a member is there is another member that needs it, also where they need each other`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld(scratch)
            for (name, other) in [("alpha", "beta"), ("beta", "alpha"), ("gamma", "")] {
                let dependencies = other.isEmpty ? "" : "\(other) = { path = \"../\(other)\" }"
                try world.put(
                    ProjectWorld.folder(name, version: "1.0.0", dependencies: dependencies), at: "skills/\(name)")
            }
            try world.put(["skvm.toml": "[workspace]\nmembers = [\"skills/*\"]\n\n" + world.putTarget("one")])
            for (name, other) in [("alpha", "beta"), ("beta", "alpha")] {
                let report = try await world.workspace().why(name)
                #expect(report.chains.map(\.from) == ["\(other) 1.0.0"], "\(report.text)")
                #expect(report.chains.first?.steps.map(\.package) == ["\(name) 1.0.0"], "\(report.text)")
            }
            #expect(try await world.workspace().why("gamma").text.contains("nothing depends on it"))
        }
    }

    // MARK: tree

    @Test func `the tree draws what was drawn before with a mark, and no branches`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            let expected = """
                skvm.toml (\(start.world.project))
                ├── charts 1.0.0
                │   └── palette 0.3.0
                │       └── ink 1.0.0
                └── slides 1.0.0
                    ├── charts 1.0.0 (*)
                    └── palette 0.3.0 (*)
                """
            // Without a lock, too; nothing is written.
            #expect(try await start.world.workspace().tree().text == expected)
            #expect(!start.world.exists("skvm.lock"))
            try await start.world.build()
            #expect(try await start.world.workspace().tree().text == expected)
            #expect(
                try await start.world.workspace().tree(depth: 1).text
                    == "skvm.toml (\(start.world.project))\n├── charts 1.0.0\n└── slides 1.0.0")
        }
    }

    @Test func `inverted it draws what leads to a package`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            try await start.world.build()
            #expect(
                try await start.world.workspace().tree(invert: "palette").text == """
                    palette 0.3.0
                    ├── charts 1.0.0
                    │   ├── slides 1.0.0
                    │   │   └── skvm.toml (\(start.world.project))
                    │   └── skvm.toml (\(start.world.project))
                    └── slides 1.0.0 (*)
                    """)
            let found = await start.world.failure { try await start.world.workspace().tree(invert: "palete") }
            #expect(found.map(\.id) == ["tree.unknown"] && found[0].hint == "did you mean 'palette'?")
        }
    }

    @Test func `the tree needs neither network nor cache when there is a lock`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            try await start.world.build()
            let text = try await start.world.workspace().tree().text
            for path in ["/cache", "/registry"] { try FileSystem.removeTree(start.world.root + path) }
            #expect(try await start.world.workspace { $0.offline = true }.tree().text == text)
            #expect(try await start.world.workspace { $0.offline = true }.why("ink").chains.count == 2)
        }
    }

    @Test func `sources other than the default registry are shown, and members are roots`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            try start.world.put(
                ProjectWorld.folder("own", version: "0.1.0", dependencies: "ink = \"*\""), at: "skills/own")
            try start.world.put(ProjectWorld.folder("beside"), at: "../beside")
            try start.depend("beside = { path = \"../beside\" }", more: "[workspace]\nmembers = [\"skills/*\"]\n")
            #expect(
                try await start.world.workspace().tree().text == """
                    skvm.toml (\(start.world.project))
                    └── beside 0.0.0 (path+../beside)

                    own 0.1.0 (workspace+skills/own)
                    └── ink 1.0.0
                    """)
        }
    }

    @Test func `duplicates are packages of one name or of the same files`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            #expect(try await start.world.workspace().tree(duplicates: true).text == "")
            try start.world.put(ProjectWorld.folder("own"), at: "a")
            try start.world.put(ProjectWorld.folder("own"), at: "b")
            try start.depend("one = { path = \"a\" }\ntwo = { path = \"b\" }")
            #expect(
                try await start.world.workspace().tree(duplicates: true).roots.compactMap(\.package) == [
                    "one 0.0.0", "two 0.0.0",
                ])
        }
    }

    // MARK: why

    @Test func `why gives the shortest chains with the requirement at each step`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            try await start.world.build()
            let palette = try await start.world.workspace().why("palette")
            #expect(
                palette.text == """
                    palette 0.3.0
                      skvm.toml
                        └ charts 1.0.0, required as ^1
                          └ palette 0.3.0, required as ^0.3
                      skvm.toml
                        └ slides 1.0.0, required as ^1.0
                          └ palette 0.3.0, required as ~0.3.0
                    """)
            let direct = try await start.world.workspace().why("charts")
            #expect(direct.chains.map { $0.steps.map(\.package) } == [["charts 1.0.0"]])
            let found = await start.world.failure { try await start.world.workspace().why("chart") }
            #expect(found.map(\.id) == ["why.unknown"] && found[0].fault == .usage)
        }
    }

    @Test func `many ways to one package are bounded`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld(scratch)
            let registry = try FolderRegistry(world.root + "/registry")
            try registry.publish("z", "1.0.0")
            var below = ["z"]
            for layer in ["e", "d", "c", "b", "a"] {
                let names = (1...4).map { "\(layer)\($0)" }
                for name in names {
                    try registry.publish(
                        name, "1.0.0",
                        dependencies: Dictionary(below.map { ($0, "*") }, uniquingKeysWith: { first, _ in first }))
                }
                below = names
            }
            let lines = below.map { "\($0) = \"*\"" }.joined(separator: "\n")
            try world.put([
                "skvm.toml": "[dependencies]\n\(lines)\n\n[registries]\ndefault = \"../registry\"\n"
            ])
            let report = try await world.workspace().why("z")
            #expect(report.chains.count == WhyReport.greatestCount && report.more)
            #expect(report.chains.allSatisfy { $0.steps.count == 6 && $0.steps.last?.required == "*" })
            #expect(try await world.workspace().tree().text.split(separator: "\n").count < 100)
        }
    }

    // MARK: outdated

    @Test func `outdated says what fits and what there is, and counts no prereleases unless asked`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            try await start.world.build()
            #expect(try await start.world.workspace().outdated().text == "everything is up to date")
            try start.registry.publish("charts", "1.4.0")
            try start.registry.publish("charts", "3.0.0")
            try start.registry.publish("charts", "4.0.0-rc.1")
            try start.registry.publish("palette", "0.3.5", yanked: true)
            try start.registry.publish("palette", "0.4.0")
            let lock = try start.world.lock
            let report = try await start.world.workspace().outdated()
            #expect(
                report.text == """
                    package  locked  matching  newest  required
                    charts   1.0.0   1.4.0     3.0.0   ^1
                    palette  0.3.0   0.3.0     0.4.0   ^0.3; ~0.3.0
                    """)
            #expect(report.packages.map(\.package) == ["charts", "ink", "palette", "slides"])
            let all = try await start.world.workspace().outdated(prereleases: true)
            #expect(all.packages[0].newest == "4.0.0-rc.1" && all.packages[0].matching == "1.4.0")
            #expect(try start.world.lock == lock)
            try start.registry.yank("charts", "1.0.0")
            #expect(try await start.world.workspace().outdated().text.contains("charts   1.0.0 (yanked)"))
        }
    }

    // MARK: info

    @Test func `info tells what the registry, the lock and the folders have`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            try start.registry.publish("charts", "0.9.0", yanked: true)
            try await start.world.install()
            try start.registry.publish("charts", "1.1.0", dependencies: ["ink": ">=1"])
            let locked = try await start.world.workspace().info("charts")
            #expect(locked.selected == "1.0.0" && locked.locked == "1.0.0" && locked.targets.map(\.target) == ["one"])
            #expect(locked.installed == [start.world.project + "/.agents/skills/charts"])
            #expect(locked.versions.map(\.version) == ["1.1.0", "1.0.0", "0.9.0"])
            #expect(locked.versions.map(\.yanked) == [false, false, true])
            #expect(locked.dependencies == [.init(package: "palette", required: "^0.3")])
            let other = try await start.world.workspace().info("charts@1.1.0")
            #expect(other.dependencies == [.init(package: "ink", required: ">=1")] && other.targets.isEmpty)
            #expect(other.locked == "1.0.0")
            let missing = await start.world.failure { try await start.world.workspace().info("charts@7.0.0") }
            #expect(missing.map(\.id) == ["info.no-version"] && missing[0].fault == .build)
            let unknown = await start.world.failure { try await start.world.workspace().info("commit-message") }
            #expect(unknown.map(\.id) == ["registry.unknown-package"])
            #expect(unknown[0].hint?.contains("--registry embedded") == true, "\(unknown)")
            #expect(try await start.world.workspace().info("commit-message", registry: "embedded").locked == nil)
        }
    }

    @Test func `info names the folders of the version that is installed alone`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            try await start.world.install()
            try start.registry.publish("charts", "1.1.0", dependencies: ["palette": "^0.3"])
            #expect(try await start.world.workspace().info("charts").installed.count == 1)
            let other = try await start.world.workspace().info("charts@1.1.0")
            #expect(other.installed == [] && other.locked == "1.0.0")
        }
    }
}
