import Basics
import TestSupport
import Testing

@testable import SkillModel

private func read(_ text: String) throws(DiagnosticsError) -> Lockfile { try Lockfile(parsing: Array(text.utf8)) }

private func fault(_ text: String) -> Diagnostic? {
    do throws(DiagnosticsError) {
        _ = try read(text)
        return nil
    } catch {
        return error.diagnostics.first
    }
}

private func digest(_ text: String) -> Digest { Digest(of: text) }

private let commit = CommitID(String(repeating: "ab", count: 20))!
private let registry = PackageSource.registry(RepositoryURL("https://example.org/registry.git")!)

private func sample() -> Lockfile {
    let charts = PackageID("charts 1.0.2")!
    let palette = PackageID("palette 0.3.1")!
    let openclaw = TargetName("qwen-openclaw")!
    return Lockfile(
        wishes: [
            charts.name: LockedRange("^1.0")!, PackageName("charts-x")!: .any, PackageName("notes")!: .locked,
        ],
        packages: [
            LockedPackage(
                name: PackageName("palette")!, version: palette.version, source: registry, commit: commit,
                tree: digest("p"), signer: "ssh-ed25519 SHA256:abc"),
            LockedPackage(
                name: charts.name, version: charts.version, source: registry, commit: commit, tree: digest("c"),
                dependencies: [palette], ranges: [palette.name: LockedRange(">=0.3, <0.5")!]),
            LockedPackage(
                name: charts.name, version: Version("2.0.0-rc.1+b")!,
                source: PackageSource("git+https://example.org/x?branch=main#skills/charts")!, commit: commit,
                tree: digest("d"), alias: PackageName("charts-x")!, dependencies: [palette],
                registries: [palette.name: [registry]]),
            LockedPackage(
                name: PackageName("notes")!, version: Version(0, 0, 0), source: PackageSource("path+../notes \"ü\"")!),
        ],
        targets: [
            LockedTarget(name: openclaw, profile: digest("1"), environment: digest("2"), harness: digest("3")),
            LockedTarget(name: TargetName("b")!, profile: nil, environment: digest("2"), harness: digest("3")),
        ],
        variants: [
            LockedVariant(
                package: palette, target: openclaw, tree: digest("4"),
                passes: ["lower": digest("5"), "bind": digest("6")], recordings: [digest("r"), digest("q")]),
            LockedVariant(package: charts, target: openclaw, tree: digest("7")),
            LockedVariant(package: charts, target: TargetName("b")!, tree: digest("8")),
        ])
}

@Suite struct `The lock` {
    @Test func `with other variants is its text with their records replaced`() throws {
        let lock = sample()
        func changed(_ places: [Int], _ change: (inout LockedVariant) -> Void) -> Lockfile {
            var variants = lock.variants
            for place in places { change(&variants[place]) }
            return Lockfile(
                wishes: lock.wishes, packages: lock.packages, targets: lock.targets, variants: variants)
        }
        for places in [[], [0], [2], [1, 2], [0, 1, 2]] {
            for other in [
                changed(places) { $0.tree = digest("other") }, changed(places) { $0.recordings = [] },
                changed(places) { $0.passes["guard"] = digest("g") }, changed(places) { $0.passes = [:] },
            ] {
                #expect(lock.text(lock.encoded(), changedTo: other) == other.encoded())
            }
        }
        let other = changed([0]) { $0.tree = digest("other") }
        #expect(other.text(lock.encoded(), changedTo: lock) == nil)
        #expect(lock.text([], changedTo: other) == nil)
        var packages = lock.packages
        packages[0].version = Version("1.0.2+built")!
        for strange in [
            Lockfile(packages: packages, targets: lock.targets, variants: lock.variants),
            Lockfile(packages: lock.packages, targets: [lock.targets[0]], variants: lock.variants),
            Lockfile(packages: lock.packages, targets: lock.targets, variants: Array(lock.variants.dropLast())),
            changed([0]) { $0.target = TargetName("c")! }, changed([2]) { $0.package = PackageID("palette 0.3.1+b")! },
        ] {
            #expect(lock.text(lock.encoded(), changedTo: strange) == nil)
        }
    }

