import Basics
import TestSupport
import Testing

enum InterruptedPublish {
    /// A `git` that kills whoever called it at the n-th call: before it does anything, or when it has done its work.
    static func killer(_ folder: String) -> String {
        """
        #!/bin/sh
        n=$(($(cat \(folder)/count) + 1))
        echo $n > \(folder)/count
        [ "$n" = "$KILL_AT" ] || exec /usr/bin/git "$@"
        [ "$KILL_WHEN" = after ] && /usr/bin/git "$@"
        kill -9 $PPID

        """
    }
}

@Suite struct `A publish that is killed` {
    @Test func `at any call of git is completed by the next`() async throws {
        try await PublishWorld.with { world in
            try await world.start()
            let bin = world.author.scratch + "/bin"
            try write(["git": InterruptedPublish.killer(bin)], in: bin)
            try FileSystem.setMode(bin + "/git", 0o755)
            var call = 0
            while true {
                call += 1
                if call > 1 {
                    try world.author.edit("skvm.toml", "\"1.\(call).0\"", "\"1.\(call + 1).0\"")
                    try await world.push()
                }
                try write(["count": "0"], in: bin)
                var victim = world.author
                victim.variables["PATH"] = bin + ":/usr/local/bin:/usr/bin:/bin"
                victim.variables["KILL_AT"] = "\(call)"
                victim.variables["KILL_WHEN"] = call % 2 == 0 ? "before" : "after"
                let killed = try await victim.skvm("publish")
                if killed.succeeded { break }
                try await world.author.done("publish")
            }
            // As many versions as there were runs, each once, each with its tag; nothing was forced or merged.
            #expect(call > 15)
            let lines = try await world.index("charts").split(separator: "\n")
            #expect(lines.count == call)
            #expect(try await world.skills.git("tag").split(separator: "\n").count == call)
            #expect(try await world.registry.git("rev-list", "--count", "main") == "\(call + 1)")
            print("publish was killed at \(call - 1) calls of git, and completed each time")
        }
    }

    /// A registry that takes nothing, after the tag has been pushed.
    private func interrupt(_ world: PublishWorld) async throws {
        let hook = world.registry.path + "/hooks/pre-receive"
        try write(["pre-receive": "#!/bin/sh\nexit 1\n"], in: world.registry.path + "/hooks")
        try FileSystem.setMode(hook, 0o755)
        try await world.author.skvm("publish").expectError(6, "git.refused")
        try FileSystem.remove(hook)
        #expect(try await world.skills.git("tag") == "v1.2.0")
        #expect(try await world.index("charts") == "")
    }

    @Test func `after it tagged goes on from the tag, when the skill is still the same`() async throws {
        try await PublishWorld.with { world in
            let author = world.author
            try write(["SKILL.md": PublishWorld.skill("charts")], in: author.project + "/skill")
            try await author.git("init", "-q")
            try await author.git("remote", "add", "origin", world.skills.url)
            try write(
                [
                    "skill/skvm.toml": PublishWorld.manifest(
                        "charts", "1.2.0", "[registries]\ndefault = \"\(world.registry.url)\"\n")
                ], in: author.project)
            try await world.push()
            let tagged = try await author.git("rev-parse", "HEAD")
            let hook = world.registry.path + "/hooks/pre-receive"
            try write(["pre-receive": "#!/bin/sh\nexit 1\n"], in: world.registry.path + "/hooks")
            try FileSystem.setMode(hook, 0o755)
            let folder = author.project + "/skill"
            try await author.skvm("publish", in: folder).expectError(6, "git.refused")
            try FileSystem.remove(hook)
            try write(["README.md": "what is beside the skill\n"], in: author.project)
            try await world.push()
            let result = try await author.done("publish", in: folder)
            #expect(result.errorText.contains("[publish.tagged]"), "\(result.errorText)")
            #expect(try await world.index("charts").contains("\"commit\":\"\(tagged)\""))
            #expect(try await world.skills.git("rev-parse", "v1.2.0^{commit}") == tagged)
            try await world.user("charts = \"^1\"").done("install")
        }
    }

    @Test func `after it tagged says how to complete it, when the skill was changed since`() async throws {
        try await PublishWorld.with { world in
            let author = world.author
            try await world.start()
            let tagged = try await author.git("rev-parse", "HEAD")
            try await interrupt(world)
            try write(["SKILL.md": PublishWorld.skill("charts", "Always round.")], in: author.project)
            try await world.push()
            try await author.skvm("publish").expectError(
                1, "publish.tag-taken", tagged, "git checkout v1.2.0", "does not list the version")
            // What it says works, and then the next version is another.
            try await author.git("checkout", "-q", "v1.2.0")
            try await author.done("publish")
            try await author.git("checkout", "-q", "-")
            #expect(try await world.index("charts").contains("\"commit\":\"\(tagged)\""))
            try await author.skvm("publish").expectError(1, "publish.exists", "give [package] a new one")
            try author.edit("skvm.toml", "1.2.0", "1.3.0")
            try await world.push()
            try await author.done("publish")
        }
    }
}
