/// Which folders a line of `members` or `exclude` names: a path below the manifest, `*` for any one name that does not begin with a
/// dot.
package struct MemberPattern: Sendable {
    package let text: String
    package let parts: [String]
    package let hasStar: Bool

    package init(_ text: String) {
        self.text = text
        parts = text.split(separator: "/").map(String.init).filter { $0 != "." }
        hasStar = text.contains("*")
    }

    package func matches(_ names: some Collection<String>) -> Bool {
        names.count == parts.count
            && zip(names, parts).allSatisfy { $1.contains("*") ? Self.matches($0, $1) : $0 == $1 }
    }

    /// Whether it names one of the folders above `names`, or that folder itself.
    package func isAbove(_ names: [String]) -> Bool {
        names.count >= parts.count && matches(names.prefix(parts.count))
    }

    /// Whether `name` matches a pattern of one component with `*`; one that begins with a dot never
    /// does. O(name · pattern), no backtracking into the past.
    package static func matches(_ name: String, _ pattern: String) -> Bool {
        if name.hasPrefix(".") { return false }
        let name = Array(name.utf8)
        let pattern = Array(pattern.utf8)
        var (n, p) = (0, 0)
        var star: (p: Int, n: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = (p, n)
                p += 1
            } else if p < pattern.count, pattern[p] == name[n] {
                n += 1
                p += 1
            } else if let last = star {
                star = (last.p, last.n + 1)
                (p, n) = (last.p + 1, last.n + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

extension Manifest {
    /// Whether a folder, by the names that lead there from the manifest's, is a member of its workspace. O(patterns · depth).
    package func counts(_ names: [String]) -> Bool {
        let named = (members ?? []).map(MemberPattern.init).filter { $0.matches(names) }
        if named.contains(where: { !$0.hasStar }) { return true }
        return !named.isEmpty && !exclude.contains { MemberPattern($0).isAbove(names) }
    }
}
