import Basics
import Formats
import SkillModel

/// A repository with what other tools write behind it: `owner/repository/folder@reference`, `…#reference`.
struct ForeignAddress: Sendable, Equatable {
    var url: RepositoryURL
    var path: RelativePath?
    var reference: String?

    /// Splits `[host/]owner/repository[/folder]`; an address with a scheme is one whole. Nil when it is none of these, or
    /// its folder leads out of the repository.
    init?(repository text: String, reference: String? = nil) {
        if let reference, GitSource.faultOfReference(reference) != nil { return nil }
        self.reference = reference
        if text.contains(":") {
            guard let url = RepositoryURL(text), !url.isLocal || text.hasPrefix("file://") else { return nil }
            self.url = url
            return
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let count = parts[0].contains(".") ? 3 : 2
        guard parts.count >= count, let url = RepositoryURL.shorthand(parts.prefix(count).joined(separator: "/")) else {
            return nil
        }
        self.url = url
        if parts.count > count {
            guard let path = RelativePath(parts.dropFirst(count).joined(separator: "/")), path.text.isPrintable else {
                return nil
            }
            self.path = path
        }
    }

    /// The folder as files write it, a leading `./`, a closing `/` and a `SKILL.md` at its end left out; `.some(nil)` is the
    /// root, nil is no folder.
    static func folder(_ text: String) -> RelativePath?? {
        guard text.isPrintable, text.utf8.count <= 4096, !text.hasPrefix("/") else { return nil }
        var parts = text.split(separator: "/").filter { $0 != "." }
        if parts.last?.lowercased() == "skill.md" { parts.removeLast() }
        if parts.isEmpty { return .some(nil) }
        guard let path = RelativePath(parts.joined(separator: "/")) else { return nil }
        return .some(path)
    }

    /// What a reference of unknown kind means: a full commit, a range, or a branch or tag.
    static func wish(_ reference: String?) -> ForeignSkill.Wish {
        guard let reference, !reference.isEmpty else { return .newest }
        if let commit = CommitID(reference) { return .commit(commit) }
        if reference.contains(where: { "^~<>=*".contains($0) }), let range = VersionRange(reference) {
            return .range(range)
        }
        return .reference(reference)
    }
}
