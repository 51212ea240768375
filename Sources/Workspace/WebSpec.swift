import Basics
import ContentStore
import Git
import Passes
import Registry
import SkillModel

/// What `skvm add` makes of an address of a web server: an archive, a well-known index, or a git repository.
enum WebSpec {
    /// Nil for what is no such address, or is to be taken for a repository.
    ///
    /// A host without a path is an index, what ends like an archive is one. Else it is a repository if there is one, and an
    /// index if there is not.
    static func read(_ text: String, _ context: SpecContext) async throws -> [AddSpec]? {
        let lowered = text.lowercased()
        guard lowered.hasPrefix("https://") || lowered.hasPrefix("http://") else { return nil }
        let (address, fragment, range) = parts(of: text)
        // What may be a secret is refused before anybody is asked or anything is printed.
        if address.contains("?") { _ = try url(address) }
        if isFile(address) {
            try context.selection.requireNothing(of: address, "one file")
            return [try await file(address, fragment, range, context)]
        }
        for suffix in [WellKnownIndex.path, "/.well-known/agent-skills", "/.well-known/agent-skills/"]
        where address.hasSuffix(suffix) {
            return try await indexed(String(address.dropLast(suffix.count)), fragment, range, context)
        }
        guard let url = WebURL(address), !address.hasSuffix(".git") else { return nil }
        if url.path.isEmpty { return try await indexed(address, fragment, range, context) }
        do {
            return try await AddSpec.repository(text, context)
        } catch {
            guard let found = Workspace.diagnostics(of: error),
                found.allSatisfy({ Self.meansNoRepository.contains($0.id) }),
                let specs = try? await indexed(address, fragment, range, context)
            else { throw error }
            return specs
        }
    }

    /// What git says where there is no repository. Some servers ask for a password rather than say so.
    private static let meansNoRepository: Set<String> = ["git.not-found", "git.authentication", "git.network"]

    private static func isFile(_ address: String) -> Bool {
        [".tar.gz", ".tgz", ".zip", "/SKILL.md"].contains { address.hasSuffix($0) }
    }

    /// `ADDRESS[#FRAGMENT][@RANGE]`; an `@` before the path is a user's.
    private static func parts(of text: String) -> (address: String, fragment: String?, range: VersionRange?) {
        var rest = text
        var range: VersionRange?
        if let at = rest.lastIndex(of: "@"), let parsed = VersionRange(String(rest[rest.index(after: at)...])) {
            range = parsed
            rest = String(rest[..<at])
        }
        guard let mark = rest.firstIndex(of: "#") else { return (rest, nil, range) }
        return (String(rest[..<mark]), String(rest[rest.index(after: mark)...]), range)
    }

    private static func url(_ address: String) throws -> WebURL {
        guard let url = WebURL(address) else {
            let shown = SecretText.shown(String(address.prefix { $0 != "?" }))
            throw AddSpec.fault(
                "add.address", "'\(shown)' can't be used: \(WebURL.fault(in: address) ?? "")",
                "write https://HOST#SKILL, or https://HOST/FILE.tar.gz")
        }
        return url
    }

    // MARK: An index

    /// One skill of it, or all.
    private static func indexed(
        _ address: String, _ fragment: String?, _ range: VersionRange?, _ context: SpecContext
    ) async throws -> [AddSpec] {
        if context.selection.reference != nil { try context.selection.requireNothing(of: address, "a host's index") }
        guard context.selection.isAll, fragment == nil else {
            return [try await index(address, fragment, range, context)]
        }
        var specs: [AddSpec] = []
        for name in try await context.workspace.web.index(of: try url(address)).names {
            specs.append(try await index(address, name.description, range, context))
        }
        if specs.isEmpty { return [try await index(address, nil, range, context)] }
        return specs
    }

