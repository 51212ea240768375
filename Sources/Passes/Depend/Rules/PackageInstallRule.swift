import SkillModel

/// Packages that a command installs.
///
/// `pip install "pypdf>=4"` → pip pypdf, version `>=4`; `npm i -g @scope/tool@2` → npm @scope/tool; `brew install jq`,
/// `apt-get install -y poppler-utils`, `cargo install ripgrep`, `go install host/x/cmd@latest`, `gem install jekyll`,
/// `uv add`, `poetry add`. A package that several managers offer is required once, the others are alternatives.
enum PackageInstallRule: DependencyRule {
    static let id = "depend.package.install"

    static func find(_ reading: SkillReading) -> [Dependency] {
        var found: [Dependency] = []
        for invocation in reading.invocations {
            guard let install = Installer.parse(invocation.unwrapped) else { continue }
            for package in install.packages {
                guard let (name, version) = PackageName.parse(package, kind: install.kind) else { continue }
                found.append(
                    Dependency(
                        install.kind, name, required: invocation.role != .troubleshooting, version: version,
                        evidence: [Evidence(line: invocation.line, span: invocation.span)]))
            }
        }
        return markAlternatives(found)
    }

    /// The same tool from two managers is one need with two ways.
    private static func markAlternatives(_ found: [Dependency]) -> [Dependency] {
        var managers: [String: Set<Dependency.Kind>] = [:]
        for dependency in found { managers[base(dependency.name), default: []].insert(dependency.kind) }
        return found.map { dependency in
            var copy = dependency
            if managers[base(dependency.name), default: []].count > 1 { copy.required = false }
            return copy
        }
    }

    private static func base(_ name: String) -> String {
        name.lowercased().split(separator: "/").last.map(String.init) ?? name
    }
}

/// The arguments of an install command.
struct Installer {
    var kind: Dependency.Kind
    var packages: [String]

    private static let forms: [(words: [String], kind: Dependency.Kind)] = [
        (["pip", "install"], .pip), (["pip3", "install"], .pip), (["uv", "pip", "install"], .pip),
        (["uv", "add"], .pip), (["uv", "tool", "install"], .pip), (["pipx", "install"], .pip),
        (["poetry", "add"], .pip), (["pdm", "add"], .pip), (["conda", "install"], .pip),
        (["python", "-m", "pip", "install"], .pip), (["python3", "-m", "pip", "install"], .pip),
        (["npm", "install"], .npm), (["npm", "i"], .npm), (["npm", "add"], .npm), (["pnpm", "add"], .npm),
        (["pnpm", "install"], .npm), (["pnpm", "i"], .npm), (["yarn", "add"], .npm), (["yarn", "global", "add"], .npm),
        (["mamba", "install"], .pip),
        (["bun", "add"], .npm), (["bun", "install"], .npm), (["bun", "i"], .npm),
        (["cargo", "install"], .cargo), (["cargo", "add"], .cargo), (["go", "install"], .go), (["go", "get"], .go),
        (["gem", "install"], .gem), (["brew", "install"], .brew), (["apt", "install"], .apt),
        (["apt-get", "install"], .apt),
    ]

    /// Flags whose next word is a value, not a package.
    private static let valued: Set<String> = [
        "-r", "--requirement", "-e", "--editable", "-i", "--index-url", "--extra-index-url", "-t", "--target", "-c",
        "--constraint", "--prefix", "--root", "-n", "--name", "-p", "--python", "--registry", "--features", "-F",
        "--with", "--version", "--group", "--git", "--branch", "--tag", "--path", "--channel",
    ]

    static func parse(_ words: ArraySlice<String>) -> Installer? {
        let leading = words.filter { !$0.hasPrefix("-") || $0 == "-m" }
        for form in forms where leading.starts(with: form.words) {
            var packages: [String] = []
            var toSkip = form.words.count
            var isValue = false
            for word in words {
                if isValue {
                    isValue = false
                } else if toSkip > 0, !word.hasPrefix("-") || word == "-m" {
                    toSkip -= 1
                } else if word.hasPrefix("-") {
                    isValue = valued.contains(word)
                } else {
                    packages.append(word)
                }
            }
            return Installer(kind: form.kind, packages: packages)
        }
        return nil
    }
}

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
