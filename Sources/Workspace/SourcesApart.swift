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
        for state in [state(of: project.root), userState] {
            guard let record = try state.installed().first(where: { Self.isSame($0.place, source) }) else { continue }
            let shown = AddSpec.relative(source, to: settings.workingDirectory)
            let version = record.version.map { " \($0)" } ?? ""
            throw AddSpec.fault(
                "add.installed", "\(shown) is where skvm installed \(record.package)\(version): it is no source",
                "to go on with a copy of your own: cp -r \(shown) ./my-\(record.name), then skvm add ./my-\(record.name); "
                    + "edits of an installed skill are kept where they are, too")
        }
    }

    /// Refuses to install a skill where the source of one lies. Throws `install.source` for each.
    func requireApart(_ requests: [InstallRequest], _ resolved: Resolved, _ project: Project) throws {
        let sources = resolved.packages.compactMap { package -> (name: String, path: String)? in
            guard package.source.isFolder else { return nil }
            return (package.id.name.description, FileSystem.absolute(package.place, from: project.root))
        }
        if sources.isEmpty { return }
        var faults: [Diagnostic] = []
        for request in requests {
            let place = "\(request.folder)/\(request.name)"
            guard
                let source = sources.first(where: {
                    Self.isSame($0.path, place) || $0.path.utf8.starts(with: "\(place)/".utf8)
                })
            else { continue }
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

    /// Whether two paths are one folder, also where case or a link makes two names of it.
    private static func isSame(_ a: String, _ b: String) -> Bool {
        if a.utf8.elementsEqual(b.utf8) { return true }
        let places = [a, b].map { path -> [UInt64]? in
            (try? FileSystem.status(path)).flatMap { $0 }.map { [$0.device, $0.inode] }
        }
        return places[0] != nil && places[0] == places[1]
    }
}
