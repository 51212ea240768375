import Basics
import Formats
import Registry
import SkillModel

/// Names of models and harnesses on the command line that are nearly those of something.
extension Workspace {
    /// A harness's name. Throws `target.unknown-harness` for what no harness can be called: `Cursor`.
    func harnessName(_ text: String, _ project: Project) async throws -> TargetName {
        if let name = TargetName(text) { return name }
        let known = try await names(of: .harnesses, project)
        throw DiagnosticsError([
            Diagnostic(
                "target.unknown-harness", .error, "no registry knows the harness '\(text)'",
                hint: likely(for: text, in: known).map { "did you mean '\($0)'?" }
                    ?? "known are \(known.joined(separator: ", "))", fault: .usage)
        ])
    }

    /// Throws `target.unknown-model` for a name that nothing has measured and that is most likely a slip for one that is: a
    /// target of it would compile to nothing. Another version or size of a measured model is none.
    func requireNoSlip(in model: ModelName, _ project: Project) async throws {
        let name = model.description
        // A profile's file is `<harness>/<maker>--<model>.toml`.
        let known = Set(
            try await names(of: .profiles, project).compactMap { file in
                file.split(separator: "/", maxSplits: 1).last.map { String($0).replacing("--", with: "/") }
            })
        guard !known.contains(name), let meant = Self.model(meantBy: name, among: known.sorted()) else { return }
        throw DiagnosticsError([
            Diagnostic(
                "target.unknown-model", .error, "nothing has measured a model '\(name)'",
                hint: "did you mean '\(meant)'? To compile for '\(name)' without lowering anything, add --force",
                fault: .usage)
        ])
    }

    /// By its last part, by that part's words, or by a letter or two.
    static func model(meantBy name: String, among known: [String]) -> String? {
        func last(_ text: String) -> String { String(text.split(separator: "/").last ?? "").lowercased() }
        func isOtherVersion(_ candidate: String) -> Bool {
            func letters(_ text: String) -> String { text.lowercased().filter { !$0.isNumber && $0 != "." } }
            return letters(candidate) == letters(name) && candidate.lowercased() != name.lowercased()
        }
        if let same = known.first(where: { last($0) == last(name) }) { return same }
        if !name.contains("/"), let likely = likely(for: name, in: known) { return likely }
        return nearest(to: name, in: known.filter { !isOtherVersion($0) })
    }

    private func names(of kind: RegistrySnapshot.Kind, _ project: Project) async throws -> [String] {
        let shelf = try RegistryShelf(project, self)
        var known: Set<String> = []
        for entry in shelf.entries { known.formUnion(try await shelf.snapshot(entry).names(of: kind)) }
        return known.sorted()
    }
}