    private static func index(
        _ address: String, _ fragment: String?, _ range: VersionRange?, _ context: SpecContext
    ) async throws -> AddSpec {
        let url = try url(address)
        let web = context.workspace.web
        let names = try await web.index(of: url).names
        let skill: PackageName
        if let fragment {
            guard let name = PackageName(fragment) else {
                throw AddSpec.fault(
                    "add.name", "'\(fragment)' can't name a skill: \(PackageName.fault(in: fragment) ?? "")",
                    "write \(url)#SKILL")
            }
            skill = name
        } else if names.count == 1 {
            skill = names[0]
        } else {
            let listing = names.prefix(20).map(\.description).joined(separator: ", ")
            throw DiagnosticsError([
                Diagnostic(
                    "index.several-skills", .error,
                    names.isEmpty ? "\(url) hands out no skill" : "\(url) hands out \(names.count) skills",
                    notes: names.isEmpty ? [] : ["it has \(listing)\(names.count > 20 ? ", …" : "")"],
                    hint: names.first.map { "say which one: \(url)#\($0); or take all of them with --all" })
            ])
        }
        let (spec, release) = try await indexed(skill, of: url, context)
        guard let range else { return spec }
        guard range.contains(release.version) else {
            throw DiagnosticsError([
                RegistrySnapshot.noVersion(of: skill, in: range, among: [release.version], at: url.description)
            ])
        }
        return AddSpec(name: skill, source: .web(.index(url, skill: skill), range: range))
    }

    /// A skill of an index with what there is of it now.
    static func indexed(
        _ skill: PackageName, of url: WebURL, _ context: SpecContext
    ) async throws -> (spec: AddSpec, release: PackageRelease) {
        let source = WebSource.index(url, skill: skill)
        let release = try await context.workspace.web.release(of: source, name: skill)
        // A skill that says its version is held to what is compatible with it, as anywhere; one that doesn't has none to hold.
        let isSaid = !PseudoVersion.isOfTree(release.version)
        let range = isSaid ? VersionRange.compatible(with: release.version) : nil
        return (AddSpec(name: skill, source: .web(source, range: range)), release)
    }

    // MARK: A file

    private static func file(
        _ address: String, _ fragment: String?, _ range: VersionRange?, _ context: SpecContext
    ) async throws -> AddSpec {
        let url = try url(address)
        if range != nil {
            throw AddSpec.fault(
                "add.range", "\(url) is one file: it has no versions to choose from", "leave the range out")
        }
        let path = fragment.flatMap { RelativePath($0) }
        guard (path == nil) == (fragment == nil) else {
            throw AddSpec.fault("add.path", "'\(fragment ?? "")' is no folder of an archive", "write \(url)#FOLDER")
        }
        let source = WebSource.file(url, path: path, sha256: nil)
        let stem = path?.name ?? Self.stem(of: url)
        let release = try await context.workspace.web.release(of: source, name: PackageName(unnamed: stem))
        let name = try ownName(of: release, in: context.workspace) ?? PackageName(unnamed: stem)
        return AddSpec(name: name, source: .web(source, range: nil))
    }

    /// The file's name without what tells its kind; of a lone `SKILL.md`, its folder's.
    private static func stem(of url: WebURL) -> String {
        var parts = url.path.split(separator: "/")
        if parts.last == "SKILL.md" { parts.removeLast() }
        var name = parts.last ?? ""
        for suffix in [".tar.gz", ".tgz", ".zip"] where name.hasSuffix(suffix) { name = name.dropLast(suffix.count) }
        return String(name)
    }

    /// What the skill calls itself: in its manifest, else in its front matter.
    private static func ownName(of release: PackageRelease, in workspace: Workspace) throws -> PackageName? {
        let store = workspace.store
        guard let tree = release.tree, let entries = try store.tree(tree) else { return nil }
        func bytes(_ name: String) throws -> [UInt8]? {
            guard let blob = entries.first(where: { $0.path.text == name })?.blob else { return nil }
            return try store.get(blob.digest)
        }
        if let manifest = try bytes(Manifest.fileName),
            let name = try Manifest(parsing: manifest, file: "\(release.origin)/\(Manifest.fileName)").package?.name
        {
            return name
        }
        return try bytes("SKILL.md").flatMap { Parse.frontMatter(of: $0).name }.flatMap { PackageName($0) }
    }
}
