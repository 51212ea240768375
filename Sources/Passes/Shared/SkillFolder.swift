import Basics
import SkillModel

/// How texts name the skill's own folder in a path.
enum SkillFolder {
    /// `{baseDir}`, `${SKILL_DIR}`, `$CLAUDE_SKILL_DIR`, `<skill-folder>`: a variable that names the skill's folder, as the first
    /// part of a path. Not `<new-skill>`, which is another's, nor `{skill_version}`, which is none.
    static func isVariable(_ component: some StringProtocol) -> Bool {
        guard let first = component.utf8.first, first == .openBrace || first == .dollar || first == .less else {
            return false
        }
        let letters = String(decoding: component.utf8.filter(\.isLetter).map(\.lowercased), as: UTF8.self)
        if letters == "basedir" { return true }
        // The last `skill` of them, with what stands before and behind it.
        let parts = letters.split(separator: "skill", omittingEmptySubsequences: false)
        guard parts.count > 1, let tail = parts.last, tails.contains(String(tail)) else { return false }
        let head = parts[parts.count - 2]
        return !others.contains(where: head.hasSuffix)
    }

    private static let tails: Set<String> = [
        "", "dir", "directory", "folder", "root", "path", "base", "home", "location", "basedir", "basepath", "rootdir",
        "rootpath", "rootfolder", "rootdirectory", "dirpath", "folderpath", "directorypath", "installdir",
        "installpath",
    ]
    private static let others = [
        "my", "your", "new", "other", "another", "target", "example", "sample", "each", "every", "some", "any", "old",
        "existing", "generated", "created", "user",
    ]
}

/// A variable for the skill's folder where it stands in a text.
struct FolderVariable: Sendable {
    /// The bytes that it takes.
    let span: SourceSpan
    /// Without `$`, braces and brackets.
    let name: String
    /// Whether a harness says what it is, so that it is the folder wherever it stands: `{baseDir}`, `${CLAUDE_SKILL_DIR}`.
    let isDefined: Bool

    /// The variable that begins at `start`; nil for anything else. O(1).
    init?(at start: Int, in bytes: [UInt8]) {
        let first = bytes[start]
        guard first == .openBrace || first == .dollar || first == .less,
            start == 0 || ![.backslash, .dollar, .openBrace].contains(bytes[start - 1])
        else { return nil }
        let isBraced = first == .dollar && start + 1 < bytes.count && bytes[start + 1] == .openBrace
        let from = start + (isBraced ? 2 : 1)
        var end = from
        let limit = min(bytes.count, from + Self.longestName)
        while end < limit, bytes[end].isIdentifier || first != .dollar && Self.joins.contains(bytes[end]) { end += 1 }
        guard end > from else { return nil }
        name = bytes.text(from..<end)
        if first != .dollar || isBraced {
            guard end < bytes.count, bytes[end] == (first == .less ? .greater : .closeBrace) else { return nil }
            end += 1
        }
        span = SourceSpan(start, end)
        guard SkillFolder.isVariable(bytes.text(start..<end)) else { return nil }
        isDefined = first == .openBrace ? name == "baseDir" : first == .dollar && Self.defined.contains(name)
    }

    /// What Claude Code and Hermes put the folder's path in the place of; OpenClaw's is `{baseDir}`.
    private static let defined: Set<String> = ["CLAUDE_SKILL_DIR", "HERMES_SKILL_DIR"]
    /// False only for a text in which no variable that a harness defines stands. O(n).
    static func mayBeDefined(in text: String) -> Bool {
        text.contains("{baseDir}") || defined.contains(where: text.contains)
    }

    private static let joins: Set<UInt8> = [.hyphen, .space, .dot]
    private static let longestName = 48
}

/// The variables for the skill's folder that a text sets itself, to a place that is not plainly this folder: they are what it says.
struct SetVariables: Sendable {
    private let names: Set<String>

    /// O(code's bytes).
    init(_ document: SkillDocument) {
        var names: Set<String> = []
        let own = document.frontMatter.name ?? ""
        for span in document.fragments.map(\.content) + document.codeSpans.map(\.span) {
            for at in span.range where document.bytes[at] == .equals {
                guard let name = Self.name(setAt: at, from: span.start, in: document.bytes),
                    SkillFolder.isVariable("$" + name)
                else { continue }
                let rest = document.bytes.text(at..<min(span.end, at + 160)).prefix {
                    $0 != "\n" && $0 != ";" && $0 != "&"
                }
                let isOwn = !own.isEmpty && rest.contains(own) || rest.contains("/path/to/") || rest.contains("<")
                if !isOwn { names.insert(name) }
            }
        }
        self.names = names
    }

    func contains(_ variable: FolderVariable) -> Bool { names.contains(variable.name) }

    /// The name that the `=` at `at` sets; nil for `==`, `<=` and the like. O(length of the name).
    private static func name(setAt at: Int, from start: Int, in bytes: [UInt8]) -> String? {
        if at + 1 < bytes.count, bytes[at + 1] == .equals { return nil }
        var end = at
        while end > start, bytes[end - 1].isBlank, at - end < 4 { end -= 1 }
        var from = end
        while from > start, end - from < 48, bytes[from - 1].isIdentifier { from -= 1 }
        return from < end ? bytes.text(from..<end) : nil
    }
}
