import Basics
package import SkillModel

/// PASS-2: dependency manifest × environment → a script that checks, and repairs, what the skill needs on a machine.
package enum Bind {
    package static func run(
        _ dependencies: DependencyManifest, environment: EnvironmentDescription
    ) -> PassResult<BindScript> {
        var planner = BindPlanner(environment)
        planner.buildsJava = dependencies.dependencies.contains { PackageNames.buildJava.contains($0.name) }
        var diagnostics: [Diagnostic] = []
        var writer = BindWriter(environment)
        writer.buildsJava = planner.buildsJava
        var steps: [BindStep] = []
        for dependency in dependencies.dependencies {
            let step = planner.step(for: dependency)
            if step.action == .refused { diagnostics.append(refused(dependency)) }
            if dependency.isElsewhere == true { diagnostics.append(elsewhere(dependency)) }
            if let known = planner.tooOld(dependency) { diagnostics.append(tooOld(dependency, known, environment)) }
            steps.append(step)
            writer.add(step, dependency)
        }
        return PassResult(BindScript(script: writer.script(), steps: steps), diagnostics: diagnostics)
    }

    private static func tooOld(
        _ dependency: Dependency, _ known: String, _ environment: EnvironmentDescription
    ) -> Diagnostic {
        let place = dependency.evidence.first
        let machine = [
            environment.distribution.isEmpty ? environment.os : environment.distribution, environment.release,
        ]
        return Diagnostic(
            "bind.version", .warning,
            "the skill asks for \(dependency.name) \(dependency.version ?? ""), \(machine.joined(separator: " ")) has \(known)",
            at: place.map { SourceLocation(file: $0.file, line: $0.line) },
            hint: "its bind script says what is missing on a machine; another environment may have it")
    }

    private static func elsewhere(_ dependency: Dependency) -> Diagnostic {
        let place = dependency.evidence.first
        return Diagnostic(
            "bind.elsewhere", .warning,
            "the skill takes \(dependency.kind.rawValue) '\(SafeName.inComment(dependency.name))' from a place that it names itself: "
                + "its bind script looks for it, and does not install it by its name alone",
            at: place.map { SourceLocation(file: $0.file, line: $0.line) },
            hint: "install it as the skill says, after looking at where from")
    }

    private static func refused(_ dependency: Dependency) -> Diagnostic {
        let place = dependency.evidence.first
        return Diagnostic(
            "bind.name", .warning,
            "'\(SafeName.inComment(dependency.name))' is no name that \(dependency.kind.rawValue) is given by a script",
            at: place.map { SourceLocation(file: $0.file, line: $0.line) },
            hint: "install it by hand, after looking at what it is")
    }
}

/// Decides what becomes of each dependency in one environment.
struct BindPlanner {
    let environment: EnvironmentDescription
    /// `apt`, `apk` or `brew`; nil where none of them is there.
    let system: String?
    /// Whether what the skill needs compiles Java: then a run time for Java does not do.
    var buildsJava = false

    init(_ environment: EnvironmentDescription) {
        self.environment = environment
        let order = environment.os == "macos" ? ["brew"] : ["apt", "apk", "brew"]
        system = order.first { environment.packageManagers[$0] != nil }
    }

    func step(for dependency: Dependency) -> BindStep {
        var step = BindStep(
            kind: dependency.kind, name: dependency.name, required: dependency.required, action: .check)
        guard SafeName.isSafe(dependency) else {
            step.action = .refused
            return step
        }
        if let systems = dependency.systems, !Systems.hold(systems, in: environment) {
            step.action = .skip
            return step
        }
        if dependency.scope == .project || dependency.isGuessed == true {
            step.action = .tell
            return step
        }
        if has(dependency) {
            step.action = .present
            return step
        }
        switch dependency.kind {
        case .service: step.action = LocalServer.of(dependency) == nil ? .tell : .check
        case .mcp: step.action = .tell
        case .env: step.action = .check
        case .pip, .npm, .cargo, .go, .gem:
            // Under its bare name another's package may stand in the manager's own registry.
            if dependency.isElsewhere == true { return step }
            (step.action, step.manager, step.package) = (.install, dependency.kind.rawValue, dependency.name)
        case .apt, .brew:
            let asked = dependency.kind.rawValue
            let here = asked == system ? dependency.name : nil
            install(&step, here ?? system.flatMap { PackageNames.row(package: dependency.name, of: asked)?[$0] })
        case .binary:
            let name = BindWriter.program(dependency.name, buildsJava)
            install(&step, system.flatMap { PackageNames.row(program: name)?[$0] })
        }
        return step
    }

    private func tool(_ name: String) -> String? {
        for program in PackageNames.programs(of: name) {
            if let version = environment.tools[program] ?? environment.packageManagers[program] { return version }
        }
        return nil
    }

    /// The version that the environment is known to have of a program, when it is less than what the text asks for.
    func tooOld(_ dependency: Dependency) -> String? {
        guard dependency.kind == .binary, SafeName.isSafe(dependency), let asked = dependency.version,
            let known = tool(dependency.name), known.first?.isNumber == true
        else { return nil }
        let isBare = asked.first?.isNumber == true
        return VersionConstraint.isSatisfied(isBare ? ">=" + asked : asked, by: known) ? nil : known
    }

    private func install(_ step: inout BindStep, _ package: String?) {
        guard let package, let system else { return }
        (step.action, step.manager, step.package) = (.install, system, package)
    }

    /// Whether the environment has it, in a version that is known to do.
    private func has(_ dependency: Dependency) -> Bool {
        let version: String?
        switch dependency.kind {
        case .binary: version = tool(dependency.name)
        case .pip, .npm, .cargo, .go, .gem, .apt, .brew:
            version = environment.packages[dependency.kind.rawValue]?[dependency.name]
        case .env, .service, .mcp: version = nil
        }
        guard let version else { return false }
        guard let constraint = dependency.version else { return true }
        return VersionConstraint.isSatisfied(constraint, by: version)
    }
}

extension LocalServer {
    /// Where a server that must run on the machine answers; nil of an account, and of a server that no table knows and
    /// whose port the text does not say. A port that it says counts instead of the usual one.
    static func of(_ dependency: Dependency) -> LocalServer? {
        guard dependency.kind == .service, dependency.mustRun == true else { return nil }
        let known = named(dependency.name)
        guard let port = dependency.port, (1...65_535).contains(port) else { return known }
        var server = known ?? LocalServer(name: dependency.name)
        // A socket's name may have the port; one that has none may be another server's.
        let usual = server.ports.map { ".\($0)" }
        server.sockets = server.sockets.compactMap { socket in
            usual.first { socket.hasSuffix($0) }.map { socket.dropLast($0.count) + ".\(port)" }
        }
        server.ports = [port]
        return server
    }
}
