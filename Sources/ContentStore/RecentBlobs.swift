import Basics
import Synchronization

/// Small blobs that one process has put or found whole: a gap of twenty bytes is put again for every skill.
///
/// Bounded, and only a hint: who finds such a blob gone says so (`forget`), and the next `put` writes it again.
final class RecentBlobs: Sendable {
    private static let largest: Int64 = 4096
    private static let most = 1 << 14

    private let known = Mutex<Set<Digest>>([])

    func contains(_ blob: Blob) -> Bool {
        blob.size <= Self.largest && known.withLock { $0.contains(blob.digest) }
    }

    func note(_ blob: Blob) {
        guard blob.size <= Self.largest else { return }
        known.withLock { known in
            if known.count >= Self.most { known.removeAll(keepingCapacity: true) }
            known.insert(blob.digest)
        }
    }

    func forget(_ digest: Digest) {
        known.withLock { _ = $0.remove(digest) }
    }
}
