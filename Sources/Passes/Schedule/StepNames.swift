import Basics
import SkillModel

/// The names of files, variables and results that a step makes and uses: what a sub-agent is given and hands back.
struct StepNames {
    var makes: [String] = []
    var uses: [String] = []

    /// In the order of the text, each once, as written. A name after a verb of making is made. O(code spans in the step ·
    /// names + log code spans).
    init(of step: Workflow.Step, in document: SkillDocument) {
        let spans = document.codeSpans
        let first = SortedSearch.first(in: spans.indices) { spans[$0].span.start >= step.span.start }
        for code in spans[first...].prefix(while: { $0.span.start < step.span.end }).prefix(64)
        where StepRegion.resultName(code.text) != nil {
            let start = max(step.span.start, code.span.start - 48)
            let before = WordScanner.words(document.text(SourceSpan(start, code.span.start))).suffix(5)
            let isMade = before.contains { StepRegion.writingVerbs.contains($0.lower) }
            if isMade, !makes.contains(code.text) { makes.append(code.text) }
            if !isMade, !uses.contains(code.text) { uses.append(code.text) }
        }
        uses.removeAll { makes.contains($0) }
    }
}
