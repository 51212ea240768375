package import Basics

/// The skill's main procedure as a graph. Output of `flow`; empty for a pure reference skill.
package struct Workflow: Sendable, Hashable, Codable {
    package struct Step: Sendable, Hashable, Codable {
        /// `s1`, `s2`, … in the order of the text.
        package var id: String
        /// 1-based line in SKILL.md where the step begins.
        package var line: Int
        package var span: SourceSpan
        package var title: String
        /// Ids of the steps whose output or effect this one needs: true dependences.
        package var after: [String]
        package init(id: String, line: Int, span: SourceSpan, title: String, after: [String]) {
            self.id = id
            self.line = line
            self.span = span
            self.title = title
            self.after = after
        }
    }

    /// What can run at the same time (the SkVM paper's three kinds).
    package enum Parallelism: String, Sendable, Hashable, Codable {
        /// One step repeats the same operation over independent items.
        case data = "dlp"
        /// Steps of one tool call each without a dependence between them.
        case instruction = "ilp"
        /// Sub-tasks of several turns each, independent.
        case thread = "tlp"
    }

    package struct ParallelGroup: Sendable, Hashable, Codable {
        package var kind: Parallelism
        package var steps: [String]
        package var line: Int
        package var why: String
        /// Whether the text says that nothing in it needs anything else of it, or shows it by what is done; false for a chance
        /// that only who knows the subject can judge ("for each finding, apply the gate"): it is named and not taken.
        package var isCertain: Bool
        package init(kind: Parallelism, steps: [String], line: Int, why: String, isCertain: Bool = true) {
            self.kind = kind
            self.steps = steps
            self.line = line
            self.why = why
            self.isCertain = isCertain
        }
    }

    package var steps: [Step]
    package var parallel: [ParallelGroup]
    package init(steps: [Step], parallel: [ParallelGroup]) {
        self.steps = steps
        self.parallel = parallel
    }
}
