import Basics
import Formats
import Migration
import Registry
import SkillModel

/// The files of other tools below one folder, and the folders of skills that harnesses read there.
struct ImportFiles {
    /// What one file says, with the folder that its paths are relative to.
    struct Listed {
        var file: String
        var folder: String
        var skills: ForeignSkills
    }

    private(set) var listed: [Listed] = []
    private(set) var diagnostics: [Diagnostic] = []
    /// The user's folder of Claude Code, where it keeps the addresses of marketplaces.
    private let claude: String
    private let shown: (String) -> String

    init(claude: String, shown: @escaping (String) -> String) {
        self.claude = claude
        self.shown = shown
    }

    /// Everything known at the root of a project, or in a user's home.
    mutating func read(root: String, claudeFolder: String? = nil) {
        json(root + "/" + SkillsCLI.projectLock, root, SkillsCLI.read)
        json(root + "/.agents/" + SkillsCLI.globalLock, root, SkillsCLI.read)
        apm(root)
        json(root + "/" + ToolHive.lock, root, ToolHive.read)
        for lock in ClawHub.locks { clawHub(root + "/" + lock, root) }
        skillfold(root)
        claudeCode(claudeFolder ?? root + "/.claude")
    }

    /// One file, by its name. False when it is none that is known.
    mutating func read(file path: String) -> Bool {
        let folder = FileSystem.parent(of: path) ?? "/"
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        switch name {
        case SkillsCLI.projectLock, SkillsCLI.globalLock: json(path, folder, SkillsCLI.read)
        case APM.manifest, APM.lock: apm(folder)
        case ToolHive.lock: json(path, folder, ToolHive.read)
        case "lock.json": clawHub(path, FileSystem.parent(of: folder) ?? "/")
        case Skillfold.manifest, Skillfold.lock: skillfold(folder)
        case "settings.json", "settings.local.json", "installed_plugins.json", "known_marketplaces.json":
            claudeCode(folder.hasSuffix("/plugins") ? FileSystem.parent(of: folder) ?? "/" : folder)
        default: return false
        }
        return true
    }

    // MARK: Formats

    private mutating func apm(_ root: String) {
        let manifest = bytes(root + "/" + APM.manifest)
        let lock = bytes(root + "/" + APM.lock)
        guard let first = lock ?? manifest else { return }
        take(first.file, root) { () throws(DiagnosticsError) in try APM.read(manifest: manifest, lock: lock) }
    }

    private mutating func skillfold(_ root: String) {
        let manifest = bytes(root + "/" + Skillfold.manifest)
        let lock = bytes(root + "/" + Skillfold.lock)
        guard let first = manifest ?? lock else { return }
        take(first.file, root) { () throws(DiagnosticsError) in try Skillfold.read(manifest: manifest, lock: lock) }
    }

    private mutating func claudeCode(_ folder: String) {
        var settings: [(bytes: [UInt8], file: String)] = []
        for name in ClaudeCode.settings {
            if let text = bytes(folder + "/" + name) { settings.append(text) }
        }
        guard let first = settings.first else { return }
        let known = bytes(folder + "/" + ClaudeCode.marketplaces) ?? bytes(claude + "/" + ClaudeCode.marketplaces)
        let installed = bytes(folder + "/" + ClaudeCode.installed) ?? bytes(claude + "/" + ClaudeCode.installed)
        take(first.file, FileSystem.parent(of: folder) ?? "/") { () throws(DiagnosticsError) in
            try ClaudeCode.read(settings: settings, marketplaces: known, installed: installed)
        }
    }

    private mutating func clawHub(_ path: String, _ root: String) {
        json(path, root) { bytes, file throws(DiagnosticsError) in
            try ClawHub.read(bytes, file: file) { name in
                ClawHub.origins(of: name).lazy.compactMap {
                    try? FileSystem.read("\(root)/\($0)", limit: 1 << 16)
                }.first
            }
        }
    }

    private mutating func json(
        _ path: String, _ folder: String, _ parse: ([UInt8], String) throws(DiagnosticsError) -> ForeignSkills
    ) {
        guard let text = bytes(path) else { return }
        take(text.file, folder) { () throws(DiagnosticsError) in try parse(text.bytes, text.file) }
    }

    private mutating func take(
        _ file: String, _ folder: String, _ parse: () throws(DiagnosticsError) -> ForeignSkills
    ) {
        do throws(DiagnosticsError) {
            let skills = try parse()
            diagnostics += skills.diagnostics
            // Settings without plugins are no import.
            if !skills.skills.isEmpty || !skills.diagnostics.isEmpty {
                listed.append(Listed(file: file, folder: folder, skills: skills))
            }
        } catch {
            diagnostics += error.diagnostics
        }
    }

    /// A file that is absent is nil; one that can't be read is a diagnostic, and nil.
    private mutating func bytes(_ path: String) -> (bytes: [UInt8], file: String)? {
        do throws(FileError) {
            guard try FileSystem.status(path) != nil else { return nil }
            return (try FileSystem.read(path, limit: ForeignSkills.greatestSize), shown(path))
        } catch {
            diagnostics.append(error.diagnostic.inFile(shown(path)))
            return nil
        }
    }
}
