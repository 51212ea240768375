package import Basics

/// `.skvm/variant.json`: what a variant was made from and how (`docs/formats/variant.md`).
///
/// Facts only: no target's name, no time, no absolute path, so that two machines make the same bytes.
package struct VariantManifest: Sendable, Hashable, Codable {
    package static let currentVersion = 1

    /// What is known of the target, by content.
    package struct TargetFacts: Sendable, Hashable, Codable {
        package var model: String
        package var harness: String
        /// `linux-debian-12-x86_64`: the machine class, not the name that a project gave it.
        package var machine: String
        package init(model: String, harness: String, machine: String) {
            self.model = model
            self.harness = harness
            self.machine = machine
        }
    }

    /// A pass whose output is in the variant.
    package struct PassRecord: Sendable, Hashable, Codable {
        package var id: String
        package var output: Digest
        package init(id: String, output: Digest) {
            self.id = id
            self.output = output
        }
    }

    /// An edit, placed in the source; its replacement is in the variant itself.
    package struct EditRecord: Sendable, Hashable, Codable {
        package var rule: String
        package var reason: String
        package var gap: Gap?
        /// The other gaps that it closes; nil when there is none.
        package var others: [Gap]?
        /// 1-based lines of the source's SKILL.md that it replaced, both included.
        package var firstLine: Int
        package var lastLine: Int
        package init(
            rule: String, reason: String, gap: Gap?, others: [Gap]? = nil, firstLine: Int, lastLine: Int
        ) {
            self.rule = rule
            self.reason = reason
            self.gap = gap
            self.others = others
            self.firstLine = firstLine
            self.lastLine = lastLine
        }
    }

    package struct Tokens: Sendable, Hashable, Codable {
        /// Estimates of SKILL.md (`TokenEstimate`).
        package var source: Int
        package var variant: Int
        package init(source: Int, variant: Int) {
            self.source = source
            self.variant = variant
        }
    }

    package var version: Int
    package var source: Digest
    package var target: TargetFacts
    /// Sorted by id.
    package var passes: [PassRecord]
    /// In the order of the text.
    package var edits: [EditRecord]
    /// Files that the source did not have, less those in `.skvm/`; sorted.
    package var added: [RelativePath]
    package var open: [EditSet.OpenGap]
    /// Sorted by file.
    package var relocations: [RelocationSites]
    package var tokens: Tokens

    package init(
        source: Digest, target: TargetFacts, passes: [PassRecord], edits: [EditRecord], added: [RelativePath],
        open: [EditSet.OpenGap], relocations: [RelocationSites], tokens: Tokens
    ) {
        self.version = Self.currentVersion
        self.source = source
        self.target = target
        self.passes = passes
        self.edits = edits
        self.added = added
        self.open = open
        self.relocations = relocations
        self.tokens = tokens
    }
}
