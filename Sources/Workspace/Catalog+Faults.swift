import Basics
import Registry
import Resolution
import SkillModel

/// What a catalogue says of what is not there.
extension Diagnostic {
    /// A registry has no package that something fetched wants of it: what the project's other registries have is no way out.
    func asked(by asker: PackageKey, in entry: RegistryShelf.Entry) -> Diagnostic {
        var copy = self
        let isEmbedded = entry.source == .embedded
        copy.notes = [
            "'\(asker.name)' of \(asker.source) needs it, and its skvm.toml names "
                + (isEmbedded ? "no registry: that is the one inside skvm" : "that registry")
        ]
        copy.hint =
            (isEmbedded ? "ask its author to name the registry in [registries]; or " : "")
            + "put a folder or a repository in its place: [patch.\(isEmbedded ? entry.name : "\"\(entry.name)\"")]"
        return copy
    }

}

extension Catalog {
    static func noVersion(_ wanted: Version, of package: PackageName, _ versions: [Version]) -> Diagnostic {
        let newest = versions.sorted(by: >).prefix(10).map(\.description).joined(separator: ", ")
        return Diagnostic(
            "resolve.no-version", .error, "there is no version \(wanted) of '\(package)'",
            notes: versions.isEmpty ? [] : ["there is \(newest)\(versions.count > 10 ? ", …" : "")"],
            hint: "look at them: skvm info \(package)")
    }

    /// What is told of a package that is to move, when there is nothing that it could move to; nil for any other error.
    func gone(_ package: PackageKey, _ error: any Error) -> [Diagnostic]? {
        guard case .git? = binding(of: package), let locked = locked(package), wishes.moving.contains(locked.id.name),
            let error = error as? DiagnosticsError
        else { return nil }
        return Unusable(error)?.diagnostics
    }

    /// The same with why a registry was asked at all, where the lock alone would have done for what else is wanted of it.
    func explained(_ error: any Error, _ package: PackageKey) -> any Error {
        guard case .registry(let name)? = binding(of: package), let reason = holding.reasons[name],
            var found = Workspace.unreached(error), !found.isEmpty
        else { return error }
        found[0].notes.append("it is asked because \(reason)")
        return DiagnosticsError(found)
    }

    static func noFolder(_ package: PackageKey, _ path: String) -> DiagnosticsError {
        DiagnosticsError([
            Diagnostic(
                "package.no-folder", .error, "'\(package.name)' is the folder \(path), which is not a skill",
                hint: "a dependency of a fetched package can't be a folder of this machine")
        ])
    }

    static func unknownPackage(_ name: PackageName, _ source: HubSource) -> Diagnostic {
        Diagnostic(
            "clawhub.unknown-package", .error, "\(source.url) has no package @\(source.owner)/\(name)",
            hint: "check its spelling: skvm search \(name)")
    }

    /// A relative folder in a manifest is relative to the manifest.
    static func absolute(_ url: RepositoryURL, _ root: String) -> String {
        let text = url.description
        return text.hasPrefix("./") || text.hasPrefix("../") || text == "." || text == ".."
            ? FileSystem.absolute(text, from: root) : text
    }
}
