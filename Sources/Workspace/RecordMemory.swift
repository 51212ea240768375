import Basics
import BuildEngine
import ContentStore
import Registry
import SkillModel
import Synchronization

/// What records of locks were found true on this machine, in the user's action cache: a tree that lies in the store says
/// nothing of where it comes from, and counts for a record only when this says so of that very record
/// (`docs/decisions/0049-what-a-record-pins.md`).
///
/// It is derived: a row that is damaged or gone is a miss, and so is a file that can't be opened; then the record is verified as
/// on a machine with an empty cache.
final class RecordMemory: Sendable {
    private let folder: String
    /// What relative sources are relative to.
    private let root: String
    private let state = Mutex(State())

    private struct State {
        var cache: ActionCache?
        var unsaved: [ActionCache.Entry] = []
    }

    /// So many are written in one transaction.
    private static let batch = 64

    init(cache: String, root: String) {
        folder = cache
        self.root = root
    }

    /// Whether this very record was found true. One look-up.
    func holds(_ record: LockedPackage) -> Bool { key(record).flatMap { lookup($0) } != nil }

    /// The record was held against its source just now, and is true.
    func remember(_ record: LockedPackage) {
        guard let tree = record.tree, let path = RelativePath("source.tree") else { return }
        // Who says less of it says what is true, too.
        for key in Set([key(record), key(record.withoutRanges)]).compactMap({ $0 }) {
            // The tree is named so that `gc` keeps it as long as the record is used.
            add(.init(key: key, value: ActionResult([(path, Blob(digest: tree, size: 0))]).encoded))
        }
    }

    /// What was looked at of a version's signatures, under this key.
    func signatureKey(_ id: PackageID, _ source: PackageSource, commit: String) -> Digest {
        Digest(of: "signature-2\n\(id)\n\(place(of: source))\n\(commit)\n")
    }

    func lookup(_ key: Digest) -> [UInt8]? {
        if let value = state.withLock({ $0.unsaved.last { $0.key == key } })?.value { return value }
        return try? cache().lookup(key)
    }

    func add(_ entry: ActionCache.Entry) {
        let isFull = state.withLock { state in
            state.unsaved.append(entry)
            return state.unsaved.count >= Self.batch
        }
        if isFull { flush() }
    }

    /// Writes down what is new. It is derived: where it can't be written, the next process looks again.
    func flush() {
        let rest = state.withLock { state in
            defer { state.unsaved = [] }
            return state.unsaved
        }
        if !rest.isEmpty { try? cache().recordAll(rest) }
    }

    deinit { flush() }

    private func cache() throws -> ActionCache {
        if let known = state.withLock({ $0.cache }) { return known }
        let opened = try ActionCache(root: folder)
        opened.readTogether()
        return state.withLock { state in
            let cache = state.cache ?? opened
            state.cache = cache
            return cache
        }
    }

    /// Of all that is held against a source: what else a record says follows from the manifests.
    private func key(_ record: LockedPackage) -> Digest? {
        guard let tree = record.tree, !record.source.isFolder else { return nil }
        return Digest(
            of: "record-1\n\(record.name) \(record.version)\n\(place(of: record.source))\n"
                + "\(record.commit?.description ?? "")\n\(tree)\n"
                + record.ranges.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
                + record.registries.sorted { $0.key < $1.key }.map { name, sources in
                    "registries \(name) \(sources.map(place(of:)).joined(separator: " "))\n"
                }.joined())
    }

    /// A source that is relative to a project is another one in each.
    private func place(of source: PackageSource) -> String {
        switch source {
        case .git(let url, _, _) where Catalog.absolute(url, root) != url.description: "\(source)\n\(root)"
        case .registry(let url) where Catalog.absolute(url, root) != url.description: "\(source)\n\(root)"
        default: source.description
        }
    }
}

extension LockedPackage {
    /// The record as locks of before there were ranges have it, which is true of whatever ranges the source declares.
    var withoutRanges: LockedPackage {
        var copy = self
        copy.ranges = [:]
        copy.registries = [:]
        return copy
    }
}
