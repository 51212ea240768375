package import Basics
import Formats
package import SkillModel

/// `.clawhub/lock.json` (or `.clawdhub/lock.json`) of the ClawHub CLI (https://github.com/openclaw/clawhub): slug →
/// version and owner. From which hub each came is in the skill's own `.clawhub/origin.json`.
package enum ClawHub {
    package static let locks = [".clawhub/lock.json", ".clawdhub/lock.json"]
    /// Folders in which it keeps its notes, in an installed skill, too: no part of that.
    package static let folders: Set<String> = [".clawhub", ".clawdhub"]

    /// Where a skill's note on its origin lies, below the lock's folder: the CLI installs into `skills` unless it is told
    /// otherwise.
    package static func origins(of slug: PackageName) -> [String] {
        folders.sorted().map { "skills/\(slug)/\($0)/origin.json" }
    }

    /// - Parameter origin: the bytes of the note on a skill's origin; nil when there is none.
    ///
    /// Throws `DiagnosticsError` when it is no JSON object with `skills`.
    package static func read(
        _ bytes: [UInt8], file: String, origin: (PackageName) -> [UInt8]? = { _ in nil }
    ) throws(DiagnosticsError) -> ForeignSkills {
        let value = try StrictJSON.parse(bytes, file: file, limit: ForeignSkills.greatestSize)
        let location = SourceLocation(file: file)
        guard let entries = value["skills"]?.members else {
            throw DiagnosticsError([
                Diagnostic("import.shape", .error, "the lock of ClawHub has no object 'skills'", at: location)
            ])
        }
        var found = ForeignSkills()
        for entry in entries {
            guard entry.value.members != nil else {
                found.reject("skills.\(entry.key.shortened) is no object", location)
                continue
            }
            found.add(ForeignSkill(entry.key, source(entry.key, entry.value, origin), at: location))
        }
        return found
    }

    private static func source(
        _ slug: String, _ entry: JSONValue, _ origin: (PackageName) -> [UInt8]?
    ) -> ForeignSkill.Source {
        let version = entry["version"]?.string
        let handle = entry["ownerHandle"]?.string
        let words =
            "its source is ClawHub: \(handle.map { "@\($0.shortened)/" } ?? "")\(slug.shortened)"
            + (version.map { " \($0.shortened)" } ?? "")
        // What it only lists from elsewhere has a commit for a version.
        guard entry["sourceKind"] == nil, let name = PackageName(slug), version.map({ Version($0) != nil }) ?? true,
            handle.map({ HubOwner($0.lowercased()) != nil }) ?? true
        else { return .unsupported(words) }
        let note = origin(name).flatMap { try? StrictJSON.parse($0, file: "origin.json", limit: 1 << 16) }
        return .hub(
            note?["registry"]?.string.flatMap { WebURL($0) }, owner: handle.flatMap { HubOwner($0.lowercased()) }, name,
            version.flatMap { Version($0) }, otherwise: words)
    }
}
