/// What differs between two texts, in the unified form that `diff -u` prints, by Myers' greedy algorithm (An O(ND)
/// Difference Algorithm and Its Variations, 1986). Texts that differ in more than `greatestDistance` lines between what
/// they begin and end with alike are shown as replaced there: the work stays bounded.
enum TextDiff {
    static let greatestDistance = 600
    private static let context = 3

    fileprivate enum Step {
        /// Line of both, by its number in the old and the new text.
        case keep(Int, Int)
        case remove(Int)
        case add(Int)
    }

    /// The hunks with their `@@` lines; empty when the texts are equal. O(lines + distance²).
    static func hunks(from old: [UInt8], to new: [UInt8]) -> [String] {
        let before = lines(old)
        let after = lines(new)
        let steps = steps(before, after)
        var result: [String] = []
        var place = 0
        while let first = steps[place...].firstIndex(where: \.isChange) {
            let start = max(place, first - context)
            var end = first
            // Changes with no more than twice the context between them share a hunk.
            while let next = steps[(end + 1)...].prefix(2 * context + 1).firstIndex(where: \.isChange) { end = next }
            let hunk = steps[start..<min(steps.count, end + 1 + context)]
            result.append(header(hunk, steps[..<start]))
            for step in hunk {
                switch step {
                case .keep(_, let line): result.append(" " + text(after[line]))
                case .remove(let line): result += shown("-", before, line)
                case .add(let line): result += shown("+", after, line)
                }
            }
            place = hunk.endIndex
        }
        return result
    }

    /// Two texts as lines without their ends, whole: what is in both after a blank, the rest after `-` and `+`.
    static func lines(from old: [String], to new: [String]) -> [String] {
        func bytes(_ lines: [String]) -> [ArraySlice<UInt8>] { lines.map { ArraySlice(($0 + "\n").utf8) } }
        return steps(bytes(old), bytes(new)).map { step in
            switch step {
            case .keep(let line, _): " " + old[line]
            case .remove(let line): "-" + old[line]
            case .add(let line): "+" + new[line]
            }
        }
    }

    /// Lines with their ends, so that a missing last one is a difference.
    private static func lines(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var rest = text[...]
        while let end = rest.firstIndex(of: 0x0A) {
            lines.append(rest[...end])
            rest = rest[(end + 1)...]
        }
        if !rest.isEmpty { lines.append(rest) }
        return lines
    }

    private static func shown(_ sign: String, _ lines: [ArraySlice<UInt8>], _ line: Int) -> [String] {
        let text = [sign + text(lines[line])]
        return lines[line].last == 0x0A ? text : text + ["\\ no newline at the end"]
    }

    private static func text(_ line: ArraySlice<UInt8>) -> String {
        let text = String(decoding: line.last == 0x0A ? line.dropLast() : line, as: UTF8.self)
        return text.utf8.count > 2000 ? text.prefix(500) + "…" : text
    }

    /// `@@ -first,count +first,count @@`, where the line before stands for an empty side.
    private static func header(_ hunk: ArraySlice<Step>, _ before: ArraySlice<Step>) -> String {
        func range(_ isCounted: (Step) -> Bool) -> String {
            let first = before.count(where: isCounted)
            let count = hunk.count(where: isCounted)
            return "\(count == 0 ? first : first + 1),\(count)"
        }
        return "@@ -\(range { if case .add = $0 { false } else { true } }) "
            + "+\(range { if case .remove = $0 { false } else { true } }) @@"
    }

    // MARK: Comparing

    private static func steps(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) -> [Step] {
        var numbers: [ArraySlice<UInt8>: Int] = [:]
        func number(_ line: ArraySlice<UInt8>) -> Int {
            let next = numbers.count
            if let known = numbers[line] { return known }
            numbers[line] = next
            return next
        }
        let a = old.map(number)
        let b = new.map(number)
        let head = zip(a, b).prefix { $0 == $1 }.count
        let tail = zip(a[head...].reversed(), b[head...].reversed()).prefix { $0 == $1 }.count
        let middle = shortest(Array(a[head..<(a.count - tail)]), Array(b[head..<(b.count - tail)]))
        return (0..<head).map { .keep($0, $0) } + middle.map { $0.moved(by: head) }
            + (0..<tail).map { .keep(a.count - tail + $0, b.count - tail + $0) }
    }

    /// The shortest way from `a` to `b`; when it is too long, everything is removed and added.
    private static func shortest(_ a: [Int], _ b: [Int]) -> [Step] {
        let limit = min(a.count + b.count, greatestDistance)
        let zero = limit + 1
        // How far each diagonal has come, and how it was before each round.
        var reach = [Int](repeating: 0, count: 2 * limit + 3)
        var rounds: [[Int]] = []
        for distance in 0...limit {
            rounds.append(reach)
            for diagonal in stride(from: -distance, through: distance, by: 2) {
                var x = start(of: diagonal, distance, reach, zero)
                while x < a.count, x - diagonal < b.count, a[x] == b[x - diagonal] { x += 1 }
                reach[zero + diagonal] = x
                if x >= a.count, x - diagonal >= b.count { return way(a.count, b.count, rounds, zero) }
            }
        }
        return a.indices.map { .remove($0) } + b.indices.map { .add($0) }
    }

    private static func start(of diagonal: Int, _ distance: Int, _ reach: [Int], _ zero: Int) -> Int {
        comesFromAbove(diagonal, distance, reach, zero) ? reach[zero + diagonal + 1] : reach[zero + diagonal - 1] + 1
    }

    private static func comesFromAbove(_ diagonal: Int, _ distance: Int, _ reach: [Int], _ zero: Int) -> Bool {
        diagonal == -distance
            || (diagonal != distance && reach[zero + diagonal - 1] < reach[zero + diagonal + 1])
    }

    private static func way(_ m: Int, _ n: Int, _ rounds: [[Int]], _ zero: Int) -> [Step] {
        var steps: [Step] = []
        var (x, y) = (m, n)
        for distance in (1..<max(1, rounds.count)).reversed() {
            let reach = rounds[distance]
            let isAddition = comesFromAbove(x - y, distance, reach, zero)
            let diagonal = x - y + (isAddition ? 1 : -1)
            let from = (x: reach[zero + diagonal], y: reach[zero + diagonal] - diagonal)
            while x > from.x, y > from.y {
                (x, y) = (x - 1, y - 1)
                steps.append(.keep(x, y))
            }
            steps.append(isAddition ? .add(y - 1) : .remove(x - 1))
            (x, y) = (from.x, from.y)
        }
        while x > 0, y > 0 {
            (x, y) = (x - 1, y - 1)
            steps.append(.keep(x, y))
        }
        return steps.reversed()
    }
}

extension TextDiff.Step {
    fileprivate var isChange: Bool { if case .keep = self { false } else { true } }

    fileprivate func moved(by count: Int) -> Self {
        switch self {
        case .keep(let old, let new): .keep(old + count, new + count)
        case .remove(let line): .remove(line + count)
        case .add(let line): .add(line + count)
        }
    }
}
