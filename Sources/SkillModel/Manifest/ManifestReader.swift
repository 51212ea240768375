package import Basics
import Formats

extension Manifest {
    private static let keys = [
        "package", "dependencies", "registries", "targets", "passes", "workspace", "vendor", "update", "patch", "trust",
        "limits",
    ]
    /// Larger manifests are refused, in bytes.
    package static let greatestSize = 4 << 20

    /// Reads a manifest strictly; `file` is the name that diagnostics give. O(n).
    ///
    /// Throws `DiagnosticsError` with everything that is wrong in it, each with line, column and a hint.
    package init(parsing bytes: [UInt8], file: String = fileName) throws(DiagnosticsError) {
        let document = try TOMLDocument(parsing: bytes, file: file, limit: Self.greatestSize)
        let findings = Findings()
        let record = TOMLRecord(document.root, "the manifest", keys: Self.keys, findings: findings)
        self.init()
        if let table = record.table("package") { package = Package(table, findings) }
        if let table = record.table("registries") { (registries, hubs) = Self.registries(table, findings) }
        let known = KnownRegistries(indexes: registries, hubs: hubs)
        if let table = record.table("dependencies") {
            dependencies = table.values.compactMap { ManifestDependency($0, registries: known, findings) }
        }
        if let table = record.table("patch") { patches = Patch.read(table, known, findings) }
        if let table = record.table("targets") { targets = table.values.compactMap { Target($0, findings) } }
        if let table = record.table("passes") { passes = CustomPass.read(table, findings) }
        if let table = record.table("workspace") {
            let record = TOMLRecord(table, "[workspace]", keys: ["members", "exclude"], findings: findings)
            members = Self.folders("members", record)
            exclude = Self.folders("exclude", record)
        }
        if let table = record.table("vendor") { vendor = Self.vendor(table, findings) }
        if let table = record.table("update") {
            cooldown = TOMLRecord(table, "[update]", keys: ["cooldown"], findings: findings).value("cooldown")
        }
        if let table = record.table("trust") {
            trust = TrustPolicy(table, known: registries.keys.sorted(), findings)
        }
        if let table = record.table("limits") {
            greatestPackage = TOMLRecord(table, "[limits]", keys: ["entries"], findings: findings)
                .integer("entries", in: 1...Self.greatestEntries).map(Int.init)
        }
        try findings.throwErrors()
    }

    /// No `[limits]` may allow more: what a tree may have (`TreeLimits`).
    private static let greatestEntries: Int64 = 200_000

    private static func vendor(_ table: TOMLTable, _ findings: Findings) -> RelativePath? {
        let record = TOMLRecord(table, "[vendor]", keys: ["path"], findings: findings)
        return record.requiredParsed("path", { $0.isPrintable ? RelativePath($0) : nil }) { _ in
            "a folder below the manifest, like \"vendor\", without '..'"
        }
    }

    private static func registries(
        _ table: TOMLTable, _ findings: Findings
    ) -> ([String: RepositoryURL], [String: WebURL]) {
        let record = TOMLRecord(table, "[registries]", keys: table.values.map(\.key), findings: findings)
        var registries: [String: RepositoryURL] = [:]
        var hubs: [String: WebURL] = [:]
        for value in table.values {
            guard TargetName(value.key) != nil else {
                record.reportKey(value, "a registry", TargetName.fault(in: value.key))
                continue
            }
            if value.key == Manifest.embeddedRegistry {
                record.reportKey(value, "a registry", "this is the name of the registry that is built into skvm")
                continue
            }
            guard value.string?.hasPrefix(HubSource.prefix) == true else {
                registries[value.key] = record.parsed(value, RepositoryURL.init, fault: RepositoryURL.fault)
                continue
            }
            if value.key == "default" {
                record.report(
                    value, id: "manifest.registry", "a ClawHub can't be the default registry",
                    hint: "give it another name: its packages are told apart by their owner, which a plain name has not"
                )
                continue
            }
            guard let text = value.string, let hub = HubSource.hub(text) else {
                // Not shown: it may hold a password, which is why it is refused.
                record.report(
                    value, "the address of the ClawHub '\(value.key.shortened)' is not valid",
                    hint: WebURL.fault(in: String((value.string ?? "").dropFirst(HubSource.prefix.count))))
                continue
            }
            hubs[value.key] = hub
        }
        return (registries, hubs)
    }

