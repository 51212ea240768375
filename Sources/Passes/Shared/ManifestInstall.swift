import SkillModel

/// A command that installs what a manifest names: `pip install -r requirements.txt`, `uv sync`, `npm ci`, `bundle install`.
struct ManifestInstall {
    private enum Manager { case pip, project, npm, bundler, go }

    private let manager: Manager
    /// The manifest, as the command names it; nil for the one of the folder that it is run in.
    let file: String?

    private init(_ manager: Manager, _ file: String? = nil) {
        self.manager = manager
        self.file = file
    }

    /// Whether its manager reads manifests of that file name.
    func reads(_ name: String) -> Bool {
        switch name {
        case "package.json": manager == .npm
        case "pyproject.toml": manager == .project
        case "Gemfile": manager == .bundler
        case "go.mod": manager == .go
        default: manager == .pip
        }
    }

    /// Nil for any other command. O(words).
    init?(_ words: ArraySlice<String>) {
        let words = Array(words.drop { $0 == "sudo" })
        let plain = words.filter { !$0.hasPrefix("-") }
        guard let program = words.first else { return nil }
        let verb = plain.dropFirst().first
        switch program {
        case "npm", "pnpm", "yarn", "bun":
            guard verb == nil ? program == "yarn" : ["install", "i", "ci"].contains(verb) else { return nil }
            // With names it adds those.
            if plain.count > 2, !words.contains("--prefix"), !words.contains("-C") { return nil }
            self.init(.npm)
        case "bundle":
            guard verb == nil || verb == "install" || verb == "exec" else { return nil }
            self.init(.bundler)
        case "go":
            let isModule = verb == "mod" && ["download", "tidy"].contains(plain.dropFirst(2).first)
            let isBuild =
                ["build", "run", "install"].contains(verb) && plain.dropFirst(2).contains { $0.hasPrefix(".") }
            guard isModule || isBuild else { return nil }
            self.init(.go)
        case "poetry", "pdm":
            guard verb == "install" || verb == "sync" else { return nil }
            self.init(.project)
        case "uv" where verb == "sync" || verb == "run": self.init(.project)
        default:
            guard Installer.parse(words[...])?.kind == .pip else { return nil }
            if let file = Self.requirements(words) {
                self.init(.pip, file)
            } else if plain.contains(where: { $0 == "." || $0.hasPrefix(".[") }) {
                self.init(.project)
            } else {
                return nil
            }
        }
    }

    /// What stands behind pip's `-r`.
    private static func requirements(_ words: [String]) -> String? {
        for (index, word) in words.enumerated() {
            let isFlag = word == "-r" || word == "--requirement"
            if isFlag, index + 1 < words.count { return words[index + 1] }
            if word.hasPrefix("--requirement=") { return String(word.dropFirst(14)) }
            if word.hasPrefix("-r"), word.utf8.count > 2 { return String(word.dropFirst(2)) }
        }
        return nil
    }
}
