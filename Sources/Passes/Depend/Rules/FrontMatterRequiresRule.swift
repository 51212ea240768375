import Basics
import Formats
import SkillModel

/// What `metadata` declares in the form that ClawdBot, OpenClaw and ClawHub read:
/// `{"clawdbot": {"requires": {"bins": ["jq"], "anyBins": […], "env": ["X_KEY"]}, "primaryEnv": "X_KEY",
/// "config": {"requiredEnv": ["X_KEY"]},
/// "install": [{"kind": "brew", "formula": "x", "bins": ["x"]}]}}`, at any depth under `metadata`, or at the top.
/// Declared programs and variables are required; `anyBins` are alternatives, and a package that says which programs it
/// brings is one way to them.
enum FrontMatterRequiresRule: DependencyRule {
    static let id = "depend.front-matter.requires"
    static let message = "the front matter's metadata declares it"

    static func find(_ reading: SkillReading) -> [Dependency] {
        var found: [Dependency] = []
        for entry in reading.document.frontMatter.entries
        where ["metadata", "requires", "clawdbot", "openclaw", "clawdis", "install", "dependencies"].contains(entry.key)
        {
            let bytes = Array(entry.value.utf8)
            guard let tree = try? CanonicalJSON.decode(JSONTree.self, from: bytes) else { continue }
            let evidence = reading.document.evidence(entry.span)
            read(entry.key == "metadata" ? tree : .object([entry.key: tree]), evidence, &found, depth: 0)
        }
        return found
    }

    private static func read(_ tree: JSONTree, _ evidence: Evidence, _ found: inout [Dependency], depth: Int) {
        guard depth < 6, case .object(let object) = tree else { return }
        for key in object.keys.sorted() {
            guard let value = object[key] else { continue }
            switch key {
            case "requires":
                requires(value, evidence, &found)
            case "primaryEnv":
                if case .string(let name) = value { add(.env, name, true, evidence, &found) }
            case "requiredEnv":
                for name in value.strings { add(.env, name, true, evidence, &found) }
            case "install":
                if case .array(let items) = value { items.forEach { install($0, evidence, &found) } }
            default:
                read(value, evidence, &found, depth: depth + 1)
            }
        }
    }

    private static func requires(_ tree: JSONTree, _ evidence: Evidence, _ found: inout [Dependency]) {
        guard case .object(let object) = tree else { return }
        for name in object["bins"]?.strings ?? [] { add(.binary, name, true, evidence, &found) }
        for name in object["anyBins"]?.strings ?? [] { add(.binary, name, false, evidence, &found) }
        for name in object["env"]?.strings ?? [] { add(.env, name, true, evidence, &found) }
        for name in object["optionalEnv"]?.strings ?? [] { add(.env, name, false, evidence, &found) }
    }

    private static func install(_ tree: JSONTree, _ evidence: Evidence, _ found: inout [Dependency]) {
        guard case .object(let object) = tree, case .string(let kindText)? = object["kind"] else { return }
        let kinds: [String: Dependency.Kind] = [
            "brew": .brew, "node": .npm, "npm": .npm, "pip": .pip, "uv": .pip, "go": .go, "cargo": .cargo, "apt": .apt,
            "gem": .gem,
        ]
        guard let kind = kinds[kindText] else { return }
        // What it brings is demanded by its own name, and may come another way.
        let isWay = !(object["bins"]?.strings ?? []).isEmpty
        for key in ["formula", "package", "packages", "module", "crate"] {
            for name in object[key]?.strings ?? [] {
                guard let (package, version) = PackageName.parse(name, kind: kind) else { continue }
                // A tap is a part of the name: without it brew finds nothing, or something else.
                let whole = kind == .brew && name.contains("/") ? name : package
                found.append(Dependency(kind, whole, required: !isWay, version: version, evidence: [evidence]))
            }
        }
    }

    private static func add(
        _ kind: Dependency.Kind, _ name: String, _ required: Bool, _ evidence: Evidence, _ found: inout [Dependency]
    ) {
        guard !name.isEmpty, name.utf8.count <= 100, !name.contains(" ") else { return }
        if kind == .binary, Programs.ubiquitous.contains(name) { return }
        found.append(Dependency(kind, name, required: required, evidence: [evidence]))
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ---
            name: sample
            description: Plays music.
            ⟦metadata: {"clawdbot":{"requires":{"bins":["play"],"env":["X_KEY"]},"install":[{"kind":"brew","packages":["player"],"bins":["play"]}]}}⟧
            ---
            Text.
            """,
            finds: "brew player, optional",
            "binary play",
            "env X_KEY"),
        RuleExample(
            """
            ---
            name: sample
            description: Plays music.
            ⟦metadata: {"openclaw":{"install":[{"kind":"brew","formula":"some/tap/player"}]}}⟧
            ---
            Text.
            """,
            finds: "brew some/tap/player"),
        .nothing(
            """
            ---
            name: sample
            description: Plays music.
            metadata: {"author":"play"}
            ---
            Text.
            """),
    ]
}
