import Basics
import Formats
import TestSupport
import Testing

@Suite struct `The command` {
    /// The vectors of `docs/formats/digest.md` that a folder can hold on every disk.
    @Test func `digest prints what the format's page has`() async throws {
        try await withCommandWorld { world in
            try write(
                [
                    "empty-file/empty": "", "one/SKILL.md": "hello\n", "run/run.sh": "#!/bin/sh\n", "links/a.txt": "a",
                    "nested/SKILL.md": "hello\n", "nested/scripts/run.sh": "#!/bin/sh\n", "nested/scripts/lib/x.py": "",
                    "order/a/x": "1", "order/a-b/x": "2", "order/a.b": "3", "order/B": "4", "order/a0": "5",
                    "names/caf\u{E9}.md": "composed", "names/日本語/説明.md": "x", "names/\u{1F600}": "y",
                    "names/\u{FF61}": "z", "names/with space": "s",
                ], in: world.project)
            try FileSystem.makeDirectories(world.project + "/empty")
            try FileSystem.makeLink(world.project + "/links/b.txt", to: "a.txt")
            try FileSystem.makeLink(world.project + "/nested/scripts/lib/up", to: "../../SKILL.md")
            for path in ["run/run.sh", "nested/scripts/run.sh"] {
                try FileSystem.setMode("\(world.project)/\(path)", 0o755)
            }
            for (path, expected) in [
                ("one/SKILL.md", "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03 6"),
                ("empty-file/empty", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 0"),
                ("empty", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 0"),
                ("one", "7ecf26c39006a25837c547f6154fc4002a617a62c2ae818462928a12c480ec07 82"),
                ("empty-file", "70a9a5e030074dc7eb69d167e91a47fadd3f14c14a52be85fd10f57cfb72dd0a 77"),
                ("run", "24197ae1f804f7892bbc008a4f5ddd2119838b6d9c4c501198100270267c5ac6 82"),
                ("links", "dfa03df4a8679d25bcc7f3cfb556b26d11e85b4931575cfae1a7858aba4f3b8b 95"),
                ("nested", "2b0296cdbc61cb2f06011ac25adbd1baffc86a53990d318c20ae584ce9b03558 164"),
                ("order", "7a1ad6a3970b608cf18c2a8f432dcb3f97cfecd4f60abc1ab2eabc0b0ef8f003 380"),
                ("names", "df55b6962f13a29e1a6631a06b597a1ab3bb8df1fcc3f95e00256de1ca1ede5c 404"),
            ] {
                #expect(try await world.done("digest", path).outputText == "sha256:\(expected)\n", "\(path)")
            }
            let missing = try await world.skvm("digest", "no-such")
            #expect(missing.status == 2, "\(missing.errorText)")
            #expect(missing.errorText.contains("no-such"))
        }
    }

    @Test func `inspect has the keys of the labelling guide`() async throws {
        try await withCommandWorld { world in
            try write(["own/SKILL.md": CommandWorld.skill], in: world.project)
            let json = try await world.done("inspect", "own", "--json").json()
            #expect(json["id"]?.string == "own")
            #expect(["tool-reference", "procedural", "generative"].contains(json["archetype"]?.string ?? ""))
            #expect(json["requirements"]?.members?.isEmpty == false)
            for key in ["dependencies", "steps", "parallel", "templates", "relative_paths", "hazards"] {
                #expect(json[key]?.array != nil, "\(key)")
            }
            for step in json["steps"]?.array ?? [] {
                #expect(step["id"]?.string != nil && step["line"]?.integer != nil && step["after"]?.array != nil)
            }
            #expect(try await world.done("inspect", "own").outputText.hasPrefix("own: "))
        }
    }

    @Test func `inspect analyses a skill without front matter, and fails all the same`() async throws {
        try await withCommandWorld { world in
            try write(["own/SKILL.md": "# Use\n\n```bash\ndocker info\n```\n"], in: world.project)
            let found = try await world.skvm("inspect", "own", "--json")
            #expect(found.status == 1)
            let json = try found.json()
            #expect(json["ok"]?.boolean == false)
            #expect(json["dependencies"]?.array?.first?["name"]?.string == "docker")
            #expect(json["diagnostics"]?.array?.first?["id"]?.string == "parse.no-front-matter")
        }
    }

    private static let corpus: String? = {
        // From `.build/<triple>/debug` up to the project's folder, beside which `shared` lies.
        guard var here = (try? CommandWorld.binary()).flatMap(FileSystem.parent(of:)) else { return nil }
        for _ in 0..<4 { here = FileSystem.parent(of: here) ?? "/" }
        let corpus = here + "/shared/corpus"
        return FileSystem.isDirectory(corpus) ? corpus : nil
    }()

    @Test(.enabled(if: corpus != nil))
    func `check ends for every skill of the corpus in one go`() async throws {
        try await withCommandWorld { world in
            let corpus = try #require(Self.corpus)
            let folders = try FileSystem.list(corpus).filter { FileSystem.exists("\(corpus)/\($0)/SKILL.md") }
            try #require(folders.count > 100)
            let result = try await world.run([try CommandWorld.binary(), "check", "--json"] + folders, in: corpus)
            #expect(result.status == 0 || result.status == 1, "\(result.errorText.prefix(2000))")
            let json = try result.json()
            #expect(json["skills"]?.integer == Int64(folders.count))
            #expect(json["ok"]?.boolean == (result.status == 0))
            let diagnostics = try #require(json["diagnostics"]?.array)
            #expect(!diagnostics.isEmpty)
            for diagnostic in diagnostics {
                #expect(folders.contains { diagnostic["file"]?.string?.hasPrefix($0) == true }, "\(diagnostic)")
            }
        }
    }

    @Test func `graph draws the passes in four ways`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest()
            try await world.done("build")
            let text = try await world.done("graph").outputText
            #expect(text.contains("parse for commit-message") || text.contains("parse"))
            let dot = try await world.done("graph", "--format", "dot").outputText
            #expect(dot.hasPrefix("digraph skvm {") && dot.contains(" -> "))
            let mermaid = try await world.done("graph", "--format", "mermaid").outputText
            #expect(mermaid.hasPrefix("graph LR") && mermaid.contains(" --> "))
            let json = try await world.done("graph", "--format", "json").json()
            let nodes = try #require(json["nodes"]?.array)
            #expect(nodes.count == 11)
            let ids = Set(nodes.compactMap { $0["id"]?.string })
            for edge in json["edges"]?.array ?? [] {
                #expect(ids.contains(edge["from"]?.string ?? "") && ids.contains(edge["to"]?.string ?? ""))
            }
            #expect(json["edges"]?.array?.isEmpty == false)
            try await world.skvm("graph", "no-such").expectError(2, "package.unknown", "no-such")
        }
    }

