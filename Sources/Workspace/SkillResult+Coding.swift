import Basics
import BuildEngine
import Compiler
import Formats

/// How `Session` keeps a skill's result. A thousand are read by every build that is no null build: hence no JSON but for
/// diagnostics, which most skills have none of.
extension Session.SkillResult {
    private static let version: UInt8 = 1

    var encoded: [UInt8] {
        get throws {
            var encoder = ByteEncoder()
            encoder.byte(Self.version)
            encoder.fixed(Int64(actions))
            encoder.block(try diagnostics.encoded)
            encoder.count(variants.count)
            for variant in variants {
                encoder.string(variant.package)
                encoder.string(variant.version)
                encoder.string(variant.target)
                encoder.optional(variant.tree?.description)
                encoder.count(variant.passes.count)
                for (pass, output) in variant.passes.sorted(by: { $0.key < $1.key }) {
                    encoder.string(pass)
                    encoder.digest(output)
                }
                encoder.block(try variant.diagnostics.encoded)
            }
            return encoder.bytes
        }
    }

    /// Reads what `encoded` wrote; throws for anything else.
    init(decoding bytes: [UInt8]) throws {
        var decoder = ByteDecoder(bytes)
        guard try decoder.byte() == Self.version else { throw DamagedResult() }
        actions = Int(clamping: try decoder.fixed(Int64.self))
        diagnostics = try [Diagnostic](decoding: try decoder.block())
        variants = []
        for _ in 0..<(try decoder.count()) {
            var variant = CompiledVariant(
                package: try decoder.string(), version: try decoder.string(), target: try decoder.string(), tree: nil,
                passes: [:], diagnostics: [])
            if let text = try decoder.optional() {
                guard let tree = Digest(text: text) else { throw DamagedResult() }
                variant.tree = tree
            }
            for _ in 0..<(try decoder.count()) { variant.passes[try decoder.string()] = try decoder.digest() }
            variant.diagnostics = try [Diagnostic](decoding: try decoder.block())
            variants.append(variant)
        }
        guard decoder.isAtEnd else { throw DamagedResult() }
    }
}

extension [Diagnostic] {
    fileprivate var encoded: [UInt8] {
        get throws { isEmpty ? [] : try CanonicalJSON.encode(self) }
    }

    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws {
        self = bytes.isEmpty ? [] : try CanonicalJSON.decode([Diagnostic].self, from: [UInt8](bytes))
    }
}

/// The bytes of a result are not what was written: it is compiled anew.
private struct DamagedResult: Error {}
