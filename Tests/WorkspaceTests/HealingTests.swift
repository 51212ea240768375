import Basics
import ContentStore
import SkillModel
import TestSupport
import Testing

@testable import Workspace

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Whatever single object of the cache is gone or damaged, the next command makes it again, to the byte.
struct HealingTests {
    enum Loss: String, CaseIterable, CustomTestStringConvertible {
        case gone, damaged, emptied
        var testDescription: String { rawValue }
    }

    @Test(arguments: Loss.allCases)
    func `an installation heals the loss of any object of the cache`(_ loss: Loss) async throws {
        try await withScratch { scratch in
            let world = try await Self.world(scratch)
            let first = try await world.install()
            #expect(first.ok, "\(first.diagnostics)")
            let whole = try Self.files(world)
            #expect(Self.installed.allSatisfy { world.exists($0 + "/charts/references/deep/down/notes.md") })
            let objects = try Self.objects(world)
            #expect(objects.count > 20 && objects.contains { !$0.isFile } && objects.contains(where: \.isFile))
            for object in objects {
                try lose(object, loss)
                for folder in Self.installed { try FileSystem.removeTree(world.project + "/" + folder) }
                try await expect(whole, of: world, without: object) { try await world.install() }
            }
        }
    }

    @Test(arguments: Loss.allCases)
    func `a build in another project heals the loss of any object of the cache`(_ loss: Loss) async throws {
        try await withScratch { scratch in
            let world = try await Self.world(scratch)
            #expect(try await world.build().ok)
            let whole = try Self.files(world)
            for object in try Self.objects(world) {
                try lose(object, loss)
                try FileSystem.removeTree(world.project + "/.skvm")
                try FileSystem.remove(world.project + "/skvm.lock")
                for folder in try FileSystem.list(world.root + "/cache") where folder.hasPrefix("projects") {
                    try FileSystem.removeTree(world.root + "/cache/" + folder)
                }
                try await expect(whole, of: world, without: object) { try await world.build() }
            }
        }
    }

