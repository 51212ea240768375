package import Basics
import Formats
import SkillModel

/// `apm.yml` and `apm.lock.yaml` of the Agent Package Manager (https://github.com/microsoft/apm). Its packages hold more
/// than skills; which of them do is seen when they are fetched.
package enum APM {
    package static let manifest = "apm.yml"
    package static let lock = "apm.lock.yaml"

    /// Either, or both: what the lock pins, and what of the manifest it has not. Throws `DiagnosticsError` when one of them
    /// can't be read.
    package static func read(
        manifest: (bytes: [UInt8], file: String)?, lock: (bytes: [UInt8], file: String)?
    ) throws(DiagnosticsError) -> ForeignSkills {
        var found = ForeignSkills()
        if let lock {
            let tree = try YAMLTree(lock.bytes, file: lock.file)
            let version = tree.root["lockfile_version"]?.word ?? ""
            guard version == "1" || version == "2" else {
                throw DiagnosticsError([
                    Diagnostic(
                        "import.version", .error, "this is version '\(version.shortened)' of APM's lock, not 1 or 2",
                        at: tree.root["lockfile_version"].map(tree.location) ?? SourceLocation(file: lock.file))
                ])
            }
            let entries = tree.root["dependencies"]?.items ?? []
            let folders = LocalFolders(entries)
            for entry in entries { locked(entry, tree, folders, &found) }
        }
        if let manifest {
            let tree = try YAMLTree(manifest.bytes, file: manifest.file)
            let known = Set(found.skills.compactMap { Place($0.source) })
            for entry in tree.root["dependencies"]?["apm"]?.items ?? [] { declared(entry, tree, known, &found) }
        }
        return found
    }

    // MARK: The lock

    private static func locked(
        _ entry: YAMLNode, _ tree: YAMLTree, _ folders: LocalFolders, _ found: inout ForeignSkills
    ) {
        let location = tree.location(entry)
        guard let repository = entry["materialization_repo_url"]?.word ?? entry["repo_url"]?.word else {
            return found.reject("a dependency has no 'repo_url'", location)
        }
        let virtual = entry["virtual_path"]?.word
        // `name` is what the apm.yml of a package says: of a folder of a repository, often the whole repository's.
        let name = virtual.map(lastName) ?? entry["name"]?.word ?? lastName(repository)
        switch entry["source"]?.word {
        case "local":
            guard let folder = folders.folder(of: entry) else {
                return found.reject("the lock does not say which folder '\(name.shortened)' is", location)
            }
            return found.add(ForeignSkill(name, .folder(folder), at: location))
        case "registry":
            return found.add(
                ForeignSkill(
                    name, .unsupported("its source is a registry of APM: \(AddressWords.shown(repository))"),
                    at: location))
        default: break
        }
        if repository.hasPrefix("_local/") {
            return found.reject("'\(name.shortened)' was a folder, and the lock does not say which", location)
        }
        let host = entry["host"]?.word
        let text = host.map { repository.hasPrefix($0 + "/") ? repository : "\($0)/\(repository)" } ?? repository
        guard let address = ForeignAddress(repository: text), let path = folder(virtual, address.path) else {
            return found.reject("'\(AddressWords.shown(text))' is no repository, or its folder is none", location)
        }
        let commit = entry["resolved_commit"]?.word.flatMap { CommitID($0) }
        let wish = commit.map { .commit($0) } ?? ForeignAddress.wish(entry["resolved_ref"]?.word)
        found.add(
            ForeignSkill(
                name, source(address.url, path, wish, entry["skill_subset"]),
                evidence: entry["tree_sha256"]?.word.map { .other("APM's tree hash \($0.shortened)") }, at: location))
    }

    // MARK: The manifest

    private static func declared(
        _ entry: YAMLNode, _ tree: YAMLTree, _ known: Set<Place>, _ found: inout ForeignSkills
    ) {
        let location = tree.location(entry)
        guard let (name, source) = declaration(entry) else {
            return found.reject("this dependency can't be read", location, hint: "add it by hand: skvm add URL#FOLDER")
        }
        if let place = Place(source), known.contains(place) { return }
        found.add(ForeignSkill(name, source, at: location))
    }

    private static func declaration(_ entry: YAMLNode) -> (String, ForeignSkill.Source)? {
        if let text = entry.word {
            if text.hasPrefix("./") || text.hasPrefix("../") || text.hasPrefix("/") {
                return (lastName(text), .folder(text))
            }
            let parts = text.split(separator: "#", maxSplits: 1).map(String.init)
            guard let first = parts.first, let address = ForeignAddress(repository: first) else { return nil }
            let wish = ForeignAddress.wish(parts.count == 2 ? parts[1] : nil)
            return (lastName(first), source(address.url, address.path, wish, nil))
        }
        if let repository = entry["git"]?.word {
            guard let address = ForeignAddress(repository: repository),
                let path = folder(entry["path"]?.word, address.path)
            else { return nil }
            let name = entry["alias"]?.word ?? lastName(path?.text ?? repository)
            return (name, source(address.url, path, ForeignAddress.wish(entry["ref"]?.word), entry["skills"]))
        }
        if let id = entry["id"]?.word {
            return (lastName(id), .unsupported("its source is a registry of APM: \(id.shortened)"))
        }
        if let market = entry["marketplace"]?.word {
            let name = entry["name"]?.word ?? market
            return (
                name, .unsupported("its source is the marketplace \(market.shortened), which only APM's settings know")
            )
        }
        return entry["path"]?.word.map { (lastName($0), .folder($0)) }
    }

    private static func source(
        _ url: RepositoryURL, _ path: RelativePath?, _ wish: ForeignSkill.Wish, _ subset: YAMLNode?
    ) -> ForeignSkill.Source {
        // APM's other primitives are single files.
        if let path, path.name.hasSuffix(".md") {
            return .unsupported("it is the file \(path.text.shortened), not a skill")
        }
        return .git(url, path: path, wish, only: (subset?.items ?? []).compactMap(\.word))
    }

    /// The folder of an entry; `.some(nil)` for the root, nil when the text is none.
    private static func folder(_ text: String?, _ other: RelativePath?) -> RelativePath?? {
        guard let text else { return .some(other) }
        return ForeignAddress.folder(text)
    }

    /// What of a source the lock and the manifest say alike.
    private enum Place: Hashable {
        case repository(String, path: RelativePath?)
        case folder(String)

        init?(_ source: ForeignSkill.Source) {
            switch source {
            case .git(let url, let path, _, _): self = .repository(url.identity.lowercased(), path: path)
            case .folder(let folder): self = .folder(FolderText.normal(folder))
            default: return nil
            }
        }
    }

    private static func lastName(_ text: String) -> String {
        let name = text.split(separator: "/").last.map(String.init) ?? text
        return name.hasSuffix(".git") ? String(name.dropLast(4)) : name
    }
}
