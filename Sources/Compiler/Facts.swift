package import Basics
package import ContentStore
package import SkillModel

/// A skill to compile: what `parse` may know of it.
package struct SkillSource: Sendable {
    /// How messages call it: the package's name.
    package var name: String
    package var version: String
    /// The name of the skill's folder, where it lies in one; a front matter name that differs is worth a warning.
    package var folderName: String?
    /// The name that it is installed under, where that is not its own.
    package var alias: String?
    package var entries: [TreeEntry]
    package var tree: Digest

    package init(
        name: String, version: String, folderName: String?, alias: String? = nil, entries: [TreeEntry], tree: Digest
    ) {
        self.name = name
        self.version = version
        self.folderName = folderName
        self.alias = alias
        self.entries = entries
        self.tree = tree
    }
}

/// A target to compile for: what its passes may know of it. The name is for messages alone.
package struct TargetFacts: Sendable {
    package var name: String
    package var model: String
    package var harness: String
    /// Of every measured primitive.
    package var levels: [Primitive: Level]
    package var support: HarnessDescription.Support
    package var environment: EnvironmentDescription

    package init(
        name: String, model: String, harness: String, levels: [Primitive: Level],
        support: HarnessDescription.Support, environment: EnvironmentDescription
    ) {
        self.name = name
        self.model = model
        self.harness = harness
        self.levels = levels
        self.support = support
        self.environment = environment
    }
}
