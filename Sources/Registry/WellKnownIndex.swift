import Basics
import Formats
import HTTP
package import SkillModel

/// What a host says that it hands out: `/.well-known/agent-skills/index.json` of Agent Skills Discovery 0.2.0
/// (`docs/formats/well-known.md`).
package struct WellKnownIndex: Sendable {
    package static let path = "/.well-known/agent-skills/index.json"
    static let schema = "https://schemas.agentskills.io/discovery/0.2.0/schema.json"
    /// Bytes; some 50,000 skills.
    static let greatestSize = 16 << 20

    /// A skill that can be had, and how.
    struct Entry: Sendable {
        var artifact: Artifact
        var summary: String?
    }

    private let url: WebURL
    private let entries: [PackageName: Entry]
    /// Of what the index lists and nobody can use, why.
    private let faults: [String: String]

    /// Names of the skills that can be had, sorted.
    package var names: [PackageName] { entries.keys.sorted() }

    /// Reads an index that was found at `place`; addresses in it are relative to that.
    ///
    /// Throws `index.…` for what is no index of a version that this skvm knows. One bad entry spoils no other.
    init(parsing bytes: [UInt8], of url: WebURL, at place: HTTPAddress) throws(DiagnosticsError) {
        let value: JSONValue
        do throws(DiagnosticsError) {
            value = try StrictJSON.parse(bytes, file: place.description, limit: Self.greatestSize)
        } catch {
            throw error.inForeignFile(hint: "tell those who keep the server")
        }
        func refuse(_ id: String, _ message: String, _ hint: String) -> DiagnosticsError {
            DiagnosticsError(
                Diagnostic(
                    id, .error, message, at: SourceLocation(file: place.description), hint: hint, fault: .outside))
        }
        guard let list = value["skills"]?.array else {
            throw refuse("index.shape", "the index of \(url) lists no skills", "tell those who keep the server")
        }
        guard let schema = value["$schema"]?.string else {
            throw refuse(
                "index.version", "the index of \(url) has version 0.1.0, which promises no digests",
                "ask those who keep the server for an index of version 0.2.0")
        }
        guard schema == Self.schema else {
            throw refuse(
                "index.version", "the index of \(url) has a format that this skvm does not know: \(schema.shown())",
                "update skvm")
        }
        self.url = url
        var entries: [PackageName: Entry] = [:]
        var faults: [String: String] = [:]
        for item in list {
            guard let text = item["name"]?.string else { continue }
            guard let name = PackageName(text) else { continue }
            if entries[name] != nil || faults[text] != nil {
                (entries[name], faults[text]) = (nil, "it is listed twice")
                continue
            }
            do throws(Unusable) { entries[name] = try Self.entry(item, at: place) } catch {
                faults[text] = error.reason
            }
        }
        (self.entries, self.faults) = (entries, faults)
    }

    /// The skill of that name. Throws `index.unknown-skill`, with the nearest name, and `index.entry` for one that can't be
    /// used.
    func entry(_ name: PackageName) throws(DiagnosticsError) -> Entry {
        if let entry = entries[name] { return entry }
        if let fault = faults[name.description] {
            throw DiagnosticsError(
                Diagnostic(
                    "index.entry", .error, "the index of \(url) lists `\(name)` in a way that can't be used: \(fault)",
                    hint: "tell those who keep the server", fault: .outside))
        }
        let names = names.map(\.description)
        let near = nearest(to: name.description, in: names)
        let listing = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
        throw DiagnosticsError(
            Diagnostic(
                "index.unknown-skill", .error, "the index of \(url) has no skill `\(name)`",
                notes: [names.isEmpty ? "it has none" : "it has \(listing)"],
                hint: near.map { "did you mean `\($0)`?" }))
    }

    private struct Unusable: Error {
        var reason: String
    }

    private static func entry(_ item: JSONValue, at place: HTTPAddress) throws(Unusable) -> Entry {
        guard let text = item["digest"]?.string, let digest = Digest(text: text) else {
            throw Unusable(reason: "its digest is not sha256: and 64 hexadecimal digits")
        }
        guard let reference = item["url"]?.string else { throw Unusable(reason: "it has no url") }
        let address: HTTPAddress
        do throws(HTTPError) { address = try place.resolving(reference) } catch {
            throw Unusable(reason: error.detail)
        }
        if place.isSecure, !address.isSecure { throw Unusable(reason: "its url leads from https to http") }
        let form: Artifact.Form
        switch item["type"]?.string {
        case "skill-md"?: form = .document
        case "archive"?: form = .archive(folder: .root)
        case let type: throw Unusable(reason: "its type is `\((type ?? "").shown(limit: 40))`")
        }
        let summary = item["description"]?.string.map { $0.shown(limit: 1024) }
        return Entry(artifact: Artifact(address: address, form: form, digest: digest), summary: summary)
    }
}
