package import Basics
import Formats
import SkillModel

/// `skillfold.yaml` and `skillfold.lock` (https://github.com/byronxlg/skillfold): name → source, and in the lock the commit
/// that it was resolved to.
package enum Skillfold {
    package static let manifest = "skillfold.yaml"
    package static let lock = "skillfold.lock"

    /// Either, or what both say: the manifest's skills at the lock's commits. Throws `DiagnosticsError` when one of them can't
    /// be read.
    package static func read(
        manifest: (bytes: [UInt8], file: String)?, lock: (bytes: [UInt8], file: String)?
    ) throws(DiagnosticsError) -> ForeignSkills {
        var found = ForeignSkills()
        let pins = try lock.map { text throws(DiagnosticsError) in try YAMLTree(text.bytes, file: text.file) }
        let wanted = try manifest.map { text throws(DiagnosticsError) in try YAMLTree(text.bytes, file: text.file) }
        guard let tree = wanted ?? pins else { return found }
        let pinned = Dictionary((pins?.root["skills"]?.pairs ?? []).map { ($0.key.text, $0.value) }) { first, _ in first
        }
        if let skills = tree.root["skills"], skills.word != nil, skills.pairs == nil {
            found.reject("'skills' is no mapping", tree.location(skills))
        }
        for pair in tree.root["skills"]?.pairs ?? [] {
            let name = pair.key.text ?? ""
            let location = tree.location(pair.value)
            guard let source = pair.value.word ?? pair.value["source"]?.word else {
                found.reject("'\(name.shortened)' has no source", location)
                continue
            }
            let version = pair.value["version"]?.word
            let full = version.map { source.contains("@") ? source : "\(source)@\($0)" } ?? source
            let pin = pinned[name]
            // A pin of another source is not this skill's: the manifest was edited since.
            let resolved = pin?["source"]?.word == full || pin?["source"]?.word == source ? pin?["resolved"]?.word : nil
            guard let address = Self.source(resolved ?? full) ?? Self.source(full) else {
                found.reject("'\(name.shortened)': '\(AddressWords.shown(full))' is no source", location)
                continue
            }
            found.add(
                ForeignSkill(
                    name, address,
                    evidence: pin?["integrity"]?.word.map { .other("skillfold's own hash \($0.shortened)") },
                    at: location))
        }
        for section in ["compose"] {
            for pair in tree.root[section]?.pairs ?? [] {
                found.add(
                    ForeignSkill(
                        pair.key.text ?? "", .unsupported("skillfold composes it of other skills"),
                        at: tree.location(pair.value)))
            }
        }
        return found
    }

    /// `./folder`, `github:owner/repository[/folder][@reference]`, an address of GitHub's pages, `npm:…`.
    private static func source(_ text: String) -> ForeignSkill.Source? {
        if text.hasPrefix("./") || text.hasPrefix("../") || text == "." { return .folder(text) }
        if text.hasPrefix("npm:") { return .unsupported("its source is \(text.shortened)") }
        if text.hasPrefix("https://github.com/") { return page(text) }
        guard text.hasPrefix("github:") else { return nil }
        var rest = text.dropFirst("github:".count)
        var reference: String?
        if let at = rest.lastIndex(of: "@"), !rest[at...].contains("/") || rest[..<at].contains("/") {
            reference = String(rest[rest.index(after: at)...])
            rest = rest[..<at]
        }
        guard let address = ForeignAddress(repository: String(rest), reference: reference) else { return nil }
        return .git(address.url, path: address.path, ForeignAddress.wish(reference), only: [])
    }

    /// `https://github.com/owner/repository/tree/reference/folder`: a reference of one component.
    private static func page(_ text: String) -> ForeignSkill.Source? {
        let parts = text.dropFirst("https://github.com/".count).split(separator: "/").map(String.init)
        guard parts.count >= 2, let url = RepositoryURL.shorthand("\(parts[0])/\(parts[1])") else { return nil }
        if parts.count == 2 { return .git(url, path: nil, .newest, only: []) }
        guard parts.count >= 4, parts[2] == "tree", GitSource.faultOfReference(parts[3]) == nil,
            let path = ForeignAddress.folder(parts.dropFirst(4).joined(separator: "/"))
        else { return nil }
        return .git(url, path: path, ForeignAddress.wish(parts[3]), only: [])
    }
}
