/// Which lines of a text differ from another's.
enum LineDiff {
    /// A run of old lines and what stands in its place; one of the two may be empty. Lines count from 0.
    struct Block: Equatable {
        var old: Range<Int>
        var new: Range<Int>
    }

    /// The blocks that turn `old` into `new`, in order; between two of them stands at least one equal line.
    ///
    /// Myers' algorithm, O(lines · differing lines), on what is left when equal lines at both ends are taken off.
    static func blocks(from old: [String], to new: [String]) -> [Block] {
        let head = zip(old, new).prefix { $0 == $1 }.count
        let tail = zip(old[head...].reversed(), new[head...].reversed()).prefix { $0 == $1 }.count
        let difference = new[head..<(new.count - tail)].difference(from: old[head..<(old.count - tail)])
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(head + offset)
            case .insert(let offset, _, _): inserted.insert(head + offset)
            }
        }
        var blocks: [Block] = []
        var (i, j) = (head, head)
        while i < old.count - tail || j < new.count - tail {
            let (from, start) = (i, j)
            while removed.contains(i) { i += 1 }
            while inserted.contains(j) { j += 1 }
            if i > from || j > start {
                blocks.append(Block(old: from..<i, new: start..<j))
            } else {
                i += 1
                j += 1
            }
        }
        return blocks
    }
}
