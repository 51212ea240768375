import Basics
import ContentStore
import Formats
import SkillModel

/// Whose a skill is in the user's folders, which all projects share. An owner is the folder of a manifest.
extension InstalledSkill {
    /// The owners besides `owner` whose manifest is still there.
    package func livingOwners(besides owner: String? = nil) -> [String] {
        (owners ?? []).filter { $0 != owner && !Self.isGone($0) }
    }

    /// The owners whose manifest is gone: a project that was deleted needs nothing.
    package var goneOwners: [String] { (owners ?? []).filter(Self.isGone) }

    /// Whether it was installed for projects alone of which none is left.
    package var isOrphan: Bool { owners.map { !$0.isEmpty && $0.allSatisfy(Self.isGone) } ?? false }

    /// Whether a folder has no manifest. One that can't be looked into may have one.
    private static func isGone(_ owner: String) -> Bool {
        do { return try FileSystem.status("\(owner)/\(Manifest.fileName)") == nil } catch { return false }
    }
}

extension Diagnostic {
    /// What is told where a claim of a project that is gone would have decided something; nil where there is none.
    static func goneOwners(of skill: InstalledSkill) -> Diagnostic? {
        let gone = skill.goneOwners
        if gone.isEmpty { return nil }
        return Diagnostic(
            "install.owner-gone", .warning,
            "\(skill.place) was installed for \(gone.joined(separator: ", ")), which "
                + "\(gone.count == 1 ? "has" : "have") no skvm.toml any more: that no longer counts")
    }
}

extension InstallPlanner {
    /// Whether a place of the user's that another project has is to hold another variant from now on. Then it is refused, unless the
    /// user said that it is to be taken over. A variant that differs in nothing but what it says of its target serves both.
    ///
    /// Settles the request, and the record's owners, for what is to be done; false where it is refused.
    mutating func settleClaims(on record: inout InstalledSkill, _ request: inout InstallRequest) -> Bool {
        guard let owner = request.owner, let owners = record.owners else { return true }
        let others = record.livingOwners(besides: owner)
        let isOurs = owners.contains(owner)
        if record.tree != request.tree, others.isEmpty, !isOurs, let gone = Diagnostic.goneOwners(of: record) {
            plan.diagnostics.append(gone)
        }
        record.owners = owners.filter { $0 == owner || others.contains($0) }
        if record.tree == request.tree || others.isEmpty { return true }
        if (try? isSameSkill(record.tree, request.tree)) ?? false {
            request.tree = record.tree
            return true
        }
        let place = record.place
        let names = others.map { "\($0)/\(Manifest.fileName)" }.joined(separator: ", ")
        let what = [
            "there, for \(names): \(words(record.package, record.version, record.tree))",
            "for \(owner)/\(Manifest.fileName): \(words(request.package, request.version, request.tree))",
        ]
        guard !takesOver else {
            plan.diagnostics.append(
                Diagnostic(
                    "install.taken-over", .warning, "\(place) is no longer as \(names) has it", notes: what,
                    hint: "to have the other one again: "
                        + others.map { "`skvm -C \($0.shellQuoted) install --user --take-over`" }.joined(
                            separator: ", ")))
            record.owners = []
            return true
        }
        plan.diagnostics.append(
            Diagnostic(
                "install.claimed", .error,
                "\(place) is installed for \(names), and \(owner)/\(Manifest.fileName) would put another variant there",
                notes: what,
                hint: "let both have the same version and target; or give the place up there: "
                    + others.map { Self.givingUp(request.package, $0) }.joined(separator: ", ")
                    + "; or take it: `skvm install --user --take-over`"))
        return false
    }

    private static func givingUp(_ package: String, _ owner: String) -> String {
        "`skvm -C \(owner.shellQuoted) remove --user \(package)`"
    }

    /// `charts 1.0.2 for qwen/qwen3.5-9b on openclaw (linux-debian-12-x86_64)`.
    private func words(_ package: String, _ version: String?, _ tree: Digest) -> String {
        let name = version.map { "\(package) \($0)" } ?? package
        let path = RelativePath(Relocator.listPath)
        guard let entries = try? store.entries(of: tree), let entry = entries.first(where: { $0.path == path }),
            let blob = entry.blob, let bytes = try? store.get(blob.digest),
            let facts = try? CanonicalJSON.decode(VariantManifest.self, from: bytes).target
        else { return "\(name), \(tree)" }
        return "\(name) for \(facts.model) on \(facts.harness) (\(facts.machine)), \(tree)"
    }
}
