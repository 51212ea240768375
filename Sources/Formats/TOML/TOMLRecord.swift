package import Basics

/// Reads a table whose keys are known, strictly: an unknown key, a wrong type and a missing key are errors with the
/// place and a hint. They go to `findings`; the accessors give nil then, and the reader goes on to find the others.
package struct TOMLRecord {
    package let table: TOMLTable
    package let findings: Findings
    private let what: String

    /// Reports every key of `table` that isn't in `keys`. `what` names the record in messages: "[package]".
    package init(_ table: TOMLTable, _ what: String, keys: [String], findings: Findings) {
        self.table = table
        self.what = what
        self.findings = findings
        for value in table.values where !keys.contains(value.key) {
            if findings.isFull { break }
            let meant = nearest(to: value.key, in: keys)
            let known = keys.map { "'\($0)'" }.joined(separator: ", ")
            findings.add(
                Diagnostic(
                    "toml.unknown-key", .error, "unknown key '\(value.key.shortened)' in \(what)",
                    at: value.keyLocation,
                    hint: meant.map { "did you mean '\($0)'?" } ?? "it can have \(known)"))
        }
    }

    /// Where the record begins.
    package var location: SourceLocation { table.value.location }

    package func has(_ key: String) -> Bool { table[key] != nil }

    /// Reports that `key` is missing when it is.
    package func required(_ key: String, hint: String? = nil) -> TOMLValue? {
        if let value = table[key] { return value }
        findings.add(
            Diagnostic(
                "toml.missing-key", .error, "\(what) has no '\(key)'", at: location,
                hint: hint ?? "add a line: \(TOMLLiteral.keyText(key)) = …"))
        return nil
    }

    package func string(_ key: String) -> String? { table[key].flatMap(string) }
    package func requiredString(_ key: String, hint: String? = nil) -> String? {
        required(key, hint: hint).flatMap(string)
    }

    package func boolean(_ key: String) -> Bool? {
        table[key].flatMap { $0.boolean ?? mistyped($0, "true or false") }
    }

    /// An integer in `range`.
    package func integer(_ key: String, in range: ClosedRange<Int64>) -> Int64? {
        guard let value = table[key] else { return nil }
        guard let number = value.integer else { return mistyped(value, "an integer") }
        guard range.contains(number) else {
            report(value, "'\(key)' is \(number), not in \(range.lowerBound)…\(range.upperBound)")
            return nil
        }
        return number
    }

    /// The `[key]` table, or an inline table.
    package func table(_ key: String) -> TOMLTable? {
        table[key].flatMap { $0.table ?? mistyped($0, "a table") }
    }

    /// The tables of `[[key]]`, or of a static array of tables; empty when the key is missing.
    package func tables(_ key: String) -> [TOMLTable] {
        guard let value = table[key] else { return [] }
        guard let elements = value.array else { return mistyped(value, "an array of tables") ?? [] }
        return elements.compactMap { $0.table ?? mistyped($0, "a table") }
    }

    /// The strings of an array, each with its place; nil when the key is missing or no array.
    package func strings(_ key: String) -> [(text: String, value: TOMLValue)]? {
        guard let value = table[key] else { return nil }
        guard let elements = value.array else { return mistyped(value, "an array of strings") }
        return elements.compactMap { element in string(element).map { ($0, element) } }
    }

    /// A string that `read` turns into a value; when it can't, `fault` says why.
    package func parsed<Value>(
        _ key: String, _ read: (String) -> Value?, fault: (String) -> String?
    ) -> Value? {
        table[key].flatMap { parsed($0, read, fault: fault) }
    }

    package func requiredParsed<Value>(
        _ key: String, _ read: (String) -> Value?, fault: (String) -> String?
    ) -> Value? {
        required(key).flatMap { parsed($0, read, fault: fault) }
    }

    /// As the others, for a value that is at hand.
    package func parsed<Value>(
        _ value: TOMLValue, _ read: (String) -> Value?, fault: (String) -> String?
    ) -> Value? {
        guard let text = string(value) else { return nil }
        if let result = read(text) { return result }
        report(value, "'\(text.shortened)' is not valid here", hint: fault(text))
        return nil
    }

    package func string(_ value: TOMLValue) -> String? { value.string ?? mistyped(value, "a string") }

    /// Reports that a value has the wrong type; always nil.
    package func mistyped<Value>(_ value: TOMLValue, _ wanted: String) -> Value? {
        let name = value.keySpan == nil ? "an element of \(value.path)" : "'\(value.key.shortened)'"
        let quote = wanted == "a string" && (value.integer ?? nil) != nil || value.float != nil || value.boolean != nil
        findings.add(
            Diagnostic(
                "toml.wrong-type", .error, "\(name) in \(what) is \(value.kind.name), not \(wanted)",
                at: value.location,
                hint: quote && wanted == "a string" ? "put it in quotes: \"\(value.sourceText.shortened)\"" : nil))
        return nil
    }

    /// Reports that a value, of the right type, can't be.
    package func report(_ value: TOMLValue, id: String = "toml.bad-value", _ message: String, hint: String? = nil) {
        findings.add(Diagnostic(id, .error, message, at: value.location, hint: hint))
    }
}

extension String {
    /// Short enough for a message, whatever a hostile file holds, and without control characters.
    package var shortened: String {
        let scalars = SecretText.shown(self).unicodeScalars
        let kept = scalars.prefix(60).map { $0.value < 0x20 || $0.value == 0x7F ? "\u{FFFD}" : Character($0) }
        return String(kept) + (scalars.dropFirst(60).isEmpty ? "" : "…")
    }
}
