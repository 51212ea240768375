import Basics
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// Two registries with a `palette` each: the author's, whom a skill in a repository is from, and the user's, whose project takes that
/// skill. What the author bound to the one never comes from the other (decision 0073).
private struct TwoRegistries {
    let world: ProjectWorld
    let author: FolderRegistry
    let users: FolderRegistry
    let remote: RemoteRepository
    let target: String
    let usersTree: Digest

    init(_ scratch: String) async throws {
        world = try ProjectWorld(scratch)
        author = try FolderRegistry(world.root + "/author")
        users = try FolderRegistry(world.root + "/users")
        remote = try await RemoteRepository(at: world.root + "/epsilon.git")
        target = try world.putTarget("one")
        try author.publish("palette", "0.3.1", "The author's.")
        usersTree = try users.publish("palette", "0.3.9", "The user's.")
        try users.publish("charts", "1.0.0")
    }

    /// Releases a version of epsilon; `more` is the rest of its skvm.toml.
    func release(_ version: String, needs: String = "palette = \"^0.3\"", _ more: String) async throws {
        var files = ProjectWorld.folder("epsilon", version: version, dependencies: needs)
        files["skvm.toml"]? += "\n" + more
        try await remote.commit(files.mapValues { .text($0) })
        try await remote.tag("v\(version)")
    }

    func depend(_ lines: String, registries: String = "default = \"../users\"", more: String = "") throws {
        try world.put([
            "skvm.toml": "[dependencies]\n\(lines)\n\n[registries]\n\(registries)\n\n\(more)\n" + target
        ])
    }

    var epsilon: String { "epsilon = { git = \"\(remote.url)\", version = \"^1\" }" }

    func packages() throws -> [LockedPackage] { try Lockfile(parsing: Array(try world.lock.utf8)).packages }
    func palette() throws -> LockedPackage {
        try #require(try packages().first { $0.name.description == "palette" })
    }
    var authors: PackageSource { PackageSource("registry+\(author.path)")! }
}

private func withTwo(_ body: (TwoRegistries) async throws -> Void) async throws {
    try await withScratch { scratch in try await body(try await TwoRegistries(scratch)) }
}

