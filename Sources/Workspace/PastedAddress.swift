import Basics
import Git
import Registry
import SkillModel

/// The page of a forge that shows a folder of a repository, as it is copied from a browser:
/// `https://github.com/OWNER/REPOSITORY/tree/BRANCH/FOLDER`, or GitLab's `…/REPOSITORY/-/tree/BRANCH/FOLDER`.
struct PastedAddress: Equatable {
    var repository: String
    /// A branch without `/`, a tag or a commit.
    var reference: String
    var folder: String?

    /// Nil for every other address. O(n).
    init?(_ text: String) {
        guard text.hasPrefix("https://") || text.hasPrefix("http://"), !text.contains("#"), !text.contains("?") else {
            return nil
        }
        // `https:`, nothing, host, path.
        var parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 5 else { return nil }
        if parts.last?.isEmpty == true { parts.removeLast() }
        let pages: Set = ["tree", "blob"]
        let end: Int
        if let dash = parts.indices.dropFirst(4).first(where: {
            parts[$0] == "-" && $0 + 1 < parts.count && pages.contains(parts[$0 + 1])
        }) {
            end = dash
            parts.remove(at: dash)
        } else if parts[2] == "github.com", parts.count > 6, pages.contains(parts[5]) {
            end = 5
        } else {
            return nil
        }
        guard parts.count > end + 1 else { return nil }
        repository = parts[..<end].joined(separator: "/")
        reference = parts[end + 1]
        var rest = parts[(end + 2)...]
        if rest.last == "SKILL.md" { rest.removeLast() }
        folder = rest.isEmpty ? nil : rest.joined(separator: "/")
    }

    /// `github:OWNER/REPOSITORY[/FOLDER]`, `…#SKILL` and `gh:…` as an address; every other text as it is. To ssh, they would be a host.
    static func written(_ text: String) -> String {
        guard let prefix = ["github:", "gh:"].first(where: { text.hasPrefix($0) }) else { return text }
        let parts = text.dropFirst(prefix.count).split(separator: "/", maxSplits: 2).map(String.init)
        guard parts.count >= 2 else { return text }
        let address = "https://github.com/\(parts[0])/\(parts[1])"
        if parts.count == 2 { return address }
        // Behind the repository's own `#`, a `/` belongs to the folder.
        return "\(address)\(parts[1].contains("#") ? "/" : "#")\(parts[2])"
    }

    /// The skills of the folder, at what the page shows. Throws as `AddSpec.read` does.
    func specs(_ context: SpecContext) async throws -> [AddSpec] {
        guard let url = RepositoryURL(repository) else {
            throw AddSpec.fault(
                "add.address",
                "'\(SecretText.shown(repository))' is no repository's address: "
                    + (RepositoryURL.fault(in: repository) ?? ""), "write https://HOST/REPOSITORY#FOLDER@RANGE")
        }
        let package = GitPackage(
            url: try GitURL(url.description), path: folder.flatMap { RelativePath($0) },
            cache: context.workspace.repositories)
        if context.selection.reference != nil {
            throw AddSpec.fault(
                "add.reference", "the page says `\(reference)` already", "leave out --branch, --tag or --rev")
        }
        let meant: GitSource.Reference =
            CommitID(reference) != nil ? .revision(reference) : try await package.reference(named: reference)
        let candidate = try await AddSpec.candidate(package, meant, context)
        let choice = SkillChoice(
            try await package.collection(at: candidate.commit), address: url.description, selector: folder,
            isAll: context.selection.isAll)
        switch try choice.found() {
        case .here(let skills):
            return try await AddSpec.specs(skills, candidate, GitSource(url: url, reference: meant), context)
        case .elsewhere(let plugin, let skill):
            return try await PluginSource(plugin, skill, from: choice.address, isLocal: false).specs(context)
        }
    }
}
