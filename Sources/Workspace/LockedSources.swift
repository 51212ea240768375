import Basics
import Git
import SkillModel

extension LockedPackage {
    /// A web server has what it has now, and the lock pins what it had.
    func noLongerHandedOut(_ now: Version) -> Diagnostic {
        Diagnostic(
            "lock.unavailable", .error, "\(source) no longer has what skvm.lock pins of '\(id.name)'",
            at: SourceLocation(file: Lockfile.fileName), notes: ["pinned \(version)", "found \(now)"],
            hint: "take what is there now: skvm update \(id.name); to keep what you have, commit it with skvm vendor",
            fault: .outside)
    }

    /// A version's commit never changes in a registry: another one in the lock was put there by hand, or by a registry that is
    /// not the same any more. Throws `lock.commit`.
    ///
    /// - Parameter listed: nil where the registry holds the package itself, and says no commit.
    /// - Returns: the lock's commit.
    func require(_ listed: ObjectID?) throws(DiagnosticsError) -> ObjectID {
        guard let own = objectID else {
            throw DiagnosticsError([
                wrongCommit("it says none", notes: listed.map { ["listed \($0.hex)"] } ?? [])
            ])
        }
        guard let listed, own != listed else { return own }
        throw DiagnosticsError([
            wrongCommit("\(source) lists it at another commit", notes: ["pinned \(own.hex)", "listed \(listed.hex)"])
        ])
    }

    /// What lies in no repository has no commit. Throws `lock.commit`.
    func requireNoCommit() throws(DiagnosticsError) {
        guard let commit else { return }
        throw DiagnosticsError([wrongCommit("\(source) is no repository", notes: ["pinned \(commit)"])])
    }

    /// What the lock pins is not in the repository: its history was rewritten, or the lock.
    ///
    /// - Parameter isOnly: whether no update leads to another: a manifest names that very commit, or the branch or tag that it names is
    ///   gone as well.
    func noSuchCommit(_ causes: [Diagnostic], isOnly: Bool = false) -> DiagnosticsError {
        var found = wrongCommit("its repository has no such commit", notes: causes.map(\.message))
        // Most often nobody touched the lock.
        found.message =
            "the commit of \(id) that skvm.lock pins is gone: its repository has no such commit any more, or never had"
        if case .git(let url, _, let path) = source {
            let address = "\(url)\(path.map { "#\($0.text.shown())" } ?? "")"
            found.hint =
                (isOnly
                    ? "if its history was rewritten, choose another: `skvm add \(address) --branch NAME`, or --tag, or --rev; or be "
                        + "rid of it: `skvm remove \(id.name)`"
                    : "if its history was rewritten, take what is there now: `skvm update \(id.name)`")
                + "; else bring back the skvm.lock that was committed"
        }
        return DiagnosticsError([found])
    }

    /// What a package is to move to is not there any more, or no skill: `error` says which, and this names the ways out. `isThere`:
    /// whether the commit that the lock has still is.
    func gone(_ error: DiagnosticsError, moving: Set<PackageName>, isThere: Bool) -> DiagnosticsError {
        var found = error.diagnostics
        guard !found.isEmpty, case .git(let url, _, let path) = source, let commit else { return error }
        found[0].message = "'\(id.name)' can't be updated: \(found[0].message)"
        found[0].notes.append("skvm.lock has \(id), at commit \(commit.description.prefix(12))")
        let others = moving.subtracting([id.name]).sorted().map(\.description)
        let named = others.count <= 4 ? others.joined(separator: " ") : "NAME …"
        let ways = [
            "`skvm remove \(id.name)`",
            !isThere
                ? "take another: `skvm add \(url)\(path.map { "#\($0.text.shown())" } ?? "") --branch NAME`, or --tag, or --rev"
                : "keep that commit: `skvm add \(url)\(path.map { "#\($0.text.shown())" } ?? "") --rev \(commit)`",
            others.isEmpty
                ? nil : "update the others: `skvm update \(named)`, or all that can be: `skvm update --keep-going`",
        ]
        let rest = ways.compactMap { $0 }.joined(separator: "; or ")
        found[0].hint = found[0].hint.map { "\($0)\($0.hasSuffix("?") ? "" : ";") or else: \(rest)" } ?? rest
        return DiagnosticsError(found)
    }

    /// The ranges decide how locks are merged, so they are held to what they are from.
    var wrongRanges: DiagnosticsError {
        DiagnosticsError([
            Diagnostic(
                "lock.ranges", .error, "skvm.lock says of \(id) that it takes versions that it does not declare",
                at: SourceLocation(file: Lockfile.fileName),
                notes: ranges.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" },
                hint: "bring back the skvm.lock that was committed, or remove `ranges` of \(id.name)",
                fault: .integrity)
        ])
    }

    /// So do the registries: who may change a lock could have code of the same name brought from another place.
    var wrongRegistries: DiagnosticsError {
        DiagnosticsError([
            Diagnostic(
                "lock.registries", .error,
                "skvm.lock says of \(id) that it takes packages from registries that its own skvm.toml does not name",
                at: SourceLocation(file: Lockfile.fileName),
                notes: registries.sorted { $0.key < $1.key }.map { name, sources in
                    "\(name) from \(sources.map(\.description).joined(separator: ", "))"
                },
                hint:
                    "bring back the skvm.lock that was committed, or remove `registries` of \(id.name) and run `skvm lock`",
                fault: .integrity)
        ])
    }

    func wrongCommit(_ reason: String, notes: [String]) -> Diagnostic {
        Diagnostic(
            "lock.commit", .error, "skvm.lock pins \(id) at a commit that is not its: \(reason)",
            at: SourceLocation(file: Lockfile.fileName), notes: notes,
            hint: "bring back the skvm.lock that was committed, or remove the record of \(id.name) and run `skvm lock`",
            fault: .integrity)
    }
}
