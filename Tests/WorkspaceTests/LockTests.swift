import Basics
import ContentStore
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// What the lock promises: the same bytes, or a clear error.
struct LockTests {
    /// A project with `charts`, which brings `palette`, from a registry that is a folder beside it.
    struct Locked {
        var world: ProjectWorld
        var registry: FolderRegistry

        init(_ scratch: String, charts: String = "^1.0") throws {
            world = try ProjectWorld(scratch)
            registry = try FolderRegistry(world.root + "/registry")
            try registry.publish("palette", "0.3.1")
            try registry.publish("charts", "1.0.2", dependencies: ["palette": "^0.3"])
            let target = try world.putTarget("one")
            try world.put([
                "skvm.toml":
                    "[dependencies]\ncharts = \"\(charts)\"\n\n[registries]\ndefault = \"../registry\"\n\n" + target
            ])
        }

        func read() throws -> Lockfile { try Lockfile(parsing: Array(try world.lock.utf8)) }
        func rewrite(_ old: String, _ new: String) throws { try world.edit("skvm.lock", old, new) }
    }

    @Test func `a build pins packages, targets and variants`() async throws {
        try await withScratch { scratch in
            let locked = try Locked(scratch)
            let report = try await locked.world.build()
            #expect(report.ok, "\(report.diagnostics)")
            let lock = try locked.read()
            #expect(lock.packages.map { "\($0.id)" } == ["charts 1.0.2", "palette 0.3.1"])
            #expect(lock.packages[0].dependencies.map { "\($0)" } == ["palette 0.3.1"])
            #expect(lock.packages.allSatisfy { $0.tree != nil })
            #expect(lock.variants.map(\.tree) == report.variants.map(\.tree))
            #expect(lock.targets.allSatisfy { $0.profile != nil })
            try await locked.world.expectNothingToDo()
        }
    }

    // MARK: --locked

    @Test func `locked passes with a right lock, also in another cache`() async throws {
        try await withScratch { scratch in
            let locked = try Locked(scratch)
            try await locked.world.build()
            let before = try locked.world.lock
            #expect(try await locked.world.build { $0.locked = true }.ok)
            try FileSystem.removeTree(locked.world.root + "/cache")
            try FileSystem.removeTree(locked.world.project + "/.skvm")
            #expect(try await locked.world.build { $0.locked = true }.ok)
            #expect(try await locked.world.install { $0.locked = true }.ok)
            #expect(try locked.world.lock == before)
        }
    }

    @Test(arguments: [false, true])
    func `locked without a lock is a stale lock, and nothing is written`(install: Bool) async throws {
        try await withScratch { scratch in
            let world = try Locked(scratch).world
            let found = await world.failure {
                try await install ? world.install { $0.locked = true } : world.build { $0.locked = true }
            }
            #expect(found.map(\.id) == ["lock.stale"] && found.allSatisfy { $0.fault == .staleLock })
            #expect(!world.exists("skvm.lock") && !world.exists(".agents"))
        }
    }