@Suite struct `What a fetched package needs` {
    @Test(arguments: [
        ("palette = \"^0.3\"", "default", "default = \"../users\""),
        ("palette = { version = \"^0.3\", registry = \"acme\" }", "acme", "default = \"../users\""),
        // The user calls another registry by the author's name.
        ("palette = { version = \"^0.3\", registry = \"acme\" }", "acme", "acme = \"../users\""),
        ("palette = \"^0.3\"", "default", "own = \"../users\""),
    ])
    func `comes from the registry whose address its own manifest has`(
        needs: String, name: String, users: String
    ) async throws {
        try await withTwo { two in
            try await two.release("1.0.0", needs: needs, "[registries]\n\(name) = \"\(two.author.path)\"\n")
            try two.depend(two.epsilon, registries: users)
            let report = try await two.world.install()
            #expect(report.ok)
            #expect(try two.palette().source == two.authors && two.palette().version.description == "0.3.1")
            let text = try FileSystem.readText(two.world.project + "/.agents/skills/palette/SKILL.md")
            #expect(text.contains("The author's."))
            let told = try #require(report.diagnostics.first { $0.id == "registry.of-dependency" })
            #expect(
                told.severity == .warning && told.message.contains(two.author.path)
                    && told.message.contains("'epsilon'"))
            try await two.world.expectNothingToDo()
            // It is told once.
            let again = try await two.world.install { $0.locked = true }
            #expect(again.ok && !again.diagnostics.contains { $0.id == "registry.of-dependency" })
        }
    }

    @Test func `comes from the registry inside skvm where its manifest names none`() async throws {
        try await withTwo { two in
            try await two.release("1.0.0", "")
            try two.depend(two.epsilon)
            #expect(try await two.world.install().ok)
            #expect(try two.palette().source == .embedded)
            #expect(try two.world.lock.contains("registries = { palette = \"registry+embedded\" }"))
            try await two.world.expectNothingToDo()
        }
    }

    @Test func `and the registry inside skvm has not is told with who needs it`() async throws {
        try await withTwo { two in
            try await two.release("1.0.0", needs: "charts-of-nobody = \"*\"", "")
            try two.depend(two.epsilon)
            let found = await two.world.failure { try await two.world.install() }
            let text = "\(found)"
            #expect(text.contains("epsilon") && text.contains("names no registry"), "\(text)")
            #expect(text.contains("[patch.embedded]") && !text.contains("--registry"), "\(text)")
        }
    }

    @Test func `comes from what the workspace around it names`() async throws {
        try await withTwo { two in
            var files: [String: RemoteRepository.File] = [
                "skvm.toml": .text(
                    "[workspace]\nmembers = [\"skills/*\"]\nexclude = [\"skills/apart\"]\n\n"
                        + "[registries]\ndefault = \"\(two.author.path)\"\n")
            ]
            for name in ["epsilon", "apart"] {
                for (file, text) in ProjectWorld.folder(name, dependencies: "palette = \"^0.3\"") {
                    files["skills/\(name)/\(file)"] = .text(text)
                }
            }
            try await two.remote.commit(files)
            try await two.remote.tag("v1.0.0")
            let lines = ["epsilon", "apart"].map {
                "\($0) = { git = \"\(two.remote.url)\", path = \"skills/\($0)\", version = \"^1\" }"
            }
            try two.depend(lines.joined(separator: "\n"))
            #expect(try await two.world.install().ok)
            let palettes = try two.packages().filter { $0.name.description == "palette" }
            #expect(Set(palettes.map(\.source)) == [two.authors, .embedded])
            for record in try two.packages() where !record.registries.isEmpty {
                let source = record.name.description == "epsilon" ? two.authors : .embedded
                #expect(Array(record.registries.values) == [[source]])
            }
            try await two.world.expectNothingToDo()
        }
    }

    @Test func `of a folder outside of the project means what it means there`() async throws {
        try await withTwo { two in
            var files = ProjectWorld.folder("epsilon", version: "1.0.0", dependencies: "palette = \"^0.3\"")
            files["skvm.toml"]? += "\n[registries]\ndefault = \"../author\"\n"
            try two.world.put(files, at: two.world.root + "/epsilon")
            try two.world.put(
                ProjectWorld.folder("member", dependencies: "palette = \"^0.3\""), at: "skills/member")
            try two.depend(
                "epsilon = { path = \"../epsilon\" }\nmember = { path = \"skills/member\" }")
            #expect(try await two.world.install().ok)
            let palettes = try two.packages().filter { $0.name.description == "palette" }
            #expect(palettes.map(\.version.description).sorted() == ["0.3.1", "0.3.9"])
            try await two.world.expectNothingToDo()
            #expect(try await two.world.install { $0.locked = true }.ok)
        }
    }

    @Test func `is one package with what the project takes from there by a name of its own`() async throws {
        try await withTwo { two in
            try await two.release("1.0.0", "[registries]\ndefault = \"\(two.author.path)\"\n")
            try two.depend(
                "palette = { version = \"*\", registry = \"theirs\" }\n" + two.epsilon,
                registries: "default = \"../users\"\ntheirs = \"../author\"")
            let report = try await two.world.install()
            #expect(report.ok && !report.diagnostics.contains { $0.id == "registry.of-dependency" })
            #expect(try two.packages().filter { $0.name.description == "palette" }.count == 1)
            try await two.world.expectNothingToDo()
        }
    }

    @Test func `can be put in another's place by the registry's address`() async throws {
        try await withTwo { two in
            try await two.release("1.0.0", "[registries]\ndefault = \"\(two.author.path)\"\n")
            try two.world.put(ProjectWorld.folder("palette", version: "0.3.5", "Mine."), at: "palette")
            try two.depend(
                two.epsilon, more: "[patch.\"\(two.author.path)\"]\npalette = { path = \"palette\" }\n")
            let report = try await two.world.install()
            #expect(report.ok && !report.diagnostics.contains { $0.id == "registry.of-dependency" })
            #expect(try two.palette().patched == two.authors && two.palette().version.description == "0.3.5")
            try await two.world.expectNothingToDo()
        }
    }

    @Test func `names no registry of this machine where it came from elsewhere`() async throws {
        try await withTwo { two in
            try await two.release("1.0.0", "[registries]\ndefault = \"../author\"\n")
            try two.depend(two.epsilon)
            let found = await two.world.failure { try await two.world.install() }
            #expect("\(found)".contains("package.local-source"), "\(found)")
        }
    }

    @Test func `is had from a git registry over http, and without a network once it is here`() async throws {
        try await withTwo { two in
            let registry = try await RemoteRepository(at: two.world.root + "/reg.git")
            var files: [String: RemoteRepository.File] = [:]
            var open = try FileSystem.list(two.author.path)
            while let path = open.popLast() {
                let full = "\(two.author.path)/\(path)"
                if FileSystem.isDirectory(full) {
                    open += try FileSystem.list(full).map { "\(path)/\($0)" }
                } else {
                    files[path] = .text(try FileSystem.readText(full))
                }
            }
            try await registry.commit(files)
            try await GitWebServer.serving(two.world.root) { server in
                try await two.release("1.0.0", "[registries]\ndefault = \"\(server.open)/reg.git\"\n")
                try two.depend(two.epsilon.replacing(two.remote.url, with: "\(server.open)/epsilon.git"))
                #expect(try await two.world.install().ok)
                #expect(try two.palette().source.description == "registry+\(server.open)/reg.git")
                #expect(try await two.world.install { $0.locked = true }.ok)
            }
            #expect(try await two.world.install { $0.offline = true }.ok)
            try await two.world.expectNothingToDo()
        }
    }
}

