import Basics
import Formats
import TestSupport
import Testing

/// Repositories as sources that move, vanish and lose skills: what concerns one package stops no other.
@Suite struct `A repository's skills` {
    /// `knots`, `ropes` and `tides` on `main`, released once as `v1.0.0`, and moved on since.
    struct Harbour {
        var world: CommandWorld
        var remote: RemoteRepository
        var other: RemoteRepository

        static func skill(_ name: String, _ text: String = "Do it.") -> RemoteRepository.File {
            .text("---\nname: \(name)\ndescription: Does what \(name) does for people.\n---\n# \(name)\n\n\(text)\n")
        }

        static func skills(_ names: String..., text: String = "Do it.") -> [String: RemoteRepository.File] {
            Dictionary(uniqueKeysWithValues: names.map { ("skills/\($0)/SKILL.md", skill($0, text)) })
        }

        static func with(_ body: (Harbour) async throws -> Void) async throws {
            try await withCommandWorld { world in
                var world = world
                world.variables["SKVM_NET_RETRY"] = "0"
                let remote = try await RemoteRepository(at: world.scratch + "/remotes/harbour.git")
                try await remote.commit(skills("knots", "ropes", "tides", text: "One."))
                try await remote.tag("v1.0.0")
                try await remote.commit(skills("knots", "ropes", "tides", text: "Two."), time: 1_700_000_100)
                let other = try await RemoteRepository(at: world.scratch + "/remotes/other.git")
                try await other.commit(skills("sails", text: "One."))
                try world.writeManifest([])
                try await body(Harbour(world: world, remote: remote, other: other))
            }
        }

        func away() throws { try FileSystem.rename(remote.path, to: remote.path + ".away") }
        func lock() throws -> String { try FileSystem.readText(world.project + "/skvm.lock") }
        func manifest() throws -> String { try FileSystem.readText(world.project + "/skvm.toml") }

        /// The commit that the lock has of a package.
        func locked(_ name: String) throws -> String? {
            let record = try lock().split(separator: "[[package]]").first { $0.contains("name = \"\(name)\"") }
            return record?.split(separator: "\n").first { $0.hasPrefix("commit = ") }.map {
                String($0.dropFirst(10).dropLast())
            }
        }
    }

    @Test func `what several need in the same words is told once`() async throws {
        try await Harbour.with { harbour in
            let (world, remote) = (harbour.world, harbour.remote)
            for name in ["one", "two", "three"] {
                try write(
                    [
                        "src/\(name)/SKILL.md": PublishWorld.skill(name),
                        "src/\(name)/skvm.toml":
                            "[dependencies]\nknots = { git = \"\(remote.url)\", path = \"skills/knots\", branch = \"main\" }\n",
                    ], in: world.project)
            }
            try await world.done("add", "./src/one", "./src/two", "./src/three")
            try await remote.commit(Harbour.skills("knots", text: "Three."), time: 1_700_000_200)
            let table = try await world.done("outdated").outputText
            #expect(table.contains("branch main") && !table.contains("branch main;"), "\(table)")
            let rows = try await world.done("outdated", "--json").json()["packages"]?.array ?? []
            #expect(rows.first?["required"]?.array?.count == 1)
            #expect(rows.first?["status"]?.string == "outdated")
        }
    }

