import SkillModel

/// Names of one to four words with what each stands for, found in running text by their first word. Made once, when a
/// skill first asks; most words of a text are no name's first, and cost one look at a filter.
struct NameTable<Value: Sendable>: Sendable {
    private struct Entry {
        var rest: [String]
        var value: Value
    }

    /// By the first word; the longest first.
    private let entries: [String: [Entry]]
    private let filter: KeyFilter

    /// Lines of `name = value`, or of names alone, whose value is the name. `value` is nil for what is no value.
    init(_ text: String, _ value: (_ name: String, _ stated: String) -> Value?) {
        var entries: [String: [Entry]] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.split(separator: " ").joined(separator: " ") }
            guard let name = parts.first, let made = value(name, parts.count > 1 ? parts[1] : name) else { continue }
            let words = name.split(separator: " ").map(String.init)
            guard let first = words.first else { continue }
            entries[first, default: []].append(Entry(rest: Array(words.dropFirst()), value: made))
        }
        for key in entries.keys { entries[key]?.sort { $0.rest.count > $1.rest.count } }
        self.entries = entries
        filter = KeyFilter(entries.keys.map(WordKey.of))
    }

    /// The longest name that begins at `index`, in lower case as the table has it. O(names of that first word).
    func match(_ words: [Word], at index: Int) -> (length: Int, value: Value)? {
        let word = words[index]
        guard filter.mayHold(word.key), let found = entries[word.lower] else { return nil }
        for entry in found where index + entry.rest.count < words.count {
            let isWhole = entry.rest.indices.allSatisfy { words[index + 1 + $0].lower == entry.rest[$0] }
            if isWhole { return (entry.rest.count + 1, entry.value) }
        }
        return nil
    }

    /// What a name in lower case stands for.
    func value(of name: String) -> Value? {
        let words = name.split(separator: " ").map(String.init)
        guard let first = words.first else { return nil }
        return entries[first]?.first { $0.rest == Array(words.dropFirst()) }?.value
    }
}
