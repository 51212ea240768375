package import SkillModel

/// What a script's repair may bring besides the packages that a skill names, for whoever is to be asked before.
extension Bind {
    /// A package that is installed when a program, or what a program is for, is not there.
    package struct Helper: Sendable, Hashable {
        package var program: String
        package var manager: String
        package var package: String
    }

    /// What `manager` itself comes from when it is missing; nothing of the system's own one, and where nobody knows.
    package static func helpers(of manager: String, in environment: EnvironmentDescription) -> [Helper] {
        guard let system = BindPlanner(environment).system else { return [] }
        switch manager {
        case "npm", "cargo", "go", "gem":
            return PackageNames.row(program: manager)?[system].map {
                [Helper(program: manager, manager: system, package: $0)]
            } ?? []
        case "pip" where environment.pythonExternallyManaged:
            return BindWriter.interpreter(of: system).map {
                Helper(program: $0 == "python3-venv" ? "" : "python3", manager: system, package: $0)
            }
        default: return []
        }
    }

    /// The variables that may say where a server of the machine is; none of a dependency that is no such server.
    package static func variables(of dependency: Dependency) -> [String] {
        LocalServer.of(dependency)?.variables ?? []
    }

    /// What a program that a text names is called on the path.
    package static func programs(of name: String) -> [String] { PackageNames.programs(of: name) }
}
