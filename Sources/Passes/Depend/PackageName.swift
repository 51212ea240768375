import SkillModel

/// A package as an install command spells it.
enum PackageName {
    /// A name that stands for one that the user picks: `your-package`, `my_server`, `package-name`.
    static func isPlaceholder(_ name: String) -> Bool {
        let lower = name.lowercased()
        return ["your-", "your_", "my-", "my_"].contains { lower.hasPrefix($0) }
            || ["package", "package-name", "package_name", "name", "packages", "yourpackage", "mypackage"].contains(
                lower)
    }

    /// Name and version constraint; nil for a path, a URL, a placeholder or a variable.
    static func parse(_ text: String, kind: Dependency.Kind) -> (name: String, version: String?)? {
        guard !text.isEmpty, text.utf8.count < 200, !text.hasPrefix("."), !text.hasPrefix("/"), !text.hasPrefix("~"),
            !text.contains("://"), !text.contains("$"), !text.contains("<"), !text.contains("{"), !text.contains("*"),
            !text.hasSuffix(".txt"), !text.hasSuffix(".whl"), !text.hasSuffix(".tgz"), !text.hasSuffix(".deb"),
            !text.hasPrefix("git+"), !text.hasPrefix("["), !text.contains("…"), !text.contains("...")
        else { return nil }
        if isPlaceholder(text) { return nil }
        switch kind {
        case .pip: return python(text)
        case .npm, .cargo, .go:
            let body = text.dropFirst()
            guard let at = body.lastIndex(of: "@") else { return (text, nil) }
            let version = String(body[body.index(after: at)...])
            return (String(text[..<at]), version == "latest" || version.isEmpty ? nil : version)
        default:
            let name = text.split(separator: "=").first.map(String.init) ?? text
            return (name.split(separator: "/").last.map(String.init) ?? name, nil)
        }
    }

    private static func python(_ text: String) -> (name: String, version: String?)? {
        let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == ".") }
        guard !name.isEmpty else { return nil }
        var rest = text[name.endIndex...]
        if rest.hasPrefix("["), let close = rest.firstIndex(of: "]") { rest = rest[rest.index(after: close)...] }
        let isConstraint =
            rest.hasPrefix("=") || rest.hasPrefix(">") || rest.hasPrefix("<") || rest.hasPrefix("~")
            || rest.hasPrefix("!")
        return (String(name), isConstraint ? String(rest) : nil)
    }
}
