import Basics
import Formats
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// `strace` ends skvm before the very system call that a test wants.
private let hasStrace = FileSystem.exists("/usr/bin/strace")
private let canMount = geteuid() == 0 && FileSystem.exists("/proc/self/mounts")

@Suite struct `A command that is disturbed` {
    private static let mutating = ["rename", "fsync", "fdatasync", "unlink", "unlinkat", "link", "linkat", "renameat2"]

    /// Runs `skvm` and kills it before the `number`th call of those that change a disk. False when it
    /// made fewer.
    private func interrupted(
        _ world: CommandWorld, _ arguments: [String], at number: Int
    ) async throws -> Bool {
        let calls = Self.mutating.joined(separator: ",")
        let result = try await world.run(
            [
                "/usr/bin/strace", "-I1", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(calls)", "-e",
                "inject=\(calls):signal=KILL:when=\(number)", try CommandWorld.binary(),
            ] + arguments)
        // strace ends as what it traced did: by the signal.
        if result.status > 128 { return true }
        #expect(result.succeeded, "\(result.status) \(result.errorText)")
        return false
    }

    /// What must hold after any interruption: the user's own work is there, the next run ends as an undisturbed one.
    private func expectWhole(_ world: CommandWorld, _ arguments: [String], _ note: String) async throws {
        #expect(try world.snapshot(world.project + "/mine") == ["notes.md": "mine\n"], "\(note)")
        let again = try await world.run([try CommandWorld.binary()] + arguments)
        #expect(again.succeeded, "\(note): \(again.errorText)")
        let verify = try await world.skvm("verify")
        #expect(verify.succeeded, "\(note): \(verify.errorText)")
        #expect(verify.outputText.contains("verified 2 installed skills"), "\(note): \(verify.outputText)")
        let skills = world.project + "/.agents/skills"
        #expect(try FileSystem.list(skills).sorted() == ["own", "palette"], "\(note)")
        let left = try FileSystem.list(world.project).filter { $0.hasPrefix(".skvm-") }
        #expect(left.isEmpty, "\(note): \(left)")
    }

    private func prepare(_ world: CommandWorld) throws {
        try world.writeManifest(["palette = \"*\"", "own = { path = \"own\" }"])
        try write(["own/SKILL.md": CommandWorld.skill, "mine/notes.md": "mine\n"], in: world.project)
    }

    @Test(.enabled(if: hasStrace, "strace is missing: run `make setup`"))
    func `killed at any moment loses nothing, and the next run completes it`() async throws {
        try await withCommandWorld { world in
            var number = 1
            while true {
                for name in ["project", "cache"] { try? FileSystem.removeTree(world.scratch + "/" + name) }
                try FileSystem.makeDirectories(world.project)
                try prepare(world)
                guard try await interrupted(world, ["install"], at: number) else { break }
                try await expectWhole(world, ["install"], "killed at \(number)")
                number += 5
            }
            #expect(number > 20)
        }
    }

    /// When exactly the signal comes is up to the machine; what holds afterwards is not.
    @Test(arguments: ["INT", "TERM"], ["0.03", "0.08", "0.15", "0.3", "0.6"])
    func `ended by Ctrl-C loses nothing, and the next run completes it`(signal: String, delay: String) async throws {
        try await withCommandWorld { world in
            try prepare(world)
            _ = try await world.skvm("install", wrapper: ["timeout", "-s", signal, delay])
            try await expectWhole(world, ["install"], "SIG\(signal) after \(delay) s")
        }
    }

    @Test(.enabled(if: hasStrace, "strace is missing: run `make setup`"))
    func `killed at any moment of an update keeps the old skill or has the new one`() async throws {
        try await withCommandWorld { world in
            try prepare(world)
            try await world.done("install")
            let installed = world.project + "/.agents/skills/own/SKILL.md"
            var number = 1
            var ends = 0
            for round in 0... {
                let old = try FileSystem.readText(installed)
                try write(["own/SKILL.md": CommandWorld.skill + "\nRound \(round).\n"], in: world.project)
                guard try await interrupted(world, ["install"], at: number) else { break }
                ends += 1
                // Whoever reads the skill at this moment finds one that is whole.
                let now = try FileSystem.readText(installed)
                #expect(now == old || now.hasSuffix("Round \(round).\n"), "\(number)")
                try await expectWhole(world, ["install"], "killed at \(number)")
                #expect(try FileSystem.readText(installed).hasSuffix("Round \(round).\n"))
                number += 3
            }
            #expect(ends > 5)
        }
    }

    @Test(.enabled(if: hasStrace, "strace is missing: run `make setup`"))
    func `killed while it edits the manifest leaves the old one or the new one`() async throws {
        try await withCommandWorld { world in
            try prepare(world)
            try await world.done("install")
            let manifest = try world.snapshot(world.project)["skvm.toml"]
            for number in 1...40 {
                let wasKilled = try await interrupted(world, ["add", "commit-message"], at: number)
                let now = try #require(try world.snapshot(world.project)["skvm.toml"])
                #expect(now == manifest || now.contains("commit-message"), "killed at \(number): \(now)")
                #expect(now.hasPrefix("# mine\n"))
                try await world.done("build")
                if !wasKilled { break }
                try write(["skvm.toml": manifest ?? ""], in: world.project)
            }
        }
    }

