import CCrypto

/// Secrets inside addresses: what no lock, log or message may show.
package enum SecretText {
    /// What the tokens of known servers begin with.
    private static let marks = [
        "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-", "glrt-", "glptt-", "glft-", "glcbt-",
        "glsoat-", "hf_", "ATBB", "ATCTT3", "npm_", "pypi-", "dop_v1_", "xoxb-", "xoxp-", "x-token", "eyJ",
    ]

    /// Whether `text` begins as the tokens of a known server do. For ssh, which has no tokens: what comes first there is a
    /// user's name. Of a web address, every user may be a token, whatever it looks like.
    package static func isMarked(_ text: some StringProtocol) -> Bool {
        marks.contains { text.utf8.starts(with: $0.utf8) }
    }

    /// `address` as a message may show it, also where it is refused: as `withoutSecrets`, and `…` for the user of any address
    /// that has a password or is marked as a token, whatever characters they are made of. O(n).
    package static func shown(_ address: String) -> String {
        // A password may hold `@` and `/`: the last `@` ends it.
        guard let end = address.utf8.lastIndex(of: 0x40) else { return withoutSecrets(in: address) }
        let scheme = address.utf8.firstRange(of: "://".utf8).flatMap { $0.upperBound <= end ? $0.upperBound : nil }
        let start = scheme ?? address.startIndex
        let user = address[start..<end]
        let isSecret =
            if scheme == nil {
                isMarked(user) || user.utf8.contains(0x3A) && !user.utf8.contains { $0 <= 0x20 || $0 == 0x2F }
            } else {
                isMarked(user) || hasPassword(authority: address[start...].utf8.prefix { $0 != 0x2F })
                    || address[..<start].lowercased().hasPrefix("http")
                        && address[start...].utf8.prefix { $0 != 0x2F }.contains(0x40)
            }
        return withoutSecrets(in: isSecret ? "\(address[..<start])…\(address[end...])" : address)
    }

    /// What a query may hold and be shown: skvm's own words for sources.
    private static let openQueries: Set = ["branch", "tag", "rev", "path", "version", "sha256"]

    /// `text` with `…` in the place of the user, the password and the query's values of each web address that stands somewhere
    /// in it, and of the user and password of any other: any of them may be a token. O(n).
    package static func withoutSecrets(in text: String) -> String {
        let parts = text.split(separator: "://", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return text }
        var result = String(parts[0])
        for (before, part) in zip(parts, parts.dropFirst()) {
            let scheme = before.suffix(5).lowercased()
            result += "://" + withoutSecrets(behindScheme: part, isWeb: scheme.hasSuffix("http") || scheme == "https")
        }
        return result
    }

    private static func withoutSecrets(behindScheme part: Substring, isWeb: Bool) -> String {
        var rest = part
        var result = ""
        // A password may hold what ends an address elsewhere, and a `/`; the number of a port is none.
        let word = rest.utf8.prefix { $0 > 0x20 && $0 != 0x60 }
        let authority = word.prefix { $0 != 0x2F }
        let hasPassword = hasPassword(authority: authority)
        let end = hasPassword ? word.lastIndex(of: 0x40) : isWeb ? authority.lastIndex(of: 0x40) : nil
        let isPassword = hasPassword && !authority.contains(0x40) || authority.contains(0x3A) || isWeb
        if let end, isPassword {
            result += "…"
            rest = rest[end...]
        }
        let address = rest.prefix(while: isAddressCharacter)
        guard isWeb, let question = address.firstIndex(of: "?") else { return result + rest }
        result += rest[...question]
        let query = address[address.index(after: question)...].prefix { $0 != "#" }
        result += query.split(separator: "&", omittingEmptySubsequences: false).map { item in
            let key = item.prefix { $0 != "=" }
            if openQueries.contains(String(key)) { return String(item) }
            return key.endIndex == item.endIndex ? "…" : "\(key)=…"
        }.joined(separator: "&")
        return result + rest[query.endIndex...]
    }

    /// Whether what stands before the first `/` of an address begins a password, or has one whole: behind a colon that is not
    /// the one of a port. A password may hold a `/`, so that its `@` comes later; a path's own colon begins none.
    private static func hasPassword(authority: Substring.UTF8View) -> Bool {
        let before = authority.lastIndex(of: 0x40).map { authority[..<$0] }
        if let before, before.contains(0x3A) { return true }
        // An address of IPv6 has colons of its own.
        let host = before.map { authority[$0.endIndex...].dropFirst() } ?? authority
        if host.first == 0x5B, let end = host.firstIndex(of: 0x5D) {
            return hasPassword(port: host[end...].dropFirst())
        }
        return host.firstIndex(of: 0x3A).map { hasPassword(port: host[$0...]) } ?? false
    }

    /// Of `:8080`, and of nothing, false.
    private static func hasPassword(port: Substring.UTF8View) -> Bool {
        !port.isEmpty && !port.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    }

    /// A character that ends no address in a sentence.
    private static func isAddressCharacter(_ character: Character) -> Bool {
        !character.isWhitespace && !"`\"'<>|()[]{}".contains(character)
    }
}

/// The hash that names git's objects. For nothing else: it is no longer safe against who may choose both of two texts.
package enum SHA1 {
    /// The name of an object of `kind` ("commit", "tree", …) with these bytes: 40 hexadecimal digits.
    package static func objectName(_ kind: String, _ bytes: [UInt8]) -> String {
        let object = Array("\(kind) \(bytes.count)\0".utf8) + bytes
        var hash = [UInt8](repeating: 0, count: 20)
        _ = CCrypto.SHA1(object, object.count, &hash)
        return hash.hex
    }
}
