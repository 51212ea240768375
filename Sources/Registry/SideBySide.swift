/// Work for several servers at the same time, in bounds.
package enum SideBySide {
    /// At most so many servers, repositories and files at once, by `SKVM_NET_CONNECTIONS`: 1 to 64, else 8.
    package static func width(environment: [String: String]) -> Int {
        guard let width = environment["SKVM_NET_CONNECTIONS"].flatMap({ Int($0) }), (1...64).contains(width) else {
            return 8
        }
        return width
    }

    /// What `work` makes of each of `lanes`, in their order: `width` of them are under way at a time, begun in that order.
    package static func run<Lane: Sendable, Result: Sendable>(
        _ lanes: [Lane], width: Int, _ work: @escaping @Sendable (Lane) async -> Result
    ) async -> [Result] {
        await withTaskGroup(of: (Int, Result).self) { group in
            var results: [Int: Result] = [:]
            var next = 0
            func begin() {
                guard next < lanes.count else { return }
                let (place, lane) = (next, lanes[next])
                group.addTask { (place, await work(lane)) }
                next += 1
            }
            for _ in 0..<max(1, width) { begin() }
            while let (place, result) = await group.next() {
                results[place] = result
                begin()
            }
            return lanes.indices.compactMap { results[$0] }
        }
    }
}
