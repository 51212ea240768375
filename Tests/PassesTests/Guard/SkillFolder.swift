import Basics
import SkillModel

@testable import Passes

/// A skill's files as they are on disk.
enum SkillFolder {
    static func read(_ folder: String) throws -> [SourceFile] {
        var found: [SourceFile] = []
        var open = [""]
        while let prefix = open.popLast() {
            for name in try FileSystem.list(folder + "/" + prefix) {
                let path = prefix + name
                guard let status = try FileSystem.status(folder + "/" + path), let relative = RelativePath(path) else {
                    continue
                }
                if status.kind == .directory {
                    open.append(path + "/")
                } else if status.kind == .file {
                    found.append(
                        SourceFile(
                            path: relative, bytes: try FileSystem.read(folder + "/" + path),
                            isExecutable: status.mode & 0o100 != 0))
                }
            }
        }
        return found.sorted { $0.path < $1.path }
    }
}
