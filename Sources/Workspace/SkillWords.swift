import Basics
import Formats
import Passes
import SkillModel

/// What a registry says of a skill for those who search: from its manifest and the front matter of `SKILL.md`.
struct SkillWords: Sendable, Equatable {
    /// The name in the front matter.
    var name: String?
    var description: String?
    /// `metadata.keywords`: a list, or words divided by commas. At most 32 of at most 64 bytes; printable.
    var keywords: [String]

    /// Reads the folder's `SKILL.md`. Throws when it can't be read.
    init(of folder: String, _ package: Manifest.Package) throws {
        try self.init(of: FileSystem.read(folder + "/SKILL.md", limit: Parse.maximumSize), package)
    }

    /// Of the bytes of a `SKILL.md`.
    init(of text: [UInt8], _ package: Manifest.Package) throws {
        let front = Parse.frontMatter(of: text)
        name = front.name
        description = package.description ?? front.description
        let metadata = front.entries.first { $0.key == "metadata" && $0.isStructured }
        let value = metadata.flatMap { try? StrictJSON.parse(Array($0.value.utf8), file: "SKILL.md") }?["keywords"]
        let words = value?.array?.compactMap(\.string) ?? value?.string?.split(separator: ",").map(String.init) ?? []
        keywords = Array(
            words.map { $0.trimmingBlanks }.filter { (1...64).contains($0.utf8.count) && $0.isPrintable }.prefix(32))
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
