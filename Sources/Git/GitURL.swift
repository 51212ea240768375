import Basics

/// The address of a remote repository that is safe to hand to git: `https://`, `http://`, `ssh://`, `user@host:path`,
/// `file://` or an absolute path.
///
/// A user and a password inside an http address are split off: they are used, but are in no text, digest or encoding. A user
/// alone, too: many servers take a token for one, and no look at it tells.
package struct GitURL: Sendable, CustomStringConvertible {
    package enum Scheme: String, Sendable {
        case https, http, ssh, file
        /// An absolute path on this machine.
        case path
    }

    struct Credentials: Sendable, Equatable {
        var user: String
        /// Nil where git's credential helpers are asked for it.
        var password: String?
    }

    package let scheme: Scheme
    /// The address without credentials; scheme and host in lower case, no trailing `/`.
    package let text: String
    let credentials: Credentials?

    package var description: String { text }
    var isWeb: Bool { scheme == .http || scheme == .https }
    package var isLocal: Bool { scheme == .file || scheme == .path }
    /// Without port and brackets; nil for what lies on this machine.
    var host: String? {
        var rest = text[...]
        if let separator = text.firstIndex(of: "://") {
            rest = text[separator...].dropFirst(3).prefix { $0 != "/" }
        } else if scheme == .ssh, let colon = text.firstIndex(ofHostEnd: ":") {
            rest = text[..<colon]
        }
        guard !isLocal else { return nil }
        let host = Self.splitUser(rest).host
        if host.first == "[" { return String(host.dropFirst().prefix { $0 != "]" }) }
        return String(host.prefix { $0 != ":" })
    }
    package var hasCredentials: Bool { credentials != nil }

    /// Throws `refusedURL`, with the reason, for everything that is no such address.
    package init(_ address: some StringProtocol) throws(GitError) {
        let text = String(address)
        try Self.refuseUnsafe(text)
        if text.utf8.first == 0x2F {
            (scheme, self.text, credentials) = (.path, text.droppingTrailingSlashes, nil)
            return
        }
        if let separator = text.firstIndex(of: "://") {
            (scheme, self.text, credentials) = try Self.parse(
                scheme: text[..<separator], rest: text[separator...].dropFirst(3), of: text)
            return
        }
        guard let colon = text.firstIndex(ofHostEnd: ":") else {
            throw Self.refused(text, "it is neither a URL nor an absolute path", hint: "write a folder as `./folder`")
        }
        // `user:password@host/path` would be one, too: a host and a path that hold a password.
        guard SecretText.shown(text) == text else {
            throw Self.refused(text, "it holds a password", hint: "keep it in git's credential helper")
        }
        // git's short form of ssh: `user@host:path`.
        let path = text[text.index(after: colon)...]
        let (user, host) = Self.splitUser(text[..<colon])
        guard !path.isEmpty, path.utf8.first != 0x2D else {
            throw Self.refused(text, "its path is empty or starts with `-`")
        }
        let checked = try Self.checkHost(host, of: text)
        if let user { try Self.checkUser(user, of: text) }
        scheme = .ssh
        self.text = (user.map { $0 + "@" } ?? "") + checked + ":" + String(path).droppingTrailingSlashes
        credentials = nil
    }

    private static func parse(
        scheme name: Substring, rest: Substring, of text: String
    ) throws(GitError) -> (Scheme, String, Credentials?) {
        guard let scheme = Scheme(rawValue: name.lowercased()), scheme != .path else {
            throw refused(text, "skvm does not speak `\(name.shown())`", hint: "use https, http, ssh or file")
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let path = String(rest[slash...]).droppingTrailingSlashes
        if path.utf8.contains(where: { $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: "?") }) {
            throw refused(text, "it has a `?` or `#`")
        }
        if path.utf8.split(separator: 0x2F).contains(where: { $0.elementsEqual("..".utf8) }) {
            throw refused(text, "it has a `..`")
        }
        if scheme == .file {
            guard rest[..<slash].isEmpty || rest[..<slash] == "localhost", path.count > 1 else {
                throw refused(text, "a file address has no host and an absolute path: file:///folder")
            }
            return (.file, "file://" + path, nil)
        }
        if SecretText.isMisread(text) {
            throw refused(
                text, "it seems to hold a password with a `/`",
                hint: "keep the password in git's credential helper; an `@` of the path is written %40")
        }
        let (userInfo, hostAndPort) = splitUser(rest[..<slash])
        let host = try checkHost(hostAndPort, of: text)
        guard path.count > 1 else { throw refused(text, "it names no repository") }
        guard let userInfo else { return (scheme, "\(scheme.rawValue)://\(host)\(path)", nil) }
        let parts = userInfo.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let user = percentDecoded(parts[0]), parts.count == 1 || scheme != .ssh else {
            throw refused(text, "its user or password can't be read")
        }
        if parts.count == 1 {
            guard scheme == .ssh else {
                return (scheme, "\(scheme.rawValue)://\(host)\(path)", Credentials(user: user, password: nil))
            }
            try checkUser(userInfo, of: text)
            return (scheme, "\(scheme.rawValue)://\(userInfo)@\(host)\(path)", nil)
        }
        guard let password = percentDecoded(parts[1]) else { throw refused(text, "its password can't be read") }
        return (scheme, "\(scheme.rawValue)://\(host)\(path)", Credentials(user: user, password: password))
    }

    private static func refuseUnsafe(_ text: String) throws(GitError) {
        if text.isEmpty { throw refused(text, "it is empty") }
        if text.utf8.count > 4096 { throw refused(String(text.prefix(60)), "it is longer than 4,096 bytes") }
        if text.utf8.first == 0x2D { throw refused(text, "it starts with `-`, and git would read it as an option") }
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned:
                throw refused(text, "it has a control or an invisible character")
            default: if scalar == " " && text.utf8.first != 0x2F { throw refused(text, "it has a space") }
            }
        }
        // `helper::address` makes git run `git-remote-helper`; `ext::` runs any command.
        if let colons = text.firstIndex(of: "::"), text[..<colons].utf8.allSatisfy(\.isHelperCharacter) {
            throw refused(text, "it would make git run a helper program", hint: "use https, http, ssh or file")
        }
    }

    private static func splitUser(_ authority: Substring) -> (user: String?, host: Substring) {
        guard let at = authority.lastIndex(of: "@") else { return (nil, authority) }
        return (String(authority[..<at]), authority[authority.index(after: at)...])
    }

    private static func checkHost(_ text: Substring, of address: String) throws(GitError) -> String {
        var host = text
        var port = ""
        if let colon = text.lastIndex(of: ":"), text.last != "]" {
            host = text[..<colon]
            port = String(text[text.index(after: colon)...])
            guard let number = UInt16(port), number > 0, port.utf8.allSatisfy(\.isDigit) else {
                throw refused(address, "its port is none")
            }
            port = ":" + port
        }
        let inside = host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host
        let isNumeric = inside.count != host.count
        guard let first = inside.utf8.first, first != 0x2D, first != 0x2E,
            inside.utf8.allSatisfy({ isNumeric ? $0.isAddressCharacter : $0.isHostCharacter })
        else { throw refused(address, "its host is none") }
        return host.lowercased() + port
    }

    private static func checkUser(_ user: String, of address: String) throws(GitError) {
        if SecretText.isMarked(user) {
            throw refused(address, "it holds a token", hint: "keep it in git's credential helper")
        }
        guard let first = user.utf8.first, first != 0x2D,
            user.utf8.allSatisfy({ $0.isHostCharacter || $0 == 0x25 || $0 == 0x2B })
        else { throw refused(address, "its user is none") }
    }

    private static func refused(_ text: String, _ reason: String, hint: String? = nil) -> GitError {
        GitError(
            .refusedURL, "`\(SecretText.shown(text).shown())` is no address of a repository: \(reason)",
            hint: hint)
    }
}

