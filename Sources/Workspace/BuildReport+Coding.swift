import Basics
import BuildEngine
import Formats

/// How a memo keeps a report (`docs/formats/state.md`): thousands of variants are written after each edit, and JSON of them
/// would take a tenth of the time of that. What ran and what became of the lock is no part of it: a build that only
/// remembers ran nothing.
extension BuildReport {
    var encoded: [UInt8] {
        get throws {
            var encoder = ByteEncoder()
            encoder.reserve(variants.count * 200 + folders.count * 120 + 256)
            encoder.string(command)
            encoder.byte((ok ? 1 : 0) | (dryRun ? 2 : 0))
            encoder.fixed(Int64(cached))
            encoder.count(variants.count)
            for variant in variants {
                encoder.string(variant.package)
                encoder.string(variant.version)
                encoder.string(variant.target)
                encoder.digest(variant.tree)
                encoder.optional(variant.path)
            }
            encoder.block(diagnostics.isEmpty ? [] : try CanonicalJSON.encode(diagnostics))
            encoder.count(folders.count)
            for folder in folders {
                encoder.string(folder.action)
                encoder.string(folder.package)
                encoder.string(folder.path)
            }
            encoder.byte(omitted == nil ? 0 : 1)
            if let omitted {
                encoder.fixed(Int64(omitted.variants))
                encoder.fixed(Int64(omitted.kept))
            }
            return encoder.bytes
        }
    }

    /// Reads what `encoded` wrote; throws for anything else.
    init(decoding bytes: ArraySlice<UInt8>) throws {
        var decoder = ByteDecoder(bytes)
        self.init(command: try decoder.string())
        let marks = try decoder.byte()
        (ok, dryRun) = (marks & 1 != 0, marks & 2 != 0)
        cached = Int(clamping: try decoder.fixed(Int64.self))
        for _ in 0..<(try decoder.count()) {
            variants.append(
                Variant(
                    package: try decoder.string(), version: try decoder.string(), target: try decoder.string(),
                    tree: try decoder.digest(), path: try decoder.optional()))
        }
        let found = try decoder.block()
        if !found.isEmpty { diagnostics = try CanonicalJSON.decode([Diagnostic].self, from: Array(found)) }
        for _ in 0..<(try decoder.count()) {
            folders.append(
                FolderChange(
                    action: try decoder.string(), package: try decoder.string(), path: try decoder.string()))
        }
        if try decoder.byte() == 1 {
            omitted = Omitted(
                variants: Int(clamping: try decoder.fixed(Int64.self)),
                kept: Int(clamping: try decoder.fixed(Int64.self)))
        }
        guard decoder.isAtEnd else { throw ByteDecoder.Damaged() }
    }
}
