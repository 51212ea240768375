import Basics
import Formats
import TestSupport
import Testing

@Suite struct `The command publish` {
    /// A checkout is called as its user likes.
    @Test func `says nothing of the name of a checkout's own folder, and does of a folder in it`() async throws {
        try await PublishWorld.with { world in
            try await world.start("charts")
            let root = try await world.author.skvm("publish", "--dry-run", "--json")
            #expect(root.status == 0 && !root.outputText.contains("parse.name-differs"), "\(root.outputText)")
            try write(
                [
                    "more/SKILL.md": PublishWorld.skill("pens"),
                    "more/skvm.toml": PublishWorld.manifest(
                        "pens", "1.0.0",
                        "[registries]\ndefault = \"\(world.registry.url)\"\n[workspace]\nmembers = []\n"),
                ], in: world.author.project)
            try await world.push()
            let below = try await world.author.skvm(
                "publish", "--dry-run", "--json", in: world.author.project + "/more")
            #expect(below.outputText.contains("parse.name-differs"), "\(below.outputText)\(below.errorText)")
        }
    }

    @Test func `that loses the race for its tag says that the tag is taken, and by what`() async throws {
        try await PublishWorld.with { world in
            try await world.start()
            let other = try await world.skills.commit(["SKILL.md": "other\n"], branch: "other")
            // Somebody is faster by as much as git's own hook takes.
            let hook = world.author.project + "/.git/hooks/pre-push"
            try write(
                [".git/hooks/pre-push": "#!/bin/sh\nexec git --git-dir='\(world.skills.path)' tag v1.2.0 \(other)\n"],
                in: world.author.project)
            try FileSystem.setMode(hook, 0o755)
            try await world.author.skvm("publish").expectError(1, "publish.tag-taken", "v1.2.0", other)
            #expect(try await world.index("charts").isEmpty)
            // What was made here for nothing is gone.
            #expect(try await world.author.git("tag").isEmpty)
        }
    }

    @Test func `tags the commit and lists it, and somebody else installs it`() async throws {
        try await PublishWorld.with { world in
            try await world.start()
            let dry = try await world.author.done("publish", "--dry-run")
            #expect(dry.outputText.contains("`v1.2.0`"))
            #expect(try await world.index("charts") == "")
            #expect(try await world.skills.git("tag") == "")
            #expect(try await world.author.git("tag") == "")

            let report = try await world.author.done("publish", "--json").json()
            let head = try await world.author.git("rev-parse", "HEAD")
            #expect(report["changed"]?.boolean == true && report["tag"]?.string == "v1.2.0")
            #expect(report["commit"]?.string == head)
            #expect(try await world.skills.git("rev-parse", "v1.2.0^{commit}") == head)
            let line = try StrictJSON.parse(Array(try await world.index("charts").utf8), file: "index")
            #expect(line["version"]?.string == "1.2.0" && line["commit"]?.string == head)
            #expect(line["git"]?.string == world.skills.url && line["yanked"]?.boolean == false)
            #expect(line["tree"]?.string == report["tree"]?.string)
            #expect(line["description"]?.string?.hasPrefix("Counts the lines") == true)
            #expect(try await world.registry.git("show", "main:README.md") == "r")

            let user = try world.user("charts = \"^1\"")
            try await user.done("install")
            let script = try FileSystem.status(user.project + "/.agents/skills/charts/scripts/run.sh")
            #expect((script?.mode ?? 0) & 0o111 != 0)
            try await user.done("registry", "check", "default")
        }
    }

    @Test func `again changes nothing, and another content of the version is refused`() async throws {
        try await PublishWorld.with { world in
            try await world.start()
            try await world.author.done("publish")
            let (head, line) = (try await world.registry.git("rev-parse", "main"), try await world.index("charts"))
            let again = try await world.author.done("publish", "--json").json()
            #expect(again["changed"]?.boolean == false)
            #expect(try await world.registry.git("rev-parse", "main") == head)
            let told = try await world.author.done("publish").errorText
            #expect(!told.contains("tagging") && !told.contains("publishing in"), "\(told)")

            try write(["SKILL.md": PublishWorld.skill("charts", "Always round.")], in: world.author.project)
            try await world.push()
            for options in [["--dry-run"], []] {
                let result = try await world.author.run([try CommandWorld.binary(), "publish"] + options)
                result.expectError(1, "publish.exists", "charts", "1.2.0", "new one")
            }
            #expect(try await world.index("charts") == line)
            try world.author.edit("skvm.toml", "1.2.0", "1.3.0")
            try await world.push()
            try await world.author.done("publish")
            #expect(try await world.index("charts").hasPrefix(line + "\n{"))
            #expect(try await world.registry.git("rev-list", "--count", "main") == "3")
        }
    }

