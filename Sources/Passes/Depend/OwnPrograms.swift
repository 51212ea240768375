import Basics
import SkillModel

/// Programs that the skill brings or makes: bundled files by their name, what the text runs from a folder of its own (`bin/x
/// --size 9`), and what a command of it writes (`cat > ~/.local/bin/x`).
enum OwnPrograms {
    static func of(_ reading: SkillReading) -> Set<String> { reading.once("own programs") { find(reading) } }

    /// O(files + commands + code spans).
    private static func find(_ reading: SkillReading) -> Set<String> {
        var found: Set<String> = []
        let runnable: Set<String> = ["python", "bash", "javascript", "typescript", "ruby", "perl"]
        for file in reading.document.files where runnable.contains(file.language) || isFolder(file.path.components) {
            found.formUnion([file.path.name, FragmentImportRule.stem(file.path.name)])
        }
        for invocation in reading.invocations {
            if let path = invocation.unwrapped.first { found.formUnion(named(path)) }
            guard ["cat", "tee", "printf", "echo"].contains(invocation.program) else { continue }
            let paths = invocation.redirections + (invocation.program == "tee" ? invocation.words.suffix(1) : [])
            found.formUnion(paths.compactMap(written))
        }
        for span in reading.document.codeSpans where span.text.utf8.count < 400 {
            if let path = CommandLine.words(span.text).first { found.formUnion(named(path)) }
        }
        // `scripts/convert.py` does not make `convert` its own.
        return found.filter { !Programs.isNamed($0) }
    }

    private static func isFolder(_ parts: [Substring]) -> Bool {
        parts.count > 1 && folders.contains(String(parts[parts.count - 2]))
    }

    /// `bin/x`, `./bin/x`, `{baseDir}/scripts/x`: the name, where the path has no ending and begins in the skill's folder.
    private static func named(_ path: String) -> Set<String> {
        var parts = path.split(separator: "/").map(String.init)
        guard path.contains("/"), !path.hasPrefix("/"), !path.contains("://") else { return [] }
        if let first = parts.first, first == "." || SkillFolder.isVariable(first[...]) { parts.removeFirst() }
        guard parts.count == 2, folders.contains(parts[0]), !parts[1].contains("."), CommandLine.isProgramName(parts[1])
        else { return [] }
        return [parts[1]]
    }

    /// `~/.local/bin/x`: the name of a program that is written there.
    private static func written(_ redirection: String) -> String? {
        let path = redirection.drop { $0 == ">" || $0 == " " || $0 == "\"" }
        let parts = path.split(separator: "/")
        guard parts.count > 1, parts[parts.count - 2] == "bin" else { return nil }
        let name = String(parts[parts.count - 1].prefix { $0 != "\"" })
        return CommandLine.isProgramName(name) ? name : nil
    }

    private static let folders: Set<String> = ["bin", "scripts", "script", "tools"]
}
