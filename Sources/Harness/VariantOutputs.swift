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
