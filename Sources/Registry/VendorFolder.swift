package import Basics
package import ContentStore
import Formats
package import SkillModel

/// A folder of a project with all that its lock pins, to be committed (`docs/formats/vendor.md`).
///
/// Sources lie there as files, so that a reviewer sees what changes. What a checkout may lose — executable bits, links, the
/// bytes of files that git itself obeys — is in each package's listing, and every byte is held against its digest when
/// it is read: whatever a checkout made of the folder, it gives what was pinned or an error.
package struct VendorFolder: Sendable {
    /// A package as it is pinned, under the name that it is installed by.
    package struct Package: Sendable {
        package var name: PackageName
        package var version: Version
        package var tree: Digest
        package var entries: [TreeEntry]
        /// Nil in a listing of an earlier skvm.
        package var origin: Origin?
        /// Of a package whose signer is pinned.
        package var signature: Signature?

        package init(
            name: PackageName, version: Version, tree: Digest, entries: [TreeEntry], origin: Origin? = nil,
            signature: Signature? = nil
        ) {
            self.name = name
            self.origin = origin
            self.version = version
            self.tree = tree
            self.entries = entries
            self.signature = signature
        }
    }

    /// Where a package came from, as the lock says it.
    package struct Origin: Sendable, Hashable {
        package var source: PackageSource
        package var commit: CommitID?

        package init(source: PackageSource, commit: CommitID?) {
            self.source = source
            self.commit = commit
        }
    }

    /// What a package's signature is verified with where neither its repository nor its registry can be asked.
    package struct Signature: Sendable, Hashable {
        /// Whether a tag was signed; else the commit was.
        package var isTag: Bool
        /// The whole object.
        package var object: [UInt8]
        /// Under which names the tag stood.
        package var names: [String]
        /// Whose key it is: lines of `allowed_signers`.
        package var allowed: [UInt8]

        package init(isTag: Bool, object: [UInt8], names: [String], allowed: [UInt8]) {
            self.isTag = isTag
            self.object = object
            self.names = names
            self.allowed = allowed
        }
    }

    /// Absolute.
    package let path: String
    /// As messages name it.
    package let shown: String

    package init(path: String, shown: String) {
        self.path = path
        self.shown = shown
    }

    /// The file that says what a folder is.
    package static let mark = "skvm-vendor.toml"
    static let markText = "# Written by `skvm vendor`. Commit this folder; change nothing in it.\nversion = 1\n"
    /// No line end, filter or keyword is touched, and no file is left out, whatever the repository says elsewhere.
    static let attributes = "* -text !eol -ident -filter -working-tree-encoding -export-ignore -export-subst\n"
    static let ignores = "!*\n/.*.tmp\n"

    /// Whether there is a folder of this kind. Throws `vendor.version` for one of a newer skvm.
    package func isPresent() throws(DiagnosticsError) -> Bool {
        let file = "\(path)/\(Self.mark)"
        guard FileSystem.exists(file) else { return false }
        let document = try TOMLDocument(
            parsing: try reading { () throws(FileError) in try FileSystem.read(file, limit: 1 << 16) },
            file: "\(shown)/\(Self.mark)", limit: 1 << 16)
        let version = document["version"]?.integer
        guard version == 1 else {
            throw DiagnosticsError(
                Diagnostic(
                    "vendor.version", .error,
                    "\(shown) has format \(version.map { "\($0)" } ?? "none"), and this skvm reads 1",
                    at: SourceLocation(file: "\(shown)/\(Self.mark)"), hint: "use a newer skvm, or run `skvm vendor`"))
        }
        return true
    }

    /// The files beside its mark that keep a checkout from changing it, and are not there.
    package func missingGuards() -> [String] {
        fixedFiles.map(\.name).filter { !FileSystem.exists("\(path)/\($0)") }
    }

    /// The files that every such folder has.
    var fixedFiles: [(name: String, text: String)] {
        [(".gitattributes", Self.attributes), (".gitignore", Self.ignores), (Self.mark, Self.markText)]
    }

    /// What a package's listing says; nil when the folder has no such package, or has it with another tree.
    ///
    /// Throws `vendor.damaged` when the listing is not that of `tree`. Reads none of the package's files.
    package func package(_ name: PackageName, tree: Digest) throws(DiagnosticsError) -> Package? {
        let place = "packages/\(name).jsonl"
        guard let bytes = try file(place) else { return nil }
        let listing = try VendorListing(parsing: bytes, file: "\(shown)/\(place)")
        guard listing.tree == tree else { return nil }
        let found: Digest
        do { found = try Tree.digest(listing.entries) } catch {
            throw damaged(place, error.diagnostic.message, promised: tree)
        }
        guard found == tree else { throw damaged(place, "it lists another tree: \(found)", promised: tree) }
        return Package(
            name: name, version: listing.version, tree: tree, entries: listing.entries, origin: listing.origin)
    }

    /// The bytes of one file of a package. Throws `vendor.damaged` naming it, when it is missing or another.
    package func bytes(of entry: TreeEntry, in name: PackageName) throws(DiagnosticsError) -> [UInt8]? {
        guard let blob = entry.blob else { return nil }
        return try bytes(of: blob.digest, at: Self.place(of: entry, in: name, blob))
    }

    /// A fact's canonical JSON, or a recording; nil when the folder has none of that digest.
    package func blob(_ digest: Digest, _ kind: BlobKind) throws(DiagnosticsError) -> [UInt8]? {
        let place = kind.place(digest)
        guard FileSystem.exists("\(path)/\(place)") else { return nil }
        return try bytes(of: digest, at: place)
    }

    /// What is vendored of a package's signature; nil when nothing is. None of it is pinned: it proves what it verifies.
    package func signature(of name: PackageName) throws(DiagnosticsError) -> Signature? {
        let folder = "signatures/\(name)"
        let tag = try file("\(folder)/tag")
        let commit = tag == nil ? try file("\(folder)/commit") : nil
        guard let object = tag ?? commit, let names = try file("\(folder)/names"),
            let allowed = try file("\(folder)/\(AllowedSigners.fileName)")
        else { return nil }
        return Signature(
            isTag: tag != nil, object: object,
            names: names.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }, allowed: allowed)
    }

    package enum BlobKind: Sendable {
        case fact, recording

        func place(_ digest: Digest) -> String {
            switch self {
            case .fact: "facts/\(digest.hex).json"
            case .recording: "blobs/\(digest.hex)"
            }
        }
    }

    /// Where a file's bytes lie. Those that git would obey have no name that it knows.
    static func place(of entry: TreeEntry, in name: PackageName, _ blob: Blob) -> String {
        entry.path.name.lowercased().hasPrefix(".git")
            ? "blobs/\(blob.digest.hex)" : "packages/\(name)/\(entry.path.text)"
    }

    private func bytes(of digest: Digest, at place: String) throws(DiagnosticsError) -> [UInt8] {
        guard let bytes = try file(place) else { throw damaged(place, "it is missing", promised: digest) }
        let found = Digest(of: bytes)
        guard found == digest else {
            let isConverted = Self.withOtherLineEnds(bytes).contains { Digest(of: $0) == digest }
            throw damaged(
                place, isConverted ? "its line ends were converted" : "its bytes are \(found)", promised: digest)
        }
        return bytes
    }

    /// Nil when nothing is there; a link or a folder is nothing, too.
    private func file(_ place: String) throws(DiagnosticsError) -> [UInt8]? {
        let full = "\(path)/\(place)"
        return try reading { () throws(FileError) in
            guard try FileSystem.status(full)?.kind == .file else { return nil }
            return try FileSystem.read(full)
        }
    }

    private static func withOtherLineEnds(_ bytes: [UInt8]) -> [[UInt8]] {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated()
        where byte != 0x0D || index + 1 == bytes.count || bytes[index + 1] != 0x0A {
            plain.append(byte)
        }
        return [plain, plain.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }]
    }

    private func damaged(_ place: String, _ reason: String, promised: Digest) -> DiagnosticsError {
        DiagnosticsError(
            Diagnostic(
                "vendor.damaged", .error, "\(shown)/\(place) is not what was vendored: \(reason)",
                at: SourceLocation(file: "\(shown)/\(place)"), notes: ["pinned \(promised)"],
                hint: "bring back the file that was committed, or run `skvm verify --repair`",
                fault: .integrity))
    }

    func reading<R>(_ body: () throws(FileError) -> R) throws(DiagnosticsError) -> R {
        do { return try body() } catch { throw DiagnosticsError(error.diagnostic) }
    }
}

