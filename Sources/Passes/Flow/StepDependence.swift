import SkillModel

/// What each step needs of the steps before it.
///
/// The order of writing is kept as a dependence unless the text shows two steps to be independent: a chance missed
/// costs time, a false one costs the result. Beyond it: names that an earlier step makes and a later one uses, and
/// steps that refer to others by number, and things that the one step is about and the other speaks of.
enum StepDependence {
    /// For each step the indices of the steps that it needs. O(steps² × names).
    static func find(_ regions: [StepRegion], stated: StatedParallel) -> [Set<Int>] {
        var after: [Set<Int>] = []
        // "Run Step 1" in step 5 counts by another procedure's numbers.
        let ownScheme = regions.enumerated().contains { index, region in
            region.words.prefix(2).map(\.lower) == ["run", "step"] && index > 0
        }
        let makers = makersOfResults(regions)
        let subjects = StepSubjects(regions)
        // Steps beside one another, the last of which is the previous step.
        var beside: [Int] = [0]
        for (index, region) in regions.enumerated() {
            var needs: Set<Int> = []
            var far: Set<Int> = []
            for name in region.mentions {
                guard let maker = (0..<index).last(where: { regions[$0].makes.contains(name) }) else { continue }
                if index - maker > reach { far.insert(maker) } else { needs.insert(maker) }
            }
            for number in region.stepNumbers where !ownScheme && number >= 1 && number <= index {
                needs.insert(number - 1)
            }
            // What is inferred from words gives way to what the text says.
            var inferred = Set(subjects.neighbours(of: index))
            for noun in region.head.pointsTo {
                if let maker = makers[noun], maker < index { inferred.insert(maker) }
            }
            needs.formUnion(inferred.filter { !stated.joins(index, $0) })
            if index > 0 {
                let trunk = (0..<index).last { !regions[$0].head.isBranch && !regions[$0].head.isOptional }
                if region.head.isBranch, let trunk {
                    needs.insert(trunk)
                    beside = [index]
                } else if isIndependent(region, of: regions[index - 1], needs: needs, previous: index - 1)
                    || (stated.joins(index, index - 1) && !needs.contains(index - 1))
                {
                    needs.formUnion(after[index - 1])
                    beside.append(index)
                } else {
                    // What may be left out can't be relied on; what stands beside the previous step is waited for too.
                    needs.formUnion(regions[index - 1].head.isBranch ? [trunk ?? index - 1] : beside)
                    beside = [index]
                }
            }
            // What lies far back is waited for already, as a rule, by a step between.
            if !far.isEmpty { needs.formUnion(far.subtracting(ancestors(of: needs, after))) }
            after.append(needs)
        }
        return after
    }

    /// How many steps back a name is told as a dependence of its own.
    private static let reach = 2

    /// The steps that `needs` waits for, through others too. O(steps + dependences).
    private static func ancestors(of needs: Set<Int>, _ after: [Set<Int>]) -> Set<Int> {
        var found = needs
        var open = Array(needs)
        while let next = open.popLast() {
            for step in after[next] where found.insert(step).inserted { open.append(step) }
        }
        return found
    }

    /// The one step that makes a thing, by its noun; nothing for nouns that several steps make.
    private static func makersOfResults(_ regions: [StepRegion]) -> [String: Int] {
        var makers: [String: Int] = [:]
        var several: Set<String> = []
        for (index, region) in regions.enumerated() {
            guard let noun = region.head.result else { continue }
            if makers.updateValue(index, forKey: noun) != nil { several.insert(noun) }
        }
        return makers.filter { !several.contains($0.key) }
    }

    /// The same operation on other things, a title of the same shape, or an explicit word, and no name of the one in the
    /// other.
    private static func isIndependent(_ step: StepRegion, of other: StepRegion, needs: Set<Int>, previous: Int) -> Bool
    {
        guard !needs.contains(previous) else { return false }
        if explicit.isIn(Array(step.words.prefix(12))) { return true }
        // "Run Step 2", "Run Step 3" count, they are no twins.
        let counts = step.head.shape.last.map(StepLabel.isLabel) ?? false
        if !counts, !step.head.shape.isEmpty, step.head.shape == other.head.shape { return true }
        let sharedOperation = !step.operations.isDisjoint(with: other.operations)
        return sharedOperation && !step.makes.isEmpty && !other.makes.isEmpty
            && step.makes.isDisjoint(with: other.makes)
            && other.makes.isDisjoint(with: step.mentions)
    }

    private static let explicit = PhraseTable([
        "in parallel", "meanwhile", "at the same time", "independently", "concurrently",
    ])
}
