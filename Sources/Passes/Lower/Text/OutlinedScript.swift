import Basics
import SkillModel

/// A bundled script that a fragment was moved to: the fragment's code byte for byte, but for its parameters, which a
/// head of a few lines takes from the arguments.
///
///     #!/usr/bin/env bash          the code's own first line, when it has one
///     # skvm: 1 parameter line
///     file=${1:?'<file>'}
///     …code, `"$file"` where it had <file>…
///
/// The head holds each parameter as the code had it, so that `originalCode(of:)` gives the fragment back: that is the
/// proof that `guard` asks for.
package enum OutlinedScript {
    private static let mark = "# skvm: "
    private static let markEnd = " parameter lines"

    /// `code` ends with a line end. `head` empty: the file is the code.
    static func text(code: String, head: [String]) -> String {
        guard !head.isEmpty else { return code }
        let block = ([mark + "\(head.count)" + markEnd] + head).joined(separator: "\n") + "\n"
        guard code.hasPrefix("#!"), let end = code.utf8.firstIndex(of: 0x0A) else { return block + code }
        let next = code.utf8.index(after: end)
        return code[..<next] + block + code[next...]
    }

    /// The code that was moved, with its parameters as they were; nil when `text` is no such script. O(n · parameters).
    package static func originalCode(of text: String) -> String? {
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard let at = lines.prefix(2).firstIndex(where: { $0.hasPrefix(mark) && $0.hasSuffix(markEnd) }) else {
            return text
        }
        guard let count = Int(lines[at].dropFirst(mark.count).dropLast(markEnd.count)), count > 0, count <= 64,
            at + count < lines.count
        else { return nil }
        let head = Array(lines[(at + 1)...(at + count)])
        lines.removeSubrange(at...(at + count))
        let code = lines.joined(separator: "\n")
        return PythonParameters.restore(code, head: head) ?? ShellParameters.restore(code, head: head)
    }

    /// `<folder>/skvm-<n>-<slug>.<extension>`: n is the fragment's place among all, so that a name does not change when
    /// another fragment is left alone. Nil when the source has that path.
    static func path(
        fragment: Int, title: String?, suffix: String, folder: String = "scripts", in context: LoweringContext
    ) -> RelativePath? {
        let path = RelativePath("\(folder)/skvm-\(fragment + 1)-\(slug(title ?? "")).\(suffix)")
        guard let path, !context.document.files.contains(where: { $0.path.text.asciiLowercased() == path.text })
        else { return nil }
        return path
    }

    /// The title's words, as many as there is room for, none cut.
    private static func slug(_ title: String) -> String {
        let words = title.asciiLowercased().utf8.split { !($0.isLetter || $0.isDigit) }
        var slug = words.first.map { String(decoding: $0.prefix(32), as: UTF8.self) } ?? "code"
        for word in words.dropFirst() {
            guard slug.utf8.count + word.count < 32 else { break }
            slug += "-" + String(decoding: word, as: UTF8.self)
        }
        return slug
    }

    /// Words around a fragment that say it is not a program to run: a file to write, an output to expect, a bad example.
    static func isNotToRun(_ fragment: Fragment, in context: LoweringContext) -> Bool {
        var around = (context.sectionTitle(ofBlock: fragment.block) ?? "") + "\n"
        if let before = context.previousSibling(of: fragment.block),
            [.paragraph, .heading].contains(context.document.blocks[before].kind)
        {
            around += context.document.blocks[before].text
        }
        let words = Set(
            around.asciiLowercased().utf8.split { !$0.isLetter }.map { String(decoding: $0, as: UTF8.self) })
        let title = context.sectionTitle(ofBlock: fragment.block).map(Sentences.words) ?? []
        return !words.isDisjoint(with: otherUses) || !titles.isDisjoint(with: title)
    }

    /// Titles under which code shows what there is to call.
    private static let titles: Set<String> = [
        "api", "apis", "sdk", "optional", "integration", "integrations", "methods", "class", "classes",
    ]

    /// Words around a fragment that have the reader put other values into it.
    static func isToBeChanged(_ fragment: Fragment, in context: LoweringContext) -> Bool {
        context.paragraphs(around: fragment.block).contains { text in
            !changes.isDisjoint(with: Sentences.words(text.prefix(2000)))
        }
    }

    private static let changes: Set<String> = [
        "replace", "adapt", "adjust", "customize", "customise", "modify", "tweak", "placeholder", "placeholders",
        "substitute", "fill",
    ]

    private static let otherUses: Set<String> = [
        "create", "save", "write", "add", "append", "paste", "put", "template", "output", "outputs", "format",
        "returns",
        "response", "bad", "wrong", "don", "not", "avoid", "never", "instead", "example", "examples", "config",
        "configuration", "usage", "pattern", "patterns", "skeleton", "boilerplate", "structure", "implement",
        "test", "tests", "alternative", "alternatively", "options", "snippet", "snippets", "reference",
    ]

    /// Words in comments that say the code is several ways, or is to be filled in.
    static let unfinished = [
        "# option", "# example", "# method", "# or ", "# or:", "# alternatively", "# todo", "# your ", "# ...",
        "# add your", "# replace", "# etc", "# variant", "# either", "# approach", "# change", "# adjust", "# edit ",
        "# set your", "# fill", "# customi", "# modify", "…", "# rest of",
    ]

    /// An argument as a shell needs it quoted.
    static func shellWord(_ text: String) -> String {
        let isPlain =
            !text.isEmpty && text.utf8.allSatisfy { $0.isIdentifier || [0x2D, 0x2E, 0x2F, 0x3A, 0x2C].contains($0) }
        return isPlain ? text : QuotedWord.shell(text)
    }

    /// Whether a parameter's name is that of a secret: a secret on a command line is seen by every process.
    static func isSecret(_ name: String) -> Bool {
        let upper = name.asciiLowercased()
        return ["key", "token", "secret", "pass", "cred", "auth", "bearer"].contains { upper.contains($0) }
    }
}