    /// A workspace without members is one, too: of the skill beside it, or of none yet.
    private static func folders(_ key: String, _ record: TOMLRecord) -> [String] {
        (record.strings(key) ?? []).compactMap { text, value in
            if text == ".", key == "members" { return text }
            guard RelativePath(text) != nil, text.isPrintable, text.utf8.count <= 1024 else {
                let what = key == "members" ? "member" : "excluded folder"
                record.report(
                    value, id: "manifest.member", "\(what) '\(text.shortened)' is no folder below the manifest",
                    hint: "give a relative path without '..', like \"skills/*\"")
                return nil
            }
            // In other tools' patterns `**` stands for folders of any depth; here it would be read as one name.
            if key == "members", text.contains("**") {
                record.report(
                    value, id: "manifest.member", "'\(text.shortened)' has `**`; a `*` stands for one name each",
                    hint: "write a `*` for each level: \"skills/*\", \"skills/*/*\"")
                return nil
            }
            return text
        }
    }
}

extension Manifest.Package {
    fileprivate init?(_ table: TOMLTable, _ findings: Findings) {
        let record = TOMLRecord(
            table, "[package]", keys: ["name", "version", "description", "requires", "publish"], findings: findings)
        let name: PackageName? = record.requiredValue("name")
        let version: Version? = record.requiredValue("version")
        let description = record.line("description", limit: 1024)
        let requires = record.table("requires").map { Demand.read($0, findings) } ?? []
        let isPublic = record.boolean("publish") ?? true
        guard let name, let version else { return nil }
        self.init(
            name: name, version: version, description: description, requires: requires, isPublic: isPublic)
    }
}

extension Manifest.Target {
    fileprivate init?(_ value: TOMLValue, _ findings: Findings) {
        let what = "[targets.\(TOMLLiteral.keyText(value.key.shortened))]"
        guard let table = value.table else {
            findings.add(
                Diagnostic(
                    "toml.wrong-type", .error, "target '\(value.key.shortened)' is \(value.kind.name), not a table",
                    at: value.location, hint: "write it as a [targets.NAME] table with model, harness and environment"))
            return nil
        }
        let record = TOMLRecord(
            table, what, keys: ["model", "harness", "environment", "profile", "listing", "context"], findings: findings)
        let model: ModelName? = record.requiredValue("model")
        let harness: TargetName? = record.requiredParsed("harness", TargetName.init) { _ in
            "a harness has a name like openclaw or claude-code"
        }
        let environment = record.requiredParsed("environment", EnvironmentReference.init) { _ in
            "the name of a description like debian-12-x86_64, a file like ./env.toml, or host"
        }
        let profile = record.line("profile")
        guard let name = TargetName(value.key) else {
            record.reportKey(value, "a target", TargetName.fault(in: value.key))
            return nil
        }
        guard let model, let harness, let environment else { return nil }
        self.init(
            name: name, model: model, harness: harness, environment: environment, profile: profile,
            listing: record.integer("listing", in: Self.listings).map(Int.init), context: record.context("context"),
            location: value.keyLocation)
    }
}

extension ManifestDependency {
    private static let keys = [
        "version", "registry", "git", "path", "rev", "tag", "branch", "package", "index", "url", "sha256", "owner",
    ]

    init?(_ value: TOMLValue, registries: KnownRegistries, _ findings: Findings) {
        let what = "dependency '\(value.key.shortened)'"
        guard let table = value.table else {
            guard let text = value.string, let range = VersionRange(text) else {
                findings.add(
                    Diagnostic(
                        "manifest.range", .error, "\(what) has no version range: \(value.sourceText.shortened)",
                        at: value.location,
                        hint: "write a range like \"^1.2\", or a table like { path = \"../\(value.key.shortened)\" }"))
                return nil
            }
            self.init(value, .registry(range, registry: nil), findings)
            return
        }
        let record = TOMLRecord(table, what, keys: Self.keys, findings: findings)
        let package: PackageName? = record.value("package")
        guard let source = Self.source(record, value, registries) else { return nil }
        self.init(value, package: package, source, findings)
    }

    private init?(_ value: TOMLValue, package: PackageName? = nil, _ source: Source, _ findings: Findings) {
        guard let name = PackageName(value.key) else {
            findings.add(
                Diagnostic(
                    "manifest.name", .error, "'\(value.key.shortened)' can't name a package", at: value.keyLocation,
                    hint: PackageName.fault(in: value.key)))
            return nil
        }
        self.init(name, package: package == name ? nil : package, source, location: value.keyLocation)
    }

