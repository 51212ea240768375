import SkillModel

/// Packages that a command installs.
///
/// `pip install "pypdf>=4,<6"` → pip pypdf, version `>=4,<6`, extras before it; `gem install jekyll -v 4.3` → gem jekyll
/// in 4.3; `npm i -g @scope/tool@2` → npm @scope/tool; `brew install jq`,
/// `apt-get install -y poppler-utils`, `cargo install ripgrep`, `go install host/x/cmd@latest`, `gem install jekyll`,
/// `uv add`, `poetry add`. A package that several managers offer is required once, the others are alternatives.
enum PackageInstallRule: DependencyRule {
    static let id = "depend.package.install"
    static let message = "a command installs this package"

    static func find(_ reading: SkillReading) -> [Dependency] {
        var found: [Dependency] = []
        for invocation in reading.invocations {
            guard let install = Installer.parse(invocation.unwrapped) else { continue }
            for package in install.packages {
                guard let (name, version) = PackageName.parse(package, kind: install.kind) else { continue }
                found.append(
                    Dependency(
                        install.kind, name, required: invocation.role != .troubleshooting,
                        version: version ?? install.version,
                        evidence: [Evidence(line: invocation.line, span: invocation.span)]))
            }
        }
        return markAlternatives(found)
    }

    /// The same tool from two managers is one need with two ways.
    private static func markAlternatives(_ found: [Dependency]) -> [Dependency] {
        var managers: [String: Set<Dependency.Kind>] = [:]
        for dependency in found { managers[base(dependency.name), default: []].insert(dependency.kind) }
        return found.map { dependency in
            var copy = dependency
            if managers[base(dependency.name), default: []].count > 1 { copy.required = false }
            return copy
        }
    }

    private static func base(_ name: String) -> String {
        name.lowercased().split(separator: "/").last.map(String.init) ?? name
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```bash
            ⟦pip install 'pypdf>=4' -r requirements.txt⟧
            ```
            """,
            finds: "pip pypdf >=4"),
        RuleExample(
            """
            ```bash
            ⟦npm i -g @scope/tool@2.1⟧
            ```
            """,
            finds: "npm @scope/tool 2.1"),
        RuleExample(
            """
            ```bash
            ⟦pip install "pandas>=2.1,<3" 'uvicorn[standard]>=0.30'⟧
            ⟦cargo install ripgrep --version 14.1.0⟧
            ⟦gem install jekyll -v 4.3⟧
            ⟦sudo apt-get install -y poppler-utils=22.12⟧
            ```
            """,
            finds: "pip pandas >=2.1,<3",
            "pip uvicorn [standard]>=0.30",
            "cargo ripgrep 14.1.0",
            "gem jekyll 4.3",
            "apt poppler-utils 22.12"),
        RuleExample(
            """
            ```bash
            ⟦brew install jq⟧
            ⟦apt-get install -y jq⟧
            ```
            """,
            finds: "brew jq, optional",
            "apt jq, optional"),
        .nothing(
            """
            ```bash
            pip install -r requirements.txt ./local
            ```
            """),
        .nothing(
            """
            ```bash
            npm test
            ```
            """),
    ]
}
