import SkillModel

/// Other ways to the same goal, when the skill's own material or the task allows them.
///
/// The classes of equal ways: a program the skill brings ↔ code the model writes; Python ↔ shell ↔ JavaScript for
/// scripts over the standard library; SQL ↔ Python over the same tables; a browser ↔ plain requests for static pages.
enum AlternativePaths {
    static func of(_ requirement: Requirement, _ facts: SkillFacts) -> [Requirement.Alternative] {
        switch requirement.primitive {
        case .genCodePython, .genCodeJavaScript:
            var ways: [Requirement.Alternative] = []
            if !facts.scripts.isEmpty { ways.append(.init(path: "bundled program", demands: [Demand(.toolExec, .l2)])) }
            if requirement.level < .l3 {
                ways.append(.init(path: "shell", demands: [Demand(.genCodeShell, .l2), Demand(.toolExec, .l1)]))
                let other: Primitive = requirement.primitive == .genCodePython ? .genCodeJavaScript : .genCodePython
                ways.append(
                    .init(
                        path: other == .genCodePython ? "python" : "javascript",
                        demands: [Demand(other, requirement.level)]))
            }
            return ways
        case .genCodeShell:
            // Fragments that are shown whole can be kept in a script: then it is only run.
            var ways: [Requirement.Alternative] = []
            if facts.commands.contains(where: { !$0.isInline }) {
                ways.append(.init(path: "outlined script", demands: [Demand(.toolExec, .l2)]))
            }
            if requirement.level >= .l2 {
                ways.append(.init(path: "python", demands: [Demand(.genCodePython, .l2), Demand(.toolExec, .l2)]))
            }
            return ways
        case .genCodeSQL where requirement.level < .l3:
            return [.init(path: "python", demands: [Demand(.genCodePython, .l2)])]
        case .toolBrowser where requirement.level == .l1:
            return [.init(path: "request", demands: [Demand(.toolWeb, .l1)])]
        case .toolWeb where facts.commands.contains(where: { $0.program == "curl" }):
            return [.init(path: "curl", demands: [Demand(.toolExec, .l2), Demand(.genCodeShell, .l1)])]
        case .reasonArithmetic where requirement.level >= .l2:
            return [
                .init(path: "computed by a script", demands: [Demand(.genCodePython, .l1), Demand(.toolExec, .l1)])
            ]
        case .toolCallBatch:
            return [
                .init(
                    path: "one call after the other",
                    demands: [Demand(.toolCallFormat, .l1), Demand(.followProcedure, .l1)])
            ]
        default: return []
        }
    }
}
