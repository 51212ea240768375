package import Basics

/// What `skvm.lock` pins (`docs/formats/lockfile.md`): every package, what every target is, every compiled variant.
///
/// Records are sorted and unique; there are no times, hosts, counters or whole-file hashes in it, so that two branches
/// that lock different things merge.
package struct Lockfile: Sendable, Hashable {
    package static let fileName = "skvm.lock"
    /// A reader refuses a greater one: what it says can't be understood without knowing how.
    package static let version: Int64 = 1
    /// A reader tolerates a greater one and skips the keys that it doesn't know: they are not needed to be right.
    ///
    /// 1: `patched` of a package. 2: `ranges` of a package, and `[dependencies]`. 3: `registries` of a package.
    package static let revision: Int64 = 3

    /// What the project's own manifest asks for, by the names that it gives. Empty in a lock of before revision 2, too.
    package let wishes: [PackageName: LockedRange]
    /// Sorted by key and version. Keys are unique.
    package let packages: [LockedPackage]
    /// Sorted by name.
    package let targets: [LockedTarget]
    /// Sorted by package, then target.
    package let variants: [LockedVariant]

    /// Sorts the records. O(n log n). The caller has made sure that they are unique and refer to one another.
    package init(
        wishes: [PackageName: LockedRange] = [:], packages: [LockedPackage] = [], targets: [LockedTarget] = [],
        variants: [LockedVariant] = []
    ) {
        self.wishes = wishes
        self.packages = packages.sorted { $0.id < $1.id }
        self.targets = targets.sorted { $0.name < $1.name }
        self.variants = variants.sorted { ($0.package, $0.target) < ($1.package, $1.target) }
    }

    /// The package that is installed under `key`. O(log n).
    package func package(_ key: PackageName) -> LockedPackage? {
        let place = packages.lowerBound { $0.id.name < key }
        return place < packages.count && packages[place].id.name == key ? packages[place] : nil
    }

    package func target(_ name: TargetName) -> LockedTarget? {
        let place = targets.lowerBound { $0.name < name }
        return place < targets.count && targets[place].name == name ? targets[place] : nil
    }

    package func variant(_ package: PackageID, _ target: TargetName) -> LockedVariant? {
        let place = variants.lowerBound { ($0.package, $0.target) < (package, target) }
        guard place < variants.count, variants[place].package == package, variants[place].target == target else {
            return nil
        }
        return variants[place]
    }
}

/// A package in the words of a lock: `charts 1.0.2`. The name is the one it is installed under: its alias if it has one.
package struct PackageID: TextValue {
    package let name: PackageName
    package let version: Version

    package init(_ name: PackageName, _ version: Version) {
        self.name = name
        self.version = version
    }

    package init?(_ text: String) {
        guard let blank = text.utf8.firstIndex(of: 0x20), let name = PackageName(String(text[..<blank])),
            let version = Version(String(text[text.utf8.index(after: blank)...]))
        else { return nil }
        self.init(name, version)
    }

    package static func fault(in text: String) -> String? {
        PackageID(text) == nil ? "a package is a name and a version, like \"charts 1.0.2\"" : nil
    }

    package var description: String { "\(name) \(version)" }

    package static func < (a: PackageID, b: PackageID) -> Bool {
        (a.name, a.version) < (b.name, b.version)
    }
}

package struct LockedPackage: Sendable, Hashable {
    /// The package's own name.
    package var name: PackageName
    package var version: Version
    package var source: PackageSource
    /// Of the package's repository; nil only for folders.
    package var commit: CommitID?
    /// Of the source as fetched; nil only for folders, which their user edits.
    package var tree: Digest?
    /// The name it is installed under, because another package has its own one.
    package var alias: PackageName?
    /// The source that a `[patch]` of the manifest took the place of.
    package var patched: PackageSource?
    /// Who signed the tag or commit, as the registry's verification names them.
    package var signer: String?
    /// Sorted.
    package var dependencies: [PackageID]
    /// Which versions of them it takes, by the names that their authors give them. What is not in it is as `locked`: two of one
    /// name, what no range decides, and all of a lock of before revision 2.
    package var ranges: [PackageName: LockedRange]
    /// Of what is from no registry itself: whose packages its own manifest asks for, by the names that their authors give them;
    /// nearly always one of a name, sorted. What a registry lists needs packages of that registry alone (decision 0073).
    package var registries: [PackageName: [PackageSource]]

    package init(
        name: PackageName, version: Version, source: PackageSource, commit: CommitID? = nil, tree: Digest? = nil,
        alias: PackageName? = nil, patched: PackageSource? = nil, signer: String? = nil,
        dependencies: [PackageID] = [], ranges: [PackageName: LockedRange] = [:],
        registries: [PackageName: [PackageSource]] = [:]
    ) {
        self.name = name
        self.version = version
        self.source = source
        self.commit = commit
        self.tree = tree
        self.alias = alias
        self.patched = patched
        self.signer = signer
        self.dependencies = Set(dependencies).sorted()
        self.ranges = ranges
        self.registries = registries
    }

    /// Whether it says that it takes a package of that name from there.
    package func takes(_ name: PackageName, from source: PackageSource) -> Bool {
        registries[name]?.contains(source) ?? false
    }

    /// How other records name it.
    package var id: PackageID { PackageID(alias ?? name, version) }
}

package struct LockedTarget: Sendable, Hashable {
    package var name: TargetName
    /// Nil when nothing has measured this model on this harness.
    package var profile: Digest?
    package var environment: Digest
    package var harness: Digest

    package init(name: TargetName, profile: Digest?, environment: Digest, harness: Digest) {
        self.name = name
        self.profile = profile
        self.environment = environment
        self.harness = harness
    }
}

package struct LockedVariant: Sendable, Hashable {
    package var package: PackageID
    package var target: TargetName
    /// Of the variant, before relocation.
    package var tree: Digest
    /// Output digests by pass.
    package var passes: [String: Digest]
    /// The recorded model calls that went into it, sorted.
    package var recordings: [Digest]

    package init(
        package: PackageID, target: TargetName, tree: Digest, passes: [String: Digest] = [:], recordings: [Digest] = []
    ) {
        self.package = package
        self.target = target
        self.tree = tree
        self.passes = passes
        self.recordings = Set(recordings).sorted()
    }
}

extension Array {
    /// The first place whose element isn't before; the array is sorted so that those come first.
    fileprivate func lowerBound(_ isBefore: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
