import Basics
import Formats
import TestSupport
import Testing

@Suite struct `The command lock` {
    /// A project in git whose skills are folders of a registry, with the driver installed.
    private func withRepository(_ body: (CommandWorld) async throws -> Void) async throws {
        try await withCommandWorld { world in
            var world = world
            let bin = try #require(FileSystem.parent(of: try CommandWorld.binary()))
            for (name, value) in RemoteRepository.environment where name != "PATH" && name != "HOME" {
                world.variables[name] = value
            }
            world.variables["PATH"] = "\(bin):/usr/local/bin:/usr/bin:/bin"
            try world.writeManifest(["commit-message"])
            try await world.git("init", "-q", "-b", "main")
            try await world.done("build")
            try await world.done("lock", "--install-driver")
            try await world.git("add", "-A")
            try await world.git("commit", "-qm", "start")
            try await body(world)
        }
    }

    @Test func `lets git merge two branches that added different skills`() async throws {
        try await withRepository { world in
            try await world.git("checkout", "-qb", "other")
            try await world.done("add", "palette")
            try await world.done("build")
            try await world.git("commit", "-qam", "palette")
            try await world.git("checkout", "-q", "main")
            try await world.done("add", "pdf-tables")
            try await world.done("build")
            try await world.git("commit", "-qam", "pdf-tables")
            let before = try world.snapshot(world.project)["skvm.lock"]
            try await world.git("merge", "-q", "other")
            let merged = try #require(try world.snapshot(world.project)["skvm.lock"])
            #expect(merged != before && !merged.contains("<<<<<<<"))
            for name in ["commit-message", "palette", "pdf-tables"] { #expect(merged.contains("name = \"\(name)\"")) }
            try await world.done("build", "--locked")
        }
    }

    /// Neither side's lines touch the other's in a way that git could merge.
    @Test(arguments: [[], ["charts"]])
    func `lets git merge manifests where both sides add at one place`(first: [String]) async throws {
        try await withRepository { world in
            try world.writeManifest(first)
            try await world.done("build")
            try await world.git("commit", "-qam", "base")
            try await world.git("checkout", "-qb", "x")
            try await world.done("add", "pdf-tables")
            try await world.git("commit", "-qam", "x")
            try await world.git("checkout", "-q", "main")
            try await world.done("add", "sql-report")
            try await world.git("commit", "-qam", "main")
            try await world.git("merge", "-q", "x")
            let manifest = try FileSystem.readText(world.project + "/skvm.toml")
            #expect(manifest.hasPrefix("# mine\n[dependencies]\n") && manifest.hasSuffix(CommandWorld.target + "\n"))
            for name in first + ["pdf-tables", "sql-report"] {
                #expect(manifest.split(separator: "\n").count { $0.hasPrefix(name) } == 1, "\(manifest)")
            }
            try await world.done("lock", "--locked")
        }
    }

    @Test func `leaves a key that both sides changed, and no other, between markers`() async throws {
        try await withRepository { world in
            let old = try FileSystem.readText(world.project + "/skvm.toml")
            func commit(_ range: String, _ more: String) async throws {
                let line = "commit-message = \"\(range)\"\n"
                try write(
                    ["skvm.toml": old.replacing("commit-message = \"^1\"\n", with: line) + more], in: world.project)
                try await world.git("commit", "-qam", range)
            }
            try await world.git("checkout", "-qb", "other")
            try await commit("^1.0.0", "[update]\ncooldown = \"1d\"\n")
            try await world.git("checkout", "-q", "main")
            try await commit("~1", "[vendor]\npath = \"third\"\n")
            let merge = try await world.run(["git", "merge", "other"])
            #expect(merge.status == 1 && merge.errorText.contains("[manifest.merge-conflict]"), "\(merge.errorText)")
            #expect(merge.errorText.contains("both sides changed dependencies.commit-message"), "\(merge.errorText)")
            #expect(try await world.git("status", "--porcelain").contains("UU skvm.toml"))
            let text = try FileSystem.readText(world.project + "/skvm.toml")
            #expect(
                text.contains(
                    """
                    <<<<<<< ours
                    commit-message = "~1"
                    =======
                    commit-message = "^1.0.0"
                    >>>>>>> theirs
                    """), "\(text)")
            #expect(text.split(separator: "\n").count { $0.hasPrefix("<<<<<<<") } == 1, "\(text)")
            #expect(text.contains("[vendor]\npath") && text.contains("[update]\ncooldown"), "\(text)")
        }
    }

