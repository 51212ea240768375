import Basics
import SkillModel

extension Workspace {
    /// A text that is longer than what a target's harness documents as sensible: all of it stands in the context whenever the
    /// skill is used. Told once, of the harness that documents the least.
    static func longBody(_ document: SkillDocument, _ targets: [ResolvedTarget]) -> Diagnostic? {
        let tokens = TokenEstimate.of(bytes: document.body.count)
        let exceeded = targets.compactMap { target in
            target.harness.support.bodyTokens.flatMap { $0 < tokens ? (most: $0, title: target.harness.title) : nil }
        }
        guard let least = exceeded.min(by: { $0.most < $1.most }) else { return nil }
        var titles: [String] = []
        for harness in exceeded where harness.most == least.most && !titles.contains(harness.title) {
            titles.append(harness.title)
        }
        let names = titles.prefix(3).joined(separator: ", ") + (titles.count > 3 ? ", …" : "")
        return Diagnostic(
            "check.long-body", .warning,
            "the text takes about \(tokens) tokens whenever the skill is used; \(least.most) at most are advised for \(names)",
            at: SourceLocation(file: "SKILL.md", line: document.line(at: document.body.start)),
            hint:
                "move what is only looked up into files below references/, and link them; `skvm new --pass slim --from slim` "
                + "writes a pass that does so in each build")
    }
}
