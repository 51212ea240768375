import Basics
import SkillModel

/// What names the skill's folder before a path, in a source and in its variant: the token, a variable, `skills/NAME`.
struct FolderAnchors {
    /// Bundled files and their folders, with and without a final slash, and the variant's own.
    private let targets: Set<String>
    /// Lengths of targets in bytes, the longest first.
    private let lengths: [Int]
    /// Targets that the text has by their bare names, in a list under their folder.
    private let names: [String: String]
    /// By byte, whether an anchor, its quotes or such a name may begin with it.
    private let starts: [Bool]
    /// `skills/NAME/`.
    private let workspace: [UInt8]
    private static let token = Array(Relocation.token.utf8)

    init(_ source: SkillDocument, _ files: [RelativePath]) {
        var targets: Set<String> = []
        for path in source.files.map(\.path) + files {
            var path: RelativePath? = path
            while let here = path, targets.insert(here.text).inserted { path = here.parent }
        }
        self.targets = targets
        lengths = Set(targets.lazy.map(\.utf8.count)).sorted(by: >)
        names = ListedNames(source).names
        workspace = Array((source.frontMatter.name.map { "skills/\($0)/" } ?? "").utf8)
        let firsts = [Self.token[0], .openBrace, .dollar, .less, .doubleQuote, .singleQuote] + workspace.prefix(1)
        var starts = [Bool](repeating: false, count: 256)
        for byte in firsts + names.keys.compactMap(\.utf8.first) { starts[Int(byte)] = true }
        self.starts = starts
    }

    /// The text with each of them gone before a bundled path, and else with the token for a variable that a harness defines, without
    /// the quotes right around it. O(n · different lengths of paths, where an anchor stands).
    func resolved(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var at = 0
        while at < bytes.count {
            if !starts[Int(bytes[at])] {
                result.append(bytes[at])
                at += 1
            } else if let end = folder(at, in: bytes), bytes.byte(end) == .slash,
                let target = target(at: end + 1, in: bytes)
            {
                result += (names[target] ?? target).utf8
                at = end + 1 + target.utf8.count
            } else if let end = defined(at, in: bytes) {
                result += Self.token
                at = end
            } else if !names.isEmpty, isBoundary(at, in: bytes), let target = target(at: at, in: bytes),
                let name = names[target]
            {
                result += name.utf8
                at += target.utf8.count
            } else {
                result.append(bytes[at])
                at += 1
            }
        }
        return result
    }

    /// Whether what follows the token at `offset` is a bundled path, which ends there as a word does.
    func resolves(_ bytes: [UInt8], after offset: Int) -> Bool {
        guard bytes.byte(offset) == .slash, let target = target(at: offset + 1, in: bytes) else { return false }
        // Another name after a folder's is none of the variant's.
        var end = offset + 1 + target.utf8.count
        if bytes.byte(end) == .slash { end += 1 }
        return !(bytes.byte(end).isIdentifier || bytes.byte(end) == .hyphen || bytes.byte(end) == .slash)
    }

    func isTarget(_ text: Substring) -> Bool { targets.contains(String(text)) }

    /// What follows the folder in a text: the rest of the word, without quotes. Bounded.
    static func rest(after offset: Int, in bytes: [UInt8]) -> String {
        let rest = bytes[min(offset, bytes.count)..<min(bytes.count, offset + 256)]
            .filter { $0 != .doubleQuote && $0 != .singleQuote }
            .prefix {
                $0.isWord || [.slash, .dot, .hyphen, .star, .openBrace, .closeBrace, .dollar, .less].contains($0)
            }
        var text = String(decoding: rest, as: UTF8.self)
        while text.hasSuffix(".") || text.hasSuffix("*") { text.removeLast() }
        return text
    }

    /// The offset behind what names the folder at `at`.
    private func folder(_ at: Int, in bytes: [UInt8]) -> Int? {
        if bytes[at] == Self.token[0], bytes[at...].starts(with: Self.token) { return at + Self.token.count }
        if let variable = FolderVariable(at: at, in: bytes) { return variable.span.end }
        guard !workspace.isEmpty, bytes[at] == workspace[0], isBoundary(at, in: bytes),
            bytes[at...].starts(with: workspace)
        else { return nil }
        return at + workspace.count - 1
    }

    /// The offset behind a token or a defined variable, with the quotes of a shell right around it: `"T"`, `'"T"'`.
    private func defined(_ at: Int, in bytes: [UInt8]) -> Int? {
        var start = at
        while start < bytes.count, start - at < 2, [.doubleQuote, .singleQuote].contains(bytes[start]) { start += 1 }
        guard start < bytes.count else { return nil }
        let end: Int
        if bytes[start] == Self.token[0], bytes[start...].starts(with: Self.token) {
            end = start + Self.token.count
        } else if let variable = FolderVariable(at: start, in: bytes), variable.isDefined {
            end = variable.span.end
        } else {
            return nil
        }
        if start == at { return end }
        let opening = bytes[at..<start]
        let isClosed = bytes[end...].starts(with: opening.reversed())
        return isClosed && (opening.count == 1 || opening.elementsEqual([.singleQuote, .doubleQuote]))
            ? end + opening.count : nil
    }

    /// The longest bundled path that begins at `start` and ends as a word, or as a folder before its slash. O(different lengths).
    private func target(at start: Int, in bytes: [UInt8]) -> String? {
        for length in lengths where start + length <= bytes.count {
            let next = bytes.byte(start + length)
            if next.isIdentifier || next == .hyphen { continue }
            let text = bytes.text(start..<(start + length))
            if targets.contains(text) { return text }
        }
        return nil
    }

    private func isBoundary(_ at: Int, in bytes: [UInt8]) -> Bool {
        guard at > 0 else { return true }
        let before = bytes[at - 1]
        return !(before.isWord || [.slash, .dot, .hyphen, .tilde, .closeBrace, .greater].contains(before))
    }
}
