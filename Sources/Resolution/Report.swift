package import Basics
package import SkillModel

/// Why no set of versions satisfies everything.
package struct ResolutionFailure: Error, Sendable, CustomStringConvertible {
    /// The chain of reasons, a sentence a line, from the manifest's dependencies to the contradiction.
    package let explanation: [String]
    /// A package that is needed and that nobody has; the likely cause is a misspelling.
    package let unknown: PackageName?
    /// A package or version that can't be used, that the failure rests on, and whether something leads to it that the project
    /// does not name itself.
    private let fault: (cause: Unusable, isDeep: Bool)?
    private let isTooHard: Bool
    /// Whether the failure rests on something besides packages that can't be had.
    private let hasObstacle: Bool
    /// What to do where the only versions there are must be named to be taken.
    private let exactly: String?

    init(_ report: Report, failure: Int) {
        explanation = report.sentences(for: failure)
        unknown = report.unknownPackage(in: failure)
        fault = report.fault(in: failure)
        hasObstacle = report.hasObstacle(in: failure)
        exactly = report.exactly(in: failure)
        isTooHard = false
    }

    init(tooHardAfter conflicts: Int) {
        explanation = ["gave up after \(conflicts) conflicts between the versions"]
        unknown = nil
        fault = nil
        exactly = nil
        hasObstacle = false
        isTooHard = true
    }

    package var description: String { explanation.joined(separator: "\n") }

    /// What a user is told: where something can't be used, that with the chain that leads to it.
    package var diagnostics: [Diagnostic] {
        guard let fault, !isTooHard else { return [diagnostic] }
        var diagnostics = fault.cause.diagnostics
        if fault.isDeep, !diagnostics.isEmpty { diagnostics[0].notes = explanation + diagnostics[0].notes }
        return diagnostics
    }

    package var diagnostic: Diagnostic {
        if isTooHard {
            return Diagnostic(
                "resolve.too-hard", .error, "finding versions takes too long", notes: explanation,
                hint: "narrow the ranges in skvm.toml")
        }
        if let unknown {
            return Diagnostic(
                "resolve.unknown-package", .error, "no package is named '\(unknown)'", notes: explanation,
                hint: "look for it: skvm search \(unknown)")
        }
        return Diagnostic(
            "resolve.unsatisfiable", .error, "no versions satisfy all requirements", notes: explanation,
            hint: hasObstacle
                ? "add a target that supplies it, or choose another version in skvm.toml"
                : exactly ?? "widen a range that the reasons name")
    }
}

/// Puts the derivation of a failure into sentences.
struct Report {
    /// More would not be read.
    static let greatestSentences = 60

    private let incompatibilities: [Incompatibility]
    private let universe: Universe

    init(_ incompatibilities: [Incompatibility], _ universe: Universe) {
        self.incompatibilities = incompatibilities
        self.universe = universe
    }

    /// A package without any version, that the failure rests on.
    func unknownPackage(in failure: Int) -> PackageName? {
        for number in reachable(from: failure) {
            guard case .dependency(_, let key, _) = incompatibilities[number].cause else { continue }
            if universe.versions(of: key).isEmpty, universe.fault(of: key) == nil { return key.name }
        }
        return nil
    }

    /// The first thing that can't be used, and whether a package leads to it.
    func fault(in failure: Int) -> (cause: Unusable, isDeep: Bool)? {
        for number in reachable(from: failure) {
            switch incompatibilities[number].cause {
            case .unusable(_, let fault): return (fault, true)
            case .dependency(let subject, let key, _):
                if let fault = universe.fault(of: key) { return (fault, subject != .project) }
            case .project, .obstacle, .derived: continue
            }
        }
        return nil
    }

    func hasObstacle(in failure: Int) -> Bool {
        reachable(from: failure).contains { number in
            if case .obstacle = incompatibilities[number].cause { true } else { false }
        }
    }

