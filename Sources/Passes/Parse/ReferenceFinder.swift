import Basics
import SkillModel

/// Finds where SKILL.md refers to the skill's own files.
///
/// A path counts when it names a bundled file or folder, or stands for one by the specification's conventions
/// (`scripts/`, `references/`, `assets/`), by a link, by a variable for the skill's folder, or because the text draws it
/// beside SKILL.md. Paths that climb out of the folder (to a neighbour: another package's), URLs, patterns and gaps to
/// fill are no references.
struct ReferenceFinder {
    private let document: SkillDocument
    private let links: [BodyReader.LocatedLink]
    private let rules: PathRules
    private let tokens: PathTokens
    private var bytes: [UInt8] { document.bytes }

    init(document: SkillDocument, links: [BodyReader.LocatedLink], bundle: BundleIndex) {
        self.document = document
        self.links = links
        self.rules = PathRules(
            bundle, declared: FolderDrawing.files(of: document),
            // What is bundled names itself.
            run: bundle.files.isEmpty ? RunScripts.names(in: document) : [],
            name: document.frontMatter.name ?? "")
        self.tokens = PathTokens(document.bytes)
    }

    /// In the order of the text, none inside another. O(n).
    func find() -> [Reference] {
        let all = inLinks() + inCode() + inFragments() + inProse() + inHTML()
        var found: [Reference] = []
        for reference in all.sorted(by: { $0.span < $1.span }) where reference.span.start >= found.last?.span.end ?? 0 {
            found.append(reference)
        }
        return withoutWorkspacePaths(found)
    }

    /// `skills/NAME/scripts/x.py` is a path of the workspace that the skill lies in. Where the file is not at hand, it counts
    /// when the text knows no path of the skill's own to it, and never as a harness's mention (`@skills/NAME/card.yaml`).
    private func withoutWorkspacePaths(_ references: [Reference]) -> [Reference] {
        let own = Set(references.lazy.filter { $0.path == $0.target }.map(\.target))
        return references.filter { reference in
            guard !reference.exists, reference.path.hasPrefix("skills/"), reference.path != reference.target else {
                return true
            }
            let isMention = reference.span.start > 0 && bytes[reference.span.start - 1] == UInt8(ascii: "@")
            return !isMention && !own.contains(reference.target)
        }
    }

    private func inLinks() -> [Reference] {
        let definitions = links.contains { $0.destination == nil } ? LinkDefinitions(bytes, document.body) : nil
        return links.compactMap { link in
            let text = link.link.destination
            guard let path = rules.linkPath(text) else { return nil }
            let place = link.destination ?? definitions?.place(of: text)
            guard let place, place.count >= path.text.utf8.count else { return nil }
            return reference(path, SourceSpan(place.start, place.start + path.text.utf8.count), .link)
        }
    }

    private func inCode() -> [Reference] {
        let listing = FolderListing(document) { rules.isOwnFolder($0) }
        return document.codeSpans.enumerated().flatMap { index, code in
            if let path = listing.folders[index].flatMap({ rules.file(code.text, in: $0) }) {
                return [whole(code, path)]
            }
            if saysOwn(code), let path = rules.stated(code.text) { return [whole(code, path)] }
            let found = tokens.find(in: code.span)
            if let folder = enteredFolder(from: code.span.start, to: code.span.end) { return [folder] }
            let isWhole = found.count == 1 && found[0].count >= code.span.count - 1
            let isCommand = !isWhole && ShellGuess.isCommand(code.text)
            return found.compactMap { token in
                accept(token, isCommand ? .command : .code, isWhole ? .alone : isCommand ? .command : .text)
            }
        }
    }

    private func whole(_ code: CodeSpan, _ path: PathRules.Path) -> Reference {
        reference(path, SourceSpan(code.span.start, code.span.start + path.text.utf8.count), .code)
    }

    private func saysOwn(_ code: CodeSpan) -> Bool {
        StatedPlace.isOwn(after: code.span.end, in: bytes, upTo: document.blocks[code.block].span.end)
    }

    private func inFragments() -> [Reference] {
        document.fragments.flatMap { fragment in
            fragment.commands.isEmpty ? inText(of: fragment) : inCommands(of: fragment)
        }
    }

    private func inCommands(of fragment: Fragment) -> [Reference] {
        var found: [Reference] = []
        var last = fragment.content.start
        for command in fragment.commands where command.span.start >= last {
            if command.name == "cd", let folder = enteredFolder(from: command.span.start, to: fragment.content.end) {
                found.append(folder)
            }
            let makesFiles = ["mkdir", "touch", "rm", "rmdir"].contains(command.name)
            for token in tokens.find(in: command.span) {
                let place: PathRules.Place = makesFiles || tokens.isOutput(token) ? .output : .command
                if let reference = accept(token, .command, place) { found.append(reference) }
            }
            last = command.span.end
        }
        return found
    }

