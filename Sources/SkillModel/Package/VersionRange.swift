/// Which versions a dependency accepts, in cargo's notation: comparators divided by commas, all of which must hold.
///
/// `1.2` and `^1.2` accept what is compatible (`>=1.2.0, <2.0.0`; below 1.0.0 the leftmost non-zero number is the one
/// that must stay), `~1.2` accepts patches, `=1.2.3` that version, `1.*` and `*` any number there, and `>`, `>=`, `<`,
/// `<=` compare. A prerelease is accepted only when a comparator names a prerelease of the same three numbers.
package struct VersionRange: TextValue {
    package struct Comparator: Sendable, Hashable {
        package enum Operation: String, Sendable, Hashable {
            case exact = "="
            case greater = ">"
            case greaterOrEqual = ">="
            case less = "<"
            case lessOrEqual = "<="
            case tilde = "~"
            case caret = "^"
        }

        package let operation: Operation
        package let major: UInt64
        /// Nil where the text leaves it out or has `*`.
        package let minor, patch: UInt64?
        package let prerelease: [PrereleaseIdentifier]
    }

    /// Empty for `*`.
    package let comparators: [Comparator]

    /// No range has more comparators: a bound for hostile text.
    static let greatestCount = 32

    /// `*`: every release.
    package static let any = VersionRange(comparators: [])

    /// `=version`, build metadata left out.
    package static func exactly(_ version: Version) -> VersionRange {
        VersionRange(comparators: [Comparator(.exact, version)])
    }

    /// `^version`: what `skvm add` writes for the version that it found.
    package static func compatible(with version: Version) -> VersionRange {
        VersionRange(comparators: [Comparator(.caret, version)])
    }

    private init(comparators: [Comparator]) { self.comparators = comparators }

    /// Nil when `text` is no range. O(n).
    package init?(_ text: String) {
        guard text.utf8.count <= Version.greatestLength * 4 else { return nil }
        var scanner = VersionScanner(text)
        scanner.skipBlanks()
        if scanner.skipWildcard() {
            scanner.skipBlanks()
            guard scanner.isAtEnd else { return nil }
            self.init(comparators: [])
            return
        }
        var comparators: [Comparator] = []
        repeat {
            guard let comparator = scanner.comparator(), comparators.count < Self.greatestCount else { return nil }
            comparators.append(comparator)
            scanner.skipBlanks()
        } while scanner.skip(",")
        guard scanner.isAtEnd else { return nil }
        self.init(comparators: comparators)
    }

    package static func fault(in text: String) -> String? {
        VersionRange(text) == nil
            ? "a range is like ^1.2, ~1.2.3, =1.2.3, 1.*, * or \">=1.2, <2\"" : nil
    }

    /// The canonical spelling: an operator before every version, `, ` between. `1.2` is printed as `^1.2`.
    package var description: String {
        comparators.isEmpty ? "*" : comparators.map(\.text).joined(separator: ", ")
    }

    package static func < (a: VersionRange, b: VersionRange) -> Bool { precedes(a.description, b.description) }

    /// Whether the range accepts `version`. O(comparators).
    package func contains(_ version: Version) -> Bool {
        guard comparators.allSatisfy({ $0.accepts(version) }) else { return false }
        guard version.isPrerelease else { return true }
        return comparators.contains {
            !$0.prerelease.isEmpty && $0.major == version.major && $0.minor == version.minor
                && $0.patch == version.patch
        }
    }

    /// Whether the range accepts exactly one version (`=1.2.3`), as a pinned dependency does.
    package var isExact: Bool {
        comparators.count == 1 && comparators[0].operation == .exact && comparators[0].patch != nil
    }
}

extension VersionRange.Comparator {
    init(_ operation: Operation, _ version: Version) {
        self.init(
            operation: operation, major: version.major, minor: version.minor, patch: version.patch,
            prerelease: version.prerelease)
    }

    var text: String {
        var text = "\(operation.rawValue)\(major)"
        if let minor { text += ".\(minor)" }
        if let patch { text += ".\(patch)" }
        if !prerelease.isEmpty { text += "-" + prerelease.map(\.text).joined(separator: ".") }
        return text
    }

    /// By numbers and precedence alone; the rule about prereleases is the range's.
    func accepts(_ version: Version) -> Bool {
        switch operation {
        case .exact: isExactly(version)
        case .greater: isBelow(version)
        case .greaterOrEqual: isExactly(version) || isBelow(version)
        case .less: !isExactly(version) && !isBelow(version)
        case .lessOrEqual: !isBelow(version)
        case .tilde: isTilde(version)
        case .caret: isCaret(version)
        }
    }

    /// Equal in every number that is given.
    private func isExactly(_ version: Version) -> Bool {
        guard version.major == major, minor == nil || version.minor == minor, patch == nil || version.patch == patch
        else { return false }
        return patch == nil || version.prerelease == prerelease
    }

    /// `version` comes after everything that the given numbers cover.
    private func isBelow(_ version: Version) -> Bool {
        if version.major != major { return version.major > major }
        guard let minor else { return false }
        if version.minor != minor { return version.minor > minor }
        guard patch != nil else { return false }
        return floor < version
    }

    /// The numbers with zeros for those left out.
    private var floor: Version {
        Version(major, minor ?? 0, patch ?? 0, prerelease: prerelease, build: "")
    }

    private func isTilde(_ version: Version) -> Bool {
        version.major == major && (minor == nil || version.minor == minor) && (patch == nil || version >= floor)
    }

    private func isCaret(_ version: Version) -> Bool {
        guard version.major == major else { return false }
        guard let minor else { return true }
        guard patch != nil else { return major > 0 ? version.minor >= minor : version.minor == minor }
        guard version >= floor else { return false }
        if major > 0 { return true }
        if minor > 0 { return version.minor == minor }
        return version.minor == 0 && version.patch == patch
    }
}

extension VersionScanner {
    fileprivate mutating func skipWildcard() -> Bool { skip("*") || skip("x") || skip("X") }

    fileprivate mutating func comparator() -> VersionRange.Comparator? {
        skipBlanks()
        let operation = self.operation()
        skipBlanks()
        guard let major = number() else { return nil }
        var minor: UInt64?
        var patch: UInt64?
        var isWild = false
        if skip(".") {
            if skipWildcard() { isWild = true } else if let value = number() { minor = value } else { return nil }
        }
        if minor != nil || isWild, skip(".") {
            if skipWildcard() {
                isWild = true
            } else if !isWild, let value = number() {
                patch = value
            } else {
                return nil
            }
        }
        var identifiers: [PrereleaseIdentifier] = []
        if patch != nil {
            guard let prerelease = prerelease(), build() != nil else { return nil }
            identifiers = prerelease
        }
        return VersionRange.Comparator(
            operation: isWild && operation == nil ? .exact : operation ?? .caret, major: major, minor: minor,
            patch: patch, prerelease: identifiers)
    }

    private mutating func operation() -> VersionRange.Comparator.Operation? {
        if skip(">=") { return .greaterOrEqual }
        if skip("<=") { return .lessOrEqual }
        if skip(">") { return .greater }
        if skip("<") { return .less }
        if skip("=") { return .exact }
        if skip("~") { return .tilde }
        if skip("^") { return .caret }
        return nil
    }
}
