import Basics
import BuildEngine

/// Which tree each folder below `.skvm/variants` holds, by `<target>/<package>`. A damaged record is an empty one: then
/// every folder is written again.
struct VariantTrees {
    private static let magic: [UInt8] = Array("skvm-trees-1\n".utf8)
    private let path: String

    init(_ project: Project) { path = project.variantsPath + "/trees" }

    func trees() -> [String: Digest] {
        guard let bytes = try? FileSystem.read(path), bytes.starts(with: Self.magic),
            bytes.count >= Self.magic.count + 32
        else { return [:] }
        let body = bytes[(Self.magic.count + 32)...]
        guard Digest(bytes: bytes[Self.magic.count..<Self.magic.count + 32]) == Digest(of: body) else { return [:] }
        var decoder = ByteDecoder(body)
        return (try? Self.read(&decoder)) ?? [:]
    }

    private static func read(_ decoder: inout ByteDecoder) throws(ByteDecoder.Damaged) -> [String: Digest] {
        let count = try decoder.count()
        var trees = [String: Digest](minimumCapacity: count)
        for _ in 0..<count { trees[try decoder.string()] = try decoder.digest() }
        return trees
    }

    func write(_ trees: [String: Digest]) throws {
        var body = ByteEncoder()
        body.count(trees.count)
        for (place, tree) in trees.sorted(by: { $0.key < $1.key }) {
            body.string(place)
            body.digest(tree)
        }
        try FileSystem.replace(path, with: Self.magic + Digest(of: body.bytes).bytes + body.bytes)
    }
}
