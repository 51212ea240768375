package import Basics
import Formats
package import SkillModel

/// A repository's list of plugins, as Claude Code, Codex and Cursor read it (`docs/formats/marketplace.md`). Of a plugin
/// only its skills concern skvm.
package struct Marketplace: Sendable, Equatable {
    /// Where such a file lies in a repository; the first that is there is read.
    package static let files = [
        ".claude-plugin/marketplace.json", ".agents/plugins/marketplace.json", ".cursor-plugin/marketplace.json",
    ].compactMap { RelativePath($0) }
    /// Where a plugin says of itself which skills it has, below its own folder.
    static let pluginFiles = [
        ".claude-plugin/plugin.json", ".codex-plugin/plugin.json", ".cursor-plugin/plugin.json", "plugin.json",
    ].compactMap { RelativePath($0) }
    /// Larger files are refused, in bytes.
    static let greatestSize = 4 << 20

    /// Where a plugin's files are.
    package enum Place: Sendable, Equatable {
        /// In a folder of the marketplace's own repository; nil for its root.
        case inside(RelativePath?)
        case repository(RepositoryURL, path: RelativePath?, reference: String?, commit: CommitID?)
        /// Where skvm fetches nothing from, in words.
        case unsupported(String)
    }

    package struct Plugin: Sendable, Equatable {
        package var name: String
        package var place: Place
        /// Folders below the plugin's own, each a skill or a folder of skills; nil for the plugin's root.
        package var skills: [RelativePath?]
        /// Whether the plugin has, beside those listed, what lies in its `skills/`.
        package var isStrict: Bool

        package init(name: String, place: Place, skills: [RelativePath?] = [], isStrict: Bool = true) {
            self.name = name
            self.place = place
            self.skills = skills
            self.isStrict = isStrict
        }
    }

    package var name: String
    /// In the order of the file; names are unique.
    package var plugins: [Plugin]
    /// Names that more than one entry has: of these the first stands in `plugins`, and nobody said that it is the one meant.
    package var repeated: Set<String> = []
    /// What is wrong with entries that were passed over.
    package var diagnostics: [Diagnostic]

    /// Reads such a file. A faulty entry is passed over with a diagnostic. O(n).
    ///
    /// Throws `DiagnosticsError` when it is no JSON, or has no list of plugins.
    package init(parsing bytes: [UInt8], file: String) throws(DiagnosticsError) {
        let value = try StrictJSON.parse(bytes, file: file, limit: Self.greatestSize)
        guard let entries = value["plugins"]?.array else {
            throw DiagnosticsError(
                Diagnostic(
                    "marketplace.shape", .error, "the marketplace has no list 'plugins'",
                    at: SourceLocation(file: file)))
        }
        name = value["name"]?.string ?? ""
        plugins = []
        diagnostics = []
        let root = value["metadata"]?["pluginRoot"]?.string ?? value["pluginRoot"]?.string
        var names: Set<String> = []
        for (number, entry) in entries.enumerated() {
            do throws(Fault) {
                let plugin = try Self.plugin(entry, root)
                if !names.insert(plugin.name).inserted {
                    repeated.insert(plugin.name)
                    throw Fault(words: "'\(plugin.name)' stands twice")
                }
                plugins.append(plugin)
            } catch {
                if diagnostics.count >= Findings.greatestCount { continue }
                diagnostics.append(
                    Diagnostic(
                        "marketplace.plugin", .warning, "plugins[\(number)] is passed over: \(error.words)",
                        at: SourceLocation(file: file)))
            }
        }
    }

    private struct Fault: Error { var words: String }

    private static func plugin(_ entry: JSONValue, _ root: String?) throws(Fault) -> Plugin {
        guard let name = entry["name"]?.string, !name.isEmpty, name.utf8.count <= 128, name.isPrintable else {
            throw Fault(words: "it has no usable 'name'")
        }
        var plugin = Plugin(name: name, place: .inside(nil))
        plugin.place = try place(entry["source"], root)
        plugin.isStrict = entry["strict"]?.boolean ?? true
        for text in strings(entry["skills"]) {
            guard let path = folder(text) else { throw Fault(words: "'\(text.shortened)' is no folder below it") }
            plugin.skills.append(path)
        }
        return plugin
    }

    private static func place(_ source: JSONValue?, _ root: String?) throws(Fault) -> Place {
        guard let source else { throw Fault(words: "it has no 'source'") }
        if let text = source.string { return try inside(text, root) }
        guard let kind = source["source"]?.string else { throw Fault(words: "its 'source' has no 'source'") }
        switch kind {
        case "local", "directory": return try inside(source["path"]?.string ?? "", nil)
        case "github", "url", "git", "git-subdir": return try repository(source)
        default:
            let name = source["package"]?.string ?? source["path"]?.string
            return .unsupported("its source is \(kind.shortened)\(name.map { " \($0.shortened)" } ?? "")")
        }
    }

    private static func inside(_ text: String, _ root: String?) throws(Fault) -> Place {
        // A bare name is relative to `pluginRoot`; `./…` to the repository.
        let full = text.hasPrefix("./") || text == "." ? text : [root, text].compactMap { $0 }.joined(separator: "/")
        guard !text.isEmpty, let path = folder(full) else {
            throw Fault(words: "'\(text.shortened)' is no folder of the repository")
        }
        return .inside(path)
    }

    private static func repository(_ source: JSONValue) throws(Fault) -> Place {
        guard let text = source["repo"]?.string ?? source["url"]?.string else {
            throw Fault(words: "its 'source' names no repository")
        }
        guard let url = RepositoryURL.shorthand(text), !url.isLocal || text.hasPrefix("file://") else {
            throw Fault(
                words: "its repository has no usable address: \(RepositoryURL.fault(in: text) ?? text.shortened)")
        }
        var path: RelativePath?
        if let text = source["path"]?.string {
            guard let found = folder(text) else { throw Fault(words: "'\(text.shortened)' is no folder") }
            path = found
        }
        var commit: CommitID?
        if let text = source["sha"]?.string ?? source["commit"]?.string {
            guard let id = CommitID(text) else { throw Fault(words: "'\(text.shortened)' is no commit") }
            commit = id
        }
        let reference = source["ref"]?.string
        if let reference, GitSource.faultOfReference(reference) != nil {
            throw Fault(words: "'\(reference.shortened)' can't name a branch or tag")
        }
        return .repository(url, path: path, reference: reference, commit: commit)
    }

    /// What `skills` of a plugin or of its manifest lists: one string or several.
    static func strings(_ value: JSONValue?) -> [String] {
        if let text = value?.string { return [text] }
        return (value?.array ?? []).compactMap(\.string)
    }

    /// A folder as these files write it (`./skills/pdf/`); `.some(nil)` is the root, nil is none.
    package static func folder(_ text: String) -> RelativePath?? {
        guard text.isPrintable, !text.hasPrefix("/") else { return nil }
        let parts = text.split(separator: "/").filter { $0 != "." }
        if parts.isEmpty { return .some(nil) }
        guard let path = RelativePath(parts.joined(separator: "/")) else { return nil }
        return .some(path)
    }
}
