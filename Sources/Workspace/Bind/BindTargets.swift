import Basics
import ContentStore
import Formats
import SkillModel

/// Which targets a binding is for: those whose environment is this machine.
struct BindTargets {
    private let lock: Lockfile
    private let project: Project
    private let workspace: Workspace

    init(_ project: Project, _ lock: Lockfile, _ workspace: Workspace) {
        self.project = project
        self.lock = lock
        self.workspace = workspace
    }

    /// Targets of one environment, and what is to be said of the choice. `named`: what `-t` says.
    ///
    /// Throws for a target that there is not, and `bind.target` when several environments may be meant.
    func chosen(_ named: String?) throws -> (names: [TargetName], remarks: [Diagnostic]) {
        let own = Set(project.manifest.targets.map(\.name))
        if let named {
            guard let name = own.first(where: { $0.description == named }) else {
                throw DiagnosticsError([Workspace.unknownTarget(named, in: project)])
            }
            guard lock.target(name) != nil else { throw DiagnosticsError([Self.notCompiled(named)]) }
            return ([name], try remark(on: [name]))
        }
        let targets = lock.targets.filter { own.contains($0.name) }
        let groups = Dictionary(grouping: targets, by: \.environment).values.map { $0.map(\.name).sorted() }
            .sorted { $0[0] < $1[0] }
        if groups.isEmpty { throw DiagnosticsError([Self.notCompiled(nil)]) }
        if groups.count == 1 { return (groups[0], try remark(on: groups[0])) }
        let fitting = try groups.filter { try environment(of: $0)?.isHere ?? false }
        if fitting.count == 1 { return (fitting[0], []) }
        throw DiagnosticsError([
            Diagnostic(
                "bind.target", .error,
                fitting.isEmpty
                    ? "no target of the project is for this machine, which is \(EnvironmentDescription.here.machineWords)"
                    : "the project has \(fitting.count) environments that may be this machine",
                hint:
                    "say which: -t \((fitting.isEmpty ? groups : fitting).map { $0[0].description }.joined(separator: ", -t "))",
                fault: .usage)
        ])
    }

    private func environment(of targets: [TargetName]) throws -> EnvironmentDescription? {
        guard let first = targets.first, let digest = lock.target(first)?.environment,
            let bytes = try workspace.store.get(digest)
        else { return nil }
        return try? CanonicalJSON.decode(EnvironmentDescription.self, from: bytes)
    }

    /// A script that was made for another machine looks for what another package manager would bring.
    private func remark(on targets: [TargetName]) throws -> [Diagnostic] {
        guard let environment = try environment(of: targets), !environment.isHere else { return [] }
        return [
            Diagnostic(
                "bind.machine", .warning,
                "\(BoundSkills.named(targets)) \(targets.count == 1 ? "is" : "are") for \(environment.machineWords), and this machine is "
                    + EnvironmentDescription.here.machineWords,
                hint:
                    "what its package manager is asked for may have another name here; a target with environment = \"host\" is for this one"
            )
        ]
    }

    private static func notCompiled(_ target: String?) -> Diagnostic {
        Diagnostic(
            "bind.not-compiled", .error,
            target.map { "nothing is compiled for target '\($0)'" } ?? "nothing is compiled for the project's targets",
            hint: "compile first: skvm install")
    }
}

extension EnvironmentDescription {
    static var here: EnvironmentDescription { HostCapture.capture(path: "") }

    /// Whether this machine is of its class, as far as it says one.
    var isHere: Bool {
        let here = Self.here
        return os == here.os && architecture == here.architecture
            && (distribution.isEmpty || distribution == here.distribution)
            && (release.isEmpty || release == here.release)
    }

    /// `debian 12 x86_64`.
    var machineWords: String {
        [distribution.isEmpty ? os : distribution, release, architecture].filter { !$0.isEmpty }.joined(separator: " ")
    }
}
