package import Basics
import Formats
import SkillModel

/// `toolhive.lock.yaml` (https://github.com/stacklok/toolhive): skills from git, pinned by commit, or from OCI registries,
/// pinned by a manifest's digest.
package enum ToolHive {
    package static let lock = "toolhive.lock.yaml"

    /// Throws `DiagnosticsError` when it can't be read, or has another version than 1.
    package static func read(_ bytes: [UInt8], file: String) throws(DiagnosticsError) -> ForeignSkills {
        let tree = try YAMLTree(bytes, file: file)
        let version = tree.root["version"]?.word ?? ""
        guard version == "1" else {
            throw DiagnosticsError([
                Diagnostic(
                    "import.version", .error, "this is version '\(version.shortened)' of ToolHive's lock, not 1",
                    at: tree.root["version"].map(tree.location) ?? SourceLocation(file: file))
            ])
        }
        var found = ForeignSkills()
        if let skills = tree.root["skills"], skills.word != nil {
            found.reject("'skills' is no list", tree.location(skills))
        }
        for entry in tree.root["skills"]?.items ?? [] {
            let location = tree.location(entry)
            guard let name = entry["name"]?.word else {
                found.reject("a skill has no 'name'", location)
                continue
            }
            let reference = entry["resolvedReference"]?.word ?? entry["source"]?.word ?? ""
            guard let source = source(reference, entry["digest"]?.word) else {
                found.reject("'\(name.shortened)': '\(AddressWords.shown(reference))' is no git reference", location)
                continue
            }
            let digest = entry["contentDigest"]?.word
            found.add(
                ForeignSkill(
                    name, source, evidence: digest.map { .other("ToolHive's content digest \($0.shortened)") },
                    at: location))
        }
        for entry in tree.root["plugins"]?.items ?? [] {
            found.add(
                ForeignSkill(
                    entry["name"]?.word ?? "?", .unsupported("it is a plugin of ToolHive, not a skill"),
                    at: tree.location(entry)))
        }
        return found
    }

    /// `git://host/owner/repository[@reference][#folder]` with the commit; all else is an OCI reference or a name.
    private static func source(_ text: String, _ digest: String?) -> ForeignSkill.Source? {
        guard text.hasPrefix("git://") else {
            return .unsupported("its source is an OCI artifact or a name in ToolHive's registry: \(text.shortened)")
        }
        var rest = text.dropFirst("git://".count)
        var folder = ""
        if let mark = rest.firstIndex(of: "#") {
            folder = String(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        }
        var reference: String?
        if let at = rest.lastIndex(of: "@") {
            reference = String(rest[rest.index(after: at)...])
            rest = rest[..<at]
        }
        guard let address = ForeignAddress(repository: String(rest), reference: reference), address.path == nil,
            let path = ForeignAddress.folder(folder)
        else { return nil }
        let commit = digest.flatMap { CommitID($0) }
        return .git(address.url, path: path, commit.map { .commit($0) } ?? ForeignAddress.wish(reference), only: [])
    }
}
