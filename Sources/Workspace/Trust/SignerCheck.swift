import Basics
import BuildEngine
import ContentStore
import Git
import Registry
import SkillModel

/// Who signed the packages of one resolution: against the registry's line, the lock's pin and the manifest's policy
/// (`docs/decisions/0017-signers.md`).
actor SignerCheck {
    /// What is to be told of signatures that do not count.
    private(set) var findings: [Diagnostic] = []

    private let workspace: Workspace
    private let project: Project
    private let lock: Lockfile?
    private let shelf: RegistryShelf
    /// Packages whose signer may be another than the lock's, or gone.
    private let accepted: Set<PackageName>
    private let user: AllowedSigners
    let memory: RecordMemory

    /// - Parameter user: whom the user vouches for, in place of what their own list says.
    init(
        _ workspace: Workspace, _ project: Project, lock: Lockfile?, shelf: RegistryShelf, accepted: Set<PackageName>,
        memory: RecordMemory? = nil, user: AllowedSigners? = nil
    ) throws {
        self.memory = memory ?? RecordMemory(cache: workspace.settings.cacheDirectory, root: project.root)
        self.workspace = workspace
        self.project = project
        self.lock = lock
        self.shelf = shelf
        self.accepted = accepted
        self.user = try user ?? workspace.userSigners()
    }

    /// The signer of a release that was chosen anew, as the lock will pin it; nil when nobody counts.
    ///
    /// - Parameter former: the release that the lock's record of an earlier version stands for. Of one that says no signer,
    ///   whoever signed it counts: the line may be lost.
    ///
    /// Throws, as integrity faults: `trust.bad-signature`, `trust.tag-name`, `trust.tag-target`; `trust.listed-signer` when
    /// it is not the one whom the registry names; `trust.changed-signer` when it is not the lock's; `trust.unsigned` when
    /// the manifest wants one.
    func signer(
        of release: PackageRelease, _ id: PackageID, _ source: PackageSource,
        former: (LockedPackage) async throws -> PackageRelease
    ) async throws -> String? {
        let pinned = lock?.package(id.name).flatMap { $0.source.isSamePlace(as: source) ? $0 : nil }
        let list = try await registryList(source)
        let isAsked =
            release.signer != nil || pinned?.signer != nil || mustBeSigned(source) || !user.isEmpty || !list.isEmpty
        guard isAsked, source != .embedded else { return nil }
        let found = try await listed(release, id, source, list)
        if let pinned, !accepted.contains(id.name) {
            var was = pinned.signer
            if was == nil, pinned.version != id.version || pinned.objectID != release.origin.commit {
                was = try await unsaid(pinned, asks: true) { try await former(pinned) }?.signer?.description
            }
            if let was, was != found.signer?.description { throw changed(id, pinned.version, was, found) }
        }
        try requireSigned(id, source, found)
        tell(found, id)
        if let commit = release.origin.commit { try record(found, list, of: id, source, commit) }
        return found.signer?.description
    }

    /// Holds the signer that the lock pins against the signature again, without network where it was verified on this
    /// machine before. Returns it, or the new one when that is accepted; of a record without one, whoever counts.
    ///
    /// - Parameter isNew: whether the record was held against its source just now.
    func recheck(
        _ locked: LockedPackage, isNew: Bool, release: () async throws -> PackageRelease
    ) async throws -> String? {
        if locked.source.isFolder || locked.source == .embedded { return locked.signer }
        let isAccepted = accepted.contains(locked.id.name)
        if locked.signer == nil, !isAccepted {
            let asks = !user.isEmpty || mustBeSigned(locked.source) || isNew && locked.isListed
            let found = try await unsaid(locked, asks: asks, release: release) ?? Found()
            try requireSigned(locked.id, locked.source, found)
            return found.signer?.description
        }
        if !isAccepted, let known = try await evidence(of: locked), !known.isNobodys {
            let found = try await outcome(of: known, locked.id)
            guard found.signer?.description == locked.signer else {
                throw changed(locked.id, locked.version, locked.signer ?? "", found)
            }
            return locked.signer
        }
        do {
            return try await signer(of: try await release(), locked.id, locked.source) { _ in try await release() }
        } catch let error as DiagnosticsError where error.diagnostics.allSatisfy({ $0.fault == .offline }) {
            findings.append(
                Diagnostic(
                    "trust.not-checked", .warning,
                    "that \(locked.id) is signed by \(locked.signer ?? "nobody") could not be checked again offline",
                    at: SourceLocation(file: Lockfile.fileName),
                    notes: ["its files are those that skvm.lock pins"],
                    hint: "run the same command once without --offline"))
            return locked.signer
        }
    }

    /// Holds the signer that a registry's line names against the signature. Returns what is to be told.
    ///
    /// Throws what `signer(of:)` throws.
    func check(listed release: PackageRelease, _ list: AllowedSigners) async throws -> Diagnostic? {
        guard let listed = release.signer else { return nil }
        let id = PackageID(release.name, release.version)
        let found = try await look(at: release, id, .embedded, list)
        if found.signer == listed { return nil }
        guard case .unknown(let fingerprint, let key) = found.outcome, fingerprint == listed.fingerprint else {
            throw Self.fault(
                "trust.listed-signer", "\(id) is not signed by whom the registry names",
                notes: ["listed \(listed)", "found \(found.text)"], hint: "yank it, and publish a version that is")
        }
        return Diagnostic(
            "registry.unvouched-signer", .warning,
            "\(id) is signed by \(listed), and the registry's allowed_signers does not say whose key that is",
            hint: "add the line: \(listed.principal) namespaces=\"git\" \(key ?? "KEY")")
    }

    /// Whoever counts of those who signed what the lock has without a signer; nil when nobody is known to. The line may have
    /// been lost, or never have been there: where it was locked, nobody vouched.
    private func unsaid(
        _ locked: LockedPackage, asks: Bool, release: () async throws -> PackageRelease
    ) async throws -> Found? {
        guard locked.commit != nil else { return nil }
        if let known = try await evidence(of: locked) {
            let found = try await outcome(of: known, locked.id)
            if found.signer != nil, known.isNobodys, let commit = locked.objectID {
                try record(found, known.list, of: locked.id, locked.source, commit)
            }
            return found
        }
        guard asks else { return nil }
        do {
            let release = try await release()
            let list = try await registryList(locked.source)
            if release.signer == nil, list.isEmpty, user.isEmpty, !mustBeSigned(locked.source) { return nil }
            let found = try await listed(release, locked.id, locked.source, list)
            if let commit = release.origin.commit { try record(found, list, of: locked.id, locked.source, commit) }
            return found
        } catch let error as DiagnosticsError where error.diagnostics.allSatisfy({ $0.fault == .offline }) {
            findings.append(
                Diagnostic(
                    "trust.not-checked", .note, "whether \(locked.id) is signed could not be looked up offline",
                    at: SourceLocation(file: Lockfile.fileName),
                    hint: "run the same command once without --offline"))
            return nil
        }
    }

    /// Who signed a release, which is whom its registry's line names.
    private func listed(
        _ release: PackageRelease, _ id: PackageID, _ source: PackageSource, _ list: AllowedSigners
    ) async throws -> Found {
        let found = try await look(at: release, id, source, list)
        if let listed = release.signer, listed != found.signer {
            throw Self.fault(
                "trust.listed-signer", "\(id) is not signed by whom the registry names",
                notes: ["listed \(listed)", "found \(found.text)"],
                hint: "tell its author and those who keep the registry; use another version until then")
        }
        return found
    }

    // MARK: What there is

    /// What a look at a release's signatures came to.
    private struct Found {
        var signer: Signer?
        /// Why there is no signer.
        var outcome: SignatureCheck.Outcome = .unsigned
        /// The objects that are signed, the one that counts alone where one does.
        var evidence: [(object: SignedObject, names: [String])] = []
        /// Who signed the commit, which does not say that it is this version.
        var unstated: Signer?

        var text: String {
            if let signer { return "\(signer)" }
            if let unstated {
                return
                    "a commit signed by \(unstated), under a tag that nobody vouched for signed: a commit vouches for the "
                    + "version that its own [package] says"
            }
            return switch outcome {
            case .unsigned: "no signature"
            case .unsupported(let kind): "a signature that skvm does not verify (\(kind))"
            case .unknown(let fingerprint, _): "a signature by \(fingerprint), for which nobody vouches"
            case .signed(let signer): "\(signer)"
            }
        }
    }

    /// The tag's signature, else the commit's.
    private func look(
        at release: PackageRelease, _ id: PackageID, _ source: PackageSource, _ list: AllowedSigners
    ) async throws -> Found {
        guard case .git(let url, let commit, _) = release.origin else { return Found() }
        // The head of a registry is signed, if at all, by whoever pushed last: that is nobody's word for a package.
        if release.signer == nil, let entry = shelf.entry(of: source),
            case .git(let own, _) = entry.registry.location, own == url
        {
            return Found()
        }
        let repository = workspace.repositories.repository(url)
        var first = Found()
        if let tag = release.tag {
            first = try await outcome(
                try await repository.signedTag(tag.object), tag.names, list, id, commit: commit)
            if first.signer != nil { return first }
        }
        var second = try await outcome(try await repository.signedCommit(commit), [], list, id, commit: commit)
        if let signer = second.signer, try await !isStated(release, by: commit, url) {
            // Whoever may set a tag could give any old commit of theirs a new version's name.
            second = Found(unstated: signer)
        }
        var found = second.signer == nil && first.outcome != .unsigned ? first : second
        if found.signer == nil { found.evidence = first.evidence + second.evidence }
        return found
    }

    /// Whether a commit itself says that it is that version: in the skill's [package], or because the version is made of the
    /// commit, or because the manifest names the commit and no version.
    private func isStated(
        _ release: PackageRelease, by commit: ObjectID, _ url: GitURL
    ) async throws -> Bool {
        guard case .git(_, _, let path) = release.origin else { return false }
        let isNamed = project.manifest.dependencies.contains { dependency in
            guard dependency.ownName == release.name, case .git(let wish) = dependency.source else { return false }
            if case .revision = wish.reference { return true }
            return false
        }
        if isNamed { return true }
        let package = GitPackage(url: url, path: path, name: release.name, cache: workspace.repositories)
        return try await package.states(release.version, at: commit)
    }

    private func outcome(
        _ object: SignedObject, _ names: [String], _ list: AllowedSigners, _ id: PackageID, commit: ObjectID
    ) async throws -> Found {
        var place = "commit \(commit.short) of \(id)"
        if case .tag(let name, let target) = object.kind, object.signature != .none {
            place = "the tag `\(name.shown(limit: 80))` of \(id)"
            guard names.contains(name) else {
                throw Self.fault(
                    "trust.tag-name", "\(place) was signed under this name, and stands there as `\(names[0].shown())`",
                    notes: ["tag object \(object.id)"],
                    hint: "a renamed tag passes an old version off as another: tell the author, use another version")
            }
            guard target == commit else {
                throw Self.fault(
                    "trust.tag-target", "\(place) is a tag of \(target), not of commit \(commit)",
                    notes: ["tag object \(object.id)"], hint: "tell the author, use another version")
            }
        }
        let check = SignatureCheck(environment: workspace.settings.environment, user: user)
        let outcome = try await check.outcome(of: object, registry: list, place: place)
        guard case .signed(let signer) = outcome else {
            return Found(outcome: outcome, evidence: outcome == .unsigned ? [] : [(object, names)])
        }
        return Found(signer: signer, outcome: outcome, evidence: [(object, names)])
    }

    private func registryList(_ source: PackageSource) async throws -> AllowedSigners {
        guard source != .embedded, let entry = shelf.entry(of: source) else { return AllowedSigners() }
        return try await shelf.snapshot(entry).allowedSigners()
    }

    // MARK: What is wanted

    private func mustBeSigned(_ source: PackageSource) -> Bool {
        guard let policy = project.manifest.trust, source != .embedded, !source.isFolder else { return false }
        guard let names = policy.registries else { return true }
        return shelf.entry(of: source).map { names.contains($0.name) } ?? false
    }

    private func requireSigned(_ id: PackageID, _ source: PackageSource, _ found: Found) throws {
        guard mustBeSigned(source), found.signer == nil else { return }
        var hint = "ask its author to sign its tags, or narrow [trust] in skvm.toml"
        if case .unknown(_, let key?) = found.outcome { hint = "if the key is whose it should be: \(Self.add(key))" }
        throw Self.fault(
            "trust.unsigned", "\(id) is not signed by anybody vouched for, and [trust] wants that",
            notes: ["found \(found.text)"], hint: hint)
    }

    private func changed(_ id: PackageID, _ before: Version, _ was: String, _ found: Found) -> DiagnosticsError {
        let name = id.name
        return Self.fault(
            "trust.changed-signer",
            found.signer == nil ? "\(id) is no longer signed by \(was)" : "\(id) is signed by another than before",
            notes: ["skvm.lock pins \(name) \(before), signed by \(was)", "found \(found.text)"],
            hint: "ask its author by another way; if it is right: `skvm trust accept \(name)`")
    }

    private func tell(_ found: Found, _ id: PackageID) {
        if let unstated = found.unstated {
            findings.append(
                Diagnostic(
                    "trust.unstated-version", .warning,
                    "\(id) counts as not signed: its commit is signed by \(unstated), the tag that calls it \(id.version) is not",
                    notes: ["whoever may set a tag could call any old commit so"],
                    hint:
                        "ask its author to sign the tag (`git tag -s`), or to write the version into [package] of its skvm.toml"
                ))
        }
        switch found.outcome {
        case .unsigned, .signed: return
        case .unsupported(let kind):
            findings.append(
                Diagnostic(
                    "trust.not-verified", .note, "\(id) has a signature that is not verified: \(kind)",
                    hint: "skvm verifies SSH signatures; it counts as not signed"))
        case .unknown(let fingerprint, let key):
            findings.append(
                Diagnostic(
                    "trust.unknown-key", .note, "\(id) is signed by \(fingerprint), for which nobody vouches",
                    hint: key.map { "if you know whose key it is: \(Self.add($0))" }))
        }
    }

    private static func add(_ key: String) -> String { "skvm trust add NAME '\(key)'" }

    private static func fault(_ id: String, _ message: String, notes: [String], hint: String) -> DiagnosticsError {
        DiagnosticsError([
            Diagnostic(id, .error, message, notes: notes.map { $0.shown(limit: 600) }, hint: hint, fault: .integrity)
        ])
    }
}

