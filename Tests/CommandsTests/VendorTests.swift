import Basics
import Formats
import TestSupport
import Testing

@Suite struct `The command vendor` {
    /// A project in git with a skill of the embedded registry and one of a repository that a checkout would harm.
    private func withProject(_ body: (CommandWorld, RemoteRepository) async throws -> Void) async throws {
        try await withCommandWorld { world in
            var world = world
            for (name, value) in RemoteRepository.environment where name != "PATH" && name != "HOME" {
                world.variables[name] = value
            }
            let remote = try await RemoteRepository(at: world.scratch + "/odd.git")
            try await remote.commit([
                "SKILL.md": .text(CommandWorld.skill.replacing("name: own", with: "name: odd")),
                "data/crlf.txt": .text("a\r\nb\r\n"), "data/lf.txt": "a\nb\n", "data/mixed.csv": .text("a\r\nb\n\0"),
                "scripts/run.sh": .executable("#!/bin/sh\necho $Id$\n"), "scripts/again.sh": .link("run.sh"),
                ".gitattributes": "* text eol=crlf ident export-ignore\n", ".gitignore": "*\n", "data/.gitkeep": "",
                "build/out.log": "kept\n", "SKILL 2.md": "blank\n", "docs/日本語.md": "x\n",
            ])
            try world.writeManifest(["commit-message", "odd = { git = \"file://\(remote.path)\" }"])
            try write(
                [".gitignore": "*.log\nbuild/\n.agents/\n", ".gitattributes": "* text=auto eol=lf\n"], in: world.project
            )
            try await world.git("init", "-q", "-b", "main")
            try await world.done("install")
            try await body(world, remote)
        }
    }

    /// The same user on another machine: the project as git brings it, an empty cache, and nothing to fetch from.
    private func cloned(_ world: CommandWorld, _ remote: RemoteRepository, _ options: String...) async throws
        -> CommandWorld
    {
        try await world.git("add", "-A")
        try await world.git("commit", "-qm", "vendored")
        try FileSystem.makeDirectories(world.scratch + "/other")
        var other = try CommandWorld(world.scratch + "/other")
        other.variables = world.variables
        try FileSystem.removeTree(other.project)
        _ = try await world.run(["git", "clone", "-q"] + options + [world.project, other.project])
        try FileSystem.rename(remote.path, to: remote.path + ".gone")
        return other
    }

    private func trees(_ result: ProgramResult) throws -> [String] {
        (try result.json()["variants"]?.array ?? []).compactMap { $0["tree"]?.string }
    }

    /// The bytes are those that the lock pins, wherever they come from; what is damaged is found by who looks for damage.
    @Test func `is read for what the cache lacks, and damage of what the cache has is for verify to find`() async throws
    {
        try await withProject { world, _ in
            try await world.done("vendor")
            try await world.done("install")
            let installed = try world.snapshot(world.project + "/.agents")
            try write(["vendor/packages/odd/SKILL.md": "damaged\n"], in: world.project)
            for path in [".agents", ".skvm"] { try FileSystem.removeTree("\(world.project)/\(path)") }
            try await world.done("install", "--frozen")
            #expect(try world.snapshot(world.project + "/.agents") == installed)
            try await world.skvm("verify").expectError(5, "vendor.damaged", "odd/SKILL.md")
            var other = world
            other.variables["SKVM_CACHE_DIR"] = world.cache + "-2"
            for path in [".agents", ".skvm"] { try FileSystem.removeTree("\(world.project)/\(path)") }
            try await other.skvm("install", "--frozen").expectError(5, "vendor.damaged")
            #expect(!FileSystem.exists(world.project + "/.agents"))
            try await world.done("verify", "--repair")
            try await other.done("install", "--frozen")
            #expect(try world.snapshot(world.project + "/.agents") == installed)
        }
    }