@Suite struct `A lock that does not say from whose registries fetched packages take theirs` {
    /// As it was written before decision 0073: the name was looked up in the project.
    private func makeOld(_ two: TwoRegistries) throws {
        let lock = try Lockfile(parsing: Array(try two.world.lock.utf8))
        let packages = lock.packages.map { record in
            var copy = record
            copy.registries = [:]
            if copy.name.description == "epsilon" { copy.dependencies = [PackageID("palette 0.3.9")!] }
            if copy.name.description == "palette" {
                copy.version = Version("0.3.9")!
                copy.source = PackageSource("registry+../users")!
                copy.tree = two.usersTree
            }
            return copy
        }
        let old = Lockfile(wishes: lock.wishes, packages: packages)
        #expect(String(decoding: old.encoded(), as: UTF8.self).contains("revision = 2"))
        try FileSystem.write(old.encoded(), to: two.world.project + "/skvm.lock")
    }

    @Test func `is stale under --locked, and solved anew without`() async throws {
        try await withTwo { two in
            try await two.release("1.0.0", "[registries]\ndefault = \"\(two.author.path)\"\n")
            try two.depend(two.epsilon)
            #expect(try await two.world.install().ok)
            let right = try two.world.lock
            try makeOld(two)
            let found = await two.world.failure { try await two.world.install { $0.locked = true } }
            #expect(found.map(\.id) == ["lock.stale"] && found[0].fault == .staleLock, "\(found)")
            #expect(found[0].notes.contains { $0.contains("epsilon") && $0.contains("registr") }, "\(found)")
            #expect(try await two.world.install().ok)
            #expect(try two.palette().source == two.authors)
            #expect(try two.world.lock == right)
        }
    }

    @Test func `and one that says another registry than the manifest does is refused`() async throws {
        try await withTwo { two in
            try await two.release("1.0.0", "[registries]\ndefault = \"\(two.author.path)\"\n")
            try two.depend(two.epsilon)
            #expect(try await two.world.install().ok)
            try makeOld(two)
            let lock = try Lockfile(parsing: Array(try two.world.lock.utf8))
            let packages = lock.packages.map { record in
                var copy = record
                if copy.name.description == "epsilon" {
                    copy.registries = [PackageName("palette")!: [PackageSource("registry+../users")!]]
                }
                return copy
            }
            try FileSystem.write(
                Lockfile(wishes: lock.wishes, packages: packages).encoded(), to: two.world.project + "/skvm.lock")
            for locked in [true, false] {
                let found = await two.world.failure { try await two.world.install { $0.locked = locked } }
                #expect(found.map(\.id) == ["lock.registries"] && found[0].fault == .integrity, "\(found)")
            }
        }
    }
}