// MARK: - What was verified on this machine

extension SignerCheck {
    private struct Evidence {
        /// Empty when nothing is signed.
        var objects: [(object: SignedObject, names: [String])]
        var list: AllowedSigners
        var commit: ObjectID
        /// Whether nobody counted when it was looked at: others may be vouched for now.
        var isNobodys: Bool
    }

    /// The first who counts.
    private func outcome(of evidence: Evidence, _ id: PackageID) async throws -> Found {
        var first = Found()
        for (object, names) in evidence.objects {
            let found = try await outcome(object, names, evidence.list, id, commit: evidence.commit)
            if found.signer != nil { return found }
            if first.outcome == .unsigned { first = found }
        }
        return first
    }

    /// Keeps what was looked at, so that it can be again when nobody can be asked.
    private func record(
        _ found: Found, _ list: AllowedSigners, of id: PackageID, _ source: PackageSource, _ commit: ObjectID
    ) throws {
        var parts: [(String, [UInt8])] = [("allowed", list.text)]
        if found.signer == nil { parts.append(("nobody", [])) }
        for (object, names) in found.evidence {
            if object.kind == .commit {
                parts.append(("commit", object.bytes))
            } else {
                parts += [("tag", object.bytes), ("names", Array(names.joined(separator: "\n").utf8))]
            }
        }
        var files: [(path: RelativePath, blob: Blob)] = []
        for (name, bytes) in parts {
            guard let path = RelativePath(name) else { continue }
            files.append((path, try workspace.store.put(bytes)))
        }
        memory.add(
            .init(key: memory.signatureKey(id, source, commit: commit.hex), value: ActionResult(files).encoded))
    }

