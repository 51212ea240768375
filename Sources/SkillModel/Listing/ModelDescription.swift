package import Basics
import Formats

/// What is known of a model, whatever harness it is used in (`docs/formats/model.md`). No input of any pass, and in no lock.
package struct ModelDescription: Sendable, Hashable {
    package var model: String
    /// How many tokens its context window has.
    package var context: Int
    /// Where that was read: the address of its maker's own documentation.
    package var source: String

    package init(model: String, context: Int, source: String) {
        self.model = model
        self.context = context
        self.source = source
    }

    /// What a window may be. A smaller number is one of thousands of tokens.
    package static let contexts: ClosedRange<Int64> = 1_000...100_000_000

    /// Reads a model's file strictly. Throws `DiagnosticsError` with everything wrong in it.
    package init(parsing bytes: [UInt8], file: String) throws(DiagnosticsError) {
        let document = try TOMLDocument(parsing: bytes, file: file, limit: 1 << 16)
        let findings = Findings()
        let record = TOMLRecord(
            document.root, "the model's description", keys: ["version", "model", "context", "source"],
            findings: findings)
        guard record.checkFormat(known: 1, id: "model.version", what: "the model's description") else {
            throw DiagnosticsError(findings.diagnostics)
        }
        let model: ModelName? = record.requiredValue("model")
        _ = record.required("context", hint: "how many tokens the model's context window has, like context = 200_000")
        let context = record.context("context")
        let source = record.requiredLine("source")
        try findings.throwErrors()
        self.init(model: model?.description ?? "", context: context ?? 0, source: source ?? "")
    }
}

extension TOMLRecord {
    /// How many tokens a context window has.
    func context(_ key: String) -> Int? {
        guard let number = integer(key, in: 1...ModelDescription.contexts.upperBound) else { return nil }
        guard ModelDescription.contexts.contains(number) else {
            if let value = table[key] {
                report(
                    value, "'\(key)' is \(number), fewer tokens than any model's window has",
                    hint: "write it in tokens: \(number * 1000)")
            }
            return nil
        }
        return Int(number)
    }
}
