import Basics
import Formats
import HTTP
import SkillModel

/// Version 1 of the HTTP interface of a ClawHub (`docs/formats/clawhub.md`), by one hub: one question a function, each answer
/// bounded and checked.
///
/// Throws `http.…` for a server that can't be reached, `clawhub.…` for what it answers.
struct HubAPI: Sendable {
    /// Bytes of one answer.
    static let greatestAnswer = 4 << 20
    /// Of one package; the hub gives out 200 a page.
    static let greatestVersions = 10_000
    static let greatestPages = 200
    /// Bytes of one version's archive.
    static let greatestArchive = 256 << 20

    let url: WebURL
    let client: HTTPClient

    // MARK: A skill

    /// What the hub says of a skill; nil when it has none of that name, or none of that owner's.
    ///
    /// Throws `clawhub.ambiguous`, with the owners, when it has several of that name and `owner` is nil.
    func skill(_ name: PackageName, owner: HubOwner?) async throws(DiagnosticsError) -> HubSkill? {
        guard let answer = try await ask("/skills/\(name)", Self.query(owner), about: "`\(name)`") else { return nil }
        guard let skill = answer["skill"], !skill.isNull, let slug = skill["slug"]?.string else {
            throw bad("it describes no skill `\(name)`")
        }
        guard let found = PackageName(slug) else {
            throw refused(
                "clawhub.name", "\(url) has `\(slug.shown(limit: 80))`, which can't name a package",
                hint: PackageName.fault(in: slug))
        }
        guard let handle = answer["owner"]?["handle"]?.string?.lowercased(), let holder = HubOwner(handle) else {
            throw bad("it names no owner of `\(name)`")
        }
        let moderation = answer["moderation"]
        var suspicion: String?
        if moderation?["isSuspicious"]?.boolean == true || moderation?["verdict"]?.string == "suspicious" {
            let codes = (moderation?["reasonCodes"]?.array ?? []).compactMap(\.string).prefix(8)
            suspicion = moderation?["summary"]?.string ?? codes.joined(separator: ", ")
        }
        return HubSkill(
            owner: holder, name: found, summary: skill["summary"]?.string.map { $0.shown(limit: 1024) },
            suspicion: suspicion.map { $0.shown(limit: 200) },
            isBlocked: moderation?["isMalwareBlocked"]?.boolean == true
                || moderation?["verdict"]?.string == "malicious",
            isHosted: answer["latestVersion"].map { !$0.isNull } ?? false)
    }

    /// The versions that the hub offers of a package, in no order; nil when there is no such package. What is no semantic
    /// version is left out: older skills have such.
    func versions(of name: PackageName, _ source: HubSource) async throws(DiagnosticsError) -> [HubVersion]? {
        var versions: [Version: HubVersion] = [:]
        var cursors: Set<String> = []
        var cursor: String?
        for _ in 0..<Self.greatestPages {
            let query = Self.query(source.owner) + [(name: "limit", value: "200")]
            let answer = try await ask(
                "/skills/\(name)/versions", query + (cursor.map { [(name: "cursor", value: $0)] } ?? []),
                about: "`\(name)`")
            guard let page = answer else { return nil }
            guard let items = page["items"]?.array else { throw bad("it lists no versions of `\(name)`") }
            for item in items {
                guard let version = item["version"]?.string.flatMap({ Version($0) }) else { continue }
                versions[version] = HubVersion(
                    source: source, name: name, version: version, publishedAt: Self.seconds(item["createdAt"]))
            }
            guard versions.count <= Self.greatestVersions else {
                throw bad("it lists more than \(Self.greatestVersions) versions of `\(name)`")
            }
            guard let next = page["nextCursor"]?.string, !next.isEmpty else { return Array(versions.values) }
            guard next.utf8.count <= 4096, cursors.insert(next).inserted else {
                throw bad("its list of versions of `\(name)` leads in a circle")
            }
            cursor = next
        }
        throw bad("its list of versions of `\(name)` has more than \(Self.greatestPages) pages")
    }

