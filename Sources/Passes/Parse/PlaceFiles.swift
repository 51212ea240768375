import Basics
import Formats
import SkillModel

/// What a bundled file tells package managers of where packages come from: the settings of pip, uv, Poetry, PDM, npm, yarn, bun,
/// Bundler and Cargo, and what a shell script sets.
enum PlaceFiles {
    /// A longer file is not read.
    private static let greatestSize = 256 << 10
    private static let greatestCount = 500

    /// Each place once. `language` is the script's. O(n).
    static func read(_ path: RelativePath, _ bytes: [UInt8], language: String) -> [BundledFile.Place] {
        guard bytes.count <= greatestSize else { return [] }
        var seen: Set<BundledFile.Place> = []
        return Array(found(path, bytes, language).filter { seen.insert($0).inserted }.prefix(greatestCount))
    }

    private static func found(_ path: RelativePath, _ bytes: [UInt8], _ language: String) -> [BundledFile.Place] {
        switch path.name {
        case ".npmrc", ".yarnrc", "pip.conf", "pip.ini", "Dockerfile", ".env":
            return PlaceLines.read(String(decoding: bytes, as: UTF8.self), isShell: false)
        case ".yarnrc.yml": return yarn(String(decoding: bytes, as: UTF8.self))
        case "Gemfile", ".gemrc": return ruby(String(decoding: bytes, as: UTF8.self))
        case "pyproject.toml", "uv.toml", "bunfig.toml", "config.toml":
            return (try? TOMLDocument(parsing: bytes, file: path.text, limit: greatestSize)).map {
                toml(path, $0)
            } ?? []
        default: return language == "bash" ? shell(bytes) : []
        }
    }

    private static func shell(_ bytes: [UInt8]) -> [BundledFile.Place] {
        var scanner = ShellScanner(bytes, 0..<bytes.count, depth: 0, keywords: [], first: .newline)
        scanner.scan()
        let set = scanner.commands.flatMap { command in
            let words = command.words.drop { $0 == "sudo" }
            let own = PackagePlace.set(words, assignments: command.assignments)
            // One before an installation: what it installs is known by its words alone.
            return words.isEmpty ? own : own + PackagePlace.set([], assignments: command.assignments)
        }
        return set + PlaceLines.read(String(decoding: bytes, as: UTF8.self), isShell: true)
    }

    // MARK: TOML

    private static func toml(_ path: RelativePath, _ document: TOMLDocument) -> [BundledFile.Place] {
        switch path.name {
        case "pyproject.toml": return pyproject(document)
        case "uv.toml": return uv(document.root)
        case "bunfig.toml":
            let install = document["install"]?.table
            let scopes = install?["scopes"]?.table?.values.map(\.key) ?? []
            return (install.map { isElsewhere($0["registry"]) } == true ? [.init(.npm)] : [])
                + scopes.map { .init(.npm, of: $0.hasPrefix("@") ? $0 : "@" + $0) }
        default:
            guard path.parent?.name == ".cargo" else { return [] }
            let isReplaced = document["source", "crates-io", "replace-with"] != nil
            return isReplaced || document["registry", "default"] != nil ? [.init(.cargo)] : []
        }
    }

    static func pyproject(_ document: TOMLDocument) -> [BundledFile.Place] {
        var found = document["tool", "uv"]?.table.map(uv) ?? []
        for tool in ["poetry", "pdm"] {
            for source in document["tool", tool, "source"]?.array ?? [] {
                if source.table?["priority"]?.string != "explicit", isElsewhere(source) { found.append(.init(.pip)) }
            }
        }
        return found
    }

    /// uv's settings, which stand in a file of their own or in the project's.
    private static func uv(_ table: TOMLTable) -> [BundledFile.Place] {
        let settings = [table, table["pip"]?.table].compactMap(\.self)
        let isSet = settings.contains { settings in
            PackagePlace.pipKeys.contains { isElsewhere(settings[$0]) }
        }
        // An index that is explicit is for the packages whose source names it.
        let isListed = (table["index"]?.array ?? []).contains {
            $0.table?["explicit"]?.boolean != true && isElsewhere($0)
        }
        let named = table["sources"]?.table?.values.map { BundledFile.Place(.pip, of: $0.key) } ?? []
        return (isSet || isListed ? [.init(.pip)] : []) + named
    }

    /// Whether a value, a list or a table's `url` names another place.
    private static func isElsewhere(_ value: TOMLValue?) -> Bool {
        guard let value else { return false }
        if let items = value.array { return items.contains { isElsewhere($0) } }
        if let table = value.table { return table["url"].map { isElsewhere($0) } ?? false }
        return value.string.map { !PackagePlace.isUsual($0) } ?? (value.boolean == true)
    }

    // MARK: Others

    /// `npmRegistryServer: https://…`, at the margin or under the name of a scope.
    private static func yarn(_ text: String) -> [BundledFile.Place] {
        var found: [BundledFile.Place] = []
        var scope: Substring?
        for line in text.split(whereSeparator: \.isNewline) {
            let start = line.drop { $0 == " " }
            guard let colon = start.firstIndex(of: ":"), start.first != "#" else { continue }
            let key = start[..<colon].filter { $0 != "\"" && $0 != "'" }
            let value = start[start.index(after: colon)...]
            if key != "npmRegistryServer" {
                if value.allSatisfy(\.isWhitespace) { scope = Substring(key) }
            } else if !PackagePlace.isUsual(value) {
                let isScope = start.startIndex != line.startIndex
                found.append(.init(.npm, of: isScope ? scope.map { $0.hasPrefix("@") ? "\($0)" : "@\($0)" } : nil))
            }
        }
        return found
    }

    /// A Gemfile's `source`, and the addresses of a `.gemrc`.
    private static func ruby(_ text: String) -> [BundledFile.Place] {
        let isElsewhere = text.split(whereSeparator: \.isNewline).contains { line in
            let start = line.drop { $0 == " " }
            guard start.hasPrefix("source ") || start.hasPrefix("source(") || start.hasPrefix("- http"),
                let address = start.range(of: "http")
            else { return false }
            return !PackagePlace.isUsual(start[address.lowerBound...].prefix { !"\"')".contains($0) })
        }
        return isElsewhere ? [.init(.gem)] : []
    }
}
