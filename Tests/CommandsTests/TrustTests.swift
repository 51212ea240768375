import Basics
import Formats
import TestSupport
import Testing

@Suite struct `A package's signer` {
    private func with(_ body: (PublishWorld, SigningKeys, CommandWorld) async throws -> Void) async throws {
        try await PublishWorld.with { world in
            let keys = try await SigningKeys(world.author.scratch + "/keys", "alice", "mallory")
            try await world.skills.commit(["SKILL.md": .text(PublishWorld.skill("charts"))])
            let user = try world.user("charts = { git = \"\(world.skills.url)\", version = \"^1\" }")
            try await body(world, keys, user)
        }
    }

    private func lock(_ user: CommandWorld) throws -> String { try FileSystem.readText(user.project + "/skvm.lock") }

    @Test func `is pinned, and checked again without network`() async throws {
        try await with { world, keys, user in
            try await keys.tag(world.skills, "v1.0.0", by: "alice")
            try await user.done("trust", "add", "alice@example.org", keys.pub("alice"))
            try await user.done("install")
            let signer = "signer = \"alice@example.org \(try await keys.fingerprint("alice"))\""
            let pinned = try lock(user)
            #expect(pinned.contains(signer), "\(pinned)")
            #expect(try await user.done("trust", "list").outputText.contains("charts 1.0.0"))
            try FileSystem.removeTree(user.project + "/.skvm")
            try FileSystem.rename(world.skills.path, to: world.skills.path + ".gone")
            try await user.done("install", "--frozen")
            try await user.done("verify")
            // Nobody vouches any more.
            try await user.done("trust", "remove", "alice@example.org")
            try await user.skvm("verify").expectError(5, "trust.changed-signer", "skvm trust accept charts")
            try FileSystem.removeTree(user.project + "/.skvm")
            try await user.skvm("install", "--frozen").expectError(
                5, "trust.changed-signer", "skvm trust accept charts")
        }
    }

    @Test func `is verified from the vendored folder alone, on a machine that has nothing else`() async throws {
        try await with { world, keys, user in
            try await keys.tag(world.skills, "v1.0.0", by: "alice")
            try await user.done("trust", "add", "alice@example.org", keys.pub("alice"))
            try await user.done("install")
            try await user.done("vendor")
            let signatures = user.project + "/vendor/signatures/charts"
            #expect(try FileSystem.list(signatures) == ["allowed_signers", "names", "tag"])
            #expect(try await user.done("vendor").outputText.contains("up to date"))
            try FileSystem.rename(world.skills.path, to: world.skills.path + ".gone")

            /// Installs in a copy of the project, on a machine without cache, state or anybody vouched for.
            func elsewhere(_ change: (String) throws -> Void = { _ in }) async throws -> ProgramResult {
                var other = try CommandWorld(world.author.scratch + "/other")
                try FileSystem.removeTree(other.scratch)
                other = try CommandWorld(other.scratch)
                other.variables = user.variables
                for name in ["skvm.toml", "skvm.lock", "vendor"] {
                    let copied = try await Program("cp", ["-r", "\(user.project)/\(name)", other.project]).run()
                    #expect(copied.succeeded)
                }
                try change(other.project + "/vendor/signatures/charts")
                let result = try await other.skvm("install", "--frozen")
                if result.succeeded { try await other.done("vendor", "--offline") }
                return result
            }
            let good = try await elsewhere()
            #expect(good.succeeded && !good.errorText.contains("trust.not-checked"), "\(good.errorText)")
            // Without it, what was so far: a warning.
            let none = try await elsewhere { try FileSystem.removeTree($0) }
            #expect(none.succeeded && none.errorText.contains("[trust.not-checked]"), "\(none.errorText)")
            // Another's word for another's key proves nothing about alice's.
            let others = try keys.line("alice@example.org", "mallory") + "\n"
            try await elsewhere { try FileSystem.write(Array(others.utf8), to: $0 + "/allowed_signers") }.expectError(
                5, "trust.changed-signer")
            // A byte of what was signed.
            let tag = try FileSystem.readText(signatures + "/tag")
            try await elsewhere {
                try FileSystem.write(Array(tag.replacing("release", with: "Release").utf8), to: $0 + "/tag")
            }.expectError(5, "trust.bad-signature")
            // Another version's tag, as good as it is.
            try FileSystem.rename(world.skills.path + ".gone", to: world.skills.path)
            try await world.skills.commit(
                ["SKILL.md": .text(PublishWorld.skill("charts", "New."))], time: 1_700_000_100)
            try await keys.tag(world.skills, "v1.1.0", by: "alice")
            let second = try await world.skills.git("cat-file", "tag", "v1.1.0") + "\n"
            try FileSystem.rename(world.skills.path, to: world.skills.path + ".gone")
            let foreign = try await elsewhere { try FileSystem.write(Array(second.utf8), to: $0 + "/tag") }
            foreign.expectError(5, "trust.tag-name")
        }
    }

