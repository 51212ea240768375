package import Basics
import Formats

extension Lockfile {
    /// Larger locks are refused, in bytes: some 200,000 variants.
    package static let greatestSize = 64 << 20

    /// Reads a lock strictly: every field is checked, records are unique and refer to records that are there. O(n).
    ///
    /// An unresolved git conflict is `toml.conflict`, a lock of a newer format `lock.version`, an empty file an error too.
    /// Throws `DiagnosticsError` with line, column and a hint.
    package init(parsing bytes: [UInt8], file: String = fileName) throws(DiagnosticsError) {
        guard bytes.contains(where: { $0 > 0x20 }) else {
            throw DiagnosticsError([
                Diagnostic(
                    "lock.empty", .error, "the lock is empty", at: SourceLocation(file: file, line: 1, column: 1),
                    hint:
                        "bring back the version that was committed: `git checkout \(Self.fileName)`; or delete it, and "
                        + "`skvm lock` chooses all versions anew")
            ])
        }
        let document: TOMLDocument
        do {
            document = try TOMLDocument(parsing: bytes, file: file, limit: Self.greatestSize)
        } catch {
            throw DiagnosticsError(
                error.diagnostics.map { diagnostic in
                    guard diagnostic.id == "toml.conflict" else { return diagnostic }
                    var diagnostic = diagnostic
                    diagnostic.hint =
                        ConflictMarkers(bytes) == nil
                        ? "its markers don't go together: take one side (`git checkout --ours \(Self.fileName)`, or --theirs), then "
                            + "run `skvm lock`"
                        : "run `skvm lock`: it merges both sides"
                    return diagnostic
                })
        }
        var reader = LockfileReader(document)
        self = try reader.read()
    }
}

/// Reads the records of one lock, and remembers where they stand until their references are checked.
private struct LockfileReader {
    let document: TOMLDocument
    let findings = Findings()
    /// A lock of a later revision may have keys that this skvm doesn't know.
    var isNewer = false
    var keys: [PackageName: PackageID] = [:]
    var targetNames: Set<TargetName> = []
    var pairs: Set<Pair> = []

    struct Pair: Hashable {
        var package: PackageID
        var target: TargetName
    }

    init(_ document: TOMLDocument) { self.document = document }

    mutating func read() throws(DiagnosticsError) -> Lockfile {
        // The version comes first: a newer lock is refused as such, not for its keys.
        let head = TOMLRecord(document.root, "the lock", keys: document.root.values.map(\.key), findings: findings)
        guard head.checkFormat(known: Lockfile.version, id: "lock.version", what: "the lock") else {
            throw DiagnosticsError(findings.diagnostics)
        }
        isNewer = (head.integer("revision", in: 0...Int64.max) ?? 0) > Lockfile.revision
        let root = record(
            document.root, "the lock", ["version", "revision", "dependencies", "package", "target", "variant"])
        let wishes = ranges(root, "dependencies")
        let packageTables = root.tables("package")
        let packages = packageTables.compactMap { package($0) }
        let targets = root.tables("target").compactMap { target($0) }
        let variants = root.tables("variant").compactMap { variant($0) }
        if !findings.hasErrors { checkDependencies(packageTables, packages) }
        try findings.throwErrors()
        return Lockfile(wishes: wishes, packages: packages, targets: targets, variants: variants)
    }

    private func record(_ table: TOMLTable, _ what: String, _ keys: [String]) -> TOMLRecord {
        TOMLRecord(table, what, keys: isNewer ? keys + table.values.map(\.key) : keys, findings: findings)
    }

    private mutating func package(_ table: TOMLTable) -> LockedPackage? {
        let record = record(
            table, "[[package]]",
            [
                "name", "version", "source", "commit", "tree", "alias", "patched", "signer", "dependencies", "ranges",
                "registries",
            ])
        let name: PackageName? = record.requiredValue("name")
        let version: Version? = record.requiredValue("version")
        let source: PackageSource? = record.requiredValue("source")
        let commit: CommitID? = record.value("commit")
        let tree = record.digest("tree")
        let alias: PackageName? = record.value("alias")
        let patched: PackageSource? = record.value("patched")
        let signer = record.line("signer")
        let dependencies = record.strings("dependencies")?.compactMap { _, value in
            record.parsed(value, PackageID.init, fault: PackageID.fault)
        }
        let ranges = ranges(record, "ranges")
        let registries = registries(record)
        guard let name, let version, let source else { return nil }
        if source.isOfRepository { _ = record.required("commit") }
        if !source.isFolder { _ = record.required("tree") }
        let package = LockedPackage(
            name: name, version: version, source: source, commit: commit, tree: tree, alias: alias, patched: patched,
            signer: signer, dependencies: dependencies ?? [], ranges: ranges, registries: registries)
        if keys.updateValue(package.id, forKey: package.id.name) != nil {
            record.report(
                table.value, id: "lock.duplicate", "package '\(package.id.name)' is locked twice",
                hint: "run `skvm build`: it writes the lock anew")
        }
        return package
    }

