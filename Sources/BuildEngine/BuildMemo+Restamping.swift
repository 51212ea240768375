package import Basics

extension BuildMemo {
    /// Writes the memo in `file` anew, with these stamps in place of what it has of their paths, as one that was taken at
    /// `takenAt`: for files that were touched, and hold what they held. With an `answer`, it has that from now on. Returns its
    /// answer, in brief if that is asked for.
    ///
    /// Nil, and nothing is written, when the memo is none, another's or doesn't watch one of the paths. O(the memo).
    package static func restamp(
        _ file: String, configuration: Digest, _ stamps: [String: FileStatus], takenAt: Int64,
        answer: (brief: [UInt8], whole: [UInt8])? = nil, brief: Bool
    ) throws(FileError) -> [UInt8]? {
        guard var bytes = try? FileSystem.read(file), bytes.starts(with: magic), bytes.count > magic.count + 32
        else { return nil }
        let start = magic.count + 32
        guard Digest(bytes: bytes[magic.count..<start]) == Digest(of: bytes[start...]) else { return nil }
        guard let found = places(of: stamps, in: bytes, from: start, configuration) else { return nil }
        bytes.withUnsafeMutableBytes { raw in
            for (place, stamp) in found.records {
                set(stamp, in: UnsafeMutableRawBufferPointer(rebasing: raw[place..<place + fixedSize]))
            }
            // After the configuration.
            raw.storeBytes(of: takenAt.littleEndian, toByteOffset: start + 32, as: Int64.self)
        }
        if let answer {
            var end = ByteEncoder()
            end.block(answer.brief)
            end.block(answer.whole)
            // Each block has its count before it.
            bytes.replaceSubrange((found.brief.lowerBound - 4)..., with: end.bytes)
        }
        bytes.replaceSubrange(magic.count..<start, with: Digest(of: bytes[start...]).bytes)
        let staging = FileSystem.temporaryPath(beside: file)
        try FileSystem.write(bytes, to: staging)
        try FileSystem.rename(staging, to: file)
        if let answer { return brief ? answer.brief : answer.whole }
        return Array(bytes[brief ? found.brief : found.answer])
    }

    private struct Places {
        /// Where the records of the paths begin.
        var records: [(place: Int, stamp: FileStatus)] = []
        var brief = 0..<0
        var answer = 0..<0
    }

    private static func places(
        of stamps: [String: FileStatus], in bytes: [UInt8], from start: Int, _ configuration: Digest
    ) -> Places? {
        var decoder = ByteDecoder(bytes[start...])
        guard (try? decoder.digest()) == configuration, (try? decoder.fixed(Int64.self)) != nil,
            let groups = try? decoder.count()
        else { return nil }
        var found = Places()
        for _ in 0..<groups {
            guard let name = try? decoder.string(), name.utf8.last == 0, let count = try? decoder.fixed(UInt64.self)
            else { return nil }
            let base = name.utf8.count == 1 ? "" : String(name.dropLast()) + "/"
            let wanted = stamps.compactMap { path, stamp in
                path.utf8.starts(with: base.utf8)
                    ? (path: Array(path.utf8.dropFirst(base.utf8.count)), stamp: stamp) : nil
            }
            for _ in 0..<count {
                let record = decoder.position
                decoder.skip(to: record + fixedSize - 4)
                guard let path = try? decoder.block(), path.last == 0 else { return nil }
                for item in wanted where item.path.count == path.count - 1 && path.starts(with: item.path) {
                    found.records.append((record, item.stamp))
                }
            }
        }
        guard found.records.count == stamps.count, let brief = try? decoder.block(), let answer = try? decoder.block()
        else { return nil }
        found.brief = brief.indices
        found.answer = answer.indices
        return found
    }
}
