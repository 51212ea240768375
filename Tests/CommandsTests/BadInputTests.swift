import Basics
import Formats
import TestSupport
import Testing

@Suite struct `Bad input to a project` {
    @Test func `without a manifest is wrong usage, and init is named`() async throws {
        try await withCommandWorld { world in
            for command in ["build", "install", "verify", "graph"] {
                try await world.skvm(command).expectError(2, "project.none", world.project, "skvm init")
            }
            #expect(try FileSystem.list(world.project).isEmpty)
        }
    }

    @Test(arguments: [
        ("[dependencies]\ncharts = ^1\n", "skvm.toml:2:10", "toml.value"),
        ("[dependencies]\ncharts = \"^1\"\ncharts = \"^2\"\n", "skvm.toml:3:", "toml.duplicate"),
        ("[dependences]\n", "skvm.toml:1:", "toml.unknown-key"),
        ("[dependencies]\ncharts = 1\n", "skvm.toml:2:", "manifest.range"),
        ("<<<<<<< HEAD\n[dependencies]\n=======\n[targets]\n>>>>>>> x\n", "skvm.toml:1:", "toml.conflict"),
        ("[dependencies]\ncharts = { git = \"ext::sh -c id\" }\n", "skvm.toml:2:", "toml.bad-value"),
        ("[dependencies]\ncharts = { git = \"--upload-pack=id\" }\n", "skvm.toml:2:", "-"),
        ("[dependencies]\ncharts = { git = \"file:///r\", branch = \"--x\" }\n", "skvm.toml:2:", "branch"),
        ("[dependencies]\n\"../x\" = \"^1\"\n", "skvm.toml:2:", "manifest.name"),
    ])
    func `a broken manifest is told with its line, and stays`(text: String, place: String, word: String) async throws {
        try await withCommandWorld { world in
            try write(["skvm.toml": text], in: world.project)
            let result = try await world.skvm("build")
            #expect(result.status == 1, "\(result.errorText)")
            #expect(result.errorText.contains(place) && result.errorText.contains(word), "\(result.errorText)")
            #expect(result.errorText.contains("hint: "), "\(result.errorText)")
            for arguments in [["add", "charts"], ["target", "remove", "x"]] {
                let edit = try await world.run([try CommandWorld.binary()] + arguments)
                #expect(edit.status == 1, "\(edit.errorText)")
            }
            #expect(try world.snapshot(world.project)["skvm.toml"] == text)
        }
    }

    @Test(arguments: ["garbage", "<<<<<<< HEAD\nversion = 1\n=======\n>>>>>>> x\n", "version = 99\n", "\u{0}\u{1}"])
    func `a broken lock is told with the way out, and stays`(lock: String) async throws {
        try await withCommandWorld { world in
            try world.writeManifest()
            try write(["skvm.lock": lock], in: world.project)
            for command in ["build", "install", "verify"] {
                let result = try await world.skvm(command)
                #expect(result.status == 1, "\(result.errorText)")
                #expect(result.errorText.contains("skvm.lock"), "\(result.errorText)")
                #expect(result.errorText.contains("hint: "), "\(result.errorText)")
            }
            #expect(try world.snapshot(world.project)["skvm.lock"] == lock)
            #expect(!FileSystem.exists(world.project + "/.agents"))
        }
    }

    @Test func `a bad line of a registry spoils its package alone`() async throws {
        try await withCommandWorld { world in
            let registry = world.scratch + "/registry"
            try write(
                [
                    "registry.toml": "version = 1\nname = \"mine\"\n", "skills/good/SKILL.md": CommandWorld.skill,
                    "index/ba/d_/bad.jsonl": "{\"name\":\"bad\",\"version\":\"1.0.0\"\n",
                ], in: registry)
            let digest = try await world.done("digest", registry + "/skills/good").outputText.split(separator: " ")[0]
            try write(
                [
                    "index/go/od/good.jsonl":
                        "{\"name\":\"good\",\"version\":\"1.0.0\",\"path\":\"skills/good\",\"tree\":\"\(digest)\"}\n"
                ], in: registry)
            try world.writeManifest(["good"], extra: "[registries]\ndefault = \"\(registry)\"\n")
            try await world.done("build")
            let result = try await world.skvm("add", "bad")
            #expect(result.status == 6, "\(result.errorText)")
            #expect(result.errorText.contains("bad.jsonl:1"), "\(result.errorText)")
            #expect(result.errorText.contains("[registry.bad-line]"), "\(result.errorText)")
            try await world.done("build", "--locked")

            try write(["skills/good/SKILL.md": CommandWorld.skill + "\nChanged.\n"], in: registry)
            for path in [world.cache, world.project + "/.skvm"] { try FileSystem.removeTree(path) }
            try await world.skvm("build").expectError(5, "package.digest", "good")
        }
    }

