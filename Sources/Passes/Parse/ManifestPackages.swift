import Basics
import Formats
import SkillModel

/// The packages that a bundled manifest asks for, read by the structure of its format. What can't be read is left out: a
/// manifest is another program's, and one that is broken asks for nothing here.
enum ManifestPackages {
    /// A longer manifest is not read.
    private static let greatestSize = 256 << 10
    private static let greatestCount = 500
    private static let greatestLines = 20_000
    /// In bytes; a longer line is left out.
    private static let longest = 2000

    private enum Format { case requirements, pyproject, packageJSON, gemfile, goMod }

    /// Nil for a file that is no manifest. O(n).
    static func read(_ path: RelativePath, _ bytes: [UInt8]) -> [BundledFile.Package]? {
        guard let format = format(path) else { return nil }
        guard bytes.count <= greatestSize else { return [] }
        let found =
            switch format {
            case .requirements: requirements(bytes)
            case .pyproject: pyproject(bytes)
            case .packageJSON: packageJSON(bytes)
            case .gemfile: gemfile(bytes)
            case .goMod: goMod(bytes)
            }
        return Array(found.prefix(greatestCount))
    }

    private static func format(_ path: RelativePath) -> Format? {
        switch path.name {
        case "package.json": return .packageJSON
        case "pyproject.toml": return .pyproject
        case "Gemfile": return .gemfile
        case "go.mod": return .goMod
        default:
            let isIn = path.components.dropLast().last.map { String($0) == "requirements" } ?? false
            let isNamed = isIn || path.name.hasPrefix("requirements")
            return isNamed && path.name.hasSuffix(".txt") ? .requirements : nil
        }
    }

    private static func lines(_ bytes: [UInt8]) -> [(number: Int, text: String)] {
        var found: [(number: Int, text: String)] = []
        for (index, line) in bytes.lines(0..<bytes.count).enumerated() where line.count < longest {
            if index == greatestLines { break }
            found.append((index + 1, bytes.text(bytes.trimmed(line))))
        }
        return found
    }

    // MARK: Python

    /// pip's requirements: a name, extras, constraints and a marker a line; `-r`, `-e`, addresses and hashes are none.
    private static func requirements(_ bytes: [UInt8]) -> [BundledFile.Package] {
        let lines = lines(bytes)
        let isElsewhere = lines.contains { line in
            line.text.hasPrefix("-")
                && Installer.isElsewhere(line.text.split { $0.isWhitespace }.map(String.init)[...], .pip)
        }
        return lines.compactMap { line in
            var package = python(line.text, line: line.number)
            if isElsewhere { package?.isElsewhere = true }
            return package
        }
    }

    /// A requirement of PEP 508. A marker is a condition: `; sys_platform == "win32"`, `; extra == "dev"`.
    private static func python(_ text: String, line: Int, required: Bool = true) -> BundledFile.Package? {
        var parts = text.split(separator: ";", maxSplits: 1)[...]
        guard var head = parts.popFirst(), let first = head.utf8.first, first.isLetter || first.isDigit else {
            return nil
        }
        if let comment = head.range(of: " #") { head = head[..<comment.lowerBound] }
        if let options = head.range(of: " --") { head = head[..<options.lowerBound] }
        // `name @ https://…`: the address says which, no constraint does.
        let address = head.firstIndex(of: "@")
        if let at = address { head = head[..<at] }
        let spec = String(head.filter { !$0.isWhitespace && $0 != "\\" && $0 != "(" && $0 != ")" })
        guard let (name, version) = PackageName.parse(spec, kind: .pip) else { return nil }
        let marker = parts.first.map { $0.split(separator: "#")[0] } ?? ""
        let isConditional = marker.contains { !$0.isWhitespace }
        return BundledFile.Package(
            .pip, name, version: version, required: required && !isConditional, line: line, isElsewhere: address != nil)
    }

    /// `[project]` with its optional dependencies, dependency groups, and Poetry's table.
    private static func pyproject(_ bytes: [UInt8]) -> [BundledFile.Package] {
        guard let document = try? TOMLDocument(parsing: bytes, file: "pyproject.toml", limit: greatestSize) else {
            return []
        }
        func listed(_ value: TOMLValue?, required: Bool) -> [BundledFile.Package] {
            (value?.array ?? []).compactMap { item in
                item.string.flatMap { python($0, line: item.location.line ?? 1, required: required) }
            }
        }
        var found = listed(document["project", "dependencies"], required: true)
        for table in [document["project", "optional-dependencies"], document["dependency-groups"]] {
            for group in table?.table?.values ?? [] { found += listed(group, required: false) }
        }
        for item in document["tool", "poetry", "dependencies"]?.table?.values ?? [] where item.key != "python" {
            let version = item.string ?? item.table?["version"]?.string
            let isOptional = item.table?["optional"]?.boolean == true
            let isElsewhere = ["git", "path", "url", "file", "source"].contains { item.table?[$0] != nil }
            guard let (name, _) = PackageName.parse(item.key, kind: .pip) else { continue }
            found.append(
                BundledFile.Package(
                    .pip, name, version: poetry(version), required: !isOptional, line: item.location.line ?? 1,
                    isElsewhere: isElsewhere))
        }
        return found
    }

