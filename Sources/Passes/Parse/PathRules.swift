import SkillModel

/// Decides whether a text is a path of the skill's own.
struct PathRules {
    /// Where a text stands decides how much proof it needs.
    enum Place {
        /// A command reads or runs it.
        case command
        /// A command writes it.
        case output
        /// The whole of a code span or line.
        case alone
        /// Among other words.
        case text
        /// In code of another language.
        case data
    }

    struct Path {
        /// As written, without `#…` and `:line`.
        var text: String
        /// Relative to the skill's folder, normalised.
        var target: String
        var exists: Bool
    }

    /// Folders of the specification's layout: what lies there belongs to the skill even when it isn't bundled here.
    private static let folders: Set<String> = ["scripts", "references", "reference", "assets"]
    /// Folders that skills keep beside those: a file that is named in one of them is theirs where nothing is bundled.
    private static let kept: Set<String> = [
        "templates", "examples", "rules", "agents", "prompts", "guides", "resources", "specs", "schemas",
    ]
    /// Files that speak of the package, or of any project: naming them sends nobody to the skill's own copy.
    private static let generic: Set<String> = [
        "SKILL.md", "README.md", "LICENSE", "LICENSE.txt", "LICENSE.md", "CHANGELOG.md", "package.json", "_meta.json",
        "skill.json", "metadata.json", "requirements.txt", "pyproject.toml", ".env", ".gitignore", "tsconfig.json",
    ]

    /// Those among them that a command reads when they are bundled: `pip install -r requirements.txt`.
    private static let read: Set<String> = ["requirements.txt"]

    private let bundle: BundleIndex
    /// Files that the text says the skill has, in a drawing of its folder.
    private let declared: Set<String>
    /// Scripts that the text runs by their bare names.
    private let run: Set<String>
    /// The skill's own name, as in `skills/NAME/scripts/x.py`.
    private let name: String

    init(_ bundle: BundleIndex, declared: Set<String> = [], run: Set<String> = [], name: String = "") {
        self.bundle = bundle
        self.declared = declared
        self.run = run
        self.name = name
    }

    /// The destination of a link, when it is a path in the skill.
    func linkPath(_ destination: String) -> Path? {
        let text = Self.cut(destination)
        guard !Self.hasScheme(text), let parts = parts(text) else { return nil }
        let path = make(text, parts)
        if path.exists || parts.isAnchored { return path.target == "SKILL.md" ? nil : path }
        // A missing file is still a reference, but `[text](url)` is a gap to fill.
        let name = parts.components[parts.components.count - 1]
        return Self.hasExtension(name) || parts.components.count > 1 && Self.folders.contains(parts.components[0])
            ? path : nil
    }

    /// A token of running text or code, when it is a path in the skill.
    func path(_ token: String, _ place: Place) -> Path? {
        let text = Self.cut(token)
        guard let parts = parts(text) else { return nil }
        let path = make(text, parts)
        let components = parts.components
        if parts.isAnchored { return path }
        if components.count == 1, !parts.isFolder {
            guard
                path.exists || declared.contains(components[0])
                    || place == .command && (run.contains(components[0]) || isOwnScript(components[0])),
                Self.hasExtension(components[0]),
                !Self.generic.contains(components[0])
                    || path.exists && place == .command && Self.read.contains(components[0])
            else {
                return nil
            }
            return place == .data || place == .output ? nil : path
        }
        if path.exists { return components.count > 1 || parts.isFolder && place != .data ? path : nil }
        if place == .alone, parts.isFolder, components.count == 1, Self.folders.contains(components[0]) { return path }
        guard place != .data, place != .output, components.count > 1, !parts.isFolder else { return nil }
        if place == .command, isProgram(components) { return path }
        if place == .command || place == .alone, Self.isPlainScript(components) { return path }
        let isOwn =
            Self.folders.contains(components[0]) || isKept(components[0]) || bundle.hasFolder(components[0])
            || declared.contains(path.target)
        return isOwn && Self.hasExtension(components[components.count - 1]) ? path : nil
    }

    /// What is bundled names itself.
    private func isKept(_ folder: String) -> Bool { bundle.files.isEmpty && Self.kept.contains(folder) }

    /// `bin/NAME` in a command, where nothing is bundled: a program that the skill brings.
    private func isProgram(_ components: [String]) -> Bool {
        bundle.files.isEmpty && components.count == 2 && components[0] == "bin" && !components[1].utf8.contains(.dot)
    }

    /// `scripts/NAME`, run or named alone: a script without an ending.
    private static func isPlainScript(_ components: [String]) -> Bool {
        components.count == 2 && components[0] == "scripts" && !components[1].utf8.contains(.dot)
            && components[1].utf8.contains(where: \.isLetter)
    }

