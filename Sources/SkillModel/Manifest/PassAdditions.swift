package import Basics

/// Which files a custom pass may add to a skill: those that the project declares for it, in `adds` and `executables`.
///
/// What a pass adds as Markdown, `guard` reads line by line; of all else it can't tell what it does to the agent that
/// loads the skill. So nothing but Markdown below `references/` comes in unasked, and some names never do.
package struct PassAdditions: Sendable, Hashable {
    /// Files, and folders with a `/` at the end; nil for Markdown below `references/`.
    package var files: [String]?
    /// The same, of files that may be executable; each may be added, too.
    package var executables: [String]

    package static let standard = PassAdditions()

    package init(files: [String]? = nil, executables: [String] = []) {
        self.files = files
        self.executables = executables
    }

    /// Why a file may not be added; nil when it may. O(path · declared).
    package func fault(of path: RelativePath, isExecutable: Bool) -> String? {
        if let fault = Self.fault(ofName: path) { return fault }
        let isDeclaredExecutable = executables.contains { Self.holds($0, path) }
        if isExecutable, !isDeclaredExecutable { return "as an executable, which its 'executables' do not name" }
        guard let files else {
            let isReference = path.text.hasPrefix("references/") && path.text.lowercased().hasSuffix(".md")
            return isReference || isDeclaredExecutable
                ? nil : "which is no Markdown below references/, and it declares no 'adds'"
        }
        return isDeclaredExecutable || files.contains { Self.holds($0, path) } ? nil : "which its 'adds' do not name"
    }

    /// What no declaration lets in: hidden files, and those by which a harness or skvm is configured. `path` may be a
    /// declared folder.
    static func fault(ofName path: RelativePath) -> String? {
        if path.components.contains(where: { $0.hasPrefix(".") }) { return "a hidden name" }
        if path.components.contains(where: { configuration.contains(String($0).lowercased()) }) {
            return "a name of a harness's or of skvm's own files"
        }
        return nil
    }

    /// Read by harnesses and by skvm wherever they find them.
    private static let configuration: Set<String> = [
        "skill.md", "agents.md", "agents.override.md", "claude.md", "claude.local.md", "gemini.md", "qwen.md",
        "gemini-extension.json", "soul.md", "memory.md", "heartbeat.md", "bootstrap.md", "tools.md", "user.md",
        "identity.md", "copilot-instructions.md",
        "settings.json", "settings.local.json", "mcp.json", "hooks.json", "plugin.json", "marketplace.json",
        "opencode.json", "opencode.jsonc", "openclaw.json", "config.toml", "hooks", "skvm.toml", "skvm.lock",
    ]

    private static func holds(_ declared: String, _ path: RelativePath) -> Bool {
        declared.hasSuffix("/") ? path.text.hasPrefix(declared) : path.text == declared
    }

    /// The words of an action's key. That nothing may be added is another rule than none being told.
    package var arguments: [String] {
        (files.map { ["--adds-only"] + $0.flatMap { ["--adds", $0] } } ?? [])
            + executables.flatMap { ["--executable", $0] }
    }
}
