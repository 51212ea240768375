/// The registries that a record says of one name, as a lock writes them: sorted, each once, with a blank between two.
struct LockedRegistries {
    let sources: [PackageSource]

    init(_ sources: [PackageSource]) { self.sources = Set(sources).sorted() }

    /// Nil for what is no registry, and for what would be written in another way. O(n log n).
    init?(_ text: String) {
        var sources: [PackageSource] = []
        for part in text.split(separator: " ", omittingEmptySubsequences: false) {
            guard let source = PackageSource(String(part)) else { return nil }
            switch source {
            case .registry, .embedded: sources.append(source)
            case .git, .web, .hub, .path, .workspace: return nil
            }
        }
        self.init(sources)
        guard self.text == text else { return nil }
    }

    var text: String { sources.map(\.description).joined(separator: " ") }
}