    /// A folder that is bundled, by its path.
    func folder(_ text: String) -> Path? {
        guard let parts = parts(text), !parts.isAnchored, bundle.hasFolder(parts.components.joined(separator: "/"))
        else { return nil }
        return make(text, parts)
    }

    /// Whether a text may speak of this folder as the skill's own: it is there, or the specification has one of that name.
    func isOwnFolder(_ folder: String) -> Bool { Self.folders.contains(folder) || bundle.hasFolder(folder) }

    /// A file that a text names by its bare name, with the folder it lies in.
    func file(_ name: String, in folder: String) -> Path? {
        let target = folder + "/" + name
        guard Self.isName(name), Self.hasExtension(name), !Self.generic.contains(name),
            bundle.hasFile(target) || !bundle.hasFolder(folder)
        else { return nil }
        return Path(text: name, target: target, exists: bundle.hasFile(target))
    }

    /// A file that a text says lies in the skill's folder.
    func stated(_ name: String) -> Path? {
        guard let parts = parts(name), parts.components.count == 1, Self.hasExtension(parts.components[0]),
            parts.components[0] != "SKILL.md"
        else { return nil }
        return make(name, parts)
    }

    /// Whether `name`, as a command in `folder` has it, is a bundled file there.
    func isFile(_ folder: String, _ name: String) -> Bool {
        let name = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
        return !name.isEmpty && bundle.hasFile(folder + "/" + name)
    }

    /// A script that is run by its bare name and called as the skill is: `roon_controller.py` of `roon-controller`.
    private func isOwnScript(_ file: String) -> Bool {
        guard let dot = file.lastIndex(of: "."),
            ["py", "sh", "js", "ts", "mjs"].contains(file[file.index(after: dot)...])
        else { return false }
        let own = Set(name.lowercased().split { !$0.isLetter }.filter { $0.count >= 4 })
        return file[..<dot].lowercased().split { !$0.isLetter }.contains { own.contains($0) }
    }

    private func make(_ text: String, _ parts: Parts) -> Path {
        let target = parts.components.joined(separator: "/")
        let exists = bundle.hasFolder(target) || (!parts.isFolder && bundle.hasFile(target))
        return Path(text: text, target: target, exists: exists)
    }

    private struct Parts {
        var components: [String]
        /// A variable for the skill's folder stands before it, or the skill's own name under `skills/`.
        var isAnchored: Bool
        var isFolder: Bool
    }

    /// Nil for what isn't a relative path below the skill's folder.
    private func parts(_ text: String) -> Parts? {
        var components = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard components.count <= 64 else { return nil }
        var isAnchored = false
        if components.count > 1, SkillFolder.isVariable(components[0]) {
            isAnchored = true
            components.removeFirst()
        } else if components.count > 2, components[0] == "skills", components[1] == name, !name.isEmpty {
            isAnchored = true
            components.removeFirst(2)
        }
        let isFolder = components.count > 1 && components.last == ""
        if isFolder { components.removeLast() }
        components.removeAll { $0 == "." }
        guard !components.isEmpty, components.allSatisfy(Self.isName) else { return nil }
        return Parts(components: components, isAnchored: isAnchored, isFolder: isFolder)
    }

    private static func isName(_ component: String) -> Bool {
        !component.isEmpty && component != ".."
            && component.utf8.allSatisfy {
                $0 >= 0x80 || $0.isWord
                    || [.hyphen, .dot, 0x2B, 0x25, .space, .openParenthesis, .closeParenthesis].contains($0)
            }
    }

    /// A dot with letters or digits after it and a name before it.
    private static func hasExtension(_ name: String) -> Bool {
        guard let dot = name.utf8.lastIndex(of: .dot), dot > name.utf8.startIndex else { return false }
        let tail = name.utf8[name.utf8.index(after: dot)...]
        return (1...8).contains(tail.count) && tail.allSatisfy { $0.isLetter || $0.isDigit }
            && tail.contains(where: \.isLetter)
    }

    private static func hasScheme(_ text: String) -> Bool {
        let head = text.utf8.prefix { $0.isLetter || $0.isDigit || $0 == .hyphen || $0 == 0x2B || $0 == .dot }
        return text.utf8.dropFirst(head.count).first == .colon
    }

    /// Without `#fragment`, `?query` and `:12`.
    private static func cut(_ text: String) -> String {
        String(decoding: text.utf8.prefix { $0 != .hash && $0 != 0x3F && $0 != .colon }, as: UTF8.self)
    }
}
