package import Basics
package import Git

/// Where a registry is: a git repository, or one folder of it, or a local folder of the same layout.
package enum RegistryLocation: Sendable, Hashable, CustomStringConvertible {
    case git(GitURL, path: RelativePath?)
    /// An absolute path.
    case folder(String)

    /// Reads `URL`, `URL#FOLDER` or a path; a relative path is taken from `base`.
    ///
    /// An absolute or relative path is a local folder when it holds a `registry.toml`, else a git repository.
    /// Throws `GitError` of code `refusedURL`.
    package init(_ text: String, relativeTo base: String) throws(GitError) {
        let isPath = text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../") || text == "." || text == ".."
        if isPath {
            let path = FileSystem.absolute(text, from: base)
            if FileSystem.exists(path + "/" + RegistrySnapshot.headerFile) {
                self = .folder(path)
            } else {
                self = .git(try GitURL(path), path: nil)
            }
            return
        }
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            self = .git(try GitURL(text), path: nil)
            return
        }
        let url = try GitURL(parts[0])
        guard let path = RelativePath(parts[1]) else {
            throw GitError(.refusedURL, "`\(parts[1].shown())` is no folder of a repository")
        }
        self = .git(url, path: path)
    }

    /// As it stands in a lock behind `registry+`; without credentials.
    package var description: String {
        switch self {
        case .git(let url, path: nil): url.text
        case .git(let url, let path?): "\(url.text)#\(path.text)"
        case .folder(let path): path
        }
    }
}
