package import Basics
import Formats

/// Changes of `skvm.toml` that commands make: text in, text out, everything else as it was.
///
/// Every result is a valid manifest; when it isn't one, because the file was broken before, the diagnostics say so and
/// nothing is returned.
package struct ManifestEditor: Sendable {
    private var editor: TOMLEditor
    private let file: String
    /// The text before any edit.
    package let original: [UInt8]

    /// Throws `DiagnosticsError` when `bytes` is no valid manifest. An empty text is one.
    package init(_ bytes: [UInt8], file: String = Manifest.fileName) throws(DiagnosticsError) {
        _ = try Manifest(parsing: bytes, file: file)
        editor = try TOMLEditor(bytes, file: file)
        self.file = file
        original = bytes
    }

    package var bytes: [UInt8] { editor.bytes }
    package var text: String { editor.text }

    /// What the text says now.
    package func manifest() throws(DiagnosticsError) -> Manifest { try Manifest(parsing: bytes, file: file) }

    /// Adds a dependency, or changes where it comes from.
    package mutating func setDependency(
        _ name: PackageName, package: PackageName? = nil, _ source: ManifestDependency.Source
    ) throws(DiagnosticsError) {
        let own = package == name ? nil : package
        try editor.set(["dependencies", name.description], to: source.literal(package: own))
        _ = try manifest()
    }

    /// The same for many, in their order.
    package mutating func setDependencies(
        _ entries: [(name: PackageName, package: PackageName, source: ManifestDependency.Source)]
    ) throws(DiagnosticsError) {
        if entries.isEmpty { return }
        try editor.set(
            entries.map { ($0.name.description, $0.source.literal(package: $0.package == $0.name ? nil : $0.package)) },
            in: ["dependencies"])
        _ = try manifest()
    }

    /// False when there is no such dependency.
    package mutating func removeDependency(_ name: PackageName) throws(DiagnosticsError) -> Bool {
        try editor.remove(["dependencies", name.description])
    }

    /// Adds a target, or replaces the one of its name.
    package mutating func setTarget(_ target: Manifest.Target) throws(DiagnosticsError) {
        var entries: [(key: String, value: TOMLLiteral)] = [
            ("model", .string(target.model.description)), ("harness", .string(target.harness.description)),
            ("environment", .string(target.environment.description)),
        ]
        if let profile = target.profile { entries.append(("profile", .string(profile))) }
        if let listing = target.listing { entries.append(("listing", .integer(Int64(listing)))) }
        if let context = target.context { entries.append(("context", .integer(Int64(context)))) }
        try editor.setTable(["targets", target.name.description], entries)
        _ = try manifest()
    }

    /// False when there is no such target.
    package mutating func removeTarget(_ name: TargetName) throws(DiagnosticsError) -> Bool {
        try editor.remove(["targets", name.description])
    }

    /// Adds a registry, or changes its address.
    package mutating func setRegistry(_ name: String, _ url: RepositoryURL) throws(DiagnosticsError) {
        try editor.set(["registries", name], to: .string(url.description))
        _ = try manifest()
    }

    /// Adds a ClawHub to the registries, or changes its address.
    package mutating func setHub(_ name: String, _ url: WebURL) throws(DiagnosticsError) {
        try editor.set(["registries", name], to: .string("\(HubSource.prefix)\(url)"))
        _ = try manifest()
    }

    /// False when there is no such registry.
    package mutating func removeRegistry(_ name: String) throws(DiagnosticsError) -> Bool {
        let removed = try editor.remove(["registries", name])
        if removed { try removeEmptyTable("registries") }
        _ = try manifest()
        return removed
    }

    /// Takes a table out that has no key left, and no comment.
    package mutating func removeEmptyTable(_ name: String) throws(DiagnosticsError) {
        if editor.isBlank([name]) { _ = try editor.remove([name]) }
    }

    /// Sets the folder of `[vendor]`.
    package mutating func setVendor(_ path: RelativePath) throws(DiagnosticsError) {
        try editor.set(["vendor", "path"], to: .string(path.text))
        _ = try manifest()
    }

    /// Adds a custom pass, or replaces the one of its name.
    package mutating func setPass(
        _ name: PassName, _ command: [String], inputs: [String], phrases: [String]
    ) throws(DiagnosticsError) {
        var entries: [(key: String, value: TOMLLiteral)] = [
            ("command", .array(command.map { .string($0) })), ("inputs", .array(inputs.map { .string($0) })),
        ]
        if !phrases.isEmpty { entries.append(("phrases", .array(phrases.map { .string($0) }))) }
        try editor.setTable(["passes", name.description], entries)
        _ = try manifest()
    }

    /// Sets the version of `[package]`.
    package mutating func setVersion(_ version: Version) throws(DiagnosticsError) {
        try editor.set(["package", "version"], to: .string(version.description))
        _ = try manifest()
    }
}

extension ManifestDependency.Source {
    func literal(package: PackageName?) -> TOMLLiteral {
        var entries: [(key: String, value: TOMLLiteral)] = []
        if let package { entries.append(("package", .string(package.description))) }
        switch self {
        case .registry(let range, let registry):
            if package == nil, registry == nil { return .string(range.description) }
            entries.append(("version", .string(range.description)))
            if let registry { entries.append(("registry", .string(registry))) }
        case .path(let path, let range):
            entries.append(("path", .string(path)))
            if let range { entries.append(("version", .string(range.description))) }
        case .hub(let source, let range, let registry):
            entries += [
                ("version", .string(range.description)), ("registry", .string(registry)),
                ("owner", .string(source.owner.description)),
            ]
        case .web(.index(let url, _), let range):
            entries.append(("index", .string(url.description)))
            if let range { entries.append(("version", .string(range.description))) }
        case .web(.file(let url, let path, let digest), _):
            entries.append(("url", .string(url.description)))
            if let path { entries.append(("path", .string(path.text))) }
            if let digest { entries.append(("sha256", .string(digest.hex))) }
        case .git(let source):
            entries.append(("git", .string(source.url.description)))
            if let path = source.path { entries.append(("path", .string(path.text))) }
            switch source.reference {
            case .range(let range): entries.append(("version", .string(range.description)))
            case .revision(let text): entries.append(("rev", .string(text)))
            case .tag(let text): entries.append(("tag", .string(text)))
            case .branch(let text): entries.append(("branch", .string(text)))
            case .newest: break
            }
        }
        return .table(entries)
    }
}
