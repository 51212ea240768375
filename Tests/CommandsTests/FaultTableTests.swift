import Basics
import Formats
import TestSupport
import Testing

/// The same fault has the same exit code, whichever command meets it, and always a way out.
@Suite struct `A fault` {
    struct Row: Sendable, CustomTestStringConvertible {
        var fault: String
        var status: Int32
        var ids: Set<String>
        var commands: [String]
        /// Whether the message says in which line.
        var isInFile = false
        var testDescription: String { fault }

        init(_ fault: String, _ status: Int32, _ ids: Set<String>, isInFile: Bool = false, _ commands: [String]) {
            (self.fault, self.status, self.ids, self.commands) = (fault, status, ids, commands)
            self.isInFile = isInFile
        }
    }

    private func expect(_ row: Row, _ world: CommandWorld, prefix: [String] = []) async throws {
        for command in row.commands {
            let words = command.split(separator: " ").map(String.init)
            let plain = try await world.run([try CommandWorld.binary()] + words + prefix)
            #expect(plain.status == row.status, "\(command): \(plain.outputText)\(plain.errorText)")
            // A place in a file, or the way to the help, is a way out as well.
            let hasWayOut = plain.errorText.contains("hint: ") || plain.errorText.contains("--help' for more")
            #expect(hasWayOut || row.isInFile, "\(command): \(plain.errorText)")
            let result = try await world.run([try CommandWorld.binary()] + words + prefix + ["--json"])
            #expect(result.status == row.status, "\(command): \(result.outputText)")
            #expect(result.error.isEmpty, "\(command): \(result.errorText)")
            let json = try result.json()
            #expect(json["ok"]?.boolean == false && json["command"]?.string == words[0], "\(command): \(json)")
            let errors = (json["diagnostics"]?.array ?? []).filter { $0["severity"]?.string == "error" }
            #expect(!errors.isEmpty)
            for error in errors {
                #expect(row.ids.contains(error["id"]?.string ?? ""), "\(command): \(error)")
                #expect(error["exit"]?.integer == Int64(row.status), "\(command): \(error)")
            }
        }
    }

    private static let here = [
        Row(
            "that is a target's name", 2, ["target.unknown"],
            [
                "build -t weka", "install -t weka", "explain own -t weka", "graph -t weka", "diff own -t weka",
                "target remove weka",
            ]),
        Row(
            "that is the name of a package of the project", 2,
            [
                "package.unknown", "update.unknown", "explain.unknown", "remove.unknown", "why.unknown",
                "publish.unknown",
            ], ["build -p onw", "graph onw", "diff onw", "update onw", "explain onw", "remove onw", "why onw"]),
        Row(
            "that is a registry's name", 2, ["registry.unknown"],
            [
                "add charts --registry mien", "search charts --registry mien", "info charts --registry mien",
                "registry remove mien", "registry accept mien",
            ]),
        Row(
            "that is a folder's name", 2, ["folder.none", "digest.none", "registry.none", "add.no-skill"],
            ["check nowhere", "inspect nowhere", "digest nowhere", "registry index nowhere", "add ./nowhere"]),
        Row(
            "that is what no registry has", 1,
            ["registry.unknown-package", "resolve.unsatisfiable", "info.no-version"],
            ["add charts-of-nobody", "info charts-of-nobody", "add palette@=99.0.0", "info palette@99.0.0"]),
        Row(
            "that is an argument", 2, ["usage.arguments"],
            [
                "build --nonsense", "install --jobs 0", "add", "remove", "search --limit 0", "info", "why", "yank",
                "digest",
                "gc --days -1", "graph --format png", "target add x", "registry add x",
                "new", "completions", "completions csh", "check --pass x y", "update --nonsense", "outdated --nonsense",
                "tree --nonsense", "publish --nonsense", "vendor --nonsense", "verify --nonsense", "clean --nonsense",
                "cache --nonsense", "doctor --nonsense", "lock --nonsense", "init --nonsense",
            ]),
        Row("that is no package's name", 2, ["package.none"], ["inspect"]),
        Row("that is a command's name", 2, ["usage.command"], ["registry remov x", "target ad x", "lock mrege"]),
    ]

