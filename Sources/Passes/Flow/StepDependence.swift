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
        for (index, region) in regions.enumerated() {
            var needs: Set<Int> = []
            for name in region.mentions {
                if let maker = (0..<index).last(where: { regions[$0].makes.contains(name) }) { needs.insert(maker) }
            }
            for number in region.stepNumbers where number >= 1 && number <= index { needs.insert(number - 1) }
            if index > 0 {
                if isIndependent(region, of: regions[index - 1], needs: needs, previous: index - 1) {
                    needs.formUnion(after[index - 1])
                } else {
                    needs.insert(index - 1)
                }
            }
            after.append(needs)
        }
        return after
    }

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
