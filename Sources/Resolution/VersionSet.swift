/// A set of the known versions of one package, a bit a version, oldest first.
///
/// The solver works on the versions that exist rather than on intervals: a range's rule about prereleases, and yanked
/// versions, make no intervals, and sets of bits are exact whatever the rule.
struct VersionSet: Sendable, Hashable {
    /// As many bits as `count`, the rest zero.
    private var words: [UInt64]
    let count: Int

    /// None of `count` versions.
    init(emptyOf count: Int) {
        self.count = count
        words = Array(repeating: 0, count: (count + 63) / 64)
    }

    init(allOf count: Int) {
        self.init(emptyOf: count)
        for index in 0..<count { insert(index) }
    }

    mutating func insert(_ index: Int) { words[index / 64] |= 1 << UInt64(index % 64) }
    func contains(_ index: Int) -> Bool { words[index / 64] >> UInt64(index % 64) & 1 == 1 }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }
    var isAll: Bool { members.count == count }
    /// Ascending. O(count).
    var members: [Int] { (0..<count).filter(contains) }
    var size: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    func intersection(_ other: VersionSet) -> VersionSet { combined(other, &) }
    func union(_ other: VersionSet) -> VersionSet { combined(other, |) }
    func subtracting(_ other: VersionSet) -> VersionSet { combined(other) { $0 & ~$1 } }
    func isSubset(of other: VersionSet) -> Bool { subtracting(other).isEmpty }
    func isDisjoint(with other: VersionSet) -> Bool { intersection(other).isEmpty }

    private func combined(_ other: VersionSet, _ operation: (UInt64, UInt64) -> UInt64) -> VersionSet {
        var result = self
        for index in words.indices { result.words[index] = operation(words[index], other.words[index]) }
        return result
    }
}