    @Test func `without skvm on the path git merges the lines, and drops no side`() async throws {
        try await withRepository { world in
            try await world.git("checkout", "-qb", "other")
            try await world.done("add", "palette")
            try await world.git("commit", "-qam", "palette")
            try await world.git("checkout", "-q", "main")
            try await world.done("add", "pdf-tables")
            try await world.git("commit", "-qam", "pdf-tables")
            var bare = world
            bare.variables["PATH"] = "/usr/local/bin:/usr/bin:/bin"
            let merge = try await bare.run(["git", "merge", "other"])
            #expect(merge.status == 1, "\(merge.errorText)")
            for file in ["skvm.toml", "skvm.lock"] {
                let text = try FileSystem.readText("\(world.project)/\(file)")
                for word in ["<<<<<<< ours\n", "pdf-tables", "palette", ">>>>>>> theirs\n"] {
                    #expect(text.contains(word), "\(file): \(text)")
                }
            }
        }
    }

    @Test func `leaves markers where one skill was locked at two versions`() async throws {
        try await withRepository { world in
            let lock = world.project + "/skvm.lock"
            let text = try FileSystem.readText(lock)
            let version = try #require(text.split(separator: "\n").first { $0.hasPrefix("version = \"") })
            func edited(_ number: String) -> String {
                let old = String(version.dropFirst(11).dropLast())
                return text.replacing("\"\(old)\"", with: "\"\(number)\"")
                    .replacing("commit-message \(old)", with: "commit-message \(number)")
            }
            try await world.git("checkout", "-qb", "other")
            try write(["skvm.lock": edited("7.1.0")], in: world.project)
            try await world.git("commit", "-qam", "theirs")
            try await world.git("checkout", "-q", "main")
            try write(["skvm.lock": edited("7.0.0")], in: world.project)
            try await world.git("commit", "-qam", "ours")
            let merge = try await world.run(["git", "merge", "other"])
            #expect(merge.status == 1, "\(merge.errorText)")
            #expect(merge.errorText.contains("[lock.merge-conflict]") && merge.errorText.contains("skvm update"))
            let status = try await world.run(["git", "status", "--porcelain"])
            #expect(status.outputText.contains("UU skvm.lock"), "\(status.outputText)")
            try await world.skvm("build").expectError(1, "toml.conflict", "skvm.lock")
            try await world.git("checkout", "--ours", "skvm.lock")
            #expect(try FileSystem.readText(lock) == edited("7.0.0"))
        }
    }

