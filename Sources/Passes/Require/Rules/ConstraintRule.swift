import Basics
import SkillModel

/// Demands on how the work is done: MUST, never, always, only, do not. Two or more hold at once: L2; eighteen, or eight
/// that go against habit ("never", "do not"), are L3; a single one is L1, and none in a tool's reference. Advice, tips and remarks on errors are no demands.
/// Where the text has each of them in a box to tick (`Checklists`), they are looked at one by one: a level less.
enum ConstraintRule: RequirementRule {
    static let id = "require.follow.constraint.must"
    static let message = "the work is bound by rules"
    static let primitive = Primitive.followConstraint

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let demands = demands(facts.reading)
        guard demands.count >= 2 else {
            let isOne = demands.count == 1 && facts.archetype != .toolReference
            return isOne ? [RequirementFinding(.l1, facts.evidence(demands))] : []
        }
        let refusals = demands.count { against.isIn($0.words) }
        var level: Level = demands.count >= 18 || refusals >= 8 ? .l3 : .l2
        // Said in a sentence, too, it is said once.
        let rules = rules(facts.reading)
        let isTicked = rules.count >= 2 && rules.allSatisfy(facts.reading.checklists.hold)
        if isTicked { level = OneAtATime.level(below: level) ?? level }
        return [RequirementFinding(level, facts.evidence(demands), taken: isTicked ? OneAtATime.id : nil)]
    }

    /// What binds the work, each demand once: a box that says again what the text says is no demand of its own. In the order
    /// of the text, but for what stands under titles of advice. O(sentences).
    static func demands(_ reading: SkillReading) -> [Sentence] {
        let found = sentences(reading)
        let checklists = reading.checklists
        guard found.contains(where: checklists.isInBox) else { return found }
        let own = Set(found.filter { !checklists.isInBox($0) }.map(Checklists.key))
        return found.filter { !checklists.isInBox($0) || !own.contains(Checklists.key($0)) }
    }

    /// Those of the demands that can be ticked: not what only has a word of theirs ("nodes that don't exist", "the client never
    /// asks", a motto in quotation marks), what is to be there before the work ("must be installed"), stands in an
    /// example, or in a list under "Security" that tells what is there ("HTTPS across the site").
    static func rules(_ reading: SkillReading) -> [Sentence] {
        let told = listsToDo(reading)
        let found = demands(reading).filter { sentence in
            let block = reading.document.blocks[sentence.block]
            if reading.role(of: sentence) == .example { return false }
            // A title is mostly the name of what stands below it.
            if block.kind == .heading, !(reading.leadWords(sentence.block).first.map { isOpening($0.lower) } ?? false) {
                return false
            }
            return binds(sentence, reading)
                || reading.role(of: sentence) == .rules
                    && reading.list(around: sentence.block).map(told.contains) ?? false
        }
        let known = Set(found.map(\.span))
        let more = underPlainTitles(reading, told).filter { !known.contains($0.span) }
        return more.isEmpty ? found : (found + more).sorted { $0.span < $1.span }
    }

    /// Entries of lists under a line that stands for a heading, and names rules ("Safety"): no word of theirs need bind. They
    /// are ticked with the others, and the level does not count them.
    private static func underPlainTitles(_ reading: SkillReading, _ told: Set<Int>) -> [Sentence] {
        let titled = told.filter { list in
            PlainTitle.text(above: list, in: reading.document).map { SectionRole.named(by: $0) == .rules } ?? false
        }
        if titled.isEmpty { return [] }
        return reading.sentences.filter { sentence in
            reading.list(around: sentence.block).map(titled.contains) ?? false && isFirst(sentence, reading)
                && !unbound.contains(reading.role(of: sentence))
        }
    }

    private static let unbound: Set<SectionRole> = [.troubleshooting, .background, .links, .requirements, .example]

    /// The lists of which at least half of the entries say what to do. O(blocks) once a document.
    private static func listsToDo(_ reading: SkillReading) -> Set<Int> {
        reading.once("require.constraint.lists") {
            let blocks = reading.document.blocks
            var counts: [Int: (told: Int, all: Int)] = [:]
            for index in blocks.indices.dropFirst()
            where blocks[index].kind == .paragraph && blocks[index - 1].kind == .item {
                guard blocks[index].parent == index - 1, let list = blocks[index - 1].parent else { continue }
                let first = [reading.leadWords(index), reading.labelledWords(index)].compactMap { $0.first?.lower }
                let isTold = first.contains(where: isOpening)
                counts[list, default: (0, 0)].all += 1
                if isTold { counts[list, default: (0, 0)].told += 1 }
            }
            return Set(counts.filter { $0.value.told * 2 >= $0.value.all }.keys)
        }
    }

    private static func isOpening(_ word: String) -> Bool {
        ImperativeVerbs.all.contains(word) || opening.contains(word)
    }

    private static let opening: Set<String> = [
        "must", "never", "always", "do", "don't", "only", "prefer", "keep", "avoid", "treat", "favor", "favour",
        "respect", "refuse", "reject", "limit", "preserve", "confirm", "warn",
    ]

    private static func sentences(_ reading: SkillReading) -> [Sentence] {
        var demands: [Sentence] = []
        var advised: [Sentence] = []
        for sentence in reading.sentences {
            let role = reading.role(of: sentence)
            guard ![.troubleshooting, .background, .links, .requirements].contains(role) else { continue }
            if role == .advice {
                // "Guidelines" and "notes" may hold demands as firm as any.
                let isFirm = firmly.isIn(sentence.words) || isShouted(sentence)
                if isFirm, firmTitles.isIn(title(of: sentence, reading)) { advised.append(sentence) }
                continue
            }
            // That steps do not depend on each other binds nobody.
            if told.isIn(sentence.words) { continue }
            if strong.isIn(sentence.words) || isShouted(sentence) {
                demands.append(sentence)
            } else if role == .rules, reading.isInItem(sentence.block), isFirst(sentence, reading) {
                demands.append(sentence)
            }
        }
        if advised.count >= 2 { demands += advised }
        return demands
    }

    /// Whether a sentence has a word that binds: "do not" where somebody is told so, and not where it is said of something
    /// ("nodes that don't exist", "the request is NOT stalled"), "never" but for what never happened ("never studied").
    private static func binds(_ sentence: Sentence, _ reading: SkillReading) -> Bool {
        let words = said(sentence, reading)
        let isGiven = given.isIn(words)
        if !isGiven, binding.isIn(words) { return true }
        for (index, word) in words.enumerated() {
            let next = index + 1 < words.count ? words[index + 1].lower : ""
            if !isGiven, word.text != "NOT", shouts.contains(word.text), word.text != "NEVER" { return true }
            if word.text == "NOT", index > 0, !telling.contains(words[index - 1].lower) { return true }
            if word.lower == "never", !isPast(next), index == 0 || !isTold(next) { return true }
            guard word.lower == "don't" || word.lower == "do" && next == "not" else { continue }
            guard index > 0 else { return true }
            let before = words[index - 1]
            let between = reading.document.bytes[before.span.end..<max(before.span.end, word.span.start)]
            if joining.contains(before.lower) || between.contains(where: { !beside.contains($0) }) { return true }
        }
        return false
    }

    /// What a program or a product does: "never asks".
    private static func isTold(_ word: String) -> Bool {
        word.hasSuffix("s") && !word.hasSuffix("ss")
    }

    /// The words that the sentence says itself, not those in its quotation marks and brackets. A mark without its other half
    /// (`5"`) opens nothing. O(n).
    private static func said(_ sentence: Sentence, _ reading: SkillReading) -> [Word] {
        let bytes = reading.document.bytes
        // A sentence ends with its last word: what closes may stand behind it.
        let behind = bytes[sentence.span.end...].prefix(4).prefix { Self.closing.contains($0) }
        let all = bytes[sentence.span.start..<behind.endIndex]
        func count(_ mark: Unicode.Scalar) -> Int { all.count { $0 == UInt8(ascii: mark) } }
        let quotes = count("\"") % 2 == 0
        let brackets = count("(") == count(")")
        var depth = 0
        var isQuoted = false
        var at = sentence.span.start
        return sentence.words.filter { word in
            while at < word.span.start {
                switch bytes[at] {
                case UInt8(ascii: "("): depth += 1
                case UInt8(ascii: ")"): depth = max(0, depth - 1)
                case UInt8(ascii: "\""): isQuoted.toggle()
                default: break
                }
                at += 1
            }
            return !(brackets && depth > 0) && !(quotes && isQuoted)
        }
    }

    /// `"`, `)`, `.`, `!`, `?`, `'`.
    private static let closing: Set<UInt8> = [0x22, 0x29, 0x2E, 0x21, 0x3F, 0x27]

    private static func isPast(_ word: String) -> Bool {
        word.hasSuffix("ed") ? word != "embed" && word != "need" : past.contains(word)
    }

    private static let past: Set<String> = ["done", "been", "seen", "had", "gone", "known", "met", "existed"]

    private static let joining: Set<String> = [
        "and", "but", "or", "please", "then", "so", "also", "agent", "agents", "just",
    ]
    /// Blanks, marks of type, and the stroke between two choices.
    private static let beside: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, 0x2A, 0x2F, 0x5F, 0x60, 0x22, 0x27]

    private static func title(of sentence: Sentence, _ reading: SkillReading) -> [Word] {
        guard let section = reading.document.blocks[sentence.block].section else { return [] }
        return WordScanner.words(reading.document.sections[section].title)
    }

    private static func isShouted(_ sentence: Sentence) -> Bool {
        sentence.words.contains { shouts.contains($0.text) }
    }

    /// One rule an item, however many sentences it has.
    private static func isFirst(_ sentence: Sentence, _ reading: SkillReading) -> Bool {
        sentence.span.start - reading.document.blocks[sentence.block].span.start < 8
    }

    private static let shouts: Set<String> = [
        "MUST", "NEVER", "ALWAYS", "ONLY", "NOT", "REQUIRED", "CRITICAL", "MANDATORY",
    ]
    private static let telling: Set<String> = ["is", "are", "was", "were", "does", "did", "has", "have", "if"]

    private static let told = PhraseTable(["do not depend on"])
    private static let strong = PhraseTable([
        "must", "never", "always", "do not", "don't", "only when", "only if", "only use", "strictly", "at least",
        "at most", "required to", "must not", "should not", "no more than",
    ])
    private static let binding = PhraseTable([
        "must", "always", "only when", "only if", "only use", "strictly", "at least", "at most", "required to",
        "should not", "no more than",
    ])
    /// What the machine must have, and what somebody else sees to.
    private static let given = PhraseTable([
        "must be installed", "must be enabled", "must be available", "must be configured", "must be running",
        "must be set up", "must have installed", "needs at least", "requires at least", "must be authenticated",
        "must be logged in",
    ])
    private static let firmTitles = PhraseTable([
        "guideline*", "notes", "note", "important", "anti-pattern*", "considerations",
    ])
    private static let firmly = PhraseTable(["must", "never", "always", "do not", "don't", "must not", "strictly"])
    private static let against = PhraseTable(["never", "do not", "don't", "must not"])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ⟦You must ask⟧. ⟦Never guess⟧. ⟦Always check⟧.
            """,
            finds: "L2"),
        RuleExample(
            """
            ## Important guidelines

            - ⟦Never guess⟧.
            - ⟦Always ask⟧.
            """,
            finds: "L2"),
        RuleExample(
            """
            ⟦You must ask⟧.
            """,
            finds: "L1"),
        RuleExample(
            """
            ⟦Never send without asking⟧. ⟦Always pass an account⟧.

            ```bash
            tool list
            tool send a
            tool show a
            ```
            """,
            finds: "L2"),
        RuleExample(
            """
            ## Before you send

            - [ ] ⟦You must ask⟧.
            - [ ] ⟦Never guess⟧.
            """,
            finds: "L1"),
        RuleExample(
            """
            ⟦You must ask⟧. ⟦Never guess⟧.

            This is the wrong way to see to it:

            - [ ] ⟦You must ask⟧.
            - [ ] ⟦Never guess⟧.
            """,
            finds: "L2"),
        .nothing(
            """
            ## Tips

            - Never rush.
            - Always smile.
            - You must rest.
            """),
    ]
}
