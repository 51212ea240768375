import Basics
import Formats
import TestSupport
import Testing

@Suite struct `A registry of one's own` {
    private func withRegistry(_ body: (CommandWorld) async throws -> Void) async throws {
        try await withCommandWorld { world in
            var world = world
            for (name, value) in RemoteRepository.environment where name != "PATH" && name != "HOME" {
                world.variables[name] = value
            }
            try await world.done("registry", "init", "reg", "--name", "a \"b\"")
            try write(
                [
                    "reg/skills/charts/SKILL.md": PublishWorld.skill("charts"),
                    "reg/skills/charts/skvm.toml": PublishWorld.manifest(
                        "charts", "1.0.0", "[dependencies]\npalette = \"^0.3\"\n"),
                    "reg/skills/palette/SKILL.md": PublishWorld.skill("palette"),
                    "reg/skills/palette/skvm.toml": PublishWorld.manifest("palette", "0.3.1"),
                ], in: world.project)
            try await world.git("init", "-q", "-b", "main", "reg")
            try await body(world)
        }
    }

    private func commit(_ world: CommandWorld) async throws {
        try await world.git("-C", "reg", "add", "-A")
        try await world.git("-C", "reg", "commit", "-qm", "c")
    }

    @Test func `lists what git holds, where that is not what the folder has`() async throws {
        try await withRegistry { world in
            try write(
                [
                    "reg/.gitattributes": "* text=auto\n", "reg/.gitignore": "*.log\n",
                    "reg/skills/palette/table.txt": "a\r\nb\r\n", "reg/skills/palette/run.log": "x\n",
                ], in: world.project)
            let told = try await world.done("registry", "index", "reg")
            #expect(told.errorText.contains("[registry.git-holds]"), "\(told.errorText)")
            #expect(told.errorText.contains("table.txt") && told.errorText.contains("run.log"))
            #expect(!told.errorText.contains("charts"))
            // Neither the index nor the objects of the repository were touched.
            #expect(try await world.git("-C", "reg", "ls-files").isEmpty)
            #expect(try await world.git("-C", "reg", "count-objects").hasPrefix("0 objects"))
            try await commit(world)
            try await world.done("registry", "index", "reg")
            try await world.git("clone", "-q", "--bare", "reg", "reg.git")
            try await world.done("registry", "check", "file://\(world.project)/reg.git")
            try world.writeManifest(
                ["palette = \"^0.3\""], extra: "[registries]\ndefault = \"file://\(world.project)/reg.git\"\n")
            for _ in 0..<2 {
                try await world.done("install")
                try FileSystem.removeTree(world.cache)
            }
            // What git holds stays what it is until it is added anew.
            try write(["reg/.gitattributes": "* -text\n"], in: world.project)
            let again = try await world.done("registry", "index", "reg")
            #expect(again.errorText.contains("table.txt has other bytes") && again.outputText.contains("0 files"))
        }
    }

