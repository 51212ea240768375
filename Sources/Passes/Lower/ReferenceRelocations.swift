package import Basics
package import SkillModel

/// The references of a document to its own bundled files, and the variables for its folder, as a variant writes them: an absolute
/// path by the token.
///
/// A bundled file gets its path below the folder, whatever stands before it: `{baseDir}/`, `<skill-folder>/`, `skills/NAME/`. A
/// variable that a harness defines is the folder for every harness, where the file is not bundled, too; one that no harness
/// knows is the reader's to fill in, and stays.
package struct ReferenceRelocations: Sendable {
    package struct Site: Sendable {
        package var span: SourceSpan
        package var replacement: String
    }

    /// In the order of the text, none overlaps another.
    package private(set) var sites: [Site]

    /// O(references · log references + bytes).
    package init(_ document: SkillDocument) {
        let headings = document.sections.map(\.heading).sorted()
        let quoting = ShellQuoting(document)
        let set = SetVariables(document)
        let listed = ListedNames(document)
        var sites: [Site] = []
        for reference in document.references.sorted(by: { $0.span < $1.span }) {
            guard Self.isOurs(reference, in: document, set), listed.areClear(reference),
                sites.last.map({ $0.span.end <= reference.span.start }) ?? true,
                !Self.isInside(headings, reference.span.start)
            else { continue }
            let relocated = Relocation.relocated(Self.path(of: reference, in: document))
            sites.append(Self.site(reference.span, relocated, isLink: reference.form == .link, quoting, document))
        }
        self.sites = sites + Self.variables(of: document, besides: sites, headings, quoting, set)
        self.sites.sort { $0.span < $1.span }
    }

    /// `relocated`, a path, in the place of `span`, quoted as what stands around it needs.
    private static func site(
        _ span: SourceSpan, _ relocated: String, isLink: Bool, _ quoting: ShellQuoting, _ document: SkillDocument
    ) -> Site {
        if isLink, let rest = restOfDestination(after: span, in: document) {
            // The folder's path may hold blanks and parentheses, which end a destination that has no brackets.
            let whole = SourceSpan(span.start, rest.end)
            return Site(span: whole, replacement: "<\(relocated)\(document.text(rest))>")
        }
        if quoting.isInSingleQuotes(span, holding: relocated) {
            // It may hold an apostrophe, too, and never a double quote (`Relocator.fault`).
            return Site(span: SourceSpan(span.start - 1, span.end + 1), replacement: "\"\(relocated)\"")
        }
        let isBare = quoting.isUnquotedCommandText(span)
        return Site(span: span, replacement: isBare ? "\"\(relocated)\"" : relocated)
    }

    /// The path below the folder, with the final slash that the text has.
    static func path(of reference: Reference, in document: SkillDocument) -> String {
        let path = document.text(reference.span)
        return reference.target + (path.hasSuffix("/") ? "/" : "")
    }

    /// Variables that a harness defines and no reference took: `cd {baseDir}`, `{baseDir}/out/*.md`. Not in a heading, nor one that
    /// is only mentioned: a code span of nothing else, a word among words.
    private static func variables(
        of document: SkillDocument, besides sites: [Site], _ headings: [SourceSpan], _ quoting: ShellQuoting,
        _ set: SetVariables
    ) -> [Site] {
        let code = CodePlaces(document)
        let bytes = document.bytes
        var found: [Site] = []
        var next = 0
        var at = document.body.start
        while at < document.body.end {
            defer { at += 1 }
            guard let variable = FolderVariable(at: at, in: bytes), variable.isDefined, !set.contains(variable)
            else { continue }
            while next < sites.count, sites[next].span.end <= at { next += 1 }
            if next < sites.count, sites[next].span.overlaps(variable.span) { continue }
            let isPath = variable.span.end < bytes.count && bytes[variable.span.end] == .slash
            guard !isInside(headings, at), code.allows(variable.span, isPath: isPath) else { continue }
            found.append(
                Site(span: variable.span, replacement: quoting.quoted(Relocation.token, inPlaceOf: variable.span)))
        }
        return found
    }

    /// The text of `span` with the references inside it replaced. O(length + log references).
    package func apply(to span: SourceSpan, of document: SkillDocument) -> String {
        var low = 0
        var high = sites.count
        while low < high {
            let middle = (low + high) / 2
            if sites[middle].span.start < span.start { low = middle + 1 } else { high = middle }
        }
        var text = ""
        var at = span.start
        while low < sites.count, sites[low].span.end <= span.end {
            text += document.text(SourceSpan(at, sites[low].span.start)) + sites[low].replacement
            at = sites[low].span.end
            low += 1
        }
        return text + document.text(SourceSpan(at, span.end))
    }

    /// A bundled file's path that reads as one, or one below a variable that a harness defines: not a file name in running prose,
    /// which may be the user's own, and not one that was relocated before.
    private static func isOurs(_ reference: Reference, in document: SkillDocument, _ set: SetVariables) -> Bool {
        let span = reference.span
        guard span.start >= document.body.start, span.start < span.end, span.end <= document.bytes.count else {
            return false
        }
        let variable = FolderVariable(at: span.start, in: document.bytes)
        guard reference.exists || variable?.isDefined ?? false, variable.map(set.contains) != true else { return false }
        let path = document.text(span)
        if path.contains(Relocation.token) || path.hasPrefix("/") || path.hasPrefix("~") { return false }
        if path.contains("/./") { return false }
        if reference.form == .prose && !path.contains("/") { return false }
        let before = document.text(SourceSpan(max(0, span.start - Relocation.token.utf8.count - 1), span.start))
        return !before.hasSuffix(Relocation.token + "/") && !before.hasSuffix(Relocation.token)
    }

    /// What stands behind the path in a destination without brackets: `#section`. Nil for one in brackets, or an attribute
    /// of HTML. O(length), which is bounded.
    private static func restOfDestination(after span: SourceSpan, in document: SkillDocument) -> SourceSpan? {
        let bytes = document.bytes
        guard span.start > 0, ![0x3C, 0x22, 0x27].contains(bytes[span.start - 1]) else { return nil }
        var end = span.end
        var depth = 0
        while end < min(bytes.count, span.end + 1024), !bytes[end].isWhitespace {
            if bytes[end] == 0x3C || bytes[end] == 0x3E || bytes[end] == 0x5C { return nil }
            if bytes[end] == 0x28 { depth += 1 }
            if bytes[end] == 0x29 { depth -= 1 }
            if depth < 0 { break }
            end += 1
        }
        return SourceSpan(span.end, end)
    }

    private static func isInside(_ spans: [SourceSpan], _ offset: Int) -> Bool {
        var low = 0
        var high = spans.count
        while low < high {
            let middle = (low + high) / 2
            if spans[middle].start <= offset { low = middle + 1 } else { high = middle }
        }
        return low > 0 && spans[low - 1].contains(offset)
    }
}

