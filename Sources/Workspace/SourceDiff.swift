import Basics
import ContentStore

/// What became of one file between two versions of a package.
package struct FileDiff: Sendable, Codable, Equatable {
    package var path: String
    /// `added`, `removed` or `changed`.
    package var action: String
    /// Why no lines are shown (`binary`, `too large to compare`), or what changed beside them (`now executable`).
    package var note: String?
    /// The hunks of a unified diff.
    package var lines: [String] = []
    /// How many lines more there are than are shown.
    package var omitted = 0
}

/// The difference of two source trees, bounded: a package of thousands of changed files is named, not printed.
struct SourceDiff {
    static let greatestFile: Int64 = 512 << 10
    static let linesPerFile = 300
    static let linesPerPackage = 1500

    let store: ContentStore
    private var left = linesPerPackage

    init(store: ContentStore) { self.store = store }

    /// The files that differ, sorted by path. Throws what the store throws.
    mutating func files(from old: [TreeEntry], to new: [TreeEntry]) throws -> [FileDiff] {
        let before = Dictionary(old.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        let after = Dictionary(new.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        let paths = Set(before.keys).union(after.keys).filter { before[$0]?.kind != after[$0]?.kind }
        return try paths.sorted().map { try file($0, before[$0], after[$0]) }
    }

    private mutating func file(_ path: RelativePath, _ old: TreeEntry?, _ new: TreeEntry?) throws -> FileDiff {
        var diff = FileDiff(
            path: path.text, action: old == nil ? "added" : new == nil ? "removed" : "changed",
            note: note(old?.kind, new?.kind))
        guard let before = try text(old), let after = try text(new) else {
            diff.note = diff.note ?? "binary"
            return diff
        }
        if max(before.count, after.count) > Self.greatestFile {
            diff.note = "too large to compare"
            return diff
        }
        let lines = TextDiff.hunks(from: before, to: after)
        diff.lines = Array(lines.prefix(min(Self.linesPerFile, left)))
        diff.omitted = lines.count - diff.lines.count
        left -= diff.lines.count
        return diff
    }

    private func note(_ old: TreeEntry.Kind?, _ new: TreeEntry.Kind?) -> String? {
        switch (old, new) {
        case (.symlink(let old)?, .symlink(let new)?): "link to \(old), now to \(new)"
        case (_, .symlink(let target)?): "link to \(target)"
        case (.symlink(let target)?, nil): "link to \(target)"
        case (.symlink(let target)?, _): "was a link to \(target)"
        case (.file(_, let was)?, .file(_, let executable)?) where was != executable:
            executable ? "now executable" : "no longer executable"
        case (nil, .file(_, executable: true)?): "executable"
        default: nil
        }
    }

    /// The bytes of a text file; empty for what is not there, nil for what is no text.
    private func text(_ entry: TreeEntry?) throws -> [UInt8]? {
        guard let entry else { return [] }
        guard let blob = entry.blob else { return nil }
        // Never read only to say that it is too large.
        if blob.size > Self.greatestFile { return Array(repeating: 0x20, count: Int(Self.greatestFile) + 1) }
        let bytes = try store.bytes(of: blob.digest)
        return bytes.contains(0) || String(validating: bytes, as: UTF8.self) == nil ? nil : bytes
    }
}