    @Test func `a folder is added as the lock and the tree write it`() async throws {
        try await Harbour.with { harbour in
            let (world, remote) = (harbour.world, harbour.remote)
            try await remote.commit(
                [
                    "skills/x#y/SKILL.md": Harbour.skill("it"), "skills/p%23q/SKILL.md": Harbour.skill("it"),
                    "skills/a@1/SKILL.md": Harbour.skill("it"),
                ], branch: "br#1")
            for folder in ["x#y", "p%23q", "a@1"] {
                let entry = "path = \"skills/\(folder)\", branch = \"br#1\""
                try world.writeManifest(["it = { git = \"\(remote.url)\", \(entry) }"])
                try FileSystem.remove(world.project + "/skvm.lock")
                try await world.done("lock")
                let line = try #require(try harbour.lock().split(separator: "\n").first { $0.hasPrefix("source = ") })
                let source = String(line.dropFirst(10).dropLast())
                #expect(try await world.done("tree").outputText.contains(source))

                try world.writeManifest([])
                try await world.done("add", source)
                #expect(try harbour.manifest().contains(entry), "\(source)")
                try await world.skvm("add", source, "--branch", "main").expectError(2, "add.reference")
                // An `@` of an address without the mark begins a range.
                if folder.contains("@") { continue }
                try world.writeManifest([])
                let plain = String(source.dropFirst(4)).replacing("?branch=br%231", with: "")
                try await world.done("add", plain, "--branch", "br#1")
                #expect(try harbour.manifest().contains(entry), "\(plain)")
            }
        }
    }

    // MARK: Revisions

    @Test(arguments: [false, true])
    func `a shortened --rev is written in full, and holds when the branch moves on`(isUpper: Bool) async throws {
        try await Harbour.with { harbour in
            let (world, remote) = (harbour.world, harbour.remote)
            let head = try await remote.git("rev-parse", "main")
            let short = String(isUpper ? head.prefix(9).uppercased() : "\(head.prefix(9))")
            try await world.done("add", "\(remote.url)#knots", "--rev", short)
            #expect(try harbour.manifest().contains("rev = \"\(head)\""))
            try await remote.commit(Harbour.skills("knots", "ropes", "tides", text: "Three."), time: 1_700_000_200)
            try await world.done("add", "\(remote.url)#ropes")
            try await world.done("update")
            try await world.done("outdated")
            #expect(try harbour.locked("knots") == head)
        }
    }

    @Test func `a commit that no branch leads to any more is found by its first digits`() async throws {
        try await Harbour.with { harbour in
            let (world, remote) = (harbour.world, harbour.remote)
            let middle = try await remote.git("rev-parse", "main")
            for time in [1_700_000_200, 1_700_000_300] {
                try await remote.commit(Harbour.skills("knots", text: "Of \(time)."), time: time)
            }
            // A copy that began with a later commit has its history, too.
            try await world.done("add", "\(remote.url)#knots", "--branch", "main")
            try await world.done("add", "\(remote.url)#knots", "--rev", String(middle.prefix(8)))
            #expect(try harbour.manifest().contains("rev = \"\(middle)\""))
            try await world.done("install")
            let none = try await world.skvm("add", "\(remote.url)#knots", "--rev", "0123456789")
            none.expectError(1, "git.no-reference", "begins with `0123456789`", "all 40 digits")
            try await world.skvm("add", "\(remote.url)#knots@\(middle.prefix(8))").expectError(
                1, "package.no-skill", "--rev \(middle.prefix(8))")
        }
    }

    @Test func `a shortened rev in skvm.toml is what the lock says it is`() async throws {
        try await Harbour.with { harbour in
            let (world, remote) = (harbour.world, harbour.remote)
            let head = try await remote.git("rev-parse", "main")
            try world.writeManifest([
                "knots = { git = \"\(remote.url)\", path = \"skills/knots\", rev = \"\(head.prefix(8).uppercased())\" }"
            ])
            try await world.done("install")
            #expect(try harbour.locked("knots") == head)
            try await remote.commit(Harbour.skills("knots", text: "Three."), time: 1_700_000_200)
            try await world.done("update")
            try harbour.away()
            try await world.done("add", "palette")
            try await world.done("update", "palette")
            try await world.done("install")
            try await world.done("install", "--locked")
            #expect(try harbour.locked("knots") == head)
        }
    }

    // MARK: Unreachable

