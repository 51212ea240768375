/// What `bind` decided for one dependency in one environment.
package struct BindStep: Sendable, Hashable, Codable {
    package enum Action: String, Sendable, Hashable, Codable {
        /// The environment has it: no step in the script.
        case present
        /// The script checks it and can install it.
        case install
        /// The script checks it; it can only say what is missing.
        case check
        /// Nothing on the machine shows it (an account, a server in the harness's settings): the script names it.
        case tell
        /// Its name or version is not one that may stand in a script: left out.
        case refused
        /// It is needed on other systems than the environment's (`systems` of the dependency): no step in the script.
        case skip
    }

    package var kind: Dependency.Kind
    package var name: String
    package var required: Bool
    package var action: Action
    /// The package manager that installs it, and its name there.
    package var manager: String?
    package var package: String?
    package init(
        kind: Dependency.Kind, name: String, required: Bool, action: Action, manager: String? = nil,
        package: String? = nil
    ) {
        self.kind = kind
        self.name = name
        self.required = required
        self.action = action
        self.manager = manager
        self.package = package
    }
}

/// Output of `bind`: the script of `.skvm/bind.sh`, and what it holds.
package struct BindScript: Sendable, Hashable, Codable {
    package var script: String
    /// In the manifest's order.
    package var steps: [BindStep]
    package init(script: String, steps: [BindStep]) {
        self.script = script
        self.steps = steps
    }
}

/// `.skvm/environment.json`: the dependency manifest, and what of it the environment leaves to do.
package struct EnvironmentBinding: Sendable, Hashable, Codable {
    package static let currentVersion = 1

    package var version: Int
    package var os: String
    package var distribution: String
    package var release: String
    package var architecture: String
    package var dependencies: [Dependency]
    package var steps: [BindStep]

    package init(environment: EnvironmentDescription, dependencies: DependencyManifest, steps: [BindStep]) {
        self.version = Self.currentVersion
        self.os = environment.os
        self.distribution = environment.distribution
        self.release = environment.release
        self.architecture = environment.architecture
        self.dependencies = dependencies.dependencies
        self.steps = steps
    }
}
