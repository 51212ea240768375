package import Basics
import Git
import Registry
import SkillModel

/// What `skvm search` found.
package struct SearchReport: DiagnosedReport, Codable, Equatable {
    package struct Hit: Sendable, Codable, Equatable {
        package var name: String
        package var version: String
        package var registry: String
        package var description: String
        package var keywords: [String]
    }

    package var version = 1
    package var command = "search"
    package var ok = true
    /// The best match first: the registries take turns by rank, the default one first. Without words, all by name. A package
    /// that several registries have is there once for each: which of them it is taken from is the user's to say.
    package var packages: [Hit] = []
    package var diagnostics: [Diagnostic] = []
    var words: [String]
    /// Of a list of all packages, how many it leaves out.
    package var more: Int?
    /// How wide a terminal is that shows it, in columns; nil for none.
    package var width: Int?

    private enum CodingKeys: String, CodingKey {
        case version, command, ok, packages, diagnostics, words, more
    }

    package var text: String {
        if packages.isEmpty, words.isEmpty { return "the registries have no packages" }
        if packages.isEmpty { return "no package has all of: \(words.joined(separator: " "))" }
        let isMixed = Set(packages.map(\.registry)).count > 1
        let lines = Table.lines(
            packages.map { hit in
                [hit.name, hit.version] + (isMixed ? [hit.registry] : [])
                    + [width == nil ? Self.shortened(hit.description, 100) : hit.description]
            })
        // A terminal that is very narrow breaks lines: names are not cut.
        let rest = more.map { ["and \(counted($0, "package")) more: --limit NUMBER, or words to search for"] } ?? []
        return (lines.map { line in width.map { Self.shortened(line, max($0, 40)) } ?? line } + rest)
            .joined(separator: "\n")
    }

    private static func shortened(_ text: String, _ length: Int) -> String {
        text.count > length ? text.prefix(length - 1) + "…" : text
    }
}

extension Workspace {
    package static let greatestSearch = 100

    /// The project for a command that works anywhere: the user's own where there is none, and one without a manifest where
    /// the user has none either.
    func projectOrNone() throws -> Project {
        if try projectRootOrNone() == nil, !flags.global {
            if FileSystem.exists(settings.configDirectory + "/" + Manifest.fileName) {
                return try Self.project(at: settings.configDirectory)
            }
            return Project(root: settings.workingDirectory, manifest: Manifest(), hasManifest: false)
        }
        return try project()
    }

