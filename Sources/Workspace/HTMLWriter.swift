/// Writes HTML. Text is escaped always; `raw` is for skvm's own marks alone, never for anything that a skill says.
struct HTMLWriter {
    private(set) var output = ""

    mutating func raw(_ markup: String) { output += markup }

    /// Text between tags or in an attribute's quotes. Characters that a reader can't see, or that turn the text around,
    /// are shown by their code points: `[U+200B]`.
    mutating func text(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&#39;"
            case "\n", "\t": output.unicodeScalars.append(scalar)
            default:
                if Self.hides(scalar) {
                    let digits = String(scalar.value, radix: 16, uppercase: true)
                    output += "[U+\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
                } else {
                    output.unicodeScalars.append(scalar)
                }
            }
        }
    }

    /// An element with what `body` writes in it.
    mutating func element(_ name: String, class kind: String? = nil, _ body: (inout HTMLWriter) -> Void) {
        output += kind.map { "<\(name) class=\"\($0)\">" } ?? "<\(name)>"
        body(&self)
        output += "</\(name)>"
    }

    /// Controls, format characters (bidirectional marks, zero-width ones, tags), lone surrogates' stand-ins and private use.
    private static func hides(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
