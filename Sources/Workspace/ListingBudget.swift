import Basics
import Harness
import Passes
import SkillModel

/// What the skills that a target's harness finds cost it before any is used: it lists their names and descriptions at the
/// start of each session.
struct ListingCost: Sendable, Equatable {
    struct Skill: Sendable, Equatable {
        var place: String
        /// Of the line `- name: description`, as much of it as the harness lists.
        var characters: Int
        /// Whether the harness lists less of the description than there is.
        var isCut: Bool
    }

    var target: String
    var harness: String
    /// The costliest first.
    var skills: [Skill]
    var bytes: Int
    /// Nil when neither the harness documents a limit nor the manifest sets one.
    var limit: Int?
    /// Where the limit was read.
    var source: String

    var characters: Int { skills.reduce(0) { $0 + $1.characters } }
    var isExceeded: Bool { limit.map { characters > $0 } ?? false }

    var listing: DoctorReport.Listing {
        DoctorReport.Listing(
            target: target, harness: harness, skills: skills.count, characters: characters, limit: limit,
            tokens: TokenEstimate.of(bytes: bytes))
    }

    /// What to tell a user; nil while it fits.
    var warning: Diagnostic? {
        guard isExceeded, let limit else { return nil }
        let costly = skills.prefix(3).map { "\($0.place): \($0.characters)" }
        return Diagnostic(
            "install.listing", .warning,
            "the descriptions of \(counted(skills.count, "skill")) for target '\(target)' take \(characters) characters; "
                + "\(harness) lists \(limit), and shortens or drops the rest",
            notes: ["the limit is from \(source)"] + costly,
            hint: "shorten descriptions or remove skills; where \(harness) is set to more, write listing = N into "
                + "[targets.\(target)]")
    }

    /// A description that is cut is found less well, whatever the others cost.
    var cutWarning: Diagnostic? {
        let cut = skills.filter(\.isCut)
        guard !cut.isEmpty else { return nil }
        return Diagnostic(
            "install.listing-cut", .warning,
            "\(harness) lists only a part of \(cut.count == 1 ? "a description" : "\(cut.count) descriptions") for target '\(target)'",
            notes: cut.prefix(5).map(\.place), hint: "put what matters first, or shorten them")
    }
}

extension Workspace {
    /// Of each target: all that stands in its harness's folders, of the project and of the user, whoever put it there.
    func listingCosts(_ targets: [ResolvedTarget], _ project: Project) throws -> [ListingCost] {
        try targets.map { target in
            var skills: [ListingCost.Skill] = []
            var bytes = 0
            var seen: Set<String> = []
            for scope in [HarnessFolder.Scope.project(root: project.root), .user] {
                guard let folder = try? HarnessFolder.resolve(target.harness, scope, environment: settings.environment),
                    seen.insert(folder).inserted, FileSystem.isDirectory(folder)
                else { continue }
                for place in try skillFolders(folder) {
                    guard let line = try listed(place, target.harness.listing?.entry) else { continue }
                    bytes += line.text.utf8.count
                    skills.append(
                        .init(
                            place: project.shown(place), characters: line.text.unicodeScalars.count, isCut: line.isCut))
                }
            }
            skills.sort { ($1.characters, $0.place) < ($0.characters, $1.place) }
            let own = project.manifest.targets.first { $0.name == target.name }?.listing
            return ListingCost(
                target: target.name.description, harness: target.harness.title, skills: skills, bytes: bytes,
                limit: own ?? target.harness.listing?.characters,
                source: own == nil ? target.harness.listing?.source ?? "" : "[targets.\(target.name)] of skvm.toml")
        }
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

    /// `- name: description`; nil for a skill that only its user calls, and is not listed
    /// (`disable-model-invocation`, as Claude Code and others have it).
    private func listed(_ place: String, _ most: Int?) throws -> (text: String, isCut: Bool)? {
        guard let bytes = try? FileSystem.read(place + "/SKILL.md", limit: Parse.maximumSize) else { return nil }
        let front = Parse.frontMatter(of: bytes)
        if front.entries.contains(where: { $0.key == "disable-model-invocation" && $0.value.lowercased() == "true" }) {
            return nil
        }
        let folder = place.split(separator: "/").last.map(String.init) ?? place
        let description = front.description ?? ""
        let kept = most.map { String(String.UnicodeScalarView(description.unicodeScalars.prefix($0))) } ?? description
        return ("- \(front.name ?? folder): \(kept)", kept.utf8.count < description.utf8.count)
    }
}
