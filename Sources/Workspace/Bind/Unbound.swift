import Compiler
import ContentStore
import Formats
import Harness
import Passes
import SkillModel

/// Skills whose needs nobody has looked for yet.
extension Workspace {
    /// Of what an installation put anew, the packages whose bind scripts have something required to look for; nil where there
    /// are none. Reads one result of `bind` a variant, and runs nothing.
    func unbound(_ plan: InstallPlan, _ variants: [CompiledVariant]) throws -> [String]? {
        let fresh = Set(
            plan.skills.filter { $0.action == .create || $0.action == .replace }.compactMap { $0.installed?.package })
        var found: Set<String> = []
        for variant in variants where fresh.contains(variant.package) && !found.contains(variant.package) {
            guard let digest = variant.passes[PassID.bind.rawValue], let bytes = try store.get(digest),
                let bound = try? CanonicalJSON.decode(PassResult<BindScript>.self, from: bytes).value
            else { continue }
            if bound.steps.contains(where: { $0.required && ($0.action == .install || $0.action == .check) }) {
                found.insert(variant.package)
            }
        }
        return found.isEmpty ? nil : found.sorted()
    }
}
