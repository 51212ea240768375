import Basics
import Formats

extension WebSource {
    /// Reads `{ index, version }` or `{ url, path, sha256 }`; `name` is what the manifest calls the dependency;
    /// an index has the skill by that name, or by the one of `package`.
    /// What is wrong is reported, and nil returned.
    static func read(_ record: TOMLRecord, name: String) -> (source: WebSource, range: VersionRange?)? {
        let isIndex = record.has("index")
        let own = isIndex ? ["index", "version"] : ["url", "path", "sha256"]
        for value in record.table.values where !own.contains(value.key) {
            guard Self.others.contains(value.key) else { continue }
            record.report(
                value, id: "manifest.source", "a dependency has one source: '\(own[0])' has no '\(value.key)'",
                hint: "keep one of them")
            return nil
        }
        guard let url: WebURL = record.requiredValue(own[0]) else { return nil }
        return isIndex ? index(record, url, name) : file(record, url)
    }

    private static let others = [
        "version", "registry", "git", "path", "rev", "tag", "branch", "index", "url", "sha256",
        "owner",
    ]

    private static func index(
        _ record: TOMLRecord, _ url: WebURL, _ name: String
    ) -> (source: WebSource, range: VersionRange?)? {
        var range: VersionRange?
        if record.has("version") {
            range = record.value("version")
            if range == nil { return nil }
        }
        guard record.has("package") else {
            guard let skill = PackageName(name) else {
                record.report(
                    record.table.value, id: "manifest.name", "'\(name.shortened)' can't name a package",
                    hint: PackageName.fault(in: name))
                return nil
            }
            return (.index(url, skill: skill), range)
        }
        let skill: PackageName? = record.value("package")
        return skill.map { (.index(url, skill: $0), range) }
    }

    private static func file(
        _ record: TOMLRecord, _ url: WebURL
    ) -> (source: WebSource, range: VersionRange?)? {
        var path: RelativePath?
        if record.has("path") {
            let text = record.parsed("path", { RelativePath($0) != nil && $0.isPrintable ? $0 : nil }) { _ in
                "a relative path in the archive, without '..'"
            }
            guard let text else { return nil }
            path = RelativePath(text)
        }
        var digest: Digest?
        if record.has("sha256") {
            digest = record.parsed("sha256", { Digest(hex: $0) ?? Digest(text: $0) }) { _ in
                "64 lower-case hexadecimal digits, as sha256sum prints them"
            }
            if digest == nil { return nil }
        }
        return (.file(url, path: path, sha256: digest), nil)
    }
}
