package import Basics
import Formats
package import Git
package import SkillModel

/// A version to be listed by a registry.
package struct NewRelease: Sendable, Equatable {
    package var name: PackageName
    package var version: Version
    /// Nil when the registry's own repository holds it.
    package var git: GitURL?
    /// From the repository's root, or from the registry's without `git`.
    package var path: RelativePath?
    /// Nil: the commit at which the registry is read.
    package var commit: ObjectID?
    package var tree: Digest
    package var dependencies: [PackageName: VersionRange]
    /// One a primitive.
    package var requires: [Demand]
    package var description: String?
    package var keywords: [String]
    /// Who signed it: the tag object, or without one the commit.
    package var signer: Signer?
    package var tag: ObjectID?

    package init(
        name: PackageName, version: Version, git: GitURL?, path: RelativePath?, commit: ObjectID?, tree: Digest,
        dependencies: [PackageName: VersionRange] = [:], requires: [Demand] = [], description: String? = nil,
        keywords: [String] = []
    ) {
        self.name = name
        self.version = version
        self.git = git
        self.path = path
        self.commit = commit
        self.tree = tree
        self.dependencies = dependencies
        self.requires = requires
        self.description = description
        self.keywords = keywords
    }

    /// Why no index could list it; nil when one can. Throws what can't be written as JSON.
    package func fault() throws -> String? {
        let count = try line().count
        return count <= IndexLine.greatestLine
            ? nil : "an index would say \(count) bytes of it, more than \(IndexLine.greatestLine)"
    }

    /// Its line of the index, without the line end.
    func line() throws -> [UInt8] {
        struct Line: Encodable {
            var name: PackageName
            var version: Version
            var git: String?
            var path: String?
            var commit: String?
            var tree: Digest
            var dependencies: [String: String]
            /// Absent where there are none, as in lines of before.
            var requires: [String: Level]?
            var description: String?
            var keywords: [String]
            var signer: String?
            var tag: String?
            var yanked = false
        }
        return try CanonicalJSON.encode(
            Line(
                name: name, version: version, git: git?.text, path: path?.text, commit: commit?.hex, tree: tree,
                dependencies: Dictionary(uniqueKeysWithValues: dependencies.map { ("\($0)", "\($1)") }),
                requires: requires.isEmpty
                    ? nil
                    : Dictionary(
                        requires.map { ($0.primitive.rawValue, $0.level) }, uniquingKeysWith: { first, _ in first }),
                description: description, keywords: keywords, signer: signer?.description, tag: tag?.hex))
    }
}

/// Changes of a package's index file. All other bytes stay as they are.
package enum IndexEdit {
    /// The file with one version more. Nil when the very same is listed.
    ///
    /// Throws `publish.exists` when the version is listed otherwise: what is published never changes.
    package static func adding(
        _ release: NewRelease, to bytes: [UInt8]?, file: String
    ) throws -> [UInt8]? {
        let old = bytes ?? []
        let before = try IndexLine.parse(old, of: release.name, file: file)
        if let known = before.first(where: { $0.version == release.version }) {
            guard known.isSame(as: release) else {
                throw DiagnosticsError(
                    Diagnostic(
                        "publish.exists", .error, "`\(release.name)` \(known.version) is published already",
                        at: SourceLocation(file: file),
                        notes: [
                            "published \(known.tree)\(known.commit.map { " at commit \($0.short)" } ?? "")",
                            "now \(release.tree)\(release.commit.map { " at commit \($0.short)" } ?? "")",
                        ],
                        hint: "a published version never changes: give [package] a new one"))
            }
            return nil
        }
        let separator: [UInt8] = old.isEmpty || old.last == 0x0A ? [] : [0x0A]
        let new = old + separator + (try release.line()) + [0x0A]
        // What nobody could read must never be pushed.
        _ = try IndexLine.parse(new, of: release.name, file: file)
        guard new.count <= FileSource.greatestFile else {
            throw IndexLine.bad("the file would have \(new.count) bytes", file, before.count + 1)
        }
        return new
    }

    /// The file with a version withdrawn, or no longer so. Nil when it is so already.
    ///
    /// Throws `yank.no-version` when it lists no such version.
    package static func yanking(
        _ version: Version, _ isYanked: Bool, of name: PackageName, in bytes: [UInt8], file: String
    ) throws -> [UInt8]? {
        let known = try IndexLine.parse(bytes, of: name, file: file)
        guard let line = known.first(where: { $0.version == version }) else {
            let versions = known.map(\.version).sorted(by: >).prefix(10).map(\.description).joined(separator: ", ")
            throw DiagnosticsError(
                Diagnostic(
                    "yank.no-version", .error, "`\(name)` has no version \(version)", at: SourceLocation(file: file),
                    hint: "it has \(versions)"))
        }
        if line.isYanked == isYanked { return nil }
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
        for (number, text) in lines.enumerated() where !text.isEmpty {
            let value = try StrictJSON.parse(text, file: file, line: number + 1, limit: IndexLine.greatestLine)
            guard value["version"]?.string.flatMap({ Version($0) }) == version else { continue }
            lines[number] = JSONMember.setting("yanked", to: isYanked ? "true" : "false", in: text)
        }
        let new = Array(lines.joined(separator: [0x0A]))
        guard
            try IndexLine.parse(new, of: name, file: file).first(where: { $0.version == version })?.isYanked == isYanked
        else { throw IndexLine.bad("its `yanked` can't be changed", file, 1) }
        return new
    }
}

extension IndexLine {
    fileprivate func isSame(as release: NewRelease) -> Bool {
        tree == release.tree && git == release.git && path == release.path && commit == release.commit
            && version.description == release.version.description
    }
}

/// A member of a JSON object, changed in its text.
enum JSONMember {
    /// `text`, one valid object, with `key` as `value`: replaced where it stands, else put last.
    static func setting(_ key: String, to value: String, in text: [UInt8]) -> [UInt8] {
        var depth = 0
        var index = 0
        var last = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""):
                let end = endOfString(text, index)
                if depth == 1, Array(text[(index + 1)..<end]) == Array(key.utf8) {
                    var start = end + 1
                    while start < text.count, isBlank(text[start]) { start += 1 }
                    if start < text.count, text[start] == UInt8(ascii: ":") {
                        start += 1
                        while start < text.count, isBlank(text[start]) { start += 1 }
                        var stop = start
                        while stop < text.count, (0x61...0x7A).contains(text[stop]) { stop += 1 }
                        return Array(text[..<start]) + Array(value.utf8) + Array(text[stop...])
                    }
                }
                index = end
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { last = index }
            default: break
            }
            index += 1
        }
        return Array(text[..<last]) + Array(",\"\(key)\":\(value)".utf8) + Array(text[last...])
    }

    /// The index of the quote that ends the string which begins at `start`.
    private static func endOfString(_ text: [UInt8], _ start: Int) -> Int {
        var index = start + 1
        while index < text.count, text[index] != UInt8(ascii: "\"") {
            index += text[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index, text.count - 1)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
