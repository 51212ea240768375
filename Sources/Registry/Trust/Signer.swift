import SkillModel

/// Who signed a version: a name that somebody vouches for, and the key. Both are pinned: whoever may write the list of names
/// could otherwise put another key under a known one.
package struct Signer: Sendable, Hashable, CustomStringConvertible {
    package let principal: String
    /// `SHA256:` and 43 digits of base 64, as `ssh-keygen -l` prints it.
    package let fingerprint: String

    package init?(principal: String, fingerprint: String) {
        guard Self.isPrincipal(principal), Self.isFingerprint(fingerprint) else { return nil }
        self.principal = principal
        self.fingerprint = fingerprint
    }

    /// Reads what `description` writes: `alice@example.org SHA256:…`.
    package init?(_ text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        self.init(principal: String(parts[0]), fingerprint: String(parts[1]))
    }

    package var description: String { "\(principal) \(fingerprint)" }

    /// One name: no pattern, no list, no option.
    package static func isPrincipal(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && !text.hasPrefix("-") && !text.hasPrefix("#") && text.isPrintable
            && !text.utf8.contains { " \t,*?!\"\\".utf8.contains($0) }
    }

    private static func isFingerprint(_ text: String) -> Bool {
        text.hasPrefix("SHA256:") && text.utf8.count == 50
            && text.utf8.dropFirst(7).allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "/"): true
                default: false
                }
            }
    }
}
