/// The address of something on a web server: `https://host/path`, or `http://`.
///
/// It is written to the manifest, the lock and to logs, so it holds nothing that can be a secret: no user, no password,
/// no query. One address has one spelling: scheme and host are in lower case, and no `/` ends the path.
package struct WebURL: TextValue {
    package let description: String

    /// Nil when `text` is no such address. O(n).
    package init?(_ text: String) {
        guard Self.fault(in: text) == nil, let colon = text.utf8.firstIndex(of: 0x3A) else { return nil }
        let rest = text[colon...].dropFirst(3)
        let host = rest.prefix { $0 != "/" }
        var path = rest[host.endIndex...]
        while path.hasSuffix("/") { path.removeLast() }
        description = text[..<colon].lowercased() + "://" + host.lowercased() + path
    }

    /// Host and port.
    package var host: String {
        String(description.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" })
    }

    /// `/folder/file`, or nothing.
    package var path: Substring { description.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" } }

    /// This address with `suffix`, which begins with a `/`, behind it.
    package func appending(_ suffix: String) -> String { description + suffix }

    package static func fault(in text: String) -> String? {
        if text.isEmpty { return "an address can't be empty" }
        if text.utf8.count > 2048 { return "an address has at most 2048 characters" }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}".utf8.contains($0) }) else {
            return "an address has printable ASCII characters only; write others as %XX"
        }
        let lowered = text.lowercased()
        guard lowered.hasPrefix("https://") || lowered.hasPrefix("http://") else {
            return "an address of a web server begins with https:// or http://"
        }
        let rest = lowered.drop { $0 != "/" }.dropFirst(2)
        let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if host.contains("@") { return "an address holds no user or password: keep them in ~/.netrc" }
        if rest.contains("?") { return "an address holds no query: it may be a secret, and this one is written down" }
        if rest.contains("#") { return "the address holds a '#'" }
        guard isHost(host) else { return "the address has no valid host" }
        let parts = rest[host.endIndex...].split(separator: "/")
        return parts.contains { $0 == "." || $0 == ".." || $0.hasPrefix("%2e") }
            ? "an address has no '.' or '..' in its path" : nil
    }

    private static func isHost(_ text: Substring) -> Bool {
        var name = text
        if !text.hasSuffix("]"), let colon = text.lastIndex(of: ":") {
            let port = text[text.index(after: colon)...]
            guard let number = UInt16(port), number > 0, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return false
            }
            name = text[..<colon]
        }
        if name.hasPrefix("["), name.hasSuffix("]") {
            return name.count > 2
                && name.dropFirst().dropLast().utf8.allSatisfy { "0123456789abcdef:.".utf8.contains($0) }
        }
        guard let first = name.utf8.first, first != 0x2D, first != 0x2E else { return false }
        return name.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789.-_".utf8.contains($0) }
    }

    package static func < (a: WebURL, b: WebURL) -> Bool { precedes(a.description, b.description) }
}
