import Basics
import Formats
import TestSupport
import Testing

/// A clone whose `.skvm/` somebody committed: nothing in it may have skvm remove, overwrite or pass over anything.
@Suite struct `A cloned project with state in it` {
    private static let skills = ".agents/skills"

    private func fill(_ world: CommandWorld) throws {
        try world.writeManifest(["own = { path = \"own\" }"])
        try write(["own/SKILL.md": CommandWorld.skill], in: world.project)
    }

    private func copy(_ from: String, _ to: String) async throws {
        try FileSystem.removeTree(to)
        try FileSystem.makeDirectories(FileSystem.parent(of: to) ?? "/")
        let result = try await Program("cp", ["-a", from, to]).run()
        #expect(result.succeeded, "\(result.errorText)")
    }

    /// Runs `body` with somebody who has built the same project on a machine of theirs, and with the user, whose project
    /// holds the sources alone.
    private func with(_ body: (_ stranger: CommandWorld, _ user: CommandWorld) async throws -> Void) async throws {
        try await withCommandWorld { user in
            let stranger = try CommandWorld(user.scratch + "/stranger")
            for world in [stranger, user] { try fill(world) }
            try await body(stranger, user)
        }
    }

    @Test(arguments: ["install", "remove"])
    func `can't claim a skill that the user made by hand`(command: String) async throws {
        try await with { stranger, user in
            // The stranger knows the user's skill, and has it installed: to their record it is skvm's, to the byte.
            try write(
                ["mine/SKILL.md": CommandWorld.skill.replacing("name: own", with: "name: mine")], in: stranger.project)
            try stranger.writeManifest(["own = { path = \"own\" }", "mine = { path = \"mine\" }"])
            try await stranger.done("install")
            for folder in [".skvm", Self.skills + "/mine"] {
                try await copy("\(stranger.project)/\(folder)", "\(user.project)/\(folder)")
            }
            let mine = try user.snapshot(user.project + "/\(Self.skills)/mine")
            let result =
                command == "install"
                ? try await user.skvm("install") : try await user.skvm("remove", "own")
            #expect(result.succeeded, "\(result.errorText)")
            #expect(result.errorText.contains("[install.foreign-record]"), "\(result.errorText)")
            #expect(try user.snapshot(user.project + "/\(Self.skills)/mine") == mine)
            #expect(FileSystem.exists(user.project + "/\(Self.skills)/own") == (command == "install"))
            // It is told once, and what is ours from now on is.
            if command == "install" {
                let again = try await user.done("remove", "own")
                #expect(!again.errorText.contains("foreign-record"), "\(again.errorText)")
                #expect(!FileSystem.exists(user.project + "/\(Self.skills)/own"))
                #expect(try user.snapshot(user.project + "/\(Self.skills)/mine") == mine)
            }
        }
    }

    @Test func `can't have a build or an installation believed that nobody made here`() async throws {
        try await with { stranger, user in
            for command in ["build", "install"] { try await user.done(command) }
            let variant = ".skvm/variants/weak/own"
            let clean = (
                try user.snapshot(user.project + "/\(Self.skills)"),
                try user.snapshot(user.project + "/.skvm/variants"),
                try FileSystem.read(user.project + "/skvm.lock")
            )
            for name in ["cache", "state", "project"] { try FileSystem.removeTree("\(user.scratch)/\(name)") }
            try fill(user)
            // All that a skvm remembers of such a project, wherever it or an older one keeps it, with other bytes in the variant.
            for command in ["build", "install"] { try await stranger.done(command) }
            try await copy(stranger.project + "/.skvm", user.project + "/.skvm")
            let memories = stranger.cache + "/projects-v1"
            for project in try FileSystem.list(memories) {
                for file in try FileSystem.list("\(memories)/\(project)") {
                    try await copy("\(memories)/\(project)/\(file)", "\(user.project)/.skvm/\(file)")
                }
            }
            try write(
                ["\(variant)/SKILL.md": "evil", "\(variant)/evil.sh": "evil", ".skvm/variants/trees": "x"],
                in: user.project)
            let built = try await user.done("build", "--json").json()
            #expect((built["ran"]?.array ?? []).count > 5)
            #expect(try user.snapshot(user.project + "/\(variant)").values.allSatisfy { $0 != "evil" })
            try FileSystem.remove(user.project + "/.skvm/variants/trees")
            #expect(try user.snapshot(user.project + "/.skvm/variants") == clean.1)
            let installed = try await user.done("install", "--json").json()
            #expect(installed["folders"]?.array?.first?["action"]?.string == "installed", "\(installed)")
            #expect(try user.snapshot(user.project + "/\(Self.skills)") == clean.0)
            #expect(try FileSystem.read(user.project + "/skvm.lock") == clean.2)
            try await user.done("verify")
        }
    }

