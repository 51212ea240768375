import SkillModel

/// Files that SKILL.md draws as its neighbours:
///
/// ```
/// a-skill/
/// ├── SKILL.md
/// └── scripts/
///     └── run.py
/// ```
enum FolderDrawing {
    /// Paths below the skill's folder, of the drawings that hold SKILL.md itself. O(length of the blocks).
    static func files(of document: SkillDocument) -> Set<String> {
        var found: Set<String> = []
        for fragment in document.fragments where found.count < limit {
            let bytes = Array(fragment.text.utf8)
            guard bytes.contains(0xE2), let lines = read(bytes),
                let main = lines.first(where: { $0.name == "SKILL.md" })
            else { continue }
            // What stands as deep as SKILL.md is its neighbour; deeper names belong to the folder above them.
            var folders: [(depth: Int, name: String)] = []
            for line in lines.prefix(limit) {
                while let last = folders.last, last.depth >= line.depth { folders.removeLast() }
                if line.depth >= main.depth {
                    let path = (folders.filter { $0.depth >= main.depth }.map(\.name) + [line.name]).joined(
                        separator: "/")
                    found.insert(path)
                }
                folders.append((line.depth, line.name))
            }
        }
        return found
    }

    private static let limit = 512

    /// Each line's name with how far right it begins, in columns; nil without a line that is drawn.
    private static func read(_ bytes: [UInt8]) -> [(depth: Int, name: String)]? {
        var isDrawn = false
        var result: [(depth: Int, name: String)] = []
        for line in bytes.lines(0..<bytes.count) {
            var column = 0
            var index = line.lowerBound
            while index < line.upperBound {
                if bytes[index].isBlank {
                    index += 1
                } else if bytes[index] == 0xE2, index + 2 < line.upperBound {
                    isDrawn = true
                    index += 3
                } else if bytes[index] == 0xC2, index + 1 < line.upperBound {
                    index += 2
                } else if bytes[index] == .pipe {
                    index += 1
                } else {
                    break
                }
                column += 1
            }
            var end = index
            while end < line.upperBound, bytes[end].isWord || [.hyphen, .dot].contains(bytes[end]) { end += 1 }
            if end > index, end - index <= 128 { result.append((column, bytes.text(index..<end))) }
        }
        return isDrawn ? result : nil
    }
}
