import Basics
package import SkillModel

/// What a skill's folder says about itself in `skvm.toml`, where it has one.
package struct SkillManifest: Sendable, Equatable {
    package var name: PackageName?
    package var version: Version?
    package var summary: String?
    package var dependencies: [ManifestDependency] = []
    package var requires: [Demand] = []

    /// Nil bytes are a folder without `skvm.toml`. Throws the manifest's own diagnostics.
    init(_ bytes: [UInt8]?, file: String) throws(DiagnosticsError) {
        guard let bytes else { return }
        let manifest = try Manifest(parsing: bytes, file: file)
        name = manifest.package?.name
        version = manifest.package?.version
        summary = manifest.package?.description
        dependencies = manifest.dependencies
        requires = manifest.package?.requires ?? []
    }
}