    private static func source(
        _ record: TOMLRecord, _ value: TOMLValue, _ registries: KnownRegistries
    ) -> Source? {
        if record.has("index") || record.has("url") {
            return WebSource.read(record, name: value.key).map { .web($0.source, range: $0.range) }
        }
        if let stray = record.table["sha256"] {
            record.report(stray, id: "manifest.source", "'sha256' needs 'url'", hint: "add url = \"https://…\"")
            return nil
        }
        if record.has("git") { return gitSource(record) }
        for key in ["rev", "tag", "branch"] {
            guard let stray = record.table[key] else { continue }
            record.report(stray, id: "manifest.source", "'\(key)' needs 'git'", hint: "add git = \"https://…\"")
            return nil
        }
        if record.has("path") {
            for key in ["registry", "owner"] where record.has(key) {
                record.report(
                    value, id: "manifest.source", "a dependency has one source, not 'path' and '\(key)'",
                    hint:
                        "leave '\(key)' out: a folder is published with its 'version' in the registry of its dependents"
                )
                return nil
            }
            var range: VersionRange?
            if record.has("version") {
                range = record.value("version")
                if range == nil { return nil }
            }
            return record.line("path").map { .path($0, range: range) }
        }
        guard let range: VersionRange = record.requiredValue("version") else { return nil }
        if let owner = record.table["owner"], !record.has("registry") {
            record.report(
                owner, id: "manifest.source", "'owner' needs 'registry', and that a ClawHub",
                hint: "name one of [registries] whose address begins with \(HubSource.prefix)")
            return nil
        }
        guard let registry = record.table["registry"] else { return .registry(range, registry: nil) }
        guard let name = record.string(registry) else { return nil }
        if let hub = registries.hubs[name] { return hubSource(record, value, hub, range, name) }
        if let owner = record.table["owner"], registries.isKnown(name) {
            record.report(
                owner, id: "manifest.source", "the registry '\(name.shortened)' has no owners: it is no ClawHub",
                hint: "remove 'owner'")
            return nil
        }
        guard registries.isKnown(name) else {
            let meant = nearest(to: name, in: registries.names)
            record.report(
                registry, id: "manifest.registry", "no registry is named '\(name.shortened)'",
                hint: meant.map { "did you mean '\($0)'?" } ?? "add it: skvm registry add \(name.shortened) URL")
            return nil
        }
        return .registry(range, registry: name)
    }

    private static func hubSource(
        _ record: TOMLRecord, _ value: TOMLValue, _ hub: WebURL, _ range: VersionRange, _ name: String
    ) -> Source? {
        guard record.has("owner") else {
            record.report(
                value, id: "manifest.owner", "'\(value.key.shortened)' comes from a ClawHub, and has no 'owner'",
                hint: "several owners may have a skill of that name; find yours: "
                    + "skvm add \(value.key.shortened) --registry \(name)")
            return nil
        }
        let owner: HubOwner? = record.value("owner")
        return owner.map { .hub(HubSource(url: hub, owner: $0), range: range, registry: name) }
    }

    private static func gitSource(_ record: TOMLRecord) -> Source? {
        guard let url: RepositoryURL = record.requiredValue("git") else { return nil }
        for key in ["registry", "owner"] {
            guard let other = record.table[key] else { continue }
            record.report(other, id: "manifest.source", "a dependency has one source, not 'git' and '\(key)'")
            return nil
        }
        let references = ["version", "rev", "tag", "branch"].filter(record.has)
        guard references.count <= 1 else {
            record.report(
                record.table[references[1]] ?? record.table.value, id: "manifest.source",
                "'\(references[0])' and '\(references[1])' both choose a commit", hint: "keep one of them")
            return nil
        }
        var path: RelativePath?
        if record.has("path") {
            let text = record.parsed("path", { RelativePath($0) != nil && $0.isPrintable ? $0 : nil }) { _ in
                "a relative path in the repository, without '..'"
            }
            guard let text else { return nil }
            path = RelativePath(text)
        }
        guard let reference = reference(record, references.first) else { return nil }
        return .git(GitSource(url: url, path: path, reference: reference))
    }

    private static func reference(_ record: TOMLRecord, _ key: String?) -> GitSource.Reference? {
        guard let key else { return .newest }
        if key == "version" { return record.value("version", as: VersionRange.self).map { .range($0) } }
        let fault = key == "rev" ? GitSource.faultOfRevision : GitSource.faultOfReference
        let text = record.parsed(key, { fault($0) == nil ? $0 : nil }, fault: fault)
        switch key {
        case "rev": return text.map { .revision($0.lowercased()) }
        case "tag": return text.map { .tag($0) }
        default: return text.map { .branch($0) }
        }
    }
}

/// What `[registries]` names.
struct KnownRegistries {
    var indexes: [String: RepositoryURL] = [:]
    var hubs: [String: WebURL] = [:]

    var names: [String] { (Array(indexes.keys) + hubs.keys).sorted() + [Manifest.embeddedRegistry] }
    func isKnown(_ name: String) -> Bool {
        indexes[name] != nil || hubs[name] != nil || name == Manifest.embeddedRegistry
    }
}

extension TOMLRecord {
    fileprivate func reportKey(_ value: TOMLValue, _ what: String, _ fault: String?) {
        findings.add(
            Diagnostic(
                "manifest.name", .error, "'\(value.key.shortened)' can't name \(what)", at: value.keyLocation,
                hint: fault))
    }
}
