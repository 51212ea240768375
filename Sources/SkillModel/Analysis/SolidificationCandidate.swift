package import Basics

/// A fragment whose structure stays fixed from call to call while its inputs vary: the run time can bypass the model
/// once it recurs. Output of `solidify`.
package struct SolidificationCandidate: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable {
        case shell, python, javascript, sql, http
    }

    package struct Parameter: Sendable, Hashable, Codable {
        package enum ValueType: String, Sendable, Hashable, Codable { case string, integer, number, boolean, path, url }
        /// Lower snake case.
        package var name: String
        package var type: ValueType
        /// What stands for it in the fragment.
        package var example: String
        /// Where the fragment has it. Values travel as arguments or environment, never spliced into code.
        package var spans: [SourceSpan]
        package init(name: String, type: ValueType, example: String, spans: [SourceSpan]) {
            self.name = name
            self.type = type
            self.example = example
            self.spans = spans
        }
    }

    package var kind: Kind
    /// 1-based line in SKILL.md of the fragment's first code line.
    package var line: Int
    package var span: SourceSpan
    /// Words of a request that make the candidate likely.
    package var keywords: [String]
    /// Matches the code a model would write for it: the fragment's tokens, parameters replaced by `$name`.
    package var signature: String
    package var template: String
    package var parameters: [Parameter]
    /// Nil for what no program runs as a file: SQL and requests.
    package var runner: TemplateRunner?
    package init(
        kind: Kind, line: Int, span: SourceSpan, keywords: [String], signature: String, template: String,
        parameters: [Parameter], runner: TemplateRunner? = nil
    ) {
        self.kind = kind
        self.line = line
        self.span = span
        self.keywords = keywords
        self.signature = signature
        self.template = template
        self.parameters = parameters
        self.runner = runner
    }
}

package struct SolidificationSet: Sendable, Hashable, Codable {
    package var candidates: [SolidificationCandidate]
    package init(_ candidates: [SolidificationCandidate]) {
        self.candidates = candidates
    }
}
