package import Basics
import Formats
package import SkillModel

/// Reads what a custom pass printed. Nothing in it is believed: its form, its bounds, its spans and its paths are checked
/// here, what it does to the skill by `link` and `guard`.
package struct PassAnswer: Sendable {
    package enum Limit {
        package static let edits = 10_000
        package static let files = 1_000
        package static let diagnostics = 100
        /// Of all text that is added, in bytes.
        package static let text = 8 << 20
        /// Of a reason, a message or a hint, in bytes.
        package static let line = 1_000
    }

    private let pass: String
    private let document: SkillDocument
    private let gaps: [Gap]
    private let additions: PassAdditions

    private init(pass: String, document: SkillDocument, gaps: [Gap], additions: PassAdditions) {
        self.pass = pass
        self.document = document
        self.gaps = gaps
        self.additions = additions
    }

    /// The edits, files and diagnostics of an answer; rules and ids have the pass's name before them. O(bytes).
    ///
    /// `skill` names the skill in messages; `gaps` are those that an edit may name, `additions` the files that the
    /// project lets the pass add. Throws `DiagnosticsError` with the first fault (`pass.json pass.version pass.shape
    /// pass.limit pass.span pass.overlap pass.path pass.added pass.gap`).
    package static func read(
        _ bytes: [UInt8], pass: String, skill: String, document: SkillDocument, gaps: [Gap],
        additions: PassAdditions
    ) throws(DiagnosticsError) -> PassResult<EditSet> {
        do throws(Fault) {
            return try PassAnswer(pass: pass, document: document, gaps: gaps, additions: additions).result(bytes)
        } catch {
            throw DiagnosticsError([
                Diagnostic(
                    "pass.\(error.id)", .error, "pass '\(pass)' on '\(skill)': \(error.message)",
                    at: SourceLocation(file: "SKILL.md", line: error.line),
                    hint: "correct the pass; `skvm check --pass \(pass)` runs it over sample skills")
            ])
        }
    }

    struct Fault: Error {
        var id: String
        var message: String
        var line: Int?
    }

    private func result(_ bytes: [UInt8]) throws(Fault) -> PassResult<EditSet> {
        let value: JSONValue
        do {
            if bytes.allSatisfy(\.isWhitespace) { throw Fault(id: "json", message: "it printed nothing") }
            value = try StrictJSON.parse(bytes, file: "its answer")
        } catch let fault as Fault {
            throw fault
        } catch {
            let found = (error as? DiagnosticsError)?.diagnostics.first
            throw Fault(
                id: "json",
                message: "its answer is no JSON: \(found?.message ?? "")\(found?.location.map { " at \($0)" } ?? "")")
        }
        let answer = try AnswerRecord(
            value, "the answer", optional: ["edits", "files", "diagnostics"], required: ["protocol"])
        guard let version = answer["protocol"]?.integer, version == Int64(PassProtocol.version) else {
            throw Fault(
                id: "version",
                message: "it does not speak protocol \(PassProtocol.version), which this skvm speaks")
        }
        let edits = try answer.list("edits", most: Limit.edits, edit)
        let files = try answer.list("files", most: Limit.files, file)
        let diagnostics = try answer.list("diagnostics", most: Limit.diagnostics, diagnostic)
        let added = edits.reduce(0) { $0 + $1.replacement.utf8.count } + files.reduce(0) { $0 + $1.text.utf8.count }
        guard added <= Limit.text else {
            throw Fault(id: "limit", message: "it adds \(added) bytes of text, more than \(Limit.text)")
        }
        try check(edits)
        let hasErrors = diagnostics.contains { $0.severity == .error }
        return PassResult(
            hasErrors
                ? nil : EditSet(edits: edits.sorted { $0.span < $1.span }, files: files.sorted { $0.path < $1.path }),
            diagnostics: diagnostics)
    }

    /// Spans lie in the text, at the bounds of characters, and share no byte.
    private func check(_ edits: [Edit]) throws(Fault) {
        do throws(EditApplication.Fault) {
            _ = try EditApplication(edits, to: document)
        } catch {
            switch error {
            case .span(let edit):
                throw Fault(
                    id: "span",
                    message:
                        "\(edit.rule) rewrites bytes \(edit.span.start)..<\(edit.span.end), which are no text of SKILL.md"
                )
            case .overlap(let first, let second):
                throw Fault(
                    id: "overlap", message: "\(first.rule) and \(second.rule) rewrite the same text",
                    line: document.line(at: max(0, second.span.start)))
            }
        }
    }

    // MARK: Parts of an answer

    private func edit(_ value: JSONValue) throws(Fault) -> Edit {
        let record = try AnswerRecord(
            value, "an edit", optional: ["gap"], required: ["span", "replacement", "rule", "reason"])
        guard let ends = record["span"]?.array, ends.count == 2, let start = ends[0].integer, let end = ends[1].integer
        else { throw Fault(id: "shape", message: "an edit's span is no list of two integers") }
        return Edit(
            span: SourceSpan(Int(clamping: start), Int(clamping: end)), replacement: try record.text("replacement"),
            rule: try rule(record), gap: try record["gap"].flatMap { value throws(Fault) in try gap(value) },
            reason: try record.line("reason"))
    }

    private func file(_ value: JSONValue) throws(Fault) -> EditSet.AddedFile {
        let record = try AnswerRecord(value, "a file", optional: ["executable"], required: ["path", "text", "rule"])
        let text = try record.text("path")
        guard let path = RelativePath(text), Self.isFit(path) else {
            throw Fault(id: "path", message: "it adds '\(text.shortened)', which is no path in the skill's folder")
        }
        let isExecutable = try record.flag("executable")
        if let why = additions.fault(of: path, isExecutable: isExecutable) {
            throw Fault(id: "added", message: "it adds '\(text.shortened)', \(why)")
        }
        return EditSet.AddedFile(
            path: path, text: try record.text("text"), isExecutable: isExecutable,
            rule: try rule(record))
    }

    /// A path that every disk and every tree takes: what others can't hold would fail later, and name nobody.
    private static func isFit(_ path: RelativePath) -> Bool {
        guard path.text.isPrintable, path.text.utf8.count <= 512 else { return false }
        return path.components.count <= 16
            && path.components.allSatisfy { name in
                name.utf8.count <= 200 && !name.hasPrefix(" ") && !name.hasSuffix(" ") && !name.hasSuffix(".")
                    && !name.utf8.contains { [0x5C, 0x3A, 0x2A, 0x3F, 0x22, 0x3C, 0x3E, 0x7C].contains($0) }
                    && String(name).asciiLowercased() != ".git"
            }
    }

    private func diagnostic(_ value: JSONValue) throws(Fault) -> Diagnostic {
        let record = try AnswerRecord(
            value, "a diagnostic", optional: ["line", "hint"], required: ["id", "severity", "message"])
        let word = try record.text("severity")
        guard let severity = Diagnostic.Severity(rawValue: word) else {
            throw Fault(id: "shape", message: "there is no severity '\(word.shortened)'")
        }
        var line: Int?
        if let number = record["line"] {
            guard let number = number.integer, number >= 1, number <= Int64(document.lines.starts.count) else {
                throw Fault(id: "shape", message: "a diagnostic's line is no line of SKILL.md")
            }
            line = Int(number)
        }
        return Diagnostic(
            "\(pass).\(try name(record, "id"))", severity, try record.line("message"),
            at: SourceLocation(file: "SKILL.md", line: line),
            hint: record["hint"] == nil ? nil : try record.line("hint"))
    }

    private func rule(_ record: AnswerRecord) throws(Fault) -> String { "\(pass).\(try name(record, "rule"))" }

    private func name(_ record: AnswerRecord, _ key: String) throws(Fault) -> String {
        let text = try record.text(key)
        let isName =
            (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
        guard isName else {
            throw Fault(
                id: "shape", message: "\(record.what)'s \(key) '\(text.shortened)' has more than a-z, 0-9 and hyphens")
        }
        return text
    }

    private func gap(_ value: JSONValue) throws(Fault) -> Gap {
        guard let gap = gaps.first(where: { $0.primitive.rawValue == value.string }) else {
            throw Fault(
                id: "gap",
                message: "an edit names the gap '\((value.string ?? "").shortened)', which was not in the request")
        }
        return gap
    }
}

/// An object of an answer: no member too few and none too many.
private struct AnswerRecord {
    let what: String
    private let value: JSONValue

    init(
        _ value: JSONValue, _ what: String, optional: [String], required: [String]
    ) throws(PassAnswer.Fault) {
        guard let members = value.members else {
            throw PassAnswer.Fault(id: "shape", message: "\(what) is no object")
        }
        let known = optional + required
        if let strange = members.first(where: { !known.contains($0.key) }) {
            throw PassAnswer.Fault(id: "shape", message: "\(what) has an unknown member '\(strange.key.shortened)'")
        }
        if let missing = required.first(where: { value[$0] == nil }) {
            throw PassAnswer.Fault(id: "shape", message: "\(what) has no '\(missing)'")
        }
        self.what = what
        self.value = value
    }

    subscript(key: String) -> JSONValue? { value[key] }

    func text(_ key: String) throws(PassAnswer.Fault) -> String {
        guard let text = value[key]?.string else {
            throw PassAnswer.Fault(id: "shape", message: "\(what)'s \(key) is no string")
        }
        guard !text.utf8.contains(0) else {
            throw PassAnswer.Fault(id: "shape", message: "\(what)'s \(key) holds a NUL")
        }
        return text
    }

    /// A text for people: one line that can be printed.
    func line(_ key: String) throws(PassAnswer.Fault) -> String {
        let text = try text(key)
        guard text.isPrintable, text.utf8.count <= PassAnswer.Limit.line else {
            throw PassAnswer.Fault(
                id: "shape", message: "\(what)'s \(key) is not one line of at most \(PassAnswer.Limit.line) bytes")
        }
        return text
    }

    func flag(_ key: String) throws(PassAnswer.Fault) -> Bool {
        guard let value = value[key] else { return false }
        guard let flag = value.boolean else {
            throw PassAnswer.Fault(id: "shape", message: "\(what)'s \(key) is neither true nor false")
        }
        return flag
    }

    func list<Element>(
        _ key: String, most: Int, _ read: (JSONValue) throws(PassAnswer.Fault) -> Element
    ) throws(PassAnswer.Fault) -> [Element] {
        guard let value = value[key] else { return [] }
        guard let elements = value.array else {
            throw PassAnswer.Fault(id: "shape", message: "\(what)'s \(key) is no list")
        }
        guard elements.count <= most else {
            throw PassAnswer.Fault(id: "limit", message: "it gives \(elements.count) \(key), more than \(most)")
        }
        var result: [Element] = []
        for element in elements { result.append(try read(element)) }
        return result
    }
}
