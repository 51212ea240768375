import Basics
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// What a new user runs into: each test is a place where skvm once lied, crashed or lost something.
@Suite struct UserJourneyTests {
    private func workspace(_ root: String, _ change: (inout Flags) -> Void = { _ in }) -> Workspace {
        var flags = Flags()
        change(&flags)
        return Workspace(
            Settings(
                workingDirectory: root + "/project", cacheDirectory: root + "/cache", configDirectory: root + "/config",
                stateDirectory: root + "/state", environment: ["HOME": root], flags: flags))
    }

    /// A project with one target and one skill of its own.
    private func project(_ root: String, skill: String = "---\nname: own\ndescription: Does a thing.\n---\n\n# Own\n")
        throws
    {
        try FileSystem.makeDirectories(root + "/project/skills/own")
        try FileSystem.write(Array(skill.utf8), to: root + "/project/skills/own/SKILL.md")
        let manifest = """
            [dependencies]

            [targets.q]
            model = "qwen/qwen3.5-9b"
            harness = "openclaw"
            environment = "debian-12-x86_64"

            [workspace]
            members = ["skills/*"]

            """
        try FileSystem.write(Array(manifest.utf8), to: root + "/project/skvm.toml")
    }

    private func bytes(_ root: String, _ name: String) throws -> [UInt8] {
        try FileSystem.read("\(root)/project/\(name)")
    }

    @Test func `a removal that is refused leaves manifest, lock and every folder`() async throws {
        try await withScratch { root in
            try project(root)
            let workspace = workspace(root)
            #expect(try await workspace.add(["charts"], registry: nil, install: true).ok)
            // OpenClaw reads `skills/`, beside the project's own.
            let edited = root + "/project/skills/charts/SKILL.md"
            try FileSystem.write(try FileSystem.read(edited) + Array("mine\n".utf8), to: edited)
            let before = (try bytes(root, "skvm.toml"), try bytes(root, "skvm.lock"))

            let report = try await workspace.remove(["charts"])
            #expect(!report.ok && report.folders.isEmpty)
            #expect(try bytes(root, "skvm.toml") == before.0)
            #expect(try bytes(root, "skvm.lock") == before.1)
            #expect(FileSystem.exists(root + "/project/skills/palette/SKILL.md"))
        }
    }

    @Test func `a dry run says what it would do and writes neither manifest nor lock`() async throws {
        try await withScratch { root in
            try project(root)
            let before = try bytes(root, "skvm.toml")
            let report = try await workspace(root) { $0.dryRun = true }.add(["charts"], registry: nil, install: false)
            #expect(report.dryRun && !report.lockChanges.isEmpty)
            #expect(try bytes(root, "skvm.toml") == before)
            #expect(!FileSystem.exists(root + "/project/skvm.lock"))
        }
    }

    @Test func `what the cache lost is made again by the same command`() async throws {
        try await withScratch { root in
            try project(root)
            let workspace = workspace(root)
            #expect(try await workspace.build().ok)
            for folder in try FileSystem.list(root + "/cache/cas-v1") where folder.utf8.count == 2 {
                try FileSystem.removeTree("\(root)/cache/cas-v1/\(folder)")
            }
            try FileSystem.removeTree(root + "/project/.skvm/variants")
            #expect(try await workspace.build().ok)
            #expect(FileSystem.exists(root + "/project/.skvm/variants/q/own/SKILL.md"))
        }
    }

    @Test func `verify names an installed skill that the lock does not pin`() async throws {
        try await withScratch { root in
            try project(root)
            let workspace = workspace(root)
            #expect(try await workspace.add(["palette"], registry: nil, install: true).ok)
            #expect(try await workspace.verify().ok)
            let lock = try #require(try workspace.project().lock())
            let other = Lockfile(packages: lock.packages, targets: lock.targets, variants: [])
            try FileSystem.replace(root + "/project/skvm.lock", with: other.encoded())
            let report = try await workspace.verify()
            #expect(report.diagnostics.filter { $0.severity == .error }.map(\.id) == ["verify.lock"])
            #expect(report.fault == .integrity)
        }
    }

    @Test func `a skill whose lines end in carriage returns alone is shown without a crash`() async throws {
        try await withScratch { root in
            try project(
                root,
                skill:
                    "---\rname: own\rdescription: Does it.\r---\r\r# Own\r\r```bash\rls a\rscripts/x.sh && ls b\r```\r")
            try FileSystem.makeDirectories(root + "/project/skills/own/scripts")
            try FileSystem.write(Array("ls\n".utf8), to: root + "/project/skills/own/scripts/x.sh")
            _ = try await workspace(root).diff(["own"], target: nil)
        }
    }

    @Test func `check goes on after a folder that is not there`() async throws {
        try await withScratch { root in
            try project(root)
            let report = try await workspace(root).check(["nowhere", "skills/own/"])
            #expect(report.skills == 2 && !report.ok)
            #expect(report.diagnostics.contains { $0.id == "folder.none" })
        }
    }
}
