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

    /// What the harness lists of all installed skills at the start of each session: their names and descriptions.
    package struct Listing: Sendable, Hashable, Codable {
        /// Characters that the whole list may have, where the model's context window is not known.
        package var characters: Int
        /// Characters of one skill's description that are listed at most; nil when all are.
        package var entry: Int?
        /// Where both were read.
        package var source: String
        package init(characters: Int, entry: Int? = nil, source: String) {
            self.characters = characters
            self.entry = entry
            self.source = source
        }
    }

    package var name: String
    package var title: String
    /// Folder for skills relative to a project's root; nil when the harness has no project skills.
    package var projectFolder: String?
    /// Folder of the user's skills: `~/…`, or `${VARIABLE:-~/…}/…`; nil when it has none.
    package var globalFolder: String?
    package var support: Support
    /// Where the paths were read: a documentation address or the command that shows them.
    package var source: String
    /// Nil when the harness documents no limit.
    package var listing: Listing?

    package init(
        name: String, title: String, projectFolder: String?, globalFolder: String?, support: Support, source: String,
        listing: Listing? = nil
    ) {
        self.name = name
        self.title = title
        self.projectFolder = projectFolder
        self.globalFolder = globalFolder
        self.support = support
        self.source = source
        self.listing = listing
    }
}
