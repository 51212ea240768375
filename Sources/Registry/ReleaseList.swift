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
        case line(Range<Int>, number: Int)
    }

    /// The oldest first.
    package let items: [Item]
    private let bytes: [UInt8]
    private let file: IndexFile

    /// All lines of a file, read. Throws everything that is wrong.
    init(reading bytes: [UInt8], _ file: IndexFile) throws(DiagnosticsError) {
        guard bytes.count <= FileSource.greatestFile else { throw IndexLine.tooLarge(bytes, file.place) }
        var items: [Item] = []
        for (index, line) in try IndexLine.parse(bytes, of: file.name, file: file.place).enumerated() {
            let release = try file.release(line, number: index + 1)
            items.append(Item(version: release.version, isYanked: release.isYanked, content: .read(release)))
        }
        self.items = items.sorted { $0.version < $1.version }
        self.bytes = []
        self.file = file
    }

    /// A file that was read before: its lines are read again when they are wanted. Nil when that can't be told apart.
    init?(known bytes: [UInt8], _ file: IndexFile) {
        guard bytes.count <= FileSource.greatestFile, let lines = IndexOutline.lines(of: bytes) else { return nil }
        items = lines.map {
            Item(version: $0.version, isYanked: $0.isYanked, content: .line($0.place, number: $0.number))
        }.sorted { $0.version < $1.version }
        self.bytes = bytes
        self.file = file
    }

    /// The release of that version; nil when none is listed. Throws when its line is bad. O(versions).
    package func release(_ version: Version) throws(DiagnosticsError) -> PackageRelease? {
        guard let item = items.first(where: { $0.version == version }) else { return nil }
        return try release(item)
    }

    /// All of them, the oldest first. Throws when a line is bad.
    package func releases() throws(DiagnosticsError) -> [PackageRelease] {
        var releases: [PackageRelease] = []
        for item in items { releases.append(try release(item)) }
        return releases
    }

    private func release(_ item: Item) throws(DiagnosticsError) -> PackageRelease {
        switch item.content {
        case .read(let release): return release
        case .line(let place, let number):
            guard place.count <= IndexLine.greatestLine else {
                throw IndexLine.bad("\(place.count) bytes, more than \(IndexLine.greatestLine)", file.place, number)
            }
            return try file.release(
                IndexLine(bytes[place], of: file.name, file: file.place, line: number), number: number)
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

    private func origin(of line: IndexLine, _ number: Int) throws(DiagnosticsError) -> PackageOrigin {
        if let url = line.git, let commit = line.commit { return .git(url, commit: commit, path: line.path) }
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
