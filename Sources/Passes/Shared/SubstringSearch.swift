import SkillModel

extension Substring {
    /// The first place of `needle`, as characters: an `e` is not found where a mark stands on it. O(length × needle).
    func range(of needle: String) -> Range<Substring.Index>? {
        switch bytePlace(of: needle) {
        case .found(let start, let end):
            return utf8.index(startIndex, offsetBy: start)..<utf8.index(startIndex, offsetBy: end)
        case .absent: return nil
        case .unknown: return characterRange(of: needle)
        }
    }

    private enum BytePlace {
        case found(Int, Int)
        case absent
        /// Where something stands that is not ASCII, bytes don't tell characters.
        case unknown
    }

    /// Code is mostly ASCII, and to find where its characters end costs more than all else.
    private func bytePlace(of needle: String) -> BytePlace {
        var (text, needle) = (self, needle)
        return text.withUTF8 { text in
            needle.withUTF8 { needle in
                guard let first = needle.first, let last = needle.last else { return .absent }
                // CR LF is one character.
                func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
                if isLineEnd(first) || isLineEnd(last) { return .unknown }
                guard needle.allSatisfy({ $0 < 0x80 }) else {
                    return text.allSatisfy { $0 < 0x80 } ? .absent : .unknown
                }
                var start = 0
                while start + needle.count <= text.count {
                    guard text[start] == first, text[start..<start + needle.count].elementsEqual(needle) else {
                        start += 1
                        continue
                    }
                    let end = start + needle.count
                    let isPlain = (start == 0 || text[start - 1] < 0x80) && (end == text.count || text[end] < 0x80)
                    return isPlain ? .found(start, end) : .unknown
                }
                return .absent
            }
        }
    }

    private func characterRange(of needle: String) -> Range<Substring.Index>? {
        guard let first = needle.first else { return nil }
        var start = startIndex
        while let at = self[start...].firstIndex(of: first) {
            if self[at...].hasPrefix(needle) { return at..<index(at, offsetBy: needle.count) }
            start = index(after: at)
        }
        return nil
    }
}