    @Test func `offline it heals what can be made again from what is there, and names the rest`() async throws {
        try await withScratch { scratch in
            let world = try await Self.world(scratch)
            let first = try await world.install()
            #expect(first.ok, "\(first.diagnostics)")
            let whole = try Self.files(world)
            #expect(Self.installed.allSatisfy { world.exists($0 + "/charts/references/deep/down/notes.md") })
            // Then the sources of its packages and what it says of harnesses are nowhere else.
            try FileSystem.rename(world.root + "/registry", to: world.root + "/registry-gone")
            let lock = try #require(try world.workspace().project().lock())
            var fetched = Set(lock.targets.compactMap(\.harness))
            for package in lock.packages where !package.source.isFolder {
                fetched.formUnion(try Self.blobs(ofTree: try #require(package.tree), world.store))
            }
            var made = 0
            for object in try Self.objects(world) {
                try lose(object, .gone)
                for folder in Self.installed { try FileSystem.removeTree(world.project + "/" + folder) }
                do {
                    let report = try await world.install { $0.offline = true }
                    #expect(report.ok, "\(object): \(report.diagnostics)")
                    #expect(try Self.files(world) == whole, "\(object)")
                    made += 1
                } catch {
                    let found = Workspace.diagnostics(of: error) ?? []
                    #expect(fetched.contains(object.digest), "\(object): \(found)")
                    #expect(found.contains { $0.hint != nil || !$0.notes.isEmpty }, "\(found)")
                    #expect(!found.contains { $0.id == "store.missing" }, "\(found)")
                }
                try restore(object)
            }
            #expect(made > 10)
        }
    }

    @Test(arguments: ["verify", "vendor", "diff"])
    func `and so do other commands that read it`(_ command: String) async throws {
        try await withScratch { scratch in
            let world = try await Self.world(scratch)
            #expect(try await world.install().ok)
            for object in try Self.objects(world) {
                try lose(object, .damaged)
                do {
                    switch command {
                    case "verify":
                        let report = try await world.workspace().repair()
                        #expect(report.ok, "\(object): \(report.diagnostics)")
                        #expect(try await world.workspace().verify().diagnostics == [], "\(object)")
                    case "vendor":
                        try FileSystem.removeTree(world.project + "/vendor")
                        #expect(try await world.workspace().vendor(nil).ok, "\(object)")
                    default: _ = try await world.workspace().diff(["charts"], target: "one")
                    }
                } catch {
                    Issue.record("\(object): \(Workspace.diagnostics(of: error) ?? [])")
                }
                try restore(object)
            }
        }
    }

    /// `work` succeeds, with the files that there were before the loss; the object is put back.
    private func expect(
        _ whole: [String: [UInt8]], of world: ProjectWorld, without object: Object,
        _ work: () async throws -> BuildReport
    ) async throws {
        do {
            let report = try await work()
            #expect(report.ok, "\(object): \(report.diagnostics)")
        } catch {
            Issue.record("\(object): \(Workspace.diagnostics(of: error) ?? [])")
        }
        #expect(try Self.files(world) == whole, "\(object)")
        try restore(object)
    }

    // MARK: The world

    /// Two packages of a registry, one of a repository and a member, for two targets.
    private static func world(_ scratch: String) async throws -> ProjectWorld {
        let world = try ProjectWorld(scratch)
        let registry = try FolderRegistry(world.root + "/registry")
        try registry.publish("palette", "0.3.1")
        var files = ProjectWorld.folder("charts", version: "1.0.2", dependencies: "palette = \"^0.3\"")
        files["references/deep/down/notes.md"] = "Notes of `charts`.\n"
        try registry.publish("charts", "1.0.2", dependencies: ["palette": "^0.3"], files: files)
        let remote = try await RemoteRepository(at: world.root + "/remote.git")
        let notes = ProjectWorld.folder("notes", version: "1.0.0", "Never write a figure.")
        let head = try await remote.commit(notes.mapValues { .text($0) })
        try await remote.tag("v1.0.0", head)
        try world.put(ProjectWorld.folder("own", "Never write twice."), at: "members/own")
        let targets =
            try world.putTarget("one") + world.putTarget("two", harness: "openclaw", levels: ["tool.exec": "L1"])
        try world.put([
            "skvm.toml": """
            [workspace]
            members = ["members/*"]

            [dependencies]
            charts = "^1.0"
            notes = { git = "\(remote.url)", version = "^1.0" }
            own = { path = "members/own" }

            [registries]
            default = "../registry"

            \(targets)
            """
        ])
        return world
    }

    private static let installed = [".agents/skills", "skills"]

    /// The lock and every installed or built file, by path.
    private static func files(_ world: ProjectWorld) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = ["skvm.lock": Array(try world.lock.utf8)]
        func read(_ folder: String) throws {
            guard FileSystem.isDirectory(folder) else { return }
            for name in try FileSystem.list(folder) {
                let path = folder + "/" + name
                if FileSystem.isDirectory(path) { try read(path) } else { files[path] = try FileSystem.read(path) }
            }
        }
        for folder in installed + [".skvm/variants"] { try read(world.project + "/" + folder) }
        return files
    }

    private struct Object: CustomStringConvertible {
        var path: String
        var digest: Digest
        var bytes: [UInt8]
        var folder: Directory? { try? Directory(decoding: bytes) }
        var isFile: Bool { folder == nil }
        var description: String {
            let folder = folder.map { "folder of \($0.files.map(\.name)) \($0.folders.map(\.name))" }
            return "\(digest): \(folder ?? String(decoding: bytes.prefix(60), as: UTF8.self))"
        }
    }

    private static let isFull = getenv("SKVM_FULL_MATRIX") != nil

    /// The folders of all trees, and of the files (of sources and variants, what passes put out, facts) every fifth, or all.
    private static func objects(_ world: ProjectWorld) throws -> [Object] {
        let root = world.root + "/cache/cas-v1"
        let all = try FileSystem.list(root).sorted().filter { $0 != "tmp" }.flatMap { folder in
            try FileSystem.list(root + "/" + folder).sorted().map { name in
                let path = "\(root)/\(folder)/\(name)"
                return Object(
                    path: path, digest: try #require(Digest(hex: folder + name)), bytes: try FileSystem.read(path))
            }
        }
        return all.enumerated().filter { isFull || !$0.element.isFile || $0.offset % 5 == 0 }.map(\.element)
    }

    private static func blobs(ofTree root: Digest, _ store: ContentStore) throws -> Set<Digest> {
        let entries = try store.entries(of: root)
        return Set(try Tree.build(entries).directories.map(\.blob.digest) + entries.compactMap { $0.blob?.digest })
    }

    private func lose(_ object: Object, _ loss: Loss) throws {
        try FileSystem.remove(object.path)
        switch loss {
        case .gone: break
        case .damaged: try FileSystem.write(object.bytes.dropLast() + [0x7E, 0x7E], to: object.path)
        case .emptied: try FileSystem.write([], to: object.path)
        }
    }

    /// As it was, whether or not somebody needed it.
    private func restore(_ object: Object) throws {
        try FileSystem.remove(object.path)
        try FileSystem.write(object.bytes, to: object.path)
    }
}