    @Test func `that are locked are asked of nobody when others are added, updated and removed`() async throws {
        try await Harbour.with { harbour in
            let (world, remote, other) = (harbour.world, harbour.remote, harbour.other)
            try await world.done("add", "\(remote.url)#knots@^1")
            try await world.done("add", "\(remote.url)#ropes", "--tag", "v1.0.0")
            try await world.done("add", "\(remote.url)#tides", "--branch", "main")
            try await world.done("add", "\(other.url)#sails", "--branch", "main")
            try await world.done("add", "charts")
            try await world.done("install")
            func commits() throws -> [String?] { try ["knots", "ropes", "tides"].map { try harbour.locked($0) } }
            let before = try commits()
            try harbour.away()
            try await other.commit(Harbour.skills("sails", text: "Two."), time: 1_700_000_100)
            try await world.done("add", "pdf-tables")
            try await world.done("add", "link-check", "--keep-going")
            let updated = try await world.done("update", "sails")
            #expect(updated.outputText.contains("sails") && !updated.outputText.contains("tides"))
            try await world.done("remove", "charts")
            try await world.done("install")
            #expect(try commits() == before)
            try await world.skvm("update").expectError(6, "git.not-found", "--keep-going")
            // What is asked for anew is asked for.
            try await world.skvm("add", "\(remote.url)#knots@^1.0.0").expectError(6, "git.not-found")
        }
    }

    @Test func `that are locked stop no add on a machine that has nothing of them`() async throws {
        try await Harbour.with { harbour in
            let (world, remote) = (harbour.world, harbour.remote)
            try await world.done("add", "\(remote.url)#knots@^1")
            try await world.done("add", "\(remote.url)#tides", "--branch", "main")
            var elsewhere = world
            elsewhere.variables["SKVM_CACHE_DIR"] = world.scratch + "/empty"
            try await elsewhere.done("add", "pdf-tables", "--offline")
            try await elsewhere.done("remove", "pdf-tables", "--offline")
            try harbour.away()
            try await elsewhere.done("add", "pdf-tables")
            try await elsewhere.done("update", "pdf-tables")
            try await elsewhere.skvm("install", "--offline").expectError(4, "git.offline")
            try await world.done("install")
            try await world.done("install", "--locked")
        }
    }

    @Test func `that need others keep them, and are asked when something needs another version`() async throws {
        try await Harbour.with { harbour in
            let (world, remote) = (harbour.world, harbour.remote)
            func publish(_ version: String) async throws {
                var files = Harbour.skills("knots", "ropes", text: version)
                files["skills/knots/skvm.toml"] = .text(
                    PublishWorld.manifest(
                        "knots", version,
                        "[dependencies]\nropes = { path = \"../ropes\", version = \"^\(version)\" }\npalette = \"^0.3\"\n"
                    ))
                files["skills/ropes/skvm.toml"] = .text(PublishWorld.manifest("ropes", version))
                try await remote.commit(files)
                try await remote.tag("v\(version)")
            }
            try await publish("2.0.0")
            try await publish("3.0.0")
            try await world.done("add", "\(remote.url)#knots@^2")
            let before = try harbour.lock()
            #expect(before.contains("ropes 2.0.0") && before.contains("palette 0.3"))
            try await world.done("add", "commit-message")
            try await world.done("remove", "commit-message")
            #expect(try harbour.lock() == before)
            // Of one repository's package there is one version: nothing fits both ranges, and the server is asked for that.
            let failed = try await world.skvm("add", "\(remote.url)#ropes@^3")
            failed.expectError(1, "resolve.unsatisfiable", "ropes ^3", "ropes ^2.0.0")
            // The locked one does not fit any more: the next does.
            var text = try harbour.manifest()
            text.replace("version = \"^2\"", with: "version = \">=2\"")
            try FileSystem.replace(world.project + "/skvm.toml", with: Array(text.utf8))
            try await world.done("add", "\(remote.url)#ropes@^3")
            let lock = try harbour.lock()
            #expect(lock.contains("knots") && lock.contains("version = \"3.0.0\""))
            #expect(!lock.contains("2.0.0\""), "\(lock)")
        }
    }

    // MARK: Gone

