import Basics
import Formats
import SkillModel
import TestSupport
import Testing

@testable import Passes

/// `docs/formats/pass-protocol.schema.json`, by which others write their passes, held against what skvm sends and takes.
@Suite struct ProtocolSchemaTests {
    private static let body =
        "# S\n\nä\n\n## Workflow\n\n1. Run `curl -s https://example.org/a -o a.json` with `$TOKEN`.\n2. Read `a.json`.\n"
        + "3. You MUST write `b.md`.\n\n```python\nimport sys\nprint(sys.argv[1])\n```\n"

    /// With every input that a pass can declare.
    private func request() throws -> PassRequest {
        let fixture = try TargetFixture(Self.body, files: ["data/x.txt"], gaps: [.toolExec: .l1, .genCodePython: .l0])
        let document = fixture.source
        var request = PassRequest(pass: "mine", text: document.source)
        request.document = document
        request.requirements = fixture.requirements
        request.dependencies = Depend.run(document).value
        request.workflow = Flow.run(document).value
        request.candidates = Solidify.run(document).value
        request.gaps = fixture.gaps + [Gap(primitive: .toolWeb, required: .l1, supplied: nil)]
        request.support = .init(batchedCalls: true, subAgents: true, bodyTokens: 100)
        request.environment = TargetFixture.environment
        request.target = .init(model: "m", harness: "h", machine: "linux-debian-12-x86_64")
        request.edits = [.init(pass: "lower", try fixture.lowered)]
        request.movable = Movable(document).spans
        request.files = [.init(path: try #require(RelativePath("data/x.txt")), size: 2, executable: true)]
        return request
    }

    private func text(_ request: PassRequest) throws -> String {
        String(String(decoding: try request.encoded(), as: UTF8.self).trimmingLineEnd)
    }

    @Test func `what a pass is sent is valid`() async throws {
        let requests = try [text(PassRequest(pass: "mine", text: "")), text(request())]
        #expect(try await schema("request").verdicts(requests) == ["ok", "ok"])
    }

    @Test func `each member of a request is in the schema, and each of the schema in a whole request`() throws {
        let definition = try schema("request").read()["properties"]
        let sent = try StrictJSON.parse(request().encoded(), file: "request")
        #expect(definition?.members?.map(\.key).sorted() == sent.members?.map(\.key).sorted())
    }

    private func schema(_ definition: String) throws -> JSONSchema {
        try JSONSchema("pass-protocol.schema.json", definition: definition)
    }

    private static let edit = #"{"span":[45,45],"replacement":"x","rule":"r","reason":"w"}"#

    @Test func `an answer that is taken is valid`() async throws {
        let document = try request().document
        let answers = [
            #"{"protocol":1}"#, #"{"protocol":1,"edits":[\#(Self.edit)],"files":[],"diagnostics":[]}"#,
            #"{"protocol":1,"edits":[{"span":[45,45],"replacement":"","rule":"r-1","reason":"","gap":"tool.exec"}]}"#,
            #"{"protocol":1,"files":[{"path":"a/b.md","text":"","rule":"r","executable":true}]}"#,
            #"{"protocol":1,"diagnostics":[{"id":"a","severity":"note","message":"m","line":1,"hint":"h"}]}"#,
        ]
        for answer in answers {
            #expect(throws: Never.self, "\(answer)") {
                try PassAnswer.read(
                    Array(answer.utf8), pass: "mine", skill: "alpha", document: try #require(document),
                    gaps: [Gap(primitive: .toolExec, required: .l3, supplied: .l1)],
                    additions: PassAdditions(executables: ["a/"]))
            }
        }
        #expect(try await schema("answer").verdicts(answers) == answers.map { _ in "ok" })
    }

    @Test func `an answer of another shape is refused by both`() async throws {
        let document = try request().document
        let answers = [
            "[]", "{}", #"{"protocol":2}"#, #"{"protocol":"1"}"#, #"{"protocol":1,"edit":[]}"#,
            #"{"protocol":1,"edits":{}}"#, #"{"protocol":1,"edits":[1]}"#, #"{"protocol":1,"symlinks":[]}"#,
            #"{"protocol":1,"edits":[{"span":[45,45],"replacement":"x","rule":"r"}]}"#,
            #"{"protocol":1,"edits":[{"span":[45],"replacement":"x","rule":"r","reason":"w"}]}"#,
            #"{"protocol":1,"edits":[{"span":[45.5,46],"replacement":"x","rule":"r","reason":"w"}]}"#,
            #"{"protocol":1,"edits":[{"span":[-1,46],"replacement":"x","rule":"r","reason":"w"}]}"#,
            #"{"protocol":1,"edits":[{"span":[45,45],"replacement":"x","rule":"R R","reason":"w"}]}"#,
            #"{"protocol":1,"files":[{"path":"","text":"","rule":"r"}]}"#,
            #"{"protocol":1,"files":[{"path":"a","text":"","rule":"r","executable":1}]}"#,
            #"{"protocol":1,"diagnostics":[{"id":"a","severity":"fatal","message":"m"}]}"#,
            #"{"protocol":1,"diagnostics":[{"id":"a","severity":"note","message":"m","line":0}]}"#,
        ]
        for answer in answers {
            #expect(throws: DiagnosticsError.self, "\(answer)") {
                try PassAnswer.read(
                    Array(answer.utf8), pass: "mine", skill: "alpha", document: try #require(document), gaps: [],
                    additions: .standard)
            }
        }
        let verdicts = try await schema("answer").verdicts(answers)
        #expect(zip(answers, verdicts).filter { $1 == "ok" }.map(\.0).isEmpty)
    }
}
