/// A captured, pinned description of a machine class (`docs/formats/environment.md`).
package struct EnvironmentDescription: Sendable, Hashable, Codable {
    package var name: String
    /// `linux` or `macos`.
    package var os: String
    /// `debian`, `ubuntu`, `alpine`; empty where the OS has none.
    package var distribution: String
    package var release: String
    /// `x86_64` or `arm64`.
    package var architecture: String
    /// Package managers by name (`apt`, `pip`, `npm`, `brew` …) with their version, `""` where unknown.
    package var packageManagers: [String: String]
    /// Programs on the path by name, with their version, `""` where unknown.
    package var tools: [String: String]
    /// Packages that are there already, by manager, with their version.
    package var packages: [String: [String: String]]
    /// True when system-wide pip is refused (PEP 668): a virtual environment is used instead.
    package var pythonExternallyManaged: Bool

    package init(
        name: String, os: String, distribution: String = "", release: String = "", architecture: String,
        packageManagers: [String: String] = [:], tools: [String: String] = [:],
        packages: [String: [String: String]] = [:], pythonExternallyManaged: Bool = false
    ) {
        self.name = name
        self.os = os
        self.distribution = distribution
        self.release = release
        self.architecture = architecture
        self.packageManagers = packageManagers
        self.tools = tools
        self.packages = packages
        self.pythonExternallyManaged = pythonExternallyManaged
    }
}
