import Basics
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
            !text.contains("://"), !text.contains("$"), !hasGap(text), !text.contains("{"), !text.contains("*"),
            !text.hasSuffix(".txt"), !text.hasSuffix(".whl"), !text.hasSuffix(".tgz"), !text.hasSuffix(".deb"),
            !text.hasPrefix("git+"), !text.hasPrefix("["), !text.contains("…"), !text.contains("...")
        else { return nil }
        // A version that has lost its option is no name.
        if isPlaceholder(text) || text.utf8.allSatisfy({ $0.isDigit || $0 == 0x2E }) { return nil }
        switch kind {
        case .pip: return python(text)
        case .npm, .cargo, .go:
            let body = text.dropFirst()
            guard let at = body.lastIndex(of: "@") else { return (text, nil) }
            let version = String(body[body.index(after: at)...])
            return (String(text[..<at]), version == "latest" || version.isEmpty ? nil : version)
        case .apt:
            // `name=version`, `name/release`.
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            let name = (parts.first ?? text).split(separator: "/").first.map(String.init) ?? text
            return (name, parts.count > 1 ? parts[1] : nil)
        case .gem:
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            return (parts.first ?? text, parts.count > 1 ? parts[1] : nil)
        default:
            let name = text.split(separator: "=").first.map(String.init) ?? text
            return (name.split(separator: "/").last.map(String.init) ?? name, nil)
        }
    }

    /// `<name>` to fill in; in `pandas>=2.1,<3` the sign compares.
    private static func hasGap(_ text: String) -> Bool {
        zip(text.utf8, text.utf8.dropFirst()).contains { $0 == 0x3C && $1 != 0x3D && !$1.isDigit }
            || text.utf8.last == 0x3C
    }

    private static func python(_ text: String) -> (name: String, version: String?)? {
        let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == ".") }
        guard !name.isEmpty else { return nil }
        var rest = text[name.endIndex...]
        var extras = ""
        if rest.hasPrefix("["), let close = rest.firstIndex(of: "]") {
            extras = String(rest[...close])
            rest = rest[rest.index(after: close)...]
        }
        // The extras stand before the constraint, as pip takes both: `uvicorn[standard]>=0.30`.
        let version = extras + constraint(rest)
        return (String(name), version.isEmpty ? nil : version)
    }

    /// `>=2.1,<3` as it stands; conda's `=1.26` is any 1.26; what is none is left out.
    private static func constraint(_ rest: Substring) -> String {
        guard let first = rest.first, "=><~!".contains(first) else { return "" }
        guard first == "=", !rest.hasPrefix("==") else { return String(rest) }
        let version = rest.dropFirst().prefix { $0 != "=" }
        return version.isEmpty ? "" : "==" + version + ".*"
    }
}