    @Test func `on a commit is vendored with the commit, and no other commit does`() async throws {
        try await with { world, keys, user in
            try await world.skills.commit([
                "SKILL.md": .text(PublishWorld.skill("charts")),
                "skvm.toml": .text(PublishWorld.manifest("charts", "1.0.0")),
            ])
            func signed(_ message: String) async throws -> String {
                try await world.skills.git(
                    "-c", "gpg.format=ssh", "-c", "user.signingkey=\(keys.folder)/alice", "commit-tree", "-S",
                    "main^{tree}", "-m", message)
            }
            let (commit, other) = (try await signed("one"), try await signed("two"))
            try await world.skills.git("update-ref", "refs/tags/v1.0.0", commit)
            try await user.done("trust", "add", "alice@example.org", keys.pub("alice"))
            try await user.done("install")
            try await user.done("vendor")
            let file = user.project + "/vendor/signatures/charts/commit"
            #expect(FileSystem.exists(file))
            let bytes = try await world.skills.git("cat-file", "commit", other) + "\n"
            try FileSystem.rename(world.skills.path, to: world.skills.path + ".gone")
            func frozen() async throws -> ProgramResult {
                for name in ["cache", "state"] { try FileSystem.removeTree("\(user.scratch)/\(name)") }
                try FileSystem.removeTree(user.project + "/.skvm")
                return try await user.skvm("install", "--frozen")
            }
            let good = try await frozen()
            #expect(good.succeeded && !good.errorText.contains("trust.not-checked"), "\(good.errorText)")
            try FileSystem.write(Array(bytes.utf8), to: file)
            let foreign = try await frozen()
            #expect(foreign.errorText.contains("[trust.not-checked]"), "\(foreign.errorText)")
        }
    }

    @Test(arguments: ["nobody", "mallory"])
    func `on an old commit vouches for no newer version, whoever tags it so`(tagger: String) async throws {
        try await with { world, keys, user in
            func commit(_ version: String, _ sentence: String) async throws -> String {
                try await world.skills.commit([
                    "SKILL.md": .text(PublishWorld.skill("charts", sentence)),
                    "skvm.toml": .text(PublishWorld.manifest("charts", version)),
                ])
                let signed = try await world.skills.git(
                    "-c", "gpg.format=ssh", "-c", "user.signingkey=\(keys.folder)/alice", "commit-tree", "-S",
                    "main^{tree}", "-p", "main", "-m", version)
                try await world.skills.git("update-ref", "refs/heads/main", signed)
                return signed
            }
            let old = try await commit("1.0.0", "With a hole.")
            try await keys.tag(world.skills, "v1.0.0", by: "alice")
            _ = try await commit("1.1.0", "Without.")
            try await world.skills.git("tag", "v1.1.0", "main")
            try await user.done("trust", "add", "alice@example.org", keys.pub("alice"))
            // What the commit says itself is vouched for by its signature.
            try await user.done("install")
            let pinned = try lock(user)
            #expect(pinned.contains("version = \"1.1.0\"") && pinned.contains("signer = \"alice@example.org"))
            if tagger == "nobody" {
                try await world.skills.git("tag", "v1.2.0", old)
            } else {
                try await world.skills.git("update-ref", "refs/heads/main", old)
                try await keys.tag(world.skills, "v1.2.0", by: tagger)
            }
            try await user.skvm("update").expectError(5, "trust.changed-signer", "skvm trust accept charts")
            #expect(try lock(user) == pinned)
            // Where nothing is pinned, it counts as not signed.
            let line = "charts = { git = \"\(world.skills.url)\", version = \"^1\" }"
            let other = try world.user(line)
            try FileSystem.remove(other.project + "/skvm.lock")
            try other.writeManifest([line], extra: "[trust]\nrequire = \"signed\"\n")
            try await other.done("trust", "add", "alice@example.org", keys.pub("alice"))
            try await other.skvm("install").expectError(5, "trust.unsigned")
        }
    }

