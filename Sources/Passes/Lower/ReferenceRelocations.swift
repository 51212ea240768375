package import Basics
package import SkillModel

/// The references of a document to its own bundled files, as a variant writes them: an absolute path by the token.
package struct ReferenceRelocations: Sendable {
    package struct Site: Sendable {
        package var span: SourceSpan
        package var replacement: String
        package var path: String
    }

    /// In the order of the text, none overlaps another.
    package let sites: [Site]

    /// O(references · log references + code's bytes).
    package init(_ document: SkillDocument) {
        let headings = document.sections.map(\.heading).sorted()
        let quoting = ShellQuoting(document)
        var sites: [Site] = []
        for reference in document.references.sorted(by: { $0.span < $1.span }) {
            guard Self.isOurs(reference, in: document), sites.last.map({ $0.span.end <= reference.span.start }) ?? true,
                !Self.isInside(headings, reference.span.start)
            else { continue }
            var path = document.text(reference.span)
            while path.hasPrefix("./") { path.removeFirst(2) }
            let relocated = Relocation.relocated(path)
            if reference.form == .link, let rest = Self.restOfDestination(after: reference.span, in: document) {
                // The folder's path may hold blanks and parentheses, which end a destination that has no brackets.
                let (span, text) = (SourceSpan(reference.span.start, rest.end), document.text(rest))
                sites.append(Site(span: span, replacement: "<\(relocated)\(text)>", path: path))
            } else if quoting.isInSingleQuotes(reference.span) {
                // It may hold an apostrophe, too, and never a double quote (`Relocator.fault`).
                let span = SourceSpan(reference.span.start - 1, reference.span.end + 1)
                sites.append(Site(span: span, replacement: "\"\(relocated)\"", path: path))
            } else {
                let isBare = quoting.isUnquotedCommandText(reference.span)
                sites.append(
                    Site(span: reference.span, replacement: isBare ? "\"\(relocated)\"" : relocated, path: path))
            }
        }
        self.sites = sites
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

    /// A bundled file's path that reads as one: not a file name in running prose, which may be the user's own, and not
    /// one that was relocated before.
    private static func isOurs(_ reference: Reference, in document: SkillDocument) -> Bool {
        let span = reference.span
        guard reference.exists, span.start >= document.body.start, span.start < span.end,
            span.end <= document.bytes.count
        else { return false }
        let path = document.text(span)
        if path.contains(Relocation.token) || path.hasPrefix("/") || path.hasPrefix("~") { return false }
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
