/// What a loop of the shell goes over: one pattern, or words that are all known. And what its turns name by it.
struct LoopItems {
    /// `img/*.png`: what stands before the star, and behind it. Nil for words.
    private let pattern: (prefix: String, suffix: String)?
    private let words: [String]

    /// Nil for several patterns (`*.wav *.flac` may give `a` twice once their ends are cut), and for what is worked out.
    init?(_ items: [String]) {
        if items.count == 1, let item = items.first, let star = item.firstIndex(of: "*") {
            let (prefix, suffix) = (String(item[..<star]), String(item[item.index(after: star)...]))
            // `*/x`: the star stands in a folder's name, and files of one name are many.
            guard Self.isPlain(prefix), Self.isPlain(suffix), !suffix.contains("/") else { return nil }
            (pattern, words) = ((prefix, suffix), [])
            return
        }
        guard !items.isEmpty, items.count <= 64, items.allSatisfy(Self.isPlain), Set(items).count == items.count else {
            return nil
        }
        (pattern, words) = (nil, items)
    }

    /// Letters, digits and signs that no shell reads.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy {
            ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || "._-/+,:@=%".utf8.contains($0)
        }
    }

    /// A word of a turn: what stands around the item, of which `cut` bytes are taken from its end.
    struct Name: Hashable {
        var before: String
        var after = ""
        var cut = ""
        /// Whether the item is in it.
        var isOfItem = false
    }

    /// The word as the item's name and what stands around it; nil where it holds anything else that the shell works out, or only a part
    /// of the item: `${f%%?.txt}` is the same for many. `${f%.png}` is the item whole where all items end so.
    func name(_ word: String, _ variable: String) -> Name? {
        for opening in ["${\(variable)%", "${\(variable)}", "$\(variable)"] {
            guard let found = word.firstRange(of: opening) else { continue }
            var rest = word[found.upperBound...]
            var cut = ""
            if opening.hasSuffix("%") {
                guard let close = rest.firstIndex(of: "}") else { return nil }
                cut = String(rest[..<close])
                guard !cut.isEmpty, Self.isPlain(cut), !cut.hasPrefix("%"), allEnd(with: cut) else { return nil }
                rest = rest[rest.index(after: close)...]
            } else if !opening.hasSuffix("}"), let next = rest.utf8.first, next.isIdentifier {
                return nil
            }
            let name = Name(before: String(word[..<found.lowerBound]), after: String(rest), cut: cut, isOfItem: true)
            return Self.isPlain(name.before) && Self.isPlain(name.after) ? name : nil
        }
        // A pattern in quotes can't be told from one without them.
        return word.utf8.contains(where: "$`*?[~{\\".utf8.contains) ? nil : Name(before: word)
    }

    private func allEnd(with end: String) -> Bool {
        pattern.map { $0.suffix.hasSuffix(end) } ?? words.allSatisfy { $0.hasSuffix(end) }
    }

    /// Whether no turn writes what another one writes or reads. Two names with different texts around the item may be one file
    /// (`$f.b` of `a`, `$f` of `a.b`), so that each pair is looked at: by all their words, or by what a pattern can match. O(names² · items²).
    func areApart(_ outputs: [Name], from inputs: [Name]) -> Bool {
        pattern == nil ? wordsAreApart(outputs, inputs) : patternIsApart(outputs, inputs)
    }

    private func wordsAreApart(_ outputs: [Name], _ inputs: [Name]) -> Bool {
        var writer: [String: Int] = [:]
        for output in outputs {
            for index in words.indices {
                let file = path(output, words[index])
                guard writer[file, default: index] == index else { return false }
                writer[file] = index
            }
        }
        return inputs.allSatisfy { input in
            words.indices.allSatisfy { index in writer[path(input, words[index])].map { $0 == index } ?? true }
        }
    }

    private func path(_ name: Name, _ item: String) -> String {
        guard name.isOfItem else { return Self.tidy(name.before) }
        return Self.tidy(name.before + item.dropLast(name.cut.count) + name.after)
    }

    private static func tidy(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: true).filter { $0 != "." }.joined(separator: "/")
    }

    /// With a pattern, what is written must not be what the pattern matches, nor any fixed file; and of outputs there is one form,
    /// for of two one turn's may be another's.
    private func patternIsApart(_ outputs: [Name], _ inputs: [Name]) -> Bool {
        guard let pattern, Set(outputs).count == 1, let output = outputs.first, !output.before.contains("..") else {
            return false
        }
        let end = pattern.suffix.dropLast(output.cut.count) + output.after
        guard !end.isEmpty else { return false }
        // A star does not reach into another folder.
        let isElsewhere = output.before.split(separator: "/").contains { $0 != "." } && output.before.hasSuffix("/")
        guard
            isElsewhere && !pattern.prefix.contains("/")
                || !end.hasSuffix(pattern.suffix) && !pattern.suffix.hasSuffix(end)
        else { return false }
        return inputs.allSatisfy { input in
            if input == output { return true }
            return input.isOfItem ? input == Name(before: "", isOfItem: true) : !input.before.hasSuffix(end)
        }
    }
}
