import SkillModel

/// A run of steps that is one of several alike: what stands under "Common Tasks" once for each task, or under "Mode 1",
/// "Mode 2", "Mode 3". Each is done when its case comes; none is what the skill does.
enum OneOfSeveral {
    /// Which of `candidates` are such runs. O(candidates + words of their sections' titles).
    static func indices(among candidates: [Procedure], _ reading: SkillReading) -> Set<Int> {
        let sections = reading.document.sections
        var children: [Int: [Int: [Int]]] = [:]
        for (index, candidate) in candidates.enumerated() where candidate.form == .list {
            guard let section = section(of: candidate, reading), let parent = sections[section].parent else { continue }
            children[parent, default: [:]][section, default: []].append(index)
        }
        var found: Set<Int> = []
        for (parent, lists) in children where lists.count >= least {
            let isPlural = sections[parent].level > 1 && announces(sections[parent].title)
            let alike = isPlural ? Set(lists.keys) : self.alike(lists.keys.map { ($0, sections[$0].title) })
            let sizes = lists.mapValues { $0.map { candidates[$0].steps.count }.max() ?? 0 }
            let largest = sizes.values.sorted(by: >)
            for section in alike {
                // One that is more than twice as long as any other is the main one.
                let isMain = sizes[section] == largest[0] && largest[0] > 2 * largest[1]
                if !isMain { found.formUnion(lists[section] ?? []) }
            }
        }
        return found
    }

    /// Two may be a procedure and its variant, three are cases.
    private static let least = 3

    private static func section(of candidate: Procedure, _ reading: SkillReading) -> Int? {
        let blocks = reading.document.blocks
        guard let block = candidate.steps.first?.block, blocks.indices.contains(block) else { return nil }
        return blocks[block].section
    }

    private static func announces(_ title: String) -> Bool {
        Catalogue.isAnnounced(by: title) || WordScanner.words(title).contains { plurals.contains($0.lower) }
    }

    /// Sections whose titles begin, or end, with the same word as two others: "Mode 1: …", "… Workflow".
    private static func alike(_ titles: [(section: Int, title: String)]) -> Set<Int> {
        var firsts: [String: [Int]] = [:]
        var lasts: [String: [Int]] = [:]
        for (section, title) in titles {
            let words = WordScanner.words(title).map(\.lower)
            guard words.count > 1, let first = words.first, let last = words.last else { continue }
            firsts[first, default: []].append(section)
            lasts[last, default: []].append(section)
        }
        return Set([firsts, lasts].flatMap { $0.values.filter { $0.count >= least }.joined() })
    }

    private static let plurals: Set<String> = [
        "tasks", "modes", "flows", "routines", "jobs", "playbooks", "procedures",
    ]
}
