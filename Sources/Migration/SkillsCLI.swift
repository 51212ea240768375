package import Basics
import Formats
import SkillModel

/// The locks of the `skills` CLI (https://github.com/vercel-labs/skills): `skills-lock.json` of a project, and
/// `~/.agents/.skill-lock.json` of the user.
package enum SkillsCLI {
    package static let projectLock = "skills-lock.json"
    package static let globalLock = ".skill-lock.json"

    /// Reads either. Throws `DiagnosticsError` when it is no JSON object with `skills`.
    package static func read(_ bytes: [UInt8], file: String) throws(DiagnosticsError) -> ForeignSkills {
        let value = try StrictJSON.parse(bytes, file: file, limit: ForeignSkills.greatestSize)
        let location = SourceLocation(file: file)
        guard let entries = value["skills"]?.members else {
            throw DiagnosticsError([
                Diagnostic("import.shape", .error, "the lock of the skills CLI has no object 'skills'", at: location)
            ])
        }
        var found = ForeignSkills()
        for (name, entry) in entries.map({ ($0.key, $0.value) }) {
            do throws(EntryFault) {
                found.add(
                    ForeignSkill(name, try source(entry, name), evidence: evidence(entry), at: location))
            } catch {
                found.reject("skills.\(name.shortened): \(error.words)", location)
            }
        }
        return found
    }

    private static func source(_ entry: JSONValue, _ name: String) throws(EntryFault) -> ForeignSkill.Source {
        guard let source = entry["source"]?.string else { throw EntryFault("it has no 'source'") }
        let kind = entry["sourceType"]?.string ?? "github"
        switch kind {
        case "github", "gitlab", "git":
            // GitLab's short form names no host; the address that was used does.
            let short = kind == "gitlab" && !source.contains(":") ? "gitlab.com/" + source : source
            let text = entry["sourceUrl"]?.string ?? short
            let reference = entry["ref"]?.string
            guard let address = ForeignAddress(repository: text, reference: reference) else {
                throw EntryFault("'\(AddressWords.shown(text))' is no repository")
            }
            var path = address.path
            if let text = entry["skillPath"]?.string {
                guard let folder = ForeignAddress.folder(text) else {
                    throw EntryFault("'\(text.shortened)' is no folder of a repository")
                }
                path = folder
                return .git(address.url, path: path, ForeignAddress.wish(reference), only: [])
            }
            return .git(address.url, path: path, ForeignAddress.wish(reference), only: [name])
        case "local": return .folder(source)
        case "well-known": return wellKnown(entry, source, name)
        default: return .unsupported("its source is \(kind.shortened) \(AddressWords.shown(source))")
        }
    }

    /// What a host hands out by its well-known index: the project's lock has the host alone, without `www.`; the user's has the
    /// skill's own address, too, below the index. (Old ones have two of the host's parts, which lead nowhere.)
    private static func wellKnown(_ entry: JSONValue, _ source: String, _ name: String) -> ForeignSkill.Source {
        let words = "its source is well-known \(AddressWords.shown(source))"
        var address = source.contains("://") ? source : "https://" + source
        if let text = entry["sourceUrl"]?.string, let mark = text.firstRange(of: "/.well-known/") {
            address = String(text[..<mark.lowerBound])
        } else if source.contains("/"), !source.contains("://") {
            return .unsupported(words)
        }
        guard let url = WebURL(address), let name = PackageName(name) else { return .unsupported(words) }
        return .index(url, name, otherwise: words)
    }

    private static func evidence(_ entry: JSONValue) -> ForeignSkill.Evidence? {
        if let hash = entry["computedHash"]?.string, !hash.isEmpty { return .contents(hash) }
        guard let hash = entry["skillFolderHash"]?.string, !hash.isEmpty else { return nil }
        return CommitID(hash) == nil ? .other("its hash \(hash.shortened) is no git tree") : .gitTree(hash)
    }
}

/// Why one entry of a file can't be read.
struct EntryFault: Error {
    var words: String
    init(_ words: String) { self.words = words }
}

/// Addresses of other tools' files in messages.
enum AddressWords {
    /// Without what could be a password, and short.
    static func shown(_ text: String) -> String {
        guard let at = text.lastIndex(of: "@"), let scheme = text.firstRange(of: "://"), scheme.upperBound < at else {
            return SecretText.shown(text).shortened
        }
        return (text[..<scheme.upperBound] + "…" + text[at...]).description.shortened
    }
}
