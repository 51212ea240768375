import Basics

/// Brings three versions of a text together: what skvm installed, what the user made of it, and what is installed now.
/// Harness only decides when; who can do it is above.
package protocol TextMerging: Sendable {
    /// `ours` with what changed from `base` to `theirs`; nil where lines clash. May block. A `ProgramError` that says
    /// `isMissing` has the new version put beside the user's; whatever else it throws stops the installation.
    func merge(base: [UInt8], ours: [UInt8], theirs: [UInt8]) throws -> [UInt8]?
}

/// Where only whole files are compared: every edit of a file that changes clashes.
package struct NoMerging: TextMerging {
    package init() {}
    package func merge(base: [UInt8], ours: [UInt8], theirs: [UInt8]) -> [UInt8]? { nil }
}