    private func ranges(_ record: TOMLRecord, _ key: String) -> [PackageName: LockedRange] {
        guard let table = record.table(key) else { return [:] }
        let record = TOMLRecord(table, key, keys: table.values.map(\.key), findings: findings)
        var ranges: [PackageName: LockedRange] = [:]
        for value in table.values {
            guard let name = PackageName(value.key) else {
                record.report(value, "'\(value.key.shortened)' can't name a package")
                continue
            }
            ranges[name] = record.value(value.key)
        }
        return ranges
    }

    /// `palette = "registry+URL"`; of several of one name, with blanks between them.
    private func registries(_ record: TOMLRecord) -> [PackageName: [PackageSource]] {
        guard let table = record.table("registries") else { return [:] }
        let record = TOMLRecord(table, "registries", keys: table.values.map(\.key), findings: findings)
        var registries: [PackageName: [PackageSource]] = [:]
        for value in table.values {
            guard let name = PackageName(value.key) else {
                record.report(value, "'\(value.key.shortened)' can't name a package")
                continue
            }
            let sources = record.parsed(value, LockedRegistries.init) { _ in
                "a registry is registry+URL or registry+embedded"
            }
            registries[name] = sources?.sources
        }
        return registries
    }

    private mutating func target(_ table: TOMLTable) -> LockedTarget? {
        let record = record(table, "[[target]]", ["name", "profile", "environment", "harness"])
        let name: TargetName? = record.requiredValue("name")
        let profile = record.digest("profile")
        let environment = record.required("environment") == nil ? nil : record.digest("environment")
        let harness = record.required("harness") == nil ? nil : record.digest("harness")
        guard let name, let environment, let harness else { return nil }
        if !targetNames.insert(name).inserted {
            record.report(table.value, id: "lock.duplicate", "target '\(name)' is locked twice")
        }
        return LockedTarget(name: name, profile: profile, environment: environment, harness: harness)
    }

    private mutating func variant(_ table: TOMLTable) -> LockedVariant? {
        let record = record(table, "[[variant]]", ["package", "target", "tree", "passes", "recordings"])
        let package: PackageID? = record.requiredValue("package")
        let target: TargetName? = record.requiredValue("target")
        let tree = record.required("tree") == nil ? nil : record.digest("tree")
        let passes = record.table("passes").map { self.passes($0) }
        let recordings = record.strings("recordings")?.compactMap { _, value in
            record.parsed(value, { Digest(text: $0) }, fault: { _ in "a digest is sha256: and 64 hexadecimal digits" })
        }
        guard let package, let target, let tree else { return nil }
        if keys[package.name] != package {
            record.reportMissing(record.table["package"], "package '\(package)'")
        }
        if !targetNames.contains(target) { record.reportMissing(record.table["target"], "target '\(target)'") }
        if !pairs.insert(Pair(package: package, target: target)).inserted {
            record.report(
                table.value, id: "lock.duplicate", "the variant of '\(package)' for '\(target)' is locked twice")
        }
        return LockedVariant(
            package: package, target: target, tree: tree, passes: passes ?? [:], recordings: recordings ?? [])
    }

    private func passes(_ table: TOMLTable) -> [String: Digest] {
        var passes: [String: Digest] = [:]
        let record = TOMLRecord(table, "passes", keys: table.values.map(\.key), findings: findings)
        for value in table.values {
            guard TargetName(value.key) != nil else {
                record.report(value, "'\(value.key.shortened)' can't name a pass")
                continue
            }
            passes[value.key] = record.digest(value.key)
        }
        return passes
    }

    private func checkDependencies(_ tables: [TOMLTable], _ packages: [LockedPackage]) {
        for (table, package) in zip(tables, packages) {
            let record = TOMLRecord(table, "[[package]]", keys: table.values.map(\.key), findings: findings)
            for dependency in package.dependencies where keys[dependency.name] != dependency {
                record.reportMissing(table["dependencies"], "package '\(dependency)'")
            }
        }
    }
}

extension TOMLRecord {
    fileprivate func reportMissing(_ value: TOMLValue?, _ what: String) {
        report(
            value ?? table.value, id: "lock.reference", "\(what) is not in the lock",
            hint: "run `skvm build`: it writes the lock anew")
    }
}
