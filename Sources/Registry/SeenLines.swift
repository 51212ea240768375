import Basics
import Git
import SkillModel

/// Which versions of a package a registry was seen to list, with which trees and requirements. A head that moves forward
/// may still change what was published; this is what notices.
///
/// One file a package, `lines-v2/<name>` of what was seen of the repository: the commit at which it was seen and, behind a
/// blank, the SHA-256 of the index file that said so; then `<version> <tree> <dependency>@<range> … signer=<who>` a line.
/// A registry in a folder of a repository has its own, `lines-v2/.in-<digest of the folder>/<name>`: two registries of one
/// repository may each have a package of a name.
struct SeenLines: Sendable {
    private let repository: GitRepository
    private let commit: ObjectID
    /// Nil for the repository's root.
    private let root: RelativePath?

    init(_ repository: GitRepository, at commit: ObjectID, in root: RelativePath?) {
        self.repository = repository
        self.commit = commit
        self.root = root
    }

    /// No package's name begins with a dot.
    private var folder: String {
        "\(repository.seenPath)/lines-v2" + (root.map { "/.in-\(Digest(of: $0.text).hex)" } ?? "")
    }

    /// What was read of the index at this commit, and held against what was seen. Among what was seen: whoever forgets that,
    /// so that lines are believed anew, forgets this with it.
    func kept() async -> KeptIndex? {
        let (path, commit) = (keptPath, commit)
        return await Blocking.run { KeptIndex(reading: path, at: commit) }
    }

    // No package's name begins with a dot.
    private var keptPath: String { "\(folder)/.index" }

    /// Keeps what was read of these packages, and what was kept before where that is of the same commit. Of a file that is not
    /// the one that was held against the past nothing is kept. Only saves time: what can't be written is not.
    func keep(_ packages: [KeptIndex.Package], with old: KeptIndex?, header: ArraySlice<UInt8>) async {
        let held = await holding(packages.map { ($0.name, $0.source) })
        let new = packages.filter { held.contains($0.name) }
        if new.isEmpty { return }
        let (path, commit) = (keptPath, commit)
        await Blocking.run {
            let others = (old?.packages() ?? []).filter { !held.contains($0.name) }
            let temporary = FileSystem.temporaryPath(beside: path)
            // Not synchronised: what is lost is read anew.
            let bytes = KeptIndex.file(of: new + others, header: header, at: commit)
            guard (try? FileSystem.write(bytes, to: temporary)) != nil else { return }
            try? FileSystem.rename(temporary, to: path)
        }
    }

    /// The packages of which something was seen, sorted.
    func names() async -> [PackageName] {
        let folder = folder
        return await Blocking.run {
            ((try? FileSystem.list(folder)) ?? []).compactMap { PackageName($0) }.sorted()
        }
    }

    /// Of these packages, those whose index file has the digest of the one that was held against the past last: its lines were
    /// read then, and there is nothing to compare. O(packages). (When the rules for a line become stricter, the digest must be
    /// taken of more than the bytes, or a file that breaks them is not read again.)
    func holding(_ files: [(name: PackageName, source: Digest)]) async -> Set<PackageName> {
        let folder = folder
        return await Blocking.run {
            Set(files.filter { Self.source(of: "\(folder)/\($0.name)") == $0.source }.map(\.name))
        }
    }

    private static func source(of path: String) -> Digest? {
        guard let bytes = try? FileSystem.read(path, limit: FileSource.greatestFile), bytes.count > 105,
            bytes[40] == 0x20, bytes[105] == 0x0A
        else { return nil }
        return Digest(hex: String(decoding: bytes[41..<105], as: UTF8.self))
    }

