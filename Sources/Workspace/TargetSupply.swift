import Formats
import Passes
import Resolution
import SkillModel

/// What the project's targets were measured to supply: what packages that require something are held against.
///
/// A primitive that was not measured is not held against a target: nothing is known of it. Neither is one that `lower` has
/// rules for: whether the text can be lowered is seen when it is compiled, and said then.
struct TargetSupply: Sendable {
    struct Target: Sendable {
        var name: String
        var levels: [Primitive: Level]
    }

    var targets: [Target]

    /// Primitives whose demand a rewriting of the text can lower. A reminder to take one thing at a time only helps who
    /// nearly can.
    static let lowerable = Set(Primitive.allCases.filter(Lower.rewrites))

    /// Why no target can use what requires `demands`; nil when one can, or there is none.
    func obstacle(to demands: [Demand]) -> Obstacle? {
        if targets.isEmpty || targets.contains(where: { $0.lacks(demands).isEmpty }) { return nil }
        // What nobody has is the reason; where each lacks another, all of it is.
        let hopeless = demands.filter { demand in targets.allSatisfy { !$0.lacks([demand]).isEmpty } }
        let shown = hopeless.isEmpty ? demands : hopeless
        let lacks = targets.map { target in
            let parts = target.lacks(shown).compactMap { demand in
                target.levels[demand.primitive].map {
                    shown.count == 1 ? "\($0)" : "\(demand.primitive.rawValue) at \($0)"
                }
            }
            return "'\(target.name)' has \(parts.joined(separator: ", "))"
        }
        let more = lacks.count > 5 ? " and \(counted(lacks.count - 5, "target")) more" : ""
        return Obstacle(
            need: shown.map(\.description).joined(separator: " and "),
            lack: "no target supplies, not even lowered (\(lacks.prefix(5).joined(separator: "; "))\(more))")
    }
}

extension TargetSupply.Target {
    /// Of `demands` those above what was measured, that no rewriting lowers.
    func lacks(_ demands: [Demand]) -> [Demand] {
        demands.filter { demand in
            guard let level = levels[demand.primitive] else { return false }
            return level < demand.level && !TargetSupply.lowerable.contains(demand.primitive)
        }
    }

    /// Of `demands` those that nothing has measured.
    func unknown(_ demands: [Demand]) -> [Demand] { demands.filter { levels[$0.primitive] == nil } }
}
