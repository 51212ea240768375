import Basics
import Compiler
import Testing

@testable import Workspace

struct SkillResultTests {
    private let result = Session.SkillResult(
        variants: [
            CompiledVariant(
                package: "charts", version: "1.0.0", target: "weak", tree: Digest(of: "tree"),
                passes: ["lower": Digest(of: "1"), "bind": Digest(of: "2")], diagnostics: []),
            CompiledVariant(
                package: "charts", version: "1.0.0", target: "strong", tree: nil, passes: [:],
                diagnostics: [
                    Diagnostic(
                        "a.b", .warning, "a word", at: SourceLocation(file: "SKILL.md", line: 3, column: 4),
                        notes: ["n"], hint: "h")
                ]),
        ],
        diagnostics: [Diagnostic("c.d", .note, "é")], actions: 17)

    @Test func `a result survives its bytes`() throws {
        #expect(try Session.SkillResult(decoding: try result.encoded) == result)
        #expect(try result.encoded == result.encoded)
    }

    @Test func `bytes that are cut off or too long are no result`() throws {
        let bytes = try result.encoded
        for length in 0..<bytes.count {
            #expect(throws: (any Error).self) { try Session.SkillResult(decoding: Array(bytes.prefix(length))) }
        }
        #expect(throws: (any Error).self) { try Session.SkillResult(decoding: bytes + [0]) }
    }
}

struct BriefReportTests {
    @Test func `a brief report has the words of the whole one`() {
        var report = BuildReport(command: "install")
        report.cached = 3
        report.variants = [
            .init(package: "charts", version: "1.0.0", target: "weak", tree: Digest(of: "tree"), path: "/p/charts")
        ]
        report.folders = [.init(action: "kept", package: "charts", path: "/p/charts")]
        #expect(report.brief.text == report.text)
        #expect(report.brief.variants.isEmpty)
        #expect(report.brief.folders.isEmpty)
    }
}