extension GitURL: Hashable {
    /// By address: who asks makes no other repository.
    package static func == (a: GitURL, b: GitURL) -> Bool { a.text == b.text }
    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension GitURL: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    /// As text, without credentials.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

private func percentDecoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        guard let value = [UInt8](hex: String(decoding: rest.prefix(2), as: UTF8.self).lowercased()), value.count == 1
        else { return nil }
        rest = rest.dropFirst(2)
        bytes += value
    }
    // A line break or NUL would smuggle a second line into the credential protocol.
    guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
    return String(validating: bytes, as: UTF8.self)
}

extension String {
    fileprivate var droppingTrailingSlashes: String {
        var text = self[...]
        while text.count > 1, text.hasSuffix("/") { text.removeLast() }
        return String(text)
    }

    fileprivate func firstIndex(of needle: String) -> String.Index? {
        let needle = Array(needle.utf8)
        var index = utf8.startIndex
        while index != utf8.endIndex {
            if utf8[index...].starts(with: needle) { return index }
            index = utf8.index(after: index)
        }
        return nil
    }

    /// The colon that ends the host of `user@host:path`: the first one outside of brackets, before any `/`.
    fileprivate func firstIndex(ofHostEnd colon: Character) -> String.Index? {
        var inBrackets = false
        for index in indices {
            switch self[index] {
            case "[": inBrackets = true
            case "]": inBrackets = false
            case "/": return nil
            case colon where !inBrackets: return index
            default: break
            }
        }
        return nil
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { self >= 0x30 && self <= 0x39 }
    fileprivate var isLetter: Bool { self | 0x20 >= 0x61 && self | 0x20 <= 0x7A }
    fileprivate var isHostCharacter: Bool { isDigit || isLetter || self == 0x2D || self == 0x2E || self == 0x5F }
    fileprivate var isAddressCharacter: Bool { isDigit || isLetter || self == 0x3A || self == 0x2E }
    fileprivate var isHelperCharacter: Bool { isDigit || isLetter || self == 0x2B || self == 0x2D || self == 0x2E }
}
