import SkillModel

/// Terms that must not all hold, and why: an outside fact, or what follows from two others.
struct Incompatibility: Sendable {
    enum Cause: Sendable {
        /// The project must be there.
        case project
        /// Those versions of `Subject` depend on a package in a range.
        case dependency(Subject, PackageKey, Requirement)
        /// Those versions of `Subject` need something that is not to be had.
        case obstacle(Subject, Obstacle)
        /// Those versions of `Subject` can't be used by themselves.
        case unusable(Subject, Unusable)
        /// Derived from two incompatibilities, by their numbers.
        case derived(Int, Int)
    }

    /// One a subject, in the order of derivation.
    var terms: [Term]
    var cause: Cause

    /// Terms of the same subject become one; those that always hold are left out.
    init(_ terms: [Term], _ cause: Cause) {
        var merged: [Term] = []
        for term in terms {
            if let place = merged.firstIndex(where: { $0.subject == term.subject }) {
                merged[place] = merged[place].intersection(term)
            } else {
                merged.append(term)
            }
        }
        self.terms = merged.filter { !$0.isAlways }
        self.cause = cause
    }

    /// It says that there is no solution: no term, or only the project's presence.
    var isFailure: Bool {
        terms.isEmpty || (terms.count == 1 && terms[0].subject == .project && terms[0].isPositive)
    }

    func term(of subject: Subject) -> Term? { terms.first { $0.subject == subject } }
}
