import Basics
import Git
import Registry
import SkillModel

extension Workspace {
    /// Forgets what was seen of a registry or repository, named as in the manifest or by its address, so that its present
    /// state is believed: the way out after a rewritten history or a moved tag that has a good reason.
    package func acceptHistory(_ place: String) async throws -> Done {
        let project = try? self.project()
        var text = place
        if let hub = project?.manifest.hubs[place] ?? HubSource.hub(place) { return try acceptHub(hub) }
        if let url = project?.manifest.registries[place] {
            text = url.description
        } else if !place.contains(":"), !place.contains("/") {
            throw DiagnosticsError([
                RegistryShelf.unknown(
                    place, among: project.map { Array($0.manifest.registries.keys) + $0.manifest.hubs.keys } ?? [])
            ])
        }
        guard
            case .git(let url, _) = try RegistryLocation(text, relativeTo: project?.root ?? settings.workingDirectory)
        else { return Done(command: "registry", text: "\(place) is a folder: nothing of it is remembered") }
        let repository = repositories.repository(url)
        if flags.dryRun {
            return Done(
                command: "registry", text: "dry run, nothing was changed; otherwise: forget what was seen of \(url)")
        }
        let known = try await repository.forget()
        return Done(
            command: "registry",
            text: known
                ? "what was seen of \(url) is forgotten; its present state is accepted when it is next looked at"
                : "nothing was remembered of \(url)")
    }

    private func acceptHub(_ url: WebURL) throws -> Done {
        if flags.dryRun {
            return Done(
                command: "registry", text: "dry run, nothing was changed; otherwise: forget what was seen of \(url)")
        }
        return Done(
            command: "registry",
            text: try hubs.forget(url)
                ? "what was seen of \(url) is forgotten; its packages are accepted as they are when next looked at"
                : "nothing was remembered of \(url)")
    }
}
