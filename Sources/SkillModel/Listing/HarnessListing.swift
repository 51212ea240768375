extension HarnessDescription {
    /// What the harness lists of all installed skills at the start of each session: their names and descriptions.
    ///
    /// No input of any pass, and no part of the description's digest: what a harness lists is a matter of what is installed, and
    /// not of what was locked.
    package struct Listing: Sendable, Hashable {
        /// A part of the model's context window, as the harness reckons it.
        package struct Share: Sendable, Hashable {
            package enum Unit: String, Sendable, Codable { case characters, bytes }

            /// Of the window's tokens.
            package var percent: Int
            /// How many units the harness takes for one token.
            package var perToken: Int
            package var unit: Unit
            package init(percent: Int, perToken: Int, unit: Unit) {
                self.percent = percent
                self.perToken = perToken
                self.unit = unit
            }

            /// How much of a list fits into a model's window.
            package func limit(window: Int) -> Int { window * percent / 100 * perToken }
        }

        /// What the list may take where the window is known; nil when the harness does not go by it.
        package var share: Share?
        /// Characters that it may have otherwise; nil when the harness says nothing of that.
        package var characters: Int?
        /// Characters of one skill's entry that are listed at most; nil when all are.
        package var entry: Int?
        /// Keys of the front matter whose values the list has after the description.
        package var fields: [String]
        /// Whether the list has the path of each SKILL.md.
        package var paths: Bool
        /// Where all this was read.
        package var source: String
        package init(
            share: Share? = nil, characters: Int? = nil, entry: Int? = nil, fields: [String] = [], paths: Bool = false,
            source: String
        ) {
            self.share = share
            self.characters = characters
            self.entry = entry
            self.fields = fields
            self.paths = paths
            self.source = source
        }
    }
}
