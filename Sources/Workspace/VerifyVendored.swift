import Basics
import ContentStore
import Registry
import SkillModel

extension Workspace {
    /// Rehashes what is vendored of the lock: how many packages are whole, and what is missing or is not what it was.
    ///
    /// A project that says `[vendor]` has a folder that needs no cache: what the lock pins and the folder does not hold is a fault
    /// as a changed byte is.
    func verifyVendored(_ project: Project, _ lock: Lockfile?) throws -> (whole: Int, diagnostics: [Diagnostic]) {
        guard let lock, let path = project.manifest.vendor else { return (0, []) }
        let vendor = VendorFolder(path: project.absolute(path.text), shown: path.text)
        guard try vendor.isPresent() else { return (0, [Self.noVendored(vendor, project)]) }
        var check = VendorCheck(vendor: vendor)
        for package in lock.packages { try check.look(at: package) }
        let facts = Self.facts(of: lock).map { ($0, VendorFolder.BlobKind.fact) }
        let recordings = Set(lock.variants.flatMap(\.recordings)).sorted().map { ($0, VendorFolder.BlobKind.recording) }
        for (digest, kind) in facts + recordings { try check.look(for: digest, kind) }
        return (check.whole, check.results)
    }

    private static func noVendored(_ vendor: VendorFolder, _ project: Project) -> Diagnostic {
        let isThere = FileSystem.isDirectory(vendor.path)
        let isFree = (try? vendor.isFree()) ?? true
        let mend = isFree ? "run" : "move it away and run"
        return Diagnostic(
            "vendor.missing", .error,
            isThere
                ? "the folder \(vendor.shown), which [vendor] names, has no \(VendorFolder.mark): nothing in it is used"
                : "there is no folder \(vendor.shown), which [vendor] names",
            at: SourceLocation(file: project.manifestName),
            hint:
                "bring back the folder that was committed, or \(mend) `skvm verify --repair`; to vendor no more, take [vendor] out "
                + "of skvm.toml", fault: .integrity)
    }
}

/// What of a lock a vendored folder holds.
private struct VendorCheck {
    let vendor: VendorFolder
    private(set) var whole = 0
    private var found: [Diagnostic] = []
    /// `charts 1.0.2`, `a profile, harness or environment`.
    private var missing: [String] = []

    init(vendor: VendorFolder) { self.vendor = vendor }

    mutating func look(at package: LockedPackage) throws {
        guard let tree = package.tree, !package.source.isFolder else { return }
        let vendor = vendor
        var vendored: VendorFolder.Package?
        guard try isRight({ vendored = try vendor.package(package.id.name, tree: tree) }) else { return }
        guard let vendored else { return missing.append("\(package.id)") }
        let faulty = try vendored.entries.filter { entry in
            try !isRight { _ = try vendor.bytes(of: entry, in: vendored.name) }
        }
        if faulty.isEmpty { whole += 1 }
    }

    mutating func look(for digest: Digest, _ kind: VendorFolder.BlobKind) throws {
        let vendor = vendor
        var bytes: [UInt8]?
        guard try isRight({ bytes = try vendor.blob(digest, kind) }), bytes == nil else { return }
        switch kind {
        case .fact: missing.append("facts of a target (\(digest))")
        case .recording: missing.append("the recording \(digest)")
        }
    }

    private mutating func isRight(_ body: () throws -> Void) throws -> Bool {
        do { try body() } catch let error as DiagnosticsError {
            found += error.diagnostics
            return false
        }
        return true
    }

    var results: [Diagnostic] {
        found
            + missing.map { name in
                Diagnostic(
                    "verify.not-vendored", .error, "\(vendor.shown) does not hold \(name), which skvm.lock pins",
                    hint: "run `skvm vendor`, or `skvm verify --repair`, and commit \(vendor.shown)", fault: .integrity)
            }
            + vendor.missingGuards().map { name in
                Diagnostic(
                    "vendor.damaged", .error,
                    "\(vendor.shown)/\(name) is missing, which keeps git from changing what is vendored",
                    hint: "bring back the file that was committed, or run `skvm verify --repair`", fault: .integrity)
            }
    }
}
