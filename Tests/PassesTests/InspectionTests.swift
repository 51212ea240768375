import Basics
import Formats
import Passes
import SkillModel
import Testing

@Suite struct `Inspection report` {
    @Test func `has at least the keys of a label file`() throws {
        let body =
            "# T\n\n## Workflow\n\n1. Read `references/a.md`.\n2. Run `scripts/x.py`.\n3. Write it.\n\n"
            + shell("npx tool run <name>")
        let document = try document(body, files: ["references/a.md": "x", "scripts/x.py": "import yaml\n"])
        let bytes = try CanonicalJSON.encode(Inspection.report(id: "t", document))
        let text = String(decoding: bytes, as: UTF8.self)
        for key in [
            "archetype", "dependencies", "hazards", "id", "parallel", "relative_paths", "requirements", "steps",
            "templates",
        ] {
            #expect(text.contains("\"\(key)\":"))
        }
        let back = try CanonicalJSON.decode(InspectionReport.self, from: bytes)
        #expect(back == Inspection.report(id: "t", document))
        #expect(back.relativePaths.map(\.path) == ["references/a.md", "scripts/x.py"])
        #expect(back.requirements["tool.exec"] == .l2)
    }

    @Test func `a fault is told once, with its other places`() throws {
        let body = shell("sudo tee /etc/a") + "\nThen.\n\n" + shell("sudo cp b /etc/b\nchmod 777 c")
        let hazards = Inspection.report(id: "t", try document(body)).hazards
        #expect(hazards.map(\.message) == ["runs 'tee' as root", "gives everyone all rights"])
        #expect(hazards.map(\.also.count) == [1, 0])
    }

    @Test func `an empty skill demands nothing and breaks nothing`() throws {
        let report = Inspection.report(id: "empty", try document(""))
        #expect(
            report.dependencies.isEmpty && report.steps.isEmpty && report.templates.isEmpty && report.hazards.isEmpty)
    }

    @Test func `hostile text is read to its end`() throws {
        let bodies = [
            String(repeating: "- ", count: 2000) + "x\n", String(repeating: "`$(", count: 3000),
            String(repeating: "<a ${b} {c", count: 3000),
            String(repeating: "1. Run step 1 `a b`\n", count: 2000),
            "```bash\n" + String(repeating: "a | ", count: 3000) + "\n```\n",
            "```bash\nx " + String(repeating: "mcp__ {", count: 3000),
            "| " + String(repeating: "MUST | ", count: 2000) + "\n",
        ]
        for body in bodies { _ = Inspection.report(id: "x", try document(body)) }
    }
}
