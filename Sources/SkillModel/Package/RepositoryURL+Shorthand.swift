extension RepositoryURL {
    /// What other tools' files write for a repository: `owner/repository` (on GitHub), `host.tld/group/repository`, or an
    /// address. Nil when it is none of these. O(n).
    package static func shorthand(_ text: String) -> RepositoryURL? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard !text.contains(":"), parts.count >= 2, parts.allSatisfy(Self.isPlainName) else {
            return RepositoryURL(text)
        }
        if parts.count == 2 {
            return RepositoryURL("https://github.com/\(text)")
        } else if parts[0].contains(".") {
            return RepositoryURL("https://\(text)")
        }
        return nil
    }

    private static func isPlainName(_ part: Substring) -> Bool {
        !part.isEmpty && part.first != "-" && part.first != "."
            && part.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "._~-".utf8.contains(byte)
                }
            }
    }
}
