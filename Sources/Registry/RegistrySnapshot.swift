package import Basics
import Formats
package import Git
package import SkillModel

/// One state of a registry. All answers belong together.
package struct RegistrySnapshot: Sendable {
    package static let headerFile = "registry.toml"
    /// The version of the format that this skvm reads.
    package static let formatVersion: Int64 = 1

    package let registry: Registry
    /// Nil for a local folder.
    package let commit: ObjectID?
    /// What the registry calls itself.
    package let title: String
    package let summary: String?
    let files: FileSource
    let read = ReadLists()
    /// What was seen of the index before; nil for a local folder and for a past state.
    var seen: SeenLines?
    /// What was read at this very commit before.
    let kept: KeptIndex?
    /// The bytes of `registry.toml`.
    let header: ArraySlice<UInt8>

    init(
        registry: Registry, files: FileSource, commit: ObjectID?, kept: KeptIndex? = nil
    ) async throws(DiagnosticsError) {
        self.registry = registry
        self.files = files
        self.commit = commit
        self.kept = kept
        let place = Self.place(Self.headerFile, of: registry)
        let bytes: [UInt8]?
        if let kept {
            bytes = Array(kept.header)
        } else {
            guard let path = RelativePath(Self.headerFile) else { preconditionFailure("a plain name is a path") }
            bytes = try await files.file(path)
        }
        guard let bytes else {
            throw DiagnosticsError(
                Diagnostic(
                    "registry.none", .error, "\(registry.location) is no registry: it has no \(Self.headerFile)",
                    hint: "a repository of skills needs no registry: name it in [dependencies] with `git = …`",
                    fault: .outside))
        }
        let said = try RegistryHeader(parsing: bytes, file: place)
        title = said.name
        summary = said.description
        header = bytes[...]
    }

    // MARK: Packages

    /// The names of all packages, sorted. Reads no index file.
    package func packageNames() async throws(DiagnosticsError) -> [PackageName] {
        guard let index = RelativePath("index") else { return [] }
        return try await files.paths(below: index).compactMap { IndexLine.name(of: $0) }.sorted()
    }

    /// The packages whose names are like one, sorted. Lists some 300 folders, of which few exist, and reads no index file.
    package func lookAlikes(of name: PackageName) async throws(DiagnosticsError) -> [PackageName] {
        try await files.names(in: IndexLine.folders(like: name)).compactMap { file in
            guard file.hasSuffix(".jsonl"), let other = PackageName(String(file.dropLast(6))),
                LookAlike(name.description, other.description) != nil
            else { return nil }
            return other
        }.sorted()
    }

    /// Whether the index has a file of a package. Reads none.
    package func lists(_ name: PackageName) async throws(DiagnosticsError) -> Bool {
        guard let path = IndexLine.path(of: name), let folder = path.parent else { return false }
        return try await files.names(in: [folder]).contains(path.name)
    }

    /// The files of `index/` that are no package's, sorted.
    package func strayIndexFiles() async throws(DiagnosticsError) -> [RelativePath] {
        guard let index = RelativePath("index") else { return [] }
        return try await files.paths(below: index).filter { IndexLine.name(of: $0) == nil && !$0.name.hasPrefix(".") }
    }

    /// What to tell whoever asks for a package that is not there: with the nearest name, where there is one.
    package func unknownPackage(_ name: PackageName) async -> Diagnostic {
        let names = (try? await packageNames()) ?? []
        let near = nearest(to: name.description, in: names.map(\.description))
        return Diagnostic(
            "registry.unknown-package", .error, "the registry `\(registry.name)` has no package `\(name)`",
            notes: ["it is at \(registry.location)"],
            hint: near.map { "did you mean `\($0)`?" }
                ?? "check its spelling, or name its registry: `skvm registry list`")
    }

    /// What to tell when no version of a package is in `range`: lists those that there are.
    package static func noVersion(
        of name: PackageName, in range: VersionRange, among versions: [Version], at place: String
    ) -> Diagnostic {
        let newest = versions.sorted(by: >).prefix(10).map(\.description).joined(separator: ", ")
        return Diagnostic(
            "registry.no-version", .error, "no version of `\(name)` is in the range \(range)",
            notes: [
                versions.isEmpty
                    ? "\(place) has no version of it" : "\(place) has \(newest)\(versions.count > 10 ? ", …" : "")"
            ],
            hint: "give another range, or `*` for any release")
    }

    /// Whom the registry vouches for: its `allowed_signers`. Throws `registry.too-large`.
    package func allowedSigners() async throws(DiagnosticsError) -> AllowedSigners {
        guard let path = RelativePath(AllowedSigners.fileName), let bytes = try await files.file(path) else {
            return AllowedSigners()
        }
        guard bytes.count <= AllowedSigners.greatestSize else {
            throw DiagnosticsError(
                Diagnostic(
                    "registry.too-large", .error,
                    "it has \(bytes.count) bytes, more than \(AllowedSigners.greatestSize)",
                    at: SourceLocation(file: Self.place(path.text, of: registry)), fault: .integrity))
        }
        return AllowedSigners(parsing: bytes)
    }

    // MARK: Descriptions

    /// The kinds of files that a registry serves besides packages: TOML, by name.
    package enum Kind: String, Sendable, CaseIterable {
        case profiles, harnesses, environments, models
    }

    /// The bytes of `<kind>/<name>.toml`, with the place that diagnostics about them name; nil when there is none.
    package func description(
        _ kind: Kind, _ name: String
    ) async throws(DiagnosticsError) -> (bytes: [UInt8], file: String)? {
        guard let path = RelativePath("\(kind.rawValue)/\(name).toml"), let bytes = try await files.file(path) else {
            return nil
        }
        return (bytes, Self.place(path.text, of: registry))
    }

    /// The profile of a model on a harness: `profiles/<harness>/<model>.toml`, where `--` stands for each `/` of the
    /// model's name.
    package func profile(
        model: String, harness: String
    ) async throws(DiagnosticsError) -> (bytes: [UInt8], file: String)? {
        try await description(.profiles, "\(harness)/\(model.replacing("/", with: "--"))")
    }

    /// What is known of a model by itself: `models/<model>.toml`, with `--` for each `/` likewise.
    package func model(_ name: String) async throws(DiagnosticsError) -> (bytes: [UInt8], file: String)? {
        try await description(.models, name.replacing("/", with: "--"))
    }

    /// The names of all files of a kind, without `.toml`, sorted.
    package func names(of kind: Kind) async throws(DiagnosticsError) -> [String] {
        guard let folder = RelativePath(kind.rawValue) else { return [] }
        return try await files.paths(below: folder).compactMap { path in
            path.text.hasSuffix(".toml") ? String(path.text.dropFirst(kind.rawValue.count + 1).dropLast(5)) : nil
        }
    }

    static func place(_ path: String, of registry: Registry) -> String {
        if case .folder(let folder) = registry.location { return "\(folder)/\(path)" }
        return "\(registry.location)/\(path)"
    }
}
