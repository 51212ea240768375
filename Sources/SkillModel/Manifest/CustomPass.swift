package import Basics

/// A pass of the project's own: one table of `[passes]` (`docs/formats/pass-protocol.md`).
package struct CustomPass: Sendable, Hashable {
    /// What a pass may ask for beside the text of SKILL.md.
    package enum Input: String, Sendable, Hashable, CaseIterable {
        /// What `parse`, `require`, `depend`, `flow` and `solidify` made of the skill.
        case document, requirements, dependencies, workflow, candidates
        /// Of the target.
        case gaps, support, environment, target
        /// What the passes before it want to change.
        case edits
        /// The skill's bundled files.
        case source
        /// Which texts may be moved out of SKILL.md.
        case movable
    }

    /// How a pass is bounded; what it may need, not what it gives: no part of a key.
    package struct Limits: Sendable, Hashable {
        /// Wall-clock time for one skill and target.
        package var seconds: Int
        /// Of each process, in MiB.
        package var memory: Int

        package static let standard = Limits(seconds: 30, memory: 1024)

        package init(seconds: Int, memory: Int) {
            self.seconds = seconds
            self.memory = memory
        }
    }

    package var name: PassName
    /// The program and its arguments; never empty. A word that names a file of the project is that file.
    package var command: [String]
    package var inputs: Set<Input>
    /// Passes that it runs after: `lower`, `schedule`, and custom ones.
    package var after: [String]
    /// Files and folders of the project that it may read, beside those that the command names.
    package var files: [RelativePath]
    /// Environment variables that it may read.
    package var variables: [String]
    /// Words that it may add to a skill of its own accord: `guard` refuses others.
    package var phrases: [String]
    /// Files that it may add to a skill.
    package var additions: PassAdditions
    package var limits: Limits
    package var location: SourceLocation

    package init(
        name: PassName, command: [String], inputs: Set<Input> = [.document], after: [String] = builtIn,
        files: [RelativePath] = [], variables: [String] = [], phrases: [String] = [],
        additions: PassAdditions = .standard, limits: Limits = .standard,
        location: SourceLocation = SourceLocation(file: Manifest.fileName)
    ) {
        self.name = name
        self.command = command
        self.inputs = inputs
        self.after = after
        self.files = files
        self.variables = variables
        self.phrases = phrases
        self.additions = additions
        self.limits = limits
        self.location = location
    }

    /// The passes of skvm that make edits; what a pass runs after when it says nothing.
    package static let builtIn = ["lower", "schedule"]
}

extension CustomPass {
    /// `passes` so that each comes after those it names, by name where that leaves a choice. Names in `after` that are no
    /// custom pass do not matter.
    ///
    /// Throws `Cycle`. O(passes²): a project has a handful.
    package static func ordered(_ passes: [CustomPass]) throws(Cycle) -> [CustomPass] {
        var waiting = passes.sorted { $0.name < $1.name }
        var ordered: [CustomPass] = []
        while !waiting.isEmpty {
            let names = Set(waiting.map(\.name.description))
            guard let next = waiting.firstIndex(where: { names.isDisjoint(with: $0.after) }) else {
                throw Cycle(among: waiting)
            }
            ordered.append(waiting.remove(at: next))
        }
        return ordered
    }

    /// Passes that wait for one another.
    package struct Cycle: Error, Sendable, Equatable {
        /// In the order of waiting; the first is the last, too.
        package var names: [String]
        package var location: SourceLocation

        /// Every one of `waiting` waits for another: following that leads round.
        fileprivate init(among waiting: [CustomPass]) {
            let byName = Dictionary(waiting.map { ($0.name.description, $0) }, uniquingKeysWith: { first, _ in first })
            var path: [String] = []
            var here = waiting.first
            while let pass = here, !path.contains(pass.name.description) {
                path.append(pass.name.description)
                here = pass.after.filter { byName[$0] != nil }.min().flatMap { byName[$0] }
            }
            let start = here?.name.description ?? ""
            names = Array(path.drop { $0 != start }) + [start]
            location = here?.location ?? SourceLocation(file: Manifest.fileName)
        }
    }

    /// The passes that `pass` comes after, by itself or through others; built-in ones are named, too.
    package static func before(_ pass: CustomPass, among passes: [CustomPass]) -> Set<String> {
        var found: Set<String> = []
        var open = pass.after
        while let name = open.popLast() {
            guard found.insert(name).inserted else { continue }
            open += passes.first { $0.name.description == name }?.after ?? []
        }
        return found
    }
}