    /// Poetry's `^2.1` is at least that and less than the next first number.
    private static func poetry(_ version: String?) -> String? {
        guard let version, version != "*", !version.isEmpty else { return nil }
        if version.hasPrefix("^"), let major = Int(version.dropFirst().prefix { $0.isNumber }), major > 0,
            major < 10_000
        {
            return ">=" + version.dropFirst() + ",<\(major + 1)"
        }
        if version.hasPrefix("^") { return ">=" + version.dropFirst() }
        if version.first?.isNumber == true { return "==" + version }
        return version.filter { $0 != " " }
    }

    // MARK: JavaScript

    private static func packageJSON(_ bytes: [UInt8]) -> [BundledFile.Package] {
        guard let tree = try? StrictJSON.parse(bytes, file: "package.json", limit: greatestSize) else { return [] }
        var places: [String: Int] = [:]
        for (number, text) in lines(bytes) where text.hasPrefix("\"") {
            let key = String(text.dropFirst().prefix { $0 != "\"" })
            if places[key] == nil { places[key] = number }
        }
        let tables = [
            ("dependencies", true), ("optionalDependencies", false), ("devDependencies", false),
            ("peerDependencies", false),
        ]
        return tables.flatMap { table, required in
            (tree[table]?.members ?? []).compactMap { member -> BundledFile.Package? in
                guard NodePackages.thirdParty(module: member.key) == member.key else { return nil }
                return BundledFile.Package(
                    .npm, member.key, version: range(member.value.string), required: required,
                    line: places[member.key] ?? 1,
                    isElsewhere: member.value.string.map { $0.contains("/") || $0.contains(":") } ?? false)
            }
        }
    }

    /// A range of versions; nil for anything, tags, paths and addresses.
    private static func range(_ text: String?) -> String? {
        guard let text, text.utf8.count < 64, let first = text.first, first.isNumber || "^~><=".contains(first),
            !text.contains("/"), !text.contains(":")
        else { return nil }
        return text
    }

    // MARK: Ruby, Go

    /// `gem 'rails', '~> 7.1'` lines; those of a group are optional.
    private static func gemfile(_ bytes: [UInt8]) -> [BundledFile.Package] {
        var isInGroup = false
        return lines(bytes).compactMap { number, text in
            if text.hasPrefix("group ") { isInGroup = true }
            if text == "end" { isInGroup = false }
            guard text.hasPrefix("gem ") || text.hasPrefix("gem(") else { return nil }
            let quoted = text.split(omittingEmptySubsequences: false) { $0 == "'" || $0 == "\"" }.map(String.init)
            guard quoted.count > 2, let (name, _) = PackageName.parse(quoted[1], kind: .gem) else { return nil }
            let isVersion = quoted.count > 4 && quoted[2].allSatisfy { $0 == "," || $0 == " " }
            return BundledFile.Package(
                .gem, name, version: isVersion ? quoted[3].filter { $0 != " " } : nil,
                required: !isInGroup && text[...].range(of: "group:") == nil, line: number,
                isElsewhere: addresses.contains { text[...].range(of: $0) != nil })
        }
    }

    private static let addresses = ["git", "github", "gist", "path", "source"].flatMap { ["\($0):", ":\($0) "] }

    /// `require host/x v1.2.3`, alone or in a block; what only others need (`// indirect`) is none.
    private static func goMod(_ bytes: [UInt8]) -> [BundledFile.Package] {
        var isInBlock = false
        return lines(bytes).compactMap { number, text in
            if text.hasPrefix("require (") { isInBlock = true }
            if text == ")" { isInBlock = false }
            guard isInBlock || text.hasPrefix("require "), text[...].range(of: "// indirect") == nil else { return nil }
            let words = text.split(separator: " ").drop { $0 == "require" }
            guard words.count >= 2, let name = words.first, name.contains("/"), name.contains(".") else { return nil }
            return BundledFile.Package(
                .go, String(name), version: String(words[words.startIndex + 1]), required: true, line: number)
        }
    }
}
