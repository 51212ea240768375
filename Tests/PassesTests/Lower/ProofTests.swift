import Basics
import SkillModel
import Testing

@testable import Passes

@Suite struct `No edit without proof` {
    /// An unclosed quote: read as one text its `;` joins nothing, read as two it does.
    private static let broken = """
        ## Step 1: Convert

        Convert it:

        ```bash
        tool a "$f
        tool b; done"
        tool c
        ```

        And:

        ```bash
        tool d
        tool e
        ```

        """

    @Test func `what guard would refuse is not given, and what it accepts is`() throws {
        let fixture = try TargetFixture(
            "# S\n\n```bash\ntool a\ntool b\n```\n\n```bash\ntool c\ntool d\n```\n", gaps: [.toolExec: .l1])
        let good = try fixture.lowered
        #expect(good.edits.count == 2)
        let proof = try #require(Proof(LazyReading(fixture.source)))
        #expect(proof.verdict(on: good.edits, []).missing.isEmpty)
        // One of them loses a command.
        var edits = good.edits
        edits[1].replacement = edits[1].replacement.split(separator: "tool d").joined()
        #expect(proof.verdict(on: edits, []).missing == [edits[1]])
        // What no gap asks for is every target's, proven or not.
        edits[1].gap = nil
        #expect(!proof.holds(edits, []))
        #expect(proof.verdict(on: edits, []).missing == [edits[0]])
    }

    @Test(arguments: [Primitive.toolExec, .genCodeShell])
    func `code that means two things is left as it is, and the rest is lowered`(primitive: Primitive) throws {
        let fixture = try TargetFixture(Self.broken, gaps: [primitive: .l1])
        let edits = [try fixture.lowered]
        #expect(try fixture.guarded(edits).diagnostics == [])
        #expect(try fixture.body.contains("```bash\ntool d\n```\n\n```bash\ntool e\n```"))
    }

    /// Every rule by itself, in texts that look like what it rewrites and are not.
    @Test(arguments: [
        "If a. When `b\n\n. Otherwise c.\n", "If `a. If b`. If c. If d.\n> Otherwise e.\n",
        "First `a. Then b. Finally` c. Then d.\n# Then e\n", "# T\n\nIf a.\n- If b.\n- If c.\n",
        "# T\n\nLook for:\n\n- a\n- b\n- c\n    ```\n    d\n",
        "# T\n\n| Symptom | a |\n|---|---|\n| b | c |\n| d | e |\n| f | g\n> h",
        "# T\n\n```bash\nfor f in *; do t \"$f\n```bash\nx\"; done\n```\n",
    ])
    func `no text makes a variant that is refused`(body: String) throws {
        let fixture = try TargetFixture(
            body, gaps: Dictionary(Primitive.allCases.map { ($0, $0 == .toolExec ? .l2 : .l1) }) { $1 })
        let edits = [try fixture.lowered, try fixture.scheduled().edits]
        #expect(try fixture.guarded(edits).diagnostics == [])
    }
}
