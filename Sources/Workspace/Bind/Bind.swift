import Basics
import Harness
import Passes
import SkillModel

/// Load-time binding: what skills need on this machine, looked for and brought by the scripts that were compiled for them.
extension Workspace {
    /// Who may say whether what a plan lists is installed.
    package enum Consent: Sendable {
        /// Nothing is installed.
        case unasked
        /// The answer is there already (`--yes`).
        case given
        case asked(@Sendable (BindPlan) -> Bool)
    }

    /// Looks for what the project's skills (those of `names`) need, for the targets whose environment is this machine, or
    /// for `target`; with a `consent`, installs what is required and missing.
    ///
    /// Throws what makes that impossible; what a skill lacks is in the report.
    package func bind(
        _ names: PackageSelection, target: String? = nil, consent: Consent = .unasked, isRoot: Bool = false
    ) async throws -> BindReport {
        var (report, skills) = try boundSkills(names, target)
        report.skills = try await check(skills)
        let plan = BindPlan(skills, report.skills, isRoot: isRoot, path: settings.environment["PATH"] ?? "")
        report.plan = plan.isEmpty ? nil : plan
        report.dryRun = flags.dryRun
        var notes: [String] = []
        if !plan.isEmpty, !flags.dryRun, !plan.isForRoot, allows(plan, consent) {
            notes = try await repair(skills, &report)
        }
        if let lack = Self.lack(report, notes, isAsking: consent.isAsking) { report.diagnostics.append(lack) }
        report.ok = !report.diagnostics.contains { $0.severity == .error }
        return report
    }

    /// The line that puts on a shell's path what repairs install. Nothing is looked for, and nothing need be locked: the line
    /// speaks of the user's folders, and of no skill. Names and a target are held against the lock when they are given.
    package func bindExports(_ names: PackageSelection, target: String? = nil) async throws -> BindReport {
        var report = BindReport()
        if !names.isUnsaid || target != nil { report.diagnostics = try boundSkills(names, target).0.diagnostics }
        report.diagnostics = report.diagnostics.map { $0.severity == .error ? $0.asWarning : $0 }
        report.exports = try await exports()
        return report
    }

    /// What a command is started with: what `bind` finds, or why nothing could be looked for. That stops no command; only what
    /// was said wrongly (a name or a target that there is not) is thrown.
    package func bindForCommand(
        _ names: PackageSelection, target: String? = nil, consent: Consent = .unasked, isRoot: Bool = false
    ) async throws -> BindReport {
        var report: BindReport
        do {
            report = try await bind(names, target: target, consent: consent, isRoot: isRoot)
        } catch {
            guard let found = Self.diagnostics(of: error) else { throw error }
            let isSaid = !names.isUnsaid || target != nil
            if isSaid, found.contains(where: { $0.fault == .usage }) { throw error }
            report = BindReport()
            report.diagnostics = found
        }
        report.exports = try await exports()
        return report
    }

    private func exports() async throws -> String {
        let script = Bind.run(DependencyManifest([]), environment: .here).value?.script ?? ""
        return try await ScriptRun(
            script: Array(script.utf8), environment: BindVariables.base(settings.environment)
        ).exports()
    }

    private static var nothing: Diagnostic {
        Diagnostic(
            "bind.nothing", .warning, "skvm.lock has no skill: nothing was looked for",
            hint: "add one: skvm install NAME")
    }

    // MARK: What is meant

    private func boundSkills(_ names: PackageSelection, _ target: String?) throws -> (BindReport, [BoundSkill]) {
        let project = try self.project()
        try requireTargets(project)
        guard let lock = try project.lock() else {
            throw DiagnosticsError([
                Diagnostic(
                    "bind.no-lock", .error, "there is no skvm.lock that says what the skills are",
                    hint: "compile them first: skvm install")
            ])
        }
        var report = BindReport()
        if lock.packages.isEmpty { report.diagnostics.append(Self.nothing) }
        let known = lock.packages.map(\.id.name.description)
        let isOfMember = try names.isUnsaid && project.member(at: settings.workingDirectory) != nil
        let chosen: Set<String> =
            try isOfMember
            ? [chosenName(names, project)] : names.isUnsaid ? Set(known) : names.names(among: known)
        let targets = try BindTargets(project, lock, self).chosen(target)
        report.diagnostics += targets.remarks
        var reader = BoundSkills(lock, store, installed: try places(of: lock, project))
        let skills = try reader.read(chosen, for: targets.names)
        report.diagnostics += reader.diagnostics
        report.environment = skills.first?.environment.name ?? ""
        return (report, skills)
    }

    /// Where the variants of a lock are installed, by their trees.
    private func places(of lock: Lockfile, _ project: Project) throws -> [Digest: String] {
        let known = [state(of: project.root), userState].flatMap { (try? $0.installed()) ?? [] }
        return Dictionary(known.map { ($0.tree, $0.place) }) { first, _ in first }
    }

    // MARK: Scripts