    @Test func `that move away stop an update with the ways out, and no update of others`() async throws {
        try await Harbour.with { harbour in
            let (world, remote, other) = (harbour.world, harbour.remote, harbour.other)
            try await world.done("add", "\(remote.url)#knots", "--branch", "main")
            try await world.done("add", "\(other.url)#sails", "--branch", "main")
            try await world.done("install")
            let commit = try #require(try harbour.locked("knots"))
            try await remote.commit(Harbour.skills("ropes"), time: 1_700_000_200)
            try await other.commit(Harbour.skills("sails", text: "Two."), time: 1_700_000_200)
            let before = try harbour.lock()
            let stopped = try await world.skvm("update")
            stopped.expectError(
                1, "package.no-skill", "'knots' can't be updated", "`skvm remove knots`", "skvm update sails",
                "skvm add \(remote.url)#skills/knots --rev \(commit)", "--keep-going")
            #expect(try harbour.lock() == before)

            let rows = try await world.done("outdated", "--json").json()["packages"]?.array ?? []
            #expect(rows.first?["note"]?.string?.contains("no skill in `skills/knots`") == true)
            #expect(rows.first?["matching"]?.string == rows.first?["locked"]?.string)
            #expect(rows.map { $0["status"]?.string } == ["gone", "outdated"], "\(rows)")
            #expect(rows.last?["note"] == nil && rows.last?["matching"]?.string != rows.last?["locked"]?.string)
            let table = try await world.done("outdated").outputText
            #expect(table.contains("gone") && table.contains("knots stays at"), "\(table)")

            try await world.done("update", "sails")
            try await other.commit(Harbour.skills("sails", text: "Three."), time: 1_700_000_300)
            let kept = try await world.skvm("update", "--keep-going")
            kept.expectError(1, "package.no-skill", "stays as it is locked")
            #expect(kept.outputText.contains("updated  sails") && !kept.outputText.contains("updated  knots"))
            #expect(try harbour.locked("knots") == commit)
            try await world.done("install")
            // The first way out.
            try await world.done("add", "\(remote.url)#skills/knots", "--rev", commit)
            try await world.done("update")
            try await world.done("install", "--locked")
        }
    }

    @Test func `of a branch that is deleted stay as they are locked`() async throws {
        try await Harbour.with { harbour in
            let (world, remote) = (harbour.world, harbour.remote)
            try await remote.git("branch", "next", "main")
            try await world.done("add", "\(remote.url)#knots", "--branch", "next")
            try await world.done("add", "\(remote.url)#tides", "--branch", "main")
            try await remote.git("branch", "-D", "next")
            try await remote.commit(Harbour.skills("knots", "tides", text: "Three."), time: 1_700_000_200)
            let row = try await world.done("outdated", "--json").json()["packages"]?.array?.first
            #expect(row?["note"]?.string?.contains("refs/heads/next") == true)
            try await world.skvm("update").expectError(1, "git.no-reference", "'knots' can't be updated")
            let kept = try await world.skvm("update", "--keep-going")
            kept.expectError(1, "git.no-reference", "knots", "stays as it is locked")
            #expect(kept.outputText.contains("updated  tides"))
        }
    }

    @Test func `whose tag is deleted were taken back`() async throws {
        try await Harbour.with { harbour in
            let (world, remote) = (harbour.world, harbour.remote)
            try await world.done("add", "\(remote.url)#knots@^1")
            try await world.done("add", "\(remote.url)#tides", "--branch", "main")
            try await remote.git("tag", "-d", "v1.0.0")
            try await remote.commit(Harbour.skills("knots", "tides", text: "Three."), time: 1_700_000_200)
            #expect(try await world.done("outdated").outputText.contains("1.0.0 (yanked)"))
            let updated = try await world.done("update")
            #expect(updated.errorText.contains("knots 1.0.0 was taken back"), "\(updated.errorText)")
            #expect(updated.outputText.contains("updated  tides") && !updated.outputText.contains("knots"))
            try await world.done("install")
            try await remote.tag("v1.0.1")
            #expect(try await world.done("update").outputText.contains("1.0.0 → 1.0.1"))
        }
    }

