import SkillModel

/// Packages that a command installs.
///
/// `pip install "pypdf>=4,<6"` → pip pypdf, version `>=4,<6`, extras before it; `gem install jekyll -v 4.3` → gem jekyll
/// in 4.3; `npm i -g @scope/tool@2` → npm @scope/tool; `brew install jq`,
/// `apt-get install -y poppler-utils`, `cargo install ripgrep`, `go install host/x/cmd@latest`, `gem install jekyll`,
/// `uv add`, `poetry add`, `cargo binstall`, `deno install npm:x`; of `apk add`, `dnf install` and their like the programs. A package that several managers offer is required once, the others are alternatives.
enum PackageInstallRule: DependencyRule {
    static let id = "depend.package.install"
    static let message = "a command installs this package"

    static func find(_ reading: SkillReading) -> [Dependency] {
        markAlternatives(
            reading.invocations.flatMap { invocation in
                packages(
                    invocation.unwrapped, required: invocation.role != .troubleshooting && !invocation.isGuarded,
                    isElsewhere: PackagePlace.isElsewhere(invocation.assignments),
                    evidence: [Evidence(line: invocation.line, span: invocation.span)])
            })
    }

    /// What one command installs: packages, or programs where a system's manager is no kind of its own.
    static func packages(
        _ words: ArraySlice<String>, required: Bool, isElsewhere: Bool = false, evidence: [Evidence]
    ) -> [Dependency] {
        guard let install = Installer.parse(words) else {
            return SystemInstall.programs(words).map {
                Dependency(.binary, $0, required: required, evidence: evidence)
            }
        }
        return install.packages.compactMap { package in
            guard let (name, version) = PackageName.parse(install.bare(package), kind: install.kind) else { return nil }
            return Dependency(
                install.kind, name, required: required, version: version ?? install.version,
                isElsewhere: isElsewhere || install.isElsewhere ? true : nil, evidence: evidence)
        }
    }

    /// The same tool from two managers is one need with two ways.
    static func markAlternatives(_ found: [Dependency]) -> [Dependency] {
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
        RuleExample(
            """
            ```bash
            ⟦cargo binstall -y just@1.36⟧
            ⟦deno install npm:prettier@3⟧
            ⟦uv tool install 'ruff>=0.5'⟧
            ⟦uv run --with rich scripts/x.py⟧
            ⟦apk add --no-cache pandoc musl-dev⟧
            ```
            """,
            finds: "cargo just 1.36",
            "npm prettier 3",
            "pip ruff >=0.5",
            "pip rich",
            "binary pandoc"),
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
