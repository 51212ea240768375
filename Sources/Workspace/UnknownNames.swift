import Basics
import Formats
import SkillModel

/// What is told of names on the command line that name nothing.
extension Workspace {
    static func unknownTarget(_ name: String, in project: Project) -> Diagnostic {
        let known = project.manifest.targets.map(\.name.description)
        let hint =
            known.isEmpty
            ? "add one: `skvm target add NAME --model M --harness H --environment E`"
            : nearest(to: name, in: known).map { "did you mean '\($0)'?" }
                ?? "its targets are \(known.joined(separator: ", "))"
        return Diagnostic(
            "target.unknown", .error, "there is no target '\(name)' in \(project.manifestName)", hint: hint,
            fault: .usage)
    }

    static func unknownPackage(_ name: String, among known: [String]) -> Diagnostic {
        let some = known.prefix(10).joined(separator: ", ") + (known.count > 10 ? ", …: `skvm tree`" : "")
        let hint =
            known.isEmpty
            ? "it has none: `skvm add \(PackageName(name) == nil ? "NAME" : name)`"
            : likely(for: name, in: known).map { "did you mean '\($0)'?" } ?? "it has \(some)"
        return Diagnostic(
            "package.unknown", .error, "the project has no package '\(name)'", hint: hint, fault: .usage)
    }
}
