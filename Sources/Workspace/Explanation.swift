import Basics
import BuildEngine
import Compiler
import ContentStore
import Formats
import SkillModel

/// Why a node ran, in sentences, with the causes below it.
package struct Explanation: Sendable, Codable, Equatable {
    /// `lower for pdf-tables → qwen-openclaw`
    package var node: String
    /// `ran` or `cached` in the last build that knew it.
    package var changes: [Cause]

    package struct Cause: Sendable, Codable, Hashable {
        package var text: String
        package var because: [Cause]
    }
}

/// Turns the engine's changes into sentences.
struct Explainer {
    let history: History
    /// The bytes that an input had, while the store still keeps them.
    let bytes: (Digest) -> [UInt8]?
    let implementationNote = "skvm's own code of this pass changed"

    /// The whole story of a node's last run; nil when it never ran here.
    func explain(_ node: Node) -> Explanation? {
        guard let record = history.record(of: node) else { return nil }
        return Explanation(node: Self.name(node), changes: record.lastRun.map { cause($0, of: node, depth: 0) })
    }

    /// One sentence for a list: the first change, followed to its leaf.
    func sentence(_ changes: [Change], of node: Node) -> String {
        changes.prefix(3).map { flatten(cause($0, of: node, depth: 0)) }.joined(separator: "; ")
            + (changes.count > 3 ? "; and \(changes.count - 3) more" : "")
    }

    static func name(_ node: Node) -> String { "\(node.rule) for \(node.subject.joined(separator: " → "))" }

    private func flatten(_ cause: Explanation.Cause) -> String {
        guard let first = cause.because.first else { return cause.text }
        return "\(cause.text), because \(flatten(first))"
    }

    private func cause(_ change: Change, of node: Node, depth: Int) -> Explanation.Cause {
        switch change {
        case .first: return .init(text: "it was never built here", because: [])
        case .resultMissing: return .init(text: "the cache no longer has its result", because: [])
        case .implementation: return .init(text: implementationNote, because: [])
        case .arguments(let from, let to):
            return .init(
                text: "its arguments changed: \(from.joined(separator: " ")) → \(to.joined(separator: " "))",
                because: [])
        case .variable(let name): return .init(text: "the variable \(name) changed", because: [])
        case .input(let input): return self.cause(input, depth: depth)
        }
    }

    private func cause(_ input: Change.InputChange, depth: Int) -> Explanation.Cause {
        let text = sentence(input)
        guard depth < 12, let producer = input.producer, let record = history.record(of: producer) else {
            return .init(text: text, because: [])
        }
        return .init(text: text, because: record.lastRun.map { cause($0, of: producer, depth: depth + 1) })
    }

    /// `gap tool.exec changed: L2 < L3 → L1 < L3`, `file scripts/x.py changed`, `the profile's level of tool.exec went L2 → L1`.
    private func sentence(_ input: Change.InputChange) -> String {
        let parts = input.path.split(separator: "/", maxSplits: 1).map(String.init)
        let rest = parts.count > 1 ? parts[1] : ""
        let values = [input.from?.label, input.to?.label].compactMap { $0 }
        let verb = input.from == nil ? "is new" : input.to == nil ? "is gone" : "changed"
        switch parts[0] {
        case "source": return "the file \(rest) \(verb)"
        case "levels":
            guard let from = input.from, let to = input.to else {
                // The skill demands it only now, or no more; or the profile has it only now.
                return "the profile's level of \(rest) is \(input.from == nil ? "read now" : "read no more")"
                    + (values.first.map { " (\($0))" } ?? "")
            }
            return "the profile's level of \(rest) went \(from.label ?? "?") → \(to.label ?? "?")"
        case "gaps":
            let name = rest.hasSuffix(".json") ? String(rest.dropLast(5)) : rest
            return "gap \(name) \(verb)" + (values.count == 2 ? " (\(values[0]) → \(values[1]))" : "")
        case "environment.json":
            guard values.count == 2, values[0] == values[1] else {
                return "the environment changed" + (values.count == 2 ? " (\(values[0]) → \(values[1]))" : "")
            }
            // One name, another content: of a machine that was looked at again.
            return "the environment \(values[0]) changed" + (contents(input).map { " (\($0))" } ?? "")
        case "target.json": return "the target's machine class or model changed"
        case "support.json": return "what the harness supports changed"
        case "pass": return "the pass's file \(rest) \(verb)"
        case "program": return "the program \(rest) \(verb)"
        case "edits", "passes":
            return "the edits of \(rest.hasSuffix(".json") ? String(rest.dropLast(5)) : rest) \(verb)"
        case "variant": return "the variant's \(rest) \(verb)"
        default:
            let name = input.path.hasSuffix(".json") ? String(input.path.dropLast(5)) : input.path
            return "the output of \(name == "document" ? "parse" : name) \(verb)"
        }
    }
}

extension Explainer {
    /// `jq 1.6 → 1.7, rg 14 is new`; nil when the store keeps one of both no more, or nothing of that differs.
    private func contents(_ input: Change.InputChange) -> String? {
        func read(_ value: Change.InputChange.Value?) -> EnvironmentDescription? {
            value.flatMap { bytes($0.digest) }.flatMap {
                try? CanonicalJSON.decode(EnvironmentDescription.self, from: $0)
            }
        }
        guard let from = read(input.from), let to = read(input.to) else { return nil }
        var parts = Self.changes(from.tools, to.tools) + Self.changes(from.packageManagers, to.packageManagers)
        for manager in Set(from.packages.keys).union(to.packages.keys).sorted() {
            parts += Self.changes(from.packages[manager] ?? [:], to.packages[manager] ?? [:])
        }
        if parts.isEmpty { return nil }
        return parts.prefix(4).joined(separator: ", ") + (parts.count > 4 ? " and \(parts.count - 4) more" : "")
    }

    private static func changes(_ from: [String: String], _ to: [String: String]) -> [String] {
        Set(from.keys).union(to.keys).sorted().compactMap { name in
            switch (from[name], to[name]) {
            // An empty version is one that nobody knows.
            case (let old?, let new?):
                old == new ? nil : "\(name) \(old.isEmpty ? "?" : old) → \(new.isEmpty ? "?" : new)"
            case (nil, let new?): "\(name)\(new.isEmpty ? "" : " ")\(new) is new"
            case (let old?, nil): "\(name)\(old.isEmpty ? "" : " ")\(old) is gone"
            case (nil, nil): nil
            }
        }
    }
}
