import Basics
import Registry
import SkillModel

extension Workspace {
    /// Names a registry in the project's manifest, once it has answered. With the first `default`, dependencies that named no
    /// registry go on to mean the built-in one. Throws `registry.address`, and what opening a registry throws.
    package func addRegistry(_ name: String, location: String) async throws -> Done {
        try await exclusively(try self.project()) { try await addRegistryAlone(name, location) }
    }

    private func addRegistryAlone(_ name: String, _ location: String) async throws -> Done {
        let project = try self.project()
        if location.hasPrefix(HubSource.prefix) { return try await addHub(name, location, project) }
        // A folder named from where the user stands is written relative to the manifest.
        var text = location
        if !location.contains("://"),
            FileSystem.isDirectory(FileSystem.absolute(location, from: settings.workingDirectory))
        {
            text = FileSystem.absolute(location, from: settings.workingDirectory)
        }
        guard let url = RepositoryURL(text) else {
            throw DiagnosticsError([
                Diagnostic(
                    "registry.address", .error,
                    "'\(SecretText.shown(location))' is no registry's address: \(RepositoryURL.fault(in: text) ?? "")",
                    hint: "give a git address or a folder: https://example.org/registry.git, ./registry", fault: .usage)
            ])
        }
        var edits = try Self.isDefault(name) ? bindingToEmbedded(project) : []
        var own = try edits.first { $0.folder == project.root } ?? ManifestEdit(project.root, of: project)
        edits.removeAll { $0.folder == project.root }
        do throws(DiagnosticsError) { try own.editor.setRegistry(name, url) } catch {
            // Whatever the manifest does not take of this line was said on the command line.
            throw DiagnosticsError(error.diagnostics.map { $0.asUsage })
        }
        let registry = Registry(
            name: name, location: try RegistryLocation(url.description, relativeTo: project.root), cache: repositories)
        let snapshot = try await registry.open()
        let count = try await snapshot.packageNames().count
        // The registry comes last: whoever stops this before it has manifests that mean what they meant.
        edits.append(own)
        try write(edits, project)
        return Done(
            command: "registry",
            text: "\(project.place)registry \(name): \(snapshot.title), \(counted(count, "package")), at \(url)",
            paths: edits.map { project.manifestName(of: $0.folder) }.sorted())
    }

    private static func isDefault(_ name: String) -> Bool { name == "default" }

    /// The manifests in which a dependency names no registry while the project has no `default`: it means the built-in one,
    /// and says so from now on. Another package of the same name must not take its place because a registry was added.
    private func bindingToEmbedded(_ project: Project) throws -> [ManifestEdit] {
        guard project.manifest.registries["default"] == nil else { return [] }
        let members = try project.localFolders()
        var edits: [ManifestEdit] = []
        for folder in Set([project.root] + members).sorted() {
            var edit = try ManifestEdit(folder, of: project)
            guard try edit.editor.manifest().registries["default"] == nil else { continue }
            for dependency in try edit.editor.manifest().dependencies {
                guard case .registry(let range, nil) = dependency.source else { continue }
                try edit.editor.setDependency(
                    dependency.name, package: dependency.ownName,
                    .registry(range, registry: EmbeddedRegistry.name))
            }
            if edit.isChanged { edits.append(edit) }
        }
        return edits
    }

    /// What comes from a registry would come from the built-in one, or from nowhere, without it: for members, too, whatever they
    /// name for themselves, the workspace says which registries there are. Throws `registry.used`.
    private func requireUnused(_ name: String, _ project: Project) throws {
        guard project.manifest.registries[name] != nil || project.manifest.hubs[name] != nil else { return }
        if let patch = project.manifest.patches.first(where: { $0.original == .registry(name) }) {
            throw DiagnosticsError([
                Diagnostic(
                    "registry.used", .error, "[patch.\(name)] puts something in the place of packages of `\(name)`",
                    at: patch.replacement.location, hint: "take the patch out first", fault: .usage)
            ])
        }
        for folder in Set([project.root] + (try project.localFolders())).sorted() {
            let manifest = try ManifestEdit(folder, of: project).editor.manifest()
            let bound = manifest.dependencies.filter { dependency in
                switch dependency.source {
                case .registry(_, let registry): registry == name || registry == nil && Self.isDefault(name)
                case .hub(_, _, let registry): registry == name
                case .git, .web, .path: false
                }
            }
            guard let first = bound.first else { continue }
            let file = project.manifestName(of: folder)
            throw DiagnosticsError([
                Diagnostic(
                    "registry.used", .error,
                    "\(counted(bound.count, "dependency", "dependencies")) of \(file) come from `\(name)`, '\(first.name)' among "
                        + "them", at: first.location,
                    hint: "remove them first, or say there where they come from: "
                        + "\(first.name) = { version = \"…\", registry = \"NAME\" }", fault: .usage)
            ])
        }
    }

    private func addHub(_ name: String, _ text: String, _ project: Project) async throws -> Done {
        guard let url = HubSource.hub(text) else {
            let address = String(text.dropFirst(HubSource.prefix.count))
            throw DiagnosticsError([
                Diagnostic(
                    "registry.address", .error,
                    "'\(SecretText.shown(address).prefix { $0 != "?" })' is no address of a ClawHub: "
                        + (WebURL.fault(in: address) ?? ""),
                    hint: "write clawhub+https://HOST", fault: .usage)
            ])
        }
        var editor = try editor(of: project)
        try editor.setHub(name, url)
        // Whatever it finds: it must answer as a hub does.
        _ = try await hubs.search(["skill"], at: url, limit: 1)
        if !flags.dryRun { try write(editor, to: project.manifestPath) }
        return Done(
            command: "registry",
            text: "\(project.place)registry \(name): a ClawHub, at \(url)\nnext: skvm add @OWNER/NAME",
            paths: [project.manifestName])
    }

    package func removeRegistry(_ name: String) async throws -> Done {
        try await exclusively(try self.project()) { try removeRegistryAlone(name) }
    }

    private func removeRegistryAlone(_ name: String) throws -> Done {
        let project = try self.project()
        try requireUnused(name, project)
        var editor = try editor(of: project)
        guard try editor.removeRegistry(name) else {
            throw DiagnosticsError([
                RegistryShelf.unknown(
                    name, among: (Array(project.manifest.registries.keys) + project.manifest.hubs.keys).sorted())
            ])
        }
        try editor.removeEmptyTable("registries")
        if !flags.dryRun { try write(editor, to: project.manifestPath) }
        return Done(
            command: "registry", text: "\(project.place)removed registry \(name)", paths: [project.manifestName])
    }
}
