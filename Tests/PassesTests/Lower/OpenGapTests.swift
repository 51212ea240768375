import Basics
import SkillModel
import Testing

@testable import Passes

/// What a variant says of its open gaps against what `require` finds in its text.
@Suite struct `Open gaps` {
    /// The skills of the default registry, and those of `../shared/corpus` in steps, where it is there.
    private static let folders: [String] = {
        guard let package = #filePath.firstRange(of: "/Tests/PassesTests/").map({ String(#filePath[..<$0.lowerBound]) })
        else { return [] }
        let own = package + "/registry/skills"
        let registry = ((try? FileSystem.list(own)) ?? []).sorted().map { own + "/" + $0 }
        let corpus = GuardCorpusTests.corpus
        return registry + stride(from: 3, to: corpus.count, by: 12).map { corpus[$0] }
    }()

    private static let targets: [[Primitive: Level]] = [
        Dictionary(uniqueKeysWithValues: Primitive.allCases.map { ($0, .l1) }),
        GuardCorpusTests.weak,
        Dictionary(uniqueKeysWithValues: Primitive.allCases.map { ($0, $0 == .toolCallBatch ? .l0 : .l2) }),
    ]

    @Test func `name what the lowered text still demands, and nothing that is added demands more`() throws {
        #expect(Self.folders.count >= 15)
        for folder in Self.folders {
            let files = try SkillFolder.read(folder)
            guard files.contains(where: { $0.path.text == "SKILL.md" }), Parse.run(files, folderName: nil).value != nil
            else { continue }
            for levels in Self.targets {
                var fixture = try TargetFixture(files, gaps: levels)
                fixture.levels = levels
                fixture.gaps = fixture.measured()
                fixture.support = HarnessDescription.Support(batchedCalls: true, subAgents: true)
                let lowered = try fixture.lowered
                let edits = [lowered, try fixture.scheduled().edits]
                guard fixture.linked(edits).value != nil else { continue }
                let after = try #require(Require.run(try fixture.variant(edits)).value).requirements
                let open = Set(lowered.open.map(\.gap.primitive))
                let unsaid = after.filter { $0.level > levels[$0.primitive] ?? .l0 && !open.contains($0.primitive) }
                #expect(
                    unsaid.isEmpty,
                    "\(folder): \(unsaid.map { "\($0.primitive.rawValue) \($0.level) \($0.rules) \($0.evidence.map(\.line))" })"
                )
            }
        }
    }

    @Test func `an edit that closes nothing is not made, and what it would have changed is said`() throws {
        func step(_ number: Int, _ command: String) -> String {
            "\(number). Do it:\n\n   ```bash\n   \(command)\n   ```\n\n"
        }
        let commands = ["tool get a && tool put scripts/b.py", "tool check a", "tool send FILE", "tool tell FILE"]
        let body = "# S\n\n## Workflow\n\n" + commands.enumerated().map { step($0 + 1, $1) }.joined()
        var fixture = try TargetFixture(body, files: ["scripts/b.py"], gaps: [.toolExec: .l1])
        // By itself the rule takes the chain apart.
        #expect(try fixture.lowered.edits.contains { $0.rule == OneCommandAStep.id })
        fixture.gaps = fixture.measured()
        let lowered = try fixture.lowered
        // The chain's path is relocated as if no rule had wanted it.
        #expect(lowered.edits.map(\.rule) == [RelocateReferences.id])
        #expect(lowered.open.map(\.gap.primitive) == [.toolExec])
        let why = try #require(lowered.open.first?.why)
        #expect(why.contains("lower.one-command-a-step would change it"), "\(why)")
        #expect(try fixture.secondRun([lowered]).isEmpty)
    }

    @Test func `what is said of steps that run together demands nothing`() throws {
        var fixture = try TargetFixture(
            """
            # S

            1. Write `a.json`.
            2. Read `a.json` and write `b.json`.
            3. Read `a.json` and write `c.json`.
            4. Send both; do not send before the user agrees.

            Steps 2 and 3 are independent: run them in parallel, each by a sub-agent.

            """)
        fixture.support = HarnessDescription.Support(subAgents: true)
        let edits = [try fixture.scheduled().edits]
        #expect(edits[0].edits.count == 1)
        func level(_ document: SkillDocument) -> Level? {
            Require.run(document).value?.requirements.first { $0.primitive == .followConstraint }?.level
        }
        #expect(level(fixture.source) == .l1)
        #expect(level(try fixture.variant(edits)) == .l1)
    }
}
