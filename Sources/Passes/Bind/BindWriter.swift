import SkillModel

/// Writes the script. Every word of a skill in it was let through by `SafeName` and stands in single quotes, or is in a
/// comment as printable ASCII.
struct BindWriter {
    private let environment: EnvironmentDescription
    /// In the order of `Stage`, those of one in the manifest's.
    private var calls: [Stage: [String]] = [:]
    /// What must be there first: programs and packages of the system, which bring the other managers; what those install;
    /// what only something else can have brought; what no installation brings.
    private enum Stage: CaseIterable { case system, package, program, rest }
    /// Kinds to check, managers to install by.
    private var kinds: Set<String> = []
    private var managers: Set<String> = []
    private var tells = false
    private var usesVariables = false
    private var usesServers = false
    var buildsJava = false

    init(_ environment: EnvironmentDescription) { self.environment = environment }

    mutating func add(_ step: BindStep, _ dependency: Dependency) {
        let (kind, name) = (step.kind.rawValue, step.name)
        let need = step.required ? "required" : "optional"
        let stage: Stage =
            switch step.action {
            case .install: ["apt", "apk", "brew"].contains(step.manager) ? .system : .package
            case .check where step.kind != .env && step.kind != .service: .program
            default: .rest
            }
        func append(_ call: String) { calls[stage, default: []].append(call) }
        switch step.action {
        case .refused: append("# left out, not a name for \(kind): \(SafeName.inComment(name))")
        case .present: append("# the environment has \(kind) \(name)")
        case .skip: append("# for another system: \(kind) \(name)")
        case .tell:
            tells = true
            append("tell \(need) \(kind) '\(name)' '\(Self.place(dependency))'")
        case .check where step.kind == .service:
            guard let server = LocalServer.of(dependency) else { return }
            usesServers = true
            append(Self.call(server, need))
        case .check where step.kind == .env:
            usesVariables = true
            // Blanks alone are no value; what else is in it, a trace of the script must not show.
            append("need_variable \(need) \(name) \"${\(name):+set${\(name)##*[![:space:]]*}}\"")
        case .check, .install:
            let check = check(step)
            kinds.insert(check.kind)
            if let manager = step.manager { managers.insert(manager) }
            let version = Self.version(dependency, manager: step.manager)
            let words = [need, kind, name, check.kind, check.name, step.manager ?? "", step.package ?? "", version]
            append("need " + words.map { "'\($0)'" }.joined(separator: " "))
        }
    }

    private static func place(_ dependency: Dependency) -> String {
        if dependency.scope == .project { return "the project that the skill works in brings it by its own manifest" }
        if dependency.isGuessed == true { return "a module is imported by this name, whose package nothing here names" }
        if dependency.kind == .mcp { return "connect it in the settings of the harness" }
        return dependency.mustRun == true ? "it must be running" : "needs an account or a login"
    }

    /// `need_server required 'redis' 'REDIS_URL REDIS_HOST' '6379' "socket"…`: the variables' names, none of a value.
    private static func call(_ server: LocalServer, _ need: String) -> String {
        let variables = server.variables.joined(separator: " ")
        let sockets = server.sockets.map { socket in
            let path = socket.hasPrefix("~") ? "${HOME:-/var/empty}" + socket.dropFirst() : socket
            return "\"" + (path.hasPrefix("@") ? "${XDG_RUNTIME_DIR:-/var/empty}" + path.dropFirst() : path) + "\""
        }
        let ports = server.ports.map(String.init).joined(separator: " ")
        return (["need_server \(need) '\(server.name)' '\(variables)' '\(ports)'"] + sockets).joined(separator: " ")
    }

    /// How a step is checked: a package of another system's manager by the package that replaces it.
    private func check(_ step: BindStep) -> (kind: String, name: String) {
        switch step.kind {
        case .apt, .brew:
            guard let manager = step.manager, let package = step.package else { return ("nothing", step.name) }
            return (manager, package)
        case .binary:
            return ("binary", PackageNames.programs(of: Self.program(step.name, buildsJava)).joined(separator: " "))
        case .pip: return ("pip", String(step.name.prefix { $0 != "[" }))
        default: return (step.kind.rawValue, step.name)
        }
    }

    /// What is to be there for a program to do its work: of Java, its compiler where something is built.
    static func program(_ name: String, _ buildsJava: Bool) -> String { buildsJava && name == "java" ? "javac" : name }

