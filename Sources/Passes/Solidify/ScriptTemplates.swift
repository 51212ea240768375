import Basics
import SkillModel

/// Shell blocks that set variables and use them: one template, whose parameters are the placeholders and the variables
/// that come from outside. A block that takes nothing from outside is a fixed script and no template.
enum ScriptTemplates {
    /// Variables that a block of these commands itself sets and uses; none where its commands share none of them.
    static func ownVariables(_ invocations: [Invocation], _ code: String) -> Set<String> {
        let own = assigned(invocations)
        if !own.isEmpty, invocations.contains(where: { $0.redirections.contains { $0.hasPrefix("<<") } }),
            taken(code).contains(where: own.contains)
        {
            return own
        }
        let isUsed = invocations.contains { invocation in
            (invocation.words + invocation.assignments + invocation.redirections).contains { word in
                taken(word).contains { own.contains($0) }
            }
        }
        return isUsed ? own : []
    }

    /// The names of the variables that a word takes in: `"$A/${B}"` → A, B. O(length).
    private static func taken(_ word: String) -> [String] {
        word.split(separator: "$", omittingEmptySubsequences: false).dropFirst().map { part in
            String(part.drop { $0 == "{" }.prefix { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) })
        }
    }

    static func assigned(_ invocations: [Invocation]) -> Set<String> {
        var own: Set<String> = []
        for invocation in invocations {
            var assignments = invocation.assignments
            if ["export", "local", "readonly"].contains(invocation.words.first ?? "") {
                assignments += invocation.words.dropFirst().filter { $0.contains("=") }
            }
            for assignment in assignments {
                if let equals = assignment.firstIndex(of: "=") { own.insert(String(assignment[..<equals])) }
            }
        }
        return own
    }

    /// `invocations` are those of the fragment, `own` what they set.
    static func template(
        _ index: Int, _ invocations: [Invocation], _ own: Set<String>, _ reading: SkillReading
    ) -> Solidify.Found? {
        let fragment = reading.document.fragments[index]
        let role = reading.role(ofBlock: fragment.block)
        guard ![.links, .troubleshooting, .requirements].contains(role), fragment.text.utf8.count < Solidify.longest,
            !PlainShell.hasAlternatives(fragment.text), PlainShell.isRead(invocations, reading, asWritten: true)
        else { return nil }
        var parameters: [SolidificationCandidate.Parameter] = []
        // What loops and `read` set comes from inside, too.
        let made = own.union(ShellVariables(fragment.text).assigned)
        for invocation in invocations {
            let isSet = ["export", "local", "readonly"].contains(invocation.words.first ?? "")
            let code = EmbeddedCode.words(invocation.words)
            for (place, word) in (invocation.assignments + invocation.words).enumerated() {
                // Braces and blanks of code say nothing of values; JSON and queries are values.
                let language = code[place - invocation.assignments.count]
                if let language, language != .json, language != .sql { continue }
                // `awk -v a="$a"` sets nothing of the shell's.
                let isAssignment = place < invocation.assignments.count || isSet
                let given = isAssignment ? set(word, own, fragment, reading) : []
                for var parameter in given.isEmpty
                    ? outside(word, made, fragment, reading, isAssignment: isAssignment) : given
                where !parameters.contains(where: { known in
                    // `$X` and `${X}` are one.
                    known.example == parameter.example
                        || ScriptRendering.variable(parameter.example).map {
                            $0 == ScriptRendering.variable(known.example)
                        } ?? false
                }) {
                    let name = parameter.name
                    var number = 2
                    while number < 100, parameters.contains(where: { $0.name == parameter.name }) {
                        parameter.name = "\(name)_\(number)"
                        number += 1
                    }
                    parameters.append(parameter)
                }
                if parameters.count > Solidify.parameterLimit { return nil }
            }
        }
        // Settings taken from the environment alone are no call. What a command reads may hold values that no word has.
        let isCall =
            parameters.contains(where: { !$0.example.hasPrefix("$") })
            || invocations.contains(where: { !isSetting($0) })
        let readsText = invocations.contains { $0.redirections.contains { $0.hasPrefix("<<") } }
        guard isCall, readsText || !parameters.isEmpty else { return nil }
        var candidate = SolidificationCandidate(
            kind: .shell, line: firstCodeLine(fragment, reading.document), span: fragment.content,
            keywords: [],
            signature: fragment.text.split(whereSeparator: \.isWhitespace).joined(separator: " "), template: "",
            parameters: [])
        do throws(EmbeddedCode.Refusal) {
            let rendering = try ScriptRendering(fragment.text, parameters, own: assigned(invocations))
            (candidate.template, candidate.parameters) = try rendering.rendered()
        } catch {
            return Solidify.Found(refused: candidate, why: error.why)
        }
        guard !candidate.parameters.isEmpty else { return nil }
        for at in candidate.parameters.indices where candidate.parameters[at].spans.isEmpty {
            candidate.parameters[at].spans = ShellTemplates.occurrences(
                of: candidate.parameters[at].example, in: fragment.content, reading.document.bytes)
        }
        return Solidify.Found(
            candidate: candidate,
            weight: min(candidate.parameters.count, 4) + ([.example].contains(role) ? -2 : 0),
            identity: "script \(fragment.span.start)")
    }

    private static func isSetting(_ invocation: Invocation) -> Bool {
        guard let first = invocation.words.first else { return true }
        return first == "export" || first == "local" || first == "readonly" || invocation.connector == "substitution"
    }

    /// Placeholders in a word, and variables that the block does not set or sets from their own value (`X="${X:-…}"`).
    private static func outside(
        _ word: String, _ own: Set<String>, _ fragment: Fragment, _ reading: SkillReading, isAssignment: Bool
    ) -> [SolidificationCandidate.Parameter] {
        let equals = word.firstIndex(of: "=")
        let value = equals.map { String(word[word.index(after: $0)...]) } ?? word
        let assigned = isAssignment ? equals.map { String(word[..<$0]) } ?? "" : ""
        // `X="${X:-…}"`: from outside, where it is set there.
        if !assigned.isEmpty, value.hasPrefix("${\(assigned):") || value.hasPrefix("${\(assigned)-"),
            let name = ParameterReader.snakeCase(assigned), !standard.contains(assigned)
        {
            let bytes = Array(value.utf8)
            let example = bytes.text(0..<ShellNesting.endOfBrace(bytes, 2, bytes.count))
            return [
                .init(
                    name: name, type: ParameterReader.type(ofName: name), example: example,
                    spans: ShellTemplates.occurrences(of: example, in: fragment.content, reading.document.bytes))
            ]
        }
        return ParameterReader.pieces(value, flag: nil).compactMap { piece in
            guard case .parameter(let name, let type, let example) = piece else { return nil }
            let isMarked = ScriptRendering.isMark(example)
            let variable = String(
                example.drop { $0 == "$" || $0 == "{" }.prefix {
                    $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber))
                })
            let isOutside =
                example.hasPrefix("$") && (!own.contains(variable) || variable == assigned)
                && !standard.contains(variable)
            // A sentence among the words is what one says this time.
            let isSentence = example.contains(" ") && !example.contains("$") && !example.contains("`")
            guard isMarked || isOutside || isSentence else { return nil }
            return .init(
                name: name, type: type, example: example,
                spans: ShellTemplates.occurrences(of: example, in: fragment.content, reading.document.bytes))
        }
    }

    /// `CITY="Bonn"` before the commands that use it: what is set by hand is what varies. Not what lies in a folder for
    /// passing files, and nothing that a command gives.
    private static func set(
        _ word: String, _ own: Set<String>, _ fragment: Fragment, _ reading: SkillReading
    ) -> [SolidificationCandidate.Parameter] {
        guard let equals = word.firstIndex(of: "="), own.contains(String(word[..<equals])),
            let name = ParameterReader.snakeCase(String(word[..<equals]))
        else { return [] }
        let value = String(word[word.index(after: equals)...])
        let rest = value.hasPrefix("$HOME/") ? value.dropFirst(6) : value[...]
        guard !rest.isEmpty, rest.utf8.count < 200, !value.hasPrefix("/tmp"),
            !rest.contains(where: { "$`<{".contains($0) })
        else { return [] }
        return [
            .init(
                name: name, type: ParameterReader.type(ofName: name), example: value,
                spans: ShellTemplates.occurrences(of: value, in: fragment.content, reading.document.bytes))
        ]
    }

    private static let standard: Set<String> = ["HOME", "PWD", "PATH", "USER", "SHELL", "TMPDIR", "OLDPWD"]

    /// The first line that is neither empty nor a comment.
    private static func firstCodeLine(_ fragment: Fragment, _ document: SkillDocument) -> Int {
        var line = document.line(at: fragment.content.start)
        let last = document.line(at: max(fragment.content.start, fragment.content.end - 1))
        while line < last {
            let text = document.text(document.lines.span(ofLine: line)).drop { $0 == " " || $0 == "\t" || $0 == ">" }
            if !text.allSatisfy(\.isWhitespace), !text.hasPrefix("#") { break }
            line += 1
        }
        return line
    }
}
