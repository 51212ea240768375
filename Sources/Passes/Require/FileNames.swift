import Basics
import SkillModel

/// Names of files in text.
enum FileNames {
    /// The code spans of a sentence that are file names.
    static func all(in sentence: Sentence, _ facts: SkillFacts) -> [String] {
        codes(in: sentence, facts).map(\.text)
    }

    /// Where they stand.
    static func spans(in sentence: Sentence, _ facts: SkillFacts) -> [SourceSpan] {
        codes(in: sentence, facts).map(\.span)
    }

    private static func codes(in sentence: Sentence, _ facts: SkillFacts) -> [CodeSpan] {
        (facts.fileSpans[sentence.block] ?? []).filter { code in
            sentence.span.start <= code.span.start && code.span.start <= sentence.span.end + 40
        }
    }

    static func isNamed(in sentence: Sentence, _ facts: SkillFacts) -> Bool {
        !all(in: sentence, facts).isEmpty || sentence.words.contains { isFile($0.text) }
    }

    static func isFile(_ text: String) -> Bool {
        guard !text.contains(" "), let dot = text.lastIndex(of: "."), text.utf8.count < 200 else { return false }
        return endings.contains(text[text.index(after: dot)...].lowercased())
    }

    private static let endings: Set<String> = [
        "md", "json", "yaml", "yml", "csv", "txt", "html", "py", "js", "ts", "tsx", "sql", "xml", "toml", "sh", "docx",
        "pdf",
        "pptx", "xlsx", "parquet", "css", "svg", "env", "jsonl",
    ]
}
