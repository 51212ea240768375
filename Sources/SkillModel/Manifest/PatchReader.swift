import Basics
import Formats

extension Manifest.Patch {
    /// Reads `[patch]`: a table a source, a line a package.
    static func read(
        _ table: TOMLTable, _ registries: KnownRegistries, _ findings: Findings
    ) -> [Manifest.Patch] {
        var patches: [Manifest.Patch] = []
        for value in table.values {
            guard let original = Original(value, registries, findings) else { continue }
            guard let lines = value.table else {
                findings.add(
                    Diagnostic(
                        "toml.wrong-type", .error,
                        "[patch] of '\(value.key.shortened)' is \(value.kind.name), not a table",
                        at: value.location, hint: "write [patch.\(TOMLLiteral.keyText(value.key.shortened))]"))
                continue
            }
            for line in lines.values {
                guard let dependency = ManifestDependency(line, registries: registries, findings) else { continue }
                switch dependency.source {
                case .git, .path, .web: break
                case .registry, .hub:
                    findings.add(
                        Diagnostic(
                            "manifest.patch", .error,
                            "the patch of '\(line.key.shortened)' names no folder or repository",
                            at: line.keyLocation,
                            hint: "write { path = \"../\(line.key.shortened)\" } or { git = \"https://…\" }; "
                                + "versions of a registry are chosen in [dependencies]"))
                    continue
                }
                patches.append(Manifest.Patch(original, dependency))
            }
        }
        return patches
    }
}

extension Manifest.Patch.Original {
    /// `default`, another registry of the manifest, or an address.
    fileprivate init?(_ value: TOMLValue, _ registries: KnownRegistries, _ findings: Findings) {
        let key = value.key
        if registries.isKnown(key) || key == "default" {
            self = .registry(key)
        } else if TargetName(key) == nil, let url = RepositoryURL(key) {
            self = .address(url)
        } else {
            let near = nearest(to: key, in: registries.names + ["default"])
            findings.add(
                Diagnostic(
                    "manifest.patch", .error,
                    "[patch] names '\(key.shortened)', which is no registry of this manifest "
                        + "and no address", at: value.keyLocation,
                    hint: near.map { "did you mean '\($0)'?" } ?? "write [patch.default] or [patch.\"https://…\"]"))
            return nil
        }
    }
}
