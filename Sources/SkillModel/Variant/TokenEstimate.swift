/// How much of a model's context a text takes, estimated without a tokenizer: bytes over four, rounded up.
///
/// Tokenizers differ by model and are not part of a target; the figure is for comparing a variant with its source, where
/// any estimate that is linear in bytes gives the same ratio.
package enum TokenEstimate {
    package static func of(bytes: Int) -> Int { (max(bytes, 0) + 3) / 4 }
    package static func of(_ text: String) -> Int { of(bytes: text.utf8.count) }
}
