import Basics
import Formats
import TestSupport
import Testing

/// `verify --repair`: what is damaged is restored, and what was edited only when that is asked for, with the edit kept.
@Suite struct `Repairing an installed skill` {
    private static let place = ".agents/skills/pdf-tables"

    private func with(_ body: (CommandWorld, String) async throws -> Void) async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["pdf-tables"])
            try await world.done("install")
            try await body(world, "\(world.project)/\(Self.place)")
        }
    }

    @Test func `restores what skvm made for itself, and what was emptied`() async throws {
        try await with { world, place in
            let before = try world.snapshot(place)
            let own = try FileSystem.list(place + "/.skvm").filter { !FileSystem.isDirectory("\(place)/.skvm/\($0)") }
            let files = own.map { ".skvm/\($0)" }
            #expect(!files.isEmpty)
            let kept = try files.map { try FileSystem.read("\(place)/\($0)") }
            for text in ["", "changed\n"] {
                for file in files { try FileSystem.write(Array(text.utf8), to: "\(place)/\(file)") }
                try FileSystem.write([], to: place + "/SKILL.md")
                try await world.skvm("verify").expectError(5, "verify.damaged", "SKILL.md", files[0], "--repair")
                // Nobody edits these.
                try await world.skvm("verify", "--allow-edits").expectError(5, "verify.damaged")
                let result = try await world.done("verify", "--repair")
                #expect(result.outputText.contains("SKILL.md"), "\(result.outputText)")
                #expect(try world.snapshot(place) == before)
                #expect(try files.map { try FileSystem.read("\(place)/\($0)") } == kept)
                #expect(try FileSystem.list(place + "/.skvm").allSatisfy { !$0.contains(".orig") })
            }
            try await world.done("verify")
        }
    }

    @Test func `leaves an edit, and with --force restores the file and keeps the edit beside it`() async throws {
        try await with { world, place in
            let before = try world.snapshot(place)
            let file = place + "/SKILL.md"
            try write(["SKILL.md": "mine\n", "SKILL.md.orig": "older\n"], in: place)
            try await world.skvm("verify", "--repair").expectError(5, "verify.modified", "--repair --force")
            #expect(try FileSystem.readText(file) == "mine\n")
            try await world.skvm("verify", "--repair", "--force", "--dry-run").expectError(5, "verify.modified")
            #expect(try FileSystem.readText(file) == "mine\n")
            let result = try await world.done("verify", "--repair", "--force")
            #expect(result.outputText.contains("SKILL.md of pdf-tables was changed"), "\(result.outputText)")
            #expect(result.outputText.contains("what it held is kept as \(file).orig-2"), "\(result.outputText)")
            var after = before
            after["SKILL.md.orig"] = "older\n"
            after["SKILL.md.orig-2"] = "mine\n"
            #expect(try world.snapshot(place) == after)
            try await world.done("verify")
        }
    }

    @Test func `with --force puts aside what is in the place of a file or of the folder`() async throws {
        try await with { world, place in
            let before = try world.snapshot(place)
            try FileSystem.remove(place + "/SKILL.md")
            try FileSystem.makeLink(place + "/SKILL.md", to: "/etc/hostname")
            try await world.skvm("verify", "--repair").expectError(5, "verify.modified", "SKILL.md")
            try await world.done("verify", "--repair", "--force")
            #expect(try world.snapshot(place).filter { $0.key != "SKILL.md.orig" } == before)
            #expect(try FileSystem.readLink(place + "/SKILL.md.orig") == "/etc/hostname")

            try FileSystem.removeTree(place)
            try FileSystem.write(Array("a file\n".utf8), to: place)
            try await world.skvm("verify").expectError(5, "verify.missing", "a file is in its place", "--force")
            try await world.done("verify", "--repair", "--force")
            #expect(try world.snapshot(place) == before)
            // Beside the skills it would be one of them.
            #expect(try FileSystem.list(world.project + "/.agents/skills") == ["pdf-tables"])
            #expect(try FileSystem.readText(world.project + "/.agents/.skvm-kept/pdf-tables") == "a file\n")
        }
    }

    @Test func `that can't be done leaves everything where it was`() async throws {
        try await withCommandWorld { world in
            var world = world
            world.variables["SKVM_NET_RETRY"] = "0"
            let remote = try await RemoteRepository(at: world.scratch + "/own.git")
            try await remote.commit(["SKILL.md": .text(CommandWorld.skill)])
            try world.writeManifest(["own = { git = \"\(remote.url)\" }"])
            try await world.done("install")
            let place = world.project + "/.agents/skills/own"
            try FileSystem.write(Array("mine\n".utf8), to: place + "/SKILL.md")
            try FileSystem.removeTree(world.cache)
            try FileSystem.rename(remote.path, to: remote.path + ".away")
            let before = try world.snapshot(place)
            #expect(try await world.skvm("verify", "--repair", "--force").status != 0)
            #expect(try world.snapshot(place) == before)
            #expect(try await world.skvm("verify", "--force").status == 2)
        }
    }

    @Test func `of the vendored folder ends with nothing of a run that was killed`() async throws {
        try await with { world, _ in
            let leftovers = [".gitattributes.123-abc.tmp", ".gitignore.7--x1.tmp", "skvm-vendor.toml.99-z.tmp"]
            try write(["vendor/\(leftovers[2])": ""], in: world.project)
            try await world.done("vendor")
            let vendored = try world.snapshot(world.project + "/vendor")
            try write(["vendor/notes.tmp": "mine\n", "vendor/.gitignore.mine-1.tmp": "mine\n"], in: world.project)
            for name in leftovers { try write(["vendor/\(name)": "half"], in: world.project) }
            try await world.done("vendor")
            var after = try world.snapshot(world.project + "/vendor")
            #expect(after.removeValue(forKey: "notes.tmp") == "mine\n")
            #expect(after.removeValue(forKey: ".gitignore.mine-1.tmp") == "mine\n")
            #expect(after == vendored)
        }
    }
}
