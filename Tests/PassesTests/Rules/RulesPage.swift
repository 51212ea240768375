import Basics
import Passes
import SkillModel

/// `docs/rules.md`: every rule with what its file says of it and its examples.
struct RulesPage {
    /// The repository's root.
    var root: String

    private static let intro = """
        # Rules

        What the passes look for, rule by rule, made by `make rules` from the rules themselves: each file in
        `Sources/Passes/<Pass>/Rules` is one rule, and its examples are its tests. `⟦` and `⟧` stand around what the rule
        finds; behind `→` is what it says of it. In the examples under *Not* it must find nothing.
        """

    private static let passes: [(name: String, intro: String)] = [
        ("Require", "`require`: what following the skill demands of a model, and at which level."),
        ("Depend", "`depend`: what must exist on the machine or elsewhere. Found: kind, name, version."),
        ("Flow", "`flow`: the shapes in which skills write their steps. The best candidate is the skill's procedure."),
        ("Solidify", "`solidify`: what is run again and again with other values. Found: the signature."),
        ("Hazards", "`hazards`: what a careful reviewer would flag."),
        ("Lower", "`lower`: what is rewritten for a target. Found: the text that replaces the marked one."),
    ]

    private static let steps = """
        Each step down of each primitive, and the rules that take it where they find their precondition. A substitution
        (`instead.…`) may take more than one step, and stands in where the primitive is missing altogether.
        """

    func text() throws -> String {
        var page = Self.intro
        for (pass, intro) in Self.passes {
            page += "\n\n## \(pass.lowercased())\n\n\(intro)"
            if pass == "Lower" { page += "\n\n" + Self.steps + "\n\n" + Lower.stepTable }
            for rule in RuleCatalogue.all where rule.pass == pass { page += try section(rule) }
        }
        return page + "\n"
    }

    /// Path of the file that a rule must have to itself.
    func file(of rule: CataloguedRule) -> String { "\(root)/Sources/Passes/\(rule.pass)/Rules/\(rule.name).swift" }

    private func section(_ rule: CataloguedRule) throws -> String {
        var text = "\n\n### `\(rule.id)`\n\n"
        if !rule.subject.isEmpty { text += "*\(rule.subject)* — " }
        text += rule.message + ".\n\n" + (try prose(rule))
        for example in rule.examples where !example.finds.isEmpty { text += show(example) }
        for example in rule.examples where example.finds.isEmpty { text += "\n\nNot:" + show(example) }
        return text
    }

    /// The doc comment of the rule's type.
    private func prose(_ rule: CataloguedRule) throws -> String {
        let source = String(decoding: try FileSystem.read(file(of: rule)), as: UTF8.self)
        var comment: [String] = []
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("///") {
                comment.append(String(line.dropFirst(line.hasPrefix("/// ") ? 4 : 3)))
            } else if line.hasPrefix("enum \(rule.name)") || line.hasPrefix("package struct \(rule.name)") {
                return Self.fenced(comment)
            } else {
                comment = []
            }
        }
        throw PageError(rule: rule.id)
    }

    /// Indented code as a fence: that is how the rest of the page shows code.
    private static func fenced(_ lines: [String]) -> String {
        var result: [String] = []
        var isOpen = false
        for line in lines {
            let isCode = line.hasPrefix("    ")
            if isCode, !isOpen { result.append("``````text") }
            if !isCode, isOpen { result.append("``````") }
            isOpen = isCode
            result.append(isCode ? String(line.dropFirst(4)) : line)
        }
        return (result + (isOpen ? ["``````"] : [])).joined(separator: "\n")
    }

    struct PageError: Error { var rule: String }

    private func show(_ example: RuleExample) -> String {
        var text = ""
        if !example.target.isEmpty {
            let levels = example.target.sorted { $0.key < $1.key }.map { "\($0.key.rawValue) at \($0.value.text)" }
            text += "\n\nFor a target with \(levels.joined(separator: ", ")):"
        }
        let files = example.files.sorted { $0.key < $1.key }.map { "\($0.key):\n\($0.value)" }
        let body = Self.visible(([example.text] + files).joined(separator: "\n---\n"))
        text += "\n\n``````text\n\(body)\(body.hasSuffix("\n") ? "" : "\n")``````"
        for finding in example.finds {
            text += finding.contains("\n") ? "\n\n→\n\n``````text\n\(finding)\n``````" : "\n\n→ `` \(finding) ``"
        }
        return text
    }

    /// Characters that nobody sees, by their number.
    private static func visible(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            let isHidden = scalar.properties.isDefaultIgnorableCodePoint && scalar != "\u{FE0F}"
            result += isHidden ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : String(scalar)
        }
        return result
    }
}
