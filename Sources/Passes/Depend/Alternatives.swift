import Basics
import SkillModel

/// Places at which the text names one of several ways, so that what stands there is not needed by everybody:
/// - an item, row or block of code under the label of a language or a platform, where another label of that kind stands
///   beside it ("- **Go:** `go build`", "- **Rust:** `cargo check`");
/// - code in brackets that give examples or a choice ("(e.g. `go build`, `mvn compile`)", "(`pandoc`, `pdftotext`)");
/// - code that "or" or a slash joins to other code;
/// - a section under "Option A" that has another beside it, unless each of them has it; one titled by a language beside one of
///   another ("### Python", "### Node.js/TypeScript");
/// - a sentence that holds on one platform or for one who has a thing ("If you use macOS, `brew install coreutils`").
///
/// What is named only beside the labels of three languages or more, or only among examples, is what the user's project may
/// have: the skill needs none of it.
struct Alternatives: Sendable {
    /// Sorted; they do not overlap.
    private var labelled: [SourceSpan] = []
    /// Those among them that stand beside the labels of three languages or more; sorted.
    private var byLanguage: [SourceSpan] = []
    /// Those that stand under the label of a system, with another's beside it; in the order of the text.
    private(set) var ofSystems: [(span: SourceSpan, systems: Set<String>)] = []
    /// Sentences that hold for some, from their condition to their end; sorted.
    private var conditional: [SourceSpan] = []
    /// Sections that are one of several ways, by what is around them: "Option A", "Option B".
    private var options: [(group: Int, span: SourceSpan)] = []
    private let document: SkillDocument

    /// Those of a document, worked out once.
    static func of(_ reading: SkillReading) -> Alternatives {
        reading.once("alternatives") { Alternatives(reading) }
    }

    /// O(blocks × words of a label + sentences).
    init(_ reading: SkillReading) {
        document = reading.document
        (labelled, byLanguage, ofSystems) = Self.labelled(reading)
        options = Self.options(document.sections)
        for sentence in reading.sentences {
            guard let first = sentence.words.first else { continue }
            let isIf = first.lower == "if" || first.lower == "when"
            let head = Array(sentence.words.prefix(12))
            if isIf, Self.lacking.isIn(head) { continue }
            if let place = (isIf ? Self.conditions : Self.platforms).first(in: head) ?? Self.platforms.first(in: head) {
                conditional.append(SourceSpan(sentence.words[place.lowerBound].span.start, sentence.span.end + 1))
            }
        }
    }

    /// Each is optional when the places where it was found are all such ones; front matter and bundled files know of none. What
    /// each of several ways needs stays needed. O(dependencies + places).
    func weighed(_ dependencies: [Dependency]) -> [Dependency] {
        var ways: [String: Set<Int>] = [:]
        for dependency in dependencies where dependency.required && !options.isEmpty {
            ways[Self.key(dependency), default: []].formUnion(
                dependency.evidence.compactMap { $0.span.flatMap(option) })
        }
        let inEach = Set(ways.filter { isInEach($0.value) }.keys)
        return dependencies.map { dependency in
            // On its own system it is no choice.
            guard dependency.required, dependency.systems == nil, !inEach.contains(Self.key(dependency)) else {
                return dependency
            }
            var dependency = dependency
            dependency.required = !isAll(dependency.evidence) { holds($0) || option($0) != nil }
            return dependency
        }
    }

    private static func key(_ dependency: Dependency) -> String { "\(dependency.kind.rawValue):\(dependency.name)" }

    private func isInEach(_ places: Set<Int>) -> Bool {
        Set(places.map { options[$0].group }).contains { group in
            options.indices.allSatisfy { options[$0].group != group || places.contains($0) }
        }
    }

    /// The way in which a place stands.
    private func option(_ span: SourceSpan) -> Int? {
        let after = SortedSearch.first(in: options.indices) { options[$0].span.start > span.start }
        return after > 0 && span.end <= options[after - 1].span.end ? after - 1 : nil
    }

    /// Sections beside each other whose titles begin so: "Option 1: the API", "Method B", two at least. O(sections).
    private static func options(_ sections: [Section]) -> [(group: Int, span: SourceSpan)] {
        var found: [(group: Int, span: SourceSpan)] = []
        var counts: [Int: Int] = [:]
        for section in sections {
            let words = WordScanner.words(String(section.title.prefix(80))).prefix(2).map(\.lower)
            let isOption =
                words.count == 2 && ["option", "method", "approach", "variant"].contains(words[0])
                && words[1].utf8.count <= 2
            guard isOption || isOfLanguage(section.title), section.span.start >= found.last?.span.end ?? 0 else {
                continue
            }
            // Languages and options beside each other are no one choice.
            let group = 2 * (section.parent ?? -1) + (isOption ? 0 : 1)
            found.append((group, section.span))
            counts[group, default: 0] += 1
        }
        return found.filter { counts[$0.group, default: 0] > 1 }
    }

