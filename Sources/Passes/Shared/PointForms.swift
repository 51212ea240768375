import Basics
import SkillModel

/// The lists of a text that name what is to be looked for, and the forms behind them in which each of their points has a line to
/// fill in.
///
/// A form is a fence of plain text right behind the list: a line for each point, in the order of the list, in the words with
/// which the point begins, and nothing behind them. Who fills it in looks at one point at a time, and puts down what was found.
enum PointForms {
    struct Points: Sendable {
        /// The list's block.
        var list: Int
        /// The paragraph that has its points looked for; nil where that is its section's title.
        var lead: Int?
        /// What each point is called, in the text's own words.
        var names: [String]
        /// Whether a form stands behind it.
        var isFilled: Bool
    }

    /// In the order of the text. O(lists and their entries) once a document.
    static func points(_ reading: SkillReading) -> [Points] {
        reading.once("shared.point-forms") {
            let document = reading.document
            let children = Children(document.blocks)
            let top = document.blocks.indices.filter { document.blocks[$0].parent == nil }
            return top.indices.compactMap { at in
                let list = top[at]
                guard [.list, .orderedList].contains(document.blocks[list].kind),
                    !others.contains(reading.role(ofBlock: list)),
                    let lead = lead(at > 0 ? top[at - 1] : nil, of: list, document),
                    let names = names(of: list, document, children)
                else { return nil }
                let next = top[(at + 1)...].prefix(2).first { document.blocks[$0].kind == .code }
                let isFilled = next.map { isForm($0, of: names, document) } ?? false
                return Points(list: list, lead: lead.block, names: names, isFilled: isFilled)
            }
        }
    }

    /// Whether the text has its points looked at in forms: each list has one, and what it has looked into beside them is less
    /// than what stands in them.
    static func areFilled(_ reading: SkillReading) -> Bool {
        let points = points(reading)
        return points.contains(where: \.isFilled) && points.allSatisfy(\.isFilled) && carry(points, reading)
    }

    /// Whether the lists are what the looking is about: at least four points, and no fewer than the sentences elsewhere that
    /// have something looked into.
    static func carry(_ points: [Points], _ reading: SkillReading) -> Bool {
        // More lists than these are a catalogue.
        guard points.count <= 64 else { return false }
        let inside = points.map { reading.document.blocks[$0.list].span }
        let elsewhere = looked(besides: inside, Set(points.compactMap(\.lead)), reading)
        let count = points.reduce(0) { $0 + $1.names.count }
        return count >= max(4, elsewhere)
    }

    /// How many sentences have something looked into that stand in none of `lists` and none of the blocks `leads`.
    static func looked(besides lists: [SourceSpan], _ leads: Set<Int>, _ reading: SkillReading) -> Int {
        looked(reading).count { sentence in
            !leads.contains(sentence.block) && !lists.contains { $0.contains(sentence.span) }
        }
    }

    private static func looked(_ reading: SkillReading) -> [Sentence] {
        reading.sentences.filter { sentence in
            looking.isIn(sentence.words)
                && ![.links, .background, .advice, .troubleshooting, .example].contains(reading.role(of: sentence))
        }
    }

    private static let looking = PhraseTable([
        "inspect", "verify", "check for", "check that", "check whether", "look for", "diagnose", "analyze", "identify",
        "compare", "examine", "assess", "evaluate", "investigate",
    ])

    /// What stands in these is no work, or somebody else's.
    private static let others: Set<SectionRole> = [
        .links, .requirements, .setup, .example, .troubleshooting, .background,
    ]

    // MARK: Lists

    /// What has the points of a list looked for: the paragraph before it that ends in a colon, or else the title; nil when
    /// neither does.
    private static func lead(_ before: Int?, of list: Int, _ document: SkillDocument) -> (block: Int?, Void)? {
        if let before, document.blocks[before].kind == .paragraph,
            document.blocks[before].text.trimmingBlanks().hasSuffix(":")
        {
            let bytes = Array(document.blocks[before].text.utf8.suffix(400))
            let last = Sentences.split(bytes[...]).last.map { String(decoding: bytes[$0], as: UTF8.self) } ?? ""
            let words = WordScanner.words(last)
            // "Look in:" leads to places.
            let isPlace = words.last.map { ["in", "at", "on", "from"].contains($0.lower) } ?? false
            let isLooking = leading.isIn(words) && !isPlace && words.allSatisfy { !refusals.contains($0.lower) }
            return isLooking ? (before, ()) : nil
        }
        guard let section = document.blocks[list].section else { return nil }
        // The first thing below its title.
        let heading = document.sections[section].heading
        let isFirst = before.map { document.blocks[$0].span.start <= heading.start } ?? false
        let words = WordScanner.words(document.sections[section].title)
        return isFirst && titles.isIn(words) && words.allSatisfy { !refusals.contains($0.lower) } ? (nil, ()) : nil
    }

