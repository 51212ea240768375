import Basics
import TestSupport
import Testing

/// What commands say of their work: what was asked for always, all else once and short.
@Suite struct `Messages` {
    private func lines(_ text: String, with part: String) -> [Substring] {
        text.split(separator: "\n").filter { $0.contains(part) }
    }

    // MARK: Quiet

    @Test(arguments: [
        ["tree"], ["why", "palette"], ["outdated"], ["search", "palette"], ["info", "palette"], ["target", "list"],
        ["target", "list", "--known"], ["registry", "list"], ["doctor"], ["graph"],
    ])
    func `what was asked for is printed with -q, too`(arguments: [String]) async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["charts"])
            try await world.done("install")
            let quiet = try await world.run([try CommandWorld.binary()] + arguments + ["-q"])
            #expect(quiet.status == 0 && !quiet.output.isEmpty && quiet.error.isEmpty, "\(quiet.errorText)")
            let loud = try await world.run([try CommandWorld.binary()] + arguments)
            #expect(loud.output == quiet.output)
        }
    }

    @Test func `of commands that do something is nothing with -q`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["charts"])
            for arguments in [["install"], ["add", "pdf-tables"], ["remove", "charts"], ["update"], ["verify"]] {
                let quiet = try await world.run([try CommandWorld.binary()] + arguments + ["-q"])
                #expect(
                    quiet.status == 0 && quiet.output.isEmpty && quiet.error.isEmpty,
                    "\(arguments): \(quiet.outputText)\(quiet.errorText)")
            }
        }
    }

    // MARK: How much

    @Test func `of targets without a profile is one line, and none where a list says it`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["palette = \"*\""])
            for name in ["a", "b", "c", "d"] {
                try await world.done(
                    "target", "add", name, "--model", "nobody/\(name)", "--harness", "openclaw", "--environment",
                    "debian-12-x86_64")
            }
            let installed = try await world.skvm("install", "-t", "a", "-t", "b", "-t", "c", "-t", "d")
            let told = lines(installed.errorText, with: "[target.unmeasured]")
            #expect(told.count == 1 && told[0].contains("4 targets") && told[0].contains("a, b, c, …"), "\(told)")
            let list = try await world.done("target", "list")
            #expect(list.error.isEmpty && lines(list.outputText, with: "not measured").count == 4, "\(list.errorText)")
            let one = try await world.skvm("install", "-t", "a")
            #expect(lines(one.errorText, with: "nobody/a on openclaw").isEmpty, "\(one.errorText)")
        }
    }

    @Test func `of an installation says why passes ran again when it is asked to`() async throws {
        for words in [[], ["-v"]] {
            try await withCommandWorld { world in
                try write(["own/SKILL.md": CommandWorld.skill], in: world.project)
                try world.writeManifest(["own = { path = \"own\" }"])
                try await world.done("install")
                try write(["own/SKILL.md": CommandWorld.skill.replacing("Add", with: "Sum up")], in: world.project)
                let again = try await world.run([try CommandWorld.binary(), "install"] + words)
                #expect(again.succeeded && again.outputText.contains("updated "), "\(again.errorText)")
                #expect(again.outputText.contains(" ran: ") == !words.isEmpty, "\(again.outputText)")
                try write(["own/SKILL.md": CommandWorld.skill], in: world.project)
                #expect(try await world.done("clean").succeeded)
            }
        }
    }

    @Test func `of verify name each file once, and of a skill that is gone the skill`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["charts", "pdf-tables"])
            try await world.done("install")
            let folder = world.project + "/.agents/skills"
            try FileSystem.removeTree(folder + "/pdf-tables")
            try FileSystem.write(Array("mine\n".utf8), to: folder + "/charts/SKILL.md")
            let said = try await world.skvm("verify")
            said.expectError(5, "verify.missing")
            let missing = lines(said.errorText, with: "[verify.missing]")
            #expect(missing.count == 1 && missing[0].contains("\(folder)/pdf-tables, "), "\(said.errorText)")
            #expect(lines(said.errorText, with: "\(folder)/charts/SKILL.md").count == 1, "\(said.errorText)")
            #expect(lines(said.errorText, with: "hint: run `skvm install`").count == 1, "\(said.errorText)")
        }
    }

    @Test func `of verify name what lies in a skill's folder and is not skvm's to who asks for more`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["palette = \"*\""])
            try await world.done("install")
            try write([".agents/skills/palette/more/notes.md": "mine"], in: world.project)
            let said = try await world.done("verify", "-v")
            #expect(said.errorText.contains("[verify.extra]") && said.errorText.contains("more/notes.md"))
            #expect(try await world.done("verify").error.isEmpty)
        }
    }

    @Test func `of verify in a clone that nothing was installed into is a warning`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["charts"])
            try await world.done("build")
            let said = try await world.done("verify")
            #expect(said.errorText.contains("[verify.none-installed]"), "\(said.errorText)")
            #expect(said.errorText.contains("pins 2 skills"), "\(said.errorText)")
            try await world.done("install")
            #expect(try await !world.done("verify").errorText.contains("none-installed"))
        }
    }

    @Test func `of verify name a file whose execute bit was changed, which a repair sets again`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["palette = \"*\""])
            try await world.done("install")
            let file = world.project + "/.agents/skills/palette/SKILL.md"
            try FileSystem.setMode(file, 0o755)
            try await world.skvm("verify").expectError(5, "verify.mode", file)
            try await world.done("verify", "--repair")
            try await world.done("verify")
        }
    }

    // MARK: What was written

    @Test func `of what is written into skvm.toml name the file and the line`() async throws {
        try await withCommandWorld { world in
            try write(
                [
                    "members/own/SKILL.md": CommandWorld.skill,
                    "members/own/skvm.toml": "[package]\nname = \"own\"\nversion = \"1.0.0\"\n",
                ], in: world.project)
            try world.writeManifest([], extra: "[workspace]\nmembers = [\"members/*\"]\n")
            let member = world.project + "/members/own"
            let added = try await world.done("add", "charts", in: member)
            #expect(lines(added.errorText, with: "skvm.toml: added charts = \"^").first?.hasPrefix("skvm.toml") == true)
            let installed = try await world.done("install", "pdf-tables", in: member)
            #expect(installed.errorText.contains("\n../../skvm.toml: added pdf-tables = \"^"), "\(installed.errorText)")
            try await world.done("add", "palette@0.3", in: member)
            let changed = try await world.done("add", "palette@0", in: member)
            #expect(
                changed.errorText.contains("skvm.toml: changed palette = \"^0.3\" to palette = \"^0\""),
                "\(changed.errorText)")
            let dry = try await world.done("remove", "palette", "--dry-run", in: member)
            #expect(dry.errorText.contains("dry run: skvm.toml: removed palette = \"^0\""), "\(dry.errorText)")
            #expect(try FileSystem.readText(member + "/skvm.toml").contains("palette"))
            // What fails has written nothing, and says nothing of it.
            let failed = try await world.skvm("add", "charts@^99", in: member)
            #expect(failed.status != 0 && !failed.errorText.contains("skvm.toml: "), "\(failed.errorText)")
        }
    }

    // MARK: Targets

    @Test func `of a harness that reads no skills from projects come when its target is added, and name the target`()
        async throws
    {
        try await withCommandWorld { world in
            try world.writeManifest(["palette = \"*\""])
            let added = try await world.done(
                "target", "add", "h", "--model", "qwen/qwen3.5-9b", "--harness", "hermes", "--environment",
                "debian-12-x86_64")
            let said = added.outputText + added.errorText
            #expect(said.contains("`skvm install` leaves target 'h' out"), "\(said)")
            #expect(said.contains("skvm install --user -t h"), "\(said)")
            // The others get their skills, and each installation says who does not.
            for _ in 0..<2 {
                let told = try await world.done("install").errorText
                #expect(told.contains("target 'h': ") && told.contains("[harness.scope]"), "\(told)")
                #expect(told.contains("`skvm target remove h`"), "\(told)")
                #expect(FileSystem.exists(world.project + "/.agents/skills/palette/SKILL.md"))
            }
            // Who names it is refused, and so is a project that has no other.
            for names in [["h"], ["weak", "h"]] {
                let words = ["install"] + names.flatMap { ["-t", $0] }
                try await world.run([try CommandWorld.binary()] + words).expectError(2, "harness.scope", "target 'h': ")
            }
            try await world.done("target", "remove", "weak")
            try await world.skvm("install").expectError(2, "harness.scope", "target 'h': ")
        }
    }

    @Test func `of two models for one harness name the option that chooses one`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["pdf-tables"])
            try await world.done(
                "target", "add", "strong", "--model", "anthropic/claude-opus-4.6", "--harness", "bare-agent",
                "--environment", "debian-12-x86_64")
            let refused = try await world.skvm("install")
            refused.expectError(1, "install.conflict", "skvm install -t weak")
        }
    }

    // MARK: Width

    @Test(.enabled(if: FileSystem.exists("/usr/bin/script")), arguments: [60, 200])
    func `of a search are as wide as the terminal`(columns: Int) async throws {
        try await withCommandWorld { world in
            let command = "stty cols \(columns); TERM=xterm '\(try CommandWorld.binary())' search files"
            let result = try await world.run(["script", "-qec", command, "/dev/null"])
            let widths = result.outputText.split(separator: "\r\n").map(\.count)
            #expect(widths.count > 3 && widths.allSatisfy { $0 <= columns }, "\(result.outputText)")
            #expect(widths.contains { $0 > columns - 25 }, "\(result.outputText)")
        }
    }

    // MARK: Usage

    @Test(arguments: [
        ["add"], ["build", "--jobs", "0"], ["tree", "--depth", "-1"], ["target", "add", "x"], ["update", "--precise"],
    ])
    func `of wrong usage are one error, worded as all are`(arguments: [String]) async throws {
        try await withCommandWorld { world in
            let result = try await world.run([try CommandWorld.binary()] + arguments)
            result.expectError(2, "usage.arguments", "error: ", "hint: see `skvm \(arguments[0])")
            #expect(!result.errorText.contains("Error:") && !result.errorText.contains("Usage:"), "\(result.errorText)")
            #expect(lines(result.errorText, with: "error: ").count == 1, "\(result.errorText)")
        }
    }

    @Test func `of a vendor folder that is a file are wrong usage`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["palette = \"*\""])
            try await world.skvm("vendor", "skvm.toml").expectError(2, "vendor.file", "skvm.toml is a file")
        }
    }

    @Test func `of a folder whose name is no text don't speak of -C`() async throws {
        try await withCommandWorld { world in
            let name = "\"$(printf 'a\\377')\""
            let script = "mkdir \(name) && cd \(name) && '\(try CommandWorld.binary())' tree"
            let result = try await world.run(["/bin/sh", "-c", script])
            result.expectError(2, "usage.directory", "current folder")
            #expect(!result.errorText.contains("-C names"))
        }
    }

    // MARK: Workspaces

    @Test func `of a members pattern that finds nothing are a warning, and of two stars an error`() async throws {
        try await withCommandWorld { world in
            try write(["nested/a/own/SKILL.md": CommandWorld.skill], in: world.project)
            for pattern in ["**", "nested/**", "**/own"] {
                try world.writeManifest([], extra: "[workspace]\nmembers = [\"\(pattern)\"]\n")
                try await world.skvm("check").expectError(1, "manifest.member", "`**`", "\"skills/*/*\"")
            }
            try world.writeManifest([], extra: "[workspace]\nmembers = [\"nested/*\"]\n")
            for command in ["check", "build"] {
                let said = try await world.skvm(command)
                #expect(said.errorText.contains("no skill matches 'nested/*'"), "\(said.errorText)")
            }
            try world.writeManifest([], extra: "[workspace]\nmembers = [\"nested/*/*\"]\n")
            let found = try await world.done("check")
            #expect(found.outputText.contains("1 skill") && !found.errorText.contains("no-match"), "\(found.errorText)")
        }
    }

    @Test func `of a range that a member can't have name the member`() async throws {
        try await withCommandWorld { world in
            func member(_ name: String, _ dependencies: String) throws {
                try write(
                    [
                        "\(name)/SKILL.md": CommandWorld.skill.replacing("name: own", with: "name: \(name)"),
                        "\(name)/skvm.toml":
                            "[package]\nname = \"\(name)\"\nversion = \"1.0.0\"\n\n[dependencies]\n\(dependencies)\n",
                    ], in: world.project)
            }
            try member("ws-a", "")
            try member("ws-b", "ws-a = { path = \"../ws-a\", version = \"^2\" }\npalette = \"^99\"")
            try world.writeManifest(["palette = \"*\""], extra: "[workspace]\nmembers = [\"ws-*\"]\n")
            let said = try await world.skvm("lock")
            #expect(said.status == 1 && said.errorText.contains("the member ws-b asks for"), "\(said.errorText)")
        }
    }
}
