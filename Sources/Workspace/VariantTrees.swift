import Basics
import BuildEngine

/// Which tree each folder below `.skvm/variants` holds, by `<target>/<package>`. A damaged record is an empty one: then
/// every folder is written again.
struct VariantTrees {
    struct Folder: Equatable {
        var tree: Digest
        /// By which a folder is known that somebody put in the place of skvm's.
        var inode: UInt64
        var changed: Int64

        init(tree: Digest, _ status: FileStatus) { (self.tree, inode, changed) = (tree, status.inode, status.changed) }
        init(tree: Digest, inode: UInt64, changed: Int64) {
            (self.tree, self.inode, self.changed) = (tree, inode, changed)
        }
    }

    private static let magic: [UInt8] = Array("skvm-trees-2\n".utf8)
    private let path: String

    /// - Parameter memory: the project's folder in the user's cache.
    init(memory: String) { path = memory + "/trees" }

    func folders() -> [String: Folder] {
        guard let bytes = try? FileSystem.read(path), bytes.starts(with: Self.magic),
            bytes.count >= Self.magic.count + 32
        else { return [:] }
        let body = bytes[(Self.magic.count + 32)...]
        guard Digest(bytes: bytes[Self.magic.count..<Self.magic.count + 32]) == Digest(of: body) else { return [:] }
        var decoder = ByteDecoder(body)
        return (try? Self.read(&decoder)) ?? [:]
    }

    private static func read(_ decoder: inout ByteDecoder) throws(ByteDecoder.Damaged) -> [String: Folder] {
        var folders: [String: Folder] = [:]
        for _ in 0..<(try decoder.count()) {
            folders[try decoder.string()] = Folder(
                tree: try decoder.digest(), inode: try decoder.fixed(UInt64.self),
                changed: try decoder.fixed(Int64.self))
        }
        return folders
    }

    func write(_ folders: [String: Folder]) throws {
        var body = ByteEncoder()
        body.count(folders.count)
        for (place, folder) in folders.sorted(by: { $0.key < $1.key }) {
            body.string(place)
            body.digest(folder.tree)
            body.fixed(folder.inode)
            body.fixed(folder.changed)
        }
        try FileSystem.replace(path, with: Self.magic + Digest(of: body.bytes).bytes + body.bytes)
    }
}
