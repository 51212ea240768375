import Basics
import Formats
import Registry
import SkillModel

/// What an import will write, as it grows entry by entry.
struct ImportPlan {
    /// An entry whose source skvm can't fetch from, and of which no copy was found yet.
    struct Missing {
        var name: String
        var from: String
        var reason: String
        var location: SourceLocation
        /// What else the user can do about it.
        var hint: String?
        /// Why its source could not be asked: that may be otherwise in a minute, and is no reason to do without.
        var unasked: [Diagnostic] = []

        func skipped(_ note: String) -> ImportReport.Skill {
            .init(name: name.shortened, action: "skipped", from: from, note: note)
        }
    }

    /// What named a dependency.
    enum Origin {
        case manifest
        /// A file of another tool, or a folder whose files are a release's, as it is shown.
        case named(String)
        /// A folder that is copied, as it is shown.
        case copy(String)

        var shown: String {
            switch self {
            case .manifest: Manifest.fileName
            case .named(let shown), .copy(let shown): shown
            }
        }
        var isManifest: Bool { if case .manifest = self { true } else { false } }
        var isCopy: Bool { if case .copy = self { true } else { false } }
    }

    var editor: ManifestEditor
    var missing: [Missing] = []
    /// Folders to be written, with what will be in them.
    private(set) var copies: [(path: String, place: String, name: PackageName, files: PackageFiles)] = []
    /// Dependencies that are new, in the order in which they were found.
    private(set) var added: [PackageName] = []
    private var taken: [PackageName: (source: ManifestDependency.Source, origin: Origin)] = [:]
    private let project: Project

    init(_ project: Project, _ editor: ManifestEditor) {
        self.project = project
        self.editor = editor
        for dependency in project.manifest.dependencies {
            taken[dependency.name] = (dependency.source, .manifest)
        }
    }

    /// What the manifest calls a hub; it is added where it isn't there.
    mutating func registry(of hub: WebURL) throws -> String {
        let manifest = try editor.manifest()
        if let known = manifest.hubs.first(where: { $0.value == hub }) { return known.key }
        var name = "clawhub"
        var number = 2
        while manifest.hubs[name] != nil || manifest.registries[name] != nil {
            name = "clawhub-\(number)"
            number += 1
        }
        try editor.setHub(name, hub)
        return name
    }

    /// Whether a dependency has the name; with `fromFile` only if a file named it, not a folder.
    func isImported(_ name: PackageName, fromFile: Bool) -> Bool {
        taken[name].map { !$0.origin.isCopy || !fromFile } ?? false
    }

    /// Adds a dependency unless its name is taken: then the one that has it stays, and a diagnostic says so.
    mutating func take(
        _ spec: AddSpec, from origin: Origin, note: String? = nil, at location: SourceLocation,
        _ report: inout ImportReport
    ) throws {
        let from = origin.shown
        var skill = ImportReport.Skill(
            name: spec.name.description, action: "imported", from: from, source: Self.words(spec.source),
            pinned: Self.pin(spec.source), note: note)
        if let other = taken[spec.name] {
            if other.source == spec.source {
                skill.action = "present"
                // Two files that say the same are one import.
                if other.origin.isManifest { report.skills.append(skill) }
                return
            }
            skill.action = "skipped"
            skill.note = "\(other.origin.shown) has another '\(spec.name)', from \(Self.words(other.source))"
            report.skills.append(skill)
            report.add([
                Diagnostic(
                    "import.clash", .warning,
                    "'\(spec.name)' of \(from) is not imported: \(other.origin.shown) has another one of that name",
                    at: location,
                    notes: ["this one is \(Self.words(spec.source))", "that one is \(Self.words(other.source))"],
                    hint: "to have both, write this one into [dependencies] under another name")
            ])
            return
        }
        try editor.setDependency(spec.name, spec.source)
        taken[spec.name] = (spec.source, origin)
        added.append(spec.name)
        report.skills.append(skill)
    }

    /// The manifest with these of the new dependencies alone; copies are read where they are now.
    func trial(of names: Set<PackageName>) throws -> Manifest {
        var trial = editor
        for name in added where !names.contains(name) { _ = try trial.removeDependency(name) }
        for copy in copies where names.contains(copy.name) {
            try trial.setDependency(copy.name, .path(copy.place))
        }
        return try trial.manifest()
    }

    /// Takes a new dependency back, for a reason.
    mutating func drop(_ name: PackageName, _ reason: String, _ report: inout ImportReport) throws {
        _ = try editor.removeDependency(name)
        copies.removeAll { $0.name == name }
        added.removeAll { $0 == name }
        taken[name] = nil
        for index in report.skills.indices
        where report.skills[index].name == name.description && report.skills[index].action == "imported" {
            report.skills[index] = .init(
                name: name.description, action: "skipped", from: report.skills[index].from, note: reason)
        }
    }

    /// A copy of a skill becomes a folder of the project.
    mutating func takeCopy(
        _ copy: HarnessSkills.Copy, _ shown: String, _ reason: String?, _ report: inout ImportReport
    ) throws {
        let relative = "./\(Workspace.localSkills)/\(copy.name)"
        let path = FileSystem.absolute(relative, from: project.root)
        if let same = copies.first(where: { $0.path == path }) {
            if same.files.tree == copy.files.tree { return }
            return clash(copy, shown, "another harness's folder has other files under this name", &report)
        }
        if FileSystem.exists(path), taken[copy.name]?.source != .path(relative) {
            return clash(copy, shown, "there is a \(relative) already", &report)
        }
        if taken[copy.name] == nil { copies.append((path, copy.path, copy.name, copy.files)) }
        try take(
            AddSpec(name: copy.name, source: .path(relative)), from: .copy(shown), note: reason,
            at: SourceLocation(file: shown), &report)
    }

    private func clash(_ copy: HarnessSkills.Copy, _ shown: String, _ why: String, _ report: inout ImportReport) {
        report.skills.append(
            .init(name: copy.name.description, action: "skipped", from: shown, note: why))
        report.add([
            Diagnostic(
                "import.clash", .warning, "'\(copy.name)' in \(shown) is not imported: \(why)",
                at: SourceLocation(file: shown), hint: "compare the two, and keep one")
        ])
    }

    /// The reason why a copy is needed, if a file named the skill; it is missing no more.
    mutating func found(_ copy: HarnessSkills.Copy) -> String? {
        let folder = copy.place.split(separator: "/").last.map(String.init) ?? ""
        guard let index = missing.firstIndex(where: { $0.name == copy.name.description || $0.name == folder }) else {
            return nil
        }
        return missing.remove(at: index).reason
    }

    private static func words(_ source: ManifestDependency.Source) -> String {
        switch source {
        case .registry(let range, let name): "\(name ?? "registry") \(range)"
        case .git(let git): "\(git.url)\(git.path.map { "#\($0)" } ?? "")"
        case .web(let source, _): source.description
        case .hub(let source, let range, _): "@\(source.owner) of \(source.url) \(range)"
        case .path(let path, _): path
        }
    }

    private static func pin(_ source: ManifestDependency.Source) -> String {
        guard case .git(let git) = source else {
            if case .path(let path, _) = source, path.hasPrefix("./\(Workspace.localSkills)/") { return "copied" }
            if case .path = source { return "a folder" }
            return "version"
        }
        switch git.reference {
        case .revision(let text): return "commit \(text.prefix(12))"
        case .tag(let name): return "tag \(name)"
        case .branch(let name): return "branch \(name), by skvm.lock"
        case .range(let range): return "\(range), by skvm.lock"
        case .newest: return "by skvm.lock"
        }
    }
}
