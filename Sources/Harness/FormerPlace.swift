import Basics
import ContentStore

/// Where a variant was installed that somebody carried to another folder with its files: a project whose harness folders are
/// committed is cloned beside the first clone, or renamed. Its files hold the path of the place that they were written for.
enum FormerPlace {
    /// The path that stands in the files of a folder where the variant has its token, read off the first such file; nil when
    /// there is none, or nothing like a path stands there. Whether the rest of the folder agrees is not looked at.
    static func read(
        from contents: FolderContents, as outputs: [InstallPlan.Output], in store: ContentStore
    ) throws -> String? {
        guard let output = outputs.first(where: { !$0.offsets.isEmpty && contents.items[$0.entry.path] != nil }),
            let first = output.offsets.first, let source = output.source, let original = try store.get(source)
        else { return nil }
        // What the file grew by is shared by its tokens evenly; a longer file is no such file.
        let count = output.offsets.count
        let limit = original.count + count * greatestPath
        guard let status = contents.items[output.entry.path]?.status, status.kind == .file, status.size <= Int64(limit)
        else { return nil }
        let found = try FileSystem.read("\(contents.place)/\(output.entry.path)", limit: limit)
        let (growth, rest) = (found.count - original.count).quotientAndRemainder(dividingBy: count)
        let length = Relocator.token.utf8.count + growth
        guard rest == 0, length > 0, first + length <= found.count,
            let path = String(validating: found[first..<(first + length)], as: UTF8.self),
            path.hasPrefix("/"), Relocator.fault(ofPath: path) == nil
        else { return nil }
        return path
    }

    private static let greatestPath = 4096
}
