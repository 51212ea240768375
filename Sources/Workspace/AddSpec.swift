import Basics
import Git
import Passes
import Registry
import SkillModel

/// Where `skvm add` stands.
struct SpecContext: Sendable {
    var workingDirectory: String
    var root: String
    var registry: String?
    var workspace: Workspace
    /// Nil without a cooldown.
    var ages: ReleaseAges?
}

/// What one argument of `skvm add` means: `NAME[@RANGE]`, `GIT-URL[#PATH][@RANGE]` or `./FOLDER`.
struct AddSpec: Sendable {
    var name: PackageName
    var source: ManifestDependency.Source

    /// Throws `DiagnosticsError` for what is none of the three, and for what isn't there.
    static func read(_ text: String, _ context: SpecContext, _ shelf: RegistryShelf) async throws -> AddSpec {
        if isFolder(text) { return try folder(text, context) }
        if isRepository(text) { return try await repository(text, context) }
        return try await package(text, context, shelf)
    }

    private static func isFolder(_ text: String) -> Bool {
        text.hasPrefix("./") || text.hasPrefix("../") || text.hasPrefix("/") || text == "." || text == ".."
    }

    private static func isRepository(_ text: String) -> Bool {
        text.contains(":") || text.hasPrefix("-")
    }

    // MARK: ./FOLDER

    private static func folder(_ text: String, _ context: SpecContext) throws -> AddSpec {
        let path = FileSystem.absolute(text, from: context.workingDirectory)
        guard FileSystem.exists(path + "/SKILL.md") else {
            throw fault("add.no-skill", "\(text) is no skill: it has no SKILL.md", "name a folder that has one")
        }
        var name: PackageName?
        if FileSystem.exists(path + "/skvm.toml") {
            let bytes = try FileSystem.read(path + "/skvm.toml", limit: Manifest.greatestSize)
            name = try Manifest(parsing: bytes, file: path + "/skvm.toml").package?.name
        }
        if name == nil {
            name = Parse.frontMatter(of: try FileSystem.read(path + "/SKILL.md", limit: Parse.maximumSize)).name
                .flatMap { PackageName($0) }
        }
        return AddSpec(name: name ?? PackageName(unnamed: path), source: .path(relative(path, to: context.root)))
    }

    /// `path` from `root`, as people write it in a manifest.
    static func relative(_ path: String, to root: String) -> String {
        let from = root.split(separator: "/")
        let to = path.split(separator: "/")
        let common = zip(from, to).prefix { $0 == $1 }.count
        let parts = Array(repeating: "..", count: from.count - common) + to.dropFirst(common).map(String.init)
        if parts.isEmpty { return "." }
        return parts[0] == ".." ? parts.joined(separator: "/") : "./" + parts.joined(separator: "/")
    }

    /// An address as messages may show it: what stands between a user's name and the `@` before the host is left out,
    /// and a name without a password, which may be a token, too.
    static func withoutPassword(_ address: String) -> String {
        guard let scheme = address.firstRange(of: "://") else { return address }
        // A password may hold `@` and `/`: the last `@` ends it.
        guard let at = address[scheme.upperBound...].lastIndex(of: "@") else { return address }
        guard let colon = address[scheme.upperBound..<at].firstIndex(of: ":") else {
            let isUser = !address[scheme.upperBound..<at].contains("/") && address.hasPrefix("http")
            return isUser ? "\(address[..<scheme.upperBound])…\(address[at...])" : address
        }
        return "\(address[...colon])…\(address[at...])"
    }

    // MARK: GIT-URL[#PATH][@RANGE]

