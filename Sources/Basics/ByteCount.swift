/// Sizes as people read them.
package enum ByteCount {
    /// `98 KiB`; below ten with one decimal.
    package static func shown(_ count: Double) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        var number = count
        var unit = 0
        while number >= 1024, unit < units.count - 1 {
            number /= 1024
            unit += 1
        }
        if unit == 0 { return "\(Int(number)) \(number == 1 ? "byte" : "bytes")" }
        return number < 10 ? "\((number * 10).rounded() / 10) \(units[unit])" : "\(Int(number)) \(units[unit])"
    }

    package static func shown(_ count: Int64) -> String { shown(Double(count)) }
}
