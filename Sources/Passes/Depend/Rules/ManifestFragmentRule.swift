import Basics
import Formats
import SkillModel

/// Packages of a manifest that the skill shows: `[dependencies]` of a Cargo.toml, `"dependencies"` of a package.json,
/// `dependencies = […]` of a pyproject.toml. `optional = true` is optional.
enum ManifestFragmentRule: DependencyRule {
    static let id = "depend.package.manifest"
    static let message = "a manifest that is shown names this package"

    static func find(_ reading: SkillReading) -> [Dependency] {
        reading.document.fragments.flatMap { fragment -> [Dependency] in
            guard ![.troubleshooting, .links].contains(reading.role(ofBlock: fragment.block)) else { return [] }
            switch fragment.language {
            case "toml", "": return toml(fragment, reading)
            case "json", "jsonc": return json(fragment, reading)
            default: return []
            }
        }
    }

    /// Line by line, because what is shown is often a part or holds gaps to fill. O(length).
    private static func toml(_ fragment: Fragment, _ reading: SkillReading) -> [Dependency] {
        guard fragment.text[...].range(of: "dependencies") != nil else { return [] }
        var found: [Dependency] = []
        var table = ""
        var isList = false
        let evidence = [reading.document.evidence(fragment.content)]
        func add(
            _ kind: Dependency.Kind, _ text: String, required: Bool, version: String? = nil, isElsewhere: Bool = false
        ) {
            guard found.count < limit, let parsed = PackageName.parse(text, kind: kind),
                kind == .pip || CommandLine.isProgramName(parsed.name)
            else { return }
            found.append(
                Dependency(
                    kind, parsed.name, required: required, version: version ?? parsed.version,
                    isElsewhere: isElsewhere ? true : nil, evidence: evidence))
        }
        for line in fragment.text.split(whereSeparator: \.isNewline) {
            let text = line.drop { $0 == " " || $0 == "\t" }
            if text.hasPrefix("["), !isList {
                table = String(text.dropFirst().prefix { $0 != "]" })
                continue
            }
            if isList || text.hasPrefix("dependencies = [") {
                for quoted in quotedParts(isList ? text : text.dropFirst(16)) where table == "project" {
                    let parts = quoted.split(separator: "@", maxSplits: 1)
                    add(
                        .pip, parts.first.map { $0.filter { $0 != " " } } ?? "", required: true,
                        isElsewhere: parts.count > 1)
                }
                isList =
                    !text.contains { $0 == "]" } || quotedParts(text).contains { $0.contains("[") } && text.last != "]"
                continue
            }
            guard tables.contains(table), let equals = text.firstIndex(of: "="), text.first != "#" else { continue }
            let name = String(text[..<equals].filter { $0 != " " && $0 != "\"" })
            let value = text[equals...]
            add(
                .cargo, name, required: value.range(of: "optional = true") == nil,
                version: quotedParts(value).first.flatMap { $0.first?.isNumber == true ? $0 : nil },
                isElsewhere: ["git =", "path =", "registry ="].contains { value.range(of: $0) != nil })
        }
        return found
    }

    private static func json(_ fragment: Fragment, _ reading: SkillReading) -> [Dependency] {
        guard fragment.text[...].range(of: "ependencies\"") != nil,
            let tree = try? CanonicalJSON.decode(JSONTree.self, from: Array(fragment.text.utf8)),
            case .object(let object) = tree
        else { return [] }
        let evidence = [reading.document.evidence(fragment.content)]
        return ["dependencies", "devDependencies", "peerDependencies"].flatMap { key -> [Dependency] in
            guard case .object(let packages)? = object[key] else { return [] }
            return packages.keys.sorted().prefix(limit).compactMap { name in
                guard NodePackages.thirdParty(module: name) == name else { return nil }
                var isElsewhere = false
                if case .string(let text)? = packages[name] { isElsewhere = text.contains("/") || text.contains(":") }
                return Dependency(.npm, name, isElsewhere: isElsewhere ? true : nil, evidence: evidence)
            }
        }
    }

    /// What stands between double quotes. O(length).
    private static func quotedParts(_ text: Substring) -> [String] {
        text.split(separator: "\"", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
            .map { String($0.element) }
    }

    private static let tables: Set<String> = ["dependencies", "dev-dependencies", "build-dependencies"]
    private static let limit = 100

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```toml
            ⟦[package]
            name = "x"
            [dependencies]
            serde = "1.0"
            axum = { version = "0.7", optional = true }
            ⟧```
            """,
            finds: "cargo serde 1.0",
            "cargo axum 0.7, optional"),
        RuleExample(
            """
            ```json
            ⟦{"dependencies": {"zod": "^3"}}
            ⟧```
            """,
            finds: "npm zod"),
        .nothing(
            """
            ```toml
            [dependencies
            ```
            """),
        .nothing(
            """
            ```json
            {"name": "zod"}
            ```
            """),
    ]
}
