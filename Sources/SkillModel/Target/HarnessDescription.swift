/// What an agent harness is, where it looks for skills and what it supports (`docs/formats/harness.md`).
package struct HarnessDescription: Sendable, Hashable, Codable {
    /// What compilation may rely on. Only this part is an input of passes: a changed path recompiles nothing.
    package struct Support: Sendable, Hashable, Codable {
        /// Several tool calls in one turn.
        package var batchedCalls: Bool
        /// A task handed to an agent of its own.
        package var subAgents: Bool
        /// How much of a SKILL.md body the harness documents as sensible, in tokens; nil when it says nothing.
        package var bodyTokens: Int?
        package init(batchedCalls: Bool = false, subAgents: Bool = false, bodyTokens: Int? = nil) {
            self.batchedCalls = batchedCalls
            self.subAgents = subAgents
            self.bodyTokens = bodyTokens
        }
    }

    package var name: String
    package var title: String
    /// Folder for skills relative to a project's root; nil when the harness has no project skills.
    package var projectFolder: String?
    /// Folder of the user's skills: `~/…`, or `${VARIABLE:-~/…}/…`; nil when it has none.
    package var globalFolder: String?
    /// Other harnesses' folders that it reads as well: of a project where they are relative, else of the user. No part of what
    /// was stored, as `listing` (decision 0074).
    package var alsoReads: [String] = []
    /// Whether of two skills of one name in a project, that of `projectFolder` is the one it takes.
    package var isOwnFirst = false
    package var support: Support
    /// Where the paths were read: a documentation address or the command that shows them.
    package var source: String
    /// Nil when the harness documents no limit; and in what was stored, where it is left out.
    package var listing: Listing?

    private enum CodingKeys: String, CodingKey { case name, title, projectFolder, globalFolder, support, source }

    package init(
        name: String, title: String, projectFolder: String?, globalFolder: String?, support: Support, source: String,
        listing: Listing? = nil, alsoReads: [String] = [], isOwnFirst: Bool = false
    ) {
        self.name = name
        self.title = title
        self.projectFolder = projectFolder
        self.globalFolder = globalFolder
        self.support = support
        self.source = source
        self.listing = listing
        self.alsoReads = alsoReads
        self.isOwnFirst = isOwnFirst
    }
}
