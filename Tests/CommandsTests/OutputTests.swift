import Basics
import Formats
import TestSupport
import Testing

@Suite struct `What skvm says` {
    @Test(arguments: [
        ["--no-such"], ["no-such"], ["build", "--jobs", "0"], ["build", "--jobs", "x"], ["add"],
        ["gc", "--days", "-1"],
        ["graph", "--format", "png"], ["target", "add", "x"], ["-C"], ["new", "Not A Name"],
        ["-C", "/no/such/folder", "build"], ["check", "no-such-folder"], ["build", "--offline", "extra"],
    ])
    func `about wrong usage goes to stderr with exit code 2`(arguments: [String]) async throws {
        try await withCommandWorld { world in
            let result = try await world.run([try CommandWorld.binary()] + arguments)
            #expect(result.status == 2, "\(result.outputText)\(result.errorText)")
            #expect(!result.error.isEmpty)
            #expect(try FileSystem.list(world.project).isEmpty)
        }
    }

    @Test(arguments: [["--help"], ["help", "build"], ["build", "--help"], ["--version"], ["target", "--help"]])
    func `when asked for help is data`(arguments: [String]) async throws {
        try await withCommandWorld { world in
            let result = try await world.run([try CommandWorld.binary()] + arguments)
            #expect(result.status == 0 && result.error.isEmpty && !result.output.isEmpty, "\(result.errorText)")
        }
    }

    /// The argument parser wraps a longer line, which tears what stands in columns.
    @Test func `in columns of a help text fits a terminal of 80 columns`() async throws {
        try await withCommandWorld { world in
            let whole = try await world.run([try CommandWorld.binary(), "--experimental-dump-help"])
            let command = try #require(try StrictJSON.parse(whole.output, file: "help")["command"])
            func lines(_ command: JSONValue) -> [Substring] {
                (command["discussion"]?.string ?? "").split(separator: "\n")
                    + (command["subcommands"]?.array ?? []).flatMap(lines)
            }
            let columns = lines(command).filter { $0.drop { $0 == " " }.contains("  ") }
            #expect(columns.count > 5)
            #expect(columns.filter { $0.count > 80 }.isEmpty)
        }
    }

    @Test func `a link that one line has many times is told once, with its number`() async throws {
        try await withCommandWorld { world in
            let text =
                "---\nname: one\ndescription: Does it.\n---\n" + String(repeating: "[a](gone.md) ", count: 500) + "\n"
            try write(["one/SKILL.md": text], in: world.project)
            let said = try await world.done("check", "one").errorText
            #expect(said.split(separator: "\n").filter { $0.contains("gone.md") }.count == 1, "\(said)")
            #expect(said.contains("(500 times in this line)"), "\(said)")
        }
    }

    @Test func `of several warnings with one way out says it once`() async throws {
        try await withCommandWorld { world in
            for name in ["one", "two"] {
                let text = "---\nname: \(name)\ndescription: Does it.\n---\n[a](gone.md)\n"
                try write(["\(name)/SKILL.md": text], in: world.project)
            }
            let said = try await world.done("check", "one", "two").errorText
            #expect(said.split(separator: "\n").filter { $0.contains("[check.missing-file]") }.count == 2, "\(said)")
            #expect(said.split(separator: "\n").filter { $0.hasPrefix("hint: add the file") }.count == 1, "\(said)")
        }
    }

