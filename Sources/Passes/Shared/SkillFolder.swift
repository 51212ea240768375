/// How texts name the skill's own folder in a path.
enum SkillFolder {
    /// `{baseDir}`, `${SKILL_DIR}`, `$CLAUDE_SKILL_DIR`, `<skill-folder>`: a variable that names the skill's folder, as the first
    /// part of a path.
    static func isVariable(_ component: some StringProtocol) -> Bool {
        guard let first = component.utf8.first, first == .openBrace || first == .dollar || first == .less else {
            return false
        }
        let letters = String(decoding: component.utf8.filter(\.isLetter).map(\.lowercased), as: UTF8.self)
        return letters == "basedir"
            || (letters.hasPrefix("skill") || letters.hasSuffix("skill") || letters.contains("skilldir")
                || letters.contains("skillroot") || letters.contains("skillpath") || letters.contains("skillfolder"))
                && !letters.contains("skills") && !letters.contains("skillname")
    }
}
