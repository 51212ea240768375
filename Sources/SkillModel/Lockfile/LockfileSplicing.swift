import Basics

extension Lockfile {
    /// What `new` is encoded as, made of `text`, which this lock is encoded as: only the records of variants that differ are
    /// written anew. Of three thousand an edit changes three.
    ///
    /// Nil when more differs than trees, passes and recordings of variants that both have, or when `text` is not this lock's.
    package func text(_ text: [UInt8], changedTo new: Lockfile) -> [UInt8]? {
        guard variants.count == new.variants.count, targets == new.targets, wishes == new.wishes,
            packages.elementsEqual(new.packages, by: { $0.says($1) })
        else { return nil }
        var output = text
        // From behind: what was found before stays where it is, and the order is that of the text.
        var end = output.count
        for (old, new) in zip(variants, new.variants).reversed() where old != new || !old.package.says(new.package) {
            guard old.target == new.target, old.package.says(new.package) else { return nil }
            let record = LockfileWriter.record(old)
            guard let place = output.lastPosition(of: record, before: end) else { return nil }
            output.replaceSubrange(place..<place + record.count, with: LockfileWriter.record(new))
            end = place
        }
        return output
    }
}

extension LockfileWriter {
    fileprivate static func record(_ variant: LockedVariant) -> [UInt8] {
        var writer = LockfileWriter()
        writer.add(variant)
        return writer.output
    }
}

extension [UInt8] {
    /// Where `bytes` stand for the last time in this array's first `end` bytes; nil when they don't, or are none. From the
    /// end, O(n) for text whose lines differ early.
    fileprivate func lastPosition(of bytes: [UInt8], before end: Int) -> Int? {
        guard let first = bytes.first, end <= count, bytes.count <= end else { return nil }
        return withUnsafeBufferPointer { text in
            bytes.withUnsafeBufferPointer { wanted in
                var place = end - wanted.count
                while place >= 0 {
                    if text[place] == first {
                        var same = 1
                        while same < wanted.count, text[place + same] == wanted[same] { same += 1 }
                        if same == wanted.count { return place }
                    }
                    place -= 1
                }
                return nil
            }
        }
    }
}
