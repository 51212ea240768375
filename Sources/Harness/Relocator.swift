package import Basics
import Formats
import SkillModel

/// Writes the installed skill's absolute path in place of the token that a variant holds, and takes it back.
///
/// Only the places that `.skvm/variant.json` lists are touched: text of the skill that looks like the token stays.
package struct Relocator: Sendable, Equatable {
    package static let token = Relocation.token
    private static let tokenBytes = Array(token.utf8)
    /// Where a variant lists its relocations.
    package static let listPath = ".skvm/variant.json"

    /// Offsets of the token by file, before relocation, ascending.
    package var sites: [RelativePath: [Int]]

    package init(sites: [RelativePath: [Int]] = [:]) { self.sites = sites }

    /// What makes a list of relocations, or a file, unfit for the other.
    package struct Mismatch: Error, Sendable, Equatable {
        package var reason: String
    }

    /// Reads `relocations` out of the bytes of `.skvm/variant.json`.
    package init(variantDescription bytes: [UInt8]) throws(Mismatch) {
        let value: JSONValue
        do { value = try StrictJSON.parse(bytes, file: Self.listPath) } catch {
            throw Mismatch(reason: "\(Self.listPath): \(error.diagnostics.first?.message ?? "it can't be read")")
        }
        sites = [:]
        for item in value["relocations"]?.array ?? [] {
            guard let file = item["file"]?.string.flatMap({ RelativePath($0) }), let list = item["offsets"]?.array
            else {
                throw Mismatch(reason: "\(Self.listPath): a relocation has no file or no offsets")
            }
            let offsets = list.compactMap { $0.integer.flatMap { Int(exactly: $0) } }
            let distances = zip(offsets, offsets.dropFirst()).map { $1.subtractingReportingOverflow($0) }
            guard offsets.count == list.count, offsets.first ?? 0 >= 0, (offsets.last ?? 0) < Int.max >> 1,
                distances.allSatisfy({ !$0.overflow && $0.partialValue >= Self.tokenBytes.count }),
                sites.updateValue(offsets, forKey: file) == nil
            else {
                throw Mismatch(reason: "\(Self.listPath): the offsets of \(file) aren't ascending, or are listed twice")
            }
        }
    }

    /// `bytes` of `file` with `path` for every listed token. O(n).
    package func apply(_ bytes: [UInt8], of file: RelativePath, path: String) throws(Mismatch) -> [UInt8] {
        guard let offsets = sites[file], !offsets.isEmpty else { return bytes }
        return try Self.replace(Self.tokenBytes, by: Array(path.utf8), at: offsets, in: bytes, file)
    }

    /// The exact inverse of `apply`. Throws when `path` doesn't stand where the token stood.
    package func undo(_ bytes: [UInt8], of file: RelativePath, path: String) throws(Mismatch) -> [UInt8] {
        guard let offsets = sites[file], !offsets.isEmpty else { return bytes }
        let pathBytes = Array(path.utf8)
        // Each token before a place moved it by the difference of the lengths.
        let growth = pathBytes.count - Self.tokenBytes.count
        let moved = offsets.enumerated().map { $0.element + $0.offset * growth }
        return try Self.replace(pathBytes, by: Self.tokenBytes, at: moved, in: bytes, file)
    }

    private static func replace(
        _ old: [UInt8], by new: [UInt8], at offsets: [Int], in bytes: [UInt8], _ file: RelativePath
    ) throws(Mismatch) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(max(0, bytes.count + offsets.count * (new.count - old.count)))
        var done = 0
        for offset in offsets {
            guard offset >= done, offset <= bytes.count - old.count,
                bytes[offset..<(offset + old.count)].elementsEqual(old)
            else {
                throw Mismatch(reason: "\(file) has no relocation at byte \(offset)")
            }
            result += bytes[done..<offset]
            result += new
            done = offset + old.count
        }
        return result + bytes[done...]
    }

    /// Why a skill can't be installed at `path`; nil when it can. Spaces are written as they are: commands have the token
    /// in double quotes. What ends those quotes or means something within them would make the path a command of its own;
    /// line ends and other control characters would end a command or a Markdown line in its middle.
    package static func fault(ofPath path: String) -> String? {
        for scalar in path.unicodeScalars {
            switch scalar {
            case "\"", "$", "`", "\\": return "its path holds \(scalar), which a shell would read"
            case "\u{2028}", "\u{2029}": return "its path holds a control character"
            default:
                if scalar.properties.generalCategory == .control { return "its path holds a control character" }
            }
        }
        return nil
    }
}
