import Basics
import SkillModel

/// Steps of which the text itself says that they run at the same time: "Steps 2 and 3 run in parallel", "Run these in
/// parallel:" right before the first step, titles of one kind of looking ("Security review", "Style review").
struct StatedParallel {
    struct Group {
        /// Indices of steps, ascending.
        var steps: [Int]
        /// Where it is said, in SKILL.md.
        var span: SourceSpan
        var why: String
        /// The words speak of agents: each step is a task of its own.
        var handsOut: Bool
    }

    let groups: [Group]

    /// O(sentences + steps).
    init(_ regions: [StepRegion], _ reading: SkillReading) {
        var groups = Self.numbered(regions, reading)
        if groups.isEmpty, let all = Self.announced(regions, reading) { groups = [all] }
        groups += Self.lookings(regions).filter { found in
            !groups.contains { !Set($0.steps).isDisjoint(with: found.steps) }
        }
        self.groups = groups
    }

    /// Whether the text says that a step runs beside the one before it.
    func joins(_ step: Int, _ before: Int) -> Bool {
        groups.contains { $0.steps.contains(step) && $0.steps.contains(before) }
    }

    // MARK: Numbers

    /// "Steps 2 and 3 run in parallel", "phases 1-3 are independent of each other". Not in a sentence that denies it.
    private static func numbered(_ regions: [StepRegion], _ reading: SkillReading) -> [Group] {
        let number = numbers(of: regions, reading)
        return reading.sentences.compactMap { sentence in
            let words = sentence.words
            guard together.isIn(words), !denied(words),
                let at = words.firstIndex(where: { ["steps", "phases", "tasks", "stages"].contains($0.lower) })
            else { return nil }
            let said = list(words[(at + 1)...], reading.document.bytes)
            let steps = regions.indices.filter { number[$0].map(said.contains) ?? false }
            guard said.count >= 2, steps.count == said.count else { return nil }
            return Group(
                steps: steps, span: sentence.span, why: "the text says that they run at the same time",
                handsOut: agents.isIn(words))
        }
    }

    /// The number that each step's own text gives it, else its place from one on.
    private static func numbers(of regions: [StepRegion], _ reading: SkillReading) -> [Int?] {
        let said = regions.map { region in
            let head = reading.document.text(
                SourceSpan(region.span.start, min(region.span.end, region.span.start + 60)))
            return StepLabel.number(of: String(head.drop { $0 == "#" || $0 == "*" || $0 == " " }))?.number
        }
        let isWhole = Set(said.compactMap(\.self)).count == said.count
        return isWhole ? said : regions.indices.map { $0 + 1 }
    }

    /// `2 and 3`, `2, 3 and 4`, `2-4`: numbers until a word that is none.
    private static func list(_ words: ArraySlice<Word>, _ bytes: [UInt8]) -> Set<Int> {
        var found: [Int] = []
        for index in words.indices {
            let word = words[index].lower
            if word == "and" || word == "or" { continue }
            let parts = word.split(whereSeparator: { $0 == "-" || $0 == "–" }).map { Int($0) }
            guard parts.count <= 2, let first = parts.first, let first, first < 100 else { break }
            var last = first
            if parts.count == 2, let end = parts[1], end > first, end - first < 40 { last = end }
            // A dash is no word character: "2-4" and "2–4" come as two words.
            if let before = found.last, first > before, index > words.startIndex,
                isDash(bytes[words[index - 1].span.end..<words[index].span.start]), first - before < 40
            {
                found += (before + 1)..<first
            }
            found += first...last
        }
        return Set(found)
    }

    private static func isDash(_ gap: ArraySlice<UInt8>) -> Bool {
        gap.elementsEqual([0x2D]) || gap.elementsEqual([0xE2, 0x80, 0x93])
    }

    // MARK: Announced

    /// "Run these three reviews in parallel:" right before the first step means all of them.
    private static func announced(_ regions: [StepRegion], _ reading: SkillReading) -> Group? {
        guard let first = regions.first, regions.count <= 12 else { return nil }
        let sentences = reading.sentences
        let end = SortedSearch.first(in: sentences.indices) { sentences[$0].span.start >= first.span.start }
        guard end > 0 else { return nil }
        let before = sentences[end - 1]
        let tail = reading.document.text(SourceSpan(before.span.end, first.span.start)).utf8
        // Only the colon, marks and blanks stand between: nothing else is meant.
        guard tail.first(where: { $0 != 0x2A && $0 != 0x5F }) == UInt8(ascii: ":"),
            tail.allSatisfy({ !$0.isLetter && !($0 >= 0x80) }),
            together.isIn(before.words), !denied(before.words)
        else { return nil }
        return Group(
            steps: Array(regions.indices), span: before.span, why: "the text says that they run at the same time",
            handsOut: agents.isIn(before.words))
    }

    // MARK: One kind of looking

    /// Neighbours whose titles are "⟨something⟩ search", "⟨something⟩ review": they look at the same thing from another
    /// side, change nothing, and name no result of each other.
    private static func lookings(_ regions: [StepRegion]) -> [Group] {
        var groups: [Group] = []
        var index = 0
        while index < regions.count {
            var end = index + 1
            if let kind = kind(regions[index]) {
                while end < regions.count, self.kind(regions[end]) == kind,
                    (index..<end).allSatisfy({ isApart(regions[$0], regions[end]) })
                {
                    end += 1
                }
                if end - index > 1 {
                    groups.append(
                        Group(
                            steps: Array(index..<end), span: regions[index].span,
                            why: "each is a \(kind) of its own, and none names a result of another", handsOut: false))
                }
            }
            index = end
        }
        return groups
    }

    private static func isApart(_ one: StepRegion, _ other: StepRegion) -> Bool {
        other.makes.isDisjoint(with: one.makes) && other.mentions.isDisjoint(with: one.makes)
            && one.mentions.isDisjoint(with: other.makes)
    }

    /// `search` of "Reddit search (optional)"; nil for a title with a word of order, or of another form.
    private static func kind(_ region: StepRegion) -> String? {
        let title = WordScanner.words(String(region.title.prefix { $0 != "(" && $0 != ":" })).map(\.lower)
        guard (2...4).contains(title.count), let last = title.last, looking.contains(last),
            Set(title).isDisjoint(with: order), !region.head.isBranch, !region.head.isOptional
        else { return nil }
        return last
    }

    private static let looking: Set<String> = ["search", "review", "audit", "scan", "lookup"]
    private static let order: Set<String> = [
        "initial", "first", "second", "third", "final", "last", "next", "deep", "deeper", "detailed", "full", "quick",
        "follow-up", "follow", "preliminary", "baseline", "manual", "another", "repeat", "post", "pre", "run", "the",
        "and",
    ]

    private static let together = PhraseTable(
        atOnce + ["independent of each other", "independent of one another"])
    /// What says that things are done at one time.
    static let atOnce = ["in parallel", "concurrently", "simultaneously", "at the same time"]
    private static let agents = PhraseTable(["agent*", "subagent*", "sub-agent*", "sub-task*", "subtask*"])

    static func denied(_ words: [Word]) -> Bool {
        words.contains { refusals.contains($0.lower) }
    }
    private static let refusals: Set<String> = [
        "not", "no", "never", "don't", "cannot", "can't", "avoid", "sequentially", "unless", "instead", "without",
    ]
}
