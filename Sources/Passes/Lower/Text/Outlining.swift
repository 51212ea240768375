import Basics
import SkillModel

/// What outlining is for every language.
enum Outlining {
    struct Refusal: Error {
        var why: String
        init(_ why: String) { self.why = why }
    }

    struct Script {
        var text: String
        var suffix: String
        var runner: String
        /// As the shell needs them quoted.
        var arguments: [String]
    }

    static func isLong(_ fragment: Fragment, _ least: Int) -> Bool {
        fragment.text.utf8.split(separator: 0x0A).count { line in !line.allSatisfy(\.isWhitespace) } >= least
    }

    /// The code to move. Throws when the words around it or the target speak against moving it.
    static func code(
        of fragment: Fragment, for gap: Gap, in context: LoweringContext
    ) throws(Refusal) -> String {
        let way = context.ways[gap.primitive]?.first { $0.path == "outlined script" }
        if let level = (way?.lacks ?? context.gap(among: [.toolExec]))?.supplied, level < .l2 {
            throw Refusal("the target can't be relied on to run a script with arguments (tool.exec \(level))")
        }
        if OutlinedScript.isNotToRun(fragment, in: context) {
            throw Refusal("the words before it do not say that it is to be run as it stands")
        }
        let code = fragment.text
        if code.contains("# skvm: ") || code.contains(Relocation.token) || code.contains("\r") {
            throw Refusal("the code holds text that the compiler itself writes, or CR line ends")
        }
        let isReferring = context.relocations.sites.contains { fragment.content.contains($0.span) }
        if isReferring { throw Refusal("the code refers to bundled files by relative paths") }
        return code.hasSuffix("\n") ? code : code + "\n"
    }

    static func proposal(
        _ fragment: Fragment, _ index: Int, _ script: Script, rule: String, gap: Gap, _ context: LoweringContext
    ) throws(Refusal) -> LoweringProposal {
        guard let shape = FragmentShape(fragment, in: context) else {
            throw Refusal("the fragment is in a quote, indented, or never closed")
        }
        let title = context.sectionTitle(ofBlock: fragment.block)
        guard let path = OutlinedScript.path(fragment: index, title: title, suffix: script.suffix, in: context) else {
            throw Refusal("the skill already has a file of the script's name")
        }
        let command = ([script.runner, "\"\(Relocation.relocated(path.text))\""] + script.arguments)
            .joined(separator: " ")
        return LoweringProposal(
            Edit(
                span: shape.span,
                replacement: shape.block(command + "\n", opening: shape.closing + "bash", lineEnd: context.lineEnd),
                rule: rule, gap: gap, reason: "the code is in \(path.text), which the command runs"),
            file: EditSet.AddedFile(
                path: path, text: script.text, isExecutable: script.text.hasPrefix("#!"), rule: rule))
    }
}