    @Test func `can't have what is not installed verified`() async throws {
        try await with { stranger, user in
            try await stranger.done("install")
            for path in [".skvm", ".agents", "skvm.lock"] {
                try await copy("\(stranger.project)/\(path)", "\(user.project)/\(path)")
            }
            try write(["\(Self.skills)/own/SKILL.md": "evil"], in: user.project)
            let result = try await user.skvm("verify")
            #expect(result.errorText.contains("[install.foreign-record]"), "\(result.errorText)")
            #expect(result.outputText.contains("verified 0 installed skills"), "\(result.outputText)")
            try await user.skvm("install").expectError(1, "install.foreign", "\(Self.skills)/own")
            #expect(try FileSystem.readText(user.project + "/\(Self.skills)/own/SKILL.md") == "evil")
        }
    }

    private static let commands = [
        ["build"], ["install"], ["clean"], ["remove", "own"], ["add", "palette"], ["update"], ["lock"], ["vendor"],
    ]

    @Test(arguments: commands)
    func `can't lead out of the project by a link in the place of the folder`(command: [String]) async throws {
        try await with { _, user in
            let outside = user.scratch + "/outside"
            try write(["precious": "p", "variants/weak/own/precious": "p", "build.memo": "p"], in: outside)
            let before = try user.snapshot(outside)
            try FileSystem.makeLink(user.project + "/.skvm", to: "../outside")
            try await user.run([try CommandWorld.binary()] + command).expectError(
                1, "project.state", "is a symlink", "hint: ")
            #expect(try user.snapshot(outside) == before)
            try FileSystem.remove(user.project + "/.skvm")
            try write([".skvm": "no folder\n"], in: user.project)
            try await user.run([try CommandWorld.binary()] + command).expectError(
                1, "project.state", "is no folder", "hint: ")
            #expect(try FileSystem.readText(user.project + "/.skvm") == "no folder\n")
        }
    }

    @Test func `can't lead out of the project by links below it`() async throws {
        try await with { _, user in
            let outside = user.scratch + "/outside"
            try write(["precious": "p", "weak/own/precious": "p", "own/precious": "p"], in: outside)
            let before = try user.snapshot(outside)
            let state = user.project + "/.skvm"
            for link in ["variants", "variants/weak", "variants/weak/own"] {
                try? FileSystem.removeTree(state)
                try FileSystem.makeDirectories(FileSystem.parent(of: "\(state)/\(link)") ?? state)
                let target = link == "variants/weak/own" ? outside + "/own" : outside
                try FileSystem.makeLink("\(state)/\(link)", to: target)
                try await user.done("build")
                #expect(try user.snapshot(outside) == before, "\(link)")
                #expect(try FileSystem.status(state + "/variants/weak/own")?.kind == .directory, "\(link)")
                try await user.done("clean")
                #expect(try user.snapshot(outside) == before, "\(link)")
            }
            for (name, command) in [("lock", "install"), ("project.lock", "build")] {
                try? FileSystem.removeTree(state)
                try FileSystem.makeDirectories(state)
                try FileSystem.makeLink("\(state)/\(name)", to: outside + "/new")
                try await user.skvm(command).expectError(6, "file.system", name)
                #expect(try user.snapshot(outside) == before, "\(name)")
            }
        }
    }

    @Test func `that the user has copied or moved is still the user's`() async throws {
        try await with { _, user in
            try await user.done("install")
            let edited = "\(Self.skills)/own/SKILL.md"
            try write([edited: "# mine\n" + (try FileSystem.readText(user.project + "/" + edited))], in: user.project)
            let copied = user.scratch + "/copy"
            try await copy(user.project, copied)
            // What the skill says of its own place is written anew, and the edit stays.
            try await user.done("install", in: copied)
            #expect(try FileSystem.readText("\(copied)/\(edited)").hasPrefix("# mine\n"))
            try await user.skvm("verify", in: copied).expectError(5, "verify.modified")
            try FileSystem.rename(user.project, to: user.scratch + "/moved")
            let moved = try await user.skvm("install", in: user.scratch + "/moved")
            #expect(moved.succeeded && !moved.errorText.contains("foreign"), "\(moved.errorText)")
        }
    }
}
