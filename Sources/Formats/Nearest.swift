/// The candidate that `word` was most likely meant to be: at most a third of its letters off, and at most three; nil when
/// none is near, or they have no letter in common. Case, and `_` for `-`, are no difference. For hints like "did you mean 'targets'?". O(candidates × length²); long words are not compared.
package func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
    let letters = folded(word)
    guard letters.count <= 64 else { return nil }
    var best: (distance: Int, candidate: String)?
    for candidate in candidates {
        let other = folded(candidate)
        let allowed = min(3, max(1, max(letters.count, other.count) / 3))
        guard other.count <= 64, abs(other.count - letters.count) <= allowed else { continue }
        let distance = editDistance(letters, other)
        guard distance <= allowed, distance < max(letters.count, other.count) else { continue }
        if let best, (best.distance, best.candidate) <= (distance, candidate) { continue }
        best = (distance, candidate)
    }
    return best?.candidate
}

/// `nearest`, or else the shortest candidate that begins with `word` as a part of its name, or has it as one: `debian` of
/// `debian-12-x86_64`, `opus` of `anthropic/claude-opus-4.6`. Parts of one or two letters stand for nothing.
package func likely(for word: String, in candidates: some Sequence<String>) -> String? {
    if let near = nearest(to: word, in: candidates) { return near }
    let letters = folded(word)
    guard (3...64).contains(letters.count) else { return nil }
    func isPart(_ candidate: [UInt8]) -> Bool {
        candidate.indices.contains { start in
            let end = start + letters.count
            return end <= candidate.count && candidate[start..<end] == letters[...]
                && (start == 0 || isSeparator(candidate[start - 1]))
                && (end == candidate.count || isSeparator(candidate[end]))
        }
    }
    return candidates.filter { isPart(folded($0)) }
        .min { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
}

private func isSeparator(_ byte: UInt8) -> Bool { "-./".utf8.contains(byte) }

private func folded(_ text: String) -> [UInt8] {
    text.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 == 0x5F ? 0x2D : $0 }
}

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
        var row = [i + 1]
        for j in b.indices {
            var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
            row.append(cost)
        }
        beforeLast = last
        last = row
    }
    return last[b.count]
}
