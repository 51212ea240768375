extension String {
    /// As a shell takes it for one word: in quotes where it needs them.
    package var shellQuoted: String {
        let isPlain = !isEmpty && utf8.allSatisfy { plainInShell.contains($0) }
        return isPlain ? self : "'" + replacing("'", with: "'\\''") + "'"
    }
}

private let plainInShell = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+,./:@%".utf8)