    /// From what was looked at here, else from the project's vendored folder. Nil when neither has it, or something was lost.
    private func evidence(of locked: LockedPackage) async throws -> Evidence? {
        guard let commit = locked.objectID else { return nil }
        if let known = try workspace.looked(at: locked, commit, memory) {
            var objects: [(object: SignedObject, names: [String])] = []
            if let tag = known.tag {
                guard let object = try? SignedObject(tag: commit, parsing: tag) else { return nil }
                objects.append((object, known.names))
            }
            if let bytes = known.commit {
                guard let object = try? SignedObject(commit: commit, parsing: bytes) else { return nil }
                objects.append((object, []))
            }
            return Evidence(
                objects: objects, list: AllowedSigners(parsing: known.allowed), commit: commit,
                isNobodys: known.isNobodys)
        }
        guard workspace.readsVendored, let path = project.manifest.vendor else { return nil }
        let vendor = VendorFolder(path: project.absolute(path.text), shown: path.text)
        guard try vendor.isPresent(), var found = try vendor.signature(of: locked.id.name) else { return nil }
        // The lock pins the commit, and nothing pins this file: a tag names the commit in what is signed, a commit is named by
        // its bytes.
        guard found.isTag || SHA1.objectName("commit", found.object) == commit.hex else { return nil }
        found.names = found.names.filter { locked.isName($0) }
        if found.isTag && found.names.isEmpty { return nil }
        let object =
            found.isTag
            ? try? SignedObject(tag: commit, parsing: found.object)
            : try? SignedObject(commit: commit, parsing: found.object)
        return object.map {
            Evidence(
                objects: [($0, found.names)], list: AllowedSigners(parsing: found.allowed), commit: commit,
                isNobodys: false)
        }
    }
}

