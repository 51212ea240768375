/// A set of the known versions of one package, a bit a version, oldest first.
///
/// The solver works on the versions that exist rather than on intervals: a range's rule about prereleases, and yanked
/// versions, make no intervals, and sets of bits are exact whatever the rule.
struct VersionSet: Sendable, Hashable {
    // Most packages have no more than 64 versions: their sets need no memory of their own.
    private var first: UInt64 = 0
    /// As many bits as `count` has beyond the first 64, the rest zero.
    private var others: [UInt64]
    let count: Int

    /// None of `count` versions.
    init(emptyOf count: Int) {
        self.count = count
        others = count <= 64 ? [] : Array(repeating: 0, count: (count - 1) / 64)
    }

    init(allOf count: Int) {
        self.init(emptyOf: count)
        for index in 0..<count { insert(index) }
    }

    mutating func insert(_ index: Int) {
        let bit: UInt64 = 1 << UInt64(index % 64)
        if index < 64 { first |= bit } else { others[index / 64 - 1] |= bit }
    }

    func contains(_ index: Int) -> Bool {
        (index < 64 ? first : others[index / 64 - 1]) >> UInt64(index % 64) & 1 == 1
    }

    var isEmpty: Bool { first == 0 && others.allSatisfy { $0 == 0 } }
    var isAll: Bool { size == count }
    /// Ascending. O(count).
    var members: [Int] { (0..<count).filter(contains) }
    var size: Int { others.reduce(first.nonzeroBitCount) { $0 + $1.nonzeroBitCount } }

    func intersection(_ other: VersionSet) -> VersionSet { combined(other, &) }
    func union(_ other: VersionSet) -> VersionSet { combined(other, |) }
    func subtracting(_ other: VersionSet) -> VersionSet { combined(other) { $0 & ~$1 } }

    func isSubset(of other: VersionSet) -> Bool {
        first & ~other.first == 0 && zip(others, other.others).allSatisfy { $0 & ~$1 == 0 }
    }

    func isDisjoint(with other: VersionSet) -> Bool {
        first & other.first == 0 && zip(others, other.others).allSatisfy { $0 & $1 == 0 }
    }

    private func combined(_ other: VersionSet, _ operation: (UInt64, UInt64) -> UInt64) -> VersionSet {
        var result = self
        result.first = operation(first, other.first)
        for index in others.indices { result.others[index] = operation(others[index], other.others[index]) }
        return result
    }
}
