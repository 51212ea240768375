/// `.skvm/workflow.json`: the graph that a run time schedules from (`docs/formats/variant.md`). Output of `schedule`.
package struct WorkflowPlan: Sendable, Hashable, Codable {
    package static let currentVersion = 1

    package struct Step: Sendable, Hashable, Codable {
        package var id: String
        /// 1-based line in the source's SKILL.md.
        package var line: Int
        package var title: String
        package var after: [String]
        /// Names in code (files, variables, results) that it uses, and those that it makes, as the text writes them.
        package var uses: [String]
        package var makes: [String]
        package init(
            id: String, line: Int, title: String, after: [String], uses: [String] = [], makes: [String] = []
        ) {
            self.id = id
            self.line = line
            self.title = title
            self.after = after
            self.uses = uses
            self.makes = makes
        }
    }

    /// How a group of steps runs on this target.
    package enum Mode: String, Sendable, Hashable, Codable {
        /// A loop of the shell runs several turns at a time.
        case shell
        /// The harness makes several calls in one turn.
        case batch
        /// Each sub-task goes to an agent of its own.
        case subAgents = "sub-agents"
        /// One after the other.
        case sequential
    }

    package struct Group: Sendable, Hashable, Codable {
        package var kind: Workflow.Parallelism
        package var steps: [String]
        package var mode: Mode
        /// Why the steps could run together, or why they don't here.
        package var why: String
        package init(kind: Workflow.Parallelism, steps: [String], mode: Mode, why: String) {
            self.kind = kind
            self.steps = steps
            self.mode = mode
            self.why = why
        }
    }

    package var version: Int
    package var steps: [Step]
    package var groups: [Group]
    /// Ids of steps, a list for each stage: the steps of a stage may run together, stages run in order.
    package var stages: [[String]]

    package init(steps: [Step], groups: [Group], stages: [[String]]) {
        self.version = Self.currentVersion
        self.steps = steps
        self.groups = groups
        self.stages = stages
    }
}
