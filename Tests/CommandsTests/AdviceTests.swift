import Basics
import Formats
import TestSupport
import Testing

/// What a command that can't do it leads to.
@Suite struct `What a command advises` {
    @Test func `under --global speaks of the user's own manifest, and names the flag`() async throws {
        try await withCommandWorld { world in
            let file = world.scratch + "/config/skvm.toml"
            try await world.skvm("install", "-g", in: world.scratch)
                .expectError(
                    1, "target.none", "\(file): error: your own skvm.toml has no target", "target add --global")
            let listed = try await world.done("target", "list", "-g", in: world.scratch)
            #expect(listed.outputText.contains("skvm target add --global NAME"), "\(listed.outputText)")
            #expect(
                try await world.done("doctor", "-g").outputText.contains("your own skvm.toml: \(world.scratch)/config"))
            let target = try await world.done(
                "target", "add", "-g", "mine", "--model", "qwen/qwen3.5-9b", "--harness", "bare-agent", "--json",
                in: world.scratch)
            #expect(try target.json()["diagnostics"]?.array?.isEmpty == true)
            let empty = try await world.done("install", "-g", in: world.scratch)
            #expect(empty.errorText.contains("[install.nothing]") && !empty.errorText.contains("workspace"))
        }
    }

    @Test func `outside of a project leads to what needs none`() async throws {
        try await withCommandWorld { world in
            for command in [["install", "charts"], ["remove", "charts"], ["tree"]] {
                let told = try await world.run([try CommandWorld.binary()] + command, in: world.scratch)
                told.expectError(2, "project.none", "skvm init", "--global")
            }
            let vendor = try await world.skvm("vendor", in: world.scratch)
            vendor.expectError(2, "project.none")
            #expect(!vendor.errorText.contains("--global"))
        }
    }

    @Test func `of a target that is added is in its JSON, too`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest([])
            let words = ["target", "add", "c", "--model", "anthropic/claude-opus-4.6", "--harness", "claude-code"]
            let told = try await world.run([try CommandWorld.binary()] + words + ["--dry-run"])
            #expect(told.errorText.contains("[target.unmeasured]"), "\(told.errorText)")
            #expect(!told.outputText.contains("warning"), "\(told.outputText)")
            let json = try await world.run([try CommandWorld.binary()] + words + ["--json"]).json()
            #expect(json["diagnostics"]?.array?.first?["id"]?.string == "target.unmeasured", "\(json)")
        }
    }

    @Test func `takes a skill's folder for its package where it is one`() async throws {
        try await withCommandWorld { world in
            try write(
                ["src/own/SKILL.md": CommandWorld.skill, "apart/SKILL.md": CommandWorld.skill], in: world.project)
            try world.writeManifest([], extra: "[workspace]\nmembers = [\"src/*\"]\n")
            try await world.done("build")
            let named = try await world.done("diff", "own").outputText
            for text in ["src/own", "./src/own/", world.project + "/src/own"] {
                #expect(try await world.done("diff", text).outputText == named)
            }
            #expect(try await world.done("diff", ".", in: world.project + "/src/own").outputText == named)
            try await world.done("explain", "src/own")
            try await world.skvm("diff", "apart")
                .expectError(2, "package.folder", "skvm inspect apart", "skvm add ./apart")
            try await world.skvm("diff", "nosuch").expectError(2, "package.unknown")
        }
    }

    @Test func `reaches the registry that is built in`() async throws {
        try await withCommandWorld { world in
            let checked = try await world.done("registry", "check", "embedded", in: world.scratch)
            #expect(checked.outputText.hasPrefix("checked "), "\(checked.outputText)")
            try await world.skvm("registry", "check", "embeded")
                .expectError(2, "registry.unknown", "did you mean 'embedded'?")
            try await world.skvm("registry", "check", "qqqqqq")
                .expectError(2, "registry.unknown", "there is embedded", "skvm registry add qqqqqq ADDRESS")
        }
    }

    @Test func `of lock and vendor says what was not changed`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["commit-message"])
            try await world.done("install")
            #expect(try await world.done("lock").outputText == "skvm.lock is up to date\n")
            let dry = try await world.done("vendor", "--dry-run").outputText
            #expect(dry.hasPrefix("dry run, nothing was changed; otherwise: would vendor 1 package"), "\(dry)")
            #expect(!FileSystem.exists(world.project + "/vendor"))
            let vendored = try await world.done("vendor")
            #expect(!vendored.errorText.contains("run `skvm vendor`"))
            let added = try await world.done("install", "palette@*")
            #expect(added.errorText.contains("vendor holds what skvm.lock pinned before: run `skvm vendor`"))
            try await world.skvm("verify").expectError(5, "verify.not-vendored", "palette")
        }
    }
}
