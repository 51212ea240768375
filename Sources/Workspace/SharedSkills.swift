import Basics
import BuildEngine
import Compiler
import ContentStore
import Synchronization

/// Whole skills in the user's action cache, by all that went into them: a project whose own state is new (a clone, a
/// colleague's, CI's with a cache) asks once a skill and not once an action.
///
/// A value is `skvm-skill-1\n`, then as blocks: the result as the project keeps it, and what is known of its nodes, so that
/// `skvm explain` can tell what changed since (`docs/formats/state.md`).
final class SharedSkills: Sendable {
    private static let magic: [UInt8] = Array("skvm-skill-1\n".utf8)
    /// So many are written in one transaction.
    private static let batch = 64

    private let cache: ActionCache
    private let unsaved = Mutex<[ActionCache.Entry]>([])

    init(_ cache: ActionCache) { self.cache = cache }

    /// Nil also for a damaged one.
    func lookup(_ key: Digest) throws -> (result: Session.SkillResult, nodes: ArraySlice<UInt8>)? {
        guard let bytes = try cache.lookup(Self.shared(key)), let parts = Self.parts(of: bytes) else { return nil }
        return (try? Session.SkillResult(decoding: Array(parts.result))).map { ($0, parts.nodes) }
    }

    func add(_ result: Session.SkillResult, nodes: [UInt8], under key: Digest) throws {
        var encoder = ByteEncoder()
        encoder.bytes(Self.magic)
        encoder.block(try result.encoded)
        encoder.block(nodes)
        let entry = ActionCache.Entry(key: Self.shared(key), value: encoder.bytes)
        let full = unsaved.withLock { unsaved -> [ActionCache.Entry] in
            unsaved.append(entry)
            if unsaved.count < Self.batch { return [] }
            defer { unsaved = [] }
            return unsaved
        }
        if !full.isEmpty { try cache.recordAll(full) }
    }

    func flush() throws {
        let rest = unsaved.withLock { unsaved in
            defer { unsaved = [] }
            return unsaved
        }
        if !rest.isEmpty { try cache.recordAll(rest) }
    }

    /// What a row of the action cache that holds a whole skill leads to; nil when it is another one.
    static func references(_ value: [UInt8]) -> [StoreReference]? {
        guard let parts = parts(of: value), let result = try? Session.SkillResult(decoding: Array(parts.result)) else {
            return nil
        }
        return result.variants.flatMap { variant in
            variant.passes.values.map { .blob($0) } + (variant.tree.map { [.tree($0)] } ?? [])
        }
    }

    /// In one table with actions, whose keys are digests of other texts.
    private static func shared(_ key: Digest) -> Digest { Digest(of: "shared-1\n\(key)\n") }

    private static func parts(of value: [UInt8]) -> (result: ArraySlice<UInt8>, nodes: ArraySlice<UInt8>)? {
        guard value.starts(with: magic) else { return nil }
        var decoder = ByteDecoder(value[magic.count...])
        guard let result = try? decoder.block(), let nodes = try? decoder.block(), decoder.isAtEnd else { return nil }
        return (result, nodes)
    }
}
