import Basics
import FuzzChecks
import Passes
import SkillModel
import Testing

/// Every input that the fuzzers keep, with what they hold true. `make fuzz` looks for more.
@Suite struct FuzzCorpusTests {
    private static func inputs(_ target: String) -> [String] {
        guard let root = #filePath.firstRange(of: "/Tests/PassesTests/").map({ String(#filePath[..<$0.lowerBound]) })
        else { return [] }
        let folder = root + "/Fuzzing/corpus/" + target
        return ((try? FileSystem.list(folder)) ?? []).sorted().map { folder + "/" + $0 }
    }

    private func replay(_ target: String, _ check: ([UInt8]) -> [String]) throws {
        let inputs = Self.inputs(target)
        #expect(inputs.count >= 20, "the corpus is not where it should be")
        for input in inputs {
            let faults = check(try FileSystem.read(input))
            #expect(faults.isEmpty, "\(input)")
        }
    }

    @Test func `SKILL.md of any bytes is read soundly`() throws { try replay("parse", ParseChecks.faults) }

    @Test func `shell text of any bytes is split soundly`() throws { try replay("shell", ShellChecks.faults) }

    @Test func `a skill of any bytes compiles to a variant that keeps its contract`() throws {
        try replay("compile", CompileChecks.faults)
    }

    @Test func `a fault is seen`() throws {
        var document = try parse("---\nname: a\ndescription: b\n---\n# T\n\nText `code`.\n").value
        document?.blocks[1].span.end = 4000
        #expect(ParseChecks.faults(try #require(document)).contains { $0.contains("is not in") })
    }
}
