/// Whether a known version satisfies a constraint as a skill states it. Only what can be decided by numbers is decided:
/// anything else is "no", and the script looks for itself.
enum VersionConstraint {
    /// `>=2.1,<3`, `^1.2`, `~=1.4`, `1.4.2`, `==1.4`, `1.x`; pip's extras before it are not asked after. O(n).
    static func isSatisfied(_ constraint: String, by version: String) -> Bool {
        guard let have = numbers(version) else { return false }
        let constraint = withoutExtras(constraint)
        if constraint.isEmpty { return true }
        let parts = constraint.split(whereSeparator: { $0 == "," })
        return !parts.isEmpty && parts.allSatisfy { satisfies(have, String($0)) }
    }

    /// `[standard]>=0.30` → `>=0.30`.
    static func withoutExtras(_ constraint: String) -> String {
        guard constraint.hasPrefix("["), let close = constraint.firstIndex(of: "]") else { return constraint }
        return String(constraint[constraint.index(after: close)...])
    }

    private static func satisfies(_ have: [Int], _ part: String) -> Bool {
        let text = part.trimmingBlanks()
        let mark = text.prefix { "<>=!~^".contains($0) }
        guard let wanted = numbers(text.dropFirst(mark.count).trimmingBlanks()) else { return false }
        let order = compare(have, wanted)
        switch mark {
        case ">=": return order >= 0
        case ">": return order > 0
        case "<=": return order <= 0
        case "<": return order < 0
        case "!=": return order != 0
        case "", "=", "==": return have.starts(with: wanted) || order == 0
        case "~=", "~": return order >= 0 && have.starts(with: wanted.count > 1 ? Array(wanted.dropLast()) : wanted)
        case "^":
            return order >= 0 && have.first == wanted.first
                && (have[0] > 0 || have.dropFirst().first == wanted.dropFirst().first)
        default: return false
        }
    }

    private static func compare(_ a: [Int], _ b: [Int]) -> Int {
        for index in 0..<max(a.count, b.count) {
            let (x, y) = (index < a.count ? a[index] : 0, index < b.count ? b[index] : 0)
            if x != y { return x < y ? -1 : 1 }
        }
        return 0
    }

    /// The numbers of `1.2.3`; nil for a version with other parts before the first that is no number.
    private static func numbers(_ text: some StringProtocol) -> [Int]? {
        var numbers: [Int] = []
        for part in text.split(separator: ".") {
            guard let number = Int(part), number >= 0 else { break }
            numbers.append(number)
        }
        return numbers.isEmpty ? nil : numbers
    }
}
