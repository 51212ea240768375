package import Basics
import ContentStore

/// The folder records of one project, by absolute path, kept in one file. A damaged or older file is an empty index:
/// then everything is read once more.
package struct FolderIndex: Sendable, Equatable {
    package var records: [String: FolderRecord]
    /// Of the code that derived facts from the files: other code would derive others.
    package var maker: Digest
    /// Which folders the caller's patterns named; nil when that is not known.
    package var listing: Listing?

    /// What patterns of folders stood for when they were last looked at.
    package struct Listing: Sendable, Equatable {
        /// Of the patterns.
        package var key: Digest
        package var takenAt: Int64
        /// Absolute.
        package var named: [String]
        /// Folders whose listing decided that, absolute.
        package var listed: [String]

        package init(key: Digest, takenAt: Int64, named: [String], listed: [String]) {
            self.key = key
            self.takenAt = takenAt
            self.named = named
            self.listed = listed
        }
    }

    package init(records: [String: FolderRecord] = [:], maker: Digest = Digest(of: "")) {
        self.records = records
        self.maker = maker
    }

    private static let magic: [UInt8] = Array("skvm-folders-3\n".utf8)

    /// The index in `file`; one that another maker wrote is taken without what was derived.
    package init(reading file: String, maker: Digest = Digest(of: "")) {
        self.init(maker: maker)
        guard let bytes = try? FileSystem.read(file), bytes.starts(with: Self.magic),
            bytes.count >= Self.magic.count + 32
        else { return }
        let body = bytes[(Self.magic.count + 32)...]
        guard Digest(bytes: bytes[Self.magic.count..<Self.magic.count + 32]) == Digest(of: body) else { return }
        var decoder = ByteDecoder(body)
        let isOwn = (try? decoder.digest()) == maker
        listing = try? decoder.listing()
        records = (try? decoder.folderRecords()) ?? [:]
        if !isOwn { for path in records.keys { records[path]?.derived = nil } }
    }

    package func write(to file: String) throws {
        var body = ByteEncoder()
        body.reserve(records.count * 1_000 + 256)
        body.digest(maker)
        body.listing(listing)
        body.count(records.count)
        for (path, record) in records.sorted(by: { $0.key < $1.key }) {
            body.string(path)
            body.folderRecord(record)
        }
        // No fsync: a damaged index is an empty one.
        let staging = FileSystem.temporaryPath(beside: file)
        try FileSystem.write(Self.magic + Digest(of: body.bytes).bytes + body.bytes, to: staging)
        try FileSystem.rename(staging, to: file)
    }
}

extension ByteEncoder {
    fileprivate mutating func listing(_ listing: FolderIndex.Listing?) {
        byte(listing == nil ? 0 : 1)
        guard let listing else { return }
        digest(listing.key)
        fixed(listing.takenAt)
        for list in [listing.named, listing.listed] {
            count(list.count)
            for path in list { string(path) }
        }
    }

    fileprivate mutating func stamp(_ stamp: FileStatus) {
        byte(stamp.kind.rawValue)
        fixed(stamp.mode)
        fixed(stamp.size)
        fixed(stamp.modified)
        fixed(stamp.changed)
        fixed(stamp.inode)
        fixed(stamp.device)
    }

    fileprivate mutating func folderRecord(_ record: FolderRecord) {
        fixed(record.takenAt)
        count(record.folders.count)
        for folder in record.folders {
            string(folder.path?.text ?? "")
            stamp(folder.stamp)
        }
        count(record.files.count)
        for file in record.files {
            string(file.path.text)
            stamp(file.stamp)
            switch file.kind {
            case .file(let blob, let executable):
                byte(executable ? 1 : 0)
                digest(blob.digest)
                fixed(Int64(blob.size))
            case .symlink(let target):
                byte(2)
                string(target)
            }
        }
        byte(record.derived == nil ? 0 : 1)
        guard let derived = record.derived else { return }
        digest(derived.tree)
        count(derived.words.count)
        for word in derived.words { string(word) }
    }
}

extension ByteDecoder {
    fileprivate mutating func listing() throws(Damaged) -> FolderIndex.Listing? {
        if try byte() == 0 { return nil }
        var listing = FolderIndex.Listing(
            key: try digest(), takenAt: try fixed(Int64.self), named: [], listed: [])
        for _ in 0..<(try count()) { listing.named.append(try string()) }
        for _ in 0..<(try count()) { listing.listed.append(try string()) }
        return listing
    }

    fileprivate mutating func stamp() throws(Damaged) -> FileStatus {
        guard let kind = FileStatus.Kind(rawValue: try byte()) else { throw Damaged() }
        return FileStatus(
            kind, mode: try fixed(UInt32.self), size: try fixed(Int64.self), modified: try fixed(Int64.self),
            changed: try fixed(Int64.self), inode: try fixed(UInt64.self), device: try fixed(UInt64.self))
    }

    fileprivate mutating func folderRecords() throws(Damaged) -> [String: FolderRecord] {
        var records: [String: FolderRecord] = [:]
        for _ in 0..<(try count()) { records[try string()] = try folderRecord() }
        return records
    }

    private mutating func folderRecord() throws(Damaged) -> FolderRecord {
        var record = FolderRecord(takenAt: try fixed(Int64.self), files: [], folders: [])
        for _ in 0..<(try count()) {
            let path = try string()
            record.folders.append(.init(path: RelativePath(path), stamp: try stamp()))
        }
        for _ in 0..<(try count()) {
            guard let path = RelativePath(try string()) else { throw Damaged() }
            let stamp = try stamp()
            let kind: TreeEntry.Kind
            switch try byte() {
            case let executable where executable < 2:
                kind = .file(Blob(digest: try digest(), size: try fixed(Int64.self)), executable: executable == 1)
            case 2: kind = .symlink(target: try string())
            default: throw Damaged()
            }
            record.files.append(.init(path: path, stamp: stamp, kind: kind))
        }
        if try byte() == 1 {
            let tree = try digest()
            var words: [String] = []
            for _ in 0..<(try count()) { words.append(try string()) }
            record.derived = .init(tree: tree, words: words)
        }
        return record
    }
}
