import SkillModel

/// The steps of a workflow by their dependences. Ids that nobody has, and cycles, come from hostile or broken input and
/// are survived.
struct StepGraph {
    private let order: [String]
    private let after: [String: [String]]
    /// A step of a cycle; nil when there is none.
    let firstInCycle: String?

    /// O(steps + dependences).
    init(_ steps: [Workflow.Step]) {
        order = steps.map(\.id)
        let known = Set(order)
        after = Dictionary(
            steps.map { ($0.id, $0.after.filter(known.contains)) }, uniquingKeysWith: { first, _ in first })
        var missing = after.mapValues { Set($0).count }
        var users: [String: [String]] = [:]
        for (step, needs) in after { for need in Set(needs) { users[need, default: []].append(step) } }
        var ready = order.filter { missing[$0] == 0 }
        var done: Set<String> = []
        while let step = ready.popLast() {
            guard done.insert(step).inserted else { continue }
            for user in users[step] ?? [] {
                missing[user, default: 0] -= 1
                if missing[user] == 0 { ready.append(user) }
            }
        }
        firstInCycle = order.first { !done.contains($0) }
    }

    /// Whether no step of `steps` needs another of them, directly or through others. O(steps + dependences) a step.
    func areIndependent(_ steps: [String]) -> Bool {
        let wanted = Set(steps)
        guard wanted.count == steps.count, firstInCycle == nil else { return false }
        for step in steps {
            var seen: Set<String> = []
            var open = after[step] ?? []
            while let need = open.popLast() {
                if wanted.contains(need) { return false }
                if seen.insert(need).inserted { open += after[need] ?? [] }
            }
        }
        return true
    }

    /// The order of work: a stage for each step in the text's order, but that the steps of a group share one, at the
    /// place of the group's first step. With a cycle, or a group that would wait for itself, one step a stage.
    func stages(_ groups: [[String]]) -> [[String]] {
        let single = order.map { [$0] }
        guard firstInCycle == nil else { return single }
        var groupOf: [String: Int] = [:]
        for (index, group) in groups.enumerated() {
            for step in group where groupOf[step] == nil && order.contains(step) { groupOf[step] = index }
        }
        var stages: [[String]] = []
        var started: Set<String> = []
        for step in order where !started.contains(step) {
            var stage = [step]
            if let group = groupOf[step] {
                stage += order.filter { $0 != step && groupOf[$0] == group && !started.contains($0) }
                    .filter { other in (after[other] ?? []).allSatisfy(started.contains) }
            }
            stages.append(stage)
            started.formUnion(stage)
        }
        return isOrdered(stages) ? stages : single
    }

    private func isOrdered(_ stages: [[String]]) -> Bool {
        var done: Set<String> = []
        for stage in stages {
            for step in stage where !(after[step] ?? []).allSatisfy(done.contains) { return false }
            done.formUnion(stage)
        }
        return true
    }
}