    /// The packages of the project's registries (of the one called `registry`) that hold all `words`. A server that can't be
    /// reached is a warning, when what it said last is known.
    package func search(_ words: [String], registry: String? = nil, limit: Int = 20) async throws -> SearchReport {
        guard
            words.isEmpty
                || words.contains(where: {
                    $0.unicodeScalars.contains { $0.properties.isAlphabetic || $0.properties.numericType != nil }
                })
        else {
            throw DiagnosticsError([
                Diagnostic(
                    "search.words", .error, "there is no word to search for", hint: "write: skvm search pdf table",
                    fault: .usage)
            ])
        }
        let shelf = try RegistryShelf(try projectOrNone(), self)
        var entries = shelf.entries
        var hubs = shelf.hubs.sorted { $0.key < $1.key }
        if let registry {
            hubs = hubs.filter { $0.key == registry }
            entries = hubs.isEmpty ? [try shelf.entry(registry)] : []
        }
        // The default one first.
        let main = try shelf.entry(nil).name
        entries = entries.filter { $0.name == main } + entries.filter { $0.name != main }
        let terms = words.flatMap { $0.split(separator: " ").map(String.init) }
        var report = SearchReport(words: words)
        var lists: [[SearchReport.Hit]] = []
        var failures: [Diagnostic] = []
        for entry in entries {
            do {
                let (snapshot, warnings) = try await lastKnown(entry, shelf)
                if terms.isEmpty {
                    report.diagnostics += warnings
                    lists.append(try await listed(snapshot, entry.name, limit, &report))
                    continue
                }
                let found = try await snapshot.search(
                    terms, folder: settings.cacheDirectory, limit: limit, report: settings.progress)
                report.diagnostics += warnings
                report.diagnostics += Self.unreadable(found.unreadable, entry.name)
                lists.append(
                    found.hits.map {
                        .init(
                            name: $0.name.description, version: $0.version.description, registry: entry.name,
                            description: $0.summary, keywords: $0.keywords)
                    })
            } catch {
                guard let found = Self.diagnostics(of: error) else { throw error }
                failures += found
            }
        }
        // A hub lists nothing unasked.
        for (name, url) in terms.isEmpty ? [] : hubs {
            do {
                lists.append(
                    try await self.hubs.search(terms, at: url, limit: limit).map {
                        .init(
                            name: "@\($0.owner)/\($0.name)", version: $0.version, registry: name,
                            description: $0.summary,
                            keywords: [])
                    })
            } catch {
                guard let found = Self.diagnostics(of: error) else { throw error }
                // It was one of several that were asked: what the others have is worth having.
                failures += found.map { $0.asWarning(unless: registry != nil) }
            }
        }
        // One registry that fails must not hide what the others have, nor go unsaid.
        report.diagnostics += failures
        report.ok = !report.diagnostics.contains { $0.severity == .error }
        for rank in 0..<limit {
            report.packages += lists.compactMap { rank < $0.count ? $0[rank] : nil }
        }
        if terms.isEmpty {
            // By name: a package that several registries have is listed once for each, one below the other.
            let ranks = Dictionary(
                entries.map(\.name).enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
            report.packages.sort { ($0.name, ranks[$0.registry] ?? 0) < ($1.name, ranks[$1.registry] ?? 0) }
            let left = (report.more ?? 0) + max(0, report.packages.count - limit)
            report.more = left == 0 ? nil : left
        }
        report.packages = Array(report.packages.prefix(limit))
        return report
    }

    /// The first packages of a registry by name, with the newest version of each.
    private func listed(
        _ snapshot: RegistrySnapshot, _ registry: String, _ limit: Int, _ report: inout SearchReport
    ) async throws -> [SearchReport.Hit] {
        let names = try await snapshot.packageNames().sorted()
        var hits: [SearchReport.Hit] = []
        var unreadable: [PackageName] = []
        for name in names.prefix(limit) {
            do {
                let releases = try await snapshot.releases(of: name)?.filter { !$0.isYanked } ?? []
                guard let newest = releases.last(where: { !$0.version.isPrerelease }) ?? releases.last else { continue }
                hits.append(
                    .init(
                        name: name.description, version: newest.version.description, registry: registry,
                        description: (newest.summary ?? "").split(whereSeparator: \.isNewline).joined(separator: " "),
                        keywords: newest.keywords))
            } catch {
                guard error.fault == .build else { throw error }
                unreadable.append(name)
            }
        }
        report.diagnostics += Self.unreadable(unreadable, registry)
        if names.count > limit { report.more = (report.more ?? 0) + names.count - limit }
        return hits
    }

    /// The registry as it is now; when its server can't be reached, as it was last, with a warning.
    private func lastKnown(
        _ entry: RegistryShelf.Entry, _ shelf: RegistryShelf
    ) async throws -> (RegistrySnapshot, [Diagnostic]) {
        do {
            return (try await shelf.snapshot(entry), [])
        } catch {
            guard let found = Self.diagnostics(of: error), found.contains(where: { $0.fault == .outside }),
                let stored = try? await entry.registry.open(.stored)
            else { throw error }
            return (
                stored,
                found.map { diagnostic in
                    var warning = diagnostic
                    warning.severity = .warning
                    warning.notes.append("what the registry '\(entry.name)' had when it was last asked was searched")
                    return warning
                }
            )
        }
    }

    private static func unreadable(_ names: [PackageName], _ registry: String) -> [Diagnostic] {
        if names.isEmpty { return [] }
        let shown = names.prefix(5).map(\.description).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
        return [
            Diagnostic(
                "search.unreadable", .warning,
                "\(counted(names.count, "package")) of the registry '\(registry)' can't be read: \(shown)",
                hint: "`skvm info NAME` says why; tell those who keep the registry")
        ]
    }
}

extension Diagnostic {
    fileprivate func asWarning(unless isError: Bool) -> Diagnostic {
        var copy = self
        if !isError { copy.severity = .warning }
        return copy
    }
}
