import Basics
import TestSupport
import Testing

@testable import Commands

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What users of other tools, of other machines and outside of projects meet first.
@Suite struct `The way out` {
    // MARK: Commands

    @Test(arguments: [
        ("uninstall", "remove"), ("rm", "remove"), ("upgrade", "update"), ("i", "install"), ("sync", "install"),
        ("ls", "tree"), ("list", "tree"), ("instal", "install"),
    ])
    func `of another tool's command is ours`(word: String, meant: String) async throws {
        try await withCommandWorld { world in
            try await world.skvm(word).expectError(2, "usage.command", "did you mean 'skvm \(meant)'?")
        }
    }

    @Test func `of help for no command is an error, and of help for one its help`() async throws {
        try await withCommandWorld { world in
            let result = try await world.skvm("help", "nope")
            result.expectError(2, "usage.command", "nope")
            #expect(result.output.isEmpty)
            #expect(try await world.done("help", "lock").outputText.contains("--install-driver"))
            #expect(try await world.done("help").outputText.contains("SUBCOMMAND"))
        }
    }

    // MARK: Home

    @Test(arguments: [nil, "", "relative", "./x"])
    func `of a home that is none is the system's`(home: String?) throws {
        let own = try #require(getpwuid(getuid()).flatMap { $0.pointee.pw_dir }.map { String(cString: $0) })
        var environment = ["XDG_CACHE_HOME": "also/relative"]
        environment["HOME"] = home
        #expect(Home.folder(environment) == own)
        func place(_ more: [String: String]) throws -> String {
            try Home.place(
                "SKVM_CACHE_DIR", "XDG_CACHE_HOME", ".cache", environment.merging(more) { $1 }, workingDirectory: "/w")
        }
        #expect(try place([:]) == own + "/.cache/skvm")
        #expect(try place(["HOME": "/h"]) == "/h/.cache/skvm")
        #expect(try place(["XDG_CACHE_HOME": "/x"]) == "/x/skvm")
        #expect(try place(["SKVM_CACHE_DIR": "c"]) == "/w/c")
    }

    // MARK: Targets

    @Test func `of a target of this machine is said when it is added, and where its lock does not hold`() async throws {
        try await withCommandWorld { world in
            try write(["skvm.toml": "[dependencies]\n"], in: world.project)
            let added = try await world.done(
                "target", "add", "a", "--model", "anthropic/claude-opus-4.6", "--harness", "openclaw")
            #expect(added.outputText.contains("this machine") && added.outputText.contains("--environment"))
            try await world.done("install", "palette")
            var other = world
            let bin = world.scratch + "/bin"
            try write(["magick": "", "kubectl": "", "tesseract": ""], in: bin)
            other.variables["PATH"] = "\(bin):/usr/bin:/bin"
            // Somebody else's machine: it has not what pins the environment.
            try FileSystem.removeTree(world.cache)
            try await other.skvm("install", "--locked")
                .expectError(3, "lock.stale", "target 'a' is `host`", "skvm target list --known")
        }
    }

    @Test func `of a harness that there is not is the nearest, at no line that there is not`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest([])
            func add(_ harness: String) async throws -> ProgramResult {
                try await world.skvm(
                    "target", "add", "z", "--model", "m/m", "--harness", harness, "--environment", "debian-12-x86_64")
            }
            let near = try await add("cluade-code")
            near.expectError(2, "target.unknown-harness", "did you mean 'claude-code'?")
            #expect(!near.errorText.contains("skvm.toml:"), "\(near.errorText)")
            try await add("zzzzzzzzzzzz").expectError(2, "target.unknown-harness", "known are ")
            // One letter is not like another.
            let gone = try await world.skvm("target", "remove", "x")
            gone.expectError(2, "target.unknown", "its targets are weak")
            try await world.done(
                "target", "add", "y", "--model", "m/m", "--harness", "openclaw", "--environment", "debian-12-x86_64",
                "--force")
            let letter = try await world.skvm("target", "remove", "x")
            #expect(!letter.errorText.contains("did you mean"), "\(letter.errorText)")
        }
    }

    // MARK: Registries

    private func registry(_ world: CommandWorld) async throws -> String {
        let folder = world.scratch + "/corp"
        try await world.done("registry", "init", folder, "--name", "corp")
        try write(
            [
                "skills/gauges/SKILL.md": CommandWorld.skill.replacing("name: own", with: "name: gauges"),
                "skills/gauges/skvm.toml": "[package]\nname = \"gauges\"\nversion = \"1.0.0\"\n",
            ], in: folder)
        try await world.done("registry", "index", folder)
        return folder
    }

    @Test func `outside of a project is the user's own registries`() async throws {
        try await withCommandWorld { world in
            let folder = try await registry(world)
            try await world.done("registry", "add", "corp", folder, "--global")
            #expect(try await world.done("search", "gauges").outputText.contains("gauges"))
            #expect(try await world.done("info", "gauges", "--registry", "corp").outputText.contains("gauges 1.0.0"))
            #expect(try await world.done("registry", "list").outputText.contains("corp: "))
            #expect(try await world.done("registry", "check", "corp").outputText.contains("1 package"))
            #expect(try FileSystem.list(world.project).isEmpty)
            try write(["skvm.toml": ""], in: world.project)
            let inside = try await world.skvm("registry", "list")
            #expect(!inside.outputText.contains("corp: "), "\(inside.outputText)")
            try await world.skvm("install", "palette", "--global", in: world.home)
                .expectError(1, "target.none", "skvm target add --global NAME")
        }
    }

    @Test func `of a registry that is none names what to give`() async throws {
        try await withCommandWorld { world in
            try await world.skvm("registry", "check", "default").expectError(2, "registry.unknown", "'default'")
            try await world.skvm("registry", "check").expectError(2, "registry.none-here", world.project)
            let folder = try await registry(world)
            try write(["skvm.toml": "[registries]\ndefault = \"\(folder)\"\n"], in: world.project)
            try await world.done("registry", "check", "default")
            try await world.done("registry", "check", in: folder)
            try await world.skvm("registry", "check", "defualt")
                .expectError(2, "registry.unknown", "did you mean 'default'?")
        }
    }

    // MARK: Skills

    @Test func `to publish a skill's folder is in what init writes`() async throws {
        try await withCommandWorld { world in
            try write(["SKILL.md": CommandWorld.skill], in: world.project)
            #expect(try await world.done("init").outputText.contains("[package]"))
            let text = try FileSystem.readText(world.project + "/skvm.toml")
            #expect(text.hasPrefix("[package]\nname = \"own\"\nversion = \"0.1.0\"\n"), "\(text)")
            try await world.done("check")
            try write(["skvm.toml": "[dependencies]\n"], in: world.project)
            try await world.skvm("publish").expectError(2, "publish.no-package", "[package]", "version = \"0.1.0\"")
        }
    }

    @Test func `a dry run of trust makes no file`() async throws {
        try await withCommandWorld { world in
            let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIHF6dlS2QRqYyDMzvA3UsnlNvAXXEZrsQD4EOmFg5kB"
            try await world.done("trust", "add", "a@example.org", key, "--dry-run")
            #expect(!FileSystem.exists(world.scratch + "/config"))
        }
    }
}