    /// How to take what is there and is taken only by its name: a version that was taken back, a prerelease.
    func exactly(in failure: Int) -> String? {
        for number in reachable(from: failure) {
            guard case .dependency(_, let key, let requirement) = incompatibilities[number].cause else { continue }
            let versions = universe.versions(of: key)
            let matching = versions.filter { requirement.contains($0.version) }
            if let newest = matching.last,
                matching.allSatisfy({ $0.withheld == .yanked && !$0.isLocked && !$0.isLastResort }),
                !isOffered(key, requirement)
            {
                return "a version that was taken back is taken where it is named: "
                    + "\(key.name) = \"=\(newest.version)\""
            }
            if let newest = matching.last(where: { !$0.version.isPrerelease }) ?? matching.last,
                matching.allSatisfy({ $0.withheld != nil && !$0.isLocked }),
                matching.contains(where: { $0.withheld == .tooYoung }), !isOffered(key, requirement)
            {
                return "wait, shorten cooldown in [update], or name the version, which is taken however young it is: "
                    + "\(key.name) = \"=\(newest.version)\""
            }
            if let newest = versions.last, versions.allSatisfy(\.version.isPrerelease), matching.isEmpty {
                return "there are prereleases only, which are taken where one is named: "
                    + "\(key.name) = \"^\(newest.version)\""
            }
        }
        return nil
    }

    func sentences(for failure: Int) -> [String] {
        let steps = reachable(from: failure).filter { causes(of: $0) != nil }
        guard !steps.isEmpty else { return ["\(words(for: failure)), so there is no solution"] }
        let labels = labels(for: steps)
        var sentences: [String] = []
        for (place, step) in steps.enumerated() {
            guard let (first, second) = causes(of: step) else { continue }
            let before = place > 0 ? steps[place - 1] : nil
            var reasons: [String] = []
            // What the line before has just said comes first, as "and".
            for cause in [first, second] where cause != before {
                reasons.append(words(for: cause) + (labels[cause].map { " (\($0))" } ?? ""))
            }
            let follows = before == first || before == second
            let conclusion = step == failure ? "there is no solution" : words(for: step)
            let label = labels[step].map { " (\($0))" } ?? ""
            let because = (follows ? "and because " : "because ") + reasons.joined(separator: " and ")
            sentences.append("\(because), \(conclusion)\(label)")
        }
        guard sentences.count > Self.greatestSentences else { return sentences }
        return ["… \(sentences.count - Self.greatestSentences) earlier steps …"]
            + sentences.suffix(Self.greatestSentences)
    }

    /// Numbers for the steps that a later line, not the next one, refers to.
    private func labels(for steps: [Int]) -> [Int: Int] {
        var labels: [Int: Int] = [:]
        for (place, step) in steps.enumerated() {
            guard let (first, second) = causes(of: step) else { continue }
            for cause in [first, second] where causes(of: cause) != nil && (place == 0 || steps[place - 1] != cause) {
                if labels[cause] == nil { labels[cause] = labels.count + 1 }
            }
        }
        return labels
    }

    private func causes(of number: Int) -> (Int, Int)? {
        if case .derived(let first, let second) = incompatibilities[number].cause { (first, second) } else { nil }
    }

    /// What `failure` rests on and itself, causes before what follows from them, each once. Without recursion: derivations can
    /// be long.
    private func reachable(from failure: Int) -> [Int] {
        var order: [Int] = []
        var seen: Set<Int> = []
        var stack: [(number: Int, isDone: Bool)] = [(failure, false)]
        while let (number, isDone) = stack.popLast() {
            if isDone {
                order.append(number)
                continue
            }
            guard seen.insert(number).inserted else { continue }
            stack.append((number, true))
            if let (first, second) = causes(of: number) {
                stack.append((first, false))
                stack.append((second, false))
            }
        }
        return order
    }

    // MARK: Words

    private func words(for number: Int) -> String {
        let incompatibility = incompatibilities[number]
        switch incompatibility.cause {
        case .project: return "the project is needed"
        case .dependency(let subject, let key, let requirement):
            return "\(dependent(subject, incompatibility)) \(universe.words(for: key)) \(requirement)"
                + lack(of: key, requirement)
        case .obstacle(let subject, let obstacle):
            return "\(dependent(subject, incompatibility)) \(obstacle.need), which \(obstacle.lack)"
        case .unusable(let subject, let fault):
            return "\(incompatibility.term(of: subject).map(words) ?? words(for: subject)) \(fault.lack)"
        case .derived: return conclusion(incompatibility.terms)
        }
    }

