import Basics
import CCurl

/// An absolute address that may be asked: `http` or `https`, without user and password.
///
/// Its query may be a secret: it is sent, and is in no text.
package struct HTTPAddress: Sendable, Hashable, CustomStringConvertible {
    /// As it is sent. Not to be shown.
    let full: String
    /// For people: without query.
    package let description: String

    package var isSecure: Bool { full.hasPrefix("https://") }

    /// Throws `address` for everything else, and `unavailable` without libcurl.
    package init(_ text: String) throws(HTTPError) {
        try self.init(text, from: nil)
    }

    /// What `reference` means where it stands on this address's page (RFC 3986, 5).
    package func resolving(_ reference: String) throws(HTTPError) -> HTTPAddress {
        try HTTPAddress(reference, from: full)
    }

    /// This address with a query of these names and values, each encoded.
    package func asking(_ values: [(name: String, value: String)]) throws(HTTPError) -> HTTPAddress {
        let query = values.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
        return try HTTPAddress("\(full)?\(query)")
    }

    /// `text` as one segment of a path or one value of a query.
    package static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%" + hex(byte)
            }
        }
        return result
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 0x10 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    private init(_ text: String, from base: String?) throws(HTTPError) {
        guard skvm_curl_is_ready() == 1 else { throw Self.unavailable }
        let shown = Self.withoutSecrets(text)
        guard !text.isEmpty, text.utf8.count <= 8192, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != 0x5C })
        else { throw HTTPError(.address, "`\(shown)` is no address") }
        // Servers write names as they are spoken; what is sent has ASCII only.
        var ascii = ""
        for byte in text.utf8 {
            if byte < 0x80 { ascii.unicodeScalars.append(Unicode.Scalar(byte)) } else { ascii += "%" + Self.hex(byte) }
        }
        guard let found = skvm_curl_resolve(base ?? ascii, base == nil ? nil : ascii) else {
            throw HTTPError(.address, "`\(shown)` is no address")
        }
        defer { skvm_curl_free_text(found) }
        guard let absolute = String(validatingCString: found),
            absolute.hasPrefix("https://") || absolute.hasPrefix("http://")
        else { throw HTTPError(.address, "`\(shown)` is no address of a web server") }
        let rest = absolute.drop { $0 != "/" }.dropFirst(2)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.isEmpty, !authority.contains("@") else {
            throw HTTPError(
                .address, "`\(shown)` has no host, or a user in it", hint: "keep user and password in ~/.netrc")
        }
        full = String(absolute.prefix { $0 != "#" })
        description = Self.withoutSecrets(full)
    }

    /// Leaves out the query, the fragment, and all that stands before an `@` of the authority.
    private static func withoutSecrets(_ text: String) -> String {
        var plain = String(text.prefix { $0 != "?" && $0 != "#" })
        if let slashes = plain.firstRange(of: "//") {
            let rest = plain[slashes.upperBound...]
            if let at = rest.prefix(while: { $0 != "/" }).lastIndex(of: "@") {
                plain = String(plain[..<slashes.upperBound] + rest[rest.index(after: at)...])
            }
        }
        return plain.shown() + (text.contains("?") ? "?…" : "")
    }

    static var unavailable: HTTPError {
        HTTPError(
            .unavailable, "libcurl can't be loaded, and web servers are asked by it",
            hint: "install it (Debian: libcurl4), or use a git repository as the source")
    }
}
