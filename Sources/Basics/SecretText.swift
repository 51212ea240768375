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
                isMarked(user) || hasPassword(beforeAny: user, address[end...].dropFirst())
            } else {
                isMarked(user) || hasPassword(address[start...].utf8)
                    || address[..<start].lowercased().hasPrefix("http")
                        && address[start...].utf8.prefix { $0 != 0x2F }.contains(0x40)
            }
        return withoutSecrets(in: isSecret ? "\(address[..<start])…\(address[end...])" : address)
    }

    /// Whether what an address without a scheme has before its last `@` is a user with a password: `me:secret`, and no path
    /// of git's short form `host:path`, behind which a range may stand.
    private static func hasPassword(beforeAny user: Substring, _ rest: Substring) -> Bool {
        guard let colon = user.utf8.firstIndex(of: 0x3A), !user.utf8.contains(where: { $0 <= 0x20 }) else {
            return false
        }
        guard let slash = user.utf8.firstIndex(of: 0x2F) else { return true }
        let isUserBefore = user.utf8.firstIndex(of: 0x40).map { $0 < colon } ?? false
        return colon < slash && !isUserBefore && !isRange(rest.utf8)
    }

    /// What a query may hold and be shown: skvm's own words for sources.
    private static let openQueries: Set = ["branch", "tag", "rev", "path", "version", "sha256"]

    /// What stands in the names of parameters that are secrets, in any address.
    private static let credentialWords = [
        "token", "secret", "passw", "pwd", "auth", "credential", "api_key", "apikey", "private_key", "access_key",
        "signature", "session", "jwt", "bearer",
    ]

    private static func namesCredential(_ key: Substring) -> Bool {
        let name = key.lowercased().replacing("-", with: "_")
        return name == "key" || name == "sig" || credentialWords.contains { name.contains($0) }
    }

    /// `text` with `…` in the place of the user, the password and the query's values of each web address that stands somewhere
    /// in it, and of the user and password, and of parameters that are named as credentials, of any other: any of them may be a
    /// token. O(n).
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
        let end = hasPassword(word) ? word.lastIndex(of: 0x40) : authority.lastIndex(of: 0x40)
        if let end, isWeb || hasPassword(word) || isMarked(rest[..<end]) {
            result += "…"
            rest = rest[end...]
        }
        let address = rest.prefix(while: isAddressCharacter)
        guard let question = address.firstIndex(where: { $0 == "?" || $0 == "#" }) else { return result + rest }
        result += rest[..<question]
        var parameters = address[question...]
        while let mark = parameters.first {
            let items = parameters.dropFirst().prefix { $0 != "#" }
            result += "\(mark)" + shown(parameters: items, isWeb && mark == "?")
            parameters = parameters[items.endIndex...]
        }
        return result + rest[address.endIndex...]
    }

    /// `a=b&c=d` with `…` for the values that may be secret: all of a web address' query (`isQuery`) but what is known not to
    /// be, else those that their names say to be.
    private static func shown(parameters: Substring, _ isQuery: Bool) -> String {
        parameters.split(separator: "&", omittingEmptySubsequences: false).map { item in
            let key = item.prefix { $0 != "=" }
            if isQuery ? openQueries.contains(String(key)) && !item.contains(";") : !namesCredential(key) {
                return String(item)
            }
            if key.endIndex == item.endIndex { return isQuery ? "…" : String(item) }
            return "\(key)=…"
        }.joined(separator: "&")
    }

    /// Whether a web or ssh address seems to have a password with a `/` in it, which nothing that reads addresses takes for
    /// one: `https://me:12/34@host/x` is the host `me`, to all of them.
    package static func isMisread(_ address: some StringProtocol) -> Bool {
        let text = Substring(address)
        guard let scheme = text.utf8.firstRange(of: "://".utf8) else { return false }
        let behind = text.utf8[scheme.upperBound...]
        let authority = behind.prefix { $0 != 0x2F }
        guard !authority.contains(0x40), let at = behind.lastIndex(of: 0x40), hasPassword(behind) else { return false }
        return behind[at...].contains(0x2F) && behind[..<at].last != 0x2F
    }

    /// Whether an address behind its scheme has a password before its last `@`: something that stands behind a colon that is
    /// not the one of a port. A password may hold a `/`, so that its `@` comes later, and may begin with digits, as a port does:
    /// then only what follows that `@` tells, a host or a range of versions. A path's own colon begins none.
    private static func hasPassword(_ word: Substring.UTF8View) -> Bool {
        let authority = word.prefix { $0 != 0x2F }
        if let at = authority.lastIndex(of: 0x40) {
            let user = authority[..<at]
            if user.contains(0x3A) || Substring(user).lowercased().contains("%3a") { return true }
        }
        // An address of IPv6 has colons of its own.
        let host = authority.lastIndex(of: 0x40).map { authority[$0...].dropFirst() } ?? authority
        if host.first == 0x5B, let end = host.firstIndex(of: 0x5D) { return !isPort(host[end...].dropFirst()) }
        guard let colon = host.firstIndex(of: 0x3A) else { return false }
        if !isPort(host[colon...]) { return true }
        guard !authority.contains(0x40) else { return false }
        let last = word.lastIndex(of: 0x40)
        guard let last, isRange(word[last...].dropFirst()) else { return last != nil }
        return word[..<last].contains(0x40)
    }

    /// Of `:8080`, and of nothing.
    private static func isPort(_ text: Substring.UTF8View) -> Bool {
        if text.isEmpty { return true }
        let digits = text.dropFirst()
        return digits.allSatisfy { (0x30...0x39).contains($0) } && (digits.isEmpty || UInt16(Substring(digits)) != nil)
    }

    /// Whether what follows an `@` is a range of versions, `^1.2` or `>=1, <2`, and no host. What ends a sentence may follow it.
    private static func isRange(_ text: Substring.UTF8View) -> Bool {
        var rest = text
        while let last = rest.last, "'\"`.,;:!?)]}".utf8.contains(last) { rest = rest.dropLast() }
        return !rest.isEmpty
            && rest.split(separator: 0x2C, omittingEmptySubsequences: false).allSatisfy { part in
                let version = part.drop { "^~=<> ".utf8.contains($0) }
                let numbers = version.prefix { $0 != 0x2D && $0 != 0x2B }
                    .split(separator: 0x2E, omittingEmptySubsequences: false)
                return (1...3).contains(numbers.count)
                    && numbers.allSatisfy { number in
                        number.elementsEqual("*".utf8) || number.elementsEqual("x".utf8)
                            || !number.isEmpty && number.allSatisfy { (0x30...0x39).contains($0) }
                    } && !version.contains(0x2F)
            }
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
