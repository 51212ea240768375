import SkillModel

/// What each step needs of the steps before it.
///
/// The order of writing is kept as a dependence unless the text shows two steps to be independent: a chance missed
/// costs time, a false one costs the result. Beyond it: names that an earlier step makes and a later one uses, and
/// steps that refer to others by number.
enum StepDependence {
    /// For each step the indices of the steps that it needs. O(steps² × names).
    static func find(_ regions: [StepRegion]) -> [Set<Int>] {
        var after: [Set<Int>] = []
        let isBranch = regions.map { branch.isIn(Array($0.words.drop { $0.lower.allSatisfy(\.isNumber) }.prefix(1))) }
        // "Run Step 1" in step 5 counts by another procedure's numbers.
        let ownScheme = regions.enumerated().contains { index, region in
            region.words.prefix(2).map(\.lower) == ["run", "step"] && index > 0
        }
        for (index, region) in regions.enumerated() {
            var needs: Set<Int> = []
            for name in region.mentions {
                if let maker = (0..<index).last(where: { regions[$0].makes.contains(name) }) { needs.insert(maker) }
            }
            for number in region.stepNumbers where !ownScheme && number >= 1 && number <= index {
                needs.insert(number - 1)
            }
            if index > 0 {
                if isBranch[index], let trunk = (0..<index).last(where: { !isBranch[$0] }) {
                    needs.insert(trunk)
                } else if isIndependent(region, of: regions[index - 1], needs: needs, previous: index - 1) {
                    needs.formUnion(after[index - 1])
                } else {
                    needs.insert(index - 1)
                }
            }
            after.append(needs)
        }
        return after
    }

    /// A step that begins with its condition is taken or not: the next one can't rely on it, nor it on another branch.
    private static let branch = PhraseTable(["if", "when", "for", "unless"])

    /// The same operation on other things, or an explicit word, and no name of the one in the other.
    private static func isIndependent(_ step: StepRegion, of other: StepRegion, needs: Set<Int>, previous: Int) -> Bool
    {
        guard !needs.contains(previous) else { return false }
        if explicit.isIn(Array(step.words.prefix(12))) { return true }
        let sharedOperation = !step.operations.isDisjoint(with: other.operations)
        return sharedOperation && !step.makes.isEmpty && !other.makes.isEmpty
            && step.makes.isDisjoint(with: other.makes)
            && other.makes.isDisjoint(with: step.mentions)
    }

    private static let explicit = PhraseTable([
        "in parallel", "meanwhile", "at the same time", "independently", "concurrently",
    ])
}
