package import SkillModel

/// One level less of a primitive: from L3 to L2, or from L2 to L1.
package struct StepDown: Sendable, Hashable {
    package let primitive: Primitive
    /// L3 or L2.
    package let from: Level
    package init(_ primitive: Primitive, from: Level) {
        self.primitive = primitive
        self.from = from
    }

    /// Both of every primitive, in the catalogue's order.
    package static let all: [StepDown] = Primitive.allCases.flatMap { both(of: $0) }
    static let levels: [Level] = [.l3, .l2]
    static func both(of primitive: Primitive) -> [StepDown] { levels.map { StepDown(primitive, from: $0) } }
}

extension Lower {
    /// The rules that take a step down where their preconditions hold, in the order of priority.
    package static func rules(for step: StepDown) -> [any LoweringRule] {
        rules.filter { $0.stepsDown.contains(step) }
    }
}

extension Lower {
    /// Every step down and what takes it, as a Markdown table: part of `docs/rules.md`.
    package static var stepTable: String {
        func cell(_ step: StepDown) -> String {
            let ids = rules(for: step).map { "`\($0.id.dropFirst("lower.".count))`" }
            return NotCloseable.reason(for: step).map { "not closeable: \($0)" } ?? ids.joined(separator: ", ")
        }
        let rows = Primitive.allCases.map { primitive in
            "| `\(primitive.rawValue)` | \(StepDown.both(of: primitive).map(cell).joined(separator: " | ")) |"
        }
        return (["| primitive | L3 → L2 | L2 → L1 |", "|---|---|---|"] + rows).joined(separator: "\n")
    }
}

/// What can't be had less of by another text, and why.
package enum NotCloseable {
    /// Why no rule takes a step at all. Nil for a step that some rule takes.
    package static func reason(for step: StepDown) -> String? {
        switch (step.primitive, step.from) {
        case (.followFormat, .l2): "the form is what is asked for: a skill that asks for less form has another result"
        case (.genCodeSQL, _): "each question takes a query of its own, and those that are shown can't answer all"
        case (.reasonLogic, .l3): "what is weighed against each other can't be taken one by one"
        case (.genTextProse, _): "a text of one piece is asked for, whose parts lead on to each other"
        case (.followStyle, _): "the style is what is asked for, and no other primitive stands in for it"
        default: nil
        }
    }

    /// Why nothing was done for a gap of a primitive in a text where no rule found its precondition: what the text would
    /// have to hold.
    package static func reason(for gap: Gap) -> String {
        let here =
            inText[gap.primitive] ?? reason(for: StepDown(gap.primitive, from: gap.required))
            ?? "nothing in the text that a rule could make simpler"
        let isMissing = gap.supplied == .l0
        return isMissing && gap.required == .l1 ? "L1 is the least that can be asked for; \(here)" : here
    }

    private static let inText: [Primitive: String] = [
        .genCodePython: "the code is the agent's to write; the text has no whole program that could be run instead",
        .genCodeJavaScript: "the code is the agent's to write; the text shows none that is only to be copied",
        .genCodeShell: "the text shows no commands that could be copied",
        .genCodeHTML: "the page is the agent's to write; the text shows no whole one to start from",
        .genTextStructured: "the text tells no fields to make a form of, and shows no JSON that a program could make",
        .genRegex: "each search takes a pattern of its own; the text gives none to be used as it stands",
        .reasonSpatial: "the text gives no formula that a program could compute",
        .reasonPlanning: "the plan is what is asked for, and no other primitive stands in for making it",
        .reasonAnalysis:
            "finding out is what is asked for; the text lists no points to look for, or the target can't judge one",
        .toolExec: "the target must run programs whose arguments the agent fills in; no text does that for it",
        .toolFileRead: "the files must be read",
        .toolFileWrite: "the files must be written",
        .toolCallBatch: "several calls are asked for",
        .toolWeb: "the text shows no requests that a command could make, or asks for more than those that it shows",
        .toolBrowser: "the text shows no commands that drive a browser",
        .toolCallFormat: "the text shows no call to copy",
        .followFormat: "the text tells no fields to make a form of",
        .followConstraint: "each rule holds, however many there are",
        .followProcedure: "the steps are asked for, however many there are",
        .followDelegation: "the text shows no command for each script that it names",
    ]
}
