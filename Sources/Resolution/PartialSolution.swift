/// What the solver holds for true so far: decisions (a version is selected) and what follows from them, in order.
struct PartialSolution {
    struct Assignment {
        var term: Term
        /// How many decisions had been made, this one included.
        var level: Int
        /// The incompatibility that this follows from; nil for a decision.
        var cause: Int?
        /// Everything known of the subject up to and with this one.
        var accumulated: Term
    }

    /// What is held of one subject.
    private struct State {
        var subject: Subject
        /// Of its assignments in `assignments`, ascending; never empty.
        var places: [Int] = []
        var decision: Int?
    }

    private(set) var assignments: [Assignment] = []
    private(set) var level = 0
    /// In the order in which they came to be known: makes the choice of the next subject deterministic.
    private var states: [State] = []
    /// Places in `states`.
    private var numbers: [Subject: Int] = [:]

    /// The selected version of each subject.
    var decisions: [(subject: Subject, version: Int)] {
        states.compactMap { state in state.decision.map { (state.subject, $0) } }
    }

    func knowledge(of subject: Subject) -> Term? { numbers[subject].flatMap { knowledge(of: states[$0]) } }

    private func knowledge(of state: State) -> Term? { state.places.last.map { assignments[$0].accumulated } }

    /// Of the subjects that must be selected and aren't yet the one with the fewest versions to choose from; of several the
    /// one that came to be known first. Nil when all are selected. O(subjects).
    var mostConstrained: Term? {
        var best: (place: Int, size: Int)?
        for state in states where state.decision == nil {
            guard let place = state.places.last, assignments[place].accumulated.isPositive else { continue }
            let size = assignments[place].accumulated.set.size
            if best.map({ size < $0.size }) ?? true { best = (place, size) }
        }
        return best.map { assignments[$0.place].accumulated }
    }

    mutating func decide(_ subject: Subject, _ version: Int, of count: Int) {
        level += 1
        var set = VersionSet(emptyOf: count)
        set.insert(version)
        append(Term(subject, set), cause: nil)
        if let number = numbers[subject] { states[number].decision = version }
    }

    mutating func derive(_ term: Term, cause: Int) { append(term, cause: cause) }

    private mutating func append(_ term: Term, cause: Int?) {
        let number = numbers[term.subject] ?? states.count
        if number == states.count {
            numbers[term.subject] = number
            states.append(State(subject: term.subject))
        }
        let known = knowledge(of: states[number])
        states[number].places.append(assignments.count)
        assignments.append(
            Assignment(term: term, level: level, cause: cause, accumulated: known?.intersection(term) ?? term))
    }

    func relation(to term: Term) -> Term.Relation {
        guard let known = knowledge(of: term.subject) else { return term.isAlways ? .satisfied : .inconclusive }
        return known.relation(to: term)
    }

    /// The first assignment after which `term` holds. O(log assignments of the subject).
    func satisfier(of term: Term) -> Int? {
        guard let places = numbers[term.subject].map({ states[$0].places }) else { return nil }
        var low = 0
        var high = places.count
        while low < high {
            let middle = (low + high) / 2
            if assignments[places[middle]].accumulated.relation(to: term) == .satisfied {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low < places.count ? places[low] : nil
    }

    /// Forgets everything above `level`.
    mutating func backtrack(to level: Int) {
        while let last = assignments.last, last.level > level {
            assignments.removeLast()
            guard let number = numbers[last.term.subject] else { continue }
            states[number].places.removeLast()
            if last.cause == nil { states[number].decision = nil }
            if states[number].places.isEmpty {
                // Whatever came to be known later is gone already: it is the last one.
                states.removeLast()
                numbers[last.term.subject] = nil
            }
        }
        self.level = level
    }
}
