import Basics
import Harness
import SkillModel

/// A skill's source and the folder that it is installed into are two folders: what is written into its own source is compiled
/// into itself the next time, and taken away with the skill.
extension Workspace {
    /// Refuses to add a folder that skvm itself installed. Throws `add.installed`.
    func requireNotInstalled(_ spec: AddSpec, _ folder: String, _ project: Project) throws {
        guard case .path(let path, _) = spec.source else { return }
        let source = FileSystem.absolute(path, from: folder)
        guard let identity = Identity(source) else { return }
        for state in [state(of: project.root), userState] {
            guard let record = try state.installed().first(where: { Identity($0.place) == identity }) else { continue }
            let shown = AddSpec.relative(source, to: settings.workingDirectory)
            let version = record.version.map { " \($0)" } ?? ""
            throw AddSpec.fault(
                "add.installed", "\(shown) is where skvm installed \(record.package)\(version): it is no source",
                "to go on with a copy of your own: cp -r \(shown) ./my-\(record.name), then skvm add ./my-\(record.name); "
                    + "edits of an installed skill are kept where they are, too")
        }
    }

    /// Refuses to install a skill where the source of one lies. Throws `install.source` for each.
    /// O(sources · depth + requests).
    func requireApart(_ requests: [InstallRequest], _ resolved: Resolved, _ project: Project) throws {
        var sources: [Identity: (name: String, path: String)] = [:]
        for package in resolved.packages where package.source.isFolder {
            let path = FileSystem.absolute(package.place, from: project.root)
            // A place that holds a source would take it away as well.
            var folder: String? = path
            while let here = folder, let identity = Identity(here), here != project.root, sources[identity] == nil {
                sources[identity] = (package.id.name.description, path)
                folder = FileSystem.parent(of: here)
            }
        }
        if sources.isEmpty { return }
        var faults: [Diagnostic] = []
        for request in requests {
            let place = "\(request.folder)/\(request.name)"
            guard let source = Identity(place).flatMap({ sources[$0] }) else { continue }
            let shown = project.shown(source.path)
            let target = project.manifest.targets.first { $0.name.description == request.target }
            let harness = target.map { "\($0.harness)" } ?? "the harness"
            faults.append(
                Diagnostic(
                    "install.source", .error,
                    "\(request.package) can't be installed for target '\(request.target)': \(shown), where \(harness) would "
                        + "read it, is the source of \(source.name)",
                    hint: "keep sources where no harness looks: git mv \(shown) src/\(request.name), then name "
                        + "./src/\(request.name) in skvm.toml"))
        }
        if !faults.isEmpty { throw DiagnosticsError(faults) }
    }
}

/// What a folder is, under whatever name: case or a link may make two of it.
private struct Identity: Hashable {
    var device: UInt64
    var inode: UInt64

    /// Nil where nothing is.
    init?(_ path: String) {
        guard let status = try? FileSystem.status(path) else { return nil }
        (device, inode) = (status.device, status.inode)
    }
}
