import Basics
import Formats
import Git
import Passes
import Registry
import SkillModel

/// Where `skvm add` stands.
struct SpecContext: Sendable {
    var workingDirectory: String
    var root: String
    var registry: String?
    /// The ClawHubs of the project, by name.
    var hubs: [String: WebURL] = [:]
    var workspace: Workspace
    /// Nil without a cooldown.
    var ages: ReleaseAges?
    /// Whether the manifest that is edited is that of a skill with [package].
    var isPackage = false
    var selection = AddSelection.plain
}

/// What one argument of `skvm add` means: `NAME[@RANGE]`, `GIT-URL[#SKILL][@RANGE]`, `HOST-URL[#SKILL][@RANGE]` for a
/// well-known index, `URL.tar.gz[#PATH]`, `./FOLDER[#SKILL]`, or `@OWNER/NAME[@RANGE]` for a ClawHub.
struct AddSpec: Sendable {
    var name: PackageName
    var source: ManifestDependency.Source

    /// One skill, or all of a plugin, and where the context says so all of a repository.
    ///
    /// Throws `DiagnosticsError` for what is none of these, and for what isn't there.
    static func read(_ text: String, _ context: SpecContext, _ shelf: RegistryShelf) async throws -> [AddSpec] {
        if isFolder(text) {
            if context.selection.reference != nil { try context.selection.requireNothing(of: text, "a folder") }
            return try await folder(text, context)
        }
        let text = PastedAddress.written(text)
        do {
            if let specs = try await locked(text, context) { return specs }
            if let page = PastedAddress(text) { return try await page.specs(context) }
            if let specs = try await WebSpec.read(text, context) { return specs }
            if let spec = try await HubSpec.read(text, context) {
                try context.selection.requireNothing(of: text, "a package of a ClawHub")
                return [spec]
            }
            if isRepository(text) { return try await repository(text, context) }
        } catch {
            throw advising(text, error)
        }
        try context.selection.requireNothing(of: text, "a package of a registry")
        return [try await package(text, context, shelf)]
    }

    private static func isFolder(_ text: String) -> Bool {
        text.hasPrefix("./") || text.hasPrefix("../") || text.hasPrefix("/") || text == "." || text == ".."
    }

    private static func isRepository(_ text: String) -> Bool {
        text.contains(":") || text.hasPrefix("-")
    }

    // MARK: ./FOLDER[#SKILL]

    static func folder(_ text: String, _ context: SpecContext) async throws -> [AddSpec] {
        let whole = FileSystem.absolute(text, from: context.workingDirectory)
        if FileSystem.exists(whole + "/SKILL.md"), !context.selection.isAll { return [try skill(whole, context)] }
        let mark = FileSystem.isDirectory(whole) ? nil : text.lastIndex(of: "#")
        let path = FileSystem.absolute(
            mark.map { String(text[..<$0]) } ?? text, from: context.workingDirectory)
        guard FileSystem.isDirectory(path) else { throw noFolder(text, whole) }
        if isBareRepository(path) {
            throw fault(
                "add.no-skill",
                "\(mark.map { String(text[..<$0]) } ?? text) is a bare git repository, no folder of files",
                "write file://\(path)\(mark.map { String(text[$0...]) } ?? "")")
        }
        if let wrong = try? FileSystem.list(path).first(where: { $0 != "SKILL.md" && $0.uppercased() == "SKILL.MD" }) {
            throw DiagnosticsError([
                Diagnostic(
                    "package.no-skill", .error, "\(text) has a \(wrong), and no SKILL.md",
                    hint: "call the file SKILL.md, in these letters")
            ])
        }
        let collection = try await SkillCollection(folder: path)
        let choice = SkillChoice(
            collection, address: mark.map { String(text[..<$0]) } ?? text,
            selector: mark.map { String(text[text.index(after: $0)...]) }, isAll: context.selection.isAll)
        switch try choice.found() {
        case .here(let skills): return try skills.map { try skill($0.map { "\(path)/\($0)" } ?? path, context) }
        case .elsewhere(let plugin, let skill):
            return try await PluginSource(plugin, skill, from: choice.address, isLocal: true).specs(context)
        }
    }

    private static func noFolder(_ text: String, _ path: String) -> DiagnosticsError {
        if !FileSystem.exists(path) {
            return fault("add.no-skill", "there is no folder \(text)", "name a folder that has a SKILL.md")
        }
        return fault(
            "add.no-skill", "\(text) is a file, no folder",
            path.hasSuffix("/SKILL.md")
                ? "write \(text.dropLast("/SKILL.md".count)), the folder that it lies in"
                : "unpack it, or name it by an address: file://\(path)")
    }

    private static func isBareRepository(_ path: String) -> Bool {
        FileSystem.exists(path + "/HEAD") && FileSystem.isDirectory(path + "/objects")
            && FileSystem.isDirectory(path + "/refs")
    }

