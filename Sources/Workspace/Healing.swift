import Basics
import ContentStore

extension Workspace {
    /// Does `work`; when it fails because the cache has lost something, does it once more with distrust: every folder, tree
    /// and pass's result is read, so that what is damaged is removed, and made or fetched again.
    ///
    /// Nothing is looked for in advance: that would cost every command what only few need. So all that reads what an action
    /// or a fetch put into the store reads it by `entries(of:)` or `bytes(of:)`, whose failure is known here.
    func healing<Outcome: Report>(
        _ project: Project, _ work: (Workspace) async throws -> Outcome
    ) async throws -> Outcome {
        do {
            let report = try await work(self)
            if !Self.isLoss((report as? any DiagnosedReport)?.diagnostics ?? []) { return report }
        } catch {
            guard Self.isLoss(Self.diagnostics(of: error) ?? []) else { throw error }
        }
        settings.progress("the cache has lost something: looking at everything again")
        try FileSystem.remove(memory(of: project.root) + "/folders")
        var second = self
        second.distrustsCache = true
        second.changes = nil
        return try await work(second)
    }

    private static func isLoss(_ diagnostics: [Diagnostic]) -> Bool {
        diagnostics.contains { $0.id == "store.missing" && $0.severity == .error }
    }

    /// Whether the store has a tree with all of its files: their bytes are read where the cache is not trusted.
    func holdsTree(_ tree: Digest) throws -> Bool {
        distrustsCache ? try store.isWhole(tree) : try store.containsTree(tree)
    }

    /// The files of a tree that `holdsTree` holds; nil when it doesn't.
    func heldEntries(of tree: Digest) throws -> [TreeEntry]? {
        if distrustsCache, try !store.isWhole(tree) { return nil }
        guard let entries = try store.tree(tree) else { return nil }
        for entry in entries {
            guard case .file(let blob, _) = entry.kind else { continue }
            guard store.contains(blob.digest) else { return nil }
        }
        return entries
    }
}
