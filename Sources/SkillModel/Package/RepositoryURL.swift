import Basics

/// Where a git repository is: `https://`, `http://`, `ssh://`, `git://` or `file://`, ssh's short form
/// `user@host:path`, or a folder's path.
///
/// Git runs programs for some spellings (`ext::sh …`, `--upload-pack=…`): none of those is one. A password is refused, and
/// a user of a web server, who may be a token, because the address is written to the lock and to logs.
///
/// Two spellings of one repository (`identity`) are equal; each is written as it was read (decision 0064).
package struct RepositoryURL: TextValue {
    package let description: String

    /// Nil when `text` is none of these. O(n).
    package init?(_ text: String) {
        guard Self.fault(in: text) == nil else { return nil }
        description = text
    }

    /// True for a folder on this machine, by path or by `file://`.
    package var isLocal: Bool {
        description.hasPrefix("file://") || description.hasPrefix("/") || description.hasPrefix("./")
            || description.hasPrefix("../") || description == "." || description == ".."
    }

    package static func fault(in text: String) -> String? {
        if text.isEmpty { return "an address can't be empty" }
        if text.utf8.count > 2048 { return "an address has at most 2048 characters" }
        if !text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) {
            return "an address has no blanks or control characters"
        }
        if text.hasPrefix("-") { return "an address can't begin with '-': git would take it for an option" }
        if let colons = text.range(ofBytes: "::"), text[..<colons.lowerBound].utf8.allSatisfy(isSchemeByte) {
            return "an address with a '::' transport makes git run a program, and is refused"
        }
        if let scheme = text.range(ofBytes: "://") {
            let name = text[..<scheme.lowerBound]
            guard ["https", "http", "ssh", "git", "file"].contains(String(name)) else {
                return "an address begins with https://, ssh://, http://, git:// or file://"
            }
            return name == "file" ? nil : authorityFault(text[scheme.upperBound...], isWeb: name.hasPrefix("http"))
        }
        if text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../") || text == "." || text == ".." {
            return nil
        }
        guard let colon = text.firstIndex(of: ":"), !text[..<colon].contains("/") else {
            return "an address begins with https://, ssh:// or file://, or is a folder like ./folder"
        }
        let parts = text[..<colon].split(separator: "@", omittingEmptySubsequences: false)
        if parts.count > 1, SecretText.isMarked(parts[0]) { return tokenFault }
        // `user:password@host/path`, which ssh would take for a host and a path.
        if SecretText.shown(text) != text { return passwordFault }
        let host = parts.last ?? ""
        return host.isEmpty || host.hasPrefix("-") ? "the address has no valid host" : nil
    }

    private static let passwordFault = "an address holds no password: keep it in git's credential helper"
    private static let tokenFault = "an address holds no token: keep it in git's credential helper"
    private static let userFault =
        "an address of a web server names no user, who could be a token: leave it out, and tell git the user "
        + "(`git config --global credential.https://HOST.username NAME`)"

    /// The part after `scheme://`: `user@host:port/path`.
    private static func authorityFault(_ rest: Substring, isWeb: Bool) -> String? {
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = authority.split(separator: "@", omittingEmptySubsequences: false)
        if host.count > 1, host.dropLast().joined().contains(":") {
            return passwordFault
        }
        if SecretText.isMisread("://\(rest)") {
            return "an address holds no password: keep it in git's credential helper; an `@` of the path is written %40"
        }
        if host.count > 1, let user = host.first {
            if SecretText.isMarked(user) { return tokenFault }
            if isWeb { return userFault }
        }
        guard let name = host.last, !name.isEmpty, !name.hasPrefix("-"), !authority.hasPrefix("-") else {
            return "the address has no valid host"
        }
        return nil
    }

    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E: true
        default: false
        }
    }

    package static func < (a: RepositoryURL, b: RepositoryURL) -> Bool { precedes(a.identity, b.identity) }
}

extension String {
    /// Where `text` stands first, compared by bytes. O(n·m), for short texts.
    fileprivate func range(ofBytes text: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if utf8[start...].starts(with: text.utf8) {
                return start..<utf8.index(start, offsetBy: text.utf8.count)
            }
            start = utf8.index(after: start)
        }
        return nil
    }
}

/// A name of a git commit in full: 40 lower-case hexadecimal digits.
package struct CommitID: TextValue {
    package let description: String

    package init?(_ text: String) {
        guard Self.fault(in: text) == nil else { return nil }
        description = text
    }

    package static func fault(in text: String) -> String? {
        let isHex = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return isHex && text.utf8.count == 40 ? nil : "a commit is 40 lower-case hexadecimal digits"
    }

    package static func < (a: CommitID, b: CommitID) -> Bool { precedes(a.description, b.description) }
}

/// The name of a model as its provider spells it: `qwen/qwen3.5-9b`. It becomes a file name with `--` for `/`.
package struct ModelName: TextValue {
    package let description: String

    package init?(_ text: String) {
        guard Self.fault(in: text) == nil else { return nil }
        description = text
    }

    package static func fault(in text: String) -> String? {
        if text.isEmpty || text.utf8.count > 128 { return "a model's name has 1 to 128 characters" }
        for part in text.split(separator: "/", omittingEmptySubsequences: false) {
            let isGood = part.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "._:@+-".utf8.contains(byte)
                }
            }
            guard isGood, !part.isEmpty, part.utf8.first != 0x2E, part.utf8.first != 0x2D else {
                return
                    "a model's name is like qwen/qwen3.5-9b: letters, digits, '.', '_', ':', '@', '+', '-', with '/' between"
            }
        }
        return nil
    }

    /// `qwen--qwen3.5-9b`, as files are named after it.
    package var fileName: String {
        description.split(separator: "/").joined(separator: "--")
    }

    package static func < (a: ModelName, b: ModelName) -> Bool { precedes(a.description, b.description) }
}
