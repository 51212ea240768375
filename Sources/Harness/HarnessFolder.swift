package import Basics
package import SkillModel

/// Where a harness looks for skills, on this machine or in this project.
package enum HarnessFolder {
    package enum Scope: Sendable {
        /// Skills of one project, whose root is this absolute path.
        case project(root: String)
        /// The user's skills.
        case user
    }

    /// The absolute folder, symlinks in what exists of it resolved; it need not exist.
    ///
    /// Throws `harness.scope` when the harness has no such folder, `harness.folder` when the description or a variable
    /// in it yields none that is usable, `install.link` when a project's folder leads out of the project.
    package static func resolve(
        _ harness: HarnessDescription, _ scope: Scope, environment: [String: String]
    ) throws(Diagnostic) -> String {
        switch scope {
        case .project(let root): try projectFolder(harness, root)
        case .user: try userFolder(harness, environment)
        }
    }

    /// All folders that the harness reads in a scope, its own first where it has one. What can't be told on this machine is left
    /// out.
    package static func all(
        _ harness: HarnessDescription, _ scope: Scope, environment: [String: String]
    ) -> [String] {
        var folders: [String] = []
        func add(_ harness: HarnessDescription) {
            guard let folder = try? resolve(harness, scope, environment: environment), !folders.contains(folder) else {
                return
            }
            folders.append(folder)
        }
        add(harness)
        for text in harness.alsoReads {
            let isProjects = RelativePath(text) != nil && !text.hasPrefix("~") && !text.hasPrefix("$")
            var other = harness
            other.projectFolder = isProjects ? text : nil
            other.globalFolder = isProjects ? nil : text
            add(other)
        }
        return folders
    }

    private static func projectFolder(_ harness: HarnessDescription, _ root: String) throws(Diagnostic) -> String {
        guard let text = harness.projectFolder else {
            throw Diagnostic(
                "harness.scope", .error, "\(harness.title) reads no skills from a project",
                hint: "install its skills for the user: `skvm install --user`", fault: .usage)
        }
        guard let relative = RelativePath(text), isPlain(text) else {
            throw unusable(harness, "'\(text)' is no folder below a project")
        }
        let realRoot = canonical(root)
        let folder = canonical("\(root)/\(relative)")
        guard folder.utf8.starts(with: realRoot.utf8), folder.utf8.dropFirst(realRoot.utf8.count).first == 0x2F else {
            throw Diagnostic(
                "install.link", .error, "\(root)/\(relative) leads out of the project, to \(folder)",
                hint: "replace the symlink by a folder, or install for the user: `skvm install --user`")
        }
        return folder
    }

    private static func userFolder(
        _ harness: HarnessDescription, _ environment: [String: String]
    ) throws(Diagnostic) -> String {
        guard let text = harness.globalFolder else {
            throw Diagnostic(
                "harness.scope", .error, "\(harness.title) reads no skills of the user's",
                hint: "install its skills for a project: `skvm install` without `--user` and `--global`", fault: .usage)
        }
        let expanded = try expand(text, harness, environment)
        guard expanded.utf8.first == 0x2F, isPlain(expanded), !expanded.utf8.split(separator: 0x2F).isEmpty,
            !expanded.utf8.split(separator: 0x2F).contains(where: { $0.elementsEqual("..".utf8) })
        else {
            throw unusable(harness, "'\(text)' is '\(expanded)' here, which is no absolute folder")
        }
        return canonical(expanded)
    }

    /// Expands one `${NAME}` or `${NAME:-default}` at the start, then `~` at the start. As in a shell, a variable that
    /// is empty counts as unset for the default.
    private static func expand(
        _ text: String, _ harness: HarnessDescription, _ environment: [String: String]
    ) throws(Diagnostic) -> String {
        var text = text
        if text.hasPrefix("${") {
            guard let end = text.firstIndex(of: "}") else { throw unusable(harness, "'\(text)' has no closing '}'") }
            let inner = text[text.index(text.startIndex, offsetBy: 2)..<end]
            let rest = text[text.index(after: end)...]
            let parts = inner.split(separator: ":-", maxSplits: 1, omittingEmptySubsequences: false)
            let value = environment[String(parts[0])].flatMap { $0.isEmpty ? nil : $0 }
            guard let value = value ?? (parts.count == 2 ? String(parts[1]) : nil) else {
                throw unusable(harness, "the variable \(parts[0]) is not set")
            }
            text = value + rest
        }
        guard text == "~" || text.hasPrefix("~/") else { return text }
        guard let home = environment["HOME"], home.utf8.first == 0x2F else {
            throw unusable(harness, "HOME is not set to an absolute folder")
        }
        return home + text.dropFirst()
    }

    private static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }

    private static func unusable(_ harness: HarnessDescription, _ reason: String) -> Diagnostic {
        Diagnostic(
            "harness.folder", .error, "the skills folder of \(harness.title) can't be told: \(reason)",
            hint: "set the variable, or correct the harness's description", fault: .outside)
    }

    /// `path` with the symlinks resolved in as much of it as exists.
    package static func canonical(_ path: String) -> String {
        let path = FileSystem.absolute(path, from: "/")
        var existing = path
        var missing: [String] = []
        while true {
            if let real = FileSystem.realPath(existing) {
                return missing.isEmpty
                    ? real : (real == "/" ? "" : real) + "/" + missing.reversed().joined(separator: "/")
            }
            guard let parent = FileSystem.parent(of: existing), parent != existing else { return path }
            missing.append(String(Substring(existing.utf8.dropFirst(parent == "/" ? 1 : parent.utf8.count + 1))))
            existing = parent
        }
    }
}
