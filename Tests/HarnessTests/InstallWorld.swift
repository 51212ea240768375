import Basics
import ContentStore
import Testing

@testable import Harness

/// A scratch project with a store and three harness folders, one of which does not exist yet.
struct InstallWorld {
    let root: String
    let store: ContentStore
    var installer: Installer

    init(_ scratch: String) throws {
        root = try #require(FileSystem.realPath(scratch))
        store = ContentStore(root: root + "/store")
        installer = Installer(state: InstallState(folder: root + "/p/.skvm", base: root + "/p"), store: store)
        for folder in [first, second] { try FileSystem.makeDirectories(folder) }
    }

    var first: String { root + "/p/.claude/skills" }
    var second: String { root + "/p/skills" }
    var third: String { root + "/p/.new/deep/skills" }

    /// A variant whose SKILL.md holds the token twice, with a script, a link and `extra` files.
    func variant(_ text: String, extra: [String: String] = [:]) throws -> Digest {
        let token = Relocator.token
        let skill = "# \(text)\nrun \(token)/run.sh, then \(token)/run.sh again; not @@SKVM_SKILL_DIR@ this\n"
        let first = text.utf8.count + 7
        let list =
            #"{"relocations":[{"file":"SKILL.md","offsets":[\#(first),\#(first + token.utf8.count + 14)]}],"version":1}"#
        var files: [(path: RelativePath, bytes: [UInt8], executable: Bool)] = []
        var texts = ["SKILL.md": skill, ".skvm/variant.json": list, "run.sh": "#!/bin/sh\necho \(text)\n"]
        texts.merge(extra) { $1 }
        for (path, text) in texts {
            files.append((try #require(RelativePath(path)), Array(text.utf8), path.hasSuffix(".sh")))
        }
        let link = (try #require(RelativePath("doc/skill.md")), "../SKILL.md")
        return try store.putTree(files: files, symlinks: [link]).root.digest
    }

    func request(_ name: String, _ folder: String, _ tree: Digest, target: String = "t") -> InstallRequest {
        InstallRequest(target: target, package: name, version: "1.0.0", name: name, folder: folder, tree: tree)
    }

    func install(
        _ requests: [InstallRequest], _ failpoint: @escaping (InstallStep) throws -> Void
    ) throws -> InstallPlan {
        try installer.install(requests, removesOthers: true, failpoint: failpoint)
    }

    /// Everything in the project, but for lock and stamps: path → what is there.
    func snapshot() throws -> [String: String] {
        var result: [String: String] = [:]
        var pending = [root + "/p"]
        while let folder = pending.popLast() {
            for name in try FileSystem.list(folder) {
                let path = folder + "/" + name
                if path.hasSuffix("/.skvm/lock") || path.hasSuffix("/.skvm/installed.json") { continue }
                switch try FileSystem.status(path)?.kind {
                case .directory:
                    // The state's folder is there as soon as its lock has been taken.
                    if name != ".skvm" { result[path] = "folder" }
                    pending.append(path)
                case .symlink: result[path] = "-> " + (try FileSystem.readLink(path))
                default:
                    let mode = try FileSystem.status(path)?.isExecutable == true ? "x " : "- "
                    result[path] = mode + String(decoding: try FileSystem.read(path), as: UTF8.self)
                }
            }
        }
        for skill in try installer.state.installed() {
            let entries = skill.entries.map { "\($0.path) \($0.kind)" }.joined(separator: ", ")
            result["record of " + skill.place] = "\(skill.package) \(skill.tree) \(entries)"
        }
        return result
    }
}

/// A scratch folder in memory where there is one: hundreds of transactions with their fsyncs are run in it.
func withMemoryScratch<R>(_ body: (String) throws -> R) throws -> R {
    let memory = "/dev/shm"
    let isThere = FileSystem.isDirectory(memory) && FileSystem.isWritable(memory)
    let path = try FileSystem.makeScratchDirectory(in: isThere ? memory : nil)
    defer { try? FileSystem.removeTree(path) }
    return try body(path)
}