    @Test func `explain and diff name the level and the rule`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["pdf-tables = \"*\""])
            try await world.skvm("explain", "pdf-tables").expectError(2, "explain.unknown", "pdf-tables", "skvm build")
            try await world.done("build")
            let first = try await world.done("explain", "pdf-tables", "--target", "weak").outputText
            #expect(first.contains("lower") && first.contains("because"), "\(first)")
            let diff = try await world.done("diff", "pdf-tables").outputText
            #expect(diff.contains("@@ line ") && diff.contains("@@ lower.") && diff.contains("\n+"), "\(diff)")
            let json = try await world.done("diff", "pdf-tables", "--json").json()
            let changes = (json["hunks"]?.array ?? []).flatMap { $0["changes"]?.array ?? [] }
            #expect(!changes.isEmpty && changes.allSatisfy { $0["rule"]?.string?.isEmpty == false })
            try await world.skvm("explain", "pdf-tables", "-t", "none").expectError(2, "target.unknown", "none")
        }
    }

    @Test func `new writes a skill that checks and builds`() async throws {
        try await withCommandWorld { world in
            try await world.done("new", "line-count")
            let check = try await world.done("check", "line-count")
            #expect(check.outputText.contains("0 errors, 0 warnings"), "\(check.errorText)")
            try await world.skvm("new", "line-count").expectError(2, "new.exists", "line-count")
            try world.writeManifest([])
            try await world.done("add", "./line-count")
            try await world.done("install")
            #expect(FileSystem.exists(world.project + "/.agents/skills/line-count/SKILL.md"))
            try await world.done("verify")
            try await world.done("remove", "line-count")
            #expect(!FileSystem.exists(world.project + "/.agents/skills/line-count"))
            #expect(try world.snapshot(world.project)["skvm.toml"]?.hasPrefix("# mine\n") == true)
        }
    }

    @Test func `init refuses to write over a manifest`() async throws {
        try await withCommandWorld { world in
            try await world.done("init", "--dry-run")
            #expect(try FileSystem.list(world.project).isEmpty)
            try await world.done("init")
            let before = try world.snapshot(world.project)
            try await world.skvm("init").expectError(2, "init.exists", "skvm.toml", "hint: ")
            #expect(try world.snapshot(world.project) == before)
        }
    }

    @Test func `clean keeps what says which installed files are ours`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest()
            try await world.done("install")
            try await world.done("clean")
            try await world.done("verify")
            let again = try await world.done("install", "--json").json()
            #expect(again["ok"]?.boolean == true)
            try await world.done("verify")
        }
    }

    @Test func `gc of everything unused keeps what the lock pins`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest()
            try await world.done("install")
            let told = try await world.done("gc", "--days", "0", "--dry-run")
            #expect(told.outputText.contains("would remove"))
            try await world.done("gc", "--days", "0")
            let verify = try await world.done("verify", "-v")
            #expect(verify.outputText.contains("verified 1 installed skill "))
            #expect(!verify.errorText.contains("verify.not-cached"), "\(verify.errorText)")
            try FileSystem.removeTree(world.project + "/.agents")
            try await world.done("install", "--frozen")
            try await world.done("verify")
        }
    }

    @Test func `doctor, cache, target and registry tell what there is`() async throws {
        try await withCommandWorld { world in
            try await world.done("doctor")
            try world.writeManifest()
            try await world.done("build")
            let doctor = try await world.done("doctor").outputText
            #expect(doctor.contains("git version") && doctor.contains("1 target, 1 dependency"))
            #expect(try await world.done("cache").outputText.hasPrefix(world.cache + "\n"))
            let known = try await world.done("target", "list", "--known").outputText
            for name in ["hermes", "openclaw", "debian-12-x86_64", "qwen/qwen3.5-9b"] {
                #expect(known.contains(name), "\(name)")
            }
            #expect(try await world.done("registry", "list").outputText.contains("inside skvm"))
            try write(["skvm.toml": "[broken\n"], in: world.project)
            try await world.skvm("doctor").expectError(1, "toml.syntax", "skvm.toml:1")
        }
    }

    @Test func `add keeps every other byte of the manifest`() async throws {
        try await withCommandWorld { world in
            let text = "# mine\r\n[dependencies] # these\r\n\r\n[targets]\r\n"
            try write(["skvm.toml": text], in: world.project)
            try await world.done(
                "target", "add", "weak", "--model", "qwen/qwen3.5-9b", "--harness", "openclaw", "--environment",
                "debian-12-x86_64")
            try await world.done("add", "palette")
            let after = try #require(try world.snapshot(world.project)["skvm.toml"])
            #expect(after.hasPrefix("# mine\r\n[dependencies] # these\r\n"))
            try await world.done("remove", "palette")
            try await world.done("target", "remove", "weak")
            #expect(try world.snapshot(world.project)["skvm.toml"] == text)
        }
    }
}
