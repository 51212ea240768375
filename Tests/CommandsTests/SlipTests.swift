import Basics
import TestSupport
import Testing

/// What a command line is told that is nearly right.
@Suite struct `A slip` {
    private func addTarget(
        _ world: CommandWorld, _ name: String, _ model: String, _ harness: String = "openclaw",
        _ environment: String = "debian-12-x86_64", _ more: String...
    ) async throws -> ProgramResult {
        try await world.run(
            [
                try CommandWorld.binary(), "target", "add", name, "--model", model, "--harness", harness,
                "--environment", environment,
            ] + more)
    }

    // MARK: Targets

    @Test func `in the size of a model's window is told with its unit`() async throws {
        try await withCommandWorld { world in
            try write(["skvm.toml": ""], in: world.project)
            func add(_ name: String, _ option: String, _ value: String) async throws -> ProgramResult {
                try await addTarget(
                    world, name, "qwen/qwen3.5-9b", "claude-code", "debian-12-x86_64", option, value)
            }
            #expect(try await add("a", "--context", "32768").succeeded)
            #expect(try await add("b", "--listing", "900").succeeded)
            let text = try FileSystem.readText(world.project + "/skvm.toml")
            #expect(text.contains("\ncontext = 32768\n") && text.contains("\nlisting = 900\n"), "\(text)")
            try await add("c", "--context", "32").expectError(2, "target.context", "size in tokens")
            try await add("c", "--listing", "0").expectError(2, "target.listing", "number of characters")
            #expect(try await add("c", "--context", "many").status == 2)
            #expect(try FileSystem.readText(world.project + "/skvm.toml") == text)
        }
    }

    @Test(arguments: [
        ("qwen/qwen3.5-9", "openclaw", "qwen/qwen3.5-9b"), ("gpt-5.4", "openclaw", "openai/gpt-5.4"),
        ("opus", "claude-code", "anthropic/claude-opus-4.6"), ("Qwen/Qwen3.5-9B", "codex", "qwen/qwen3.5-9b"),
        ("openai/claude-haiku-4.5", "openclaw", "anthropic/claude-haiku-4.5"),
    ])
    func `in a model's name is told with what is measured, and writes nothing unless forced`(
        model: String, harness: String, meant: String
    ) async throws {
        try await withCommandWorld { world in
            try write(["skvm.toml": "# mine\n"], in: world.project)
            try await addTarget(world, "a", model, harness).expectError(
                2, "target.unknown-model", "did you mean '\(meant)'?", "--force")
            #expect(try FileSystem.readText(world.project + "/skvm.toml") == "# mine\n")
            let forced = try await addTarget(world, "a", model, harness, "debian-12-x86_64", "--force")
            #expect(forced.succeeded, "\(forced.errorText)")
        }
    }

    @Test(arguments: ["openai/gpt-5.5", "qwen/qwen3.5-4b", "nobody/else", "anthropic/claude-opus-4.6"])
    func `is no other version of a model, no other model, and none that another harness has`(model: String) async throws
    {
        try await withCommandWorld { world in
            try write(["skvm.toml": ""], in: world.project)
            let added = try await addTarget(world, "a", model, "hermes")
            #expect(added.succeeded && added.errorText.contains("nothing is lowered"), "\(added.errorText)")
        }
    }

    @Test(arguments: [
        ("claude", "claude-code"), ("Cursor", "cursor"), ("cluade-code", "claude-code"), ("open-claw", "openclaw"),
    ])
    func `in a harness's name is wrong usage and told with the nearest`(harness: String, meant: String) async throws {
        try await withCommandWorld { world in
            try write(["skvm.toml": ""], in: world.project)
            try await addTarget(world, "a", "qwen/qwen3.5-9b", harness).expectError(
                2, "target.unknown-harness", "did you mean '\(meant)'?")
        }
    }

    @Test(arguments: [("debian", "debian-12-x86_64"), ("ubuntu-24.04", "ubuntu-24.04-x86_64"), ("Host", "host")])
    func `in an environment's name is wrong usage and told with the nearest`(name: String, meant: String) async throws {
        try await withCommandWorld { world in
            try write(["skvm.toml": ""], in: world.project)
            try await addTarget(world, "a", "qwen/qwen3.5-9b", "openclaw", name).expectError(
                2, "target.unknown-environment", "did you mean '\(meant)'?")
        }
    }

    // MARK: Packages