    @Test func `that changes or vanishes is refused until it is accepted`() async throws {
        try await with { world, keys, user in
            try await keys.tag(world.skills, "v1.0.0", by: "alice")
            try await user.done("trust", "add", "alice@example.org", keys.pub("alice"))
            try await user.done("install")
            try await world.skills.commit(
                ["SKILL.md": .text(PublishWorld.skill("charts", "Round."))], time: 1_700_000_100)
            let before = try lock(user)
            try await keys.tag(world.skills, "v1.1.0", by: "mallory")
            let unknown = try await user.skvm("update")
            unknown.expectError(5, "trust.changed-signer", "alice@example.org", "skvm trust accept charts")
            try await user.done("trust", "add", "mallory@example.org", keys.pub("mallory"))
            let changed = try await user.skvm("update")
            changed.expectError(5, "trust.changed-signer", "mallory@example.org", try await keys.fingerprint("mallory"))
            #expect(try lock(user) == before)
            let dry = try await user.done("trust", "accept", "charts", "--dry-run")
            #expect(dry.outputText.contains("1.0.0 → 1.1.0") && dry.outputText.contains("dry run"), "\(dry.outputText)")
            #expect(try lock(user) == before)
            try await user.done("trust", "accept", "charts")
            #expect(try lock(user).contains("mallory@example.org"))
            try await user.done("install")
            try await user.done("install", "--locked")

            try await world.skills.commit(
                ["SKILL.md": .text(PublishWorld.skill("charts", "Cut."))], time: 1_700_000_200)
            try await world.skills.tag("v1.2.0", annotated: true)
            try await user.skvm("update").expectError(5, "trust.changed-signer", "no longer signed")
            try await user.done("trust", "accept", "charts")
            #expect(try !lock(user).contains("signer"))
            try await user.done("update")
        }
    }

    @Test func `is not lost with its line in the lock`() async throws {
        try await with { world, keys, user in
            try await keys.tag(world.skills, "v1.0.0", by: "alice")
            try await user.done("trust", "add", "alice@example.org", keys.pub("alice"))
            try await user.done("install")
            try await user.done("vendor")
            let whole = try lock(user)
            let line = try #require(whole.split(separator: "\n").first { $0.hasPrefix("signer = ") })
            let lost = whole.replacing("\(line)\n", with: "")
            func write(_ text: String) throws {
                try FileSystem.write(Array(text.utf8), to: user.project + "/skvm.lock")
            }
            try write(lost)
            for flag in ["--locked", "--frozen"] {
                try await user.skvm("install", flag).expectError(3, "lock.stale", "signer none → alice@example.org")
            }
            try await user.skvm("verify").expectError(5, "verify.signer", "alice@example.org")
            #expect(try lock(user) == lost)
            // On a machine that has nothing: from the source, and from the vendored folder alone.
            func empty(_ words: String...) async throws -> ProgramResult {
                for path in [user.cache, user.project + "/.skvm"] { try FileSystem.removeTree(path) }
                return try await user.run([try CommandWorld.binary()] + words)
            }
            try await empty("install", "--frozen").expectError(3, "lock.stale")
            try FileSystem.rename(user.project + "/vendor", to: user.scratch + "/vendor")
            try await empty("install", "--locked").expectError(3, "lock.stale", "alice@example.org")
            // The next version by another is refused as it is with the line, with whatever cache.
            try await world.skills.commit(
                ["SKILL.md": .text(PublishWorld.skill("charts", "Round."))], time: 1_700_000_100)
            try await keys.tag(world.skills, "v1.1.0", by: "mallory")
            try await user.skvm("update").expectError(5, "trust.changed-signer", "alice@example.org")
            try await empty("update").expectError(5, "trust.changed-signer", "alice@example.org")
            #expect(try lock(user) == lost)
            try await user.done("install")
            #expect(try lock(user) == whole)
            // Who vouches for nobody sees no change, and what nobody vouches for is no signer.
            try write(lost)
            try await user.done("trust", "remove", "alice@example.org")
            let honest = try await empty("install", "--locked")
            #expect(honest.succeeded, "\(honest.errorText)")
            try await user.done("update")
            #expect(try !lock(user).contains("signer") && lock(user).contains("1.1.0"))
            try await user.done("install")
            // The folder that [vendor] names went above, and nobody's signature is needed in it now.
            try await user.done("vendor")
            try await user.done("verify")
        }
    }

