import Basics
import ContentStore

/// What a variant in the store becomes at a place.
enum VariantOutputs {
    /// The variant's entries after relocation, sorted by path. Reads the store; throws `StoreError`, or
    /// `Relocator.Mismatch` for a list of relocations that isn't true.
    static func list(
        of tree: Digest, relocatedTo place: String, in store: ContentStore
    ) throws -> [InstallPlan.Output] {
        let entries = try store.entries(of: tree)
        let relocator = try relocator(of: entries, in: store)
        let paths = Set(entries.map(\.path))
        if let stray = relocator.sites.keys.filter({ !paths.contains($0) }).min() {
            throw Relocator.Mismatch(reason: "\(Relocator.listPath): there is no file \(stray)")
        }
        return try entries.map { entry in
            switch entry.kind {
            case .symlink(let target):
                return InstallPlan.Output(
                    entry: InstalledEntry(path: entry.path, kind: .symlink(target: target)), source: nil, offsets: [])
            case .file(let blob, let executable):
                var digest = blob.digest
                let offsets = relocator.sites[entry.path] ?? []
                if !offsets.isEmpty {
                    digest = Digest(of: try relocator.apply(store.bytes(of: blob.digest), of: entry.path, path: place))
                }
                return InstallPlan.Output(
                    entry: InstalledEntry(path: entry.path, kind: .file(digest, executable: executable)),
                    source: blob.digest, offsets: offsets)
            }
        }
    }

    /// The first file in which a relocation stands in single quotes, as one word with them (`'@@…'`, `('@@…`) or, in a file that is
    /// no text to read, on one line. Nil when there is none. O(bytes of such files). Reads the store; throws as `list` does.
    static func fileWithQuotedToken(_ tree: Digest, in store: ContentStore) throws -> RelativePath? {
        let entries = try store.entries(of: tree)
        let relocator = try relocator(of: entries, in: store)
        return try entries.first { entry in
            guard let offsets = relocator.sites[entry.path], let blob = entry.blob else { return false }
            let bytes = try store.bytes(of: blob.digest)
            // In prose an apostrophe is a letter of the word before.
            let isProse = entry.path.text.hasSuffix(".md")
            var isQuoted = false
            var at = 0
            return offsets.sorted().contains { offset in
                for byte in bytes[at..<max(at, min(offset, bytes.count))] {
                    if byte == 0x27 { isQuoted.toggle() }
                    if byte == 0x0A || isProse && byte == 0x20 { isQuoted = false }
                }
                at = max(at, min(offset, bytes.count))
                return isQuoted
            }
        }?.path
    }

    /// The bytes to write for an output.
    static func bytes(of output: InstallPlan.Output, relocatedTo place: String, in store: ContentStore) throws
        -> [UInt8]
    {
        guard let source = output.source else { return [] }
        let relocator = Relocator(sites: [output.entry.path: output.offsets])
        return try relocator.apply(store.bytes(of: source), of: output.entry.path, path: place)
    }

    private static func relocator(of entries: [TreeEntry], in store: ContentStore) throws -> Relocator {
        guard let list = entries.first(where: { $0.path.text == Relocator.listPath })?.blob else { return Relocator() }
        return try Relocator(variantDescription: store.bytes(of: list.digest))
    }
}