/// Bare names that stand in a list under the folder that they lie in.
struct ListedNames: Sendable {
    /// Targets by name.
    private var targets: [String: Set<String>] = [:]

    init(_ document: SkillDocument) {
        for reference in document.references where reference.exists && !reference.path.contains("/") {
            targets[reference.path, default: []].insert(reference.target)
        }
    }

    /// Whether the text means one file by the reference's name.
    func areClear(_ reference: Reference) -> Bool { (targets[reference.path]?.count ?? 1) == 1 }

    /// The name of each target that the text has by a bare name of another folder's list.
    var names: [String: String] {
        var names: [String: String] = [:]
        for (name, targets) in targets where targets.count == 1 {
            if let target = targets.first, target != name { names[target] = name }
        }
        return names
    }
}

/// Where a variable in a text is more than a mention of itself.
private struct CodePlaces {
    private let fragments: [Fragment]
    private let spans: [SourceSpan]
    private let bytes: [UInt8]

    init(_ document: SkillDocument) {
        fragments = document.fragments.sorted { $0.content.start < $1.content.start }
        spans = document.codeSpans.map(\.span).sorted()
        bytes = document.bytes
    }

    /// O(log nodes).
    func allows(_ span: SourceSpan, isPath: Bool) -> Bool {
        if isPath { return true }
        let after = SortedSearch.first(in: fragments.indices) { fragments[$0].content.start > span.start }
        if after > 0, fragments[after - 1].content.contains(span) {
            // In a program's text it may be the program's own.
            return Self.plain.contains(fragments[after - 1].language)
        }
        let next = SortedSearch.first(in: spans.indices) { spans[$0].start > span.start }
        guard next > 0, spans[next - 1].contains(span) else { return false }
        let around = bytes[spans[next - 1].range].filter { !$0.isWhitespace && $0 != .backtick && $0 != .doubleQuote }
        return around.count > span.count
    }

    private static let plain: Set<String> = ["", "bash", "text", "json", "yaml", "toml", "ini", "dockerfile"]
}
