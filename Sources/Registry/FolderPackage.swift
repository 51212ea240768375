package import Basics
import Git
package import SkillModel

/// A skill in a local folder: it has one version, the one that its `skvm.toml` says, or 0.0.0.
package struct FolderPackage: Sendable {
    /// Absolute.
    package let path: String

    package init(path: String) { self.path = path }

    /// What the folder holds now. `name` is what its user calls it; nil takes the manifest's or the folder's.
    ///
    /// Throws `package.no-folder`, `package.no-skill`, `package.no-name`, and what `skvm.toml` gives cause for.
    package func release(name: PackageName? = nil) async throws(DiagnosticsError) -> PackageRelease {
        let path = path
        let manifest = try await Blocking.run { () throws(DiagnosticsError) in try Self.manifest(of: path) }
        let last = path.split(separator: "/").last.map { String($0) } ?? ""
        guard let name = name ?? manifest.name ?? PackageName(last) else {
            throw DiagnosticsError(
                Diagnostic(
                    "package.no-name", .error, "the skill in \(path.shown()) has no name that a package can have",
                    hint: "give it one in [package] of its skvm.toml"))
        }
        return PackageRelease(
            name: name, version: manifest.version ?? Version(0, 0, 0), origin: .folder(path),
            dependencies: manifest.dependencies, requires: manifest.requires, isYanked: false,
            summary: manifest.summary, keywords: [], tree: nil)
    }

    private static func manifest(of path: String) throws(DiagnosticsError) -> SkillManifest {
        guard FileSystem.isDirectory(path) else {
            throw DiagnosticsError(
                Diagnostic(
                    "package.no-folder", .error, "there is no folder \(path.shown())",
                    hint: "correct the path in [dependencies]"))
        }
        guard FileSystem.exists(path + "/SKILL.md") else {
            throw DiagnosticsError(
                Diagnostic(
                    "package.no-skill", .error, "there is no skill in \(path.shown()): it has no SKILL.md",
                    hint: "correct the path in [dependencies], or write one: `skvm new NAME`"))
        }
        let file = "\(path)/\(Manifest.fileName)"
        let bytes: [UInt8]?
        do throws(FileError) {
            bytes = FileSystem.exists(file) ? try FileSystem.read(file, limit: Manifest.greatestSize) : nil
        } catch {
            throw DiagnosticsError(error.diagnostic)
        }
        return try SkillManifest(bytes, file: file).closed()
    }
}
