import Basics
import Formats
import Git
import SkillModel

/// One line of an index file: one version of one package (`docs/formats/registry.md`).
struct IndexLine: Sendable {
    static let greatestLine = 64 << 10
    static let greatestCount = 10_000

    var name: PackageName
    var version: Version
    /// Nil: the repository of the registry itself.
    var git: GitURL?
    var path: RelativePath?
    /// Nil: the commit at which the registry is read.
    var commit: ObjectID?
    var tree: Digest
    var dependencies: [ManifestDependency]
    /// Capabilities that this skvm doesn't know are left out: nothing measures them.
    var requires: [Demand]
    var isYanked: Bool
    var description: String?
    var keywords: [String]
    /// Who signed the version.
    var signer: Signer?
    /// The tag object that is signed; nil: the commit is.
    var tag: ObjectID?

    /// The file of a package's index: `index/<first two>/<next two>/<name>.jsonl`, with `_` in the place of letters
    /// that a short name does not have.
    static func path(of name: PackageName) -> RelativePath? {
        RelativePath("index/\(folders(of: name))/\(name).jsonl")
    }

    /// The folders of an index in which names that are like `name` may be: those of its spellings, and of all that are one
    /// letter off within the first four, on which the folder depends. Some 300, whatever there is.
    static func folders(like name: PackageName) -> [RelativePath] {
        let letters = Array(name.description.utf8.prefix(6))
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789-".utf8)
        var beginnings = Set(LookAlike.spellings(of: name.description).map { Array($0.utf8.prefix(4)) })
        for place in 0..<min(4, letters.count) {
            var without = letters
            without.remove(at: place)
            beginnings.insert(Array(without.prefix(4)))
            if place + 1 < letters.count {
                var swapped = letters
                swapped.swapAt(place, place + 1)
                beginnings.insert(Array(swapped.prefix(4)))
            }
            for letter in alphabet {
                var other = letters
                other[place] = letter
                beginnings.insert(Array(other.prefix(4)))
                other = letters
                other.insert(letter, at: place)
                beginnings.insert(Array(other.prefix(4)))
            }
        }
        return Set(beginnings.map { folders(of: $0) }).sorted().compactMap { RelativePath("index/\($0)") }
    }

    private static func folders(of name: PackageName) -> String { folders(of: Array(name.description.utf8.prefix(4))) }

    private static func folders(of beginning: [UInt8]) -> String {
        let letters = beginning + Array(repeating: UInt8(ascii: "_"), count: 4)
        return String(decoding: [letters[0], letters[1], UInt8(ascii: "/"), letters[2], letters[3]], as: UTF8.self)
    }

    /// The package whose index a path is; nil for other files.
    static func name(of path: RelativePath) -> PackageName? {
        let file = path.name
        guard file.utf8.suffix(6).elementsEqual(".jsonl".utf8),
            let name = PackageName(String(Substring(file.utf8.dropLast(6)))), Self.path(of: name) == path
        else { return nil }
        return name
    }

