import Basics
import SkillModel

/// Symbolic links of a skill that lead round: nobody can read what is behind them. Documents that refer to each other are
/// none: a reader follows a reference once.
enum LinkCycles {
    /// A warning for each circle, at the line of SKILL.md that refers to one of its links, if any does. O(links + text).
    static func diagnostics(_ files: [SourceFile], _ document: SkillDocument) -> [Diagnostic] {
        let links = Dictionary(
            files.lazy.filter(\.isSymlink).map { ($0.path.text, target(of: $0)) },
            uniquingKeysWith: { first, _ in first })
        guard !links.isEmpty else { return [] }
        var isDone: Set<String> = []
        var found: [Diagnostic] = []
        for start in links.keys.sorted() where found.count < most {
            var path: [String] = []
            var here: String? = start
            while let link = here, links[link] != nil, isDone.insert(link).inserted {
                path.append(link)
                here = links[link] ?? nil
            }
            guard let end = here, let first = path.firstIndex(of: end) else { continue }
            let circle = path[first...] + [end]
            let said = document.references.first { reference in
                circle.contains { document.text(reference.span).hasSuffix($0) }
            }
            var diagnostic = Diagnostic(
                "parse.link-cycle", .warning,
                "symbolic links lead round: \(circle.prefix(8).map { $0.prefix(80) }.joined(separator: " → "))",
                at: SourceLocation(file: "SKILL.md"), hint: "let one of them lead to a file")
            if let said {
                diagnostic = .parse(
                    "link-cycle", .warning, diagnostic.message, at: said.span.start, hint: diagnostic.hint)
            }
            found.append(diagnostic)
        }
        return found
    }

    private static let most = 20

    /// Where a link leads, in the skill's folder; nil when that is outside.
    private static func target(of file: SourceFile) -> String? {
        let target = String(decoding: file.bytes, as: UTF8.self)
        guard !target.hasPrefix("/"), target.utf8.count <= 4096 else { return nil }
        var parts = file.path.text.split(separator: "/").dropLast().map(String.init)
        for part in target.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(String(part))
            } else if parts.popLast() == nil {
                return nil
            }
        }
        return parts.joined(separator: "/")
    }
}
