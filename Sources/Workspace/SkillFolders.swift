import Basics
import SkillModel

/// Folders with a SKILL.md, for messages: near, few, and looked for with little patience.
enum SkillFolders {
    private static let greatestDepth = 4
    private static let greatestCount = 2000

    /// Relative to `root`, sorted; without those in it that harnesses read, or that begin with a dot. Nil where there are too many
    /// folders to look at.
    static func below(_ root: String) -> [String]? {
        var found: [String] = []
        var pending = [""]
        var count = 0
        while let next = pending.popLast() {
            count += 1
            if count > greatestCount { return nil }
            let folder = next.isEmpty ? root : "\(root)/\(next)"
            if !next.isEmpty, FileSystem.exists(folder + "/SKILL.md") {
                if !FileSystem.exists("\(folder)/\(ProjectSearch.variantMark)") { found.append(next) }
                continue
            }
            guard next.split(separator: "/").count < greatestDepth, let names = try? FileSystem.list(folder) else {
                continue
            }
            for name in names where !name.hasPrefix(".") && name != "node_modules" && name != "vendor" {
                let path = next.isEmpty ? name : "\(next)/\(name)"
                if (try? FileSystem.status("\(root)/\(path)"))?.kind == .directory { pending.append(path) }
            }
        }
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    static func some(_ folders: [String]) -> String {
        folders.prefix(5).joined(separator: ", ") + (folders.count > 5 ? ", …" : "")
    }
}
