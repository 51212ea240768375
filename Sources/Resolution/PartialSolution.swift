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

    private(set) var assignments: [Assignment] = []
    private(set) var level = 0
    private(set) var decisions: [Subject: Int] = [:]
    /// Places in `assignments` by subject, ascending.
    private var places: [Subject: [Int]] = [:]
    /// In the order in which they came to be known: makes the choice of the next subject deterministic.
    private(set) var subjects: [Subject] = []

    func knowledge(of subject: Subject) -> Term? { places[subject]?.last.map { assignments[$0].accumulated } }

    /// Subjects that must be selected and aren't yet, in the order in which they came to be known.
    var undecided: [Term] {
        subjects.compactMap { subject in
            guard decisions[subject] == nil, let term = knowledge(of: subject), term.isPositive else { return nil }
            return term
        }
    }

    mutating func decide(_ subject: Subject, _ version: Int, of count: Int) {
        level += 1
        decisions[subject] = version
        var set = VersionSet(emptyOf: count)
        set.insert(version)
        append(Term(subject, set), cause: nil)
    }

    mutating func derive(_ term: Term, cause: Int) { append(term, cause: cause) }

    private mutating func append(_ term: Term, cause: Int?) {
        let known = knowledge(of: term.subject)
        if known == nil, places[term.subject] == nil { subjects.append(term.subject) }
        places[term.subject, default: []].append(assignments.count)
        assignments.append(
            Assignment(term: term, level: level, cause: cause, accumulated: known?.intersection(term) ?? term))
    }

    func relation(to term: Term) -> Term.Relation {
        guard let known = knowledge(of: term.subject) else { return term.isAlways ? .satisfied : .inconclusive }
        return known.relation(to: term)
    }

    /// The first assignment after which `term` holds. O(log assignments of the subject).
    func satisfier(of term: Term) -> Int? {
        guard let places = places[term.subject] else { return nil }
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
            let subject = last.term.subject
            places[subject]?.removeLast()
            if places[subject]?.isEmpty == true {
                places[subject] = nil
                subjects.removeAll { $0 == subject }
            }
            if last.cause == nil { decisions[subject] = nil }
        }
        self.level = level
    }
}
