import Basics
import Git
import Registry
import SkillModel

extension Workspace {
    /// Fetches what is new in every registry, and says from where to where each went. What the lock pins stays pinned.
    ///
    /// Costs what changed: of the index, only what was asked for before is read, to hold it against what was seen then. All
    /// registries are tried; what is wrong with one is in the report. Under `--dry-run` their heads are asked for, and nothing
    /// is fetched: whether a history was rewritten is known only afterwards.
    package func updateRegistries() async throws -> Findings {
        let project = try self.project()
        let shelf = try RegistryShelf(project, self)
        var report = Findings(command: "registry", lines: [])
        for entry in shelf.entries {
            guard case .git(let url, _) = entry.registry.location else {
                report.lines.append(
                    "\(entry.name): \(entry.source == .embedded ? "inside skvm" : "a folder, read as it is")")
                continue
            }
            do {
                let before = try await entry.registry.lastSeen()
                if flags.dryRun {
                    let now = try await entry.registry.presentHead()
                    report.lines.append("dry run: \(entry.name): \(Self.step(from: before, to: now)), \(url)")
                    continue
                }
                let snapshot = try await shelf.snapshot(entry)
                let now = snapshot.commit
                try await snapshot.checkSeen()
                report.lines.append("\(entry.name): \(Self.step(from: before, to: now)), \(url)")
            } catch {
                guard let found = Self.diagnostics(of: error) else { throw error }
                report.diagnostics += found
                report.lines.append("\(entry.name): not available, \(url)")
            }
        }
        report.lines += project.manifest.hubs.sorted { $0.key < $1.key }.map {
            "\($0.key): a ClawHub, asked when something is wanted of it"
        }
        report.ok = !report.diagnostics.contains { $0.severity == .error }
        return report
    }

    private static func step(from before: ObjectID?, to now: ObjectID?) -> String {
        switch (before, now) {
        case (let before?, let now?) where before != now: "\(before.short) → \(now.short)"
        case (nil, let now?): "at \(now.short)"
        case (_, let now?): "up to date at \(now.short)"
        case (_, nil): "empty"
        }
    }
}
