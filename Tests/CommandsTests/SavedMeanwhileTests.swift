import Basics
import TestSupport
import Testing

/// `skvm.toml` and `skvm.lock` as others leave them: saved while skvm is at work, linked to nothing, behind one another.
@Suite struct `The files of a project` {
    /// A project with `knots`, and `git` that first takes that line out of skvm.toml when `scratch/meet` is there, as an editor would
    /// while skvm waits for a server.
    private func withEditor(_ body: (CommandWorld, RemoteRepository) async throws -> Void) async throws {
        try await withCommandWorld { bare in
            var world = bare
            world.variables["SKVM_NET_RETRY"] = "0"
            let remote = try await RemoteRepository(at: world.scratch + "/remotes/knots.git")
            try await remote.commit(["SKILL.md": .text(PublishWorld.skill("knots", "One."))])
            let script = """
                #!/bin/sh
                if [ -e "\(world.scratch)/meet" ]; then
                    rm "\(world.scratch)/meet"
                    sed -i "/^knots/d" "\(world.project)/skvm.toml"
                fi
                exec /usr/bin/git "$@"

                """
            try write(["bin/git": script], in: world.scratch)
            try FileSystem.setMode(world.scratch + "/bin/git", 0o755)
            world.variables["PATH"] = world.scratch + "/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
            try world.writeManifest(["knots = { git = \"\(remote.url)\" }", "commit-message"])
            try await world.done("install")
            try await body(world, remote)
        }
    }

    @Test func `are not locked for a text that was replaced while a server was asked`() async throws {
        try await withEditor { world, remote in
            let lock = try FileSystem.readText(world.project + "/skvm.lock")
            let manifest = try FileSystem.readText(world.project + "/skvm.toml")
            let installed = try world.snapshot(world.project + "/.agents")
            try await remote.commit(["SKILL.md": .text(PublishWorld.skill("knots", "Two."))], time: 1_700_000_100)
            for words in [
                ["update"], ["update", "knots"], ["update", "--keep-going"], ["add", remote.url, "--branch", "main"],
                ["install", remote.url, "--branch", "main"],
            ] {
                try write(["skvm.toml": manifest], in: world.project)
                try write(["meet": ""], in: world.scratch)
                let result = try await world.run([try CommandWorld.binary()] + words)
                #expect(!FileSystem.exists(world.scratch + "/meet"), "\(words)")
                result.expectError(1, "manifest.changed", "run the same command again")
                #expect(try FileSystem.readText(world.project + "/skvm.lock") == lock, "\(words)")
                let now = try FileSystem.readText(world.project + "/skvm.toml")
                #expect(!now.contains("knots"), "\(words): \(now)")
                #expect(try world.snapshot(world.project + "/.agents") == installed, "\(words)")
            }
            // And the same command again does what it says.
            try await world.done("update")
            try await world.done("lock", "--locked")
            #expect(!(try FileSystem.readText(world.project + "/skvm.lock").contains("knots")))
        }
    }

    @Test func `that are links to nothing are told as such, with what they lead to`() async throws {
        try await withCommandWorld { world in
            try FileSystem.makeLink(world.project + "/skvm.toml", to: "../shared/skvm.toml")
            for words in [["install"], ["tree"], ["add", "palette"], ["init"], ["doctor"]] {
                try await world.run([try CommandWorld.binary()] + words).expectError(
                    6, "file.system", "skvm.toml", "it is a link to ../shared/skvm.toml, and there is nothing",
                    "remove the link")
            }
            try FileSystem.remove(world.project + "/skvm.toml")
            try world.writeManifest()
            try FileSystem.makeLink(world.project + "/skvm.lock", to: "elsewhere.lock")
            for words in [["install"], ["lock"], ["update"], ["build"], ["verify"]] {
                try await world.run([try CommandWorld.binary()] + words).expectError(
                    6, "file.system", "skvm.lock", "it is a link to elsewhere.lock, and there is nothing")
            }
            try FileSystem.remove(world.project + "/skvm.lock")
            try FileSystem.makeLink(world.project + "/skvm.lock", to: "skvm.lock")
            try await world.skvm("install").expectError(6, "file.system", "which leads back to itself")
            try FileSystem.remove(world.project + "/skvm.lock")
            try await world.done("install")
        }
    }

    /// Nothing of a killed `add` is there before it knows what it comes to.
    @Test func `do not change before an add knows what it comes to`() async throws {
        try await withEditor { world, remote in
            let manifest = try FileSystem.readText(world.project + "/skvm.toml")
            let other = try await RemoteRepository(at: world.scratch + "/remotes/ropes.git")
            try await other.commit([
                "SKILL.md": .text(PublishWorld.skill("ropes")),
                "skvm.toml": .text(
                    PublishWorld.manifest("ropes", "1.0.0", "[dependencies]\nknots = { git = \"\(remote.url)\" }\n")),
            ])
            // At each call of git the line is not there yet.
            let script = """
                #!/bin/sh
                grep ropes "\(world.project)/skvm.toml" >> "\(world.scratch)/seen"
                exec /usr/bin/git "$@"

                """
            try write(["bin/git": script], in: world.scratch)
            try await world.done("add", other.url)
            #expect(try FileSystem.readText(world.scratch + "/seen") == "")
            #expect(try FileSystem.readText(world.project + "/skvm.toml") != manifest)
            try await world.done("lock", "--locked")
        }
    }

    @Test func `of which one is behind the other are told by doctor`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest()
            try await world.done("install")
            #expect(!(try await world.done("doctor").errorText.contains("[doctor.lock]")))
            try world.writeManifest(["commit-message", "palette"])
            let told = try await world.done("doctor").errorText
            #expect(told.contains("[doctor.lock]") && told.contains("skvm.toml asks for palette"), "\(told)")
        }
    }
}
