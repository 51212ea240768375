import Formats

/// Where the local packages of an APM lock are. What a package of the project depends on by path is relative to that package; its
/// entry says the folder in the project (`anchored_local_path`), or, as older ones do, only whose path it is.
struct LocalFolders {
    /// Of local packages, by every name that an entry may give its parent: a path as it is declared, `local:` and the folder, or
    /// the package's `repo_url`. Nil for a name that two have.
    private var parents: [String: YAMLNode?] = [:]
    /// As deep as packages may stand in one another.
    private static let greatestDepth = 32

    init(_ entries: [YAMLNode]) {
        for entry in entries where entry["source"]?.word == "local" {
            let names = [
                entry["local_path"]?.word, entry["anchored_local_path"]?.word.map { "local:" + $0 },
                entry["repo_url"]?.word,
            ]
            for name in Set(names.compactMap { $0 }) {
                let isTaken = parents.keys.contains(name)
                parents.updateValue(isTaken ? nil : entry, forKey: name)
            }
        }
    }

    /// Relative to the project, or absolute; nil when the lock doesn't tell. O(depth).
    func folder(of entry: YAMLNode) -> String? {
        if let anchored = entry["anchored_local_path"]?.word { return anchored }
        var path = ""
        var next: YAMLNode? = entry
        for _ in 0..<Self.greatestDepth {
            guard let current = next, let own = current["anchored_local_path"]?.word ?? current["local_path"]?.word
            else {
                return nil
            }
            path = path.isEmpty ? own : "\(own)/\(path)"
            // A package that the project itself names, and one whose place is known already, is where it says.
            let parent = current["declaring_parent"]?.word ?? current["resolved_by"]?.word
            guard let parent, current["anchored_local_path"]?.word == nil, !own.hasPrefix("/") else {
                return FolderText.normal(path)
            }
            if let known = parents[parent] {
                next = known
            } else if parent.hasPrefix("local:") || parent.hasPrefix("./") {
                let folder = parent.hasPrefix("local:") ? String(parent.dropFirst(6)) : parent
                return FolderText.normal("\(folder)/\(path)")
            } else {
                return nil
            }
        }
        return nil
    }
}

/// A folder as files write it.
enum FolderText {
    /// Without `.` and without what a `..` takes back. O(n).
    static func normal(_ text: String) -> String {
        var parts: [Substring] = []
        for part in text.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        let path = parts.joined(separator: "/")
        if text.hasPrefix("/") { return "/" + path }
        return path.isEmpty ? "." : path.hasPrefix("..") ? path : "./" + path
    }
}