    @Test func `beside others of its kind ends as if alone`() async throws {
        try await withCommandWorld { world in
            try prepare(world)
            try await withThrowingTaskGroup(of: ProgramResult.self) { group in
                for _ in 0..<4 { group.addTask { try await world.skvm("install") } }
                for try await result in group { #expect(result.succeeded, "\(result.errorText)") }
            }
            try await expectWhole(world, ["install", "--locked"], "four installs")
            let again = try await world.skvm("install", "--json")
            #expect(try again.json()["ran"]?.array?.isEmpty == true)
        }
    }

    @Test(.enabled(if: canMount)) func `by a cache that can't be written tells whose, and what to do`() async throws {
        try await withMountedCache(["-t", "tmpfs", "-o", "ro"]) { world in
            try await world.skvm("install").expectError(6, "store.permission", world.cache, "Read-only", "hint: ")
            #expect(!FileSystem.exists(world.project + "/.agents"))
            #expect(!FileSystem.exists(world.project + "/skvm.lock"))
        }
    }

    /// What was found true of the lock's records is noted in the cache: derived, and no reason to fail.
    @Test(.enabled(if: canMount)) func `by a cache that can't be written any more reads what it has`() async throws {
        try await withMountedCache(["-t", "tmpfs"]) { world in
            let remote = try await RemoteRepository(at: world.scratch + "/own.git")
            try await remote.commit(["SKILL.md": .text(CommandWorld.skill)])
            try world.writeManifest(["own = { git = \"file://\(remote.path)\" }"])
            try await world.done("install")
            // Of this record nothing is noted there yet.
            for file in try FileSystem.list(world.cache) where file.hasPrefix("actions-v1") {
                try FileSystem.remove("\(world.cache)/\(file)")
            }
            let remounted = try await world.run(["mount", "-o", "remount,ro", world.cache])
            guard remounted.succeeded else { return }
            for _ in 0..<2 {
                let verify = try await world.done("verify")
                #expect(
                    verify.outputText.contains("verified 1 installed skill and 2 cached trees"), "\(verify.errorText)")
            }
            try await world.done("tree")
        }
    }

    @Test(.enabled(if: canMount), arguments: [64, 200, 400])
    func `by a cache without space tells so, and installs nothing`(kilobytes: Int) async throws {
        try await withMountedCache(["-t", "tmpfs", "-o", "size=\(kilobytes)k"]) { world in
            let result = try await world.skvm("install")
            #expect(result.status == 6, "\(result.errorText)")
            #expect(result.errorText.contains(world.cache), "\(result.errorText)")
            #expect(result.errorText.contains("hint: "), "\(result.errorText)")
            #expect(!FileSystem.exists(world.project + "/.agents/skills/palette"))
            #expect(!FileSystem.exists(world.project + "/skvm.lock"))
            // With another cache all goes well.
            var other = world
            other.variables["SKVM_CACHE_DIR"] = world.scratch + "/other"
            try await other.done("install")
            try await other.done("verify")
        }
    }

    @Test(.enabled(if: canMount))
    func `by a cache without a byte left is mended by what the message says to run`() async throws {
        try await withMountedCache(["-t", "tmpfs", "-o", "size=6m"]) { world in
            try await world.done("build")
            // What nobody needs any more, and a disk without another page.
            let unused = "cas-v1/ab/" + String(repeating: "0", count: 62)
            try write([unused: String(repeating: "7", count: 2 << 20)], in: world.cache)
            _ = try await world.run(["/bin/dd", "if=/dev/zero", "of=\(world.cache)/filler", "bs=4k"])
            for path in ["skvm.lock", ".skvm"] { try FileSystem.removeTree(world.project + "/" + path) }
            try await world.skvm("build").expectError(6, "store.space", "skvm gc")
            try await world.done("gc", "--days", "0")
            let result = try await world.skvm("build")
            #expect(result.succeeded, "\(result.errorText)")
        }
    }

    @Test(.enabled(if: geteuid() == 0 && FileSystem.exists("/usr/bin/setpriv")))
    func `by folders of somebody else's changes nothing in them`() async throws {
        try await withCommandWorld { world in
            try prepare(world)
            let before = try world.snapshot(world.project)
            let nobody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            for path in [world.scratch, world.project] { try FileSystem.setMode(path, 0o755) }
            try await world.skvm("install", wrapper: nobody).expectError(
                6, "file.system", "Permission denied", "hint: ")
            #expect(try world.snapshot(world.project) == before)
        }
    }

    private func withMountedCache(_ options: [String], _ body: (CommandWorld) async throws -> Void) async throws {
        try await withCommandWorld { world in
            try prepare(world)
            try FileSystem.makeDirectories(world.cache)
            let mounted = try await Program("mount", options + ["none", world.cache]).run()
            // A container's root may not be allowed to: that says nothing about skvm.
            guard mounted.succeeded else { return }
            do {
                try await body(world)
            } catch {
                _ = try await Program("umount", ["-l", world.cache]).run()
                throw error
            }
            _ = try await Program("umount", ["-l", world.cache]).run()
        }
    }
}
