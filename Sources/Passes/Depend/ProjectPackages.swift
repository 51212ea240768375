import Basics
import SkillModel

/// Which packages belong to the project that the skill writes or works in, by how the text asks for them: a manifest that it
/// shows, a command that adds to one (`npm install x`, `cargo add x`, `uv add x`), an `import` of JavaScript, the framework
/// that its code is for. What a command installs for the user (`npm install -g`), what a runner fetches, what `require` or a
/// bundled script loads belongs to the machine; so does what is asked for in both ways.
struct ProjectPackages {
    /// Spans of commands that add to a project.
    private let adding: Set<SourceSpan>
    /// Packages that a fragment loads by `require`, by where its code starts.
    private let required: [Int: Set<String>]

    init(_ reading: SkillReading) {
        adding = Set(reading.invocations.filter { Self.adds($0.unwrapped) }.map(\.span))
        var required: [Int: Set<String>] = [:]
        for fragment in reading.document.fragments where fragment.text[...].range(of: "require(") != nil {
            required[fragment.content.start] = Self.required(fragment.text)
        }
        self.required = required
    }

    func marked(_ dependencies: [Dependency], of id: String) -> [Dependency] {
        dependencies.map { dependency in
            var dependency = dependency
            if isOfProject(dependency, id) { dependency.scope = .project }
            return dependency
        }
    }

    private func isOfProject(_ dependency: Dependency, _ id: String) -> Bool {
        let spans = dependency.evidence.compactMap(\.span)
        return switch id {
        case ManifestFragmentRule.id: true
        case FrameworkRule.id, NamedPackageRule.id: dependency.kind == .npm
        case PackageInstallRule.id: spans.contains(where: adding.contains)
        case FragmentImportRule.id:
            dependency.kind == .npm && !spans.contains { required[$0.start]?.contains(dependency.name) ?? false }
        // A module that Go's own manifest brings; only what it builds is a program.
        case BundledImportRule.id, BundledManifestRule.id: dependency.kind == .go
        default: false
        }
    }

    /// Whether a command adds to the manifest of the folder that it runs in.
    private static func adds(_ words: ArraySlice<String>) -> Bool {
        let plain = words.filter { !$0.hasPrefix("-") }
        guard plain.count > 2 else { return false }
        switch (plain[0], plain[1]) {
        case ("npm", "install"), ("npm", "i"), ("npm", "add"), ("pnpm", "add"), ("pnpm", "install"), ("pnpm", "i"),
            ("yarn", "add"), ("bun", "add"), ("bun", "install"), ("bun", "i"):
            return !words.contains { ["-g", "--global", "--location=global"].contains($0) }
        case ("deno", "add"), ("cargo", "add"), ("go", "get"), ("uv", "add"), ("poetry", "add"), ("pdm", "add"):
            return true
        default: return false
        }
    }

    /// O(length).
    private static func required(_ code: String) -> Set<String> {
        var found: Set<String> = []
        var rest = code[...]
        while let call = rest.range(of: "require(") {
            rest = rest[call.upperBound...]
            guard let quote = rest.first, quote == "'" || quote == "\"" || quote == "`" else { continue }
            let module = String(rest.dropFirst().prefix(200).prefix { $0 != quote })
            if let package = NodePackages.thirdParty(module: module) { found.insert(package) }
        }
        return found
    }
}