    /// The version as the kind's own installer writes it: pip wants an operator before a bare version.
    private static func version(_ dependency: Dependency, manager: String?) -> String {
        guard let version = dependency.version?.trimmingBlanks() else { return "" }
        let plain = VersionConstraint.withoutExtras(version)
        let extras = String(version.dropLast(plain.count))
        let isBare = plain.utf8.first.map(\.isDigit) ?? false
        switch dependency.kind {
        case .pip:
            return extras + (isBare ? "==" + plain : plain.hasPrefix("^") ? ">=" + plain.dropFirst() : plain)
        // Of another manager's package, or of a program, no manager here knows what the number means.
        case .apt: return isBare && manager == "apt" ? version : ""
        case .brew: return ""
        // A bare number in running text is the least that will do.
        case .binary: return isBare ? ">=" + plain : plain
        default: return version
        }
    }

    /// The whole script, equal for equal input.
    func script() -> String {
        var parts = [BindText.head(BindPlanner(environment).system == "brew" ? BindText.kegs : "")]
        if !kinds.isEmpty { parts += needParts() }
        if usesVariables || usesServers || !kinds.isEmpty { parts.append(BindText.missing) }
        if usesServers { parts.append(BindText.server) }
        if usesVariables { parts.append(BindText.variable) }
        if tells || usesServers { parts.append(BindText.tell) }
        parts.append(
            (calls.isEmpty ? ["# nothing is needed"] : Stage.allCases.flatMap { calls[$0] ?? [] }).joined(
                separator: "\n"))
        parts.append(BindText.end)
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// Only what a call in this script reaches: shellcheck takes the rest for a mistake.
    private func needParts() -> [String] {
        var parts = [BindText.note]
        if kinds.contains("pip") { parts.append(BindText.pythonCheck) }
        if !kinds.isDisjoint(with: ["binary", "go"]) { parts.append(BindText.program) }
        if !kinds.isDisjoint(with: ["binary", "go", "npm", "cargo"]) { parts.append(BindVersions.compare) }
        if kinds.contains("binary") || kinds.contains("npm") { parts.append(BindVersions.ofPackage) }
        if kinds.contains("binary") { parts.append(BindVersions.ofProgram) }
        parts += kinds.sorted().compactMap { BindText.checks[$0] }
        parts.append(Self.dispatch("has", kinds.sorted(), arguments: "\"$2\" \"$3\""))
        var wanted = managers
        if managers.contains("pip"), environment.pythonExternallyManaged, let system = BindPlanner(environment).system {
            wanted.insert(system)
        }
        let others = managers.intersection(["npm", "cargo", "go", "gem"])
        let system = BindPlanner(environment).system
        let rows = others.sorted().compactMap { name in
            system.flatMap { system in PackageNames.row(program: name)?[system].map { (name, system, $0) } }
        }
        wanted.formUnion(rows.map(\.1))
        parts += wanted.sorted().compactMap { BindText.installers[$0] }
        if !others.isEmpty { parts.append(BindVersions.needManager(rows)) }
        if managers.contains("pip") { parts.append(pip()) }
        parts.append(Self.dispatch("get", managers.sorted(), arguments: "\"$2\" \"$3\" \"$4\""))
        parts.append(BindText.need)
        return parts
    }

    /// `has KIND NAME VERSION` → `has_KIND NAME VERSION`: named calls, so that a reader and shellcheck see who is called.
    private static func dispatch(_ verb: String, _ names: [String], arguments: String) -> String {
        let cases = names.map { "    \($0)) \(verb)_\($0) \(arguments) ;;" }
        return (["\(verb)() {", "  case $1 in"] + cases + ["    *) return 1 ;;", "  esac", "}"]).joined(separator: "\n")
    }

    /// The installer of pip packages: a virtual environment where the environment refuses system-wide pip.
    private func pip() -> String {
        guard environment.pythonExternallyManaged else { return BindText.pipPlain }
        let system = BindPlanner(environment).system
        let calls = system.map { name in
            Self.interpreter(of: name).map { "get_\(name) \($0) '' ''" }.joined(separator: " && ")
        }
        return BindText.pipVirtual(interpreter: calls ?? "return 1")
    }

    /// The packages that an interpreter which can make virtual environments comes from.
    static func interpreter(of system: String) -> [String] {
        system == "apt" ? ["python3", "python3-venv"] : system == "apk" ? ["python3"] : ["python"]
    }
}