    @Test func `of a locked version is looked up under that version's own name`() async throws {
        try await with { world, keys, user in
            try await keys.tag(world.skills, "v1.0.0", by: "alice")
            try await user.done("trust", "add", "alice@example.org", keys.pub("alice"))
            try await user.done("install")
            for name in ["v1.0.1", "v0.9.0", "latest"] {
                try await world.skills.git("update-ref", "refs/tags/\(name)", "refs/tags/v1.0.0")
            }
            try FileSystem.removeTree(user.cache)
            try await user.done("install", "--locked")
        }
    }

    @Test func `under a renamed tag counts for nothing`() async throws {
        try await with { world, keys, user in
            try await user.done("trust", "add", "alice@example.org", keys.pub("alice"))
            try await keys.tag(world.skills, "v1.0.0", by: "alice", as: "v1.9.0")
            // Git itself is content with it.
            let verified = try await world.skills.git("cat-file", "tag", "v1.9.0")
            #expect(verified.contains("tag v1.0.0"))
            try await user.skvm("install").expectError(5, "trust.tag-name", "v1.0.0", "v1.9.0")
            #expect(!FileSystem.exists(user.project + "/skvm.lock"))
        }
    }

    @Test func `is demanded by the manifest, and a signature that is bad, unknown or no SSH signature does not do`()
        async throws
    {
        try await with { world, keys, user in
            let line = "charts = { git = \"\(world.skills.url)\", version = \"^1\" }"
            try user.writeManifest([line], extra: "[trust]\nrequire = \"signed\"\n")
            try await world.skills.tag("v1.0.0", annotated: true)
            try await user.skvm("install").expectError(5, "trust.unsigned", "no signature")
            try await keys.tag(world.skills, "v1.0.1", by: "mallory")
            let unknown = try await user.skvm("install")
            unknown.expectError(5, "trust.unsigned", "nobody vouches", "skvm trust add NAME 'ssh-ed25519 ")
            let text =
                "object \(try await world.skills.git("rev-parse", "main"))\ntype commit\ntag v1.0.2\n"
                + "tagger T <t@example.org> 1700000000 +0000\n\nx\n-----BEGIN PGP SIGNATURE-----\n\nabcd\n"
                + "-----END PGP SIGNATURE-----\n"
            let gpg = try await world.skills.git("hash-object", "-t", "tag", "-w", "--stdin", input: Array(text.utf8))
            try await world.skills.git("update-ref", "refs/tags/v1.0.2", gpg)
            try await user.skvm("install").expectError(5, "trust.unsigned", "OpenPGP")
            let good = try await world.skills.git("cat-file", "tag", "v1.0.1")
            let bad = good.replacing("tag v1.0.1", with: "tag v1.0.3") + "\n"
            let forged = try await world.skills.git("hash-object", "-t", "tag", "-w", "--stdin", input: Array(bad.utf8))
            try await world.skills.git("update-ref", "refs/tags/v1.0.3", forged)
            try await user.skvm("install").expectError(5, "trust.bad-signature", "v1.0.3")
            try await keys.tag(world.skills, "v1.0.4", by: "mallory")
            try await user.done("trust", "add", "mallory@example.org", keys.pub("mallory"))
            try await user.done("install")
            #expect(try lock(user).contains("mallory@example.org"))
        }
    }

    @Test func `counts in a list with the line ends of Windows, and one line is taken out of it`() async throws {
        try await with { world, keys, user in
            try await keys.tag(world.skills, "v1.0.0", by: "alice")
            try await user.done("trust", "add", "alice@example.org", keys.pub("alice"))
            try await user.done("trust", "add", "mallory@example.org", keys.pub("mallory"))
            let file = user.scratch + "/config/allowed_signers"
            let windows = try FileSystem.readText(file).replacing("\n", with: "\r\n")
            try FileSystem.write(Array(windows.utf8), to: file)
            try await user.done("install")
            #expect(try lock(user).contains("signer = \"alice@example.org "))
            let list = try await user.done("trust", "list")
            #expect(!list.errorText.contains("[trust.line]"), "\(list.errorText)")
            try await user.done("trust", "remove", "mallory@example.org")
            let kept = try FileSystem.readText(file)
            #expect(kept.hasSuffix("\r\n") && windows.hasPrefix(kept) && kept.utf8.count { $0 == 0x0A } == 1)
        }
    }