    @Test(arguments: here)
    func `has one exit code in a project`(row: Row) async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["own = { path = \"own\" }"])
            try write(["own/SKILL.md": CommandWorld.skill], in: world.project)
            try await world.done("build")
            try await expect(row, world)
        }
    }

    private static let projectCommands = [
        "build", "install", "check", "explain own", "graph", "diff own", "update", "outdated", "tree", "why own",
        "remove own", "add palette", "verify", "clean", "vendor", "lock", "publish", "yank charts@1.0.0", "target list",
        "target remove weak", "registry remove x",
    ]

    @Test func `has one exit code where there is no project`() async throws {
        try await withCommandWorld { world in
            try await expect(Row("", 2, ["project.none"], Self.projectCommands), world)
        }
    }

    @Test func `has one exit code where the manifest can't be read`() async throws {
        try await withCommandWorld { world in
            try write(["skvm.toml": "[dependencies\n"], in: world.project)
            try await expect(
                Row(
                    "", 1, ["toml.syntax"], isInFile: true,
                    Self.projectCommands + ["search charts", "info charts", "registry list", "registry update", "gc"]),
                world)
        }
    }

    @Test func `has one exit code where the lock can't be read`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["own = { path = \"own\" }"])
            try write(
                [
                    "own/SKILL.md": CommandWorld.skill,
                    "skvm.lock": "version = 1\n<<<<<<< ours\nrevision = \n=======\n>>>>>>> theirs\n",
                ], in: world.project)
            try await expect(
                Row(
                    // `lock` merges both sides, where they are locks.
                    "", 1, ["toml.conflict", "toml.value"],
                    [
                        "build", "install", "graph", "diff own", "update", "outdated", "tree", "why own", "remove own",
                        "add palette", "verify", "vendor", "lock", "gc",
                    ]), world)
        }
    }

    @Test func `has one exit code where the lock would have to change and must not`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["own = { path = \"own\" }"])
            try write(["own/SKILL.md": CommandWorld.skill], in: world.project)
            try await expect(
                Row("", 3, ["lock.stale"], ["build", "install", "lock", "vendor", "update", "add palette"]), world,
                prefix: ["--locked"])
        }
    }

    private func withoutServer(_ body: (CommandWorld) async throws -> Void) async throws {
        try await withCommandWorld { world in
            try world.writeManifest(
                ["charts"], extra: "[registries]\ndefault = \"http://127.0.0.1:\(try LoopbackPort.free())/r.git\"\n")
            try await body(world)
        }
    }

    private static let asking = [
        "build", "install", "lock", "vendor", "update", "outdated", "tree", "why charts", "graph", "diff charts",
        "add palette", "info charts", "search charts", "registry update", "registry check default",
    ]

    @Test func `has one exit code where a server can't be reached`() async throws {
        try await withoutServer { world in
            try await expect(Row("", 6, ["git.network"], Self.asking), world)
        }
    }

    @Test func `has one exit code where the server may not be asked`() async throws {
        try await withoutServer { world in
            try await expect(Row("", 4, ["git.offline"], Self.asking), world, prefix: ["--offline"])
        }
    }
}

@Suite struct `A word that is nearly a command` {
    @Test(arguments: [
        ("instal", "skvm install"), ("regisrty list", "skvm registry"), ("registry remov x", "skvm registry remove"),
        ("target lst", "skvm target list"), ("-C . biuld", "skvm build"),
    ])
    func `is answered with the command`(line: String, meant: String) async throws {
        try await withCommandWorld { world in
            let words = line.split(separator: " ").map(String.init)
            let result = try await world.run([try CommandWorld.binary()] + words)
            result.expectError(2, "usage.command", "did you mean '\(meant)'?")
        }
    }
}

@Suite struct `The completions` {
    @Test func `are a script that bash reads, and that knows the commands`() async throws {
        try await withCommandWorld { world in
            for shell in ["bash", "zsh", "fish"] {
                let script = try await world.done("completions", shell).outputText
                #expect(script.contains("install") && script.contains("skvm"))
                let json = try await world.done("completions", shell, "--json").json()
                #expect(json["script"]?.string.map { $0 + "\n" } == script)
            }
            try await world.done("completions", "bash").output.withUnsafeBytes {
                try FileSystem.write(Array($0), to: world.project + "/skvm.bash")
            }
            let asked = """
                . ./skvm.bash
                COMP_WORDS=(skvm regi) COMP_CWORD=1 COMP_LINE='skvm regi' COMP_POINT=9
                _skvm skvm regi skvm
                printf '%s\\n' "${COMPREPLY[@]}"
                """
            let result = try await world.run(["bash", "-c", asked])
            #expect(result.outputText.split(separator: "\n") == ["registry"], "\(result.errorText)")
        }
    }
}

@Suite struct `Doctor` {
    @Test(arguments: [
        ("git", "doctor.git"), ("ssh", "doctor.program"), ("ssh-keygen", "doctor.program"), ("bwrap", "doctor.program"),
    ])
    func `tells what is missing, what it is for and how to get it`(missing: String, id: String) async throws {
        try await withCommandWorld { world in
            var world = world
            let bin = world.scratch + "/bin"
            try FileSystem.makeDirectories(bin)
            for program in ["git", "ssh", "ssh-keygen", "bwrap", "sh"] where program != missing {
                try FileSystem.makeLink("\(bin)/\(program)", to: program == "sh" ? "/bin/sh" : "/usr/bin/\(program)")
            }
            world.variables["PATH"] = bin
            let result = try await world.done("doctor")
            #expect(result.errorText.contains("warning: there is no \(missing) on the path"), "\(result.errorText)")
            #expect(result.errorText.contains("[\(id)]") && result.errorText.contains("hint: install"))
            #expect(!result.outputText.contains("\(missing): "))
        }
    }

    @Test func `finds nothing to say against a machine that has all`() async throws {
        try await withCommandWorld { world in
            let result = try await world.done("doctor")
            #expect(result.error.isEmpty, "\(result.errorText)")
            for program in ["git", "ssh", "ssh-keygen", "bwrap", "cache"] {
                #expect(result.outputText.contains("\(program): "))
            }
        }
    }
}
