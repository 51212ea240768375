import Basics
import Formats
import Git
import Registry
import SkillModel

/// What follows the `#` of a repository's or folder's address: a skill's folder or its name, a plugin of the marketplace,
/// or a skill of a plugin (`PLUGIN/SKILL`).
struct SkillChoice: Sendable {
    enum Found {
        case here([RelativePath?])
        /// A plugin of another repository, and the one skill of it that is meant; nil for all.
        case elsewhere(Marketplace.Plugin, skill: String?)
    }

    let collection: SkillCollection
    /// Without the `#`.
    let address: String
    let selector: String?
    /// Whether several skills are meant where there are several.
    let isAll: Bool

    init(_ collection: SkillCollection, address: String, selector: String?, isAll: Bool = false) {
        self.collection = collection
        self.address = address
        self.selector = selector
        self.isAll = isAll
    }

    /// Throws `package.no-skill` and `package.several-skills`, both listing what there is.
    func found() throws -> Found {
        guard let selector else {
            if isAll, !collection.skills.isEmpty { return .here(collection.skills) }
            return .here([try only()])
        }
        let folder = selector.hasSuffix("/") ? String(selector.dropLast()) : selector
        if let path = RelativePath(folder), collection.skills.contains(path) { return .here([path]) }
        if let fault = collection.marketplaceFault { throw fault }
        if let plugin = try plugin(named: folder) { return try skills(of: plugin, nil) }
        if let separator = folder.firstIndex(where: { $0 == "/" || $0 == ":" }),
            let plugin = try plugin(named: String(folder[..<separator]))
        {
            return try skills(of: plugin, String(folder[folder.index(after: separator)...]))
        }
        let named = collection.skills(named: folder)
        if named.count == 1 { return .here(named) }
        if named.count > 1 {
            if isAll { return .here(named) }
            throw several(named, "\(address) holds \(named.count) skills called '\(folder.shortened)'")
        }
        let below = RelativePath(folder).map { collection.skills(below: $0) } ?? []
        if below.count == 1 { return .here(below) }
        if below.count > 1 {
            if isAll { return .here(below) }
            throw several(below, "\(address)#\(folder.shortened) holds \(below.count) skills")
        }
        throw none(folder)
    }

    /// Whether there is nothing of that name.
    var isMissing: Bool {
        do {
            _ = try found()
            return false
        } catch {
            return Workspace.diagnostics(of: error)?.contains { $0.id == "package.no-skill" } ?? false
        }
    }

    private func only() throws -> RelativePath? {
        if collection.skills.contains(nil) { return nil }
        if let fault = collection.marketplaceFault { throw fault }
        let plugins = collection.marketplace?.plugins ?? []
        if collection.skills.count == 1, plugins.count <= 1 { return collection.skills[0] }
        if collection.skills.isEmpty, plugins.isEmpty {
            throw fault("package.no-skill", "\(address) holds no skill: there is no SKILL.md in it", nil)
        }
        let what = [
            collection.skills.isEmpty ? nil : counted(collection.skills.count, "skill"),
            plugins.isEmpty ? nil : counted(plugins.count, "plugin"),
        ].compactMap { $0 }.joined(separator: " in ")
        let example = plugins.first { !collection.skills(of: $0).isEmpty }?.name ?? plugins.first?.name
        throw fault(
            "package.several-skills", "\(address) holds \(what)",
            "say which: \(address)#\(example ?? collection.skills[0]?.text ?? "")"
                + (collection.skills.isEmpty ? "" : "; or take all of them with --all"))
    }

    /// Nil where the repository has none of that name. Throws for one that it has twice.
    func plugin(named name: String) throws -> Marketplace.Plugin? {
        guard let marketplace = collection.marketplace else { return nil }
        if marketplace.repeated.contains(name) {
            throw fault(
                "package.several-plugins", "the marketplace of \(address) has more than one plugin '\(name.shortened)'",
                "name a skill's folder instead: \(address)#FOLDER; and tell who keeps the marketplace")
        }
        return marketplace.plugins.first { $0.name == name }
    }