    private static let leading = PhraseTable([
        "look for", "looking for", "looks for", "check for", "checks for", "identify", "examine", "analyze", "analyse",
        "assess", "evaluate", "inspect", "watch for", "scan for", "review", "investigate", "diagnose", "compare",
        "ask yourself", "signs", "symptoms",
    ])
    private static let titles = PhraseTable([
        "what to look for", "what to check", "red flags", "review criteria", "evaluation criteria", "warning signs",
        "review questions", "analysis criteria", "analysis dimensions", "review dimensions",
    ])
    /// What follows is to be written, run or said, or is not to be looked for.
    private static let refusals: Set<String> = [
        "include", "includes", "including", "provide", "report", "present", "output", "write", "return", "run", "use",
        "commands", "command", "example", "examples", "not", "never", "don't", "no", "wrong", "order", "install",
        "steps", "step", "respond", "show", "display", "create", "generate", "format", "options", "either", "tools",
        "with", "via", "set", "scripts", "annually", "yearly", "monthly", "weekly", "daily", "periodically", "good",
    ]

    /// What the entries of a list are called; nil when one has no short name, holds a list of its own that it is called for,
    /// or tells what to do.
    private static func names(of list: Int, _ document: SkillDocument, _ children: Children) -> [String]? {
        let items = children.of(list)
        guard (3...16).contains(items.count) else { return nil }
        var names: [String] = []
        for item in items {
            guard let first = children.of(item).first, document.blocks[first].kind == .paragraph,
                let name = name(of: first, document)
            else { return nil }
            names.append(name)
        }
        let work = names.count { name in
            Sentences.words(name).first.map { ImperativeVerbs.all.contains($0) && !checks.contains($0) } ?? false
        }
        return work * 2 < names.count && Set(names).count == names.count ? names : nil
    }

    private static let checks: Set<String> = ["check", "verify", "confirm", "look", "compare", "missing", "test"]
    private static let longest = 110

    /// A bold label, or the whole paragraph when that is short, without the mark at its end.
    private static func name(of paragraph: Int, _ document: SkillDocument) -> String? {
        let block = document.blocks[paragraph]
        let text = block.text.trimmingBlanks()
        let raw = document.text(block.span).trimmingBlanks()
        var name = text
        if let open = raw.firstRange(of: "**"),
            raw[..<open.lowerBound].utf8.allSatisfy({ [0x5B, 0x5D, 0x20, 0x78].contains($0) }),
            let close = raw[open.upperBound...].firstRange(of: "**")
        {
            let label = raw[open.upperBound..<close.lowerBound].filter { $0 != "`" }
            // A label that the plain text begins with; else the whole is taken.
            if label.utf8.count >= 3, text.hasPrefix(String(label)) { name = String(label) }
        }
        while let last = name.last, [":", ".", ";", ",", " "].contains(last) { name.removeLast() }
        guard (3...longest).contains(name.utf8.count), !name.contains("```"), !name.contains("~~~") else { return nil }
        return name
    }

    // MARK: Forms

    /// A point's line, with the place behind it that is to be filled in.
    static func line(_ name: String) -> String { name.hasSuffix("?") ? name : name + ":" }

    private static func isForm(_ code: Int, of names: [String], _ document: SkillDocument) -> Bool {
        let index = SortedSearch.first(in: document.fragments.indices) { document.fragments[$0].block >= code }
        guard index < document.fragments.count, document.fragments[index].block == code,
            ["", "text"].contains(document.fragments[index].language), document.fragments[index].isClosed
        else { return false }
        if document.blocks[code - 1].kind == .paragraph, document.blocks[code - 1].parent == nil,
            !refusing.isDisjoint(with: Sentences.words(document.blocks[code - 1].text))
        {
            return false
        }
        let lines = document.fragments[index].text.splitLines().map { $0.trimmingBlanks() }.filter { !$0.isEmpty }
        return lines == names.map(line)
    }

    private static let refusing: Set<String> = ["not", "never", "don't", "wrong", "bad", "avoid", "instead", "example"]
}