    /// One state a need, in the order of the skill's dependencies.
    private func check(_ skills: [BoundSkill]) async throws -> [BindReport.Skill] {
        let variables = settings.environment
        let answers = try await withThrowingTaskGroup(of: (Int, ScriptAnswer).self) { group in
            var answers: [Int: ScriptAnswer] = [:]
            var open = skills.indices[...]
            func start(_ index: Int) {
                let skill = skills[index]
                group.addTask {
                    guard skill.hasNeeds else { return (index, ScriptAnswer(lines: [], notes: [])) }
                    return (
                        index,
                        try await ScriptRun(
                            script: skill.script, environment: BindVariables.check(skill, variables)
                        ).answer("--check")
                    )
                }
            }
            for _ in 0..<max(1, min(flags.jobs, 8)) { if let index = open.popFirst() { start(index) } }
            while let (index, answer) = try await group.next() {
                answers[index] = answer
                if let next = open.popFirst() { start(next) }
            }
            return answers
        }
        return skills.enumerated().map { index, skill in
            BindReport.Skill(
                package: skill.package.name.description, version: skill.package.version.description,
                targets: skill.targets.map(\.description),
                needs: skill.steps.filter { $0.action != .skip }.map { step in
                    step.action == .present
                        ? taken(step, skill.environment) : Self.need(step, answers[index]?.lines ?? [])
                })
        }
    }

    private static func need(_ step: BindStep, _ lines: [ScriptAnswer.Line]) -> BindReport.Need {
        var need = BindReport.Need(
            kind: step.kind.rawValue, name: step.name, required: step.required, state: .unseen, detail: "")
        switch step.action {
        case .refused: need.state = .refused
        case .skip: break
        case .present, .install, .check, .tell:
            guard let line = lines.first(where: { $0.kind == need.kind && $0.name == need.name }) else { break }
            (need.state, need.detail) = (line.state, line.detail)
        }
        return need
    }

    /// What the environment is said to have has no step in the script. A program that is not even on the path is not there:
    /// the description may be of another machine, or of another day.
    private func taken(_ step: BindStep, _ environment: EnvironmentDescription) -> BindReport.Need {
        var need = BindReport.Need(
            kind: step.kind.rawValue, name: step.name, required: step.required, state: .present, detail: "")
        let folders = (settings.environment["PATH"] ?? "").split(separator: ":")
        let names = Bind.programs(of: step.name)
        let isFound = names.contains { name in folders.contains { FileSystem.exists("\($0)/\(name)") } }
        if step.kind == .binary, !isFound {
            (need.state, need.detail) = (.missing, "\(environment.name) is said to have it, and it is not on the path")
        }
        return need
    }

    private func allows(_ plan: BindPlan, _ consent: Consent) -> Bool {
        switch consent {
        case .unasked: false
        case .given: true
        case .asked(let ask): ask(plan)
        }
    }

    /// Runs the repairs of the skills that lack something installable, one after the other: package managers don't like
    /// company. What they say of themselves is not the last word: one may have undone what another did, so all is checked
    /// again. Returns what they said of their work.
    private func repair(_ skills: [BoundSkill], _ report: inout BindReport) async throws -> [String] {
        let settings = settings
        try FileSystem.makeDirectories(settings.stateDirectory)
        let lock = try await blocking {
            try FileLock(
                path: settings.stateDirectory + "/bind.lock", mode: .exclusive,
                onWait: { settings.progress("waiting for another skvm that installs programs and packages") })
        }
        defer { lock.release() }
        var done: [String: BindReport.State] = [:]
        var notes: [String] = []
        let told = ToldOnce(settings.progress)
        for (skill, state) in zip(skills, report.skills) where !state.lacks.isEmpty {
            let answer = try await ScriptRun(
                script: skill.script, environment: BindVariables.base(settings.environment)
            ).answer("--repair", told: told.tell)
            for line in answer.lines where line.state == .installed || line.state == .repaired {
                done["\(line.kind) \(line.name)"] = line.state
            }
            for note in answer.notes where !note.hasPrefix("installing ") && !notes.contains(note) {
                notes.append(note)
            }
        }
        report.skills = try await check(skills)
        for at in report.skills.indices {
            for need in report.skills[at].needs.indices where report.skills[at].needs[need].state == .ok {
                let key = "\(report.skills[at].needs[need].kind) \(report.skills[at].needs[need].name)"
                report.skills[at].needs[need].state = done[key] ?? .ok
            }
        }
        return notes
    }

    /// One error, whatever is missing: the table has the rest.
    private static func lack(_ report: BindReport, _ notes: [String], isAsking: Bool) -> Diagnostic? {
        let lacking = report.skills.filter { !$0.lacks.isEmpty }
        guard !lacking.isEmpty else { return nil }
        let names = lacking.prefix(5).map(\.package).joined(separator: ", ") + (lacking.count > 5 ? ", …" : "")
        let plan = report.plan
        let hint: String? =
            if let plan, plan.isForRoot {
                "as root: \(plan.rootCommands.joined(separator: "; "))"
            } else if let plan, !isAsking {
                "`skvm bind --repair` installs \(plan.items.prefix(6).map { "\($0.manager) \($0.package)" }.joined(separator: ", "))"
                    + (plan.items.count > 6 ? " and more" : "")
            } else { nil }
        return Diagnostic(
            "bind.missing", .error,
            "\(names) \(lacking.count == 1 ? "lacks" : "lack") what \(lacking.count == 1 ? "it needs" : "they need")",
            notes: Array(notes.prefix(12)), hint: hint)
    }
}

extension Workspace.Consent {
    /// Whether somebody wants a repair.
    fileprivate var isAsking: Bool {
        if case .unasked = self { return false }
        return true
    }
}
