package import Basics

/// Where a locked package came from, in one string:
/// - `registry+URL`: a version that this registry lists;
/// - `registry+embedded`: a version that the registry inside skvm lists;
/// - `git+URL`, `git+URL?branch=main`, `git+URL?tag=v1#skills/charts`: a commit of a repository, the branch or tag that was
///   asked for, the skill's folder in it (a `#` of either is written `%23`);
/// - `index+https://example.org#charts`, `url+https://example.org/charts.tar.gz`: what a web server hands out (`WebSource`);
/// - `clawhub+https://hub.example.org#alice`: a version of one owner's package on a ClawHub (`HubSource`);
/// - `path+../local-notes`: a folder, relative to the lock or absolute;
/// - `workspace+skills/charts`: a member of the workspace, `workspace+.` for the lock's own folder.
package enum PackageSource: TextValue {
    case registry(RepositoryURL)
    case embedded
    case git(RepositoryURL, reference: Reference?, path: RelativePath?)
    case web(WebSource)
    case hub(HubSource)
    case path(String)
    /// Nil for the lock's own folder.
    case workspace(RelativePath?)

    /// What the commit was looked up by, where the manifest names a thing that moves.
    package enum Reference: Sendable, Hashable {
        case branch(String)
        case tag(String)

        var text: String {
            switch self {
            case .branch(let name): "branch=\(SourceMarks.written(name))"
            case .tag(let name): "tag=\(SourceMarks.written(name))"
            }
        }

        init?(_ text: Substring) {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { return nil }
            let name = SourceMarks.read(parts[1])
            guard GitSource.faultOfReference(name) == nil else { return nil }
            switch parts[0] {
            case "branch": self = .branch(name)
            case "tag": self = .tag(name)
            default: return nil
            }
        }
    }

    package init?(_ text: String) {
        guard let plus = text.firstIndex(of: "+"), text.utf8.count <= 4096, text.isPrintable else { return nil }
        let rest = text[text.index(after: plus)...]
        switch text[..<plus] {
        case "registry" where rest == "embedded":
            self = .embedded
        case "registry":
            guard let url = RepositoryURL(String(rest)) else { return nil }
            self = .registry(url)
        case "git":
            guard let source = Self.git(rest) else { return nil }
            self = source
        case "index", "url":
            guard let source = WebSource(text) else { return nil }
            self = .web(source)
        case "clawhub":
            guard let source = HubSource(text) else { return nil }
            self = .hub(source)
        case "path":
            guard !rest.isEmpty else { return nil }
            self = .path(String(rest))
        case "workspace":
            if rest == "." {
                self = .workspace(nil)
            } else {
                guard let path = RelativePath(rest) else { return nil }
                self = .workspace(path)
            }
        default: return nil
        }
    }

    /// `URL[?reference][#path]`: the last `#` begins the path, the last `?branch=` or `?tag=` before it the reference.
    private static func git(_ text: Substring) -> PackageSource? {
        var rest = text
        var path: RelativePath?
        if let mark = rest.lastIndex(of: "#") {
            path = RelativePath(SourceMarks.read(String(rest[rest.index(after: mark)...])))
            guard path != nil else { return nil }
            rest = rest[..<mark]
        }
        var reference: Reference?
        if let mark = rest.lastIndex(of: "?") {
            let query = rest[rest.index(after: mark)...]
            if query.hasPrefix("branch=") || query.hasPrefix("tag=") {
                reference = Reference(query)
                guard reference != nil else { return nil }
                rest = rest[..<mark]
            }
        }
        let address = SourceMarks.isPlain(rest) ? SourceMarks.read(String(rest)) : String(rest)
        return RepositoryURL(address).map { .git($0, reference: reference, path: path) }
    }

    private static func text(_ url: RepositoryURL) -> String {
        SourceMarks.isPlain(url.description[...])
            ? SourceMarks.written(url.description, besides: "?") : url.description
    }

    package var description: String {
        switch self {
        case .registry(let url): "registry+\(url)"
        case .embedded: "registry+embedded"
        case .git(let url, let reference, let path):
            "git+\(Self.text(url))" + (reference.map { "?" + $0.text } ?? "")
                + (path.map { "#" + SourceMarks.written($0.text) } ?? "")
        case .web(let source): source.description
        case .hub(let source): source.description
        case .path(let path): "path+\(path)"
        case .workspace(let path): "workspace+\(path?.text ?? ".")"
        }
    }

    /// Folders are read where they are; they have no commit, and their trees change under their user's hands.
    package var isFolder: Bool {
        switch self {
        case .path, .workspace: true
        case .registry, .embedded, .git, .web, .hub: false
        }
    }

    /// Whether its packages have a commit. A registry may be a folder, which has none.
    package var hasCommit: Bool { if case .git = self { true } else { false } }

    /// Whether its packages have a commit for certain: a registry that is named by a path may be a folder.
    var isOfRepository: Bool {
        guard case .registry(let url) = self else { return hasCommit }
        return !url.description.hasPrefix("/") && !url.description.hasPrefix(".")
    }

    package static func fault(in text: String) -> String? {
        PackageSource(text) == nil
            ? "a source is registry+URL, git+URL#path, index+URL#skill, url+URL, clawhub+URL#OWNER, path+FOLDER or workspace+FOLDER"
            : nil
    }

    package static func < (a: PackageSource, b: PackageSource) -> Bool { precedes(a.description, b.description) }
}
