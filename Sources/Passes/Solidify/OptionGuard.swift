import Basics
import SkillModel

/// Keeps values from being read as options: `git fetch "$remote"` with `--upload-pack=…` would run what the value says. Whoever
/// runs a template can't forget it, for it stands at the template's head.
enum OptionGuard {
    /// What every guard's line begins with.
    static let mark = "for skvm_value in "

    /// The template with a line before its code that ends it (exit code 64, `EX_USAGE`) when the value of an argument begins
    /// with `-`, but for numbers, and of `curl`'s and `gh`'s, which read files so, with `@` or `<`, there or behind a name. As it is where no value begins
    /// an argument. O(length · parameters).
    static func guarded(_ template: String, _ parameters: [SolidificationCandidate.Parameter]) -> String {
        let bytes = Array(template.utf8)
        let readsFiles = ShellSplitter.commands(in: bytes).contains { command in
            command.words.contains { ["curl", "gh"].contains($0.split(separator: "/").last.map(String.init) ?? "") }
        }
        let names = parameters.map(\.name).filter { beginsArgument($0, bytes, afterEquals: readsFiles) }
        guard !names.isEmpty else { return template }
        let values = names.map { "\"$\($0)\"" }.joined(separator: " ")
        // `-5` is a number; `-4oProxyCommand=…` are options of ssh.
        var refused = "-*[!0-9.]*|-"
        // `file=@/etc/passwd` and, of `--data-urlencode`, `name@/etc/passwd` are read, too.
        if readsFiles { refused += template.contains("data-urlencode") ? "|*@*|\\<*|*=\\<*" : "|[@\\<]*|*=@*|*=\\<*" }
        let line =
            "\(mark)\(values); do case $skvm_value in \(refused)) "
            + "echo \"no value: $skvm_value\" >&2; exit 64;; esac; done\n"
        guard template.hasPrefix("#!"), let end = template.firstIndex(of: "\n") else { return line + template }
        return String(template[...end]) + line + template[template.index(after: end)...]
    }

    /// Whether the parameter's value is what a word begins with, that of a variable included: it may be an argument later.
    private static func beginsArgument(_ name: String, _ bytes: [UInt8], afterEquals: Bool) -> Bool {
        ["\"$\(name)", "\"${\(name)"].contains { text in
            let needle = Array(text.utf8)
            var at = 0
            while let found = bytes.first(needle, in: at..<bytes.count) {
                at = found + needle.count
                guard at >= bytes.count || !bytes[at].isWord else { continue }
                guard found > 0, !bytes[found - 1].isWhitespace else { return true }
                if bytes[found - 1] == .equals, afterEquals || isAssignment(before: found - 1, bytes) { return true }
            }
            return false
        }
    }

    /// `CITY="$city"`, not `--city="$city"`.
    private static func isAssignment(before equals: Int, _ bytes: [UInt8]) -> Bool {
        let name = bytes[..<equals].reversed().prefix { !$0.isWhitespace && $0 != .semicolon }
        return !name.isEmpty && name.allSatisfy(\.isWord)
    }
}
