import Basics
import SkillModel

/// Files listed by their bare names under a line that names their folder: "See the `references/` folder for:" and below it
/// "- `wallets.md`: how to set one up".
struct FolderListing {
    /// Folders by the code span (its place in the document's list) that names a file in them.
    private(set) var folders: [Int: String] = [:]

    /// O(blocks + code spans).
    init(_ document: SkillDocument, isFolder: (String) -> Bool) {
        let spans = Dictionary(grouping: document.codeSpans.indices) { document.codeSpans[$0].block }
        let blocks = document.blocks
        /// The folder of each list or table that such a line introduces, and of the rows and items in it.
        var owner: [Int: String] = [:]
        var announced: (folder: String, parent: Int?)?
        for (index, block) in blocks.enumerated() {
            if let last = announced, block.parent == last.parent {
                if [.list, .orderedList, .table].contains(block.kind) { owner[index] = last.folder }
                announced = nil
            }
            switch block.kind {
            case .item, .tableRow: owner[index] = block.parent.flatMap { owner[$0] }
            case .paragraph, .heading:
                if let folder = block.parent.flatMap({ owner[$0] }) {
                    owner[index] = folder
                } else {
                    announced = Self.named(in: spans[index] ?? [], document, isFolder).map { ($0, block.parent) }
                }
            default: break
            }
            guard let folder = owner[index], let first = spans[index]?.first,
                Self.begins(block, with: document.codeSpans[first].span, document.bytes)
            else { continue }
            folders[first] = folder
        }
    }

    /// The one folder that a line names, without its slash.
    private static func named(
        in spans: [Int], _ document: SkillDocument, _ isFolder: (String) -> Bool
    ) -> String? {
        let texts = Set(spans.map { document.codeSpans[$0].text }.filter { $0.hasSuffix("/") })
        guard texts.count == 1, let text = texts.first else { return nil }
        let folder = String(text.dropLast().trimmingPrefix("./"))
        return isFolder(folder) ? folder : nil
    }

    /// Nothing but marks of emphasis and of a cell before it.
    private static func begins(_ block: Block, with span: SourceSpan, _ bytes: [UInt8]) -> Bool {
        guard block.span.start <= span.start, span.start - block.span.start <= 16 else { return false }
        return bytes[block.span.start..<span.start].allSatisfy {
            $0.isWhitespace || [.star, .underscore, .pipe, .backtick].contains($0)
        }
    }
}
