import SkillModel

extension Substring {
    /// The first place of `needle`. O(length × needle).
    func range(of needle: String) -> Range<Substring.Index>? {
        guard let first = needle.first else { return nil }
        var start = startIndex
        while let at = self[start...].firstIndex(of: first) {
            if self[at...].hasPrefix(needle) { return at..<index(at, offsetBy: needle.count) }
            start = index(after: at)
        }
        return nil
    }
}
