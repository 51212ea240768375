package import Basics
import ContentStore
import Git
package import SkillModel

/// A package that a search found.
package struct SearchHit: Sendable, Equatable {
    package var name: PackageName
    /// The newest release that was not taken back; a prerelease where there is no other.
    package var version: Version
    package var summary: String
    package var keywords: [String]
}

extension RegistrySnapshot {
    /// The packages that hold all `words`, the last also as the beginning of one: by name first, then by keyword, then by
    /// description. At most `limit`, and the names of packages whose index can't be read.
    ///
    /// Searches a database in `folder` that is derived from the index and follows it: what changed since the last search is
    /// read, nothing else. `report` is told how far it is where that takes long. Throws what reading the index throws, and `store.…`.
    package func search(
        _ words: [String], folder: String, limit: Int, report: @Sendable (String) -> Void = { _ in }
    ) async throws(DiagnosticsError) -> (hits: [SearchHit], unreadable: [PackageName]) {
        // The format's number stands in the name: another skvm's database is another file.
        let path = "\(folder)/search-v1/\(Digest(of: "\(registry.location)").hex).sqlite"
        do {
            do {
                return try await search(words, in: try TextIndex(path: path), limit: limit, report)
            } catch StoreError.database {
                // A damaged one was put aside: it is derived, and made again.
                return try await search(words, in: try TextIndex(path: path), limit: limit, report)
            }
        } catch {
            throw DiagnosticsError(wrapping: error)
        }
    }

    private func search(
        _ words: [String], in index: TextIndex, limit: Int, _ report: @Sendable (String) -> Void
    ) async throws -> (hits: [SearchHit], unreadable: [PackageName]) {
        try await follow(index, report)
        let unreadable = try index.stampsWithoutDocument().filter { $0.value.hasPrefix(Self.unreadable) }.keys
        let hits = try index.search(words.map { Self.spaced($0) }, limit: limit).compactMap(Self.hit)
        return (hits, unreadable.compactMap { RelativePath($0).flatMap { IndexLine.name(of: $0) } }.sorted())
    }

    private static let unreadable = "unreadable "
    /// So many files are fetched in one request and held at once.
    private static let batch = 10_000
    /// From so many new files on it is said how far it is.
    private static let many = 2_000

    /// Brings the index to the state of this snapshot.
    private func follow(_ index: TextIndex, _ report: @Sendable (String) -> Void) async throws {
        // A commit says what all files are; a local folder must be looked through.
        if let commit, try index.revision() == commit.hex { return }
        try await checkSeen()
        guard let folder = RelativePath("index") else { return }
        let now = try await stamps(in: folder, since: try index.revision(), index)
        let gone = now.filter { $0.value == nil }.keys
        var changes = gone.map { TextIndex.Change(key: $0.text, stamp: nil, document: nil) }
        let changed = now.filter { $0.value != nil }.keys.sorted()
        for start in stride(from: 0, to: changed.count, by: Self.batch) {
            if changed.count >= Self.many {
                report("reading the index of `\(registry.name)` for searches: \(start) of \(changed.count) packages")
            }
            let paths = Array(changed[start..<min(changed.count, start + Self.batch)])
            let contents = try await files.files(paths.map { ($0, (now[$0] ?? nil) ?? "") })
            for path in paths {
                guard let name = IndexLine.name(of: path), let stamp = now[path] ?? nil else { continue }
                var document: TextIndex.Document?
                var isReadable = false
                if let bytes = contents[path] {
                    do throws(DiagnosticsError) {
                        document = try self.document(name, bytes, path)
                        isReadable = true
                    } catch {
                        // Said by whoever asks for that package; the others are found.
                    }
                }
                changes.append(
                    .init(key: path.text, stamp: isReadable ? stamp : Self.unreadable + stamp, document: document))
            }
        }
        if changes.isEmpty, try index.revision() == commit?.hex ?? "" { return }
        try index.apply(changes, revision: commit?.hex ?? "")
    }

    /// The index files whose stamp is another than `index` knows, with the present one; nil for those that are gone.
    ///
    /// Of the commit that it stands for only the folders that changed are read, as long as the cache has it; else all stamps
    /// are held against all that it has.
    private func stamps(
        in folder: RelativePath, since revision: String?, _ index: TextIndex
    ) async throws -> [RelativePath: String?] {
        if let old = revision.flatMap({ ObjectID(hex: $0) }),
            let changed = try await files.changedStamps(below: folder, since: old)
        {
            return changed.filter { IndexLine.name(of: $0.key) != nil }
        }
        let now = try await files.stamps(below: folder).filter { IndexLine.name(of: $0.key) != nil }
        let known = try index.stamps()
        var changed: [RelativePath: String?] = [:]
        for (key, _) in known {
            if let path = RelativePath(key), now[path] == nil { changed[path] = .some(nil) }
        }
        for (path, stamp) in now where known[path.text] != stamp && known[path.text] != Self.unreadable + stamp {
            changed[path] = stamp
        }
        return changed
    }

    private func document(
        _ name: PackageName, _ bytes: [UInt8], _ path: RelativePath
    ) throws(DiagnosticsError) -> TextIndex.Document? {
        let place = Self.place(path.text, of: registry)
        guard bytes.count <= FileSource.greatestFile else { throw IndexLine.tooLarge(bytes, place) }
        let lines = try IndexLine.parse(bytes, of: name, file: place).filter { !$0.isYanked }
        let releases = lines.filter { !$0.version.isPrerelease }
        guard let newest = (releases.isEmpty ? lines : releases).max(by: { $0.version < $1.version }) else {
            return nil
        }
        // Each on a line of its own, for `hit` to divide again: none of them holds a line end.
        let extra = [newest.version.description, newest.description ?? ""] + newest.keywords
        return TextIndex.Document(
            name: Self.spaced(name.description), keywords: Self.spaced(newest.keywords.joined(separator: ", ")),
            text: Self.spaced(newest.description ?? ""), extra: ([name.description] + extra).joined(separator: "\n"))
    }

    private static func hit(_ document: TextIndex.Document) -> SearchHit? {
        let lines = document.extra.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count >= 3, let name = PackageName(lines[0]), let version = Version(lines[1]) else { return nil }
        return SearchHit(name: name, version: version, summary: lines[2], keywords: Array(lines[3...]))
    }

    /// Scripts that put no blanks between words: each of their characters is a word, and words are found side by side.
    private static func spaced(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isAlone: Bool
            switch scalar.value {
            case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
                0xF900...0xFAFF, 0x20000...0x3FFFF:
                isAlone = true
            default: isAlone = false
            }
            if isAlone { result.append(" ") }
            result.append(scalar)
            if isAlone { result.append(" ") }
        }
        return String(result)
    }
}
