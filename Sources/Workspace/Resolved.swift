import Basics
import BuildEngine
import Resolution
import SkillModel

/// A project with all its packages in the store.
struct Resolved: Sendable {
    /// Sorted by id.
    var packages: [ResolvedPackage]
    var folders: [FolderSkill]
    /// Folders whose listing decided which members there are.
    var listedFolders: [String]
    var index: FolderIndex
    /// When the first folder was looked at.
    var takenAt: Int64
    /// Knows what sources say of the packages; what the lock answered, it has not been asked.
    var catalog: Catalog
    /// What the project and its folder skills declare, each with the folder its paths are relative to.
    var declared: [(dependency: ManifestDependency, root: String)]
    /// What the lock says of what the project's own manifest asks for.
    var wishes: [PackageName: LockedRange]
    /// What the solver called the packages that it chose.
    var keys: [PackageName: PackageKey]
    /// Members that were left out, because they can't be skills (`ResolveOptions.setsApart`).
    var broken: [BrokenMember]
    /// What is to be told of the manifest and of signatures.
    var diagnostics: [Diagnostic]
}

/// How a resolution differs from that of a build.
struct ResolveOptions: Sendable {
    /// Packages whose versions in the lock have no say; their names are keys of the lock.
    var moving: Set<PackageName> = []
    /// The only version that may be chosen of a package.
    var precise: [PackageName: Version] = [:]
    /// Whether versions are chosen anew although the lock satisfies the manifest.
    var isUpdate = false
    /// False to leave the files of what is locked alone: then its `entries` are empty.
    var readsFiles = true
    /// Whether members that can't be skills are set apart, and the others resolved; else they are the end of it.
    var setsApart = false
    /// Whether what can't be reached stays as the lock has it, and the others are resolved; else it is the end of it.
    var standsIn = false
    /// Packages whose signer may be another than the lock's, or gone.
    var acceptedSigners: Set<PackageName> = []
}

extension ManifestDependency {
    /// The absolute folder of a path dependency.
    func folder(from root: String) -> (path: String, dependency: ManifestDependency)? {
        guard case .path(let path, _) = source else { return nil }
        return (FileSystem.absolute(path, from: root), self)
    }
}
