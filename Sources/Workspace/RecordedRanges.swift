import Resolution
import SkillModel

/// What a record of the lock says of the versions of what it depends on (`LockedPackage.ranges`): merging two locks needs it
/// where neither manifests nor sources are at hand.
struct RecordedRanges: Sendable {
    private var found: [PackageName: LockedRange?] = [:]

    /// - Parameter name: what the dependency's author calls it. Of two that share it, nothing is said.
    mutating func add(_ range: LockedRange?, of name: PackageName) {
        found[name] = .some(found[name] == nil ? range : nil)
    }

    var ranges: [PackageName: LockedRange] { found.compactMapValues { $0 } }
}

extension BoundDependency {
    /// Which other versions may take the place of the one that is locked; nil where none may without being looked at: a
    /// folder, a tag, what a patch stands in for.
    var lockedRange: LockedRange? {
        if patched != nil { return nil }
        switch (binding, requirement) {
        case (.folder, _), (.web, _): return nil
        case (_, .range(let range)): return .versions(range)
        case (.git(let source), .any):
            switch source.reference {
            case .newest, .branch: return .any
            case .range, .tag, .revision: return nil
            }
        case (.registry, .any), (.hub, .any): return nil
        }
    }
}

extension ManifestDependency {
    /// What a fetched package's record may say of this dependency of its own: of one in a folder beside it, what stands there
    /// for those who have no folders.
    private var recordable: LockedRange? {
        switch source {
        case .registry(let range, _), .hub(_, let range, _), .path(_, let range?): .versions(range)
        case .git(let source):
            switch source.reference {
            case .range(let range): .versions(range)
            case .newest, .branch: .any
            case .tag, .revision: nil
            }
        case .web, .path(_, nil): nil
        }
    }

    /// Whether a package's source declares all the registries that its record says. A manifest that was read without the
    /// workspace around it does not say its default.
    static func declare(
        _ registries: [PackageName: [PackageSource]], _ declared: [ManifestDependency], _ root: String
    ) -> Bool {
        registries.allSatisfy { name, sources in
            let own = declared.filter { $0.ownName == name }
            return sources.allSatisfy { source in own.contains { $0.isFrom(source, root) } }
        }
    }

    private func isFrom(_ source: PackageSource, _ root: String) -> Bool {
        guard case .registry(_, let address) = self.source else { return false }
        switch source {
        case .embedded: return address == nil || address == Manifest.embeddedRegistry
        case .registry(let url):
            guard let address else { return true }
            guard let declared = RepositoryURL(address) else { return false }
            return declared == url || Catalog.absolute(declared, root) == Catalog.absolute(url, root)
        case .git, .web, .hub, .path, .workspace: return false
        }
    }

    /// Whether all that a record says of ranges is what its package's source declares. It may say less, as older locks do.
    static func declare(_ ranges: [PackageName: LockedRange], _ declared: [ManifestDependency]) -> Bool {
        ranges.allSatisfy { name, range in
            let own = declared.filter { $0.ownName == name }
            return own.count == 1 && own[0].recordable == range
        }
    }
}
