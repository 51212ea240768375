package import Basics

/// What makes entries no tree, or bytes no `Directory` message.
package enum TreeError: Error, Sendable, Equatable {
    /// A name that no tree may hold: the path, and what is wrong with its last component.
    case name(String, reason: String)
    /// One path twice, or a path that is both a file and a folder.
    case duplicate(String)
    /// Two names in one folder that are one on a file system without case or with normalised names.
    case collision(String, String)
    /// A symlink that leaves the tree, or whose target can't be proved to stay in it.
    case link(String, target: String)
    /// More levels, entries or bytes than `TreeLimits` allows.
    case limit(String)
    /// Bytes that are no canonical `Directory` message.
    case malformed(String)

    package var diagnostic: Diagnostic {
        switch self {
        case .name(let path, let reason):
            Diagnostic(
                "tree.name", .error, "the name '\(printable(path))' can't be in a skill: \(reason)", hint: "rename it")
        case .duplicate(let path):
            Diagnostic("tree.duplicate", .error, "'\(printable(path))' is there twice, or is both a file and a folder")
        case .collision(let a, let b):
            Diagnostic(
                "tree.collision", .error,
                "'\(printable(a))' and '\(printable(b))' are the same name on some file systems",
                hint: "rename one of them")
        case .link(let path, let target):
            Diagnostic(
                "tree.link", .error,
                "the symlink '\(printable(path))' points out of its folder, to '\(printable(target))'",
                hint: "make it a relative link to something inside, with '..' at the start of its target only")
        case .limit(let what): Diagnostic("tree.limit", .error, "the folder is too large: \(what)")
        case .malformed(let reason):
            Diagnostic("tree.malformed", .error, "a stored folder can't be read: \(reason)", fault: .integrity)
        }
    }
}

/// At most 200 scalars of hostile text, with control characters made visible.
func printable(_ text: String) -> String {
    var out = ""
    for (count, scalar) in text.unicodeScalars.enumerated() {
        if count == 200 { return out + "…" }
        out += scalar.value < 0x20 || scalar.value == 0x7F ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }
    return out
}