extension LockedPackage {
    /// Whether a tag of that name can stand for this version.
    fileprivate func isName(_ tag: String) -> Bool {
        if case .git(_, .tag(let name)?, _) = source, name == tag { return true }
        return tag == "v\(version)" || tag.hasSuffix("/v\(version)")
    }
}

extension Workspace {
    /// What was looked at of a version's signatures.
    fileprivate struct Looked {
        var tag: [UInt8]?
        var names: [String] = []
        var commit: [UInt8]?
        var allowed: [UInt8]
        var isNobodys: Bool
    }

    /// Nil when it was not looked at on this machine, or something of it was lost.
    fileprivate func looked(
        at locked: LockedPackage, _ commit: ObjectID, _ memory: RecordMemory
    ) throws -> Looked? {
        let key = memory.signatureKey(locked.id, locked.source, commit: commit.hex)
        guard let value = memory.lookup(key), let result = ActionResult(encoded: value) else { return nil }
        var parts: [String: [UInt8]] = [:]
        for file in result.files {
            guard let bytes = try store.get(file.blob.digest) else { return nil }
            parts[file.path.text] = bytes
        }
        guard let allowed = parts["allowed"] else { return nil }
        let names = String(decoding: parts["names"] ?? [], as: UTF8.self).split(separator: "\n").map(String.init)
        return Looked(
            tag: parts["tag"], names: names, commit: parts["commit"], allowed: allowed,
            isNobodys: parts["nobody"] != nil)
    }

