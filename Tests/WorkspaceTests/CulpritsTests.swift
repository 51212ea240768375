import Testing

@testable import Workspace

@Suite struct `Those that don't go with the ones before them` {
    @Test func `are found with few questions`() async throws {
        var asked = 0
        let bad: Set = [3, 500, 999]
        let found = try await Culprits.find(in: Array(0..<1000)) { names in
            asked += 1
            return names.filter(bad.contains)
        }
        #expect(found.map(\.name) == [3, 500, 999] && found.map(\.faults) == [[3], [500], [999]])
        #expect(asked <= 3 * 2 * 10, "\(asked)")
    }

    @Test func `are those that are found one after the other`() async throws {
        for seed in 0..<200 {
            let names = Array(0..<(seed % 13 + 1))
            // Which two don't go together, and which go with none.
            func faults(_ names: [Int]) -> [String] {
                names.filter { ($0 * 7 + seed) % 5 == 0 }.map { "\($0)" }
                    + names.flatMap { a in
                        names.filter { a < $0 && (a * 31 + $0 * 17 + seed) % 4 == 0 }.map { "\(a) \($0)" }
                    }
            }
            var good: [Int] = []
            var wanted: [Int] = []
            for name in names { if faults(good + [name]).isEmpty { good.append(name) } else { wanted.append(name) } }
            let found = try await Culprits.find(in: names) { faults($0) }
            #expect(found.map(\.name) == wanted, "\(seed)")
        }
    }
}
