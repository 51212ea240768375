import SkillModel

/// What is solved for: the project itself, or a package. The project has the one version 0.
enum Subject: Sendable, Hashable {
    case project
    case package(PackageKey)
}

/// A statement about one subject: "its version is one of these" or "it isn't selected in one of these versions", as
/// PubGrub has it (https://github.com/dart-lang/pub/blob/master/doc/solver.md).
struct Term: Sendable, Hashable {
    var subject: Subject
    var set: VersionSet
    /// False: not selected at all, or in a version outside `set`.
    var isPositive: Bool

    init(_ subject: Subject, _ set: VersionSet, isPositive: Bool = true) {
        self.subject = subject
        self.set = set
        self.isPositive = isPositive
    }

    var negated: Term { Term(subject, set, isPositive: !isPositive) }

    /// Nothing can satisfy it.
    var isImpossible: Bool { isPositive && set.isEmpty }

    enum Relation { case satisfied, contradicted, inconclusive }

    /// Whether everything for which `self` holds makes `other` (of the same subject) hold, fail, or neither.
    func relation(to other: Term) -> Relation {
        switch (isPositive, other.isPositive) {
        case (true, true):
            if set.isSubset(of: other.set) { return .satisfied }
            return set.isDisjoint(with: other.set) ? .contradicted : .inconclusive
        case (true, false):
            if set.isDisjoint(with: other.set) { return .satisfied }
            return set.isSubset(of: other.set) ? .contradicted : .inconclusive
        case (false, true):
            // Not being selected is always left open, so a negative term never satisfies a positive one.
            return other.set.isSubset(of: set) ? .contradicted : .inconclusive
        case (false, false):
            return other.set.isSubset(of: set) ? .satisfied : .inconclusive
        }
    }

    /// Both at once; of the same subject.
    func intersection(_ other: Term) -> Term {
        switch (isPositive, other.isPositive) {
        case (true, true): Term(subject, set.intersection(other.set))
        case (true, false): Term(subject, set.subtracting(other.set))
        case (false, true): Term(subject, other.set.subtracting(set))
        case (false, false): Term(subject, set.union(other.set), isPositive: false)
        }
    }

    /// Either of them; of the same subject.
    func union(_ other: Term) -> Term { negated.intersection(other.negated).negated }

    /// True when every selection, and the lack of one, satisfies it.
    var isAlways: Bool { !isPositive && set.isEmpty }
}