    /// What is vendored of a package's signature: what it was verified with, and the user's own word for the key that the lock
    /// pins. Nil for a package without a signer.
    func vendoredSignature(of locked: LockedPackage, _ project: Project) throws -> VendorFolder.Signature? {
        guard let signer = locked.signer.flatMap({ Signer($0) }), let commit = locked.objectID else { return nil }
        let memory = RecordMemory(cache: settings.cacheDirectory, root: project.root)
        if let known = try looked(at: locked, commit, memory), !known.isNobodys,
            let object = known.tag ?? known.commit
        {
            var signature = VendorFolder.Signature(
                isTag: known.tag != nil, object: object, names: known.names, allowed: known.allowed)
            let lines = try userSigners().lines.filter {
                $0.principals.contains(signer.principal) && $0.fingerprint == signer.fingerprint
            }
            let there = AllowedSigners(parsing: signature.allowed).lines
            for line in lines where !there.contains(line) { signature.allowed += Array("\(line.text)\n".utf8) }
            return signature
        }
        // On a machine that has it from there.
        guard let path = project.manifest.vendor else { return nil }
        let vendor = VendorFolder(path: project.absolute(path.text), shown: path.text)
        return try vendor.isPresent() ? try vendor.signature(of: locked.id.name) : nil
    }
}

extension PackageSource {
    /// Whether both are the same registry, or the same folder of the same repository, whichever name of a commit they follow.
    fileprivate func isSamePlace(as other: PackageSource) -> Bool {
        switch (self, other) {
        case (.git(let url, _, let path), .git(let otherURL, _, let otherPath)): url == otherURL && path == otherPath
        default: self == other
        }
    }
}