    @Test func `what is written is read back, and written the same`() throws {
        let lock = sample()
        let bytes = lock.encoded()
        let back = try Lockfile(parsing: bytes)
        #expect(back == lock)
        #expect(back.encoded() == bytes)
        #expect(try Lockfile(parsing: Lockfile().encoded()) == Lockfile())
    }

    @Test func `records are sorted whatever their order was`() {
        let lock = sample()
        let other = Lockfile(
            wishes: lock.wishes, packages: lock.packages.reversed(), targets: lock.targets.reversed(),
            variants: lock.variants.reversed())
        #expect(other.encoded() == lock.encoded())
        #expect(
            lock.packages.map(\.id.description) == [
                "charts 1.0.2", "charts-x 2.0.0-rc.1+b", "notes 0.0.0", "palette 0.3.1",
            ])
        #expect(lock.variants.map(\.target.description) == ["b", "qwen-openclaw", "qwen-openclaw"])
    }

    @Test func `records are found by their names`() {
        let lock = sample()
        #expect(lock.package(PackageName("charts-x")!)?.version == Version("2.0.0-rc.1"))
        #expect(lock.package(PackageName("zzz")!) == nil && lock.package(PackageName("a")!) == nil)
        #expect(lock.target(TargetName("b")!)?.profile == nil)
        #expect(lock.variant(PackageID("palette 0.3.1")!, TargetName("qwen-openclaw")!)?.tree == digest("4"))
        #expect(lock.variant(PackageID("palette 0.3.1")!, TargetName("b")!) == nil)
    }

    @Test func `the golden lock is canonical`() throws {
        let path = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let golden = try FileSystem.read("/\(path)/lockfiles/golden/every-field.lock")
        #expect(String(decoding: golden, as: UTF8.self) == String(decoding: sample().encoded(), as: UTF8.self))
        #expect(try Lockfile(parsing: golden) == sample())
    }

    @Test func `a conflict that git left is named, never an empty lock`() {
        let text = String(decoding: sample().encoded(), as: UTF8.self)
        let found = fault(text.replacing("\n[[target]]", with: "\n<<<<<<< HEAD\n[[target]]"))
        #expect(found?.id == "toml.conflict")
        #expect(found?.hint?.contains("git checkout --ours skvm.lock") == true)
        let both = fault("version = 1\n<<<<<<< HEAD\n=======\n>>>>>>> other\n")
        #expect(both?.id == "toml.conflict" && both?.hint == "run `skvm lock`: it merges both sides")
        #expect(fault("")?.id == "lock.empty")
        #expect(fault("\n\n")?.id == "lock.empty")
    }

    @Test func `a newer version is refused, a newer revision is read`() throws {
        let text = String(decoding: sample().encoded(), as: UTF8.self)
        #expect(fault("version = 2\nstrange = 1\n")?.id == "lock.version")
        #expect(fault("version = 2\nstrange = 1\n")?.hint == "update skvm")
        let later = text.replacing("revision = 3", with: "revision = 9").replacing(
            "[[target]]\n", with: "[[target]]\nlater = 1\n")
        #expect(try read(later) == sample())
        #expect(fault(text.replacing("[[target]]\n", with: "[[target]]\nlater = 1\n"))?.id == "toml.unknown-key")
    }

    @Test func `duplicates and dangling references are errors`() {
        let text = String(decoding: sample().encoded(), as: UTF8.self)
        #expect(fault(text.replacing("alias = \"charts-x\"\n", with: ""))?.id == "lock.duplicate")
        #expect(fault(text.replacing("target = \"b\"", with: "target = \"qwen-openclaw\""))?.id == "lock.duplicate")
        #expect(fault(text.replacing("name = \"b\"", with: "name = \"qwen-openclaw\""))?.id == "lock.duplicate")
        #expect(fault(text.replacing("target = \"b\"", with: "target = \"c\""))?.id == "lock.reference")
        #expect(fault(text.replacing("    \"palette 0.3.1\"", with: "    \"palette 0.3.2\""))?.id == "lock.reference")
        #expect(
            fault(text.replacing("package = \"palette 0.3.1\"", with: "package = \"gone 0.3.1\""))?.id
                == "lock.reference")
    }

    @Test
    func `a package without its commit is an error, unless its registry is named by a path: that may be a folder`() {
        let text = String(decoding: sample().encoded(), as: UTF8.self)
        let records = text.components("[[package]]")
        for kind in ["git+", "registry+"] {
            guard let record = records.first(where: { $0.contains("source = \"\(kind)") }) else {
                Issue.record("the sample has no \(kind) package")
                continue
            }
            let changed = text.replacing(record, with: record.replacing("commit = ", with: "# commit = "))
            #expect(fault(changed) != nil, "\(kind)")
            let local = changed.replacing("registry+https://example.org/registry.git", with: "registry+../registry")
            #expect((fault(local) != nil) == (kind == "git+"), "\(kind)")
        }
    }

    @Test(arguments: [
        ("name = \"charts\"", "name = \"../charts\""), ("version = \"1.0.2\"", "version = \"1.0\""),
        ("registry+https", "registry+ext::https"), ("ranges = { palette", "ranges = { \"../p\""),
        ("\">=0.3, <0.5\"", "\"newest\""), ("charts-x = \"any\"", "charts-x = 1"),
        ("charts-x = \"any\"", "X = \"any\""),
        ("#skills/charts", "#../charts"), ("?branch=main", "?branch=-x"),
        ("abababab", "ABababab"), ("tree = \"sha256:", "tree = \"sha1:"), ("lower = ", "\"../x\" = "),
        ("recordings = [\"", "recordings = [\"x"), ("signer = \"", "signer = \"\\u001b"),
        ("commit = \"", "commit = \"x"),
    ])
    func `every field is checked`(_ text: String, _ replacement: String) {
        let canonical = String(decoding: sample().encoded(), as: UTF8.self)
        let changed = canonical.replacing(text, with: replacement, maxReplacements: 1)
        #expect(changed != canonical)
        #expect(fault(changed)?.location?.line != nil, "\(replacement)")
    }

    @Test(arguments: [
        "registry+https://h/r", "git+https://h/x", "git+https://h/x?tag=v1#a/b", "git+ssh://git@h/x?branch=a/b",
        "path+../x",
        "path+/abs", "clawhub+https://h.example#o-1.x", "clawhub+http://h:81/a#o", "workspace+.", "workspace+skills/a",
        "git+https://h/x?y=1", "git+git@h:x#p",
    ])
    func `a source is written as it was read`(_ text: String) throws {
        #expect(try #require(PackageSource(text)).description == text)
    }

    @Test func `the difference of two locks is said in words`() throws {
        let old = sample()
        var packages = old.packages
        packages[0].version = Version(1, 1, 0)
        packages[0].tree = digest("new")
        packages.removeLast()
        var targets = old.targets
        targets[1].profile = nil
        var variants = old.variants
        variants[0].passes["lower"] = digest("changed")
        variants.removeLast()
        packages[1].ranges = [PackageName("palette")!: .any]
        let wishes = old.wishes.merging([PackageName("charts")!: .any, PackageName("palette")!: .any]) { $1 }
        let new = Lockfile(wishes: wishes, packages: packages, targets: targets, variants: variants)
        let lines = Lockfile.diff(old, new)
        #expect(
            lines == [
                "range of charts ^1.0 → any",
                "package palette 0.3.1 is no longer there",
                "package charts 1.0.2: version 1.0.2 → 1.1.0, tree \(digest("c").hex.prefix(12)) → \(digest("new").hex.prefix(12))",
                "package charts-x 2.0.0-rc.1+b: ranges of palette",
                "target qwen-openclaw: profile \(digest("1").hex.prefix(12)) → none",
                "variant palette 0.3.1 for qwen-openclaw is no longer there",
                "variant charts 1.0.2 for b: output of lower",
            ])
        #expect(Lockfile.diff(old, old).isEmpty)
    }
}

extension String {
    /// The parts between occurrences of `separator`.
    fileprivate func components(_ separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