    @Test func `is made, indexed and checked, and keeps the commits of older versions`() async throws {
        try await withRegistry { world in
            try await world.skvm("registry", "init", "reg").expectError(2, "registry.exists", "reg")
            let first = try await world.done("registry", "index", "reg", "--json").json()
            #expect(first["paths"]?.array?.count == 2 && first["skills"]?.integer == 2)
            #expect(try await world.done("registry", "index", "reg").outputText.contains("0 files"))
            #expect(try await world.done("registry", "check", "reg").outputText.contains("2 versions"))
            // Before it is committed a version may still change.
            try write(["reg/skills/palette/extra.md": "e\n"], in: world.project)
            try await world.done("registry", "index", "reg")
            try await world.done("registry", "check", in: world.project + "/reg")
            try await commit(world)
            let commit = try await world.git("-C", "reg", "rev-parse", "HEAD")

            try write(["reg/skills/palette/extra.md": "other\n"], in: world.project)
            try await world.skvm("registry", "index", "reg")
                .expectError(1, "registry.changed-version", "palette", "0.3.1", "new one")
            try await world.skvm("registry", "check", "reg").expectError(5, "package.digest", "palette")
            try world.edit("reg/skills/palette/skvm.toml", "0.3.1", "0.4.0")
            try await world.done("registry", "index", "reg")
            let text = try FileSystem.readText(world.project + "/reg/index/pa/le/palette.jsonl")
            let lines = text.split(separator: "\n")
            #expect(
                lines.count == 2 && lines[0].hasSuffix(",\"commit\":\"\(commit)\"}") && !lines[1].contains("commit"))
            try await self.commit(world)
            try await world.done("registry", "check", "reg")

            // Served as a repository, every version is what it was.
            try world.writeManifest(
                ["charts = \"*\"", "palette = \"=0.3.1\""],
                extra: "[registries]\ndefault = \"file://\(world.project)/reg\"\n")
            try await world.done("install")
            try await world.done("registry", "check", "default")
            #expect(FileSystem.exists(world.project + "/.agents/skills/palette/extra.md"))
        }
    }

    @Test func `lists what tags of its skills stand for, and what members need by path`() async throws {
        try await withRegistry { world in
            func palette(_ version: String, _ sentence: String) throws {
                try write(
                    [
                        "reg/skills/palette/SKILL.md": PublishWorld.skill("palette", sentence),
                        "reg/skills/palette/skvm.toml": PublishWorld.manifest("palette", version),
                    ], in: world.project)
            }
            let beside = "[dependencies]\npalette = { path = \"../palette\", version = \"RANGE\" }\n"
            func charts(_ version: String, _ range: String) throws {
                try write(
                    [
                        "reg/skills/charts/skvm.toml": PublishWorld.manifest(
                            "charts", version, beside.replacing("RANGE", with: range))
                    ], in: world.project)
            }
            try palette("0.3.1", "One.")
            try charts("1.0.0", "^0.3")
            try await commit(world)
            for tag in ["charts/v1.0.0", "palette/v0.3.1"] {
                try await world.git("-C", "reg", "tag", "-a", "-m", "release", tag)
            }
            let first = try await world.git("-C", "reg", "rev-parse", "HEAD")
            try palette("0.4.0", "Two.")
            try charts("1.1.0", "^0.4")
            try await commit(world)
            // Tags that stand for no version of a skill: of another version, of none, of many, no version at all.
            for tag in ["palette/v9.9.9", "nobody/v1.0.0", "v1.0.0", "palette/x", "release"] {
                try await world.git("-C", "reg", "tag", tag)
            }
            let told = try await world.done("registry", "index", "reg")
            for tag in ["palette/v9.9.9", "nobody/v1.0.0"] {
                #expect(told.errorText.contains("`\(tag)` is not listed"), "\(told.errorText)")
            }
            #expect(!told.errorText.contains("`v1.0.0`") && !told.errorText.contains("release"), "\(told.errorText)")
            let file = world.project + "/reg/index/ch/ar/charts.jsonl"
            let lines = try FileSystem.readText(file).split(separator: "\n").map {
                try StrictJSON.parse(Array($0.utf8), file: "index")
            }
            #expect(lines.map { $0["version"]?.string } == ["1.0.0", "1.1.0"])
            #expect(lines.map { $0["commit"]?.string } == [first, nil])
            #expect(lines.map { $0["dependencies"]?["palette"]?.string } == ["^0.3", "^0.4"])
            try await commit(world)
            #expect(try await world.done("registry", "check", "reg").outputText.contains("4 versions"))
            #expect(try await world.done("registry", "index", "reg").outputText.contains("0 files"))

            try world.writeManifest(
                ["charts = \"=1.0.0\""], extra: "[registries]\ndefault = \"file://\(world.project)/reg\"\n")
            try await world.done("install")
            let lock = try #require(try world.snapshot(world.project)["skvm.lock"])
            #expect(lock.contains("palette 0.3.1") && !lock.contains("0.4.0"))

            // Files that are no longer those of their tag, a sibling out of range, one that is not there.
            try palette("0.5.0", "Three.")
            try charts("1.2.0", "^0.5")
            try await commit(world)
            try await world.git("-C", "reg", "tag", "palette/v0.5.0")
            try palette("0.5.0", "Four.")
            try await world.skvm("registry", "index", "reg")
                .expectError(1, "registry.changed-version", "palette/v0.5.0", "new one")
            try palette("0.5.0", "Three.")
            try charts("1.2.0", "^0.4")
            try await world.skvm("registry", "index", "reg").expectError(1, "registry.dependency", "^0.4", "0.5.0")
            try charts("1.2.0", "^0.5")
            try world.edit("reg/skills/charts/skvm.toml", "../palette", "../../../palette")
            try await world.skvm("registry", "index", "reg").expectError(1, "registry.dependency", "../../../palette")
        }
    }

    /// What git can't tell is not what was never published: that index line would be written over.
    @Test(arguments: ["ls-tree", "show"])
    func `is not indexed when git fails`(call: String) async throws {
        try await withRegistry { world in
            try await world.done("registry", "index", "reg")
            try await commit(world)
            let line = try FileSystem.readText(world.project + "/reg/index/pa/le/palette.jsonl")
            try write(["reg/skills/palette/extra.md": "other\n"], in: world.project)
            let bin = world.scratch + "/bin"
            try write(
                [
                    "git":
                        "#!/bin/sh\nfor word; do if [ \"$word\" = \(call) ]; then echo 'fatal: broken' >&2; exit 128; "
                        + "fi; done\nexec /usr/bin/git \"$@\"\n"
                ], in: bin)
            try FileSystem.setMode(bin + "/git", 0o755)
            var broken = world
            broken.variables["PATH"] = bin + ":/usr/local/bin:/usr/bin:/bin"
            let result = try await broken.skvm("registry", "index", "reg")
            #expect(result.status == 6, "\(result.errorText)")
            #expect(result.errorText.contains("broken"), "\(result.errorText)")
            #expect(try FileSystem.readText(world.project + "/reg/index/pa/le/palette.jsonl") == line)
            try await world.skvm("registry", "index", "reg").expectError(1, "registry.changed-version", "palette")
        }
    }

    @Test func `gets the very index that the default registry's own script writes`() async throws {
        // From `.build/<triple>/debug` up to the project's folder.
        var root = try #require(FileSystem.parent(of: try CommandWorld.binary()))
        for _ in 0..<3 { root = try #require(FileSystem.parent(of: root)) }
        try #require(FileSystem.exists(root + "/registry/registry.toml"))
        try await withCommandWorld { world in
            _ = try await world.run(["cp", "-r", root + "/registry", world.project + "/reg"])
            let same = try await world.done("registry", "index", "reg")
            #expect(same.outputText.contains("0 files of the index changed"), "\(same.outputText)")
            try FileSystem.removeTree(world.project + "/reg/index")
            try await world.done("registry", "index", "reg")
            #expect(try world.snapshot(world.project + "/reg/index") == world.snapshot(root + "/registry/index"))
            try await world.done("registry", "check", "reg")
        }
    }

    @Test func `tells of several packages in two folders always the same`() async throws {
        try await withRegistry { world in
            for name in ["zebra", "mole", "ant", "heron"] {
                for folder in ["\(name)-1", "\(name)-2"] {
                    try write(
                        [
                            "reg/skills/\(folder)/SKILL.md": PublishWorld.skill(name),
                            "reg/skills/\(folder)/skvm.toml": PublishWorld.manifest(name, "1.0.0"),
                        ], in: world.project)
                }
            }
            for _ in 0..<3 {
                try await world.skvm("registry", "index", "reg").expectError(
                    1, "registry.two-folders", "ant 1.0.0", "ant-2")
            }
        }
    }

    @Test func `is told what is wrong with it`() async throws {
        try await withRegistry { world in
            try await world.done("registry", "index", "reg")
            let file = world.project + "/reg/index/pa/le/palette.jsonl"
            let text = try FileSystem.readText(file)
            for (old, new, id) in [
                ("{", "[", "registry.bad-line"), ("\"0.3.1\"", "\"0.3\"", "registry.bad-line"),
                ("skills/palette", "skills/none", "package.no-folder"),
                ("skills/palette", "skills/charts", "package.digest"),
            ] {
                try FileSystem.write(Array(text.replacing(old, with: new).utf8), to: file)
                let result = try await world.skvm("registry", "check", "reg")
                #expect(result.status != 0 && result.errorText.contains("[\(id)]"), "\(new): \(result.errorText)")
            }
            try FileSystem.write(Array(text.replacing("0.3.1", with: "0.9.0").utf8), to: file)
            try write(["reg/index/x/y.jsonl": "", "reg/harnesses/bad.toml": "version = \n"], in: world.project)
            let result = try await world.skvm("registry", "check", "reg")
            for id in ["registry.missing-dependency", "registry.stray-file", "toml."] {
                #expect(result.errorText.contains("[\(id)") && result.status != 0, "\(result.errorText)")
            }
            try await world.skvm("registry", "index", "nowhere").expectError(2, "registry.none", "nowhere")
            try await world.skvm("registry", "index", "reg").expectError(1, "registry.lost-version", "0.9.0")
        }
    }
}
