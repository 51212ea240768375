import Basics
import SkillModel

/// The workspace that a folder outside of the project is a member of.
enum WorkspaceAround {
    /// Its default registry, a relative one made absolute; nil where there is none, or what is there can't be read.
    static func defaultRegistry(_ skill: FolderSkill) -> RepositoryURL? {
        if skill.manifest?.members != nil { return nil }
        var folder = skill.path
        while let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
            folder = String(folder[..<slash])
            let file = "\(folder)/\(Manifest.fileName)"
            guard FileSystem.exists(file), let bytes = try? FileSystem.read(file, limit: Manifest.greatestSize),
                let manifest = try? Manifest(parsing: bytes, file: file), manifest.members != nil
            else { continue }
            let project = Project(root: folder, manifest: manifest, hasManifest: true)
            guard Members(project).standing(of: skill.path) == .member, let url = manifest.registries["default"] else {
                return nil
            }
            return RepositoryURL(Catalog.absolute(url, folder))
        }
        return nil
    }
}
