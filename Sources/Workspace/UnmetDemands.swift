import Basics
import Compiler
import ContentStore
import Formats
import Passes
import SkillModel

/// Demands of skills that no target of a build meets, as the passes left them.
extension Workspace {
    /// Of the packages for which `lower` ran; nil where all is met, or lowered. Reads the results of that pass alone.
    func unmet(
        _ packages: [ResolvedPackage], _ results: [Session.SkillResult], _ targets: [ResolvedTarget],
        _ ran: [BuildReport.RanPass]
    ) throws -> BuildReport.Unmet? {
        let fresh = Set(ran.filter { $0.pass == PassID.lower.rawValue }.map(\.package))
        var unmet = BuildReport.Unmet(packages: [], demands: 0)
        for (package, result) in zip(packages, results) where fresh.contains(package.id.name.description) {
            guard result.variants.count == targets.count else { continue }
            var common: Set<Primitive>?
            for variant in result.variants {
                let open = Set(try openGaps(of: variant).map(\.gap.primitive))
                common = common?.intersection(open) ?? open
            }
            guard let common, !common.isEmpty else { continue }
            unmet.packages.append(package.id.name.description)
            unmet.demands += common.count
        }
        return unmet.demands == 0 ? nil : unmet
    }

    private func openGaps(of variant: CompiledVariant) throws -> [EditSet.OpenGap] {
        guard let digest = variant.passes[PassID.lower.rawValue], let bytes = try store.get(digest) else { return [] }
        return try CanonicalJSON.decode(PassResult<EditSet>.self, from: bytes).value?.open ?? []
    }
}
