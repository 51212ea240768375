/// Which versions of a package its dependent would have taken, as a lock says it: so that two locks can be merged where
/// nothing but the locks is at hand.
package enum LockedRange: TextValue {
    /// As the dependent's manifest has it, in canonical spelling: `^1.2`.
    case versions(VersionRange)
    /// `any`: the newest of a repository, or what a branch leads to.
    case any
    /// `locked`: no range decides, and another version may be another thing: a tag, a revision, a folder, a file of a web
    /// server, what a patch stands in for.
    case locked

    package init?(_ text: String) {
        switch text {
        case "any": self = .any
        case "locked": self = .locked
        default:
            guard let range = VersionRange(text) else { return nil }
            self = .versions(range)
        }
    }

    package static func fault(in text: String) -> String? {
        LockedRange(text) == nil ? "it is a range like \"^1.2\", \"any\" or \"locked\"" : nil
    }

    package var description: String {
        switch self {
        case .versions(let range): range.description
        case .any: "any"
        case .locked: "locked"
        }
    }

    package static func < (a: LockedRange, b: LockedRange) -> Bool { precedes(a.description, b.description) }

    /// Whether a version may take the place of the one that was locked.
    package func allows(_ version: Version) -> Bool {
        switch self {
        case .versions(let range): range.contains(version)
        case .any: true
        case .locked: false
        }
    }
}

extension Lockfile {
    /// The lock without the ranges that `old`, of before there were any, says nothing of. O(n).
    package func withoutRanges(asIn old: Lockfile) -> Lockfile {
        Lockfile(
            wishes: old.wishes.isEmpty ? [:] : wishes,
            packages: packages.map { package in
                guard old.package(package.id.name)?.ranges.isEmpty ?? false else { return package }
                var plain = package
                plain.ranges = [:]
                return plain
            }, targets: targets, variants: variants)
    }
}
