import Basics
import Registry
import SkillModel

/// What `skvm add` makes of a package of a ClawHub: `@OWNER/NAME[@RANGE]`, or `NAME[@RANGE]` with the hub as `--registry`.
///
/// The owner is found once and written into the manifest: a name that its owner gives up can be taken by another.
enum HubSpec {
    /// Nil for what is no package of a hub.
    static func read(_ text: String, _ context: SpecContext) async throws -> AddSpec? {
        let hub = context.registry.flatMap { context.hubs[$0] }
        guard text.hasPrefix("@") || hub != nil else { return nil }
        let parsed = try parts(of: text)
        let (registry, url) = try self.hub(context)
        let hubs = context.workspace.hubs
        var found = parsed.owner
        if found == nil { found = try await hubs.skill(parsed.name, owner: nil, at: url)?.owner }
        guard let owner = found else { throw DiagnosticsError([unknown(parsed, url)]) }
        let source = HubSource(url: url, owner: owner)
        guard let versions = try await hubs.versions(of: source, name: parsed.name) else {
            throw DiagnosticsError([unknown(parsed, url)])
        }
        var range = parsed.range
        if range == nil { range = try await newest(of: versions, "@\(source.owner)/\(parsed.name)", context) }
        guard let range else { return nil }
        return AddSpec(name: parsed.name, source: .hub(source, range: range, registry: registry))
    }

    private typealias Parts = (owner: HubOwner?, name: PackageName, range: VersionRange?)

    private static func parts(of text: String) throws -> Parts {
        let (owner, name, rest) = try split(text)
        guard let rest else { return (owner, name, nil) }
        guard let range = VersionRange(rest) else {
            throw AddSpec.fault(
                "add.range",
                "'\(rest.shown(limit: 80))' is no range of versions: \(VersionRange.fault(in: rest) ?? "")",
                "write @OWNER/\(name)@^1.2, \(name)@=1.2.3 or \(name)@*")
        }
        return (owner, name, range)
    }

    /// `[@OWNER/]NAME[@REST]`.
    static func split(_ text: String) throws -> (owner: HubOwner?, name: PackageName, rest: String?) {
        var rest = text[...]
        var owner: HubOwner?
        if text.hasPrefix("@") {
            guard let slash = text.firstIndex(of: "/") else {
                throw AddSpec.fault(
                    "add.name", "'\(text.shown(limit: 80))' names an owner and no package", "write @OWNER/NAME")
            }
            let handle = text[..<slash].dropFirst().lowercased()
            guard let found = HubOwner(handle) else {
                throw AddSpec.fault(
                    "add.owner", "'\(handle.shown(limit: 80))' can't be an owner: \(HubOwner.fault(in: handle) ?? "")",
                    "write @OWNER/NAME")
            }
            owner = found
            rest = text[text.index(after: slash)...]
        }
        let words = rest.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let name = PackageName(words[0]) else {
            throw AddSpec.fault(
                "add.name",
                "'\(words[0].shown(limit: 80))' can't name a package: \(PackageName.fault(in: words[0]) ?? "")",
                "write @OWNER/NAME or @OWNER/NAME@RANGE")
        }
        return (owner, name, words.count == 2 ? words[1] : nil)
    }

    /// The hub that is meant: the one that is named, or the only one.
    static func hub(_ context: SpecContext) throws -> (name: String, url: WebURL) {
        if let name = context.registry {
            if let url = context.hubs[name] { return (name, url) }
            throw AddSpec.fault(
                "add.no-hub", "the registry '\(name)' is no ClawHub: its packages have no owners", "write NAME alone")
        }
        if context.hubs.count == 1, let only = context.hubs.first { return (only.key, only.value) }
        let names = context.hubs.keys.sorted()
        throw AddSpec.fault(
            "add.no-hub",
            names.isEmpty
                ? "skvm.toml names no ClawHub, and a package with an owner comes from one"
                : "skvm.toml names several ClawHubs: \(names.joined(separator: ", "))",
            names.isEmpty ? "skvm registry add clawhub clawhub+URL" : "say which: --registry NAME")
    }

    private static func unknown(_ parts: Parts, _ url: WebURL) -> Diagnostic {
        Diagnostic(
            "clawhub.unknown-package", .error,
            "\(url) has no package \(parts.owner.map { "@\($0)/" } ?? "")\(parts.name)",
            hint: "look for it: skvm search \(parts.name)")
    }

    /// What is compatible with the newest release that the cooldown does not pass over.
    private static func newest(
        of versions: [HubVersion], _ what: String, _ context: SpecContext
    ) async throws -> VersionRange {
        var usable = versions
        if let ages = context.ages, !usable.isEmpty {
            let young = try await ages.tooYoung(usable.map { ($0.version, .hub($0)) })
            usable.removeAll { young.contains($0.version) }
            if usable.isEmpty { throw AddSpec.tooYoung(what, ages) }
        }
        guard let newest = usable.last(where: { !$0.version.isPrerelease }) ?? usable.last else {
            throw DiagnosticsError([
                Diagnostic(
                    "add.empty", .error, "\(what) has no version that is one (MAJOR.MINOR.PATCH)",
                    hint: "ask its author for one")
            ])
        }
        return .compatible(with: newest.version)
    }
}
