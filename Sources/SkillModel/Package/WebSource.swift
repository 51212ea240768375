package import Basics

/// A skill that a web server hands out: what it has now is the only version there is.
///
/// The texts are those of a lock: `index+https://example.org#pdf-tables`, `url+https://example.org/charts.tar.gz`,
/// `url+https://example.org/all.zip?sha256=<64 hex>#skills/charts`.
package enum WebSource: TextValue {
    /// A skill of the well-known index below an address (`docs/formats/well-known.md`), by its name there.
    case index(WebURL, skill: PackageName)
    /// An archive, or a lone `SKILL.md`; `path` is the skill's folder in the archive, `sha256` what the file must have.
    case file(WebURL, path: RelativePath?, sha256: Digest?)

    package var url: WebURL {
        switch self {
        case .index(let url, _), .file(let url, _, _): url
        }
    }

    package init?(_ text: String) {
        guard let plus = text.firstIndex(of: "+") else { return nil }
        var rest = text[text.index(after: plus)...]
        var fragment: Substring?
        if let mark = rest.firstIndex(of: "#") {
            fragment = rest[rest.index(after: mark)...]
            rest = rest[..<mark]
        }
        switch text[..<plus] {
        case "index":
            guard let url = WebURL(String(rest)), let skill = fragment.flatMap({ PackageName(String($0)) }) else {
                return nil
            }
            self = .index(url, skill: skill)
        case "url":
            var digest: Digest?
            if let mark = rest.firstIndex(of: "?") {
                guard rest[mark...].hasPrefix("?sha256="), let found = Digest(hex: rest[mark...].dropFirst(8)) else {
                    return nil
                }
                digest = found
                rest = rest[..<mark]
            }
            let path = fragment.flatMap { RelativePath($0) }
            guard let url = WebURL(String(rest)), (path == nil) == (fragment == nil) else { return nil }
            self = .file(url, path: path, sha256: digest)
        default: return nil
        }
    }

    package var description: String {
        switch self {
        case .index(let url, let skill): "index+\(url)#\(skill)"
        case .file(let url, let path, let digest):
            "url+\(url)" + (digest.map { "?sha256=\($0.hex)" } ?? "") + (path.map { "#\($0.text)" } ?? "")
        }
    }

    package static func fault(in text: String) -> String? {
        WebSource(text) == nil ? "a source on the web is index+URL#SKILL or url+URL#PATH" : nil
    }

    package static func < (a: WebSource, b: WebSource) -> Bool { precedes(a.description, b.description) }
}