    /// The files of a version by path, as the hub took them in; nil when it doesn't say. Throws `clawhub.gone` for a version
    /// that it no longer has.
    func files(of version: HubVersion) async throws(DiagnosticsError) -> [String: ListedFile]? {
        let path = "/skills/\(version.name)/versions/\(HTTPAddress.encoded(version.version.description))"
        guard let answer = try await ask(path, Self.query(version.source.owner), about: "\(version)") else {
            throw gone(version)
        }
        guard let listed = answer["version"]?["files"], !listed.isNull else { return nil }
        guard answer["version"]?["version"]?.string == version.version.description, let items = listed.array else {
            throw bad("it describes another version than \(version.version) of `\(version.name)`")
        }
        var files: [String: ListedFile] = [:]
        for item in items {
            guard let path = item["path"]?.string, let size = item["size"]?.integer, size >= 0,
                let digest = item["sha256"]?.string.flatMap({ Digest(hex: $0.lowercased()[...]) })
            else { throw bad("a file of \(version) has no path, size or sha256") }
            guard files.updateValue(ListedFile(size: size, digest: digest), forKey: path) == nil else {
                throw bad("\(version) has the file `\(path.shown(limit: 80))` twice")
            }
        }
        return files
    }

    struct ListedFile: Sendable, Hashable {
        var size: Int64
        var digest: Digest
    }

    /// The archive of a version. Throws `clawhub.gone` for one that the hub no longer has.
    func archive(of version: HubVersion) async throws(DiagnosticsError) -> [UInt8] {
        let query =
            [(name: "slug", value: version.name.description)] + Self.query(version.source.owner)
            + [(name: "version", value: version.version.description)]
        let body = try await get(
            "/download", query, about: "\(version)", accept: "application/zip", limit: Self.greatestArchive)
        guard let body else { throw gone(version) }
        return body
    }

    /// The repository's folder that a skill lies in which the hub only lists, as `skvm add` takes it; nil when the hub doesn't
    /// say. For a hint alone.
    func repository(of name: PackageName, _ owner: HubOwner) async -> String? {
        let query = [(name: "slug", value: name.description)] + Self.query(owner)
        guard let answer = try? await ask("/download", query, about: "`\(name)`"),
            let repository = answer["repo"]?.string, let folder = answer["path"]?.string,
            let url = RepositoryURL("https://github.com/\(repository)"), repository.isPrintable, folder.isPrintable
        else { return nil }
        return RelativePath(folder).map { "\(url)#\($0)" } ?? url.description
    }

    // MARK: Search

    /// What the hub finds for words, in its order. Skills that it only lists from elsewhere are left out.
    func search(_ words: [String], limit: Int) async throws(DiagnosticsError) -> [HubHit] {
        let query = [(name: "q", value: words.joined(separator: " ")), (name: "limit", value: "\(limit)")]
        guard let answer = try await ask("/search", query, about: "the search"),
            let results = answer["results"]?.array
        else { throw bad("it does not answer the search") }
        return results.prefix(limit).compactMap { result in
            if let source = result["source"]?.string, source != "clawhub" { return nil }
            let handle = result["ownerHandle"]?.string ?? result["owner"]?["handle"]?.string
            guard let name = result["slug"]?.string.flatMap({ PackageName($0) }),
                let owner = handle.flatMap({ HubOwner($0.lowercased()) })
            else { return nil }
            return HubHit(
                owner: owner, name: name, version: result["version"]?.string.map { $0.shown(limit: 40) } ?? "",
                summary: (result["summary"]?.string ?? result["displayName"]?.string ?? "").shown(limit: 1024))
        }
    }

    // MARK: Asking

