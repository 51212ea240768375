extension Range<Int> {
    /// The first number for which `holds`, which is false up to it and true from it on; the range's end when it never is.
    /// O(log n).
    package func firstSorted(where holds: (Int) -> Bool) -> Int {
        var low = lowerBound
        var high = upperBound
        while low < high {
            let middle = low + (high - low) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
