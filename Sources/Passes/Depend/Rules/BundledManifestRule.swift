import Basics
import SkillModel

/// Packages of a bundled manifest that the text or a bundled script installs with: `pip install -r requirements.txt`, `uv sync`,
/// `npm install`, `bundle install`, `go mod download`.
///
/// The manifest is the one that the command names, or one at the skill's root, in a folder of scripts, or in a folder that a
/// command goes to. Not: samples and templates for the user's own project, and a manifest that nobody installs with.
/// Development packages, extras and what stands under a condition are optional.
enum BundledManifestRule: DependencyRule {
    static let id = "depend.package.bundled-manifest"
    static let message = "a bundled manifest that is installed names this package"

    static func find(_ reading: SkillReading) -> [Dependency] {
        let files = reading.document.files.filter { !($0.packages ?? []).isEmpty }
        guard !files.isEmpty else { return [] }
        let commands =
            reading.invocations.filter { $0.role != .links }.map { invocation in
                (words: Array(invocation.unwrapped), isElsewhere: PackagePlace.isElsewhere(invocation.assignments))
            }
            + reading.document.files.flatMap { ($0.installs ?? []).map { (words: $0.words, isElsewhere: false) } }
        let folders = Set(reading.invocations.flatMap { entered(Array($0.unwrapped)) })
        return files.flatMap { file -> [Dependency] in
            let isOwn = isOwn(file.path, folders)
            let installing = commands.filter { command in
                guard let install = ManifestInstall(command.words[...]), install.reads(file.path.name) else {
                    return false
                }
                return install.file.map { names($0, file.path) } ?? isOwn
            }
            if installing.isEmpty { return [] }
            return (file.packages ?? []).map { package in
                let isElsewhere = installing.contains { command in
                    command.isElsewhere || Installer.isElsewhere(command.words[...], package.kind)
                }
                return Dependency(
                    package.kind, package.name, required: package.required, version: package.version,
                    isElsewhere: isElsewhere ? true : package.isElsewhere,
                    evidence: [Evidence(file: file.path.text, line: package.line)])
            }
        }
    }

    /// Whether a command's word is the file: by its whole path, by what follows the skill's folder, or from within its folder.
    private static func names(_ word: String, _ path: RelativePath) -> Bool {
        var parts = word.split(separator: "/").filter { $0 != "." }[...]
        if let first = parts.first, parts.count > 1, SkillFolder.isVariable(first) { parts = parts.dropFirst() }
        guard parts.last.map({ $0 == path.name }) == true else { return false }
        let folder = parts.dropLast().last.map(String.init)
        return folder == nil || folder == path.components.dropLast().last.map(String.init)
    }

    /// Folders that a command goes to or is told to work in.
    private static func entered(_ words: [String]) -> [String] {
        let isMove = words.first == "cd" || words.first == "pushd"
        return zip(words, words.dropFirst()).compactMap { flag, word in
            isMove && flag == words[0] || ["--prefix", "-C", "--cwd", "--directory", "--project"].contains(flag)
                ? word.split(separator: "/").last.map(String.init) : nil
        }
    }

    private static func isOwn(_ path: RelativePath, _ folders: Set<String>) -> Bool {
        guard let folder = path.components.dropLast().last.map(String.init) else { return true }
        return path.components.count == 2 && folder == "scripts" || folders.contains(folder)
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```bash
            pip install -r requirements.txt
            ```
            """,
            finds: "pip pandas >=2.1,<3 (requirements.txt:2)", "pip pywin32, optional (requirements.txt:3)",
            files: ["requirements.txt": "# all\npandas >= 2.1, <3\npywin32; sys_platform == 'win32'\n-e .\n???\n"]),
        RuleExample(
            """
            ```bash
            cd scripts && npm install
            ```
            """,
            finds: "npm zod ^3.22 (scripts/package.json:2)", "npm tsx, optional (scripts/package.json:3)",
            files: [
                "scripts/package.json":
                    "{\"dependencies\": {\n\"zod\": \"^3.22\"}, \"devDependencies\": {\n\"tsx\": \"*\"}}"
            ]),
        RuleExample(
            """
            Run `scripts/setup.sh`.
            """,
            finds: "gem nokogiri ~>1.16 (Gemfile:2)",
            files: [
                "Gemfile": "source 'https://rubygems.org'\ngem 'nokogiri', '~> 1.16'\n",
                "scripts/setup.sh": "bundle install\n",
            ]),
        RuleExample(
            """
            ```bash
            uv sync
            ```
            """,
            finds: "pip httpx >=0.27 (pyproject.toml:3)", "pip pytest, optional (pyproject.toml:6)",
            files: [
                "pyproject.toml":
                    "[project]\nname = \"x\"\ndependencies = [\"httpx>=0.27\"]\n\n[dependency-groups]\ndev = [\"pytest\"]\n"
            ]),
        .nothing(
            """
            ```bash
            npm install express
            ```
            """,
            files: ["package.json": "{\"dependencies\": {\"zod\": \"^3\"}}"]),
        .nothing(
            """
            Copy the template, then run `npm install` in the new project.
            """,
            files: ["assets/template/package.json": "{\"dependencies\": {\"zod\": \"^3\"}}"]),
    ]
}
