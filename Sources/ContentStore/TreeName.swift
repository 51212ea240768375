import Basics

/// The rules for names and links, in one place for trees that are built and trees that are read.
enum TreeName {
    static let maximumBytes = 255
    static let maximumTargetBytes = 4095

    /// Why `name` can't be an entry's name; nil when it can.
    static func fault(_ name: String) -> String? {
        var count = 0
        var isPlain = true
        for byte in name.utf8 {
            count += 1
            if byte >= 0x80 { isPlain = false }
            if byte == 0x2F { return "it holds a '/'" }
            if byte < 0x20 || byte == 0x7F { return "it holds a control character" }
        }
        if !isPlain, name.unicodeScalars.contains(where: \.isReordering) {
            return "it holds a character that turns the order of others around"
        }
        if count == 0 { return "it is empty" }
        if count > maximumBytes { return "it has more than \(maximumBytes) bytes" }
        if count <= 4 {
            if name.utf8.elementsEqual(".".utf8) || name.utf8.elementsEqual("..".utf8) {
                return "it is a step, no name"
            }
            if name.utf8.count == 4, fold(name) == ".git" { return "it would be taken for a git repository" }
        }
        return nil
    }

    /// A key under which names are equal that a file system without case, or with normalised names, takes for one.
    /// Compare it as `String`s: that compares by canonical equivalence.
    static func fold(_ name: String) -> String {
        // First up, then down: only so are ß and ss, or the sign for kelvin and k, folded alike.
        name.uppercased().lowercased()
    }

    /// Whether a symlink at `depth` folders below the root stays in its tree, however the tree's other links point:
    /// `..` may stand at the start only. (`link/../x` would be resolved from where `link` points.)
    static func stays(_ target: String, depth: Int) -> Bool {
        guard !target.isEmpty, target.utf8.first != 0x2F, target.utf8.count <= maximumTargetBytes else { return false }
        var up = 0
        var descended = false
        for part in target.utf8.split(separator: 0x2F) {
            if part.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return false }
            if part.elementsEqual(".".utf8) { continue }
            if part.elementsEqual("..".utf8) {
                up += 1
                if descended || up > depth { return false }
            } else {
                descended = true
            }
        }
        return true
    }
}
