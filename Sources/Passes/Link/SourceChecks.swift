import Basics
import SkillModel

/// What a source and the added files must not be, so that the variant can be assembled and relocated.
enum SourceChecks {
    /// Errors; empty when all is well. O((files + bytes) · log files).
    static func run(_ input: LinkInput) -> [Diagnostic] {
        run(input.document) + additions(input)
    }

    /// What no target's variant can be made of, whatever is added.
    static func run(_ document: SkillDocument) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        if let offset = Relocation.offsets(in: document.bytes).first {
            diagnostics.append(
                Diagnostic(
                    "link.token", .error, "SKILL.md holds the text \(Relocation.token), which only a variant may hold",
                    at: SourceLocation(file: "SKILL.md", line: document.line(at: offset)),
                    hint: "write the path relative to the skill's folder"))
        }
        // Folded, because a macOS or Windows disk would make one file of `.SKVM` and `.skvm`.
        for file in folded(document) where file.folded == ".skvm" || file.folded.hasPrefix(".skvm/") {
            diagnostics.append(
                Diagnostic(
                    "link.reserved", .error, "the skill has \(shown(file.path)), where a variant keeps its records",
                    at: SourceLocation(file: file.path),
                    hint: "remove the .skvm folder from the skill; is it an installed variant rather than a source?"))
        }
        return diagnostics
    }

    private static func folded(_ document: SkillDocument) -> [(path: String, folded: String)] {
        document.files.map { (path: $0.path.text, folded: $0.path.text.asciiLowercased()) }
    }

    private static func additions(_ input: LinkInput) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        let sources = folded(input.document)
        var taken = Dictionary(sources.map { ($0.folded, $0.path) }, uniquingKeysWith: { first, _ in first })
        taken["skill.md"] = "SKILL.md"
        var folders: [String: String] = [:]
        for path in taken.values { addFolders(of: path, to: &folders) }
        for file in input.edits.flatMap(\.files) {
            let folded = file.path.text.asciiLowercased()
            let parents = prefixes(of: folded)
            if let other = taken[folded] ?? folders[folded] ?? parents.compactMap({ taken[$0] }).first {
                diagnostics.append(
                    Diagnostic(
                        "link.exists", .error,
                        "\(file.rule) adds \(shown(file.path.text)), but there is \(shown(other))",
                        at: SourceLocation(file: file.path.text), hint: "rename \(shown(other)) in the skill"))
            }
            if parents.first == ".skvm" || folded == ".skvm" {
                diagnostics.append(
                    Diagnostic(
                        "link.reserved", .error,
                        "\(file.rule) adds \(shown(file.path.text)), where a variant keeps its records",
                        at: SourceLocation(file: file.path.text),
                        hint: "this is a fault of the pass, not of the skill: let it write elsewhere"))
            }
            taken[folded] = file.path.text
            addFolders(of: file.path.text, to: &folders)
        }
        return diagnostics
    }

    private static func addFolders(of path: String, to folders: inout [String: String]) {
        for folder in prefixes(of: path.asciiLowercased()) { folders[folder] = path }
    }

    /// The folders around a path, outermost first.
    private static func prefixes(of path: String) -> [String] {
        let parts = path.split(separator: "/")
        return parts.indices.dropFirst().map { parts[..<$0].joined(separator: "/") }
    }

    /// A path in a message: cut, without control characters.
    private static func shown(_ path: String) -> String {
        String(String.UnicodeScalarView(path.unicodeScalars.prefix(120).map { $0.value < 0x20 ? "?" : $0 }))
    }
}