    @Test func `has each exit code where DESIGN has it`() async throws {
        try await withCommandWorld { world in
            #expect(try await world.skvm("init").status == 0)
            #expect(try await world.skvm("build").status == 1)
            #expect(try await world.skvm("build", "--nonsense").status == 2)
            try world.writeManifest()
            try await world.skvm("build", "--locked").expectError(3, "lock.stale", "skvm.lock", "--locked")
            try world.writeManifest(extra: "[registries]\ndefault = \"file://\(world.scratch)/r.git\"\n")
            #expect(try await world.skvm("build", "--offline").status == 4)
            #expect(try await world.skvm("build").status == 6)
            try world.writeManifest()
            try await world.done("install")
            try write([".agents/skills/commit-message/SKILL.md": "not skvm's\n"], in: world.project)
            try await world.skvm("verify").expectError(5, "verify.modified", ".agents/skills/commit-message/SKILL.md")
            try await world.done("install")
            #expect(
                try world.snapshot(world.project)[".agents/skills/commit-message/SKILL.md"] == "not skvm's\n")
        }
    }

    @Test(arguments: [
        ["build"], ["install"], ["check"], ["check", "own"], ["inspect", "own"], ["explain", "own"], ["graph"],
        ["diff", "own"], ["verify"], ["digest", "own"], ["clean"], ["gc"], ["target"], ["target", "list"],
        ["target", "list", "--known"], ["registry"], ["registry", "list"], ["registry", "update"], ["cache"],
        ["doctor"],
        ["new", "another"], ["add", "./own"], ["add", "palette"], ["remove", "own"],
        ["target", "add", "t", "--model", "qwen/qwen3.5-9b", "--harness", "hermes"], ["target", "remove", "weak"],
        ["registry", "add", "r", "registry"], ["build", "--dry-run"], ["install", "--dry-run"], ["lock"],
        ["lock", "merge", "skvm.lock", "skvm.lock", "skvm.lock"], ["vendor"], ["vendor", "--dry-run"],
        ["registry", "init", "mine"], ["registry", "index", "registry"], ["registry", "check", "registry"],
        ["registry", "accept", "https://example.org/none"],
    ])
    func `with --json is one document with the common keys`(arguments: [String]) async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["own = { path = \"own\" }"])
            try write(
                ["own/SKILL.md": CommandWorld.skill, "registry/registry.toml": "version = 1\nname = \"r\"\n"],
                in: world.project)
            try await world.done("build")
            let result = try await world.run([try CommandWorld.binary()] + arguments + ["--json"])
            #expect(result.status == 0, "\(result.outputText)\(result.errorText)")
            #expect(result.error.isEmpty, "\(result.errorText)")
            let json = try result.json()
            #expect(json["version"]?.integer == 1)
            #expect(json["command"]?.string == arguments[0])
            #expect(json["ok"]?.boolean == true)
            #expect(json["diagnostics"]?.array != nil)
        }
    }

    @Test(arguments: [
        (["build"], "project.none", Int32(2)), (["verify"], "project.none", 2),
        (["target", "list"], "project.none", 2),
        (["registry", "remove", "x"], "project.none", 2), (["inspect", "none"], "folder.none", 2),
        (["new", "X"], "new.name", 2), (["-C", "/no/such", "build"], "usage.directory", 2),
        (["registry", "add", "r", "file:///no/such"], "project.none", 2), (["publish"], "project.none", 2),
        (["yank", "charts@1.0.0"], "project.none", 2), (["lock"], "project.none", 2), (["vendor"], "project.none", 2),
        (["registry", "index"], "registry.none", 2),
    ])
    func `with --json of a failure is one document, too`(arguments: [String], id: String, status: Int32) async throws {
        try await withCommandWorld { world in
            let result = try await world.run([try CommandWorld.binary()] + arguments + ["--json"])
            #expect(result.status == status)
            #expect(result.error.isEmpty, "\(result.errorText)")
            let json = try result.json()
            #expect(json["version"]?.integer == 1)
            #expect(json["command"]?.string == arguments.first { !$0.hasPrefix("-") && !$0.hasPrefix("/") })
            #expect(json["ok"]?.boolean == false)
            let first = try #require(json["diagnostics"]?.array?.first)
            #expect(first["id"]?.string == id)
            #expect(first["severity"]?.string == "error")
            #expect(first["message"]?.string?.isEmpty == false)
        }
    }

    @Test func `is data on stdout and all else on stderr, and nothing but errors with -q`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest()
            let first = try await world.done("build")
            #expect(first.outputText.contains("11 passes ran"))
            #expect(first.errorText.contains("resolving 1 dependency"))
            let quiet = try await world.done("build", "-q")
            #expect(quiet.output.isEmpty && quiet.error.isEmpty)
            let graph = try await world.done("graph", "-q")
            #expect(!graph.output.isEmpty)
            try await world.skvm("build", "-q", "-t", "none").expectError(2, "target.unknown", "none")
        }
    }

    @Test(.enabled(if: FileSystem.exists("/usr/bin/script")), arguments: [nil, "", "1"])
    func `is coloured on a terminal only, and not under NO_COLOR`(noColor: String?) async throws {
        try await withCommandWorld { world in
            var world = world
            world.variables["NO_COLOR"] = noColor
            world.variables["TERM"] = "xterm"
            let result = try await world.run(
                ["/usr/bin/script", "-q", "-e", "-c", "\(try CommandWorld.binary()) build", "/dev/null"])
            #expect(result.status == 2)
            #expect(result.outputText.contains("[project.none]"))
            #expect(result.outputText.contains("\u{1B}[1;31m") == (noColor != "1"))
            #expect(try await !world.skvm("build").errorText.contains("\u{1B}"))
        }
    }

    @Test func `with -C is said about that folder`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest([])
            let result = try await world.done("-C", "project", "target", "list", in: world.scratch)
            #expect(result.outputText.contains("qwen/qwen3.5-9b"))
            // From below a project as well.
            try FileSystem.makeDirectories(world.project + "/a/b")
            #expect(try await world.done("target", in: world.project + "/a/b").output == result.output)
        }
    }

    @Test func `to a reader that went away ends it by SIGPIPE, and to a full disk as an error`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["commit-message", "palette = \"*\"", "charts"])
            try await world.done("build")
            let binary = try CommandWorld.binary()
            let pipe = try await world.run(
                ["/bin/bash", "-c", "'\(binary)' graph --json | (exec <&-; sleep 1); echo ${PIPESTATUS[0]}"])
            #expect(pipe.outputText == "141\n" && pipe.error.isEmpty, "\(pipe.outputText)\(pipe.errorText)")
            let full = try await world.run(["/bin/sh", "-c", "'\(binary)' graph > /dev/full"])
            full.expectError(6, "output.write", "No space left")
        }
    }
}