    @Test func `without a default registry the others are named`() async throws {
        try await PublishWorld.with { world in
            let author = world.author
            var table = "[registries]\nteam = \"\(world.registry.url)\"\n"
            for said in [["`--registry team`"], ["`--registry mine`", "`--registry team`"]] {
                try write(
                    [
                        "SKILL.md": PublishWorld.skill("charts"),
                        "skvm.toml": PublishWorld.manifest("charts", "1.0.0", table),
                    ],
                    in: author.project)
                for words in [["publish"], ["yank", "charts@1.0.0"]] {
                    let result = try await author.run([try CommandWorld.binary()] + words)
                    result.expectError(2, "publish.no-registry", "no default registry")
                    #expect(said.allSatisfy(result.errorText.contains), "\(result.errorText)")
                    #expect(!result.errorText.contains("registry add"))
                }
                try await author.skvm("publish", "--registry", "embedded").expectError(
                    2, "publish.no-registry", "the registry inside skvm", "`--registry team`")
                table += "mine = \"\(world.registry.url)\"\n"
            }
        }
    }

    @Test func `refuses what others could not fetch`() async throws {
        try await PublishWorld.with { world in
            let author = world.author
            try write(
                ["SKILL.md": PublishWorld.skill("charts"), "skvm.toml": PublishWorld.manifest("charts", "1.0.0")],
                in: author.project)
            try await author.skvm("publish").expectError(2, "publish.no-registry", "registry add")
            let registries = "[registries]\ndefault = \"\(world.registry.url)\"\n"
            try write(["skvm.toml": PublishWorld.manifest("charts", "1.0.0", registries)], in: author.project)
            try await author.skvm("publish").expectError(1, "publish.no-repository", "git init")
            try await author.git("init", "-q")
            try await author.skvm("publish").expectError(1, "publish.no-commit")
            try await author.git("add", "-A")
            try await author.git("commit", "-qm", "one")
            try await author.skvm("publish").expectError(1, "publish.no-remote", "git remote add")
            try await author.git("remote", "add", "origin", world.skills.url)
            try await author.skvm("publish").expectError(1, "publish.unpushed", "git push")
            try await author.git("push", "-q", "-u", "origin", "HEAD")
            try write(["notes.txt": "n\n"], in: author.project)
            try await author.skvm("publish").expectError(1, "publish.dirty", "notes.txt")
            try FileSystem.remove(author.project + "/notes.txt")
            try await author.git("tag", "v1.0.0", "HEAD")
            try write(["SKILL.md": PublishWorld.skill("charts", "Always round.")], in: author.project)
            try await author.git("commit", "-qam", "two")
            try await author.git("push", "-q")
            try await author.skvm("publish").expectError(
                1, "publish.tag-taken", "v1.0.0", "nobody else has", "git tag -d v1.0.0")
            try await author.git("tag", "-d", "v1.0.0")
            try await world.skills.tag("v1.0.0", "main~1")
            try await author.skvm("publish").expectError(
                1, "publish.tag-taken", "v1.0.0", "git checkout v1.0.0", "new version")
            #expect(try await author.git("tag") == "")
            #expect(try await world.index("charts") == "")
            // What nobody could build is published by nobody.
            for text in ["no front matter\n", PublishWorld.skill("charts", "See @@SKVM_SKILL_DIR@@/scripts.")] {
                try write(["SKILL.md": text], in: author.project)
                try await author.git("commit", "-qam", "three")
                try await author.git("push", "-q")
                #expect(try await author.skvm("publish").status == 1)
            }
            try await author.skvm("check", ".").expectError(1, "link.token", "SKILL.md:")
            #expect(try await world.registry.git("rev-list", "--count", "main") == "1")
        }
    }

    @Test func `lists for a registry on a server no repository of this machine`() async throws {
        try await PublishWorld.with { world in
            try await GitWebServer.serving(world.remotes) { server in
                try await world.start(registry: server.open + "/registry.git")
                for options in [["--dry-run"], []] {
                    try await world.author.run([try CommandWorld.binary(), "publish"] + options).expectError(
                        1, "publish.local-source", world.skills.url, "skvm publish --source URL")
                }
                #expect(try await world.index("charts") == "")
                #expect(try await world.skills.git("tag") == "")
                try await world.author.done("publish", "--source", server.open + "/skills.git")
                #expect(try await world.index("charts").contains(server.open))
            }
        }
    }