    @Test func `can't be verified without ssh-keygen, and that is said`() async throws {
        try await with { world, keys, user in
            try await keys.tag(world.skills, "v1.0.0", by: "alice")
            try await user.done("trust", "add", "alice@example.org", keys.pub("alice"))
            var poor = user
            let bin = user.scratch + "/bin"
            try FileSystem.makeDirectories(bin)
            for program in ["git", "sh"] {
                let found = try await Program("which", [program]).run().outputText.trimmingLineEnd
                _ = try await Program("ln", ["-s", String(found), "\(bin)/\(program)"]).run()
            }
            poor.variables["PATH"] = bin
            try await poor.skvm("install").expectError(6, "trust.ssh-keygen", "openssh-client")
            #expect(!FileSystem.exists(user.project + "/skvm.lock"))
        }
    }

    @Test func `is listed by publish where the registry vouches, and held against the line`() async throws {
        try await PublishWorld.with { world in
            let keys = try await SigningKeys(world.author.scratch + "/keys", "alice")
            try await world.registry.commit([
                "registry.toml": "version = 1\nname = \"test\"\n",
                "allowed_signers": .text(try keys.line("alice@example.org", "alice") + "\n"),
            ])
            try write(
                [
                    "gitconfig": "[init]\n\tdefaultBranch = main\n[gpg]\n\tformat = ssh\n[user]\n\tsigningkey = "
                        + "\(keys.folder)/alice\n[tag]\n\tgpgSign = true\n"
                ], in: world.author.scratch)
            try await world.start()
            try await world.author.done("publish")
            let line = try await world.index("charts")
            #expect(line.contains("\"signer\":\"alice@example.org SHA256:"), "\(line)")
            let user = try world.user("charts = \"^1\"")
            try await user.done("install")
            #expect(try lock(user).contains("signer = \"alice@example.org SHA256:"))
            // The registry vouches: the line can't be lost, with whatever cache.
            let whole = try lock(user)
            let pin = try #require(whole.split(separator: "\n").first { $0.hasPrefix("signer = ") })
            let lost = Array(whole.replacing("\(pin)\n", with: "").utf8)
            for isEmpty in [false, true] {
                if isEmpty { try FileSystem.removeTree(user.cache) }
                try FileSystem.write(lost, to: user.project + "/skvm.lock")
                try await user.skvm("install", "--locked").expectError(
                    3, "lock.stale", "signer none → alice@example.org")
            }
            try await user.done("install")
            #expect(try lock(user) == whole)
            let checked = try await user.done("registry", "check", world.registry.url)
            #expect(checked.outputText.contains("1 version, 1 signature as promised"), "\(checked.outputText)")
            // Somebody takes the signed tag out of the line: what is listed is no longer what is found.
            let other = line.replacing("alice@example.org", with: "bob@example.org")
            try await world.registry.commit([
                "registry.toml": "version = 1\nname = \"test\"\n", "index/ch/ar/charts.jsonl": .text(other),
                "allowed_signers": .text(try keys.line("alice@example.org", "alice") + "\n"),
            ])
            try FileSystem.removeTree(user.cache)
            try await user.skvm("registry", "check", world.registry.url).expectError(
                5, "trust.listed-signer", "bob@example.org", "alice@example.org")
            let second = try world.user("charts = \"^1\"")
            try FileSystem.removeTree(second.project)
            try FileSystem.makeDirectories(second.project)
            try second.writeManifest(["charts = \"^1\""], extra: "[registries]\ndefault = \"\(world.registry.url)\"\n")
            try await second.skvm("install").expectError(
                5, "trust.listed-signer", "bob@example.org", "alice@example.org")
        }
    }
}

