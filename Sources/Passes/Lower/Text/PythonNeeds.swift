import Basics
import SkillModel

/// What the text needs of a Python program that stands in it, or of whoever runs it: names that other code goes on with, what
/// its comments explain, and the intent behind what can't be undone.
enum PythonNeeds {
    /// A name of the program that stands behind it: in the running text as code, or in other code that does not make it. Of the
    /// running text only what is set counts, for modules and functions are spoken of. O(code behind it).
    static func usedLater(
        _ tokens: [PythonToken], after fragment: Fragment, spoken: [String: Int], in document: SkillDocument
    ) -> String? {
        if let name = PythonProgram.kept(tokens).filter({ spoken[$0] ?? 0 > fragment.span.end }).min() { return name }
        let names = PythonProgram.made(tokens)
        let others = document.fragments.filter {
            $0.span.start > fragment.span.end && ($0.language == "python" || plain.contains($0.language))
        }
        for other in others.prefix(most) {
            guard let tokens = PythonTokens.read(other.text) else { continue }
            let own = PythonProgram.made(tokens)
            let used = tokens.indices.first { index in
                let token = tokens[index]
                guard token.kind == .name, names.contains(token.text), !own.contains(token.text),
                    index == 0 || tokens[index - 1].text != "."
                else { return false }
                // Another language's words may be called alike.
                return other.language == "python"
                    || index + 1 < tokens.count && [".", "("].contains(tokens[index + 1].text)
            }
            if let used { return tokens[used].text }
        }
        return nil
    }

    private static let plain: Set<String> = ["", "text"]
    private static let most = 64

    /// What the program deletes or ends, which has to be meant each time; nil when it does nothing of the kind.
    static func undoing(_ tokens: [PythonToken]) -> String? {
        for (index, token) in tokens.enumerated() {
            if token.kind == .string {
                let words = token.text.split { !$0.isLetter && $0 != "_" }.prefix(3).map(String.init)
                if zip(words, words.dropFirst()).contains(where: { statements.contains("\($0) \($1)") }) {
                    return words[0]
                }
            }
            guard token.kind == .name, index + 1 < tokens.count, tokens[index + 1].text == "(" else { continue }
            let isMethod = index > 1 && tokens[index - 1].text == "."
            if token.text == "remove" {
                if isMethod, ["os", "path"].contains(tokens[index - 2].text) { return "remove" }
                continue
            }
            let parts = token.text.asciiLowercased().split(separator: "_").map(String.init)
            if parts.contains(where: deeds.contains), index == 0 || tokens[index - 1].text != "def" {
                return token.text
            }
        }
        return nil
    }

    private static let deeds: Set<String> = [
        "delete", "destroy", "rmtree", "unlink", "rmdir", "truncate", "cancel", "terminate", "purge", "revoke",
        "uninstall",
        "shutdown", "kill", "wipe",
    ]
    private static let statements: Set<String> = [
        "DELETE FROM", "DROP TABLE", "DROP DATABASE", "TRUNCATE TABLE", "DROP SCHEMA",
    ]

    /// Whether a comment stands behind a literal that becomes an argument, on its line: what it says of the value would be read
    /// no more. O(n).
    static func explains(_ tokens: [PythonToken], anyOf literals: Set<Int>) -> Bool {
        var hasLiteral = false
        for (index, token) in tokens.enumerated() {
            if token.startsLine { hasLiteral = false }
            if literals.contains(index) { hasLiteral = true }
            if token.kind == .comment, hasLiteral { return true }
            if token.kind == .newline { hasLiteral = false }
        }
        return false
    }
}
