import Basics
import Passes
import SkillModel

/// What `skvm bind --repair` installs, or would: shown before anything is, because the names come from skills.
package struct BindPlan: Sendable, Codable, Equatable {
    package struct Item: Sendable, Codable, Equatable {
        package var manager: String
        package var package: String
        /// As the skill states it.
        package var version: String?
        /// The skills that need it.
        package var skills: [String]
        /// Whether only root may install it. Nobody is made root: the command is said.
        package var needsRoot: Bool

        /// `markitdown[all]`, `pandas>=2`, `prettier 3.2.5`.
        fileprivate var words: String {
            guard let version, let first = version.first else { return package }
            return first.isLetter || first.isNumber ? "\(package) \(version)" : package + version
        }
    }

    package var items: [Item] = []
    /// What is brought besides, when it is missing: package managers, what a virtual environment is made by.
    package var helpers: [Item] = []

    package var isEmpty: Bool { items.isEmpty }
    /// Whether nothing of it can be done by who asked.
    var isForRoot: Bool { !items.isEmpty && items.allSatisfy(\.needsRoot) }

    /// `apt: ripgrep, jq` and so on, for a question or a sentence.
    package var lines: [String] {
        let items = Dictionary(grouping: items, by: \.manager).sorted { $0.key < $1.key }.map { manager, items in
            "\(manager): "
                + items.map { "\($0.words) (for \(Self.some($0.skills)))" }
                .joined(separator: ", ")
                + (items.contains(where: \.needsRoot) ? "; only root may" : "")
        }
        let helpers = helpers.map { "\($0.manager): \($0.package), if it is missing" }
        return items + helpers
    }

    private static func some(_ names: [String]) -> String {
        names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
    }

    /// What root is told to run.
    var rootCommands: [String] {
        let names = Dictionary(grouping: items.filter(\.needsRoot), by: \.manager).mapValues { $0.map(\.package) }
        return names.sorted { $0.key < $1.key }.map { manager, packages in
            (manager == "apk" ? "apk add " : "apt-get install ") + packages.joined(separator: " ")
        }
    }

    /// Of the needs that are required, missing, and can be installed.
    init(_ skills: [BoundSkill], _ report: [BindReport.Skill], isRoot: Bool, path: String) {
        struct Key: Hashable {
            var manager: String
            var package: String
            var version: String?
        }
        var places: [Key: Int] = [:]
        var managers: [String: EnvironmentDescription] = [:]
        func needsRoot(_ manager: String) -> Bool { !isRoot && (manager == "apt" || manager == "apk") }
        for (skill, state) in zip(skills, report) {
            let missing = Set(
                state.needs.filter { $0.required && $0.state == .missing }.map { "\($0.kind) \($0.name)" })
            for step in skill.steps
            where step.action == .install && missing.contains("\(step.kind.rawValue) \(step.name)") {
                guard let manager = step.manager, let package = step.package else { continue }
                let version = skill.dependencies.first { $0.kind == step.kind && $0.name == step.name }?.version
                let key = Key(manager: manager, package: package, version: version)
                managers[manager] = skill.environment
                let name = skill.package.name.description
                if let place = places[key] {
                    if !items[place].skills.contains(name) { items[place].skills.append(name) }
                    continue
                }
                places[key] = items.count
                items.append(
                    Item(
                        manager: manager, package: package, version: version, skills: [name],
                        needsRoot: needsRoot(manager)))
            }
        }
        let folders = path.split(separator: ":")
        for (manager, environment) in managers.sorted(by: { $0.key < $1.key }) {
            for helper in Bind.helpers(of: manager, in: environment)
            where helper.program.isEmpty || !folders.contains(where: { FileSystem.exists("\($0)/\(helper.program)") }) {
                let item = Item(
                    manager: helper.manager, package: helper.package, version: nil, skills: [],
                    needsRoot: needsRoot(helper.manager))
                if !helpers.contains(item) { helpers.append(item) }
            }
        }
    }
}
