package import SkillModel

/// Finds one version for each package that is needed, so that every requirement holds: PubGrub, by Natalie Weizenbaum
/// (https://nex3.medium.com/pubgrub-2fb6470504f), which learns from each conflict and can explain why there is no solution.
///
/// The result depends on the dependencies, the lock and the provider's answers alone: no clock, no hash order.
package struct Solver<Provider: PackageProvider> {
    private let provider: Provider
    private var universe = Universe()
    private var incompatibilities: [Incompatibility] = []
    /// Numbers of the incompatibilities that mention a subject, oldest first.
    private var mentions: [Subject: [Int]] = [:]
    /// The incompatibility of each (dependent, dependency, requirement): it grows by the dependent's versions.
    private var dependencyNumbers: [DependencyKey: Int] = [:]
    /// Likewise of each (dependent, obstacle).
    private var obstacleNumbers: [ObstacleKey: Int] = [:]
    private var solution = PartialSolution()
    private var conflicts = 0

    /// A search that has run into so many conflicts is given up: hostile registries can make it exponential.
    private let greatestConflicts: Int

    private struct DependencyKey: Hashable {
        var dependent: Subject
        var key: PackageKey
        var requirement: Requirement
    }

    private struct ObstacleKey: Hashable {
        var dependent: Subject
        var obstacle: Obstacle
    }

    /// Locked versions are taken where they fit; elsewhere the newest that fits.
    package init(_ provider: Provider, greatestConflicts: Int = 100_000) {
        self.provider = provider
        self.greatestConflicts = greatestConflicts
    }

    /// The version of each package that `dependencies` need, directly or not.
    ///
    /// Throws `ResolutionFailure` when there is no solution, and what the provider throws.
    package mutating func solve(_ dependencies: [PackageDependency]) async throws -> [PackageKey: Version] {
        universe = Universe()
        incompatibilities = []
        mentions = [:]
        dependencyNumbers = [:]
        obstacleNumbers = [:]
        solution = PartialSolution()
        conflicts = 0
        let project = VersionSet(allOf: 1)
        _ = add(Incompatibility([Term(.project, project, isPositive: false)], .project))
        solution.decide(.project, 0, of: 1)
        _ = try await addDependencies(dependencies, of: .project, version: 0)
        var next: Subject? = .project
        while let subject = next {
            try propagate(from: subject)
            next = try await decide()
        }
        return solution.decisions.reduce(into: [:]) { result, decision in
            guard case .package(let key) = decision.subject else { return }
            result[key] = universe.versions(of: key)[decision.version].version
        }
    }

    /// What the solution would have in the place of older versions, if it could be used: of each package the newest.
    package var passedOver: [PassedOver] {
        var found: [PackageKey: (version: Int, cause: Unusable)] = [:]
        let chosen = Dictionary(
            solution.decisions.map { ($0.subject, $0.version) }, uniquingKeysWith: { first, _ in first })
        for incompatibility in incompatibilities {
            let cause: (subject: Subject, fault: Unusable)? =
                switch incompatibility.cause {
                case .unusable(let subject, let fault): (subject, fault)
                case .dependency(let subject, let key, _): universe.fault(of: key).map { (subject, $0) }
                case .project, .obstacle, .derived: nil
                }
            guard let cause, case .package(let key) = cause.subject, let taken = chosen[cause.subject],
                let newest = incompatibility.term(of: cause.subject)?.set.members.last, newest > taken,
                newest > found[key]?.version ?? taken
            else { continue }
            found[key] = (newest, cause.fault)
        }
        return found.sorted { $0.key < $1.key }.map { key, found in
            PassedOver(key: key, version: universe.versions(of: key)[found.version].version, cause: found.cause)
        }
    }

    // MARK: Propagation

    /// Derives everything that follows from the incompatibilities, beginning with those that mention `subject`.
    private mutating func propagate(from subject: Subject) throws(ResolutionFailure) {
        var changed = [subject]
        while let subject = changed.popLast() {
            // The newest first: what was learned from a conflict prunes most.
            scan: for number in (mentions[subject] ?? []).reversed() {
                switch unit(of: incompatibilities[number]) {
                case nil: continue
                case .almost(let term)?:
                    solution.derive(term.negated, cause: number)
                    changed.append(term.subject)
                case .conflict?:
                    // What was to be looked at is gone with the assignments that were taken back.
                    let learned = try resolve(number)
                    changed = []
                    guard case .almost(let term)? = unit(of: incompatibilities[learned]) else { return }
                    solution.derive(term.negated, cause: learned)
                    changed = [term.subject]
                    break scan
                }
            }
        }
    }

    private enum Unit {
        /// All terms hold.
        case conflict
        /// All but this one hold, and it is open.
        case almost(Term)
    }

    private func unit(of incompatibility: Incompatibility) -> Unit? {
        var open: Term?
        for term in incompatibility.terms {
            switch solution.relation(to: term) {
            case .contradicted: return nil
            case .inconclusive:
                if open != nil { return nil }
                open = term
            case .satisfied: continue
            }
        }
        return open.map(Unit.almost) ?? .conflict
    }

    // MARK: Conflicts

    /// Finds what must not be repeated, goes back to where it can be avoided, and gives the number of the lesson.
    private mutating func resolve(_ conflict: Int) throws(ResolutionFailure) -> Int {
        try countConflict()
        var number = conflict
        while !incompatibilities[number].isFailure {
            let incompatibility = incompatibilities[number]
            guard let turn = turningPoint(of: incompatibility) else { break }
            let satisfier = solution.assignments[turn.satisfier]
            guard turn.previousLevel >= satisfier.level, let cause = satisfier.cause else {
                solution.backtrack(to: turn.previousLevel)
                if number != conflict { mention(number) }
                return number
            }
            // The rule of resolution: what led to the satisfier takes its place.
            var terms = incompatibility.terms.filter { $0.subject != turn.term.subject }
            terms += incompatibilities[cause].terms.filter { $0.subject != satisfier.term.subject }
            if let rest = turn.difference { terms.append(rest.negated) }
            incompatibilities.append(Incompatibility(terms, .derived(number, cause)))
            number = incompatibilities.count - 1
        }
        throw ResolutionFailure(Report(incompatibilities, universe), failure: number)
    }

    /// Every turn of the search that selects nothing counts, so that none goes on for ever.
    private mutating func countConflict() throws(ResolutionFailure) {
        conflicts += 1
        guard conflicts <= greatestConflicts else { throw ResolutionFailure(tooHardAfter: conflicts - 1) }
    }

    private struct TurningPoint {
        var term: Term
        /// Place of the assignment that made `term`, and so the whole incompatibility, hold.
        var satisfier: Int
        /// What of the satisfier goes beyond `term`: an earlier assignment had excluded it.
        var difference: Term?
        /// The level at which the incompatibility held but for the satisfier.
        var previousLevel: Int
    }

    private func turningPoint(of incompatibility: Incompatibility) -> TurningPoint? {
        let satisfiers = incompatibility.terms.compactMap { term in solution.satisfier(of: term).map { (term, $0) } }
        guard let last = satisfiers.max(by: { $0.1 < $1.1 }) else { return nil }
        var level = 1
        for (_, place) in satisfiers where place != last.1 { level = max(level, solution.assignments[place].level) }
        let assignment = solution.assignments[last.1].term
        var difference: Term?
        if assignment.relation(to: last.0) != .satisfied {
            let rest = assignment.intersection(last.0.negated)
            difference = rest
            if let place = solution.satisfier(of: rest.negated) {
                level = max(level, solution.assignments[place].level)
            }
        }
        return TurningPoint(term: last.0, satisfier: last.1, difference: difference, previousLevel: level)
    }

    // MARK: Decisions

    /// Selects a version of the open package with the fewest candidates; nil when none is open.
    private mutating func decide() async throws -> Subject? {
        guard let term = solution.mostConstrained, case .package(let key) = term.subject else { return nil }
        let versions = universe.versions(of: key)
        let candidates = term.set.members
        let best =
            candidates.first { versions[$0].isLocked } ?? candidates.last { !versions[$0].isLastResort }
        guard let version = best ?? candidates.last else { return term.subject }
        let dependencies: [PackageDependency]
        do {
            if let obstacle = try await provider.obstacle(to: key, at: versions[version].version) {
                add(obstacle, of: term.subject, version: version)
                try countConflict()
                return term.subject
            }
            dependencies = try await provider.dependencies(of: key, at: versions[version].version)
        } catch let fault as Unusable {
            var set = VersionSet(emptyOf: versions.count)
            set.insert(version)
            _ = add(Incompatibility([Term(term.subject, set)], .unusable(term.subject, fault)))
            try countConflict()
            return term.subject
        }
        let added = try await addDependencies(dependencies, of: term.subject, version: version)
        // When one of its dependencies is already excluded, selecting it would only have to be undone.
        let isExcluded = added.contains { number in
            incompatibilities[number].terms.allSatisfy {
                $0.subject == term.subject || solution.relation(to: $0) == .satisfied
            }
        }
        if isExcluded {
            try countConflict()
        } else {
            solution.decide(term.subject, version, of: versions.count)
        }
        return term.subject
    }

    /// "Those versions of the subject don't go without that dependency", for each; gives their numbers.
    private mutating func addDependencies(
        _ dependencies: [PackageDependency], of subject: Subject, version: Int
    ) async throws -> [Int] {
        var numbers: [Int] = []
        for dependency in dependencies {
            if !universe.isKnown(dependency.key) {
                do {
                    universe.add(dependency.key, try await provider.versions(of: dependency.key))
                } catch let fault as Unusable {
                    universe.add(dependency.key, fault)
                }
            }
            let key = DependencyKey(
                dependent: subject, key: dependency.key, requirement: dependency.requirement)
            let wanted = universe.set(of: dependency.key, dependency.requirement)
            var dependents = VersionSet(emptyOf: universe.count(of: subject))
            // Not of the package itself: merged into one term, "2 needs 1" would exclude 1, too, and the search never end.
            if subject != .package(dependency.key), let number = dependencyNumbers[key],
                let term = incompatibilities[number].term(of: subject)
            {
                // The same dependency of another version: one incompatibility, so that the report speaks of both at once.
                dependents = term.set
            }
            dependents.insert(version)
            let incompatibility = Incompatibility(
                [Term(subject, dependents), Term(.package(dependency.key), wanted, isPositive: false)],
                .dependency(subject, dependency.key, dependency.requirement))
            guard !incompatibility.terms.contains(where: \.isImpossible) else { continue }
            if let number = dependencyNumbers[key], subject != .package(dependency.key) {
                incompatibilities[number] = incompatibility
                numbers.append(number)
            } else {
                let number = add(incompatibility)
                dependencyNumbers[key] = number
                numbers.append(number)
            }
        }
        return numbers
    }

    /// "Those versions of the subject can't be used": the same obstacle of several versions is one incompatibility.
    private mutating func add(_ obstacle: Obstacle, of subject: Subject, version: Int) {
        let key = ObstacleKey(dependent: subject, obstacle: obstacle)
        var set = VersionSet(emptyOf: universe.count(of: subject))
        if let term = obstacleNumbers[key].flatMap({ incompatibilities[$0].term(of: subject) }) { set = term.set }
        set.insert(version)
        let incompatibility = Incompatibility([Term(subject, set)], .obstacle(subject, obstacle))
        if let number = obstacleNumbers[key] {
            incompatibilities[number] = incompatibility
        } else {
            obstacleNumbers[key] = add(incompatibility)
        }
    }

    private mutating func add(_ incompatibility: Incompatibility) -> Int {
        incompatibilities.append(incompatibility)
        mention(incompatibilities.count - 1)
        return incompatibilities.count - 1
    }

    private mutating func mention(_ number: Int) {
        for term in incompatibilities[number].terms { mentions[term.subject, default: []].append(number) }
    }
}