    private func skills(of plugin: Marketplace.Plugin, _ skill: String?) throws -> Found {
        switch plugin.place {
        case .unsupported(let reason):
            throw fault("package.unsupported", "skvm can't fetch the plugin '\(plugin.name)': \(reason)", nil)
        case .repository: return .elsewhere(plugin, skill: skill)
        case .inside: return .here(try Self.skills(of: plugin, skill, in: collection, address))
        }
    }

    /// All skills of a plugin, or the one called `skill`.
    static func skills(
        of plugin: Marketplace.Plugin, _ skill: String?, in collection: SkillCollection, _ address: String
    ) throws -> [RelativePath?] {
        let all = collection.skills(of: plugin)
        if all.isEmpty {
            throw DiagnosticsError([
                Diagnostic(
                    "package.no-skill", .error, "the plugin '\(plugin.name)' of \(address) has no skills",
                    hint: "skvm installs skills; a plugin's commands, agents, hooks and servers are its harness's")
            ])
        }
        guard let skill else { return all }
        let meant = all.filter { $0?.name == skill }
        if !meant.isEmpty { return meant }
        let names = all.compactMap { $0?.name }
        throw DiagnosticsError([
            Diagnostic(
                "package.no-skill", .error,
                "the plugin '\(plugin.name)' of \(address) has no skill '\(skill.shortened)'",
                notes: ["it has \(names.joined(separator: ", "))"],
                hint: nearest(to: skill, in: names).map { "did you mean '\($0)'?" })
        ])
    }

    private func none(_ selector: String) -> DiagnosticsError {
        let names =
            (collection.marketplace?.plugins.map(\.name) ?? []) + collection.skills.compactMap { $0?.name }
        return fault(
            "package.no-skill", "\(address) has no skill and no plugin '\(selector.shortened)'",
            nearest(to: selector, in: names).map { "did you mean \(address)#\($0)?" }
                ?? (collection.skills.contains(nil) ? "the skill is the repository's root: write \(address)" : nil))
    }

    private func several(_ skills: [RelativePath?], _ message: String) -> DiagnosticsError {
        let paths = skills.compactMap { $0?.text }
        return DiagnosticsError([
            Diagnostic(
                "package.several-skills", .error, message,
                notes: paths.prefix(20).map { "\(address)#\($0.shortened)" } + (paths.count > 20 ? ["…"] : []),
                hint: "say which, by one of these; or take all of them with --all")
        ])
    }

    private func fault(_ id: String, _ message: String, _ hint: String?) -> DiagnosticsError {
        let faulty = (collection.marketplace?.diagnostics ?? []).prefix(5).map { "the marketplace's \($0.message)" }
        return DiagnosticsError([Diagnostic(id, .error, message, notes: collection.listing + faulty, hint: hint)])
    }
}

/// A plugin that a marketplace takes from another repository.
struct PluginSource: Sendable {
    let plugin: Marketplace.Plugin
    let skill: String?
    /// The marketplace's own address, for messages.
    let marketplace: String
    /// Whether the marketplace is on this machine; only then may its plugins be.
    let isLocal: Bool

    init(_ plugin: Marketplace.Plugin, _ skill: String?, from marketplace: String, isLocal: Bool) {
        self.plugin = plugin
        self.skill = skill
        self.marketplace = marketplace
        self.isLocal = isLocal
    }

    /// Its skills as git dependencies: on its own repository, at the commit or reference that the marketplace says.
    func specs(_ context: SpecContext) async throws -> [AddSpec] {
        guard case .repository(let url, let path, let name, let commit) = plugin.place else { return [] }
        guard isLocal || !url.isLocal else {
            throw AddSpec.fault(
                "add.address", "the plugin '\(plugin.name)' of \(marketplace) names a folder of this machine, \(url)",
                "a marketplace from elsewhere may not")
        }
        let repository = GitPackage(
            url: try GitURL(url.description), path: nil, cache: context.workspace.repositories)
        var reference: GitSource.Reference = .newest
        if let commit {
            reference = .revision(commit.description)
        } else if let name {
            reference = try await repository.reference(named: name)
        }
        let candidate = try await AddSpec.candidate(repository, reference, context)
        var here = plugin
        here.place = .inside(path)
        let skills = try SkillChoice.skills(
            of: here, skill, in: try await repository.collection(at: candidate.commit), url.description)
        return try await AddSpec.specs(skills, candidate, GitSource(url: url, reference: reference), context)
    }
}
