import Basics
import SkillModel

/// What was seen of one package of a hub: its versions, and of those whose files were fetched, the trees.
///
/// It answers offline, and it notices when the files of a version are others than before: a hub has no history that
/// could tell. One file a package, `<cache>/hub-v1/<SHA-256 of the hub's address>/<owner>/<name>`: a first line, then
/// `<version> <seconds, or -> <tree, or -> <offered: + or ->` a line, sorted by version. A damaged one is none.
struct HubRecord: Sendable, Equatable {
    struct Line: Sendable, Equatable {
        var publishedAt: Int64?
        var tree: Digest?
        /// Whether the hub listed it when it was last asked.
        var isOffered: Bool
    }

    static let bucket = "hub-v1"
    private static let head = "skvm-hub-1"
    private static let greatestSize = 4 << 20

    var lines: [Version: Line] = [:]

    /// The file of a package's record below the cache folder.
    static func path(_ source: HubSource, _ name: PackageName, cache: String) -> String {
        "\(folder(source.url.description, cache: cache))/\(source.owner)/\(name)"
    }

    /// Where all records of a hub are.
    static func folder(_ url: String, cache: String) -> String {
        "\(cache)/\(bucket)/\(Digest(of: url).hex)"
    }

    /// Nil when there is none, or it is damaged.
    init?(reading path: String) {
        guard let text = try? FileSystem.readText(path, limit: Self.greatestSize) else { return nil }
        var rest = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard rest.popFirst().map(String.init) == Self.head, rest.popLast() == "" else { return nil }
        for line in rest {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 4, let version = Version(String(parts[0])) else { return nil }
            let tree = parts[2] == "-" ? nil : Digest(text: String(parts[2]))
            guard parts[2] == "-" || tree != nil else { return nil }
            lines[version] = Line(publishedAt: Int64(parts[1]), tree: tree, isOffered: parts[3] == "+")
        }
    }

    init() {}

    private var text: String {
        var text = Self.head + "\n"
        for (version, line) in lines.sorted(by: { $0.key < $1.key }) {
            let time = line.publishedAt.map { "\($0)" } ?? "-"
            text += "\(version) \(time) \(line.tree?.description ?? "-") \(line.isOffered ? "+" : "-")\n"
        }
        return text
    }

    /// Changes what is known of a package, alone among all skvm that use this cache.
    static func update(
        _ path: String, _ change: (inout HubRecord) throws(DiagnosticsError) -> Void
    ) throws(DiagnosticsError) {
        let lock: FileLock
        do throws(FileError) {
            let folder = FileSystem.parent(of: path) ?? "/"
            try FileSystem.makeDirectories(folder)
            // No package's name begins with a dot.
            lock = try FileLock(path: folder + "/.lock", mode: .exclusive)
        } catch { throw DiagnosticsError(error.diagnostic) }
        defer { lock.release() }
        let old = HubRecord(reading: path)
        var record = old ?? HubRecord()
        try change(&record)
        if record == old { return }
        do throws(FileError) {
            let new = FileSystem.temporaryPath(beside: path)
            // Not synchronised: what is lost is seen anew.
            try FileSystem.write(Array(record.text.utf8), to: new)
            try FileSystem.rename(new, to: path)
        } catch { throw DiagnosticsError(error.diagnostic) }
    }
}
