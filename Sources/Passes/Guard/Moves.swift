import Basics
import SkillModel

/// Text that an edit moved out of SKILL.md into a Markdown file of the variant, with proof: the file holds all of it, word
/// for word and byte for byte, and what stands in its place names the file.
///
/// What is moved is read only when it is asked for. Hence only what is plainly looked up may be (`Movable`): a rule would no
/// longer bind a model that does not open the file.
struct Moves {
    private(set) var violations: [Diagnostic] = []
    /// More moves than these are none: each reads its file once.
    private static let most = 100

    /// Sorted, disjoint: the texts, in the source.
    private let spans: [SourceSpan]
    /// What the files hold beside the moved texts.
    private(set) var added: [String] = []

    init(
        _ source: SkillDocument, _ application: EditApplication, _ files: [EditSet.AddedFile]
    ) {
        var spans: [SourceSpan] = []
        var left = Dictionary(
            files.filter { Self.isReference($0) }.map { ($0.path, $0.text) }, uniquingKeysWith: { first, _ in first })
        guard !left.isEmpty else {
            self.spans = []
            return
        }
        let relocations = ReferenceRelocations(source)
        for (edit, _) in application.placed where edit.span.count > 0 && spans.count < Self.most {
            let span = Self.trimmed(edit.span, source)
            let named = Self.paths(in: edit.replacement)
            guard span.count > 0, !named.isEmpty,
                let file = files.first(where: { left[$0.path] != nil && named.contains($0.path.text) }),
                let held = left[file.path], let rest = held.removing(relocations.apply(to: span, of: source))
            else { continue }
            left[file.path] = rest
            spans.append(span)
        }
        self.spans = spans
        added = files.compactMap { left[$0.path] }
        guard !spans.isEmpty else { return }
        let movable = Movable(source)
        violations = spans.compactMap { movable.fault(in: $0) }.map { why, line in
            .guarded("moved", "\(why) is moved out of SKILL.md: it would be read only when it is asked for", line: line)
        }
    }

    /// Whether a node of the source was moved whole. O(log moves).
    func contains(_ span: SourceSpan) -> Bool {
        var low = 0
        var high = spans.count
        while low < high {
            let middle = (low + high) / 2
            if spans[middle].end <= span.start { low = middle + 1 } else { high = middle }
        }
        return low < spans.count && spans[low].contains(span)
    }

    /// Whether an edit takes away a text that was moved. O(text + log moves).
    func contains(_ edit: Edit, in source: SkillDocument) -> Bool {
        let span = Self.trimmed(edit.span, source)
        return span.count > 0 && contains(span)
    }

    private static func isReference(_ file: EditSet.AddedFile) -> Bool {
        !file.isExecutable && file.path.text.asciiLowercased().hasSuffix(".md")
    }

    /// The paths of Markdown files that a text refers to by the relocation token.
    private static func paths(in text: String) -> Set<String> {
        let bytes = Array(text.utf8)
        return Set(
            Relocation.offsets(in: bytes).map { offset in
                let path = bytes[(offset + Relocation.token.utf8.count)...].dropFirst()
                    .prefix { $0.isWord || [.dot, .slash, .hyphen].contains($0) }
                let end = String(decoding: path, as: UTF8.self)
                return end.hasSuffix(".") ? String(end.dropLast()) : end
            })
    }

    private static func trimmed(_ span: SourceSpan, _ source: SkillDocument) -> SourceSpan {
        var (start, end) = (span.start, span.end)
        while start < end, source.bytes[start].isWhitespace { start += 1 }
        while end > start, source.bytes[end - 1].isWhitespace { end -= 1 }
        return SourceSpan(start, end)
    }
}

extension String {
    /// The text without the first occurrence of `part`; nil when there is none. O(n + m): a pass may be out to stall the
    /// guard.
    fileprivate func removing(_ part: String) -> String? {
        let (bytes, wanted) = (Array(utf8), Array(part.utf8))
        guard let start = SequenceSearch.first(wanted, in: bytes, from: 0) else { return nil }
        return String(decoding: bytes[..<start] + bytes[(start + wanted.count)...], as: UTF8.self)
    }
}
