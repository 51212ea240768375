import Basics
import TestSupport
import Testing

/// The proof of an installation is the harness itself.
@Suite struct `The real Hermes` {
    /// `Scripts/setup.sh test` makes it, in the project's folder.
    private static func hermes() throws -> String {
        var here = FileSystem.parent(of: try CommandWorld.binary())
        while let folder = here {
            let path = folder + "/.venv/bin/hermes"
            if FileSystem.exists(path) { return path }
            here = FileSystem.parent(of: folder)
        }
        throw TestServerError("there is no .venv/bin/hermes: run `make setup`")
    }

    @Test func `lists what skvm installed for it, and no longer what skvm removed`() async throws {
        let hermes = try Self.hermes()
        try await withCommandWorld { world in
            var world = world
            world.variables["HERMES_HOME"] = world.scratch + "/hermes"
            world.variables["COLUMNS"] = "200"
            try world.writeManifest(["pdf-tables = \"*\"", "own = { path = \"own\" }"], target: "")
            try write(["own/SKILL.md": CommandWorld.skill], in: world.project)
            try await world.done(
                "target", "add", "mine", "--model", "deepseek/deepseek-v4-flash", "--harness", "hermes",
                "--environment", "debian-12-x86_64")
            try await world.done("install", "--user")
            #expect(FileSystem.exists(world.scratch + "/hermes/skills/pdf-tables/SKILL.md"))
            let listed = try await world.run([hermes, "skills", "list"])
            #expect(listed.succeeded, "\(listed.errorText)")
            #expect(listed.outputText.contains("pdf-tables"), "\(listed.outputText)")
            #expect(listed.outputText.contains("own"), "\(listed.outputText)")

            try await world.done("remove", "--user", "pdf-tables")
            let after = try await world.run([hermes, "skills", "list"])
            #expect(!after.outputText.contains("pdf-tables"), "\(after.outputText)")
            #expect(after.outputText.contains("own"), "\(after.outputText)")
        }
    }
}
