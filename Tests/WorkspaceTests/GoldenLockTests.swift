import Basics
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@testable import Workspace

/// The projects of `lockfiles/golden` give the locks that lie there, bit for bit. `SKVM_UPDATE_GOLDEN=1` writes them.
struct GoldenLockTests {
    @Test(arguments: ["single", "workspace", "packages"])
    func `a golden project gives its lock bit for bit`(name: String) async throws {
        try await withScratch { scratch in
            var world = try ProjectWorld(scratch)
            world.environment = ["HOME": world.root + "/home"]
            try copy(Self.golden, to: world.root + "/golden")
            let project = world.root + "/golden/" + name
            let workspace = world.workspace(in: project)

            // With the lock that is there: it is right.
            let isUpdate = getenv("SKVM_UPDATE_GOLDEN") != nil
            if !isUpdate {
                let locked = try await world.workspace(in: project) { $0.locked = true }.build()
                #expect(locked.ok && locked.diagnostics == [], "\(locked.diagnostics)")
            }
            // And from nothing: the same.
            if FileSystem.exists(project + "/skvm.lock") { try FileSystem.remove(project + "/skvm.lock") }
            try FileSystem.removeTree(project + "/.skvm")
            try FileSystem.removeTree(world.root + "/cache")
            let report = try await workspace.build()
            #expect(report.ok && report.diagnostics == [], "\(report.diagnostics)")
            let lock = try FileSystem.readText(project + "/skvm.lock")
            let golden = "\(Self.golden)/\(name)/skvm.lock"
            if isUpdate { return try FileSystem.write(Array(lock.utf8), to: golden) }
            #expect(try lock == FileSystem.readText(golden))
        }
    }

    /// The folder in the sources.
    private static let golden =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/lockfiles/golden"

    /// Copies files and folders, with execute bits; not what builds leave behind.
    private func copy(_ from: String, to: String) throws {
        try FileSystem.makeDirectories(to)
        for name in try FileSystem.list(from) where name != ".skvm" {
            let status = try #require(try FileSystem.status("\(from)/\(name)"))
            if status.kind == .directory {
                try copy("\(from)/\(name)", to: "\(to)/\(name)")
            } else {
                try FileSystem.write(
                    try FileSystem.read("\(from)/\(name)"), to: "\(to)/\(name)",
                    mode: status.isExecutable ? 0o755 : 0o644)
            }
        }
    }
}
