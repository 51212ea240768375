import Basics
import Formats
import Passes
import SkillModel
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes `<skill>.json` for every skill of the folder `SKVM_EVAL_SKILLS` into `SKVM_EVAL_OUT`, for
/// `score.py --predictions`. Does nothing when the variables are not set: the skills are not part of the project.
@Suite struct InspectionEvaluation {
    @Test func `every skill of the evaluation set can be inspected`() throws {
        guard let skills = variable("SKVM_EVAL_SKILLS"), let out = variable("SKVM_EVAL_OUT") else { return }
        try FileSystem.makeDirectories(out)
        for name in try FileSystem.list(skills) where FileSystem.exists("\(skills)/\(name)/SKILL.md") {
            let parsed = Parse.run(try sources("\(skills)/\(name)"), folderName: name)
            let document = try #require(parsed.value, "\(name) can't be read: \(parsed.diagnostics)")
            let report = Inspection.report(id: name, document)
            try FileSystem.write(try CanonicalJSON.encode(report), to: "\(out)/\(name).json")
        }
    }

    private func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
