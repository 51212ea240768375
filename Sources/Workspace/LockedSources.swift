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
    func noSuchCommit(_ causes: [Diagnostic]) -> DiagnosticsError {
        DiagnosticsError([wrongCommit("its repository has no such commit", notes: causes.map(\.message))])
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

    func wrongCommit(_ reason: String, notes: [String]) -> Diagnostic {
        Diagnostic(
            "lock.commit", .error, "skvm.lock pins \(id) at a commit that is not its: \(reason)",
            at: SourceLocation(file: Lockfile.fileName), notes: notes,
            hint: "bring back the skvm.lock that was committed, or remove the record of \(id.name) and run `skvm lock`",
            fault: .integrity)
    }
}
