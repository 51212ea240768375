import Basics
import SkillModel

/// The edits that a pass may give: those with which `guard` finds the contract kept. The same code decides here and there,
/// so that no pass writes a variant that is refused.
struct Proof {
    private let source: LazyReading
    private let main: RelativePath
    private let others: [SourceFile]
    /// Runs of `guard` that looking for edits without proof may take; those that are not reached then are not given.
    private static let most = 24

    /// Nil for a source that holds the compiler's own token: it is refused anyway.
    init?(_ source: LazyReading) {
        guard Relocation.offsets(in: source.document.bytes).isEmpty, let main = RelativePath("SKILL.md") else {
            return nil
        }
        self.source = source
        self.main = main
        others = source.document.files.map {
            SourceFile(path: $0.path, bytes: [], size: $0.size, isExecutable: $0.isExecutable)
        }
    }

    struct Verdict {
        /// The edits without proof.
        var missing: [Edit]
        /// The variant with all of the edits, where none is missing.
        var whole: LazyReading?
    }

    /// Which of `edits` lack proof, found by halves. `edits` that no gap asks for are given in any case. O(guard) where all is
    /// well, O(`most` · guard) otherwise.
    func verdict(on edits: [Edit], _ files: [EditSet.AddedFile]) -> Verdict {
        if let whole = variant(edits, files), holds(whole, edits, files) { return Verdict(missing: [], whole: whole) }
        var kept = edits.filter { $0.gap == nil }
        var missing: [Edit] = []
        var left = Self.most
        func add(_ part: ArraySlice<Edit>) {
            guard !part.isEmpty else { return }
            left -= 1
            if left >= 0, holds(kept + part, files) {
                kept += part
            } else if part.count == 1 || left <= 0 {
                missing += part
            } else {
                let middle = part.startIndex + part.count / 2
                add(part[..<middle])
                add(part[middle...])
            }
        }
        let asked = edits.filter { $0.gap != nil }
        add(asked[...])
        return Verdict(missing: missing, whole: nil)
    }

    /// Whether the source with these edits alone is a variant that `guard` accepts.
    func holds(_ edits: [Edit], _ files: [EditSet.AddedFile]) -> Bool {
        variant(edits, files).map { holds($0, edits, files) } ?? false
    }

    private func holds(_ variant: LazyReading, _ edits: [Edit], _ files: [EditSet.AddedFile]) -> Bool {
        let edits = EditSet(edits: edits, files: Self.named(by: edits, files))
        return Guard.run(source: source, variant: variant, edits: [edits]).value != nil
    }

    /// The source with these edits; nil where they can't be applied, or leave nothing that can be parsed. O(n).
    func variant(_ edits: [Edit], _ files: [EditSet.AddedFile]) -> LazyReading? {
        guard let text = (try? EditApplication(edits, to: source.document))?.text else { return nil }
        let added = Self.named(by: edits, files).map {
            SourceFile(path: $0.path, bytes: [], isExecutable: $0.isExecutable)
        }
        let files = [SourceFile(path: main, bytes: Array(text.utf8))] + others + added
        return Parse.run(files, folderName: nil).value.map(LazyReading.init)
    }

    private static func named(by edits: [Edit], _ files: [EditSet.AddedFile]) -> [EditSet.AddedFile] {
        files.filter { file in edits.contains { $0.replacement.contains(file.path.text) } }
    }
}
