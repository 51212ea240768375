/// Binary search over what stands in the order of the text.
enum SortedSearch {
    /// The first index for which `holds`, which is false up to it and true from it on; the range's end when it never is.
    static func first(in range: Range<Int>, where holds: (Int) -> Bool) -> Int {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = low + (high - low) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