    @Test func `locked with members and no lock is a stale lock`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            let found = await world.failure { try await world.build { $0.locked = true } }
            #expect(found.map(\.fault) == [.staleLock])
            #expect(!world.exists("skvm.lock"))
        }
    }

    @Test func `locked refuses a manifest that asks for more than the lock has`() async throws {
        try await withScratch { scratch in
            let locked = try Locked(scratch)
            try await locked.world.build()
            try locked.registry.publish("charts", "1.4.0", dependencies: ["palette": "^0.3"])
            try locked.world.edit("skvm.toml", "charts = \"^1.0\"", "charts = \"^1.4\"")
            let before = try locked.world.lock
            let found = await locked.world.failure { try await locked.world.build { $0.locked = true } }
            #expect(found.map(\.id) == ["lock.stale"] && found.allSatisfy { $0.fault == .staleLock })
            #expect(try locked.world.lock == before)
            try await locked.world.build()
            #expect(try locked.read().packages[0].version.description == "1.4.0")
        }
    }

    @Test func `locked refuses a variant that this build does not give, and names it`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            try await world.build()
            let before = try world.lock
            try world.edit("skills/alpha/SKILL.md", "200 words", "300 words")
            let found = await world.failure { try await world.build { $0.locked = true } }
            #expect(found.map(\.fault) == [.staleLock])
            #expect(found[0].notes.contains { $0.contains("alpha") })
            #expect(try world.lock == before)
        }
    }

    // MARK: What a lock may be

    @Test func `conflict markers are an error that names them`() async throws {
        try await withScratch { scratch in
            let locked = try Locked(scratch)
            try await locked.world.build()
            let text = try locked.world.lock
            try locked.world.put(["skvm.lock": "<<<<<<< ours\n\(text)=======\n\(text)>>>>>>> theirs\n"])
            let found = await locked.world.failure { try await locked.world.build() }
            #expect(found.first?.id == "toml.conflict")
            #expect(found.first?.location?.file == "skvm.lock")
            #expect(try locked.world.lock.hasPrefix("<<<<<<<"))
        }
    }

    @Test func `an empty lock and one of a later skvm are errors, not no lock`() async throws {
        try await withScratch { scratch in
            let locked = try Locked(scratch)
            try await locked.world.build()
            let text = try locked.world.lock
            try locked.world.put(["skvm.lock": ""])
            #expect(await !locked.world.failure { try await locked.world.build() }.isEmpty)
            try locked.world.put([
                "skvm.lock": text.replacing("version = 1\n", with: "version = 2\n", maxReplacements: 1)
            ])
            #expect(await locked.world.failure { try await locked.world.build() }.first?.id == "lock.version")
        }
    }

    @Test func `a tree that differs from the source is an integrity error`() async throws {
        try await withScratch { scratch in
            let locked = try Locked(scratch)
            try await locked.world.build()
            let tree = try #require(try locked.read().packages[0].tree)
            let other = Digest(of: "other")
            try locked.rewrite("\(tree)", "\(other)")
            let found = await locked.world.failure { try await locked.world.build() }
            #expect(found.map(\.id) == ["lock.tree"])
            #expect(found.allSatisfy { $0.fault == .integrity })
            #expect(found[0].notes.contains { $0.contains("\(other)") })
        }
    }

    @Test func `a registry that rewrites a published version is an integrity error`() async throws {
        try await withScratch { scratch in
            let locked = try Locked(scratch)
            try await locked.world.build()
            // The files changed, the index did not: what was promised is not what is there.
            try write(
                ["skills/charts/1.0.2/SKILL.md": ProjectWorld.skill("charts", "Send it.")], in: locked.registry.path)
            try FileSystem.removeTree(locked.world.root + "/cache")
            try FileSystem.removeTree(locked.world.project + "/.skvm")
            let found = await locked.world.failure { try await locked.world.build() }
            #expect(!found.isEmpty && found.allSatisfy { $0.fault == .integrity }, "\(found)")
        }
    }

    @Test func `a newer version is not taken while the lock's satisfies`() async throws {
        try await withScratch { scratch in
            let locked = try Locked(scratch)
            try await locked.world.build()
            try locked.registry.publish("charts", "1.1.0", dependencies: ["palette": "^0.3"])
            try await locked.world.expectNothingToDo()
            #expect(try locked.read().packages[0].version.description == "1.0.2")
            // Another dependency is added: what was locked stays.
            try locked.registry.publish("notes", "0.1.0")
            try locked.world.edit("skvm.toml", "[dependencies]\n", "[dependencies]\nnotes = \"*\"\n")
            try await locked.world.build()
            #expect(try locked.read().packages.map { "\($0.id)" } == ["charts 1.0.2", "notes 0.1.0", "palette 0.3.1"])
        }
    }

    @Test func `a yanked version stays locked, and is not chosen anew`() async throws {
        try await withScratch { scratch in
            let locked = try Locked(scratch)
            try locked.registry.publish("charts", "1.1.0", dependencies: ["palette": "^0.3"])
            try await locked.world.build()
            #expect(try locked.read().packages[0].version.description == "1.1.0")
            try locked.registry.yank("charts", "1.1.0")
            try FileSystem.removeTree(locked.world.root + "/cache")
            #expect(try await locked.world.build { $0.locked = true }.ok)
            try FileSystem.remove(locked.world.project + "/skvm.lock")
            try await locked.world.build()
            #expect(try locked.read().packages[0].version.description == "1.0.2")
        }
    }

    // MARK: --offline

    @Test func `offline with a warm cache builds and installs`() async throws {
        try await withScratch { scratch in
            let locked = try Locked(scratch)
            try await locked.world.build()
            try FileSystem.rename(locked.registry.path, to: locked.registry.path + "-gone")
            try FileSystem.removeTree(locked.world.project + "/.skvm")
            let report = try await locked.world.build { $0.offline = true }
            #expect(report.ok && report.ran == [])
            #expect(try await locked.world.install { $0.offline = true }.ok)
        }
    }

    @Test func `offline with an empty cache names what is missing`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld(scratch)
            let remote = try await RemoteRepository(at: world.root + "/skills.git")
            var files: [String: RemoteRepository.File] = [:]
            for (path, text) in ProjectWorld.folder("notes") { files["notes/\(path)"] = .text(text) }
            try await remote.commit(files)
            try await remote.tag("v1.0.0")
            let target = try world.putTarget("one")
            try world.put([
                "skvm.toml": "[dependencies]\nnotes = { git = \"\(remote.url)\", version = \"^1\" }\n\n" + target
            ])
            let never = await world.failure { try await world.build { $0.offline = true } }
            #expect(never.map(\.fault) == [.offline], "\(never)")
            #expect(try await world.build().ok)
            try FileSystem.removeTree(world.root + "/cache")
            let found = await world.failure { try await world.build { $0.offline = true } }
            #expect(found.map(\.fault) == [.offline], "\(found)")
            #expect(found.contains { "\($0)".contains("notes") || "\($0)".contains(remote.url) })
        }
    }

    // MARK: A damaged cache heals

    @Test func `a variant whose blob is damaged is made again`() async throws {
        try await withScratch { scratch in
            let locked = try Locked(scratch)
            let first = try await locked.world.build()
            let variant = try #require(first.variants.first)
            try FileSystem.removeTree(try #require(variant.path))
            try damage("SKILL.md", of: variant.tree, locked.world)
            let report = try await locked.world.build()
            #expect(report.ok && report.variants.map(\.tree) == first.variants.map(\.tree))
            #expect(locked.world.exists(try #require(variant.path) + "/SKILL.md"))
            #expect(report.ran.isEmpty || Set(report.ran.map(\.pass)).isSubset(of: ["link", "guard"]), "\(report.ran)")
        }
    }

    @Test func `an installation heals a damaged variant`() async throws {
        try await withScratch { scratch in
            let locked = try Locked(scratch)
            let first = try await locked.world.build()
            for variant in first.variants { try damage("SKILL.md", of: variant.tree, locked.world) }
            #expect(try await locked.world.install().ok)
            #expect(locked.world.exists(".agents/skills/charts/SKILL.md"))
        }
    }

    @Test func `a package whose blob is damaged is fetched again`() async throws {
        try await withScratch { scratch in
            let locked = try Locked(scratch)
            try await locked.world.build()
            let tree = try #require(try locked.read().packages[0].tree)
            try damage("scripts/collect.py", of: tree, locked.world)
            // A new target needs the source again, the damaged file too.
            try locked.world.put([
                "skvm.toml": try locked.world.manifest
                    + (try locked.world.putTarget("two", levels: ["tool.exec": "L0"]))
            ])
            let report = try await locked.world.build()
            #expect(report.ok && report.variants.count == 4)
            let entries = try #require(try locked.world.store.tree(tree))
            for entry in entries {
                if let blob = entry.blob { #expect(try locked.world.store.get(blob.digest) != nil) }
            }
        }
    }

    @Test func `offline a damaged package is named, not replaced by less`() async throws {
        try await withScratch { scratch in
            let locked = try Locked(scratch)
            try await locked.world.build()
            let tree = try #require(try locked.read().packages[0].tree)
            let entries = try #require(try locked.world.store.tree(tree))
            for entry in entries {
                let digest = try #require(entry.blob).digest
                try FileSystem.remove(
                    "\(locked.world.root)/cache/cas-v1/\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2))")
            }
            try FileSystem.rename(locked.registry.path, to: locked.registry.path + "-gone")
            let found = await locked.world.failure { try await locked.world.build { $0.offline = true } }
            #expect(
                !found.isEmpty && found.contains { "\($0)".contains("charts") || "\($0)".contains("registry") },
                "\(found)")
        }
    }

    /// Writes other bytes where the store keeps a file of a tree.
    private func damage(_ file: String, of tree: Digest, _ world: ProjectWorld) throws {
        let entries = try #require(try world.store.tree(tree))
        let blob = try #require(entries.first { $0.path.text == file }?.blob)
        let path = "\(world.root)/cache/cas-v1/\(blob.digest.hex.prefix(2))/\(blob.digest.hex.dropFirst(2))"
        try FileSystem.setMode(path, 0o644)
        try FileSystem.write(Array("damaged".utf8), to: path)
    }
}