    private static func repository(_ text: String, _ context: SpecContext) async throws -> AddSpec {
        var rest = text
        var range: VersionRange?
        // The range is what follows the last `@`, if it is one: a user's name before a host is none.
        if let at = rest.lastIndex(of: "@"), !rest[at...].contains("/") || rest[..<at].contains("#") {
            let candidate = String(rest[rest.index(after: at)...])
            if let parsed = VersionRange(candidate), !candidate.contains(":") {
                range = parsed
                rest = String(rest[..<at])
            }
        }
        var path: RelativePath?
        if let mark = rest.firstIndex(of: "#") {
            let folder = String(rest[rest.index(after: mark)...])
            guard let parsed = RelativePath(folder) else {
                throw fault("add.path", "'\(folder)' is no folder of a repository", "write GIT-URL#FOLDER/OF/SKILL")
            }
            path = parsed
            rest = String(rest[..<mark])
        }
        guard let url = RepositoryURL(rest) else {
            throw fault(
                "add.address",
                "'\(AddSpec.withoutPassword(rest))' is no repository's address: \(RepositoryURL.fault(in: rest) ?? "")",
                "write https://HOST/REPOSITORY#FOLDER@RANGE")
        }
        var source = GitSource(url: url, path: path, reference: range.map { .range($0) } ?? .newest)
        let package = GitPackage(
            url: try GitURL(Catalog.absolute(url, context.root)), path: path, cache: context.workspace.repositories)
        var candidates = try await package.candidates(source.reference)
        if range == nil { candidates = try await oldEnough(candidates, of: package, context) }
        guard let candidate = candidates.max(by: { $0.version < $1.version }) else {
            throw fault("add.empty", "\(url) has nothing to install", "look at it with git")
        }
        let release = try await package.release(candidate)
        // A tagged version is followed within its compatible range, as in a registry; an untagged commit is pinned by the lock.
        if range == nil, candidate.tag != nil { source.reference = .range(.compatible(with: candidate.version)) }
        if path == nil, case .git(_, _, let found?) = release.origin { source.path = found }
        return AddSpec(name: release.name, source: .git(source))
    }

    /// Without a range the newest release is added that the cooldown does not pass over.
    private static func oldEnough(
        _ candidates: [GitPackage.Candidate], of package: GitPackage, _ context: SpecContext
    ) async throws -> [GitPackage.Candidate] {
        guard let ages = context.ages, candidates.first?.tag != nil else { return candidates }
        let releases = try await package.versions().filter { !$0.version.isPrerelease }
        let young = try await ages.tooYoung(
            releases.map { ($0.version, .git(package.url, commit: $0.commit, path: nil)) })
        let rest = releases.filter { !young.contains($0.version) }
        if rest.isEmpty { throw tooYoung(package.url.text, ages) }
        return rest
    }

    private static func tooYoung(_ what: String, _ ages: ReleaseAges) -> DiagnosticsError {
        DiagnosticsError([
            Diagnostic(
                "add.too-young", .error, "every release of \(what) is younger than the cooldown, \(ages.cooldown)",
                hint: "wait, or name one exactly: @=VERSION")
        ])
    }

    // MARK: NAME[@RANGE]

    private static func package(
        _ text: String, _ context: SpecContext, _ shelf: RegistryShelf
    ) async throws -> AddSpec {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let name = PackageName(parts[0]) else {
            throw fault(
                "add.name", "'\(parts[0])' can't name a package: \(PackageName.fault(in: parts[0]) ?? "")",
                FileSystem.isDirectory(FileSystem.absolute(text, from: context.workingDirectory))
                    ? "for the folder, write ./\(text)"
                    : "write NAME, NAME@RANGE, https://HOST/REPOSITORY#FOLDER or ./FOLDER")
        }
        var range: VersionRange?
        if parts.count == 2 {
            guard let parsed = VersionRange(parts[1]) else {
                throw fault(
                    "add.range", "'\(parts[1])' is no range of versions: \(VersionRange.fault(in: parts[1]) ?? "")",
                    "write \(name)@^1.2, \(name)@=1.2.3 or \(name)@*")
            }
            range = parsed
        }
        if range == nil {
            let entry = try shelf.entry(context.registry)
            guard let releases = try await shelf.snapshot(entry).releases(of: name) else {
                throw DiagnosticsError([try await shelf.unknownPackage(name, in: entry)])
            }
            var usable = releases.filter { !$0.isYanked }
            if let ages = context.ages, !usable.isEmpty {
                let young = try await ages.tooYoung(usable.map { ($0.version, $0.origin) })
                usable.removeAll { young.contains($0.version) }
                if usable.isEmpty { throw tooYoung("'\(name)'", ages) }
            }
            let newest = usable.last { !$0.version.isPrerelease } ?? usable.last
            guard let newest else {
                throw DiagnosticsError([
                    Diagnostic(
                        "add.yanked", .error, "every version of '\(name)' was taken back",
                        hint: "name one: \(name)@=VERSION")
                ])
            }
            range = .compatible(with: newest.version)
        }
        return AddSpec(name: name, source: .registry(range ?? .any, registry: context.registry))
    }

    private static func fault(_ id: String, _ message: String, _ hint: String) -> DiagnosticsError {
        DiagnosticsError([Diagnostic(id, .error, message, hint: hint, fault: .usage)])
    }
}