    static func skill(_ path: String, _ context: SpecContext) throws -> AddSpec {
        var name: PackageName?
        var range: VersionRange?
        if FileSystem.exists(path + "/skvm.toml") {
            let bytes = try FileSystem.read(path + "/skvm.toml", limit: Manifest.greatestSize)
            let package = try Manifest(parsing: bytes, file: path + "/skvm.toml").package
            name = package?.name
            // What will be published needs the range that stands for the folder then.
            if context.isPackage, let package, package.isPublic { range = .compatible(with: package.version) }
        }
        if name == nil {
            name = Parse.frontMatter(of: try FileSystem.read(path + "/SKILL.md", limit: Parse.maximumSize)).name
                .flatMap { PackageName($0) }
        }
        return AddSpec(
            name: name ?? PackageName(unnamed: path), source: .path(relative(path, to: context.root), range: range))
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

    // MARK: GIT-URL[#SKILL][@RANGE]

    static func repository(_ text: String, _ context: SpecContext) async throws -> [AddSpec] {
        try requireNoOtherManager(text)
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
        if range != nil, context.selection.reference != nil {
            throw fault(
                "add.reference", "'\(SecretText.shown(text))' names a range of versions already",
                "give the range, or one of --branch, --tag and --rev")
        }
        var selector: String?
        if let mark = rest.firstIndex(of: "#") {
            selector = String(rest[rest.index(after: mark)...])
            rest = String(rest[..<mark])
        }
        guard let url = RepositoryURL(rest) else {
            throw fault(
                "add.address",
                "'\(SecretText.shown(rest))' is no repository's address: \(RepositoryURL.fault(in: rest) ?? "")",
                "write https://HOST/REPOSITORY#FOLDER@RANGE")
        }
        return try await skills(
            of: url, selector, range.map { .range($0) } ?? context.selection.reference ?? .newest, context)
    }

    /// Those of a repository that `selector` names. A `#` of a folder may be written as a lock writes it.
    private static func skills(
        of url: RepositoryURL, _ selector: String?, _ reference: GitSource.Reference, _ context: SpecContext
    ) async throws -> [AddSpec] {
        var source = GitSource(url: url, reference: reference)
        let repository = GitPackage(
            url: try GitURL(Catalog.absolute(url, context.root)), path: selector.flatMap { RelativePath($0) },
            cache: context.workspace.repositories)
        var candidate = try await candidate(repository, source.reference, context)
        var choice = SkillChoice(
            try await repository.collection(at: candidate.commit), address: url.description, selector: selector,
            isAll: context.selection.isAll)
        if choice.isMissing, source.reference == .newest, candidate.tag != nil,
            let branch = try await repository.defaultBranch()
        {
            // What no release has yet may be on the default branch: there plugins are read by their own harnesses.
            source.reference = .branch(branch)
            candidate = try await Self.candidate(repository, source.reference, context)
            choice = SkillChoice(
                try await repository.collection(at: candidate.commit), address: url.description, selector: selector,
                isAll: context.selection.isAll)
        }
        if choice.isMissing, let selector, case let folder = SourceMarks.read(selector), folder != selector,
            let found = try? await skills(of: url, folder, reference, context)
        {
            return found
        }
        switch try choice.found() {
        case .here(let skills): return try await specs(skills, candidate, source, context)
        case .elsewhere(let plugin, let skill):
            return try await PluginSource(plugin, skill, from: choice.address, isLocal: url.isLocal).specs(context)
        }
    }

    // MARK: As skvm.lock has it

    /// A source as `skvm tree` and the lock show it, which has no range; nil for what is none of a repository or a web server.
    private static func locked(_ text: String, _ context: SpecContext) async throws -> [AddSpec]? {
        guard ["git+", "index+", "url+"].contains(where: { text.hasPrefix($0) }), let source = PackageSource(text)
        else {
            return nil
        }
        switch source {
        case .git(let url, let reference, let path):
            let named: GitSource.Reference? =
                switch reference {
                case .branch(let name)?: .branch(name)
                case .tag(let name)?: .tag(name)
                case nil: nil
                }
            if let named, context.selection.reference != nil {
                throw fault(
                    "add.reference", "'\(source)' says \(named.words) already", "leave out --branch, --tag or --rev")
            }
            return try await skills(of: url, path?.text, named ?? context.selection.reference ?? .newest, context)
        case .web: return try await WebSpec.read(String(text.drop { $0 != "+" }.dropFirst()), context)
        case .registry, .embedded, .hub, .path, .workspace: return nil
        }
    }

    /// The commit that a reference means now; of versions the newest that the cooldown does not pass over.
    static func candidate(
        _ package: GitPackage, _ reference: GitSource.Reference, _ context: SpecContext
    ) async throws -> GitPackage.Candidate {
        var candidates = try await package.candidates(reference)
        if reference == .newest { candidates = try await oldEnough(candidates, of: package, context) }
        guard let candidate = candidates.max(by: { $0.version < $1.version }) else {
            throw fault("add.empty", "\(package.url) has nothing to install", "look at it with git")
        }
        return candidate
    }

    /// One for each of the folders of a commit, nil for its root. A skill without a name that a package can have is named
    /// after its folder.
    static func specs(
        _ skills: [RelativePath?], _ candidate: GitPackage.Candidate, _ source: GitSource, _ context: SpecContext
    ) async throws -> [AddSpec] {
        var specs: [AddSpec] = []
        let url = try GitURL(Catalog.absolute(source.url, context.root))
        let cache = context.workspace.repositories
        await cache.prefetchManifests(of: skills.map { .git(url, commit: candidate.commit, path: $0) })
        for path in skills {
            let own = GitPackage(url: url, path: path, cache: cache)
            let release = try await release(own, candidate, cache)
            var source = source
            source.path = path
            // Its first digits mean one commit today, and a server tells no other than those of its branches and tags.
            if source.isRevision { source.reference = .revision(candidate.commit.hex) }
            // A tagged version is followed within its compatible range, as in a registry; an untagged commit is pinned by
            // the lock.
            if source.reference == .newest, candidate.tag != nil {
                source.reference = .range(.compatible(with: candidate.version))
            }
            specs.append(AddSpec(name: release.name, source: .git(source)))
        }
        return specs
    }

    private static func release(
        _ package: GitPackage, _ candidate: GitPackage.Candidate, _ cache: GitCache
    ) async throws(DiagnosticsError) -> PackageRelease {
        do throws(DiagnosticsError) {
            return try await package.release(candidate)
        } catch {
            guard error.diagnostics.contains(where: { $0.id == "package.no-name" }) else { throw error }
        }
        let name = PackageName(unnamed: package.path?.text ?? package.url.text)
        return try await GitPackage(url: package.url, path: package.path, name: name, cache: cache).release(candidate)
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

    static func tooYoung(_ what: String, _ ages: ReleaseAges) -> DiagnosticsError {
        DiagnosticsError([
            Diagnostic(
                "add.too-young", .error, "every release of \(what) is younger than the cooldown, \(ages.cooldown)",
                hint: "wait, or name one exactly: @=VERSION")
        ])
    }

    /// To git, `npm:foo` would be the host `npm`.
    private static func requireNoOtherManager(_ text: String) throws {
        let others: Set = ["npm", "jsr", "pypi", "pip", "cargo", "gem", "brew", "docker", "oci"]
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2, others.contains(parts[0].lowercased()), !parts[1].hasPrefix("//") else { return }
        throw fault(
            "add.address", "skvm takes no packages of \(parts[0])",
            "a registry's package is named without a prefix: skvm add \(parts[1].shown(limit: 60)); a repository's by its address"
        )
    }

    // MARK: NAME[@RANGE]

    private static func package(
        _ text: String, _ context: SpecContext, _ shelf: RegistryShelf
    ) async throws -> AddSpec {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let name = PackageName(parts[0]) else {
            if let (plain, letters) = OtherScripts.inASCII(parts[0]), PackageName(plain) != nil {
                let named = letters.prefix(5).map { "'\($0)' (U+\(String($0.value, radix: 16, uppercase: true)))" }
                throw fault(
                    "add.name", "'\(parts[0])' has letters that look like others: \(named.joined(separator: ", "))",
                    "a package's name is in ASCII; if you meant `\(plain)`, type it")
            }
            let near = await nearestPackage(parts[0], context, shelf)
            let hint: String
            if FileSystem.isDirectory(FileSystem.absolute(text, from: context.workingDirectory)) {
                hint = "for the folder, write ./\(text)"
            } else if let near {
                hint = "did you mean '\(near)'?"
            } else if let address = RepositoryURL.shorthand(text) {
                hint = "for the repository on GitHub, write \(address)"
            } else {
                hint = "write NAME, NAME@RANGE, https://HOST/REPOSITORY#FOLDER or ./FOLDER"
            }
            throw fault(
                "add.name", "'\(parts[0])' can't name a package: \(PackageName.fault(in: parts[0]) ?? "")", hint)
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
                var unknown = try await shelf.unknownPackage(name, in: entry)
                if FileSystem.exists(FileSystem.absolute("\(name)/SKILL.md", from: context.workingDirectory)) {
                    unknown.hint = "did you mean ./\(name)? For a folder, write ./ before it"
                }
                throw DiagnosticsError([unknown])
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

    /// A package of the registry whose name is nearly what was written.
    private static func nearestPackage(
        _ text: String, _ context: SpecContext, _ shelf: RegistryShelf
    ) async -> String? {
        guard let entry = try? shelf.entry(context.registry),
            let names = try? await shelf.snapshot(entry).packageNames()
        else { return nil }
        return nearest(to: text, in: names.map(\.description))
    }

    static func fault(_ id: String, _ message: String, _ hint: String) -> DiagnosticsError {
        DiagnosticsError([Diagnostic(id, .error, message, hint: hint, fault: .usage)])
    }
}
