package import Basics

/// The null build: what a whole build looked at, with stamps, and what it answered. While every stamp holds, the answer
/// does, and nothing else has to be opened.
///
/// The file is flat so that checking it allocates nothing: the paths stand NUL-terminated in it and go to `fstatat` as
/// they are, relative to a few folders that are opened once. Format: `docs/formats/state.md`.
package struct BuildMemo: Sendable {
    package struct Watched: Sendable {
        /// Absolute, or relative to the folder that `check` is given.
        package var path: String
        /// Nil: nothing was there.
        package var stamp: FileStatus?
        package init(path: String, stamp: FileStatus?) {
            self.path = path
            self.stamp = stamp
        }
    }

    /// What the present state of the disk makes of a memo.
    package enum Outcome: Sendable, Equatable {
        /// All is as it was: the answer, or the answer in brief.
        case holds([UInt8])
        /// These of the watched paths are not as they were when the memo was written, in nanoseconds since the epoch; with
        /// the whole answer that it had then.
        case differs(Set<String>, since: Int64, answer: [UInt8])
    }

    /// Of everything that decides the answer and is no file: arguments, the version of skvm.
    package var configuration: Digest
    /// When the first stamp was taken, in nanoseconds since the epoch.
    package var takenAt: Int64
    package var watched: [Watched]
    /// Folders, absolute or relative like the watched paths, below which many of these lie: the shorter a path is, the
    /// less it costs to look at.
    package var bases: [String]
    /// The answer in brief, for those who need no more: the whole one is long.
    package var brief: [UInt8]
    package var answer: [UInt8]

    package init(
        configuration: Digest, takenAt: Int64, watched: [Watched], bases: [String] = [], brief: [UInt8] = [],
        answer: [UInt8]
    ) {
        self.configuration = configuration
        self.takenAt = takenAt
        self.watched = watched
        self.bases = bases
        self.brief = brief
        self.answer = answer
    }

    static let magic: [UInt8] = Array("skvm-memo-6\n".utf8)
    // Of each watched path: kind (0 absent), mode, size, mtime, ctime, inode, device, length of the path with its NUL.
    static let fixedSize = 1 + 4 + 8 + 8 + 8 + 8 + 8 + 4
    /// So many differences are told apart; with more, all is as good as changed.
    private static let greatestDifference = 10_000

    package var encoded: [UInt8] {
        var body = ByteEncoder()
        body.reserve(watched.count * 100 + brief.count + answer.count + 256)
        body.digest(configuration)
        body.fixed(takenAt)
        let groups = grouped
        body.count(groups.count)
        for (base, items) in groups {
            body.string(base + "\0")
            body.fixed(UInt64(items.count))
            for item in items { Self.add(item, below: base, to: &body) }
        }
        body.block(brief)
        body.block(answer)
        return Self.magic + Digest(of: body.bytes).bytes + body.bytes
    }

    /// The watched paths by the longest base that they lie below; the empty one holds the others. O(paths × depth).
    private var grouped: [(base: String, items: [Watched])] {
        let sorted = Set(bases).filter { !$0.isEmpty }.sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) } + [""]
        let places = Dictionary(uniqueKeysWithValues: zip(sorted, sorted.indices))
        var groups = sorted.map { (base: $0, items: [Watched]()) }
        var known: [String: Int] = [:]
        for item in watched {
            let parent = FileSystem.parent(of: item.path) ?? ""
            let place = known[parent] ?? Self.place(of: parent, in: places) ?? groups.count - 1
            known[parent] = place
            groups[place].items.append(item)
        }
        return groups.filter { !$0.items.isEmpty }
    }

    private static func place(of folder: String, in places: [String: Int]) -> Int? {
        var next: String? = folder
        while let path = next, path != "." {
            if let place = places[path], !path.isEmpty { return place }
            next = FileSystem.parent(of: path)
        }
        return nil
    }

    private static func add(_ item: Watched, below base: String, to body: inout ByteEncoder) {
        let path = item.path.utf8.dropFirst(base.isEmpty ? 0 : base.utf8.count + 1)
        body.record(fixedSize) { record in
            set(item.stamp, in: record)
            record.storeBytes(of: UInt32(clamping: path.count + 1).littleEndian, toByteOffset: 45, as: UInt32.self)
        }
        body.bytes(path)
        body.byte(0)
    }

    /// Writes a stamp where a watched path's record begins.
    static func set(_ stamp: FileStatus?, in record: UnsafeMutableRawBufferPointer) {
        record[0] = stamp.map { $0.kind.rawValue + 1 } ?? 0
        func set(_ value: some FixedWidthInteger, at offset: Int) {
            record.storeBytes(of: value.littleEndian, toByteOffset: offset, as: type(of: value))
        }
        set(stamp?.mode ?? 0, at: 1)
        set(stamp?.size ?? 0, at: 5)
        set(stamp?.modified ?? 0, at: 13)
        set(stamp?.changed ?? 0, at: 21)
        set(stamp?.inode ?? 0, at: 29)
        set(stamp?.device ?? 0, at: 37)
    }

    /// The answer of the memo in `file` (in brief, if that is asked for), if it was made for `configuration` and every
    /// path below `folder` still has its stamp; nil otherwise, also when the file is missing or damaged.
    package static func check(
        _ file: String, configuration: Digest, in folder: String, brief: Bool = false
    ) -> [UInt8]? {
        guard case .holds(let answer)? = look(file, configuration: configuration, in: folder, brief: brief) else {
            return nil
        }
        return answer
    }

    /// What became of the memo in `file` that was made for `configuration`; nil when there is none, when it is damaged or
    /// another's, and when nearly everything has changed. One `fstatat` a path, relative to `folder` or a base.
    package static func look(
        _ file: String, configuration: Digest, in folder: String, brief: Bool = false
    ) -> Outcome? {
        guard let bytes = try? FileSystem.read(file), bytes.starts(with: magic), bytes.count > magic.count + 32
        else { return nil }
        let body = bytes[(magic.count + 32)...]
        guard Digest(bytes: bytes[magic.count..<magic.count + 32]) == Digest(of: body) else { return nil }
        var decoder = ByteDecoder(body)
        guard (try? decoder.digest()) == configuration, let takenAt = try? decoder.fixed(Int64.self),
            let groups = try? decoder.count(), let root = OpenFolder(folder)
        else { return nil }
        var changed: Set<String> = []
        for _ in 0..<groups {
            guard let name = try? decoder.string(), name.utf8.last == 0, let count = try? decoder.fixed(UInt64.self)
            else { return nil }
            let base = String(name.dropLast())
            var end: Int?
            if base.isEmpty {
                end = compare(bytes, from: decoder.position, count: count, in: root, base, takenAt, &changed)
            } else if let opened = OpenFolder(base, in: root) {
                end = compare(bytes, from: decoder.position, count: count, in: opened, base, takenAt, &changed)
            }
            guard let end else { return nil }
            decoder.skip(to: end)
        }
        guard let inBrief = try? decoder.block() else { return nil }
        if brief, changed.isEmpty { return .holds(Array(inBrief)) }
        guard let answer = try? decoder.block() else { return nil }
        return changed.isEmpty ? .holds(Array(answer)) : .differs(changed, since: takenAt, answer: Array(answer))
    }

    /// Collects which of a group's paths have changed, and returns the position after them; nil when the bytes are no
    /// group, or too many have.
    private static func compare(
        _ bytes: [UInt8], from start: Int, count: UInt64, in folder: borrowing OpenFolder, _ base: String,
        _ takenAt: Int64, _ changed: inout Set<String>
    ) -> Int? {
        bytes.withUnsafeBytes { raw in
            var position = start
            for _ in 0..<count {
                guard position + fixedSize <= raw.count else { return nil }
                let field = raw.loadUnaligned(fromByteOffset: position + fixedSize - 4, as: UInt32.self)
                let path = position + fixedSize
                let end = path + Int(UInt32(littleEndian: field))
                guard end > path, end <= raw.count, raw[end - 1] == 0 else { return nil }
                let text = (raw.baseAddress! + path).assumingMemoryBound(to: CChar.self)
                if !holds(raw, at: position, now: folder.status(text), takenAt) {
                    guard changed.count < greatestDifference else { return nil }
                    changed.insert((base.isEmpty ? "" : base + "/") + String(cString: text))
                }
                position = end
            }
            return position
        }
    }

    private static func holds(
        _ raw: UnsafeRawBufferPointer, at position: Int, now found: OpenFolder.Found, _ takenAt: Int64
    ) -> Bool {
        switch found {
        case .unknown: return false
        case .nothing: return raw[position] == 0
        case .status(let now):
            func field<T: FixedWidthInteger>(_ offset: Int, _: T.Type) -> T {
                T(littleEndian: raw.loadUnaligned(fromByteOffset: position + offset, as: T.self))
            }
            return raw[position] == now.kind.rawValue + 1 && now.mode == field(1, UInt32.self)
                && now.size == field(5, Int64.self) && now.modified == field(13, Int64.self)
                && now.changed == field(21, Int64.self) && now.inode == field(29, UInt64.self)
                && now.device == field(37, UInt64.self) && !Stamps.isRacy(now, takenAt: takenAt)
        }
    }
}