    @Test func `installs the driver once, and only into this repository`() async throws {
        try await withRepository { world in
            let before = try world.snapshot(world.project)
            let again = try await world.done("lock", "--install-driver", "--json").json()
            #expect(again["paths"]?.array?.isEmpty == true)
            #expect(try world.snapshot(world.project) == before)
            #expect(before[".gitattributes"] == "skvm.lock merge=skvm-lock text eol=lf\nskvm.toml merge=skvm-toml\n")
            #expect(!FileSystem.exists(world.home + "/.gitconfig"))
            try write([".gitattributes": "*.md text\r\nskvm.lock merge=union"], in: world.project)
            try await world.done("lock", "--install-driver")
            #expect(
                try world.snapshot(world.project)[".gitattributes"]
                    == "*.md text\r\nskvm.lock merge=union\nskvm.lock merge=skvm-lock text eol=lf\n"
                    + "skvm.toml merge=skvm-toml\n")
            // What an older skvm wrote says nothing of line ends.
            for more in ["", " text eol=crlf"] {
                let old = "skvm.lock merge=skvm-lock\(more)\nskvm.toml merge=skvm-toml\n"
                try write([".gitattributes": old], in: world.project)
                try await world.done("lock", "--install-driver")
                #expect(
                    try world.snapshot(world.project)[".gitattributes"]
                        == old + "skvm.lock merge=skvm-lock text eol=lf\n")
            }
            try write(["elsewhere/skvm.toml": ""], in: world.scratch)
            try await world.skvm("lock", "--install-driver", in: world.scratch + "/elsewhere")
                .expectError(2, "lock.no-repository", "git init")
        }
    }

    @Test func `whose lines end as Windows has them is the same lock, and is left until it changes`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["charts"])
            try await world.done("install")
            let path = world.project + "/skvm.lock"
            let text = try FileSystem.readText(path)
            let converted = text.replacing("\n", with: "\r\n")
            try FileSystem.write(Array(converted.utf8), to: path)
            for option in ["--locked", "--frozen", "--offline", "--locked"] {
                try await world.done("install", option)
                try await world.done("lock", option)
                #expect(try FileSystem.readText(path) == converted)
            }
            try await world.done("verify")
            try await world.done("add", "pdf-tables")
            #expect(!(try FileSystem.readText(path).utf8.contains(0x0D)))
            try await world.done("remove", "pdf-tables")
            #expect(try FileSystem.readText(path) == text)
        }
    }

    @Test func `stays as it is in a checkout that converts line ends, once the driver is installed`() async throws {
        try await withRepository { world in
            let clone = world.scratch + "/clone"
            try await world.git("-c", "core.autocrlf=true", "clone", "-q", world.project, clone)
            #expect(
                try FileSystem.read(clone + "/skvm.lock") == FileSystem.read(world.project + "/skvm.lock"))
            #expect(try FileSystem.readText(clone + "/skvm.toml").utf8.contains(0x0D))
            try await world.done("build", "--locked", in: clone)
        }
    }

    @Test func `keeps both sides of what it can't read`() async throws {
        try await withCommandWorld { world in
            let good = "version = 1\nrevision = 0\n"
            for bad in ["", "version = 99\n", "version = 1\nrevision = 5\nnew = 1\n", "<<<<<<< x\n", "\u{0}"] {
                try write(["base": good, "ours": good, "theirs": bad], in: world.project)
                let result = try await world.skvm("lock", "merge", "base", "ours", "theirs", "sub/skvm.lock")
                #expect(
                    result.status == 1 && result.errorText.contains("sub/skvm.lock of theirs"), "\(result.errorText)")
                let kept = try FileSystem.readText(world.project + "/ours")
                #expect(kept.hasPrefix("<<<<<<< ours\n\(good)=======\n\(bad)") && kept.hasSuffix(">>>>>>> theirs\n"))
            }
            try await world.skvm("lock", "merge", "base", "ours").expectUsage()
        }
    }

    @Test func `without a word resolves and compiles nothing`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest()
            let json = try await world.done("lock", "--json").json()
            #expect(json["command"]?.string == "lock" && json["ran"]?.array?.isEmpty == true)
            #expect(try world.snapshot(world.project)["skvm.lock"]?.contains("commit-message") == true)
            try await world.done("build")
            let again = try await world.done("lock", "--json").json()
            #expect(again["lockChanges"]?.array?.isEmpty == true)
        }
    }
}

extension CommandWorld {
    @discardableResult
    func git(
        _ arguments: String..., in directory: String? = nil,
        sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) async throws -> String {
        let result = try await run(["git"] + arguments, in: directory)
        #expect(
            result.succeeded, "git \(arguments.joined(separator: " ")): \(result.errorText)",
            sourceLocation: sourceLocation)
        return String(result.outputText.trimmingLineEnd)
    }
}

extension ProgramResult {
    func expectUsage(sourceLocation: Testing.SourceLocation = #_sourceLocation) {
        #expect(status == 2, "\(outputText)\(errorText)", sourceLocation: sourceLocation)
    }
}
