import Basics

/// The names under which the packages of one graph are installed and locked.
///
/// A function of the graph alone: neither the order in which packages were found nor an older lock has a say, so that two
/// branches that come to the same packages come to the same names.
package enum InstalledNames {
    /// A package as its name is chosen.
    package struct Package: Sendable, Hashable {
        /// What its author calls it.
        package var name: PackageName
        package var source: PackageSource
        package var commit: CommitID?
        /// What a manifest of the user's own calls it. No two packages of a graph have the same.
        package var wanted: PackageName?

        package init(_ name: PackageName, _ source: PackageSource, commit: CommitID? = nil, wanted: PackageName? = nil)
        {
            self.name = name
            self.source = source
            self.commit = commit
            self.wanted = wanted
        }
    }

    /// A name for each of `packages`, all different.
    ///
    /// First come the names that manifests give. Then, of the packages with one name of their own, the one from `main`
    /// (the default registry) has it, else the first by kind of source (registries, repositories, folders) and its text;
    /// of members the one whose folder lies highest. The others get an alias: the name and a word of their source,
    /// `charts-acme`, or the name and a part of the source's digest where that word is taken or says nothing. O(n log n).
    package static func assign(_ packages: [Package], main: PackageSource) -> [PackageName] {
        var names = packages.map(\.wanted)
        var taken = Set(names.compactMap { $0 })
        var nameless: [Int] = []
        let order = packages.map { Order($0, main) }
        for index in packages.indices.sorted(by: { order[$0].precedes(order[$1]) })
        where names[index] == nil {
            if taken.insert(packages[index].name).inserted {
                names[index] = packages[index].name
            } else {
                nameless.append(index)
            }
        }
        let words = nameless.map { alias(of: packages[$0]) }
        let counts = Dictionary(words.compactMap { $0.map { ($0, 1) } }, uniquingKeysWith: +)
        for (index, word) in zip(nameless, words) {
            if let word, counts[word] == 1, !taken.contains(word) { names[index] = word }
        }
        taken.formUnion(names.compactMap { $0 })
        for index in nameless where names[index] == nil {
            names[index] = digestName(of: packages[index], besides: &taken)
        }
        return zip(names, packages).map { $0 ?? $1.name }
    }

    /// What decides who comes first, worked out once a package.
    private struct Order {
        let rank: Int
        let depth: Int
        let source: String
        let commit: String

        init(_ package: Package, _ main: PackageSource) {
            rank =
                switch package.source {
                case main: 0
                case .registry, .embedded: 1
                case .git: 2
                case .web: 3
                case .hub: 4
                case .workspace: 5
                case .path: 6
                }
            source = package.source.description
            // Of members the one whose folder lies highest: `skills/setup` before `plugins/voice/skills/setup`.
            if case .workspace(let path) = package.source {
                depth = path.map { $0.text.utf8.count { $0 == 0x2F } + 1 } ?? 0
            } else {
                depth = 0
            }
            commit = package.commit?.description ?? ""
        }

        func precedes(_ other: Order) -> Bool {
            if rank != other.rank { return rank < other.rank }
            if depth != other.depth { return depth < other.depth }
            if source != other.source { return source.utf8.lexicographicallyPrecedes(other.source.utf8) }
            return commit.utf8.lexicographicallyPrecedes(other.commit.utf8)
        }
    }

    /// Words of addresses that tell nothing.
    private static let empty: Set<String> = [
        "skills", "agent-skills", "registry", "index", "git", "src", "repo", "main",
    ]

    /// The first of `aliases` for where the package comes from; nil when there is none.
    private static func alias(of package: Package) -> PackageName? {
        let place: String
        switch package.source {
        case .embedded: place = Manifest.embeddedRegistry
        case .registry(let url): place = url.description
        case .git(let url, _, _): place = url.description
        case .web(let source): place = source.url.description
        case .hub(let source): place = source.owner.description
        case .path(let path): place = path
        case .workspace(let path): place = path?.text ?? ""
        }
        return aliases(of: package.name, from: place).first
    }

    /// A name with each word of an address behind it that says something, the last word first. O(length).
    package static func aliases(of name: PackageName, from place: String) -> [PackageName] {
        let own = name.description
        return place.split(whereSeparator: { "/:@".contains($0) }).reversed().compactMap { part in
            let word = plain(part.hasSuffix(".git") ? part.dropLast(4) : part)
            if word.isEmpty || word == own || empty.contains(word) { return nil }
            return PackageName("\(stem(own, 39))-\(word)")
        }
    }

    /// At most 24 letters, digits and single hyphens; never a hyphen at an end.
    private static func plain(_ text: Substring) -> String {
        var word = ""
        for byte in text.utf8.prefix(24) {
            switch byte {
            case 0x30...0x39, 0x61...0x7A: word.unicodeScalars.append(Unicode.Scalar(byte))
            case 0x41...0x5A: word.unicodeScalars.append(Unicode.Scalar(byte + 32))
            default: if !word.isEmpty, !word.hasSuffix("-") { word += "-" }
            }
        }
        while word.hasSuffix("-") { word.removeLast() }
        return word
    }

    /// The first characters of a name, without a hyphen at the cut.
    private static func stem(_ name: String, _ length: Int) -> String {
        var stem = String(name.prefix(length))
        while stem.hasSuffix("-") { stem.removeLast() }
        return stem
    }

    private static func digestName(of package: Package, besides taken: inout Set<PackageName>) -> PackageName {
        let digest = Digest(of: "\(package.source)\n\(package.commit?.description ?? "")\n").hex.prefix(8)
        var number = 1
        while true {
            // The number is for a lock that somebody wrote by hand: one source and commit is one package.
            let end = number == 1 ? "" : "-\(number)"
            let name = PackageName("\(stem(package.name.description, 40))-\(digest)\(end)")
            if let name, taken.insert(name).inserted { return name }
            number += 1
        }
    }
}
