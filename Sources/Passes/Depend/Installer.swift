import SkillModel

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
