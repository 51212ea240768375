package import Basics
import FoundationEssentials

/// Reads JSON that others wrote (RFC 8259), and refuses what readers disagree about: duplicate keys, invalid UTF-8, lone
/// surrogates, a byte order mark, more than one value; and what is only there to hurt: depth and size.
package enum StrictJSON {
    /// In bytes, unless the reader says otherwise.
    package static let greatestSize = 64 << 20
    package static let greatestDepth = 64

    /// The one value in `bytes`. O(n). `file` and `line` (of the first byte, 1-based) place diagnostics: a line of a `.jsonl`
    /// file is read by itself.
    ///
    /// Throws `DiagnosticsError` with one diagnostic (`json.…`).
    package static func parse(
        _ bytes: some Collection<UInt8>, file: String, line: Int = 1, limit: Int = greatestSize
    ) throws(DiagnosticsError) -> JSONValue {
        guard bytes.count <= limit else {
            throw DiagnosticsError([
                Diagnostic(
                    "json.size", .error, "\(bytes.count) bytes, more than the \(limit) that are allowed",
                    at: SourceLocation(file: file, line: line))
            ])
        }
        let bytes = Array(bytes)
        var parser = JSONParser(bytes)
        do {
            return try parser.parse()
        } catch {
            let position = LineTable(bytes).position(at: min(error.offset, bytes.count))
            throw DiagnosticsError([
                Diagnostic(
                    error.id, .error, error.message,
                    at: SourceLocation(file: file, line: line + position.line - 1, column: position.column))
            ])
        }
    }

    /// Checks `bytes` as `parse` does, then decodes them. Unknown members are skipped: later versions may add some.
    ///
    /// Throws `DiagnosticsError`, `json.wrong-shape` when the value isn't what `type` needs.
    package static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8], file: String, line: Int = 1, limit: Int = greatestSize
    ) throws(DiagnosticsError) -> Value {
        _ = try parse(bytes, file: file, line: line, limit: limit)
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw DiagnosticsError([
                Diagnostic(
                    "json.wrong-shape", .error, words(for: error), at: SourceLocation(file: file, line: line))
            ])
        }
    }

    private static func words(for error: any Error) -> String {
        func path(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
            let keys = context.codingPath + (last.map { [$0] } ?? [])
            let text = keys.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue.shortened)" }.joined()
            return text.isEmpty ? "the value" : "'\(text.hasPrefix(".") ? String(text.dropFirst()) : text)'"
        }
        switch error as? DecodingError {
        case .keyNotFound(let key, let context): return "\(path(context, key)) is missing"
        case .typeMismatch(_, let context): return "\(path(context)) has another type than it must have"
        case .valueNotFound(_, let context): return "\(path(context)) is null"
        case .dataCorrupted(let context): return "\(path(context)): \(context.debugDescription.shortened)"
        default: return "not the expected shape"
        }
    }
}
