/// Finds those of a list that don't go with the ones before them.
enum Culprits {
    /// Each that is at fault, with what is wrong, in the list's order: whatever `faults` finds in those that are good so far
    /// together with it. Half a list without faults is asked about once: O(culprits · log n) calls. To be called where there are
    /// faults in the whole.
    static func find<Name: Sendable, Fault: Sendable>(
        in names: [Name], _ faults: ([Name]) async throws -> [Fault]
    ) async throws -> [(name: Name, faults: [Fault])] {
        var good: [Name] = []
        var culprits: [(name: Name, faults: [Fault])] = []
        var parts = split(names[...])
        while let part = parts.popLast() {
            let found = try await faults(good + part)
            if found.isEmpty {
                good += part
            } else if part.count == 1 {
                culprits.append((part[part.startIndex], found))
            } else {
                parts += split(part)
            }
        }
        return culprits
    }

    /// Both halves, the first one last.
    private static func split<Name>(_ names: ArraySlice<Name>) -> [ArraySlice<Name>] {
        if names.count < 2 { return names.isEmpty ? [] : [names] }
        let middle = names.startIndex + names.count / 2
        return [names[middle...], names[..<middle]]
    }
}