    @Test func `tags nothing that no index could list`() async throws {
        try await PublishWorld.with { world in
            try await world.start()
            let long = String(repeating: "Counts figures of tables. ", count: 4_000)
            let text = PublishWorld.skill("charts").replacing("description: ", with: "description: \(long)")
            try write(["SKILL.md": text], in: world.author.project)
            try await world.push()
            try await world.author.skvm("publish").expectError(1, "publish.line", "65536", "shorten the description")
            #expect(try await world.skills.git("tag") == "")
        }
    }

    @Test(arguments: [
        "charts = \"^1\"", "charts = { path = \".\" }", "maps = { package = \"charts\", version = \"*\" }",
    ])
    func `refuses a skill that needs itself`(line: String) async throws {
        try await PublishWorld.with { world in
            try await world.start()
            try await world.author.done("publish")
            let more = "[dependencies]\n\(line)\n\n[registries]\ndefault = \"\(world.registry.url)\"\n"
            try write(["skvm.toml": PublishWorld.manifest("charts", "1.3.0", more)], in: world.author.project)
            try await world.push()
            for options in [["--dry-run"], []] {
                try await world.author.run([try CommandWorld.binary(), "publish"] + options).expectError(
                    1, "publish.self-dependency", "'charts' needs itself")
            }
            #expect(try await !world.index("charts").contains("1.3.0"))
        }
    }

    @Test func `finds the remote of a branch that follows an address`() async throws {
        try await PublishWorld.with { world in
            try await world.start()
            try await world.author.git("push", "-q", "-u", world.skills.url, "HEAD")
            #expect(try await world.author.git("config", "branch.main.remote") == world.skills.url)
            try await world.author.done("publish")
            #expect(try await world.index("charts").contains("\"git\":\"\(world.skills.url)\""))
        }
    }

