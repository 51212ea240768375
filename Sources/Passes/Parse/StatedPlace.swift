import SkillModel

/// What a text says right after a file's name about where it lies: "`notes.json` in the skill directory", "`API.md`
/// (included in this skill)".
enum StatedPlace {
    /// Whether the words after `end` place the file in the skill's folder. O(1).
    static func isOwn(after end: Int, in bytes: [UInt8], upTo limit: Int) -> Bool {
        let text = bytes.text(end..<min(max(end, limit), min(bytes.count, end + 80)))
        var words = text.asciiLowercased().split { !($0.isLetter || $0 == "'") }.map(String.init)[...]
        if let first = words.first, ["file", "is", "script"].contains(first) { words.removeFirst() }
        let isBrought = words.first.map(bringing.contains) ?? false
        if isBrought { words.removeFirst() }
        guard let joint = words.popFirst(), ["in", "with"].contains(joint),
            let article = words.popFirst(), ["the", "this"].contains(article),
            let skill = words.popFirst(), ["skill", "skill's"].contains(skill)
        else { return false }
        return isBrought || words.first.map { ["directory", "folder", "root"].contains($0) } ?? false
    }

    private static let bringing: Set<String> = ["included", "bundled", "shipped", "provided", "ships", "comes"]
}
