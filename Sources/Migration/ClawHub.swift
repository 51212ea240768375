package import Basics
import Formats
import SkillModel

/// `.clawhub/lock.json` (or `.clawdhub/lock.json`) of the ClawHub CLI (https://github.com/openclaw/clawhub): slug →
/// version. ClawHub serves archives and no commits: what can be imported is the copy that it installed.
package enum ClawHub {
    package static let locks = [".clawhub/lock.json", ".clawdhub/lock.json"]
    /// Folders in which it keeps its notes, in an installed skill, too: no part of that.
    package static let folders: Set<String> = [".clawhub", ".clawdhub"]

    /// Throws `DiagnosticsError` when it is no JSON object with `skills`.
    package static func read(_ bytes: [UInt8], file: String) throws(DiagnosticsError) -> ForeignSkills {
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
            let version = entry.value["version"]?.string
            let owner = entry.value["ownerHandle"]?.string.map { "@\($0.shortened)/" } ?? ""
            found.add(
                ForeignSkill(
                    entry.key,
                    .unsupported(
                        "its source is ClawHub: \(owner)\(entry.key.shortened)\(version.map { " \($0.shortened)" } ?? "")"
                    ),
                    at: location))
        }
        return found
    }
}
