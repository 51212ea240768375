import Basics
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
}
