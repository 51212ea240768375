package import Basics

/// The null build: what a whole build looked at, with stamps, and what it answered. While every stamp holds, the answer
/// does, and nothing else has to be opened.
///
/// The file is flat so that checking it allocates nothing: the paths stand NUL-terminated in it and go to `lstat` as
/// they are. Format: `docs/formats/state.md`.
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

    /// Of everything that decides the answer and is no file: arguments, the version of skvm.
    package var configuration: Digest
    /// When the first stamp was taken, in nanoseconds since the epoch.
    package var takenAt: Int64
    package var watched: [Watched]
    /// The answer in brief, for those who need no more: the whole one is long.
    package var brief: [UInt8]
    package var answer: [UInt8]

    package init(
        configuration: Digest, takenAt: Int64, watched: [Watched], brief: [UInt8] = [], answer: [UInt8]
    ) {
        self.configuration = configuration
        self.takenAt = takenAt
        self.watched = watched
        self.brief = brief
        self.answer = answer
    }

    private static let magic: [UInt8] = Array("skvm-memo-3\n".utf8)
    // Of each watched path: kind (0 absent), mode, size, mtime, ctime, inode, device, length of the path with its NUL.
    private static let fixedSize = 1 + 4 + 8 + 8 + 8 + 8 + 8 + 4

    package var encoded: [UInt8] {
        var body = ByteEncoder()
        body.reserve(watched.count * 120 + answer.count + 64)
        body.digest(configuration)
        body.fixed(takenAt)
        body.fixed(UInt64(watched.count))
        for item in watched {
            body.byte(item.stamp.map { $0.kind.rawValue + 1 } ?? 0)
            body.fixed(item.stamp?.mode ?? 0)
            body.fixed(item.stamp?.size ?? 0)
            body.fixed(item.stamp?.modified ?? 0)
            body.fixed(item.stamp?.changed ?? 0)
            body.fixed(item.stamp?.inode ?? 0)
            body.fixed(item.stamp?.device ?? 0)
            body.string(item.path + "\0")
        }
        body.block(brief)
        body.block(answer)
        return Self.magic + Digest(of: body.bytes).bytes + body.bytes
    }

    /// The answer of the memo in `file` (in brief, if that is asked for), if it was made for `configuration` and every
    /// path below `folder` still has its stamp; nil otherwise, also when the file is missing or damaged. One `lstat` a
    /// path.
    package static func check(
        _ file: String, configuration: Digest, in folder: String, brief: Bool = false
    ) -> [UInt8]? {
        guard let bytes = try? FileSystem.read(file), bytes.starts(with: magic), bytes.count > magic.count + 32
        else { return nil }
        let body = bytes[(magic.count + 32)...]
        guard Digest(bytes: bytes[magic.count..<magic.count + 32]) == Digest(of: body) else { return nil }
        var decoder = ByteDecoder(body)
        guard (try? decoder.digest()) == configuration, let takenAt = try? decoder.fixed(Int64.self),
            let count = try? decoder.fixed(UInt64.self)
        else { return nil }
        guard let root = OpenFolder(folder) else { return nil }

        guard let end = holds(bytes, from: magic.count + 32 + 32 + 8 + 8, count: count, in: root, takenAt) else {
            return nil
        }
        var rest = ByteDecoder(bytes[end...])
        guard let inBrief = try? rest.block() else { return nil }
        return brief ? Array(inBrief) : (try? rest.block()).map { Array($0) }
    }

    /// The position after the watched paths, if all of them hold; nil otherwise.
    private static func holds(
        _ bytes: [UInt8], from start: Int, count: UInt64, in root: borrowing OpenFolder, _ takenAt: Int64
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
                guard holds(raw, at: position, now: root.status(text), takenAt) else { return nil }
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