    /// Other code: paths of bundled files, and paths that stand alone on a line of unlabelled text.
    private func inText(of fragment: Fragment) -> [Reference] {
        let isText = fragment.language.isEmpty || fragment.language == "text"
        return bytes.lines(fragment.content.range).flatMap { line -> [Reference] in
            // Lines of a drawn folder tree show what there is; they send nobody there.
            if bytes[line].contains(0xE2) { return [] }
            let content = bytes.trimmed(line)
            return tokens.find(in: SourceSpan(line.lowerBound, line.upperBound)).compactMap { token in
                // A line of a listing shows a folder; a sentence with it sends one there.
                let isAlone =
                    isText && bytes[token.end - 1] != .slash && token.start == content.lowerBound
                    && token.end == content.upperBound
                return accept(token, .code, isAlone ? .alone : .data)
            }
        }
    }

    /// `scripts` of `cd scripts && ./check.sh`: a folder of the skill, by a program in it that is run there. It might be one of
    /// the user's otherwise.
    private func enteredFolder(from start: Int, to end: Int) -> Reference? {
        let words = bytes.text(start..<min(end, start + 4096)).utf8.split(maxSplits: 64) {
            $0.isWhitespace || [0x26, 0x3B, 0x22, 0x27].contains($0)
        }
        guard words.count > 2, words[0].elementsEqual("cd".utf8), let folder = rules.folder(String(words[1]) ?? "")
        else { return nil }
        let isRunThere = words.dropFirst(2).contains { word in
            rules.isFile(folder.target, String(word) ?? "")
        }
        let place = bytes.first(Array(folder.text.utf8), in: start + 2..<end)
        guard isRunThere, let place else { return nil }
        return reference(folder, SourceSpan(place, place + folder.text.utf8.count), .command)
    }

    /// Pictures and links of HTML that stands as a block of its own, when the file is there.
    private func inHTML() -> [Reference] {
        document.blocks.filter { $0.kind == .html }.flatMap { block -> [Reference] in
            var found: [Reference] = []
            var at = block.span.start
            let end = min(block.span.end, bytes.count)
            while let equals = bytes.first(.equals, in: at..<end) {
                at = equals + 1
                let name = bytes.text(max(block.span.start, equals - 4)..<equals).asciiLowercased()
                guard name.hasSuffix("src") || name.hasSuffix("href"), at + 1 < end,
                    [.doubleQuote, .singleQuote].contains(bytes[at]),
                    let close = bytes.first(bytes[at], in: at + 1..<min(end, at + 1024))
                else { continue }
                if let path = rules.linkPath(bytes.text(at + 1..<close)), path.exists {
                    found.append(reference(path, SourceSpan(at + 1, at + 1 + path.text.utf8.count), .link))
                }
                at = close + 1
            }
            return found
        }
    }

    private func inProse() -> [Reference] {
        var covered = document.codeSpans.map { ($0.block, $0.span) } + links.map { ($0.link.block, $0.link.span) }
        covered.sort { $0.1 < $1.1 }
        var next = 0
        var found: [Reference] = []
        for block in document.blocks where [.paragraph, .heading, .tableRow].contains(block.kind) {
            var start = block.span.start
            while next < covered.count, covered[next].1.start < block.span.end {
                let span = covered[next].1
                next += 1
                guard span.start >= block.span.start else { continue }
                found += prose(SourceSpan(start, max(start, span.start)))
                start = max(start, span.end)
            }
            found += prose(SourceSpan(start, max(start, block.span.end)))
        }
        return found
    }

    private func prose(_ span: SourceSpan) -> [Reference] {
        tokens.find(in: span).compactMap { accept($0, .prose, .text) }
    }

    private func accept(_ token: SourceSpan, _ form: Reference.Form, _ place: PathRules.Place) -> Reference? {
        guard let path = rules.path(bytes.text(token.range), place) else { return nil }
        let start = token.start
        return reference(path, SourceSpan(start, start + path.text.utf8.count), form)
    }

    private func reference(_ path: PathRules.Path, _ span: SourceSpan, _ form: Reference.Form) -> Reference {
        Reference(path: path.text, target: path.target, span: span, form: form, exists: path.exists)
    }
}

/// `[label]: destination` lines, by destination.
private struct LinkDefinitions {
    private var places: [String: SourceSpan] = [:]

    init(_ bytes: [UInt8], _ body: SourceSpan) {
        for line in bytes.lines(body.range) {
            var start = line.lowerBound
            while start < line.upperBound, bytes[start].isBlank || bytes[start] == .greater { start += 1 }
            guard bytes.byte(start) == .openBracket,
                let colon = bytes.first([.closeBracket, .colon], in: start..<line.upperBound)
            else { continue }
            let rest = bytes.trimmed(colon + 2..<line.upperBound)
            let isBracketed = bytes.byte(rest.lowerBound) == .less
            let begin = rest.lowerBound + (isBracketed ? 1 : 0)
            var end = begin
            while end < rest.upperBound, isBracketed ? bytes[end] != .greater : !bytes[end].isBlank { end += 1 }
            let place = begin..<end
            if places[bytes.text(place)] == nil { places[bytes.text(place)] = SourceSpan(place.lowerBound, end) }
        }
    }

    func place(of destination: String) -> SourceSpan? { places[destination] }
}