    /// `charts 1.0.2 needs`.
    private func dependent(_ subject: Subject, _ incompatibility: Incompatibility) -> String {
        let dependent = incompatibility.term(of: subject).map(words) ?? words(for: subject)
        return "\(dependent) \(subject == .project || dependent.contains(" ") ? "needs" : "need")"
    }

    /// Said of a dependency that no version satisfies.
    private func lack(of name: PackageKey, _ requirement: Requirement) -> String {
        let versions = universe.versions(of: name)
        if let fault = universe.fault(of: name) { return ", which \(fault.lack)" }
        if versions.isEmpty { return ", which nobody has" }
        let matching = versions.filter { requirement.contains($0.version) }
        if !matching.isEmpty {
            return isOffered(name, requirement) ? "" : withholding(Set(matching.map(\.withheld)))
        }
        if versions.count == 1, versions[0].isAskedFor { return ", and you ask for \(versions[0].version)" }
        let newest = versions.suffix(3).reversed().map(\.version.description).joined(separator: ", ")
        return ", of which there is none (there is \(newest)\(versions.count > 3 ? " …" : ""))"
    }

    private func withholding(_ reasons: Set<Withholding?>) -> String {
        switch (reasons.contains(nil), reasons.contains(.yanked), reasons.contains(.tooYoung)) {
        case (true, _, _): ""
        case (_, true, false): ", whose versions there are yanked"
        case (_, false, true): ", whose versions there are younger than the cooldown"
        default: ", whose versions there are yanked or younger than the cooldown"
        }
    }

    private func isOffered(_ name: PackageKey, _ requirement: Requirement) -> Bool {
        if case .range(let range) = requirement { range.isExact } else { false }
    }

    private func conclusion(_ terms: [Term]) -> String {
        let present = terms.filter { $0.isPositive && $0.subject != .project }.map(words)
        let absent = terms.filter { !$0.isPositive }.map(words)
        let needed = absent.joined(separator: " or ")
        switch (present.count, absent.count) {
        case (0, 0): return "there is no solution"
        case (0, _): return "the project needs \(needed)"
        case (1, 0): return "\(present[0]) can't be used"
        case (_, 0): return "\(present.joined(separator: " and ")) can't be used together"
        default: return "\(present.joined(separator: " with ")) needs \(needed)"
        }
    }

    private func words(for subject: Subject) -> String {
        switch subject {
        case .project: "the project"
        case .package(let key): universe.words(for: key)
        }
    }

    private func words(_ term: Term) -> String {
        guard case .package(let key) = term.subject else { return "the project" }
        let name = universe.words(for: key)
        let versions = universe.versions(of: key).map(\.version)
        let runs = Self.runs(term.set.members)
        if runs.count == 1, runs[0] == 0...versions.count - 1 {
            return versions.count == 1 ? "\(name) \(versions[0])" : "every version of \(name)"
        }
        if runs.isEmpty { return "no version of \(name)" }
        let parts = runs.prefix(4).map { run in
            if run.count == 1 { return "\(versions[run.lowerBound])" }
            if run.lowerBound == 0 { return "<=\(versions[run.upperBound])" }
            if run.upperBound == versions.count - 1 { return ">=\(versions[run.lowerBound])" }
            return ">=\(versions[run.lowerBound]), <=\(versions[run.upperBound])"
        }
        return "\(name) \(parts.joined(separator: " or "))\(runs.count > 4 ? " or …" : "")"
    }

    private static func runs(_ members: [Int]) -> [ClosedRange<Int>] {
        var runs: [ClosedRange<Int>] = []
        for member in members {
            if let last = runs.last, last.upperBound + 1 == member {
                runs[runs.count - 1] = last.lowerBound...member
            } else {
                runs.append(member...member)
            }
        }
        return runs
    }
}
