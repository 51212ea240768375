import Basics
import Formats
import TestSupport
import Testing

/// `skvm lock` where git left conflict markers in the lock, because there is no driver.
@Suite struct `A lock with conflict markers` {
    /// A project in git, without skvm's merge drivers.
    private func withRepository(_ body: (CommandWorld) async throws -> Void) async throws {
        try await withCommandWorld { world in
            var world = world
            for (name, value) in RemoteRepository.environment where name != "PATH" && name != "HOME" {
                world.variables[name] = value
            }
            try world.writeManifest(["commit-message"])
            try write([".gitignore": "/.agents/\n/.skvm/\n"], in: world.project)
            try await world.git("init", "-q", "-b", "main")
            try await world.done("install")
            try await world.git("add", "-A")
            try await world.git("commit", "-qm", "start")
            try await body(world)
        }
    }

    /// Two branches, each with a skill of its own, and a merge that fails.
    private func conflict(_ world: CommandWorld, _ style: String = "merge") async throws {
        try await world.git("config", "merge.conflictStyle", style)
        try await world.git("checkout", "-qb", "other")
        try await world.done("install", "palette@*")
        try await world.git("commit", "-qam", "palette")
        try await world.git("checkout", "-q", "main")
        try await world.done("install", "pdf-tables")
        try await world.git("commit", "-qam", "pdf-tables")
        let merge = try await world.run(["git", "merge", "other"])
        #expect(merge.status == 1, "\(merge.outputText)\(merge.errorText)")
        #expect(try FileSystem.readText(world.project + "/skvm.lock").contains("<<<<<<<"))
    }

    private func settleManifest(_ world: CommandWorld) throws {
        let path = world.project + "/skvm.toml"
        let lines = try FileSystem.readText(path).split(separator: "\n", omittingEmptySubsequences: false)
        let kept = lines.filter { line in !["<<<<<<<", "|||||||", "=======", ">>>>>>>"].contains { line.hasPrefix($0) }
        }
        try FileSystem.write(Array(kept.joined(separator: "\n").utf8), to: path)
    }

    @Test(arguments: ["merge", "diff3", "zdiff3"])
    func `is merged from both sides, and installs as it stands`(style: String) async throws {
        try await withRepository { world in
            try await conflict(world, style)
            // The manifest first: it says what the lock is for.
            try await world.skvm("lock").expectError(1, "toml.conflict", "skvm.toml")
            try settleManifest(world)
            try await world.skvm("install").expectError(1, "toml.conflict", "skvm.lock", "run `skvm lock`")
            let dry = try await world.done("lock", "--dry-run")
            #expect(dry.outputText.contains("merged both sides"), "\(dry.outputText)")
            #expect(try FileSystem.readText(world.project + "/skvm.lock").contains("<<<<<<<"))
            let merged = try await world.done("lock")
            #expect(merged.outputText.contains("merged both sides of skvm.lock"), "\(merged.outputText)")
            #expect(merged.outputText.contains("package palette"), "\(merged.outputText)")
            let text = try FileSystem.readText(world.project + "/skvm.lock")
            for name in ["commit-message", "palette", "pdf-tables"] { #expect(text.contains("name = \"\(name)\"")) }
            try await world.done("install", "--locked")
            try await world.done("verify")
            #expect(try await world.done("lock", "--json").json()["mergedSides"] == nil)
        }
    }

    /// The index has forgotten what each side was: what is left are the markers.
    @Test func `that was committed is merged all the same`() async throws {
        try await withRepository { world in
            try await conflict(world)
            try settleManifest(world)
            try await world.git("commit", "-qam", "with markers")
            let result = try await world.skvm("lock")
            if result.status == 0 {
                try await world.done("install")
                try await world.done("verify")
            } else {
                result.expectError(1, "lock.duplicate", "git checkout")
            }
        }
    }

    @Test func `is decided by skvm.toml where both sides moved one skill apart`() async throws {
        try await withRepository { world in
            let lock = world.project + "/skvm.lock"
            let author = world.scratch + "/registry"
            try FileSystem.makeDirectories(author)
            try await world.git("init", "-q", "-b", "main", in: author)
            try await world.done("registry", "init", ".", in: author)
            func publish(_ version: String) async throws {
                try write(
                    [
                        "SKILL.md": PublishWorld.skill("own", "This is \(version)."),
                        "skvm.toml": PublishWorld.manifest("own", version, ""),
                    ], in: author + "/skills/own")
                try await world.done("registry", "index", ".", in: author)
                try await world.git("add", "-A", in: author)
                try await world.git("commit", "-qm", version, in: author)
            }
            try await publish("1.0.0")
            let registry = "[registries]\nmine = \"file://\(author)\"\n"
            func manifest(_ range: String) throws {
                try world.writeManifest(["own = { version = \"\(range)\", registry = \"mine\" }"], extra: registry)
            }
            try manifest("^1")
            try await world.done("install")
            try await world.git("commit", "-qam", "own")
            try await publish("1.1.0")
            try await publish("2.0.0")
            try await world.git("checkout", "-qb", "other")
            try manifest("^2")
            try await world.done("install")
            try await world.git("commit", "-qam", "two")
            try await world.git("checkout", "-q", "main")
            try manifest("~1.1")
            try await world.done("install")
            try await world.git("commit", "-qam", "one")
            try await publish("2.1.0")
            for (range, version, said) in [("^2", "2.0.0", "ours was 1.1.0, theirs 2.0.0"), ("~1.1", "1.1.0", "1.1.0")]
            {
                #expect(try await world.run(["git", "merge", "other"]).status == 1)
                try manifest(range)
                let settled = try await world.done("lock")
                #expect(settled.errorText.contains("[lock.settled]"), "\(settled.errorText)")
                #expect(settled.errorText.contains("is \(version) by skvm.toml"), "\(settled.errorText)")
                #expect(settled.errorText.contains(said), "\(settled.errorText)")
                // The other side's pin holds, too: what is newer than both is not looked for.
                #expect(try FileSystem.readText(lock).contains("version = \"\(version)\""))
                try await world.done("install", "--locked")
                try await world.git("merge", "--abort")
            }
        }
    }

    @Test func `whose sides are no locks is left as it was, and an empty one is told what it is`() async throws {
        try await withRepository { world in
            let lock = world.project + "/skvm.lock"
            let broken = "<<<<<<< HEAD\nversion = \n=======\nversion = 1\n>>>>>>> other\n"
            try FileSystem.write(Array(broken.utf8), to: lock)
            try await world.skvm("lock").expectError(
                1, "toml.value", "skvm.lock of ours", "git checkout --ours skvm.lock")
            #expect(try FileSystem.readText(lock) == broken)
            for text in ["", "\n", "<<<<<<< HEAD\nno end\n"] {
                try FileSystem.write(Array(text.utf8), to: lock)
                let told = try await world.skvm("lock")
                #expect(told.status == 1, "\(told.errorText)")
                if text.hasPrefix("<") { told.expectError(1, "toml.conflict", "git checkout --ours skvm.lock") }
                if !text.hasPrefix("<") { told.expectError(1, "lock.empty", "git checkout skvm.lock", "delete it") }
            }
            try FileSystem.remove(lock)
            try await world.done("lock")
        }
    }
}
