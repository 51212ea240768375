import Basics
import TestSupport
import Testing

/// `skvm lock merge --manifest`, as git's driver calls it: comments, order and quoting as the sides have them.
@Suite struct `Two manifests merge` {
    struct Example: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var base, ours, theirs, merged: String

        init(_ what: String, _ base: String, _ ours: String, _ theirs: String, _ merged: String) {
            testDescription = what
            self.base = base
            self.ours = ours
            self.theirs = theirs
            self.merged = merged
        }
    }

    static let examples = [
        Example(
            "comments of both sides stay", "[dependencies]\n", "[dependencies]\nb = \"1\" # ours\n",
            "[dependencies]\n# why\na = \"1\" # theirs\n",
            "[dependencies]\n# why\na = \"1\" # theirs\nb = \"1\" # ours\n"),
        Example(
            "a removal and a change of neighbours", "[dependencies]\na = \"1\"\nb = \"1\" # b\nc = \"1\"\n",
            "[dependencies]\na = \"1\"\nb = \"2\" # b\nc = \"1\"\n", "[dependencies]\na = \"1\"\nb = \"1\" # b\n",
            "[dependencies]\na = \"1\"\nb = \"2\" # b\n"),
        Example(
            "the same on both sides", "[dependencies]\n", "[dependencies]\na = \"1\"\nb = \"1\"\n",
            "[dependencies]\na = \"1\"\nc = \"1\"\n", "[dependencies]\na = \"1\"\nb = \"1\"\nc = \"1\"\n"),
        Example(
            "targets at the end, no common ancestor", "",
            "[targets.x]\nmodel = \"m/x\"\nharness = \"h\"\nenvironment = \"e\"\n",
            "[targets.y]\nmodel = \"m/y\" # why\nharness = \"h\"\nenvironment = \"e\"\n",
            "[targets.x]\nmodel = \"m/x\"\nharness = \"h\"\nenvironment = \"e\"\n\n"
                + "[targets.y]\nmodel = \"m/y\" # why\nharness = \"h\"\nenvironment = \"e\"\n"),
        Example(
            "another line's end, and members on lines of their own",
            "[workspace]\r\nmembers = [\r\n  \"a\",\r\n  \"m\",\r\n  \"z\",\r\n]\r\n",
            "[workspace]\r\nmembers = [\r\n  \"a\",\r\n  \"b\",\r\n  \"m\",\r\n  \"z\",\r\n]\r\n",
            "[workspace]\r\nmembers = [\r\n  \"a\",\r\n  \"m\",\r\n  \"n\",\r\n  \"z\",\r\n]\r\n",
            "[workspace]\r\nmembers = [\r\n  \"a\",\r\n  \"b\",\r\n  \"m\",\r\n  \"n\",\r\n  \"z\",\r\n]\r\n"),
    ]

    @Test(arguments: examples)
    func `with what one side alone changed`(example: Example) async throws {
        try await withCommandWorld { world in
            let files = ["base": example.base, "ours": example.ours, "theirs": example.theirs]
            try write(files, in: world.project)
            try await world.done("lock", "merge", "--manifest", "base", "ours", "theirs")
            #expect(try FileSystem.readText(world.project + "/ours").utf8.elementsEqual(example.merged.utf8))
            // The other way round it says the same, in another order maybe.
            try write(files, in: world.project)
            try await world.done("lock", "merge", "--manifest", "base", "theirs", "ours")
            let other = try FileSystem.readText(world.project + "/theirs")
            func lines(_ text: String) -> [Substring] { text.split(whereSeparator: \.isNewline).sorted() }
            #expect(lines(other) == lines(example.merged), "\(other)")
        }
    }

    @Test(arguments: [
        // One changed what the other removed.
        ("[dependencies]\na = \"1\"\n", "[dependencies]\na = \"2\"\n", "[dependencies]\n"),
        // Half of one source and half of another is none.
        (
            "[dependencies.a]\ngit = \"https://h/r\"\n\n# between\n\nbranch = \"main\"\n",
            "[dependencies.a]\ngit = \"https://h/s\"\n\n# between\n\nbranch = \"main\"\n",
            "[dependencies]\na = \"^1\"\n"
        ),
        ("", "[dependencies]\na = \"1\"\n", "[dependencies]\na = \"2\"\n"),
        // However far apart its lines stand.
        (
            "[dependencies.a]\ngit = \"https://h/r\"\n# 1\n# 2\n# 3\n# 4\ntag = \"v1\"\n",
            "[dependencies.a]\ngit = \"https://h/s\"\n# 1\n# 2\n# 3\n# 4\ntag = \"v1\"\n",
            "[dependencies.a]\ngit = \"https://h/r\"\n# 1\n# 2\n# 3\n# 4\ntag = \"v2\"\n"
        ),
    ])
    func `but not where both changed one thing`(base: String, ours: String, theirs: String) async throws {
        try await withCommandWorld { world in
            try write(["base": base, "ours": ours, "theirs": theirs], in: world.project)
            let result = try await world.skvm("lock", "merge", "--manifest", "base", "ours", "theirs", "sub/skvm.toml")
            result.expectError(1, "manifest.merge-conflict", "sub/skvm.toml", "dependencies.a")
            let text = try FileSystem.readText(world.project + "/ours")
            #expect(text.contains("<<<<<<< ours\n") && text.contains(">>>>>>> theirs\n"), "\(text)")
        }
    }

    @Test func `and say where what is right on each side is wrong together`() async throws {
        try await withCommandWorld { world in
            let registry = "[registries]\ncorp = \"https://h/r\"\n"
            try write(
                [
                    "base": "[dependencies]\n\n\n\n\(registry)", "ours": "[dependencies]\n",
                    "theirs": "[dependencies]\na = { version = \"1\", registry = \"corp\" }\n\n\n\n\(registry)",
                ], in: world.project)
            let result = try await world.skvm("lock", "merge", "--manifest", "base", "ours", "theirs")
            #expect(result.status == 1 && result.errorText.contains("corp"), "\(result.errorText)")
            #expect(try FileSystem.readText(world.project + "/ours").contains("registry = \"corp\""))
        }
    }

    @Test(arguments: ["a = [", "<<<<<<< x\n", "\u{0}"])
    func `line by line where one can't be read`(bad: String) async throws {
        try await withCommandWorld { world in
            let good = "[dependencies]\n"
            try write(["base": good, "ours": good + "a = \"1\"\n", "theirs": bad], in: world.project)
            let result = try await world.skvm("lock", "merge", "--manifest", "base", "ours", "theirs")
            #expect(result.status == 1, "\(result.errorText)")
            let text = try FileSystem.readText(world.project + "/ours")
            #expect(text.contains("<<<<<<< ours\n") && text.contains(bad), "\(text)")
        }
    }

    @Test func `line by line where a branch changes more than a person would`() async throws {
        try await withCommandWorld { world in
            let many = (0...1_000).map { "p\($0) = \"1\"\n" }.joined()
            try write(
                [
                    "base": "[dependencies]\n", "ours": "# ours\n[dependencies]\n",
                    "theirs": "[dependencies]\n# theirs\n\n\n\(many)",
                ], in: world.project)
            let result = try await world.skvm("lock", "merge", "--manifest", "base", "ours", "theirs")
            #expect(result.errorText.contains("1001 changes are too many"), "\(result.errorText)")
            let text = try FileSystem.readText(world.project + "/ours")
            #expect(text.contains("# ours") && text.contains("p1000 = "), "\(text.prefix(300))")
        }
    }

    @Test func `and what they clash in is told, however long what they share`() async throws {
        try await withCommandWorld { world in
            let address =
                "git = \"https://git.example.org/a/long/way/to/a/repository/of/skills.git\", path = \"skills/alpha\""
            func manifest(_ rest: String) -> String { "[dependencies]\nalpha = { \(address)\(rest) }\n" }
            try write(
                [
                    "base": manifest(""), "ours": manifest(", branch = \"main\""),
                    "theirs": manifest(", tag = \"v1.0.0\""),
                ], in: world.project)
            let told = try await world.skvm("lock", "merge", "--manifest", "base", "ours", "theirs", "skvm.toml")
            told.expectError(
                1, "manifest.merge-conflict", "ours: branch = \"main\", no tag\n",
                "theirs: tag = \"v1.0.0\", no branch\n")
            let long = String(repeating: "x", count: 80)
            func other(_ end: String) -> String {
                "[targets.a]\nmodel = \"m/\(long)\(end)\"\nharness = \"h\"\nenvironment = \"e\"\n"
            }
            try write(["base": other("0"), "ours": other("1"), "theirs": other("2")], in: world.project)
            try await world.skvm("lock", "merge", "--manifest", "base", "ours", "theirs", "skvm.toml")
                .expectError(1, "manifest.merge-conflict", "ours: …xxxxxxxxxx1\"", "theirs: …xxxxxxxxxx2\"")
        }
    }
}
