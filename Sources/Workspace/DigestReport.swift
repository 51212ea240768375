package import Basics
import ContentStore

/// `sha256:<hex> <size>`
package struct DigestReport: Report, Codable {
    package var version = 1
    package var command = "digest"
    package var ok = true
    package var diagnostics: [Diagnostic] = []
    package var digest: Digest
    package var size: Int64
    package var text: String { "\(digest) \(size)" }
}

extension Workspace {
    /// The digest of a file's blob or of a folder's tree.
    package func digest(_ path: String) throws -> DigestReport {
        let full = FileSystem.absolute(path, from: settings.workingDirectory)
        guard FileSystem.exists(full) else {
            throw DiagnosticsError([
                Diagnostic("digest.none", .error, "there is no \(path)", hint: "name a file or a folder", fault: .usage)
            ])
        }
        if FileSystem.isDirectory(full) {
            let entries = try Tree.entries(
                ofFolder: full, leavingOut: { Self.ignoredNames.contains($0.name) })
            let root = try Tree.build(entries).root
            return DigestReport(digest: root.digest, size: root.size)
        }
        let bytes = try FileSystem.read(full)
        return DigestReport(digest: Digest(of: bytes), size: Int64(bytes.count))
    }
}
