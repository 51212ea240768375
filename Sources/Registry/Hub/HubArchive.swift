import Basics
import ContentStore
import Git

/// The archive of one version on a hub, held against the hub's list of its files.
///
/// A hub packs an archive each time it is asked for, and puts a `_meta.json` of its own into it, which names the owner by a
/// number: that is no part of the skill, and would be another after the skill was given to somebody else.
struct HubArchive {
    private static let meta = "_meta.json"

    private let package: ArchivePackage
    private let listed: [String: HubAPI.ListedFile]?
    private let version: HubVersion

    /// - Parameter listed: nil when the hub says nothing of its files.
    init(_ bytes: [UInt8], _ listed: [String: HubAPI.ListedFile]?, _ version: HubVersion, limits: GitLimits) throws {
        package = try ArchivePackage(bytes, .root, limits: limits)
        self.listed = listed
        self.version = version
    }

    /// The skill's files, in the store. Throws `clawhub.digest` for what is missing, too much or another than listed.
    func entries(into store: ContentStore) throws -> [TreeEntry] {
        let found = try package.entries(into: store).filter { $0.path.text != Self.meta || listed?[Self.meta] != nil }
        guard let listed else { return found }
        var rest = listed.filter { path, _ in !Self.isLeftOut(path) }
        for entry in found {
            guard let promised = rest.removeValue(forKey: entry.path.text) else {
                throw differs("`\(entry.path.text.shown(limit: 80))` is in its archive and not in its list of files")
            }
            guard let blob = entry.blob, blob.digest == promised.digest, blob.size == promised.size else {
                throw differs(
                    "`\(entry.path.text.shown(limit: 80))` is not the file that it lists",
                    notes: ["listed \(promised.digest)", "found \(entry.blob?.digest.description ?? "a link")"])
            }
        }
        if let missing = rest.keys.sorted().first {
            throw differs("`\(missing.shown(limit: 80))` is in its list of files and not in its archive")
        }
        return found
    }

    /// What `ArchivePackage` passes over, wherever it stands.
    private static func isLeftOut(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return parts.first == "__MACOSX" || parts.contains { RelativePath($0).map(PackageFiles.leavesOut) ?? false }
    }

    private func differs(_ reason: String, notes: [String] = []) -> DiagnosticsError {
        DiagnosticsError(
            Diagnostic(
                "clawhub.digest", .error, "\(version) is not what the hub says: \(reason)", notes: notes,
                hint: "do not use it; tell those who keep the hub", fault: .integrity))
    }
}
