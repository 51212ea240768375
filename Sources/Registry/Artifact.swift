package import Basics
package import HTTP

/// One file of a web server that holds a skill.
package struct Artifact: Sendable, Hashable {
    package enum Form: Sendable, Hashable {
        /// The file is the skill's `SKILL.md`.
        case document
        /// A `.tar.gz` or `.zip`.
        case archive(folder: Folder)
    }

    /// Where in an archive the skill lies.
    package enum Folder: Sendable, Hashable {
        case root
        case path(RelativePath)
        /// At the root, or in the only folder that is there, as archives of repositories have it.
        case found
    }

    package var address: HTTPAddress
    package var form: Form
    /// What the file must have; nil when nobody promised one.
    package var digest: Digest?

    package init(address: HTTPAddress, form: Form, digest: Digest? = nil) {
        self.address = address
        self.form = form
        self.digest = digest
    }
}
