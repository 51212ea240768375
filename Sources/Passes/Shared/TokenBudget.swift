/// How much longer than its source a variant may be: half as much again, and a floor for short skills. `lower` stays below
/// it, `guard` refuses what does not.
package enum TokenBudget {
    private static let floor = 400

    package static func tokens(forSource tokens: Int) -> Int { tokens / 2 * 3 + floor }
}
