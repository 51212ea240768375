import Basics
package import SkillModel

/// The skill's main procedure: its steps, what each needs of the others, and what can run at the same time.
package enum Flow {
    /// Pure. An empty workflow for a skill without a procedure. O(size of the document).
    package static func run(_ document: SkillDocument) -> PassResult<Workflow> { run(SkillReading(document)) }

    package static func run(_ reading: SkillReading) -> PassResult<Workflow> {
        let document = reading.document
        guard let procedure = ProcedureFinder.main(of: reading) else {
            return PassResult(Workflow(steps: [], parallel: []))
        }
        let regions = StepRegion.make(procedure, reading)
        let stated = StatedParallel(regions, reading)
        let after = StepDependence.find(regions, stated: stated)
        let steps = regions.enumerated().map { index, region in
            Workflow.Step(
                id: "s\(index + 1)", line: document.line(at: region.span.start), span: region.span, title: region.title,
                after: after[index].sorted().map { "s\($0 + 1)" })
        }
        return PassResult(Workflow(steps: steps, parallel: ParallelFinder.find(regions, steps, stated, reading)))
    }

    /// More steps than this are a catalogue, not a procedure that one reads as a whole.
    static let stepLimit = 40
}
