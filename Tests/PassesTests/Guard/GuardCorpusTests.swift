import Basics
import SkillModel
import Testing

@testable import Passes

/// Over skills of `../shared/corpus`, where it is there: each variant keeps the contract, and is stable.
@Suite struct GuardCorpusTests {
    static let corpus: [String] = {
        guard
            let package = #filePath.firstRange(of: "/Tests/PassesTests/").map({ String(#filePath[..<$0.lowerBound]) }),
            let root = FileSystem.parent(of: package).map({ $0 + "/shared/corpus" }),
            let names = try? FileSystem.list(root)
        else { return [] }
        return names.sorted().map { root + "/" + $0 }.filter(FileSystem.isDirectory)
    }()

    /// Gaps that set every rule to work, by how much the target is short.
    static let weak = Dictionary(
        uniqueKeysWithValues: Primitive.allCases.map { ($0, $0 == .toolExec ? Level.l2 : .l1) })

    @Test func `skills of the corpus keep their contract and are stable under a second run`() throws {
        var figures: [String: Int] = [:]
        // One in eight: all of them take minutes in a debug build. A stride of 1 gives the figures of docs/passes.md.
        for folder in stride(from: 0, to: Self.corpus.count, by: 8).map({ Self.corpus[$0] }) {
            let files = try SkillFolder.read(folder)
            guard files.contains(where: { $0.path.text == "SKILL.md" }), Parse.run(files, folderName: nil).value != nil
            else { continue }
            for levels in [[:], Self.weak] {
                var fixture = try TargetFixture(files, gaps: levels)
                fixture.support = HarnessDescription.Support(batchedCalls: true, subAgents: true)
                if levels.isEmpty { fixture.gaps = [] }
                let edits = [try fixture.lowered, try fixture.scheduled().edits]
                for edit in edits.flatMap(\.edits) { figures[edit.rule, default: 0] += 1 }
                let linked = fixture.linked(edits)
                #expect(linked.diagnostics.isEmpty, "\(folder)")
                guard linked.value != nil else { continue }
                figures["variants", default: 0] += 1
                let report = try fixture.guarded(edits)
                #expect(report.diagnostics.isEmpty, "\(folder) \(levels.count)")
                let second = try fixture.secondRun(edits)
                #expect(second.isEmpty, "\(folder): \(second.map { "\($0.rule): \($0.replacement.prefix(200))" })")
            }
        }
        for (name, count) in figures.sorted(by: { $0.key < $1.key }) { print("corpus: \(name) \(count)") }
    }
}
