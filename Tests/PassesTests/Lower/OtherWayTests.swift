import Basics
import SkillModel
import Testing

@testable import Passes

@Suite struct `Taking another way` {
    private static let reading = """
        # S

        Intro.

        ## Read

        Read the log. Load the file `a.csv`. Check `b.csv`.

        """

    @Test func `the goal is reached by a primitive that the target has`() throws {
        var fixture = try TargetFixture(Self.reading, gaps: [.toolFileRead: .l0])
        fixture.levels = [.toolExec: .l1, .genCodeShell: .l1]
        fixture.gaps = fixture.measured()
        #expect(fixture.gaps.map(\.required) == [.l2])
        let edits = [try fixture.lowered]
        #expect(edits[0].edits.map(\.rule) == ["lower.instead.printed-files"])
        #expect(
            edits[0].edits[0].reason
                == "printed files: takes tool.exec L1 and gen.code.shell L1 instead of tool.file.read")
        #expect(edits[0].open.isEmpty)
        #expect(try fixture.guarded(edits).diagnostics == [])
        #expect(try fixture.secondRun(edits).isEmpty)
        let after = try #require(Require.run(try fixture.variant(edits)).value).requirements
        let exec = try #require(after.first { $0.primitive == .toolExec })
        #expect(exec.level == .l1 && exec.rules == [OtherWay.id] && !exec.evidence.isEmpty)
        #expect(!after.contains { $0.primitive == .toolFileRead })
    }

    @Test func `a target that can't go the way is told what it lacks`() throws {
        var fixture = try TargetFixture(Self.reading, gaps: [.toolFileRead: .l0])
        fixture.gaps = fixture.measured()
        for (level, said) in [(Level.l0, "the target has L0"), (nil, "the target was not measured in it")] {
            fixture.levels = [.toolExec: level, .genCodeShell: .l1].compactMapValues { $0 }
            let lowered = try fixture.lowered
            #expect(lowered.edits.isEmpty)
            #expect(
                lowered.open.map(\.why) == [
                    "the files must be read; another way (printed files) takes tool.exec L1, "
                        + said
                ])
        }
    }

    @Test func `within the primitive comes first`() throws {
        var fixture = try TargetFixture(Self.reading, gaps: [.toolFileRead: .l1])
        fixture.levels = [.toolExec: .l3]
        fixture.gaps = fixture.measured()
        #expect(try fixture.lowered.edits.map(\.rule) == ["lower.one-at-a-time"])
    }

    @Test func `a substitution that does not do what it says fails the build of its variant`() throws {
        var fixture = try TargetFixture(Self.reading, gaps: [.toolFileRead: .l0])
        fixture.levels = [.toolExec: .l1, .genCodeShell: .l1]
        fixture.gaps = fixture.measured()
        let lowered = try fixture.lowered
        // The same words, less one: no reader would know what to do, and `require` does not.
        var broken = lowered
        broken.edits[0].replacement = "Read a file by printing it.\n\n"
        #expect(
            try fixture.guarded([broken]).diagnostics.map(\.message) == [
                "lower.instead.printed-files leaves tool.file.read demanded at L2"
            ])
    }

    @Test(arguments: OtherWay.all)
    func `every sentence is read back as what it is, and by no other rule`(way: OtherWay) throws {
        let fixture = try TargetFixture("# S\n\nIntro. \(way.sentence) More.\n", gaps: [:])
        let facts = SkillFacts(fixture.source)
        #expect(facts.reading.ways.map(\.sentence) == [way.sentence])
        #expect(facts.reading.measures.isEmpty)
        #expect(facts.reading.sentences.map { $0.words.map(\.text) }.filter { $0 != ["S"] } == [["Intro"], ["More"]])
        #expect(Lower.substitutions.count { type(of: $0).way.path == way.path } == 1)
    }

    @Test func `a way does not lift what it can't stand in for`() throws {
        func levels(_ sentence: String) throws -> [Level] {
            let fixture = try TargetFixture("# S\n\n\(sentence)You must ask. Never guess. Always check.\n", gaps: [:])
            return fixture.requirements.requirements.filter { $0.primitive == .followConstraint }.map(\.level)
        }
        #expect(try levels("") == [.l2])
        #expect(try levels(OtherWay.shownScripts.sentence + " ") == [.l2])
    }
}

extension TargetFixture {
    /// The gaps as `gap` finds them: what is required by the text, not L3.
    func measured() -> [Gap] {
        GapPass.run(requirements, levels: Dictionary(gaps.map { ($0.primitive, $0.supplied ?? .l0) }) { $1 }).gaps
    }
}
