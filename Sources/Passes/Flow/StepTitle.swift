import Basics
import SkillModel

/// Titles of steps.
enum StepTitle {
    /// Without number and label, one line, at most 100 characters.
    static func clean(_ text: String) -> String {
        var rest = text[...]
        let words = WordScanner.words(String(text.prefix(40)))
        if let first = words.first, StepLabel.number(of: text) != nil {
            let skip = StepLabel.isLabel(first.lower) && words.count > 1 ? words[1].span.end : first.span.end
            rest = Substring(String(decoding: Array(text.utf8).dropFirst(skip), as: UTF8.self))
            rest = rest.drop { !$0.isLetter && !$0.isNumber }
        }
        let line = rest.prefix { !$0.isNewline }
        return String(line.prefix(100))
    }
}
