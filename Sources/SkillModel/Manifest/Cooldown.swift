/// How old a release must be before it is chosen: `36h`, `7d`, `2w`.
package struct Cooldown: TextValue {
    /// In hours, from 1 to ten years.
    package let hours: Int
    package let description: String

    private static let greatestHours = 24 * 3653

    /// Reads a number without sign or leading zero and its unit, nothing between them.
    package init?(_ text: String) {
        let digits = text.utf8.dropLast()
        guard (1...6).contains(digits.count), digits.first != 0x30,
            digits.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(Substring(digits)),
            let unit = text.utf8.last
        else { return nil }
        let scale: Int
        switch unit {
        case UInt8(ascii: "h"): scale = 1
        case UInt8(ascii: "d"): scale = 24
        case UInt8(ascii: "w"): scale = 24 * 7
        default: return nil
        }
        guard number * scale <= Self.greatestHours else { return nil }
        hours = number * scale
        description = text
    }

    package static func fault(in text: String) -> String? {
        Cooldown(text) == nil ? "a cooldown is a number of hours, days or weeks: \"36h\", \"7d\", \"2w\"" : nil
    }

    /// Whether what came out at `time` may be chosen at `now`; both in seconds since the epoch.
    package func hasPassed(since time: Int64, now: Int64) -> Bool {
        let (age, overflow) = now.subtractingReportingOverflow(time)
        return !overflow && age >= Int64(hours) * 3600
    }

    package static func < (a: Cooldown, b: Cooldown) -> Bool {
        (a.hours, a.description) < (b.hours, b.description)
    }
}
