/// A text in which git left what two sides wrote between its markers, taken apart again.
package struct ConflictMarkers: Sendable, Equatable {
    package private(set) var ours: [UInt8] = []
    package private(set) var theirs: [UInt8] = []
    /// The common ancestor, where git was told to write it (`merge.conflictStyle = diff3`); nil elsewhere.
    package private(set) var base: [UInt8]?

    private enum Part { case both, ours, base, theirs }

    /// Nil for a text without markers, and for one whose markers don't go together. O(n).
    package init?(_ text: [UInt8]) {
        var part = Part.both
        var count = 0
        var bases = 0
        var ancestor: [UInt8] = []
        var lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
        if text.last == 0x0A { lines.removeLast() }
        for line in lines {
            switch (Self.marker(line), part) {
            case (UInt8(ascii: "<"), .both): part = .ours
            case (UInt8(ascii: "|"), .ours):
                part = .base
                bases += 1
            case (UInt8(ascii: "="), .ours), (UInt8(ascii: "="), .base): part = .theirs
            case (UInt8(ascii: ">"), .theirs):
                part = .both
                count += 1
            case (nil, _):
                if part == .both || part == .ours { ours += line + [0x0A] }
                if part == .both || part == .theirs { theirs += line + [0x0A] }
                if part == .both || part == .base { ancestor += line + [0x0A] }
            default: return nil
            }
        }
        guard count > 0, part == .both else { return nil }
        base = bases == count ? ancestor : nil
    }

    /// Which marker a line is; nil for any other line.
    private static func marker(_ line: ArraySlice<UInt8>) -> UInt8? {
        guard let first = line.first, "<=>|".utf8.contains(first), line.prefix(8).count(where: { $0 == first }) == 7
        else { return nil }
        guard line.prefix(7).allSatisfy({ $0 == first }), let next = line.dropFirst(7).first else {
            return line.count == 7 ? first : nil
        }
        return next == 0x20 || next == 0x0D ? first : nil
    }
}