    @Test func `among names to remove leaves the others, and says so`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["palette = \"*\"", "charts = \"*\""])
            let result = try await world.skvm("remove", "palette", "charts", "nosuch")
            result.expectError(2, "remove.unknown", "its dependencies are palette, charts", "nothing was removed")
            #expect(try FileSystem.readText(world.project + "/skvm.toml").contains("palette"))
        }
    }

    @Test(arguments: ["PDF-Tables", "pdf_tables", "Pdf-Table"])
    func `in the case of a package's name is told with the name`(name: String) async throws {
        try await withCommandWorld { world in
            try world.writeManifest([])
            try await world.skvm("add", name).expectError(2, "add.name", "did you mean 'pdf-tables'?")
        }
    }

    @Test func `in a folder's address is told with the one that works`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest([])
            try write(
                ["ok/SKILL.md": CommandWorld.skill, "S7/skill.md": CommandWorld.skill, "x.zip": "PK"], in: world.project
            )
            try await world.skvm("add", "ok").expectError(1, "registry.unknown-package", "did you mean ./ok?")
            try await world.skvm("add", "./ok/SKILL.md").expectError(2, "add.no-skill", "./ok")
            try await world.skvm("add", "./S7").expectError(1, "package.no-skill", "skill.md", "SKILL.md")
            try await world.skvm("add", "./x.zip").expectError(2, "add.no-skill", "is a file", "file://")
            let bare = try await RemoteRepository(at: world.scratch + "/r.git")
            try await bare.commit(["pdf/SKILL.md": .text(CommandWorld.skill)])
            try await world.skvm("add", "\(bare.path)#pdf").expectError(2, "add.no-skill", "file://\(bare.path)#pdf")
            try await world.skvm("add", bare.path).expectError(2, "add.no-skill", "file://\(bare.path)")
        }
    }

    @Test func `of a folder that no build takes is refused by add as by install`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest([])
            try write(["bad/SKILL.md": "hi\n", "other/SKILL.md": CommandWorld.skill], in: world.project)
            let before = try world.snapshot(world.project)
            try await world.skvm("add", "./bad").expectError(1, "parse.no-front-matter", "bad/SKILL.md")
            #expect(try world.snapshot(world.project) == before)
            try await world.done("add", "./other")
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            try await remote.commit(["bad/SKILL.md": "hi\n", "good/SKILL.md": .text(CommandWorld.skill)])
            let held = try world.snapshot(world.project)
            try await world.skvm("add", "\(remote.url)#bad").expectError(1, "parse.no-front-matter")
            #expect(try world.snapshot(world.project) == held)
        }
    }

    // MARK: Options

    @Test(arguments: [
        ("--frozen-lockfile", "calls it --frozen"), ("--ofline", "--offline'?"), ("--dryrun", "--dry-run'?"),
    ])
    func `in an option's name is told with the option`(option: String, meant: String) async throws {
        try await withCommandWorld { world in
            try await world.skvm("install", option).expectError(2, "usage.arguments", "\(meant)")
        }
    }

    @Test func `between a name and an option is told with the option`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest([])
            try await world.skvm("build", "foo").expectError(2, "usage.arguments", "-p foo")
        }
    }

    // MARK: Conflicts

    @Test func `of two targets on one harness has a hint that works`() async throws {
        try await withCommandWorld { world in
            try write(["skvm.toml": ""], in: world.project)
            for (name, model) in [("a", "qwen/qwen3.5-9b"), ("b", "anthropic/claude-opus-4.6")] {
                #expect(try await addTarget(world, name, model).succeeded)
            }
            let result = try await world.skvm("install", "pdf-tables")
            result.expectError(1, "install.conflict", "skvm install pdf-tables -t b")
            try await world.done("install", "pdf-tables", "-t", "b")
        }
    }

    @Test func `of a member that asks for a sibling by its version is told how to write it`() async throws {
        try await withCommandWorld { world in
            try write(
                [
                    "skvm.toml": "[workspace]\nmembers = [\"skills/*\"]\n\n" + CommandWorld.target,
                    "skills/log/SKILL.md": CommandWorld.skill.replacing("name: own", with: "name: log"),
                    "skills/log/skvm.toml": "[package]\nname = \"log\"\nversion = \"0.2.0\"\n",
                    "skills/notes/SKILL.md": CommandWorld.skill.replacing("name: own", with: "name: notes"),
                    "skills/notes/skvm.toml":
                        "[package]\nname = \"notes\"\nversion = \"0.2.0\"\n\n[dependencies]\nlog = \"^0.2\"\n",
                ], in: world.project)
            let result = try await world.skvm("build")
            result.expectError(
                1, "registry.unknown-package", "log 0.2.0 is a member of this workspace",
                "log = { path = \"../log\", version = \"^0.2\" }")
        }
    }

    // MARK: What is left

    @Test func `that was mended leaves no empty table`() async throws {
        try await withCommandWorld { world in
            try write(["skvm.toml": "# mine\n\(CommandWorld.target)"], in: world.project)
            let before = try FileSystem.readText(world.project + "/skvm.toml")
            try await world.done("registry", "init", world.scratch + "/corp", "--name", "corp")
            try await world.done("registry", "add", "corp", world.scratch + "/corp")
            try await world.done("registry", "remove", "corp")
            #expect(try FileSystem.readText(world.project + "/skvm.toml") == before)
        }
    }

    @Test func `of no words to search for lists what there is`() async throws {
        try await withCommandWorld { world in
            try write(["skvm.toml": ""], in: world.project)
            let all = try await world.done("search")
            #expect(all.outputText.contains("pdf-tables") && all.outputText.contains("charts"), "\(all.outputText)")
        }
    }
}
