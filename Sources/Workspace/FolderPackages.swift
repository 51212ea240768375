import Basics
import BuildEngine
import ContentStore
import Harness
import Passes
import Registry
import SkillModel
import Synchronization

/// A skill in a folder of the user's: a member of the workspace, or a path dependency.
struct FolderSkill: Sendable {
    /// Absolute.
    var path: String
    var record: FolderRecord
    var manifest: Manifest?
    var name: PackageName
    var version: Version
    var tree: Digest

    /// With the manifest that it is to get.
    func drafted(_ draft: Manifest?) -> FolderSkill {
        guard let draft else { return self }
        var copy = self
        copy.manifest = draft
        return copy
    }

    var folderName: String {
        String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...])
    }
}

/// A folder that can't be a skill, and why.
struct FolderFaults: Sendable {
    /// Absolute.
    var path: String
    var faults: [Diagnostic]
}

extension Workspace {
    /// What is no part of a skill's tree, wherever it lies.
    static let ignoredNames: Set<String> = [".git", ".skvm", "__pycache__", ".DS_Store", "skvm.lock"]

    /// Reads folders as large as the project's manifest allows packages to be.
    var folderScanner: FolderScanner {
        var limits = FolderLimits()
        limits.entries = greatestPackage
        return FolderScanner(store: store, limits: limits, ignored: Self.ignoredNames)
    }

    /// Scans skill folders side by side; `index` is what earlier scans saw, and learns what this one does.
    ///
    /// What is wrong with folders that can't be a skill is in `faults`. Throws what the store throws.
    func scanFolders(
        _ paths: [String], project: Project, index: inout FolderIndex, faults: inout [FolderFaults]
    ) throws -> [FolderSkill] {
        let scanner = folderScanner
        let known = index.records
        let installed = try installedPlaces(project)
        let results = Mutex<[Int: Result<FolderSkill, any Error>]>([:])
        concurrently(paths.count, jobs: flags.jobs) { number in
            let path = paths[number]
            let result = Result {
                if path != project.root, let record = changes?.standing(known[path], of: path) {
                    return try describe(path, record, project: project)
                }
                var record = try scanner.scan(path, previous: known[path])
                if path == project.root { record.files.removeAll { $0.path.isBelow(installed) } }
                return try describe(path, record, project: project)
            }
            results.withLock { $0[number] = result }
        }
        var skills: [FolderSkill] = []
        for number in paths.indices {
            switch results.withLock({ $0[number] }) {
            case .success(let skill)?:
                index.records[skill.path] = skill.record
                skills.append(skill.drafted(memberDrafts[skill.path]))
            case .failure(let error)?:
                // A disk that is full is no fault of the folder's.
                guard let found = Self.diagnostics(of: error), error is StoreError == false else { throw error }
                faults.append(
                    FolderFaults(
                        path: paths[number],
                        faults: found.map { $0.location == nil ? $0.inFile(project.shown(paths[number])) : $0 }))
            case nil: break
            }
        }
        return skills
    }

    /// Folders of installed skills, relative to the project's root: a project that is itself a skill does not consist of
    /// what was installed into it.
    private func installedPlaces(_ project: Project) throws -> Set<RelativePath> {
        let state = self.state(of: project.root)
        let prefix = state.base + "/"
        return Set(
            try state.installed().compactMap { skill in
                skill.place.hasPrefix(prefix) ? RelativePath(String(skill.place.dropFirst(prefix.count))) : nil
            })
    }

    /// Name and version of a scanned folder: by its manifest, else the front matter's name, else the folder's.
    func describe(_ path: String, _ record: FolderRecord, project: Project) throws -> FolderSkill {
        let manifestBlob = record.entry("skvm.toml")?.blob
        if manifestBlob == nil, let known = record.derived, let name = known.words.first.flatMap({ PackageName($0) }) {
            return FolderSkill(
                path: path, record: record, manifest: nil, name: name, version: Version(0, 0, 0), tree: known.tree)
        }
        let built = try Tree.build(record.entries)
        var manifest: Manifest?
        if let blob = manifestBlob, let bytes = try store.get(blob.digest) {
            manifest = try Manifest(parsing: bytes, file: project.shown(path + "/skvm.toml"))
        }
        var skill = FolderSkill(
            path: path, record: record, manifest: manifest, name: PackageName(unnamed: path),
            version: manifest?.package?.version ?? Version(0, 0, 0), tree: built.root.digest)
        if let name = manifest?.package?.name {
            skill.name = name
        } else if let blob = record.entry("SKILL.md")?.blob, let bytes = try store.get(blob.digest),
            let name = Parse.frontMatter(of: bytes).name.flatMap({ PackageName($0) })
        {
            skill.name = name
        } else if let name = PackageName(skill.folderName) {
            skill.name = name
        }
        skill.record.derived = .init(tree: skill.tree, words: [skill.name.description])
        return skill
    }
}

extension RelativePath {
    /// Whether one of `folders` is above it. O(depth).
    fileprivate func isBelow(_ folders: Set<RelativePath>) -> Bool {
        if folders.isEmpty { return false }
        var folder = parent
        while let path = folder {
            if folders.contains(path) { return true }
            folder = path.parent
        }
        return false
    }
}

extension FolderRecord {
    func entry(_ path: String) -> TreeEntry? {
        files.first { $0.path.text == path }.map { TreeEntry($0.path, $0.kind) }
    }
}

extension PackageName {
    /// A name for a folder whose own is none: its letters and digits in lower case, all else a hyphen.
    init(unnamed path: String) {
        let name = path.utf8.split(separator: 0x2F).last.map { Array($0) } ?? []
        var text = ""
        for byte in name.prefix(64) {
            switch byte {
            case 0x30...0x39, 0x61...0x7A: text.unicodeScalars.append(Unicode.Scalar(byte))
            case 0x41...0x5A: text.unicodeScalars.append(Unicode.Scalar(byte + 32))
            default: if !text.isEmpty, !text.hasSuffix("-") { text += "-" }
            }
        }
        while text.hasSuffix("-") { text.removeLast() }
        // Letters, digits and single hyphens between them: always a name; "skill" when nothing is left.
        self = PackageName(text) ?? Self.nameless
    }

    private static let nameless: PackageName = {
        guard let name = PackageName("skill") else { preconditionFailure("'skill' is a name") }
        return name
    }()
}