    /// Reads the lines of a package's index file. Keys that are not known are passed over: later versions of the
    /// format may add some.
    ///
    /// Throws everything that is wrong, each with its line. O(n).
    static func parse(
        _ bytes: [UInt8], of name: PackageName, file: String
    ) throws(DiagnosticsError) -> [IndexLine] {
        var lines: [IndexLine] = []
        var seen: Set<Version> = []
        let findings = Findings()
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty || findings.isFull { continue }
            do throws(DiagnosticsError) {
                let parsed = try IndexLine(line, of: name, file: file, line: index + 1)
                guard seen.insert(parsed.version).inserted else {
                    throw bad("version \(parsed.version) is there twice", file, index + 1)
                }
                guard lines.count < greatestCount else {
                    throw bad("more than \(greatestCount) versions", file, index + 1)
                }
                lines.append(parsed)
            } catch {
                for diagnostic in error.diagnostics { findings.add(diagnostic) }
            }
        }
        try findings.throwErrors()
        return lines
    }

    /// Reads one line. Throws one diagnostic, of what is wrong first.
    init(
        _ bytes: ArraySlice<UInt8>, of name: PackageName, file: String, line: Int
    ) throws(DiagnosticsError) {
        guard bytes.count <= Self.greatestLine else {
            throw Self.bad("\(bytes.count) bytes, more than \(Self.greatestLine)", file, line)
        }
        let value: JSONValue
        do throws(DiagnosticsError) {
            value = try StrictJSON.parse(bytes, file: file, line: line, limit: Self.greatestLine)
        } catch {
            // The index is the registry's: not the fault of whoever builds.
            throw Self.bad(error.diagnostics.first?.message ?? "it can't be read", file, line)
        }
        guard value.members != nil else { throw Self.bad("it is no object", file, line) }
        let fields = Fields(value: value, file: file, line: line)
        guard try fields.required("name", PackageName.init) == name else {
            throw Self.bad("`name` is not \(name)", file, line)
        }
        self.name = name
        version = try fields.required("version", Version.init)
        git = try fields.optional("git") { try? GitURL($0) }
        path = value["path"] == .string("") ? nil : try fields.optional("path") { RelativePath($0) }
        commit = try fields.optional("commit") { ObjectID(hex: $0) }
        tree = try fields.required("tree") { Digest(text: $0) }
        dependencies = try fields.dependencies()
        requires = try fields.requires()
        isYanked = try fields.flag("yanked")
        description = try fields.optional("description") { String($0.shown(limit: 1024)) }
        keywords = try fields.strings("keywords")
        signer = try fields.optional("signer") { Signer($0) }
        tag = try fields.optional("tag") { ObjectID(hex: $0) }
        if signer != nil && commit == nil { throw Self.bad("`signer` is there without `commit`", file, line) }
        if git != nil && commit == nil { throw Self.bad("`git` is there without `commit`", file, line) }
    }

    /// The tag of the version, whose own name must be one that `publish` gives.
    var releaseTag: ReleaseTag? {
        tag.map { ReleaseTag(object: $0, names: ["v\(version)", "\(name)/v\(version)"]) }
    }

    /// What to tell of a file that has too many bytes: which line is to blame, where one is. O(n), without a copy.
    static func tooLarge(_ bytes: [UInt8], _ file: String) -> DiagnosticsError {
        var line = 1
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            if end - start > greatestLine { return bad("\(end - start) bytes, more than \(greatestLine)", file, line) }
            start = end + 1
            line += 1
        }
        return bad("the file has \(bytes.count) bytes, more than \(FileSource.greatestFile)", file, line)
    }

    static func bad(_ reason: String, _ file: String, _ line: Int) -> DiagnosticsError {
        DiagnosticsError(
            Diagnostic(
                "registry.bad-line", .error, "this line of the index can't be used: \(reason)",
                at: SourceLocation(file: file, line: line), hint: "tell those who keep the registry", fault: .outside))
    }
}

/// Typed access to the members of one line.
private struct Fields {
    let value: JSONValue
    let file: String
    let line: Int

    func required<T>(_ key: String, _ make: (String) -> T?) throws(DiagnosticsError) -> T {
        guard let made = try optional(key, make) else { throw IndexLine.bad("`\(key)` is missing", file, line) }
        return made
    }

    func optional<T>(_ key: String, _ make: (String) -> T?) throws(DiagnosticsError) -> T? {
        guard let member = value[key] else { return nil }
        guard let text = member.string else { throw IndexLine.bad("`\(key)` is no string", file, line) }
        guard let made = make(text) else {
            throw IndexLine.bad("`\(key)` is not valid: `\(text.shown(limit: 80))`", file, line)
        }
        return made
    }

    func flag(_ key: String) throws(DiagnosticsError) -> Bool {
        guard let member = value[key] else { return false }
        guard let flag = member.boolean else { throw IndexLine.bad("`\(key)` is neither true nor false", file, line) }
        return flag
    }

    func strings(_ key: String) throws(DiagnosticsError) -> [String] {
        guard let member = value[key] else { return [] }
        guard let array = member.array else { throw IndexLine.bad("`\(key)` is no array", file, line) }
        var strings: [String] = []
        for element in array {
            guard let text = element.string else { throw IndexLine.bad("`\(key)` holds no string", file, line) }
            strings.append(text.shown(limit: 80))
        }
        return strings
    }

    func requires() throws(DiagnosticsError) -> [Demand] {
        guard let member = value["requires"] else { return [] }
        guard let members = member.members else { throw IndexLine.bad("`requires` is no object", file, line) }
        var demands: [Demand] = []
        for member in members {
            guard let level = member.value.string.flatMap({ Level(text: $0) }), level > .l0 else {
                throw IndexLine.bad(
                    "`requires` of `\(member.key.shown(limit: 80))` is none of L1, L2, L3", file, line)
            }
            if let primitive = Primitive(rawValue: member.key) { demands.append(Demand(primitive, level)) }
        }
        return demands.sorted { $0.primitive < $1.primitive }
    }

    func dependencies() throws(DiagnosticsError) -> [ManifestDependency] {
        guard let member = value["dependencies"] else { return [] }
        guard let members = member.members else { throw IndexLine.bad("`dependencies` is no object", file, line) }
        var dependencies: [ManifestDependency] = []
        for member in members {
            guard let name = PackageName(member.key), let range = member.value.string.flatMap({ VersionRange($0) })
            else {
                throw IndexLine.bad("dependency `\(member.key.shown(limit: 80))` has no range of versions", file, line)
            }
            dependencies.append(
                ManifestDependency(
                    name, .registry(range, registry: nil), location: SourceLocation(file: file, line: line)))
        }
        return dependencies.sorted { $0.name < $1.name }
    }
}