    @Test func `a registry that is gone is named, and what is locked and cached still builds`() async throws {
        try await withCommandWorld { world in
            let gone = "file://" + world.scratch + "/gone.git"
            try world.writeManifest()
            let before = try world.snapshot(world.project)
            try await world.skvm("registry", "add", "default", gone).expectError(6, "git.not-found", gone, "hint: ")
            #expect(try world.snapshot(world.project)["skvm.toml"] == before["skvm.toml"])
            try world.writeManifest(extra: "[registries]\ndefault = \"\(gone)\"\n")
            try await world.skvm("build").expectError(6, "git.not-found", gone, "hint: ")
            let offline = try await world.skvm("build", "--offline")
            #expect(offline.status == 4, "\(offline.errorText)")
            #expect(offline.errorText.contains("gone.git"), "\(offline.errorText)")
        }
    }

    /// What a source that answers doesn't have is the fault of the request, whoever the source is.
    @Test func `a name, a range and a reference that are not there end alike`() async throws {
        try await withCommandWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            try await remote.commit(["SKILL.md": .text(CommandWorld.skill)])
            try await remote.tag("v1.0.0")
            for (dependency, id) in [
                ("no-such = \"*\"", "registry.unknown-package"), ("charts = \"^9\"", "resolve.unsatisfiable"),
                ("own = { git = \"\(remote.url)\", version = \"^9\" }", "registry.no-version"),
                ("own = { git = \"\(remote.url)\", tag = \"v9\" }", "git.no-reference"),
                ("own = { git = \"\(remote.url)\", branch = \"none\" }", "git.no-reference"),
                ("own = { git = \"\(remote.url)\", rev = \"0123456789\" }", "git.no-reference"),
                (
                    "own = { git = \"\(remote.url)\", rev = \"\(String(repeating: "0", count: 40))\" }",
                    "git.no-reference"
                ),
            ] {
                try world.writeManifest([dependency])
                for command in ["build", "install", "update", "outdated"] {
                    try await world.skvm(command).expectError(1, id)
                }
            }
            try world.writeManifest([])
            for (spec, id) in [
                ("no-such", "registry.unknown-package"), ("charts@^9", "resolve.unsatisfiable"),
                (remote.url + "@^9", "registry.no-version"),
            ] {
                try await world.skvm("add", spec).expectError(1, id)
            }
            try await world.skvm("info", "no-such").expectError(1, "registry.unknown-package")
            try await world.skvm("info", "charts@9.0.0").expectError(1, "info.no-version")
            try world.writeManifest(["charts"])
            try await world.done("build")
            try await world.skvm("update", "charts", "--precise", "9.0.0").expectError(1, "resolve.no-version")
        }
    }

    @Test func `a name nobody knows is told with the nearest that somebody does`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest([])
            let before = try world.snapshot(world.project)
            try await world.skvm("add", "commit-mesage").expectError(
                1, "registry.unknown-package", "commit-mesage", "did you mean `commit-message`")
            #expect(try world.snapshot(world.project) == before)
        }
    }

    @Test func `ranges that nothing satisfies are explained`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["commit-message = \"^99\""])
            let result = try await world.skvm("build")
            #expect(result.status == 1, "\(result.errorText)")
            #expect(result.errorText.contains("[resolve.unsatisfiable]"), "\(result.errorText)")
            #expect(result.errorText.contains("commit-message ^99"), "\(result.errorText)")
            #expect(!FileSystem.exists(world.project + "/skvm.lock"))
        }
    }

    @Test(arguments: [
        ("version = 2\n", "version"), ("garbage\n", "weak.toml:1"),
        (
            "version = 1\nmodel = \"qwen/qwen3.5-9b\"\nharness = \"bare-agent\"\n[primitives.\"no.such\"]\nlevel = \"L1\"\n",
            "no.such"
        ),
    ])
    func `a broken profile is told by its file`(text: String, word: String) async throws {
        try await withCommandWorld { world in
            try world.writeManifest(extra: "", target: CommandWorld.target + "profile = \"weak.toml\"\n")
            try await world.skvm("build").expectError(1, "target.no-profile", "weak.toml", "hint: ")
            try write(["weak.toml": text], in: world.project)
            let result = try await world.skvm("build")
            #expect(result.status == 1, "\(result.errorText)")
            #expect(result.errorText.contains("weak.toml") && result.errorText.contains(word), "\(result.errorText)")
            #expect(!FileSystem.exists(world.project + "/skvm.lock"))
        }
    }

    @Test(arguments: [
        "ext::sh -c touch% pwned", "--upload-pack=touch pwned", "fd::17", "https://host/-x\n", "../no/such/folder",
        "file:///nowhere#../x", "https://user:secret@host/r.git",
    ])
    func `an address that git could take for something else never reaches git`(address: String) async throws {
        try await withCommandWorld { world in
            try world.writeManifest([])
            let before = try world.snapshot(world.project)
            for arguments in [["add", "--", address], ["registry", "add", "evil", "--", address]] {
                if address.hasPrefix("file:"), arguments[0] == "registry" { continue }
                let result = try await world.run([try CommandWorld.binary()] + arguments)
                #expect([1, 2, 6].contains(result.status), "\(arguments): \(result.status) \(result.errorText)")
                #expect(result.errorText.contains("error: "), "\(result.errorText)")
                #expect(!result.errorText.contains("secret"), "\(result.errorText)")
            }
            #expect(try world.snapshot(world.project) == before)
        }
    }
}
