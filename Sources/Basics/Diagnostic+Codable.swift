/// The JSON of a diagnostic is flat (`docs/formats/json.md`): places are `file`, `line` and `column`, a fix is `offset`,
/// `length` and `replacement`; what is not known is left out. `exit` is the exit code that an error asks for.
extension Diagnostic: Codable {
    private enum Key: String, CodingKey {
        case id, severity, message, file, line, column, notes, hint, fix, exit
    }

    private enum FixKey: String, CodingKey {
        case offset, length, replacement
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            try values.decode(String.self, forKey: .id), try values.decode(Severity.self, forKey: .severity),
            try values.decode(String.self, forKey: .message),
            notes: try values.decodeIfPresent([String].self, forKey: .notes) ?? [],
            hint: try values.decodeIfPresent(String.self, forKey: .hint),
            fault: try values.decodeIfPresent(Fault.self, forKey: .exit) ?? .build)
        if let file = try values.decodeIfPresent(String.self, forKey: .file) {
            location = SourceLocation(
                file: file, line: try values.decodeIfPresent(Int.self, forKey: .line),
                column: try values.decodeIfPresent(Int.self, forKey: .column))
        }
        if values.contains(.fix) {
            let fix = try values.nestedContainer(keyedBy: FixKey.self, forKey: .fix)
            let offset = try fix.decode(Int.self, forKey: .offset)
            let length = try fix.decode(Int.self, forKey: .length)
            self.fix = Fix(
                span: SourceSpan(offset, offset &+ length),
                replacement: try fix.decode(String.self, forKey: .replacement))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(id, forKey: .id)
        try values.encode(severity, forKey: .severity)
        try values.encode(message, forKey: .message)
        try values.encodeIfPresent(location?.file, forKey: .file)
        try values.encodeIfPresent(location?.line, forKey: .line)
        try values.encodeIfPresent(location?.column, forKey: .column)
        if !notes.isEmpty { try values.encode(notes, forKey: .notes) }
        try values.encodeIfPresent(hint, forKey: .hint)
        if severity == .error { try values.encode(fault, forKey: .exit) }
        if let fix {
            var container = values.nestedContainer(keyedBy: FixKey.self, forKey: .fix)
            try container.encode(fix.span.start, forKey: .offset)
            try container.encode(fix.span.count, forKey: .length)
            try container.encode(fix.replacement, forKey: .replacement)
        }
    }
}
