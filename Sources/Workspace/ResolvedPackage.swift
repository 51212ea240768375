import Basics
import Compiler
import ContentStore
import SkillModel

/// A package with its files in the store: what the lock pins and the compiler compiles.
struct ResolvedPackage: Sendable {
    var id: PackageID
    /// The package's own name, where it is installed under another.
    var ownName: PackageName
    var source: PackageSource
    var commit: CommitID?
    /// The source that a patch took the place of.
    var patched: PackageSource?
    /// Of the source.
    var tree: Digest
    var entries: [TreeEntry]
    var dependencies: [PackageID]
    /// Which versions of them it takes (`LockedPackage.ranges`).
    var ranges: [PackageName: LockedRange] = [:]
    /// From which registries (`LockedPackage.registries`).
    var registries: [PackageName: [PackageSource]] = [:]
    /// Who signed it, as the lock says it; nil when nobody counts.
    var signer: String?
    /// The name of the skill's folder, for skills that lie in one that its user named.
    var folderName: String?
    /// The skill's folder as messages show it: a path of the project, or `charts 1.0.2`.
    var place: String
    /// Whether a dependency of the project leads to it: then it is installed. A workspace's own members are only built.
    var isNeeded: Bool

    /// The name that it is installed under, where that is not its own.
    var alias: PackageName? { ownName == id.name ? nil : id.name }

    var locked: LockedPackage {
        LockedPackage(
            name: ownName, version: id.version, source: source, commit: commit, tree: source.isFolder ? nil : tree,
            alias: alias, patched: patched, signer: signer, dependencies: dependencies, ranges: ranges,
            registries: registries)
    }

    var skill: SkillSource {
        SkillSource(
            name: id.name.description, version: id.version.description, folderName: folderName,
            alias: alias?.description, entries: entries, tree: tree)
    }
}