    @Test func `of what needs a patched package says that the patch stays behind`() async throws {
        try await PublishWorld.with { world in
            try await world.start("palette")
            try await world.author.done("publish")
            let fork = [
                "SKILL.md": PublishWorld.skill("palette"), "skvm.toml": PublishWorld.manifest("palette", "1.2.0"),
            ]
            try write(fork, in: world.author.scratch + "/fork")
            let rest = """
                [registries]
                default = "\(world.registry.url)"
                [dependencies]
                palette = "^1.0"
                [patch.default]
                palette = { path = "../fork" }
                other = { path = "../fork" }

                """
            try write(
                [
                    "SKILL.md": PublishWorld.skill("charts"),
                    "skvm.toml": PublishWorld.manifest("charts", "1.0.0", rest),
                ],
                in: world.author.project)
            try await world.push("charts")
            let published = try await world.author.done("publish", "--dry-run")
            #expect(
                published.errorText.contains("the patch of 'palette' does not travel with 'charts' [publish.patch]"),
                "\(published.errorText)")
            #expect(!published.errorText.contains("'other'"))
        }
    }

    @Test func `of a manifest that git ignores is refused: nobody could fetch what the index would say`() async throws {
        try await PublishWorld.with { world in
            try await world.start()
            try write([".gitignore": "skvm.toml\n"], in: world.author.project)
            try await world.author.git("rm", "-q", "--cached", "skvm.toml")
            try await world.push("ignore it")
            try await world.author.skvm("publish").expectError(1, "publish.uncommitted", "skvm.toml", ".gitignore")
            #expect(try await world.index("charts").isEmpty)
        }
    }

    @Test func `publishes a workspace's members one by one, what they need first`() async throws {
        try await PublishWorld.with { world in
            let author = world.author
            try write(
                [
                    "skvm.toml":
                        "[workspace]\nmembers = [\"skills/*\"]\n[registries]\ndefault = \"\(world.registry.url)\"\n",
                    "skills/charts/SKILL.md": PublishWorld.skill("charts"),
                    "skills/charts/skvm.toml": PublishWorld.manifest(
                        "charts", "1.2.0", "[dependencies]\npalette = { path = \"../palette\" }\n"),
                    "skills/palette/SKILL.md": PublishWorld.skill("palette"),
                    "skills/palette/skvm.toml": PublishWorld.manifest("palette", "0.3.1"),
                ], in: author.project)
            try await author.git("init", "-q")
            try await author.git("remote", "add", "origin", world.skills.url)
            try await world.push()
            try await author.skvm("publish").expectError(2, "publish.several", "-p charts", "-p palette")
            try await author.skvm("publish", "-p", "nobody").expectError(2, "publish.unknown", "charts, palette")
            try await author.skvm("publish", "-p", "charts")
                .expectError(1, "publish.missing-dependency", "palette", "^0.3.1")
            try await author.done("publish", "-p", "palette")
            let report = try await author.done("publish", "-p", "charts", "--json").json()
            #expect(report["dependencies"]?["palette"]?.string == "^0.3.1")
            #expect(report["tag"]?.string == "charts/v1.2.0" && report["path"]?.string == "skills/charts")
            #expect(try await world.skills.git("tag") == "charts/v1.2.0\npalette/v0.3.1")
            let user = try world.user("charts = \"*\"")
            try await user.done("install")
            #expect(FileSystem.exists(user.project + "/.agents/skills/palette/SKILL.md"))
        }
    }

    @Test func `many at once all end up in one straight history`() async throws {
        try await PublishWorld.with { world in
            let names = ["aa", "bb", "cc", "dd", "ee", "ff"]
            var authors: [CommandWorld] = []
            for name in names {
                var author = try CommandWorld("\(world.author.scratch)/\(name)")
                author.variables = world.author.variables
                let remote = try await RemoteRepository(at: "\(world.remotes)/\(name).git")
                try await PublishWorld(
                    author: author, remotes: world.remotes, registry: world.registry, skills: remote
                ).start(name)
                authors.append(author)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for author in authors { group.addTask { try await author.done("publish") } }
                try await group.waitForAll()
            }
            for name in names { #expect(try await world.index(name).contains("\"\(name)\"")) }
            #expect(try await world.registry.git("rev-list", "--count", "--min-parents=2", "main") == "0")
            #expect(try await world.registry.git("rev-list", "--count", "main") == "7")
            try await world.author.done("registry", "check", world.registry.url)
        }
    }

    @Test func `a version that is yanked is chosen by nobody and kept by those who have it`() async throws {
        try await PublishWorld.with { world in
            try await world.start()
            try await world.author.done("publish")
            let first = try await world.index("charts")
            try world.author.edit("skvm.toml", "1.2.0", "1.3.0")
            try await world.push()
            try await world.author.done("publish")
            let both = try await world.index("charts")

            let holder = try world.user("charts = \"^1\"")
            try await holder.done("build")
            try await world.author.done("yank", "charts@1.3.0")
            #expect(
                try await world.index("charts") == first + "\n"
                    + both.dropFirst(first.utf8.count + 1)
                    .replacing("\"yanked\":false", with: "\"yanked\":true"))
            #expect(try await world.author.done("yank", "charts@1.3.0").outputText.contains("as it was"))
            try FileSystem.removeTree(holder.cache)
            try await holder.done("build", "--locked")
            #expect(try holder.snapshot(holder.project)["skvm.lock"]?.contains("1.3.0") == true)
            try FileSystem.remove(holder.project + "/skvm.lock")
            try await holder.done("build")
            #expect(try holder.snapshot(holder.project)["skvm.lock"]?.contains("1.2.0") == true)

            try await world.author.done("yank", "charts@1.3.0", "--undo")
            #expect(try await world.index("charts") == both)
            try await world.author.skvm("yank", "charts@9.9.9").expectError(1, "yank.no-version", "1.3.0")
            try await world.author.skvm("yank", "chart").expectError(2, "yank.spec", "NAME@VERSION")
            try await world.author.skvm("yank", "chart@1.3.0")
                .expectError(1, "registry.unknown-package", "did you mean `charts`?")
            try await world.author.skvm("yank", "nobody@1.0.0").expectError(1, "registry.unknown-package", "nobody")
        }
    }

    @Test func `over http, by git's credential helper, and no secret is shown or kept`() async throws {
        try await PublishWorld.with { world in
            try await GitWebServer.serving(world.remotes) { server in
                let secret = "open sesame"
                try write(
                    [
                        "gitconfig":
                            "[credential]\n\thelper = \"!f() { test $1 = get && echo username=\(server.user) && "
                            + "echo 'password=\(secret)'; }; f\"\n"
                    ], in: world.author.scratch)
                let address = server.closed + "/registry.git"
                try await world.start(registry: address, skills: server.closed + "/skills.git")
                let result = try await world.author.done("publish", "-v")
                #expect(try await world.index("charts").contains(server.closed + "/skills.git"))
                let user = try world.user("charts = \"*\"", registry: address)
                try await user.done("install")
                try await world.author.done("yank", "charts@1.2.0")
                #expect(!(result.outputText + result.errorText).contains(secret))
                for folder in [world.author.cache, user.cache, user.project, world.author.project] {
                    let found = try await world.author.run(["grep", "-raFl", secret, folder])
                    #expect(found.status == 1, "\(found.outputText)")
                }
                try write(["gitconfig": ""], in: world.author.scratch)
                try await world.author.skvm("yank", "charts@1.2.0", "--undo").expectError(6, "git.authentication")
            }
        }
    }

    @Test func `a password in the remote's address is used and shown nowhere`() async throws {
        try await PublishWorld.with { world in
            try await GitWebServer.serving(world.remotes) { server in
                let secret = "open%20sesame"
                let closed = server.closed.replacing("http://", with: "http://\(server.user):\(secret)@")
                try await world.start(skills: closed + "/skills.git")
                let result = try await world.author.done("publish", "-v", "--json")
                #expect(try await world.index("charts").contains("\"git\":\"\(server.closed)/skills.git\""))
                var said = result.outputText + result.errorText
                for broken in ["/none.git", "/skills.git/x"] {
                    try await world.author.git("remote", "set-url", "origin", closed + broken)
                    try world.author.edit("skvm.toml", "1.2.0", "1.2.\(broken.utf8.count)")
                    try await world.author.git("commit", "-qam", "next")
                    try await world.author.git("update-ref", "refs/remotes/origin/main", "HEAD")
                    let failed = try await world.author.skvm("publish", "-v")
                    #expect(failed.status == 6, "\(failed.errorText)")
                    said += failed.outputText + failed.errorText
                    try world.author.edit("skvm.toml", "1.2.\(broken.utf8.count)", "1.2.0")
                }
                for text in [secret, "open sesame"] {
                    #expect(!said.contains(text), "\(said)")
                    for folder in [world.author.cache, world.remotes, world.author.project + "/.skvm"] {
                        let found = try await world.author.run(["grep", "-raFl", text, folder])
                        #expect(found.status != 0, "\(found.outputText)")
                    }
                }
            }
        }
    }

    @Test func `in a registry that is a folder, and not offline`() async throws {
        try await PublishWorld.with { world in
            try await world.author.done("registry", "init", world.author.scratch + "/plain")
            try await world.start(registry: world.author.scratch + "/plain")
            try await world.author.skvm("publish", "--offline").expectError(4, "publish.offline")
            try await world.author.done("publish")
            let user = try world.user("charts = \"1\"", registry: world.author.scratch + "/plain")
            try await user.done("install")
            try await world.author.done("yank", "charts@1.2.0")
            let file = try FileSystem.readText(world.author.scratch + "/plain/index/ch/ar/charts.jsonl")
            #expect(file.contains("\"yanked\":true"))
        }
    }

    @Test func `over ssh, and a server that refuses is named`() async throws {
        try await PublishWorld.with { world in
            try await GitSSHServer.serving { server in
                var world = world
                world.author.variables.merge(server.environment) { $1 }
                try await world.start(
                    registry: server.address + world.registry.path, skills: server.address + world.skills.path)
                let hook = world.registry.path + "/hooks/pre-receive"
                try write([hook: "#!/bin/sh\necho only on Mondays >&2\nexit 1\n"], in: "")
                try FileSystem.setMode(hook, 0o755)
                try await world.author.skvm("publish").expectError(6, "git.refused", "only on Mondays")
                try FileSystem.remove(hook)
                // The tag is there already: the next run completes what the first began.
                #expect(try await world.skills.git("tag") == "v1.2.0")
                let source = "https://example.org/skills.git"
                try await world.author.skvm("publish", "--source", source).expectError(6, "git.network", "example.org")
                try await world.author.done("publish")
                #expect(try await world.index("charts").contains("\"git\":\"\(server.address)"))
            }
        }
    }

    @Test func `a registry that holds its skills itself needs no address`() async throws {
        try await PublishWorld.with { world in
            let author = world.author
            try await author.git("clone", "-q", world.registry.url, ".")
            try write(
                [
                    "skvm.toml":
                        "[workspace]\nmembers = [\"skills/*\"]\n[registries]\ndefault = \"\(world.registry.url)\"\n",
                    "skills/charts/SKILL.md": PublishWorld.skill("charts"),
                    "skills/charts/skvm.toml": PublishWorld.manifest("charts", "1.2.0"),
                ], in: author.project)
            try await world.push()
            try await author.done("publish", "-p", "charts")
            let line = try StrictJSON.parse(Array(try await world.index("charts").utf8), file: "index")
            #expect(
                line["git"] == nil && line["path"]?.string == "skills/charts" && line["commit"]?.string?.count == 40)
            try await world.user("charts = \"*\"").done("install")
        }
    }
}

extension CommandWorld {
    func edit(_ file: String, _ old: String, _ new: String) throws {
        let path = project + "/" + file
        let text = try FileSystem.readText(path)
        try #require(text.contains(old), "\(file) has no '\(old)'")
        try FileSystem.write(Array(text.replacing(old, with: new).utf8), to: path)
    }
}
