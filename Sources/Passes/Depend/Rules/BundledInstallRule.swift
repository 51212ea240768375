import Basics
import SkillModel

/// Packages and programs that a bundled shell script installs: `pip install pillow` in `scripts/setup.sh`.
enum BundledInstallRule: DependencyRule {
    static let id = "depend.package.bundled-install"
    static let message = "a bundled script installs it"

    static func find(_ reading: SkillReading) -> [Dependency] {
        PackageInstallRule.markAlternatives(
            reading.document.files.flatMap { file in
                (file.installs ?? []).flatMap { install in
                    PackageInstallRule.packages(
                        install.words.drop { $0 == "sudo" }, required: true,
                        evidence: [Evidence(file: file.path.text, line: install.line)])
                }
            })
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            Run `scripts/setup.sh`.
            """,
            finds: "pip pillow >=10 (scripts/setup.sh:2)",
            files: ["scripts/setup.sh": "#!/bin/sh\npip install 'pillow>=10' && echo ready\n"]),
        RuleExample(
            """
            Run `scripts/setup.sh`.
            """,
            finds: "brew jq, optional (scripts/setup.sh:1)", "binary jq, optional (scripts/setup.sh:2)",
            files: ["scripts/setup.sh": "brew install jq\nsudo dnf install -y jq\n"]),
        .nothing(
            """
            Run `scripts/setup.sh`.
            """,
            files: ["scripts/setup.sh": "echo 'pip install pillow'\n"]),
    ]
}
