package import Basics
import Formats
package import SkillModel

/// The protocol between skvm and custom passes (`docs/formats/pass-protocol.md`).
package enum PassProtocol {
    package static let version = 1
    /// Where a pass finds the skill's bundled files, if it asked for them.
    package static let skillFolder = "/skvm/skill"
    /// Its working directory: the project's files that it declared, at their paths.
    package static let projectFolder = "/skvm/project"
}

/// What a custom pass gets on standard input: one JSON document, a member for each input that it declared.
package struct PassRequest: Sendable, Encodable {
    /// What another pass wants to change.
    package struct Taken: Sendable, Encodable {
        package var pass: String
        package var edits: [Edit]
        package var files: [RelativePath]

        package init(pass: String, _ set: EditSet) {
            self.pass = pass
            edits = set.edits
            files = set.files.map(\.path)
        }
    }

    /// A file below `PassProtocol.skillFolder`.
    package struct File: Sendable, Encodable {
        package var path: RelativePath
        package var size: Int64
        package var executable: Bool

        package init(path: RelativePath, size: Int64, executable: Bool) {
            self.path = path
            self.size = size
            self.executable = executable
        }
    }

    package var pass: String
    /// SKILL.md as `parse` reads it: spans count its bytes.
    package var text: String
    package var document: SkillDocument?
    package var requirements: RequirementSet?
    package var dependencies: DependencyManifest?
    package var workflow: Workflow?
    package var candidates: SolidificationSet?
    package var gaps: [Gap]?
    package var support: HarnessDescription.Support?
    package var environment: EnvironmentDescription?
    package var target: VariantManifest.TargetFacts?
    package var edits: [Taken]?
    package var files: [File]?
    /// Blocks at the top of the text that may be moved to a file.
    package var movable: [SourceSpan]?

    package init(pass: String, text: String) {
        self.pass = pass
        self.text = text
    }

    private enum Key: String, CodingKey {
        case `protocol`, pass, text, relocation, document, requirements, dependencies, workflow, candidates, gaps
        case support, environment, target, edits, files, folder, movable
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(PassProtocol.version, forKey: .protocol)
        try values.encode(pass, forKey: .pass)
        try values.encode(text, forKey: .text)
        try values.encode(Relocation.token, forKey: .relocation)
        try values.encodeIfPresent(document, forKey: .document)
        try values.encodeIfPresent(requirements, forKey: .requirements)
        try values.encodeIfPresent(dependencies, forKey: .dependencies)
        try values.encodeIfPresent(workflow, forKey: .workflow)
        try values.encodeIfPresent(candidates, forKey: .candidates)
        try values.encodeIfPresent(gaps, forKey: .gaps)
        try values.encodeIfPresent(support, forKey: .support)
        try values.encodeIfPresent(environment, forKey: .environment)
        try values.encodeIfPresent(target, forKey: .target)
        try values.encodeIfPresent(edits, forKey: .edits)
        try values.encodeIfPresent(files, forKey: .files)
        try values.encodeIfPresent(movable, forKey: .movable)
        if files != nil { try values.encode(PassProtocol.skillFolder, forKey: .folder) }
    }

    /// The bytes that a pass reads: canonical JSON and a line end. Throws only what encoding throws.
    package func encoded() throws -> [UInt8] { try CanonicalJSON.encode(self) + [0x0A] }
}
