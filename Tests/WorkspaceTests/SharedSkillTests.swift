import Basics
import BuildEngine
import ContentStore
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// Whole skills that one project compiled and another one, or the same after its state was removed, gets from the cache.
struct SharedSkillTests {
    @Test func `a project without state asks once a skill, and explains as if it had asked after each pass`()
        async throws
    {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            let first = try await world.build()
            let lock = try world.lock
            try FileSystem.removeTree(world.project + "/.skvm")
            try FileSystem.removeTree(world.workspace().memory(of: world.project))
            let second = try await world.build()
            #expect(second.ran == [] && second.cached == first.ran.count + first.cached)
            #expect(second.variants == first.variants && second.diagnostics == first.diagnostics)
            #expect(try world.lock == lock)
            let answered = try world.workspace().explain(["alpha"], target: nil)
            #expect(answered.passes.count == 17)
            #expect(answered.passes.allSatisfy { $0.changes.isEmpty })

            try await Task.sleep(for: .milliseconds(50))
            try world.edit("skills/alpha/SKILL.md", "Never change", "Never, ever change")
            let third = try await world.build()
            let parse = try #require(third.ran.first { $0.pass == "parse" })
            #expect(parse.why == "the file SKILL.md changed")
            #expect(third.ran.allSatisfy { !$0.why.contains("never built") }, "\(third.ran)")
            try await world.expectNothingToDo()
        }
    }

    @Test func `what is no longer whole in the cache is made again`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            let first = try await world.build()
            let tree = try #require(first.variants.first?.tree)
            try FileSystem.remove("\(world.store.root)/cas-v1/\(tree.hex.prefix(2))/\(tree.hex.dropFirst(2))")
            try FileSystem.removeTree(world.project + "/.skvm")
            try FileSystem.removeTree(world.workspace().memory(of: world.project))
            let second = try await world.build()
            #expect(second.ok && second.variants == first.variants)
            #expect(try world.store.isWhole(tree))
        }
    }

    @Test func `the cache keeps what a whole skill leads to`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            let trees = Set(try await world.build().variants.map(\.tree))
            let values = try ActionCache(root: scratch + "/cache").values()
            let references = values.compactMap { SharedSkills.references($0) }
            #expect(references.count == 2)
            for tree in trees { #expect(references.joined().contains(.tree(tree))) }
            #expect(references.joined().contains { if case .blob = $0 { true } else { false } })
            #expect(values.count > references.count)
            for value in values where SharedSkills.references(value) != nil {
                #expect(SharedSkills.references(value.dropLast()) == nil)
            }
        }
    }
}

extension SharedSkills {
    fileprivate static func references(_ value: ArraySlice<UInt8>) -> [StoreReference]? { references(Array(value)) }
}
