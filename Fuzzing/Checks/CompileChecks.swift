import Basics
import Passes
import SkillModel

/// A skill of any bytes through every pass, for a target that is short of everything: no trap, and no variant that breaks
/// the contract.
package enum CompileChecks {
    /// Faults; none when all is well.
    package static func faults(_ bytes: [UInt8]) -> [String] {
        guard let path = RelativePath("SKILL.md") else { return [] }
        let parsed = Parse.run([SourceFile(path: path, bytes: bytes)], folderName: "fuzz")
        guard let source = parsed.value, !parsed.hasErrors else { return [] }
        _ = Depend.run(source)
        _ = Hazards.run(source)
        _ = Solidify.run(source)
        guard let requirements = Require.run(source).value, let workflow = Flow.run(source).value else {
            return ["an analysis gave nothing"]
        }
        var faults: [String] = []
        for supplied in [Level.l1, .l0] {
            let weak = Primitive.allCases.map { ($0, $0 == .toolExec ? Level.l2 : supplied) }
            let gaps = GapPass.run(requirements, levels: Dictionary(weak) { $1 })
            let support = HarnessDescription.Support(batchedCalls: true, subAgents: true)
            guard
                let lowered = Lower.run(source, requirements: requirements, gaps: gaps, support: support).value,
                let scheduled = Schedule.run(source, workflow: workflow, support: support, gaps: []).value
            else { return ["a pass gave nothing"] }
            let sets = [lowered, scheduled.edits]
            let edits: EditApplication
            do {
                edits = try EditApplication(sets.flatMap(\.edits), to: source)
            } catch {
                faults.append("the edits can't be applied: \(error)")
                continue
            }
            guard
                let variant = Parse.run([SourceFile(path: path, bytes: Array(edits.text.utf8))], folderName: "fuzz")
                    .value
            else { return ["the variant can't be read"] }
            // A source that has the compiler's own token is refused: it would become a path of the user's.
            if !Relocation.offsets(in: bytes).isEmpty { continue }
            let verdict = Guard.run(source: source, variant: variant, edits: sets)
            faults += verdict.diagnostics.filter { $0.severity == .error }.map { "\($0.id): \($0.message)" }
        }
        return faults
    }
}
