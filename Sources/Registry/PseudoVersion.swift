import Basics
import Git
package import SkillModel

/// The version of a commit that has no tag: `0.0.0-<yyyymmddhhmmss>-<12 digits of its id>`, its time in UTC. Later
/// commits are later versions, and every one of them comes before the first release.
package enum PseudoVersion {
    /// Whether a version is made of a digest: such versions come in no order.
    package static func isOfTree(_ version: Version) -> Bool { version.description.hasPrefix("0.0.0-tree-") }

    /// Of files that no commit holds and that say no version: `0.0.0-tree-<12 digits of their digest>`.
    static func of(tree: Digest) -> Version {
        guard let version = Version("0.0.0-tree-\(tree.hex.prefix(12))") else {
            preconditionFailure("hexadecimal digits and hyphens make a prerelease")
        }
        return version
    }

    static func of(_ commit: Commit) -> Version? {
        Version("0.0.0-\(stamp(commit.time))-\(commit.id.short)")
    }

    /// `yyyymmddhhmmss` in UTC of seconds since the epoch, which are not negative.
    static func stamp(_ time: Int64) -> String {
        let (days, seconds) = min(time, 253_402_300_799).quotientAndRemainder(dividingBy: 86_400)
        let (year, month, day) = civil(days)
        return padded(year, 4) + padded(month, 2) + padded(day, 2)
            + padded(seconds / 3600, 2) + padded(seconds / 60 % 60, 2) + padded(seconds % 60, 2)
    }

    /// The date of a day since 1970-01-01 in the Gregorian calendar (counted in years that begin in March, so that
    /// the leap day is the last).
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