/// What a package's listing holds: `packages/<name>.jsonl`.
struct VendorListing {
    static let greatestSize = 64 << 20

    var version: Version
    var tree: Digest
    var entries: [TreeEntry]
    var origin: VendorFolder.Origin?

    init(_ package: VendorFolder.Package) {
        origin = package.origin
        version = package.version
        tree = package.tree
        entries = package.entries
    }

    /// The first line is the package, each other one an entry. Throws `vendor.listing`.
    init(parsing bytes: [UInt8], file: String) throws(DiagnosticsError) {
        func bad(_ reason: String, _ line: Int) -> DiagnosticsError {
            DiagnosticsError(
                Diagnostic(
                    "vendor.damaged", .error, "the listing can't be used: \(reason)",
                    at: SourceLocation(file: file, line: line),
                    hint: "bring back the file that was committed, or run `skvm verify --repair`",
                    fault: .integrity))
        }
        guard bytes.count <= Self.greatestSize else { throw bad("it has \(bytes.count) bytes", 1) }
        var head: (Version, Digest)?
        var origin: VendorFolder.Origin?
        var entries: [TreeEntry] = []
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty || line == [0x0D] { continue }
            let value: JSONValue
            do throws(DiagnosticsError) {
                value = try StrictJSON.parse(line, file: file, line: index + 1, limit: 1 << 16)
            } catch {
                throw bad(error.diagnostics.first?.message ?? "it is no JSON", index + 1)
            }
            if head == nil {
                guard let version = value["version"]?.string.flatMap({ Version($0) }),
                    let tree = value["tree"]?.string.flatMap({ Digest(text: $0) })
                else { throw bad("its first line names no version and tree", index + 1) }
                head = (version, tree)
                origin = value["source"]?.string.flatMap { PackageSource($0) }.map {
                    .init(source: $0, commit: value["commit"]?.string.flatMap { CommitID($0) })
                }
            } else if let entry = Self.entry(value) {
                entries.append(entry)
            } else {
                throw bad("this is no entry", index + 1)
            }
        }
        guard let head else { throw bad("it is empty", 1) }
        (version, tree) = head
        self.origin = origin
        self.entries = entries.sorted { $0.path < $1.path }
    }

    private static func entry(_ value: JSONValue) -> TreeEntry? {
        guard let path = value["path"]?.string.flatMap({ RelativePath($0) }) else { return nil }
        if let target = value["target"]?.string { return TreeEntry(path, .symlink(target: target)) }
        guard let digest = value["digest"]?.string.flatMap({ Digest(text: $0) }), let size = value["size"]?.integer,
            size >= 0
        else { return nil }
        return TreeEntry(
            path, .file(Blob(digest: digest, size: size), executable: value["executable"]?.boolean ?? false))
    }

    func encoded(name: PackageName) throws -> [UInt8] {
        struct Head: Encodable {
            var name: PackageName
            var version: Version
            var tree: Digest
            var source: PackageSource?
            var commit: CommitID?
        }
        struct Line: Encodable {
            var path: RelativePath
            var digest: Digest?
            var size: Int64?
            var executable: Bool?
            var target: String?
        }
        var output =
            try CanonicalJSON.encode(
                Head(name: name, version: version, tree: tree, source: origin?.source, commit: origin?.commit)) + [0x0A]
        for entry in entries {
            var line = Line(path: entry.path)
            switch entry.kind {
            case .symlink(let target): line.target = target
            case .file(let blob, let executable):
                line.digest = blob.digest
                line.size = blob.size
                if executable { line.executable = true }
            }
            output += try CanonicalJSON.encode(line) + [0x0A]
        }
        return output
    }
}