    /// "Node.js/TypeScript", ".NET (C#)", "Python SDK": nothing but a language's name, what it is joined to, and a word for what
    /// is shown of it.
    private static func isOfLanguage(_ title: String) -> Bool {
        let words = title.prefix(80).lowercased().split { " /,()&+:".contains($0) && $0 != "." }.map(String.init)
        let isNamed = words.contains { languages.contains($0) }
        return isNamed && words.count <= 5
            && words.allSatisfy { languages.contains($0) || joining.contains($0) || shownOf.contains($0) }
    }

    private static let shownOf: Set<String> = ["sdk", "client", "example", "library", "api", "version", "code"]

    /// Whether all that was found of a dependency is what the user's project may have.
    func isOfTheProject(_ evidence: [Evidence]) -> Bool {
        isAll(evidence) { Self.contains(byLanguage, $0) || isInBrackets($0, examplesAlone: true) }
    }

    private func isAll(_ evidence: [Evidence], _ holds: (SourceSpan) -> Bool) -> Bool {
        evidence.allSatisfy { evidence in
            evidence.file == "SKILL.md" && evidence.span.map { $0.start >= document.body.start && holds($0) } ?? false
        }
    }

    /// O(log places + length of a line, of which some thousand bytes are looked at).
    func holds(_ span: SourceSpan) -> Bool {
        Self.contains(labelled, span) || Self.contains(conditional, span) || isInBrackets(span) || isJoinedByOr(span)
    }

    private static func contains(_ spans: [SourceSpan], _ span: SourceSpan) -> Bool {
        let after = SortedSearch.first(in: spans.indices) { spans[$0].start > span.start }
        return after > 0 && span.end <= spans[after - 1].end
    }

    // MARK: Labels

    private static func labelled(
        _ reading: SkillReading
    ) -> (all: [SourceSpan], byLanguage: [SourceSpan], ofSystems: [(span: SourceSpan, systems: Set<String>)]) {
        let document = reading.document
        var places: [(label: String, section: Int, span: SourceSpan)] = []
        var last: (label: String, block: Int)?
        for (index, block) in document.blocks.enumerated() {
            switch block.kind {
            case .paragraph, .tableRow:
                let label = label(block.text)
                last = label.map { ($0, index) }
                if let label { places.append((label, block.section ?? -1, block.span)) }
            case .heading:
                last = kinds(WordScanner.words(block.text)).map { ($0, index) }
            case .code:
                // The block that a label stands above.
                if let last { places.append((last.label, document.blocks[last.block].section ?? -1, block.span)) }
            default: continue
            }
        }
        // Headings of one parent are beside each other as items of one section are.
        var labels: [Int: Set<String>] = [:]
        func around(_ section: Int) -> [Int] {
            guard document.sections.indices.contains(section) else { return [section] }
            return [section, -2 - (document.sections[section].parent ?? -1)]
        }
        for place in places { for key in around(place.section) { labels[key, default: []].insert(place.label) } }
        let ofLanguages = labels.mapValues { $0.count { isLanguage($0) } }
        let all = places.filter { place in around(place.section).contains { labels[$0, default: []].count > 1 } }
        let byLanguage = all.filter { place in
            isLanguage(place.label) && around(place.section).contains { ofLanguages[$0, default: 0] > 2 }
        }
        let ofSystems = all.compactMap { place in
            Systems.named(place.label.split(separator: " ").map(String.init)).map { (place.span, $0) }
        }
        return (all.map(\.span), byLanguage.map(\.span), ofSystems)
    }

    private static func isLanguage(_ label: String) -> Bool {
        label.split(separator: " ").contains { languages.contains(String($0)) }
    }

    /// What stands before the first colon, dash or cell's border of a text, when all of it names languages or platforms.
    private static func label(_ text: String) -> String? {
        let head = text.prefix(60)
        guard let end = head.firstIndex(where: { ":—–|".contains($0) }) else { return nil }
        return kinds(WordScanner.words(String(head[..<end])))
    }

