import Basics
import SkillModel

/// Third-party modules and programs that the skill's scripts use: Python and JavaScript imports, programs of shell
/// scripts. Standard libraries and the skill's own modules are left out. Optional is what a script looks for first and can do
/// without: `try: import orjson` with a handler that goes on, `if command -v ffmpeg`, `command -v x || y`.
enum BundledImportRule: DependencyRule {
    static let id = "depend.package.bundled-import"
    static let message = "a bundled script imports this package or runs this program"

    static func find(_ reading: SkillReading) -> [Dependency] {
        let files = reading.document.files
        var local = Set(files.map { FragmentImportRule.stem($0.path.name) })
        for file in files { local.formUnion(file.path.components.dropLast().map(String.init)) }
        return files.flatMap { file in
            file.imports.compactMap { item -> Dependency? in
                let evidence = [Evidence(file: file.path.text, line: item.line)]
                let required = item.isGuarded != true
                switch file.language {
                case "python":
                    let root = item.name.split(separator: ".").first.map(String.init) ?? item.name
                    guard !local.contains(root), let name = PythonPackages.thirdParty(importName: item.name) else {
                        return nil
                    }
                    return Dependency(.pip, name, required: required, evidence: evidence)
                case "javascript", "typescript":
                    guard let name = NodePackages.thirdParty(module: item.name) else { return nil }
                    return Dependency(.npm, name, required: required, evidence: evidence)
                case "bash":
                    let name = item.name.split(separator: "/").last.map(String.init) ?? item.name
                    guard Programs.isNamed(name), !Programs.ubiquitous.contains(name) else { return nil }
                    return Dependency(.binary, name, required: required, evidence: evidence)
                case "ruby":
                    guard
                        !RubyPackages.standardLibrary.contains(
                            item.name.split(separator: "/").first.map(String.init) ?? ""),
                        !item.name.hasPrefix("."), !local.contains(item.name)
                    else { return nil }
                    let root = item.name.split(separator: "/").first.map(String.init) ?? item.name
                    return Dependency(
                        .gem, RubyPackages.gemOfFeature[item.name] ?? RubyPackages.gemOfFeature[root] ?? root,
                        required: required, evidence: evidence)
                case "go":
                    // A path whose first part has a dot is a module's; all others are of the standard library.
                    guard item.name.split(separator: "/").first?.contains(".") == true else { return nil }
                    return Dependency(.go, item.name, evidence: evidence)
                default: return nil
                }
            }
        }
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            Run `scripts/x.py`.
            """,
            finds: "pip pyyaml (scripts/x.py:2)",
            files: ["scripts/x.py": "import json\nimport yaml\n"]),
        RuleExample(
            """
            Run `scripts/run.sh`.
            """,
            finds: "binary jq (scripts/run.sh:2)",
            files: ["scripts/run.sh": "#!/bin/sh\njq . x | sed s/a/b/\n"]),
        RuleExample(
            """
            Run `scripts/x.py`.
            """,
            finds: "pip tomli, optional (scripts/x.py:4)",
            files: [
                "scripts/x.py": "try:\n    import tomllib\nexcept ModuleNotFoundError:\n    import tomli as tomllib\n"
            ]),
        RuleExample(
            """
            Run `scripts/run.sh`.
            """,
            finds: "binary ffmpeg, optional (scripts/run.sh:1)", "binary jq (scripts/run.sh:2)",
            files: [
                "scripts/run.sh":
                    "if command -v ffmpeg >/dev/null; then ffmpeg -i a b; fi\ncommand -v jq >/dev/null || { echo \"jq is required\"; exit 1; }\n"
            ]),
        .nothing(
            """
            Run `scripts/x.py`.
            """,
            files: ["scripts/x.py": "import json\nimport helper\n", "scripts/helper.py": "import os\n"]),
    ]
}