    @Test(arguments: ["core.autocrlf=true", "core.autocrlf=input", "core.symlinks=false", "core.fileMode=false"])
    func `gives the same variants on another machine, whatever git makes of line ends`(option: String) async throws {
        try await withProject { world, remote in
            let before = try trees(try await world.done("install", "--json"))
            let vendored = try await world.done("vendor")
            #expect(vendored.outputText.contains("vendored 2 packages"), "\(vendored.errorText)")
            #expect(try world.snapshot(world.project)["skvm.toml"]?.contains("[vendor]\npath = \"vendor\"") == true)
            let again = try await world.done("vendor", "--json").json()
            #expect(again["changed"]?.boolean == false)

            let other = try await cloned(world, remote, "-c", option)
            let after = try trees(try await other.done("install", "--frozen", "--json"))
            #expect(before.count == 2 && after == before)
            #expect(
                try FileSystem.read(other.project + "/skvm.lock") == FileSystem.read(world.project + "/skvm.lock"))
            #expect(
                try other.snapshot(other.project + "/.agents") == world.snapshot(world.project + "/.agents"))
            let script = try FileSystem.status(other.project + "/.agents/skills/odd/scripts/run.sh")
            #expect((script?.mode ?? 0) & 0o111 != 0)
            #expect(try await other.done("verify").outputText.contains("2 vendored packages"))
            #expect(try await other.git("status", "--porcelain") == "")
        }
    }

    @Test func `names the file that is not what was vendored, and installs nothing`() async throws {
        try await withProject { world, remote in
            try await world.done("vendor")
            let other = try await cloned(world, remote)
            let files = try other.snapshot(other.project + "/vendor")
            #expect(files.count > 15 && files["packages/odd/.gitattributes"] == nil)
            for (path, text) in files.sorted(by: { $0.key < $1.key }) where path.contains("/") {
                let full = "\(other.project)/vendor/\(path)"
                for damage in [text + "x", String(text.dropLast()), text.replacing("\n", with: "\r\n"), nil] {
                    // A listing may end its lines as it likes, and what it does not list is not vendored.
                    if damage == text || path.hasSuffix(".jsonl") && damage != text + "x" { continue }
                    if let damage {
                        try FileSystem.write(Array(damage.utf8), to: full)
                    } else if path.hasPrefix("facts/") {
                        continue
                    } else {
                        try FileSystem.remove(full)
                    }
                    try FileSystem.removeTree(other.cache)
                    let result = try await other.skvm("install", "--frozen")
                    result.expectError(5, "vendor.damaged", path)
                    #expect(!FileSystem.exists(other.project + "/.agents"))
                    try FileSystem.write(Array(text.utf8), to: full)
                }
            }
            try write(["vendor/packages/odd/data/lf.txt": "a\r\nb\r\n"], in: other.project)
            try await other.skvm("verify").expectError(5, "vendor.damaged", "data/lf.txt", "line ends")
            try await other.skvm("install", "--frozen").expectError(5, "vendor.damaged", "line ends")
        }
    }

    @Test func `a listing that lies is an error, whatever it says`() async throws {
        try await withProject { world, remote in
            try await world.done("vendor")
            let other = try await cloned(world, remote)
            let listing = other.project + "/vendor/packages/odd.jsonl"
            let text = try FileSystem.readText(listing)
            for (old, new) in [
                ("SKILL 2.md", "../../../etc/passwd"), ("run.sh\"}", "/etc/passwd\"}"), ("true", "false"),
                ("data/lf.txt", "data/crlf.txt"), ("{", "["), ("sha256:", "sha255:"), ("\"size\":20", "\"size\":-8"),
                ("\"size\":20", "\"size\":9223372036854775807"), (text, ""), ("data/lf.txt", "DATA/LF.TXT"),
            ] {
                #expect(text.contains(old), "\(old)")
                try FileSystem.write(Array(text.replacing(old, with: new).utf8), to: listing)
                try FileSystem.removeTree(other.cache)
                let result = try await other.skvm("install", "--frozen")
                #expect([4, 5].contains(result.status), "\(new): \(result.status) \(result.errorText)")
            }
        }
    }

    @Test func `follows the lock, and says what it lacks`() async throws {
        try await withProject { world, remote in
            try await world.done("vendor", "third/party")
            try write(["third/party/README.md": "mine\n"], in: world.project)
            try await world.done("remove", "commit-message")
            try await world.done("add", "palette")
            try await world.done("build")
            try FileSystem.rename(remote.path, to: remote.path + ".gone")
            let kept = world.cache + ".kept"
            try FileSystem.rename(world.cache, to: kept)
            // The embedded registry is at hand always; the repository's skill is vendored.
            try await world.done("build", "--frozen")
            try FileSystem.removeTree(world.cache)
            try FileSystem.removeTree(world.project + "/third/party/packages/odd")
            try FileSystem.remove(world.project + "/third/party/packages/odd.jsonl")
            let missing = try await world.skvm("install", "--frozen")
            #expect(missing.status == 4, "\(missing.errorText)")
            #expect(missing.errorText.contains("third/party does not hold odd"), "\(missing.errorText)")
            try FileSystem.removeTree(world.cache)
            try FileSystem.rename(kept, to: world.cache)
            try await world.done("vendor")
            let names = try FileSystem.list(world.project + "/third/party/packages").sorted()
            #expect(names == ["odd", "odd.jsonl", "palette", "palette.jsonl"])
            #expect(try world.snapshot(world.project)["third/party/README.md"] == "mine\n")
        }
    }

    @Test func `refuses a folder that is not its own, and tells of one that git ignores`() async throws {
        try await withProject { world, _ in
            try write(["mine/notes.txt": "keep\n"], in: world.project)
            try await world.skvm("vendor", "mine").expectError(2, "vendor.occupied", "mine")
            #expect(try world.snapshot(world.project)["mine/notes.txt"] == "keep\n")
            try await world.skvm("vendor", "../outside").expectError(2, "vendor.outside", "outside")
            try await world.skvm("vendor", ".").expectError(2, "vendor.outside")
            try FileSystem.makeLink(world.project + "/link", to: "/tmp")
            try await world.skvm("vendor", "link/here").expectError(2, "vendor.link", "link")
            #expect(try world.snapshot(world.project)["skvm.toml"]?.contains("[vendor]") == false)
            // A manifest that came with a clone is trusted no more than an argument.
            let manifest = try FileSystem.readText(world.project + "/skvm.toml")
            try FileSystem.makeDirectories(world.scratch + "/elsewhere")
            try FileSystem.makeLink(world.project + "/vendored", to: world.scratch + "/elsewhere")
            try write(["skvm.toml": manifest + "\n[vendor]\npath = \"vendored\"\n"], in: world.project)
            try await world.skvm("vendor").expectError(2, "vendor.link", "vendored")
            #expect(try FileSystem.list(world.scratch + "/elsewhere").isEmpty)
            try write(["skvm.toml": manifest], in: world.project)
            let ignored = try await world.done("vendor", "build/vendor")
            #expect(ignored.errorText.contains("[vendor.ignored]"))
            let dry = try await world.done("vendor", "dry", "--dry-run")
            #expect(dry.outputText.contains("2 packages") && !FileSystem.exists(world.project + "/dry"))
        }
    }
}
