import Basics
import SkillModel

/// The Agent Skills specification's rules for front matter. What harnesses tolerate is a warning.
struct FrontMatterRules {
    /// Keys that the specification names.
    static let specified: Set<String> = [
        "name", "description", "license", "compatibility", "metadata", "allowed-tools",
    ]
    /// Keys that a harness documents as its own extension: worth a note, not a warning.
    static let extensions: Set<String> = [
        "argument-hint", "arguments", "agent", "context", "disable-model-invocation", "effort", "hooks", "model",
        "paths", "shell", "user-invocable", "when_to_use", "command-dispatch", "command-tool", "command-arg-mode",
    ]
    /// The specification's limits, in characters.
    static let maximumName = 64
    static let maximumDescription = 1024
    static let maximumCompatibility = 500

    private let document: SkillDocument
    private let folderName: String?
    private var entries: [FrontMatter.Entry] { document.frontMatter.entries }

    init(_ document: SkillDocument, folderName: String?) {
        self.document = document
        self.folderName = folderName
    }

    func check() -> [Diagnostic] {
        guard document.frontMatter.span != nil else { return [] }
        return checkDescription() + checkName() + checkKeys() + checkTypes() + checkBody()
    }

    private func checkDescription() -> [Diagnostic] {
        guard let entry = entries.first(where: { $0.key == "description" }) else {
            return [
                .parse(
                    "no-description", .error, "the front matter has no description", at: start,
                    hint: "add description: and say what the skill does and when to use it")
            ]
        }
        if entry.value.utf8.allSatisfy(\.isWhitespace) || entry.type == .null {
            return [
                .parse(
                    "empty-description", .error, "the description is empty", at: entry.span.start,
                    hint: "say what the skill does and when to use it")
            ]
        }
        return tooLong(entry, Self.maximumDescription, "description-too-long", "harnesses may cut it off")
    }

    private func checkName() -> [Diagnostic] {
        guard let entry = entries.first(where: { $0.key == "name" }), entry.type != .null, !entry.value.isEmpty else {
            return [
                .parse(
                    "no-name", .warning, "the front matter has no name", at: start,
                    hint: folderName.map { "add name: \($0)" } ?? "add name: with the folder's name")
            ]
        }
        var found = tooLong(entry, Self.maximumName, "name-too-long", "choose a shorter one")
        if !Self.isName(entry.value) {
            found.append(
                .parse(
                    "name-form", .warning,
                    "the name '\(entry.value.prefix(80))' is not lower-case letters, digits and single hyphens",
                    at: entry.valueSpan.start, hint: "name it like 'pdf-tables'"))
        }
        if let folderName, folderName != entry.value {
            found.append(
                .parse(
                    "name-differs", .warning,
                    "the name '\(entry.value.prefix(80))' differs from the folder's name '\(folderName)'",
                    at: entry.valueSpan.start, hint: "use one name for both",
                    fix: Self.isName(folderName) ? .init(span: entry.valueSpan, replacement: folderName) : nil))
        }
        return found
    }

    private func checkKeys() -> [Diagnostic] {
        entries.compactMap { entry in
            if Self.specified.contains(entry.key) { return nil }
            let isKnown = Self.extensions.contains(entry.key)
            return .parse(
                isKnown ? "extension-key" : "unknown-key", isKnown ? .note : .warning,
                "the key '\(entry.key.prefix(80))' is not in the Agent Skills specification"
                    + (isKnown ? "; only some harnesses read it" : ""),
                at: entry.span.start, hint: isKnown ? nil : "put it under metadata:")
        }
    }

    private func checkTypes() -> [Diagnostic] {
        entries.compactMap { entry in
            let wanted: (FrontMatter.Entry.ValueType) -> Bool
            let form: String
            switch entry.key {
            case "name", "description", "license", "compatibility": (wanted, form) = ({ $0 == .string }, "text")
            case "metadata": (wanted, form) = ({ $0 == .mapping }, "a mapping")
            // The specification wants one string; lists are common and read by every harness known to us.
            case "allowed-tools": (wanted, form) = ({ $0 == .string || $0 == .list }, "text")
            default: return nil
            }
            if wanted(entry.type) || entry.type == .null { return nil }
            // Read line by line, every value is text.
            if entry.key == "metadata", entry.type == .string { return nil }
            return .parse(
                "value-type", .warning, "'\(entry.key)' is a \(entry.type.rawValue), not \(form)",
                at: entry.valueSpan.start, hint: form == "text" ? "put it in quotes" : nil)
        }
            + entries.filter { $0.key == "compatibility" }
            .flatMap { tooLong($0, Self.maximumCompatibility, "compatibility-too-long", "shorten it") }
    }

    private func checkBody() -> [Diagnostic] {
        guard document.bytes.trimmed(document.body.range).isEmpty else { return [] }
        return [.parse("empty-body", .warning, "there is nothing after the front matter", at: document.body.start)]
    }

    private func tooLong(_ entry: FrontMatter.Entry, _ limit: Int, _ id: String, _ hint: String) -> [Diagnostic] {
        let length = entry.value.unicodeScalars.count
        guard length > limit else { return [] }
        return [
            .parse(
                id, .warning, "the \(entry.key) has \(length) characters, more than \(limit)",
                at: entry.valueSpan.start, hint: hint)
        ]
    }

    private var start: Int { document.frontMatter.span?.start ?? 0 }

    /// Lower-case letters, digits and hyphens, none at an end, no two together.
    static func isName(_ text: String) -> Bool {
        var previous = UInt8.hyphen
        for byte in text.utf8 {
            guard byte.isDigit || (byte.isLetter && byte >= 0x61) || (byte == .hyphen && previous != .hyphen) else {
                return false
            }
            previous = byte
        }
        return previous != .hyphen
    }
}
