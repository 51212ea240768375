import SkillModel

/// The arguments of an install command.
struct Installer {
    var kind: Dependency.Kind
    var packages: [String]
    /// What an option asks for: `gem install jekyll -v 4.3`.
    var version: String?
    /// Whether an option has them taken from another place than the manager's own registry.
    var isElsewhere = false

    private static let forms: [(words: [String], kind: Dependency.Kind)] = [
        (["pip", "install"], .pip), (["pip3", "install"], .pip), (["uv", "pip", "install"], .pip),
        (["uv", "add"], .pip), (["uv", "tool", "install"], .pip), (["pipx", "install"], .pip),
        (["poetry", "add"], .pip), (["pdm", "add"], .pip), (["conda", "install"], .pip),
        (["python", "-m", "pip", "install"], .pip), (["python3", "-m", "pip", "install"], .pip),
        (["npm", "install"], .npm), (["npm", "i"], .npm), (["npm", "add"], .npm), (["pnpm", "add"], .npm),
        (["pnpm", "install"], .npm), (["pnpm", "i"], .npm), (["yarn", "add"], .npm), (["yarn", "global", "add"], .npm),
        (["mamba", "install"], .pip),
        (["bun", "add"], .npm), (["bun", "install"], .npm), (["bun", "i"], .npm),
        (["cargo", "install"], .cargo), (["cargo", "add"], .cargo),
        (["cargo", "binstall"], .cargo), (["deno", "install"], .npm), (["deno", "add"], .npm),
        (["go", "install"], .go), (["go", "get"], .go),
        (["gem", "install"], .gem), (["brew", "install"], .brew), (["apt", "install"], .apt),
        (["apt-get", "install"], .apt),
    ]

    /// Options whose next word is a value, not a package: `-v` asks gem for a version and pip for more words.
    private static let valued: [Dependency.Kind: Set<String>] = [
        .pip: [
            "-r", "--requirement", "-e", "--editable", "-i", "--index-url", "--extra-index-url", "-t", "--target", "-c",
            "--constraint", "--prefix", "--root", "-n", "--name", "-p", "--python", "--group", "--with", "--channel",
            "-f",
            "--find-links", "--platform", "--python-version", "--abi", "--src", "--proxy", "--timeout", "--cache-dir",
            "--extra", "--file", "--index", "--retries", "--trusted-host", "-G", "--log", "--implementation",
        ],
        .npm: ["--prefix", "--registry", "--tag", "-w", "--workspace", "--cache", "--filter", "-C", "--cwd", "-c"],
        .cargo: [
            "--version", "--vers", "--git", "--branch", "--tag", "--rev", "--path", "--root", "--index", "--registry",
            "-F", "--features", "--target", "--target-dir", "--profile", "-j", "--jobs", "--bin", "--example", "-p",
            "--package", "--rename", "--config", "-Z",
        ],
        .go: ["-tags", "-ldflags", "-gcflags", "-p", "-C", "-mod", "-modfile", "-o"],
        .gem: [
            "-v", "--version", "-s", "--source", "-i", "--install-dir", "-n", "--bindir", "-P", "--trust-policy", "-p",
            "--http-proxy", "--platform", "-g", "--file", "--build-root",
        ],
        .apt: ["-t", "--target-release", "--default-release", "-o", "--option", "-c", "--config-file", "-a"],
        .brew: [],
    ]

    /// Options that say which version the packages of the command are wanted in.
    private static let versions: [Dependency.Kind: Set<String>] = [
        .cargo: ["--version", "--vers"], .gem: ["-v", "--version"],
    ]

    /// Options that name another place to take packages from.
    private static let places: [Dependency.Kind: Set<String>] = [
        .pip: [
            "-i", "--index-url", "--extra-index-url", "--index", "--default-index", "-f", "--find-links", "--no-index",
            "--git", "--source", "--from",
        ],
        .npm: ["--registry"], .cargo: ["--git", "--path", "--index", "--registry"],
        .gem: ["-s", "--source", "--clear-sources"],
    ]

    /// Whether an option among the words of a command names another place, whatever the command does with packages of the kind.
    static func isElsewhere(_ words: ArraySlice<String>, _ kind: Dependency.Kind) -> Bool {
        let places = places[kind] ?? []
        let isConda = words.first.map { ["conda", "mamba", "micromamba"].contains($0) } ?? false
        for (index, word) in zip(words.indices, words) {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            let name = parts.first ?? word
            let value = parts.count == 2 ? parts[1] : words[(index + 1)...].first ?? ""
            // `--from` is a package's name or its address.
            if name == "--from", !value.contains("/"), !value.contains(":") { continue }
            if places.contains(name), !PackagePlace.isUsual(value) { return true }
            if isConda, ["-c", "--channel"].contains(name), !PackagePlace.channels.contains(value) { return true }
        }
        return false
    }

    /// A package without the registry that Deno writes before it; JSR's are no npm packages.
    func bare(_ package: String) -> String {
        if package.hasPrefix("jsr:") { return "" }
        return kind == .npm && package.hasPrefix("npm:") ? String(package.dropFirst(4)) : package
    }

    /// `uv run --with rich --with 'httpx>=0.27' script.py`: what is put beside a script.
    private static func beside(_ words: ArraySlice<String>) -> Installer? {
        guard words.starts(with: ["uv", "run"]), words.contains(where: { $0.hasPrefix("--with") }) else { return nil }
        var install = Installer(kind: .pip, packages: [], version: nil)
        install.isElsewhere = isElsewhere(words, .pip)
        for (flag, word) in zip(words, words.dropFirst()) where flag == "--with" {
            install.packages += word.split(separator: ",").map(String.init)
        }
        for word in words where word.hasPrefix("--with=") {
            install.packages += word.dropFirst(7).split(separator: ",").map(String.init)
        }
        return install
    }

    static func parse(_ words: ArraySlice<String>) -> Installer? {
        if let install = beside(words) { return install }
        let leading = words.filter { !$0.hasPrefix("-") || $0 == "-m" }
        guard let form = forms.first(where: { leading.starts(with: $0.words) }) else { return nil }
        let (valued, versioned) = (valued[form.kind] ?? [], versions[form.kind] ?? [])
        var install = Installer(kind: form.kind, packages: [], version: nil)
        install.isElsewhere = isElsewhere(words, form.kind)
        var toSkip = form.words.count
        var option: String?
        for word in words {
            if let name = option {
                if versioned.contains(name) { install.version = word }
                option = nil
            } else if toSkip > 0, !word.hasPrefix("-") || word == "-m" {
                toSkip -= 1
            } else if word.hasPrefix("-") {
                let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
                if parts.count == 2, versioned.contains(parts[0]) {
                    install.version = parts[1]
                } else if valued.contains(word) {
                    option = word
                }
            } else {
                install.packages.append(word)
            }
        }
        return install
    }
}