    /// Holds a package's versions, read from an index file with the digest `source` (nil: there is none), against those
    /// that were seen, and remembers the new ones. O(versions), O(1) when the file is the one that was seen.
    ///
    /// Throws `registry.changed-line` naming the version and the commits at which it was there and is not.
    func check(
        _ releases: [PackageRelease], source: Digest?, of name: PackageName, file: String
    ) async throws(DiagnosticsError) {
        let path = "\(folder)/\(name)"
        let known = try await Blocking.run { () throws(DiagnosticsError) in Self.read(path) }
        if let source, known?.source == source { return }
        let text = Self.text(releases)
        if source == nil, (known?.text ?? "") == text { return }
        // Read again and written under one lock: what another process has seen meanwhile must not be forgotten.
        let lock = try await Blocking.run { () throws(DiagnosticsError) in try Self.lock(path) }
        defer { lock.release() }
        var since = commit
        if let record = try await Blocking.run({ () throws(DiagnosticsError) in Self.read(path) }) {
            // Only what may change has changed: it was seen when it was seen first.
            if record.text == text { since = record.commit }
            let now = Dictionary(
                releases.map { ("\($0.version)", Self.facts($0)) }, uniquingKeysWith: { first, _ in first })
            for (version, facts) in record.versions where !Self.isSame(facts, now[version]) {
                // Another process may have seen a later state than this one has: then the record is the newer one.
                let isLater = try await diagnosing { () throws(GitError) in
                    try await repository.isAncestor(record.commit, of: commit)
                }
                guard isLater else { return }
                throw changed(name, version, facts, now[version], record.commit, file)
            }
        }
        let bytes = Array("\(since)\(source.map { " \($0.hex)" } ?? "")\n\(text)".utf8)
        try await Blocking.run { () throws(DiagnosticsError) in
            do throws(FileError) {
                let new = FileSystem.temporaryPath(beside: path)
                // Not synchronised: what is lost is seen anew.
                try FileSystem.write(bytes, to: new)
                try FileSystem.rename(new, to: path)
            } catch {
                throw DiagnosticsError(error.diagnostic)
            }
        }
    }

    /// One lock for all packages of the repository, and the folder that it is in.
    private static func lock(_ path: String) throws(DiagnosticsError) -> FileLock {
        do throws(FileError) {
            let folder = FileSystem.parent(of: path) ?? "/"
            try FileSystem.makeDirectories(folder)
            // No package's name begins with a dot.
            return try FileLock(path: folder + "/.lock", mode: .exclusive)
        } catch {
            throw DiagnosticsError(error.diagnostic)
        }
    }

    /// What of a published version never changes.
    private static func facts(_ release: PackageRelease) -> String {
        let needs = release.dependencies.map { dependency in
            guard case .registry(let range, _) = dependency.source else { return "\(dependency.name)" }
            return "\(dependency.name)@\(range)"
        }
        let demands = release.requires.map { "\($0.primitive.rawValue)=\($0.level)" }
        let signer = "\(signerMark)\(release.signer?.description ?? "none")"
        return ([release.tree?.description ?? ""] + needs.sorted() + demands + [signer]).joined(separator: " ")
    }

    private static let signerMark = "signer="

    /// What an older skvm saw says nothing of signers.
    private static func isSame(_ was: String, _ now: String?) -> Bool {
        guard let now, was != now else { return was == now }
        if was.contains(" \(signerMark)") { return false }
        return now.firstRange(of: " \(signerMark)").map { now[..<$0.lowerBound] == was } ?? false
    }

    private static func text(_ releases: [PackageRelease]) -> String {
        var text = ""
        for release in releases {
            text += release.version.description
            text += " "
            text += facts(release)
            text += "\n"
        }
        return text
    }

    private struct Record: Sendable {
        var commit: ObjectID
        /// Nil in what an older skvm wrote.
        var source: Digest?
        var text: String

        var versions: [(version: String, facts: String)] {
            text.split(separator: "\n").compactMap { line in
                let parts = line.split(separator: " ", maxSplits: 1)
                return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
            }
        }
    }

    /// Nil for a file that is not there or is damaged.
    private static func read(_ path: String) -> Record? {
        guard let text = try? FileSystem.readText(path, limit: FileSource.greatestFile),
            let end = text.utf8.firstIndex(of: 0x0A), let commit = ObjectID(hex: text.prefix(40))
        else { return nil }
        let source = Digest(hex: text[..<end].dropFirst(41))
        return Record(commit: commit, source: source, text: String(text[text.utf8.index(after: end)...]))
    }

    private func changed(
        _ name: PackageName, _ version: String, _ was: String, _ now: String?, _ seen: ObjectID, _ file: String
    ) -> DiagnosticsError {
        DiagnosticsError(
            Diagnostic(
                "registry.changed-line", .error,
                now == nil
                    ? "version \(version) of `\(name)` is no longer listed"
                    : "version \(version) of `\(name)` was changed",
                at: SourceLocation(file: file),
                notes: ["listed at \(seen): \(was)", "at \(commit), the head now: \(now ?? "not listed")"],
                hint: "a published version never changes; if those who keep the registry say why: "
                    + "`skvm registry accept \(repository.url)`",
                fault: .integrity))
    }
}