    @Test func `whose repository was made anew without their release stay as they are locked`() async throws {
        try await Harbour.with { harbour in
            let (world, remote) = (harbour.world, harbour.remote)
            try await world.done("add", "\(remote.url)#knots@^1")
            try await world.done("add", "\(harbour.other.url)#sails", "--branch", "main")
            try FileSystem.removeTree(remote.path)
            let anew = try await RemoteRepository(at: remote.path)
            try await anew.commit(Harbour.skills("knots", text: "Anew."), time: 1_700_000_400)
            try await harbour.other.commit(Harbour.skills("sails", text: "Two."), time: 1_700_000_200)
            var elsewhere = world
            elsewhere.variables["SKVM_CACHE_DIR"] = world.scratch + "/empty"
            let told = try await elsewhere.skvm("outdated")
            #expect(told.outputText.contains("sails"), "\(told.outputText)\(told.errorText)")
            try await elsewhere.skvm("update").expectError(
                1, "git.no-reference", "'knots' can't be updated", "`skvm remove knots`",
                "skvm add \(remote.url)#skills/knots --branch NAME")
            let kept = try await elsewhere.skvm("update", "--keep-going")
            kept.expectError(1, "git.no-reference", "knots 1.0.0 stays as it is locked")
            #expect(kept.outputText.contains("updated  sails"))
            try await elsewhere.done("add", "\(remote.url)#skills/knots", "--branch", "main")
            try await elsewhere.done("install")
        }
    }

    @Test func `are outdated by no tag that lacks them`() async throws {
        try await Harbour.with { harbour in
            let (world, remote) = (harbour.world, harbour.remote)
            try await world.done("add", "\(remote.url)#knots@>=1")
            try await world.done("add", "\(remote.url)#ropes@>=1")
            for (version, names) in [("2.0.0", ["knots", "ropes"]), ("3.0.0", ["ropes"]), ("4.0.0", ["ropes"])] {
                var files: [String: RemoteRepository.File] = [:]
                for name in names { files["skills/\(name)/SKILL.md"] = Harbour.skill(name, version) }
                try await remote.commit(files)
                try await remote.tag("v\(version)")
            }
            let rows = try await world.done("outdated", "--json").json()["packages"]?.array ?? []
            #expect(rows.compactMap { $0["newest"]?.string } == ["2.0.0", "4.0.0"])
            #expect(rows.compactMap { $0["matching"]?.string } == ["2.0.0", "4.0.0"])
            try await world.done("update")
            #expect(try await world.done("outdated").outputText == "everything is up to date\n")
        }
    }

    @Test func `of a branch whose history was rewritten are mended by the update that the error names`() async throws {
        try await Harbour.with { harbour in
            let (world, remote) = (harbour.world, harbour.remote)
            try await world.done("add", "\(remote.url)#knots", "--branch", "main")
            try await world.done("add", "\(remote.url)#tides", "--rev", try await remote.git("rev-parse", "main"))
            try await remote.git("update-ref", "refs/heads/main", "v1.0.0")
            try await remote.git("reflog", "expire", "--expire=now", "--all")
            try await remote.git("gc", "-q", "--prune=now")
            var elsewhere = world
            elsewhere.variables["SKVM_CACHE_DIR"] = world.scratch + "/empty"
            try await elsewhere.skvm("install", "--locked").expectError(
                5, "lock.commit", "no such commit", "`skvm update knots`")
            try await elsewhere.done("update", "knots")
            // A commit that the manifest names is chosen there.
            try await elsewhere.skvm("install").expectError(5, "lock.commit", "#skills/tides --branch NAME", "or --rev")
            try await elsewhere.done("add", "\(remote.url)#skills/tides", "--branch", "main")
            try await elsewhere.done("install")
            try await elsewhere.done("install", "--locked")
        }
    }
}
