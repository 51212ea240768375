package import Basics

/// The absolute path of the installed skill's folder, which no build may know: a variant holds the token, the installer
/// writes the path (`docs/formats/variant.md`).
package enum Relocation {
    package static let token = "@@SKVM_SKILL_DIR@@"
    private static let tokenBytes = Array(token.utf8)

    /// `path`, below the skill's folder, as a variant writes it.
    package static func relocated(_ path: String) -> String { "\(token)/\(path)" }

    /// Byte offsets at which the token begins, ascending. O(n).
    package static func offsets(in bytes: [UInt8]) -> [Int] {
        var found: [Int] = []
        var at = 0
        while at + tokenBytes.count <= bytes.count {
            if bytes[at] == tokenBytes[0], bytes[at..<(at + tokenBytes.count)].elementsEqual(tokenBytes) {
                found.append(at)
                at += tokenBytes.count
            } else {
                at += 1
            }
        }
        return found
    }
}

/// Where one file of a variant holds the token.
package struct RelocationSites: Sendable, Hashable, Codable {
    package var file: RelativePath
    /// Byte offsets of the token in the file before relocation, ascending.
    package var offsets: [Int]
    package init(file: RelativePath, offsets: [Int]) {
        self.file = file
        self.offsets = offsets
    }
}
