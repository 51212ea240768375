import Basics
import FoundationEssentials
import TestSupport
import Testing

/// The floors of docs/architecture.md. A module may import modules of lower floors only.
private let floors: [String: Int] = [
    "CLibgit2": 0, "CSQLite": 0, "CMark": 0, "CCrypto": 0,
    "Basics": 1,
    "Formats": 2, "ContentStore": 2, "Git": 2,
    "SkillModel": 3, "BuildEngine": 3,
    "Passes": 4, "Resolution": 4, "Registry": 4, "Harness": 4,
    "Compiler": 5,
    "Workspace": 6,
    "Commands": 7,
    "skvm": 8,
]

private struct Manifest: Decodable {
    struct Target: Decodable {
        struct Dependency: Decodable {
            /// `["Name", null]`
            var byName: [String?]?
            var target: [String?]?
            var name: String? { (byName ?? target)?.first ?? nil }
        }
        var name: String
        var type: String
        var dependencies: [Dependency]
    }
    var targets: [Target]
}

struct LayersTests {
    private static func root() -> String {
        var path = #filePath
        for _ in 0..<3 { path = FileSystem.parent(of: path) ?? "/" }
        return path
    }

    private func targets() async throws -> [Manifest.Target] {
        try await withScratch { scratch in
            let result = try await Program(
                "swift", ["package", "--package-path", Self.root(), "--scratch-path", scratch, "dump-package"]
            ).run()
            try #require(result.succeeded, "\(result.errorText)")
            return try JSONDecoder().decode(Manifest.self, from: Data(result.output)).targets
        }
    }

    @Test func `every module has a floor and imports only modules of lower floors`() async throws {
        for target in try await targets() where ["regular", "system-target", "executable"].contains(target.type) {
            if ["TestSupport", "pass-digests", "embed-registry"].contains(target.name) { continue }
            let floor = try #require(floors[target.name], "\(target.name) has no floor in docs/architecture.md")
            for dependency in target.dependencies.compactMap(\.name) {
                guard let below = floors[dependency] else { continue }
                #expect(below < floor, "\(target.name) (floor \(floor)) imports \(dependency) (floor \(below))")
            }
        }
    }

    @Test func `each system library is imported by exactly one module`() async throws {
        let all = try await targets()
        for library in all where library.type == "system-target" {
            let importers = all.filter { $0.dependencies.contains { $0.name == library.name } }.map(\.name)
            #expect(importers.count == 1, "\(library.name) is imported by \(importers)")
        }
    }

    @Test func `every module has a README of at most 15 lines`() throws {
        for name in floors.keys
        where !name.hasPrefix("C") || name == "Compiler" || name == "Commands" || name == "ContentStore" {
            let text = try FileSystem.readText(Self.root() + "/Sources/\(name)/README.md")
            #expect(
                text.split(separator: "\n", omittingEmptySubsequences: false).count <= 16, "Sources/\(name)/README.md")
        }
    }

    @Test func `no module imports all of Foundation`() throws {
        for name in floors.keys {
            for file in try swiftFiles(Self.root() + "/Sources/\(name)") {
                let text = try FileSystem.readText(file)
                let offends = text.split(separator: "\n").contains {
                    $0.hasPrefix("import Foundation") && !$0.contains("Essentials")
                }
                #expect(!offends, "\(file) imports Foundation; FoundationEssentials is enough")
            }
        }
    }

    private func swiftFiles(_ folder: String) throws -> [String] {
        try FileSystem.list(folder).flatMap { name -> [String] in
            let path = folder + "/" + name
            if FileSystem.isDirectory(path) { return try swiftFiles(path) }
            return name.hasSuffix(".swift") ? [path] : []
        }
    }
}