    /// The words, when one at least names a language or platform and the others only join or narrow.
    private static func kinds(_ words: [Word]) -> String? {
        guard !words.isEmpty, words.count <= 6, words.contains(where: { names.contains($0.lower) }),
            words.allSatisfy({
                names.contains($0.lower) || joining.contains($0.lower) || $0.lower.allSatisfy(\.isNumber)
            })
        else { return nil }
        return words.map(\.lower).joined(separator: " ")
    }

    private static let languages: Set<String> = [
        "go", "golang", "rust", "python", "java", "kotlin", "javascript", "typescript", "node.js", "node",
        "nodejs", "ruby", "php", "scala", "c", "c++", "c#", "csharp", ".net", "dotnet", "swift", "elixir",
        "haskell", "dart", "flutter", "perl", "js", "ts",
    ]
    private static let names: Set<String> = languages.union([
        "macos", "mac", "osx", "linux", "windows", "ubuntu",
        "debian", "fedora", "arch", "alpine", "centos", "rhel", "suse", "wsl", "jest", "vitest", "mocha",
        "maven", "gradle", "pytest", "junit", "homebrew", "brew", "apt", "dnf", "yum", "pacman", "chocolatey",
        "winget", "scoop", "snap", "npm", "yarn", "pnpm", "bun", "pip", "pipx", "uv", "conda", "poetry",
        "cargo",
    ])
    private static let joining: Set<String> = [
        "and", "or", "on", "with", "using", "via", "for", "projects", "project", "users", "systems", "x", "amd64",
        "arm64",
    ]

    // MARK: Brackets, "or", conditions

    /// The round bracket around the span on its line, when it gives examples or lists code.
    private func isInBrackets(_ span: SourceSpan, examplesAlone: Bool = false) -> Bool {
        let bytes = document.bytes
        let line = document.lines.span(ofLine: document.line(at: span.start))
        var index = span.start - 1
        var depth = 0
        while index >= max(line.start, span.start - 400) {
            if bytes[index] == UInt8(ascii: ")") { depth += 1 }
            if bytes[index] == UInt8(ascii: "(") {
                if depth == 0 { break }
                depth -= 1
            }
            index -= 1
        }
        guard index >= max(line.start, span.start - 400), span.end <= line.end else { return false }
        let inside = WordScanner.sentences(bytes, SourceSpan(index + 1, min(index + 24, line.end)), block: -1).flatMap(
            \.words)
        if Self.examples.first(in: inside)?.lowerBound == 0 { return true }
        if examplesAlone { return false }
        // "(`pandoc`, `pdftotext`)": code alone, of which a tool may do; not where the line says that all are needed.
        let isCode = bytes[span.start - 1] == UInt8(ascii: "`")
        let isList =
            isCode && bytes[index + 1] == UInt8(ascii: "`")
            && (bytes[index..<span.start].contains(UInt8(ascii: ","))
                || bytes[span.end..<min(span.end + 3, line.end)].contains(UInt8(ascii: ",")))
        guard isList else { return false }
        let around = SourceSpan(max(line.start, index - 2000), min(line.end, span.end + 2000))
        return !Self.demanding.isIn(WordScanner.sentences(bytes, around, block: -1).flatMap(\.words))
    }

    /// `docker` or `podman`.
    private func isJoinedByOr(_ span: SourceSpan) -> Bool {
        let bytes = document.bytes
        guard span.start > 0, span.end < bytes.count, bytes[span.start - 1] == UInt8(ascii: "`") else { return false }
        return ["` or `", "` / `"].contains { text in
            let joint = Array(text.utf8)
            return bytes[span.end..<min(span.end + joint.count, bytes.count)].elementsEqual(joint)
                || bytes[max(0, span.start - joint.count)..<span.start].elementsEqual(joint)
        }
    }

    private static let examples = PhraseTable(["e.g", "for example", "such as", "like", "for instance"])
    private static let demanding = PhraseTable([
        "require*", "need*", "install*", "must", "prerequisite*", "depend*", "only", "ensure", "uses", "using",
    ])
    private static let platforms = PhraseTable([
        "on macos", "on mac", "on windows", "on linux", "on ubuntu", "on debian", "on fedora", "on arch", "on wsl",
        "macos users", "windows users", "linux users",
    ])
    private static let conditions = PhraseTable([
        "you use", "you are on", "you're on", "you run", "you prefer", "you have", "you want", "the project",
        "your project", "the repository", "the repo", "the codebase",
    ])
    /// Whoever lacks it needs it all the more.
    private static let lacking = PhraseTable([
        "not", "isn't", "aren't", "don't", "missing", "unavailable", "fails", "failed", "without", "no", "absent",
    ])
}
