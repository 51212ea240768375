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

    package init(_ version: Version, withheld: Withholding? = nil) {
        self.version = version
        self.withheld = withheld
    }

    package init(_ version: Version, isYanked: Bool) {
        self.init(version, withheld: isYanked ? .yanked : nil)
    }
}

package struct PackageDependency: Sendable, Hashable {
    package var name: PackageName
    package var requirement: Requirement

    package init(_ name: PackageName, _ requirement: Requirement) {
        self.name = name
        self.requirement = requirement
    }
}

/// The world as the solver sees it. It may read and fetch; the solver asks for each thing once.
package protocol PackageProvider {
    /// All versions of a package, in any order; empty when there is no such package.
    func versions(of package: PackageName) async throws -> [AvailableVersion]
    /// What that version depends on. A name may stand there several times: all its requirements hold.
    func dependencies(of package: PackageName, at version: Version) async throws -> [PackageDependency]
}
