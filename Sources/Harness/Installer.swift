package import Basics
package import ContentStore

/// Puts variants where harnesses look for skills, and takes them away again.
///
/// All of a call happens or none of it, whatever moment it is killed at; nothing that isn't skvm's is overwritten or
/// removed, and of what was edited no edit is lost (`docs/formats/install.md`).
package struct Installer: Sendable {
    package let state: InstallState
    package let store: ContentStore
    package let merging: any TextMerging
    /// What the file system is taken to be capable of.
    var means = Swapping.Means.exchange

    package init(state: InstallState, store: ContentStore, merging: any TextMerging = NoMerging()) {
        self.state = state
        self.store = store
        self.merging = merging
    }

    /// What `install` would do: for `--dry-run`. Looks, and changes nothing; merged texts go into the store.
    ///
    /// Throws a `Diagnostic` when record, disk or store can't be read, or when an interrupted installation waits to be
    /// recovered. Refusals are in the plan.
    package func plan(
        _ requests: [InstallRequest], removesOthers: Bool, owner: String? = nil, needed: [String] = [],
        takesOver: Bool = false
    ) throws(Diagnostic) -> InstallPlan {
        if try state.journal() != nil {
            throw Diagnostic(
                "install.interrupted", .error, "an interrupted installation waits in \(state.folder)",
                hint: "run `skvm install`: it is completed or taken back first", fault: .outside)
        }
        return try InstallPlanner.plan(
            requests, installed: try state.installed(), removesOthers: removesOthers,
            RemovalTerms(owner: owner, needed: needed, takesOver: takesOver), store: store, merging: merging)
    }

    private func foreign() throws(Diagnostic) -> [Diagnostic] { try state.foreignRecord().map { [$0] } ?? [] }

    /// Recovers what an earlier run left, then installs `requests`; with `removesOthers`, what is recorded and not asked
    /// for is removed; of what has owners only what `owner` needed and no other does. What stands at places of `needed` is let
    /// go of and stays. Waits for another installer (`onWait` is called). Returns the plan that was executed; with errors in
    /// it, it was not. A place of another owner's that would hold another variant is refused, unless `takesOver`.
    ///
    /// Throws a `Diagnostic` when something outside failed: then everything is as it was.
    package func install(
        _ requests: [InstallRequest], removesOthers: Bool, owner: String? = nil, needed: [String] = [],
        takesOver: Bool = false, onWait: () -> Void = {}, failpoint: @escaping (InstallStep) throws -> Void = { _ in }
    ) throws -> InstallPlan {
        try state.locked(onWait: onWait) {
            let transaction = transaction(failpoint)
            let recovered = try transaction.recover() + foreign()
            var plan = try plan(
                requests, removesOthers: removesOthers, owner: owner, needed: needed, takesOver: takesOver)
            plan.diagnostics = recovered + plan.diagnostics
            if !plan.hasErrors { plan.diagnostics += try transaction.execute(plan) }
            return plan
        }
    }

    /// Removes the recorded skills at `places` (absolute) on these terms, and nothing that isn't ours. As `install` otherwise.
    package func remove(
        _ places: [String], _ terms: RemovalTerms = RemovalTerms(), onWait: () -> Void = {}
    ) throws -> InstallPlan {
        try state.locked(onWait: onWait) {
            let transaction = transaction { _ in }
            let recovered = try transaction.recover() + foreign()
            var plan = try removalPlan(of: places, terms)
            plan.diagnostics = recovered + plan.diagnostics
            if !plan.hasErrors { plan.diagnostics += try transaction.execute(plan) }
            return plan
        }
    }

    /// What `remove` would do; changes nothing. Throws a `Diagnostic` when record or disk can't be read.
    package func removalPlan(
        of places: [String], _ terms: RemovalTerms = RemovalTerms()
    ) throws(Diagnostic) -> InstallPlan {
        let wanted = Set(places.map { Array($0.utf8) })
        let ours = try state.installed().filter { wanted.contains(Array($0.place.utf8)) }
        return try InstallPlanner.removal(of: ours, terms, store: store)
    }

    /// Completes or takes back what a killed run began. Does nothing when there is nothing to do. Returns what the user
    /// must know of it.
    @discardableResult
    package func recover(
        onWait: () -> Void = {}, failpoint: @escaping (InstallStep) throws -> Void = { _ in }
    ) throws -> [Diagnostic] {
        guard try state.journal() != nil || FileSystem.exists(state.untidyPath) else { return [] }
        return try state.locked(onWait: onWait) { try transaction(failpoint).recover() }
    }

    private func transaction(_ failpoint: @escaping (InstallStep) throws -> Void) -> InstallTransaction {
        InstallTransaction(state: state, store: store, means: means, failpoint: failpoint)
    }
}

/// On which terms skills are removed, and places of others are taken.
package struct RemovalTerms: Sendable {
    /// In whose name: a skill with other owners stays, without this one. Nil where nobody else can own one.
    package var owner: String?
    /// Places (absolute) that are needed by somebody of whom this record knows nothing: it lets go of them, and they stay.
    package var needed: [String]
    /// Files that were edited are removed, too.
    package var force: Bool
    /// What others have there gives way.
    var takesOver: Bool

    package init(owner: String? = nil, needed: [String] = [], force: Bool = false, takesOver: Bool = false) {
        self.takesOver = takesOver
        self.owner = owner
        self.needed = needed
        self.force = force
    }
}
