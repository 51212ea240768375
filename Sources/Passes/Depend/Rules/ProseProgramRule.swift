import Basics
import SkillModel

/// Programs and packages that the text says are needed, outside commands.
///
/// "Requires Node.js 18+" → binary node; "`gcloud` CLI authenticated" under Prerequisites → binary gcloud; "leverage the
/// `ffmpeg` binary". A name alone is not enough: the sentence must demand it, or the section lists what is required.
enum ProseProgramRule: DependencyRule {
    static let id = "depend.binary.prose"

    static func find(_ reading: SkillReading) -> [Dependency] {
        var found: [Dependency] = []
        for sentence in reading.sentences {
            let role = reading.role(of: sentence)
            guard role != .troubleshooting, role != .links, !denial.isIn(sentence.words) else { continue }
            let isDemand = role == .requirements || demand.isIn(sentence.words)
            let optional = Optionality.isOptional(sentence)
            for (index, word) in sentence.words.enumerated() {
                let next = index + 1 < sentence.words.count ? sentence.words[index + 1].lower : ""
                let isCalledProgram = programNouns.contains(next)
                guard isDemand || isCalledProgram else { continue }
                let evidence = [reading.document.evidence(word.span)]
                if isDemand, let product = Products.needed[word.lower] {
                    found.append(Dependency(product.kind, product.name, required: !optional, evidence: evidence))
                } else if Programs.known.contains(word.text), !Products.commonWords.contains(word.text) {
                    found.append(Dependency(.binary, word.text, required: !optional, evidence: evidence))
                }
            }
        }
        return found + used(reading)
    }

    /// A program's name as code in a sentence that has it used: "take the frames with `ffmpeg`".
    private static func used(_ reading: SkillReading) -> [Dependency] {
        var found: [Dependency] = []
        let spans = Dictionary(grouping: reading.document.codeSpans, by: \.block)
        for sentence in reading.sentences {
            let role = reading.role(of: sentence)
            guard ![.troubleshooting, .links, .background].contains(role), using.isIn(sentence.words),
                !denial.isIn(sentence.words)
            else { continue }
            for code in spans[sentence.block] ?? []
            where sentence.span.start <= code.span.start && code.span.end <= sentence.span.end + 1 {
                guard Programs.known.contains(code.text), !Programs.ubiquitous.contains(code.text) else { continue }
                found.append(
                    Dependency(
                        .binary, code.text, required: !Optionality.isOptional(sentence),
                        evidence: [reading.document.evidence(code.span)]))
            }
        }
        return found
    }

    private static let using = PhraseTable([
        "use", "uses", "using", "via", "run", "runs", "with", "through", "invoke", "install",
    ])

    private static let demand = PhraseTable([
        "require", "requires", "required", "prerequisite*", "must be installed", "must have", "depends on", "installed",
        "needs", "make sure", "ensure", "dependencies", "must be available", "on path",
    ])
    private static let denial = PhraseTable([
        "no need", "not needed", "not required", "without", "do not use", "don't use", "instead of", "no api",
        "never use",
        "does not require", "doesn't require", "avoid", "rather than",
    ])
    private static let programNouns: Set<String> = ["cli", "binary", "executable", "command-line", "daemon"]
}
