import Basics
package import SkillModel

/// What a skill's folder says about itself in `skvm.toml`, where it has one.
package struct SkillManifest: Sendable, Equatable {
    package var name: PackageName?
    package var version: Version?
    package var summary: String?
    /// From registries by their addresses; of what names none, and has no default, it is not said.
    package var dependencies: [ManifestDependency] = []
    package var requires: [Demand] = []
    /// Whether a workspace around its folder may say which registry is its default.
    var leavesDefaultOpen = false

    /// Nil bytes are a folder without `skvm.toml`. Throws the manifest's own diagnostics.
    init(_ bytes: [UInt8]?, file: String) throws(DiagnosticsError) {
        guard let bytes else { return }
        let manifest = try Manifest(parsing: bytes, file: file)
        name = manifest.package?.name
        version = manifest.package?.version
        summary = manifest.package?.description
        dependencies = manifest.addressedDependencies
        requires = manifest.package?.requires ?? []
        leavesDefaultOpen = manifest.leavesDefaultOpen && manifest.members == nil
    }

    /// The same where nothing more will say which registry is its default: then it is what it is in its own folder, the one
    /// inside skvm.
    func closed(with address: RepositoryURL? = nil) -> SkillManifest {
        var copy = self
        copy.dependencies = dependencies.map {
            $0.from(registry: address?.description ?? Manifest.embeddedRegistry)
        }
        copy.leavesDefaultOpen = false
        return copy
    }
}
