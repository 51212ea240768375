import Basics
import SkillModel

/// A workspace's member that can't be a skill: it holds a pipe, a link out of its folder, a manifest that is none. The others
/// are built and checked without it.
struct BrokenMember: Sendable {
    /// Absolute.
    var path: String
    /// As the lock may have called it; else what its folder is called.
    var name: String
    var faults: [Diagnostic]
}

extension Workspace {
    /// Takes the members that can't be skills, and those that need one by its path, out of `members` and `folders`.
    ///
    /// Throws the faults of folders, and not what follows from them, where the project itself needs what is broken: then nothing goes on.
    func setApart(
        _ found: [FolderFaults], _ folders: inout [FolderSkill], _ members: inout [String], _ project: Project,
        lock: Lockfile?
    ) throws -> [BrokenMember] {
        if found.isEmpty { return [] }
        var faults = Dictionary(found.map { ($0.path, $0.faults) }, uniquingKeysWith: { first, _ in first })
        // Each need is followed once: there may be a hundred thousand members, one leading to the next.
        var dependents: [String: [(skill: FolderSkill, dependency: ManifestDependency)]] = [:]
        for skill in folders {
            for (path, dependency) in (skill.manifest?.dependencies ?? []).compactMap({ $0.folder(from: skill.path) }) {
                dependents[path, default: []].append((skill, dependency))
            }
        }
        var open = faults.keys.sorted()
        var next = 0
        while next < open.count {
            let path = open[next]
            next += 1
            for (skill, dependency) in dependents[path] ?? [] where faults[skill.path] == nil {
                faults[skill.path] = [
                    Diagnostic(
                        "workspace.broken-dependency", .error,
                        "'\(skill.name)' needs '\(dependency.name)', and \(project.shown(path)) can't be used",
                        at: SourceLocation(
                            file: "\(project.shown(skill.path))/\(Manifest.fileName)", line: dependency.location.line),
                        hint: "mend \(project.shown(path)) first")
                ]
                open.append(skill.path)
            }
        }
        folders.removeAll { faults[$0.path] != nil }
        let own = (project.manifest.dependencies + project.manifest.patches.map(\.replacement))
            .compactMap { $0.folder(from: project.root)?.path }
        if faults[project.root] != nil || own.contains(where: { faults[$0] != nil }) {
            throw DiagnosticsError(found.sorted { $0.path < $1.path }.flatMap(\.faults))
        }
        members.removeAll { faults[$0] != nil }
        let known = lock?.folderNames(from: project.root) ?? [:]
        return faults.sorted { $0.key < $1.key }.map { path, faults in
            let name = known[path] ?? (try? project.skillName(in: path)) ?? PackageName(unnamed: path)
            return BrokenMember(path: path, name: "\(name)", faults: faults)
        }
    }
}

extension Resolved {
    /// What is to be said of the members that were set apart: of those that a command was asked for their faults, of others that
    /// they are left out. `asked` counts the former.
    func faults(
        of selection: PackageSelection, _ workspace: Workspace, _ project: Project
    ) throws -> (told: [Diagnostic], asked: Int) {
        let here = selection.isUnsaid ? try project.member(at: workspace.settings.workingDirectory) : nil
        var asked = 0
        let told = broken.flatMap { member -> [Diagnostic] in
            let isAsked =
                selection.isAll || selection.patterns.contains { MemberPattern.matches(member.name, $0) }
                || selection.isUnsaid && (here == nil || here == member.path)
            if isAsked {
                asked += 1
                return member.faults
            }
            let cause = member.faults.first?.message ?? ""
            return [
                Diagnostic(
                    "workspace.left-out", .warning,
                    "the member \(project.shown(member.path)) can't be used, and was left out: \(cause)",
                    hint: "`skvm check -p \(member.name)` says all of it")
            ]
        }
        return (told, asked)
    }
}

extension Lockfile {
    /// What it calls the packages of folders, by their absolute paths. O(packages).
    fileprivate func folderNames(from root: String) -> [String: PackageName] {
        var names: [String: PackageName] = [:]
        for record in packages {
            switch record.source {
            case .workspace(let below): names[FileSystem.absolute(below?.text ?? ".", from: root)] = record.id.name
            case .path(let folder): names[FileSystem.absolute(folder, from: root)] = record.id.name
            default: continue
            }
        }
        return names
    }

    /// What it pins of these folders, and of what they need, as far as nothing in `new` goes against it: a member that can't be
    /// used now keeps its records. O(packages + their dependencies).
    func records(of folders: Set<String>, besides new: [PackageID], root: String) -> [LockedPackage] {
        let names = Set(new.map(\.name))
        var kept: [PackageName: LockedPackage] = [:]
        var open = packages.filter { record in
            switch record.source {
            case .workspace(let path?): folders.contains(FileSystem.absolute(path.text, from: root))
            case .path(let path): folders.contains(FileSystem.absolute(path, from: root))
            default: false
            }
        }
        while let record = open.popLast() {
            guard !names.contains(record.id.name), kept.updateValue(record, forKey: record.id.name) == nil else {
                continue
            }
            open += record.dependencies.compactMap { package($0.name) }
        }
        // One whose needs are others now would point to nothing.
        var ids = Set(new).union(kept.values.map(\.id))
        var dependents: [PackageID: [LockedPackage]] = [:]
        for record in kept.values {
            for needed in record.dependencies { dependents[needed, default: []].append(record) }
        }
        var lost = kept.values.filter { !$0.dependencies.allSatisfy(ids.contains) }
        while let record = lost.popLast() {
            guard kept.removeValue(forKey: record.id.name) != nil else { continue }
            ids.remove(record.id)
            lost += dependents[record.id] ?? []
        }
        return Array(kept.values)
    }
}
