package import Basics
package import SkillModel

/// Which versions of a package are wanted, in the words of who wants them.
package enum Requirement: Sendable, Hashable, CustomStringConvertible {
    case range(VersionRange)
    /// Whatever version is there: a package from a folder or a commit has only one.
    case any

    package func contains(_ version: Version) -> Bool {
        switch self {
        case .range(let range): range.contains(version)
        case .any: true
        }
    }

    package var description: String {
        switch self {
        case .range(let range): range.description
        case .any: "*"
        }
    }
}

/// A package as the solver tells it from others. Of one key there is one version in a solution; two sources may each have a
/// package of one name, and a solution may hold both.
package struct PackageKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// What its author calls it.
    package let name: PackageName
    /// In the caller's words, the same for the same source.
    package let source: String

    package init(_ name: PackageName, source: String = "") {
        self.name = name
        self.source = source
    }

    package var description: String { source.isEmpty ? "\(name)" : "\(name) (\(source))" }

    package static func < (a: PackageKey, b: PackageKey) -> Bool {
        if a.name != b.name { return a.name < b.name }
        return a.source.utf8.lexicographicallyPrecedes(b.source.utf8)
    }
}

/// Why a version is used only when the lock has it already, or a range names exactly it.
package enum Withholding: Sendable, Hashable {
    /// Taken back by its author.
    case yanked
    /// It came out a shorter time ago than the project's cooldown, or nothing says when.
    case tooYoung
}

/// A version that can be had.
package struct AvailableVersion: Sendable, Hashable {
    package var version: Version
    /// Nil for a version that may be chosen.
    package var withheld: Withholding?
    /// Whether the lock has it: then it is taken where it fits.
    package var isLocked: Bool
    /// Whether it is the only one offered because the user asked for it.
    package var isAskedFor: Bool
    /// Whether the lock has it, and is to have another where there is one: then it is taken, though it be withheld, where no
    /// other fits.
    package var isLastResort: Bool

    package init(
        _ version: Version, withheld: Withholding? = nil, isLocked: Bool = false, isAskedFor: Bool = false,
        isLastResort: Bool = false
    ) {
        self.version = version
        self.isAskedFor = isAskedFor
        self.withheld = withheld
        self.isLocked = isLocked
        self.isLastResort = isLastResort
    }
}

package struct PackageDependency: Sendable, Hashable {
    package var key: PackageKey
    package var requirement: Requirement

    package init(_ key: PackageKey, _ requirement: Requirement) {
        self.key = key
        self.requirement = requirement
    }
}

/// Something besides packages that a version needs and that can't be had here, whatever else is chosen.
package struct Obstacle: Sendable, Hashable {
    /// `tool.browser at L2`.
    package var need: String
    /// `no target supplies (weak has L1)`, to stand after "which".
    package var lack: String

    package init(need: String, lack: String) {
        self.need = need
        self.lack = lack
    }
}

/// A package or a version that nobody can use, whatever else is chosen: its source answers, and does not have it, or says of
/// it what can't be read. Then what depends on it can't be used either, and the search goes on.
///
/// What may be otherwise in a minute, like a network that fails, is no such thing: it ends the search, lest chance choose.
package struct Unusable: Error, Sendable, Equatable {
    /// To stand after "which": `nobody has`.
    package var lack: String
    /// What a user is told of it; at least one error.
    package var diagnostics: [Diagnostic]

    package init(lack: String, _ diagnostics: [Diagnostic]) {
        self.lack = lack
        self.diagnostics = diagnostics
    }
}

/// A version that would have been taken and can't be used.
package struct PassedOver: Sendable, Equatable {
    package var key: PackageKey
    package var version: Version
    package var cause: Unusable
}

/// The world as the solver sees it. It may read and fetch; the solver asks for the versions of each package once.
///
/// Each may throw `Unusable`; anything else that is thrown ends the search.
package protocol PackageProvider {
    /// All versions of a package, in any order; empty when there is no such package.
    func versions(of package: PackageKey) async throws -> [AvailableVersion]
    /// What that version depends on. A key may stand there several times: all its requirements hold.
    func dependencies(of package: PackageKey, at version: Version) async throws -> [PackageDependency]
    /// Why that version can't be used here at all; nil when it can.
    func obstacle(to package: PackageKey, at version: Version) async throws -> Obstacle?
}
