import Basics
import Harness
import Passes
import Registry
import SkillModel

extension Workspace {
    /// Of each target: all that stands in its harness's folders, of the project and of the user, whoever put it there.
    ///
    /// What harnesses list and how much models hold is read as the registries tell it now, as far as this machine has seen them:
    /// a lock says nothing of what an agent does today, and no server is asked for advice.
    func listingCosts(_ targets: [ResolvedTarget], _ project: Project) async throws -> [ListingCost] {
        let facts = ListingFacts(shelf: try RegistryShelf(project, self))
        var costs: [ListingCost] = []
        for target in targets {
            let harness = await facts.asKnownNow(target.harness)
            let own = project.manifest.targets.first { $0.name == target.name }
            let known = own?.context == nil ? await facts.model(target.model) : nil
            costs.append(
                ListingCost(
                    target: target.name.description, model: target.model, harness: target.harness.title,
                    skills: try skills(listedBy: harness, project),
                    limit: ListingLimit(own, harness.listing, model: target.model, known: known)))
        }
        return costs
    }

    /// Of all folders that it reads. A name counts once, in its longest text: harnesses list one skill of a name.
    private func skills(listedBy harness: HarnessDescription, _ project: Project) throws -> [ListingCost.Skill] {
        var skills: [String: ListingCost.Skill] = [:]
        var seen: Set<String> = []
        for scope in [HarnessFolder.Scope.project(root: project.root), .user] {
            for folder in HarnessFolder.all(harness, scope, environment: settings.environment)
            where seen.insert(folder).inserted && FileSystem.isDirectory(folder) {
                for place in try skillFolders(folder) {
                    guard let line = listed(place, harness.listing) else { continue }
                    let skill = ListingCost.Skill(
                        place: project.shown(place), characters: line.text.unicodeScalars.count,
                        bytes: line.text.utf8.count, isCut: line.isCut)
                    if let known = skills[line.name], known.characters >= skill.characters { continue }
                    skills[line.name] = skill
                }
            }
        }
        return skills.values.sorted { ($1.characters, $0.place) < ($0.characters, $1.place) }
    }

    /// Skills in a harness's folder, or sorted into folders of it.
    private func skillFolders(_ folder: String) throws -> [String] {
        var found: [String] = []
        for name in try FileSystem.list(folder).sorted() where !name.hasPrefix(".") {
            let place = "\(folder)/\(name)"
            if FileSystem.exists(place + "/SKILL.md") {
                found.append(place)
            } else if FileSystem.isDirectory(place) {
                found += try FileSystem.list(place).sorted().map { "\(place)/\($0)" }.filter {
                    FileSystem.exists($0 + "/SKILL.md")
                }
            }
        }
        return found
    }

    /// `- name: description`, with what else the harness lists of a skill; nil for one that only its user calls, and is not
    /// listed (`disable-model-invocation`, as Claude Code and others have it).
    private func listed(
        _ place: String, _ listing: HarnessDescription.Listing?
    ) -> (name: String, text: String, isCut: Bool)? {
        guard let bytes = try? FileSystem.read(place + "/SKILL.md", limit: Parse.maximumSize) else { return nil }
        let front = Parse.frontMatter(of: bytes)
        if front.entries.contains(where: { $0.key == "disable-model-invocation" && $0.value.lowercased() == "true" }) {
            return nil
        }
        let folder = place.split(separator: "/").last.map(String.init) ?? place
        let more = (listing?.fields ?? []).compactMap { key in front.entries.first { $0.key == key }?.value }
        let all = ([front.description ?? ""] + more).filter { !$0.isEmpty }.joined(separator: " - ")
        let kept = listing?.entry.map { String(String.UnicodeScalarView(all.unicodeScalars.prefix($0))) } ?? all
        let path = listing?.paths == true ? " (\(folder)/SKILL.md)" : ""
        let name = front.name ?? folder
        return (name, "- \(name): \(kept)\(path)", kept.utf8.count < all.utf8.count)
    }
}

/// What registries tell of harnesses and models, each asked for once.
actor ListingFacts {
    private let shelf: RegistryShelf
    private var harnesses: [String: HarnessDescription] = [:]
    private var models: [String: ModelDescription?] = [:]

    init(shelf: RegistryShelf) { self.shelf = shelf }

    /// With what it lists, and the folders that it reads besides its own, as registries tell them now; of one that none on this
    /// machine knows, as it was read with the target.
    func asKnownNow(_ harness: HarnessDescription) async -> HarnessDescription {
        if let known = harnesses[harness.name] { return known }
        var found = harness
        for entry in shelf.entries {
            guard let (bytes, file) = try? await shelf.seen(entry)?.description(.harnesses, harness.name),
                let description = try? HarnessDescription(parsing: bytes, file: file)
            else { continue }
            found.listing = description.listing
            found.alsoReads = description.alsoReads
            found.isOwnFirst = description.isOwnFirst
            break
        }
        harnesses[harness.name] = found
        return found
    }

    func model(_ name: String) async -> ModelDescription? {
        if let known = models[name] { return known }
        var found: ModelDescription?
        for entry in shelf.entries {
            guard let (bytes, file) = try? await shelf.seen(entry)?.model(name),
                let description = try? ModelDescription(parsing: bytes, file: file), description.model == name
            else { continue }
            found = description
            break
        }
        models[name] = .some(found)
        return found
    }
}
