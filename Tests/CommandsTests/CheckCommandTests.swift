import Basics
import Formats
import TestSupport
import Testing

/// What `check` looks at, and what it calls what it can't look at.
@Suite struct `A check` {
    /// A skill that demands more of `tool.exec` than the weak target has.
    private static let hard = """
        ---
        name: hard
        description: Installs and runs a service when somebody asks for a running service on the machine.
        ---
        # Hard

        ## Steps

        1. Start the service and keep it running in the background:

           ```bash
           docker run -d --name web nginx & sleep 5 && curl -s localhost | tee out.html | grep -c nginx
           ```

        2. Watch the log with `docker logs -f web` while you edit the configuration in another session.
        3. Delegate the review of each file to a subagent, in parallel, and collect what they say.

        """

    @Test func `without members names the skills that it did not look at`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest([])
            try write(["a/SKILL.md": CommandWorld.skill, "b/c/SKILL.md": CommandWorld.skill], in: world.project)
            let result = try await world.done("check")
            #expect(result.errorText.contains("[check.nothing]"), "\(result.errorText)")
            #expect(
                result.errorText.contains("a, b/c") && result.errorText.contains("skvm check a"), "\(result.errorText)")
        }
    }

    @Test func `of a folder in a project holds it against the project's targets`() async throws {
        try await withCommandWorld { world in
            try write(["foo/SKILL.md": Self.hard.replacing("name: hard", with: "name: foo")], in: world.project)
            try write(
                ["skvm.toml": "[workspace]\nmembers = [\"foo\"]\n\n\(CommandWorld.target)"], in: world.project)
            let byName = try await world.done("check", "-p", "foo")
            let byFolder = try await world.done("check", "foo")
            #expect(byName.errorText.contains("[gap.uncloseable]"), "\(byName.errorText)")
            #expect(byFolder.errorText == byName.errorText)
            #expect(byFolder.outputText == byName.outputText)
        }
    }

    @Test func `of a text longer than the harnesses advise says so once`() async throws {
        try await withCommandWorld { world in
            let text = CommandWorld.skill + String(repeating: "Knots hold what must be held together.\n\n", count: 600)
            try write(
                [
                    "long/SKILL.md": text, "short/SKILL.md": CommandWorld.skill,
                    "skvm.toml": "[workspace]\nmembers = [\"long\", \"short\"]\n\n\(CommandWorld.target)\n"
                        + CommandWorld.target.replacing("targets.weak", with: "targets.other")
                        .replacing("bare-agent", with: "pi"),
                ], in: world.project)
            let told = try await world.done("check").errorText
            #expect(told.split(separator: "[check.long-body]").count == 2, "\(told)")
            #expect(told.contains("long/SKILL.md:") && told.contains("5000 at most are advised for "), "\(told)")
            #expect(told.contains("minimal tool loop") && told.contains("Pi"), "\(told)")
            // Without a target nobody advises anything.
            try write(["skvm.toml": "[workspace]\nmembers = [\"long\"]\n"], in: world.project)
            #expect(try await !world.done("check").errorText.contains("long-body"))
        }
    }

    @Test func `of a dependency says which demands no target meets`() async throws {
        try await withCommandWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            try await remote.commit(["hard/SKILL.md": .text(Self.hard)])
            try world.writeManifest(["hard = { git = \"\(remote.url)\", path = \"hard\" }"])
            let installed = try await world.done("install")
            let told = installed.errorText + installed.outputText
            #expect(told.contains("demand") && told.contains("skvm check"), "\(told)")
            let checked = try await world.done("check")
            #expect(checked.errorText.contains("[gap.uncloseable]"), "\(checked.errorText)")
            #expect(checked.outputText.hasPrefix("checked 0 skills and 1 dependency: "), "\(checked.outputText)")
            // Once.
            let again = try await world.done("install")
            #expect(!(again.errorText + again.outputText).contains("demand"), "\(again.outputText)")
        }
    }

    @Test func `of what is no skill's folder says what it is`() async throws {
        try await withCommandWorld { world in
            try write(
                ["skills/a/SKILL.md": CommandWorld.skill, "skills/b/SKILL.md": CommandWorld.skill, "x.zip": "PK"],
                in: world.project)
            try await world.skvm("check", "skills").expectError(2, "folder.several", "holds 2 skills", "skills/a")
            try await world.skvm("check", "x.zip").expectError(2, "folder.none", "x.zip is a file")
            try await world.skvm("check").expectError(2, "project.none", "skvm check skills/a")
        }
    }

    @Test func `cuts no reason in the middle`() async throws {
        try await withCommandWorld { world in
            try write(["foo/SKILL.md": Self.hard.replacing("name: hard", with: "name: foo")], in: world.project)
            try write(
                ["skvm.toml": "[workspace]\nmembers = [\"foo\"]\n\n\(CommandWorld.target)"], in: world.project)
            let notes = try await world.done("check", "--json").json()["diagnostics"]?.array?.flatMap {
                ($0["notes"]?.array ?? []).compactMap(\.string)
            }
            #expect(notes?.isEmpty == false)
            for note in notes ?? [] { #expect(!note.hasSuffix(" ") && !note.hasSuffix(","), "\(note)") }
        }
    }
}