    private static func query(_ owner: HubOwner?) -> [(name: String, value: String)] {
        owner.map { [(name: "ownerHandle", value: $0.description)] } ?? []
    }

    /// Milliseconds, which JavaScript writes with a fraction where it has one.
    private static func seconds(_ value: JSONValue?) -> Int64? {
        switch value {
        case .integer(let number)?: number / 1000
        case .number(let text)?: Double(text).flatMap { $0.isFinite && abs($0) < 1e17 ? Int64($0) / 1000 : nil }
        default: nil
        }
    }

    private func ask(
        _ path: String, _ query: [(name: String, value: String)], about what: String
    ) async throws(DiagnosticsError) -> JSONValue? {
        let body = try await get(path, query, about: what, accept: "application/json", limit: Self.greatestAnswer)
        guard let body else { return nil }
        do throws(DiagnosticsError) {
            return try StrictJSON.parse(body, file: url.appending("/api/v1\(path)"), limit: Self.greatestAnswer)
        } catch {
            throw bad("its answer about \(what) is not JSON: \(error.diagnostics.first?.message ?? "")")
        }
    }

    /// Nil for what the hub does not have.
    private func get(
        _ path: String, _ query: [(name: String, value: String)], about what: String, accept: String, limit: Int
    ) async throws(DiagnosticsError) -> [UInt8]? {
        do throws(HTTPError) {
            let address = try HTTPAddress(url.appending("/api/v1\(path)"))
            return try await client.get(query.isEmpty ? address : address.asking(query), accept: accept, limit: limit)
                .body
        } catch {
            if error.code == .notFound { return nil }
            throw failure(error, what)
        }
    }

    private func failure(_ error: HTTPError, _ what: String) -> DiagnosticsError {
        switch error.status {
        case 409?:
            let owners = Self.owners(error.answer)
            return refused(
                "clawhub.ambiguous", "\(url) has several packages \(what), of several owners",
                notes: owners.isEmpty ? [] : ["it has " + owners.joined(separator: ", ")],
                hint: "say whose: @OWNER/NAME", fault: .build)
        case 403?, 423?, 451?:
            // The hub's own words say whether it is being looked at, was withdrawn, or is private.
            let words = (error.answer ?? "").split(separator: "\n").first.map { String($0).shown(limit: 300) } ?? ""
            return refused(
                "clawhub.refused", "\(url) does not give out \(what)",
                notes: words.isEmpty ? [] : ["it says: \(words)"],
                hint: "look at it there; skvm asks without an account")
        default: return DiagnosticsError(error.diagnostic)
        }
    }

    /// Who the hub says has a skill of that name.
    private static func owners(_ answer: String?) -> [String] {
        guard let answer, let value = try? StrictJSON.parse(Array(answer.utf8), file: "") else { return [] }
        return (value["matches"]?.array ?? []).prefix(20).compactMap { match in
            guard let owner = match["ownerHandle"]?.string.flatMap({ HubOwner($0.lowercased()) }),
                let name = match["slug"]?.string.flatMap({ PackageName($0) })
            else { return nil }
            return "@\(owner)/\(name)"
        }
    }

    private func gone(_ version: HubVersion) -> DiagnosticsError {
        refused(
            "clawhub.gone", "\(url) no longer has \(version.version) of @\(version.source.owner)/\(version.name)",
            hint: "choose another version in skvm.toml; to keep a version for ever, commit it with skvm vendor")
    }

    private func bad(_ reason: String) -> DiagnosticsError {
        refused(
            "clawhub.answer", "\(url) does not answer as a ClawHub: \(reason)",
            hint: "is it the address of one? `[registries] NAME = \"clawhub+https://…\"`")
    }

    private func refused(
        _ id: String, _ message: String, notes: [String] = [], hint: String?, fault: Fault = .outside
    ) -> DiagnosticsError {
        DiagnosticsError(Diagnostic(id, .error, message, notes: notes, hint: hint, fault: fault))
    }
}