@Suite struct `A repair` {
    @Test func `restores what is gone or damaged, and keeps and names what may be an edit`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["commit-message"])
            try await world.done("install")
            try await world.done("vendor")
            let lock = try FileSystem.read(world.project + "/skvm.lock")
            let folder = world.project + "/.agents/skills/commit-message"
            let whole = try world.snapshot(folder)
            #expect(try await world.done("verify", "--repair").outputText.contains("verified 1"))
            // Gone from where it was installed, damaged where it was vendored.
            try FileSystem.remove(folder + "/SKILL.md")
            let vendored = world.project + "/vendor/packages/commit-message/SKILL.md"
            try FileSystem.write(Array("damaged".utf8), to: vendored)
            try await world.skvm("verify").expectError(5, "verify.missing")
            let mended = try await world.done("verify", "--repair")
            #expect(mended.outputText.contains("repaired 2 faults"), "\(mended.outputText)")
            for word in ["  \(folder)/SKILL.md of commit-message is missing\n", "vendor/packages/commit-message"] {
                #expect(mended.outputText.contains(word), "\(mended.outputText)")
            }
            #expect(try world.snapshot(folder) == whole)
            try await world.done("verify")
            // What differs may be an edit.
            try FileSystem.write(Array("mine".utf8), to: folder + "/SKILL.md")
            try await world.skvm("verify", "--repair").expectError(5, "verify.modified", "SKILL.md")
            #expect(try FileSystem.readText(folder + "/SKILL.md") == "mine")
            #expect(try FileSystem.read(world.project + "/skvm.lock") == lock)
        }
    }

    @Test func `mends what is damaged in the cache, of which verify tells`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["commit-message"])
            try await world.done("install")
            let skill = try FileSystem.read(world.project + "/.agents/skills/commit-message/SKILL.md")
            let blobs = try world.snapshot(world.cache + "/cas-v1").keys.filter {
                (try? FileSystem.read("\(world.cache)/cas-v1/\($0)")) == skill
            }
            let blob = try #require(blobs.first)
            func damage() throws {
                let path = "\(world.cache)/cas-v1/\(blob)"
                try FileSystem.setMode(path, 0o644)
                try FileSystem.write(Array("damaged".utf8), to: path)
            }
            try damage()
            try await world.skvm("verify").expectError(5, "verify.cache", "skvm verify --repair")
            // It is no longer there: nothing that could be wrong.
            try await world.done("verify")
            try await world.done("verify", "--repair")
            try damage()
            let mended = try await world.done("verify", "--repair")
            #expect(mended.outputText.contains("repaired "), "\(mended.outputText)")
            #expect(try FileSystem.read("\(world.cache)/cas-v1/\(blob)") == skill)
        }
    }

    @Test func `puts a cache back that was thrown away, of which there is no fault to tell`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["commit-message"])
            try await world.done("install")
            try await world.done("install", "--user")
            let whole = try await world.done("verify")
            #expect(
                whole.outputText.contains("verified 2 installed skills (1 in the user's folders) and 2 cached trees\n"))
            try FileSystem.removeTree(world.cache)
            let without = try await world.done("verify")
            #expect(without.outputText.contains("and 0 cached trees; 2 trees that skvm.lock pins are not in the cache"))
            try FileSystem.removeTree(world.cache)
            let json = try await world.done("verify", "--json").json()
            #expect(json["uncached"]?.integer == 2 && json["ofUser"]?.integer == 1)
            try FileSystem.removeTree(world.cache)
            let mended = try await world.done("verify", "--repair")
            #expect(mended.outputText.hasPrefix("repaired 0 faults, and 2 trees put back into the cache\nverified 2 "))
            #expect(try await world.done("verify").outputText == whole.outputText)
        }
    }

    @Test func `of a vendored project asks none of its sources for what it has`() async throws {
        try await PublishWorld.with { world in
            let keys = try await SigningKeys(world.author.scratch + "/keys", "alice")
            try await world.skills.commit(["SKILL.md": .text(PublishWorld.skill("charts"))])
            try await keys.tag(world.skills, "v1.0.0", by: "alice")
            let user = try world.user("charts = { git = \"\(world.skills.url)\", version = \"^1\" }")
            try await user.done("trust", "add", "alice@example.org", keys.pub("alice"))
            try await user.done("install")
            try await user.done("vendor")
            try FileSystem.rename(world.remotes, to: world.remotes + ".gone")
            let folder = user.project + "/.agents/skills/charts"
            let whole = try user.snapshot(folder)
            let vendor = try user.snapshot(user.project + "/vendor")
            for cache in [user.cache, user.cache + "-2"] {
                var user = user
                user.variables["SKVM_CACHE_DIR"] = cache
                try FileSystem.remove(folder + "/SKILL.md")
                let mended = try await user.done("verify", "--repair")
                #expect(mended.outputText.contains("repaired "), "\(mended.outputText)")
                #expect(try user.snapshot(folder) == whole)
                #expect(try user.snapshot(user.project + "/vendor") == vendor)
            }
            // What is damaged there too can be had from the cache, and nowhere else.
            try FileSystem.remove(folder + "/SKILL.md")
            try write(["vendor/packages/charts/SKILL.md": "damaged"], in: user.project)
            let mended = try await user.done("verify", "--repair")
            #expect(mended.outputText.contains("repaired 2 faults"), "\(mended.outputText)")
            #expect(try user.snapshot(user.project + "/vendor") == vendor && user.snapshot(folder) == whole)
        }
    }
}
