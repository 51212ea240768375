import Basics
import Formats
import SkillModel

extension Workspace {
    /// Writes a custom pass into `passes/` of the project and declares it in `skvm.toml`: one in `language`, or a copy of a
    /// pass that skvm brings along. Throws when the name is none or taken, or the file is there.
    package func newPass(_ text: String, language: PassLanguage?, from shipped: String?) async throws -> Done {
        let project = try self.project()
        return try await exclusively(project) {
            try newPassAlone(text, language: language, from: shipped, try self.project())
        }
    }

    private func newPassAlone(
        _ text: String, language: PassLanguage?, from shipped: String?, _ project: Project
    ) throws -> Done {
        guard let name = PassName(text) else {
            throw Self.usage("new.name", "'\(text)' can't name a pass: \(PassName.fault(in: text) ?? "")", nil)
        }
        if project.manifest.passes.contains(where: { $0.name == name }) {
            throw Self.usage("new.exists", "skvm.toml has a pass '\(name)' already", "choose another name")
        }
        let template: PassTemplate
        if let shipped {
            guard let found = PassTemplate.shipped(shipped), language == nil else {
                throw Self.usage(
                    "new.pass",
                    language == nil
                        ? "skvm brings no pass '\(shipped)' along" : "--from and --language exclude each other",
                    "there are \(PassTemplate.shipped.joined(separator: " and ")); without --from a new one is written")
            }
            template = found
        } else {
            template = PassTemplate.named(name, language ?? .python)
        }
        let file = "passes/\(name)\(template.fileEnding)"
        let path = project.absolute(file)
        if FileSystem.exists(path) {
            throw Self.usage(
                "new.exists", "there is a \(file) here already", "choose another name, or declare it in skvm.toml")
        }
        var editor = try ManifestEditor(project.hasManifest ? try FileSystem.read(project.manifestPath) : [])
        try editor.setPass(name, template.command(file), inputs: template.inputs, phrases: template.phrases)
        if !flags.dryRun {
            try FileSystem.makeDirectories(project.absolute("passes"))
            try FileSystem.write(Array(template.text.utf8), to: path, mode: 0o777)
            // The file first: killed between the two, a pass lies there that nobody runs.
            try write(editor, to: project.manifestPath)
        }
        return Done(
            command: "new",
            text: "wrote \(file) and [passes.\(name)]\nnext: skvm check --pass \(name), then skvm build",
            paths: [file, Manifest.fileName])
    }

    private static func usage(_ id: String, _ message: String, _ hint: String?) -> DiagnosticsError {
        DiagnosticsError([Diagnostic(id, .error, message, hint: hint, fault: .usage)])
    }
}
