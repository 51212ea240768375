package import Basics
import Git
package import SkillModel

/// The versions that a registry lists of a package. What a line says besides is read when its version is asked for: of twenty
/// versions a solver wants to know more of one.
package struct ReleaseList: Sendable {
    package struct Item: Sendable {
        package let version: Version
        package let isYanked: Bool
        fileprivate let content: Content
    }

    fileprivate enum Content: Sendable {
        // Behind a reference: items are sorted and copied, and few are asked for more than their version.
        indirect case read(PackageRelease)
        /// Its files are where nobody who reads this can fetch them.
        indirect case unreachable(DiagnosticsError)
        case line(Range<Int>, number: Int)
        /// Where the list's kept index says more.
        case kept(Int)
    }

    /// The oldest first, each version once.
    package let items: [Item]
    private let bytes: [UInt8]
    private let kept: KeptIndex?
    /// Whether it is what this machine kept of an index: of a line that can't be had of it, the index itself says why.
    package var isKept: Bool { kept != nil }
    private let file: IndexFile

    /// All lines of a file, read. Throws everything that is wrong.
    init(reading bytes: [UInt8], _ file: IndexFile) throws(DiagnosticsError) {
        guard bytes.count <= FileSource.greatestFile else { throw IndexLine.tooLarge(bytes, file.place) }
        var items: [Item] = []
        for (index, line) in try IndexLine.parse(bytes, of: file.name, file: file.place).enumerated() {
            let content: Content
            do throws(DiagnosticsError) { content = .read(try file.release(line, number: index + 1)) } catch {
                guard IndexFile.isUnreachable(error) else { throw error }
                content = .unreachable(error)
            }
            items.append(Item(version: line.version, isYanked: line.isYanked, content: content))
        }
        self.items = items.sorted { $0.version < $1.version }
        self.bytes = []
        kept = nil
        self.file = file
    }

    /// A file that was read before: its lines are read again when they are wanted. Nil when that can't be told apart.
    init?(known bytes: [UInt8], _ file: IndexFile) {
        guard bytes.count <= FileSource.greatestFile, let lines = IndexOutline.lines(of: bytes) else { return nil }
        items = lines.map {
            Item(version: $0.version, isYanked: $0.isYanked, content: .line($0.place, number: $0.number))
        }.sorted { $0.version < $1.version }
        self.bytes = bytes
        kept = nil
        self.file = file
    }

    /// What was kept of a file. Nil when nothing was, or what was is damaged.
    init?(_ kept: KeptIndex, _ file: IndexFile) {
        guard let found = kept.items(of: file.name) else { return nil }
        items = found.map { Item(version: $0.version, isYanked: $0.isYanked, content: .kept($0.place)) }
        bytes = []
        self.kept = kept
        self.file = file
    }

    /// The release of that version; nil when none is listed. Throws when its line is bad. O(log versions).
    package func release(_ version: Version) throws(DiagnosticsError) -> PackageRelease? {
        let place = items.indices.firstSorted { !(items[$0].version < version) }
        guard place < items.count, items[place].version == version else { return nil }
        return try release(items[place])
    }

    /// All of them, the oldest first, but for those whose files nobody can fetch (`unreachable`): one of those takes away no other
    /// version. Throws when a line is bad.
    package func releases() throws(DiagnosticsError) -> [PackageRelease] { try read().releases }

    /// What is wrong with the versions whose files nobody can fetch. Throws when a line is bad.
    package func unreachable() throws(DiagnosticsError) -> [Diagnostic] { try read().unreachable }

    private func read() throws(DiagnosticsError) -> (releases: [PackageRelease], unreachable: [Diagnostic]) {
        var releases: [PackageRelease] = []
        var unreachable: [Diagnostic] = []
        for item in items {
            do throws(DiagnosticsError) { releases.append(try release(item)) } catch {
                guard IndexFile.isUnreachable(error) else { throw error }
                unreachable += error.diagnostics
            }
        }
        return (releases, unreachable)
    }

    /// What the newest version that may be chosen needs; nothing when there is none. Throws when its line is bad.
    func newestNeeds() throws(DiagnosticsError) -> [PackageName] {
        guard let newest = items.last(where: { !$0.isYanked && !$0.version.isPrerelease }) else { return [] }
        return try release(newest).dependencies.map(\.name)
    }

    private func release(_ item: Item) throws(DiagnosticsError) -> PackageRelease {
        switch item.content {
        case .read(let release): return release
        case .unreachable(let error): throw error
        case .line(let place, let number):
            guard place.count <= IndexLine.greatestLine else {
                throw IndexLine.bad("\(place.count) bytes, more than \(IndexLine.greatestLine)", file.place, number)
            }
            return try file.release(
                IndexLine(bytes[place], of: file.name, file: file.place, line: number), number: number)
        case .kept(let place):
            guard let (line, number) = kept?.line(at: place) else {
                throw IndexLine.bad("this machine's copy of it is damaged", file.place, 1)
            }
            return try file.release(
                IndexLine(line, of: file.name, file: file.place, line: number), number: number)
        }
    }
}

/// An index file: whose it is, and what its lines leave to the registry to say.
struct IndexFile: Sendable {
    let name: PackageName
    /// As diagnostics call it.
    let place: String
    let registry: Registry
    /// At which the registry is read; nil for a local folder.
    let commit: ObjectID?

    func release(_ line: IndexLine, number: Int) throws(DiagnosticsError) -> PackageRelease {
        PackageRelease(
            name: name, version: line.version, origin: try origin(of: line, number),
            dependencies: line.dependencies, requires: line.requires, isYanked: line.isYanked,
            summary: line.description, keywords: line.keywords, tree: line.tree, listedCommit: line.commit,
            tag: line.releaseTag, signer: line.signer)
    }

    /// What comes from elsewhere can't name a repository of this machine: it would open whatever lies there.
    private func requireReachable(_ url: GitURL, _ number: Int) throws(DiagnosticsError) {
        guard url.isLocal, case .git(let own, _) = registry.location, !own.isLocal else { return }
        throw DiagnosticsError(
            Diagnostic(
                Self.localSource, .error,
                "the registry `\(registry.name)` lists '\(name)' in a repository on this machine: \(url)",
                at: SourceLocation(file: place, line: number),
                hint:
                    "ask those who keep the registry to yank it and to publish a version that others can reach, or put "
                    + "another in its place: [patch]", fault: .build))
    }

    private static let localSource = "package.local-source"

    /// Whether that is all that is wrong.
    static func isUnreachable(_ error: DiagnosticsError) -> Bool {
        error.diagnostics.allSatisfy { $0.id == localSource }
    }

    private func origin(of line: IndexLine, _ number: Int) throws(DiagnosticsError) -> PackageOrigin {
        if let url = line.git, let commit = line.commit {
            try requireReachable(url, number)
            return .git(url, commit: commit, path: line.path)
        }
        switch registry.location {
        case .git(let url, let root):
            guard let commit = line.commit ?? commit else {
                throw IndexLine.bad("`commit` is missing", place, number)
            }
            let path = line.path.map { root?.appending($0) ?? $0 } ?? root
            return .git(url, commit: commit, path: path)
        case .folder(let folder):
            if let commit = line.commit {
                // An older state of a folder that is a git repository as well.
                do throws(GitError) { return .git(try GitURL(folder), commit: commit, path: line.path) } catch {
                    throw DiagnosticsError(error.diagnostic)
                }
            }
            return .folder(line.path.map { "\(folder)/\($0.text)" } ?? folder)
        }
    }
}
