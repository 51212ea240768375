import Basics
import ContentStore

/// Executes a plan so that it happens whole or not at all (`docs/formats/install.md`). The caller holds the lock.
struct InstallTransaction {
    let state: InstallState
    let store: ContentStore
    let swapping: Swapping
    private let failpoint: (InstallStep) throws -> Void

    init(
        state: InstallState, store: ContentStore, means: Swapping.Means,
        failpoint: @escaping (InstallStep) throws -> Void
    ) {
        self.state = state
        self.store = store
        self.failpoint = failpoint
        swapping = Swapping(failpoint: failpoint, means: means)
    }

    /// Throws a `Diagnostic` when nothing was changed after all. Returns what the user must know of a change that is done:
    /// what could not be tidied up.
    func execute(_ plan: InstallPlan) throws -> [Diagnostic] {
        let work = plan.skills.filter { $0.action == .create || $0.action == .replace || $0.action == .remove }
        let changes = plan.skills.map { RecordChange(place: $0.place, installed: $0.installed) }
        if work.isEmpty {
            if !plan.isNoOp || plan.refreshesStamps {
                try failpoint(.record)
                try state.saveNextRecord(changes)
                try state.useNextRecord()
            }
            try removeEmptyFolders()
            return []
        }
        var journal = prepare(work, changes)
        do {
            try write(journal.untilStaged)
            try stage(work, &journal)
            try state.saveNextRecord(changes, made: journal.created)
            // From here on nothing needs space: what is left is renaming.
            journal.phase = .swapping
            try write(journal)
            for swap in journal.swaps { try swapping.forward(swap) }
            try synchronize(journal)
            try decide(.committed)
        } catch let error as InstallInterrupted {
            throw error
        } catch {
            throw try undone(error, &journal)
        }
        do { return try finish(journal) } catch let error as InstallInterrupted { throw error } catch {
            return [unfinished(error)]
        }
    }

    /// Takes back what was done, and returns what is to be told: why the installation failed, whatever else fails now.
    private func undone(_ error: any Error, _ journal: inout Journal) throws -> any Error {
        guard var told = diagnostic(of: error) as? Diagnostic else {
            _ = try rollBack(&journal)
            return error
        }
        do {
            told.notes += try rollBack(&journal).map {
                [$0.message, $0.hint].compactMap(\.self).joined(separator: ": ")
            }
        } catch let interrupted as InstallInterrupted {
            throw interrupted
        } catch {
            let reason = (diagnostic(of: error) as? Diagnostic)?.message ?? "\(error)"
            told.notes.append("what was done could not be taken back: \(reason); the next installation does it")
        }
        return told
    }

    /// The new state is decided and stays, whatever fails after: an error would make callers take back what belongs to it.
    private func unfinished(_ error: any Error) -> Diagnostic {
        let reason = (diagnostic(of: error) as? Diagnostic)?.message ?? "\(error)"
        return Diagnostic(
            "install.untidy", .warning, "all is in place, but what was there before could not be tidied up: \(reason)",
            hint: "the next installation does it; `skvm install` does it now")
    }

    // MARK: Staging

    /// Chooses the hidden folders. They stand beside the harness's folder, where no harness looks for skills; inside it,
    /// with a leading dot, only when the folder above is on another file system or can't be written.
    private func prepare(_ work: [InstallPlan.Skill], _ changes: [RecordChange]) -> Journal {
        var journal = Journal(phase: .staging, stagings: [], created: [], swaps: [], records: changes)
        var staging: [[UInt8]: String] = [:]
        for (index, skill) in work.enumerated() {
            let folder = FileSystem.parent(of: skill.place) ?? "/"
            let key = Array(folder.utf8)
            if staging[key] == nil {
                let path =
                    "\(HiddenPlace.beside(folder))/.skvm-\(String(UInt64.random(in: .min ... .max), radix: 36)).tmp"
                staging[key] = path
                journal.stagings.append(path)
                journal.created += missingFolders(folder).filter { !journal.created.contains($0) }
            }
            let hidden = staging[key] ?? folder
            journal.swaps.append(
                Swap(
                    place: skill.place, staged: "\(hidden)/\(index)-new", old: "\(hidden)/\(index)-old", newInode: nil,
                    before: skill.before, after: skill.outputs.map(\.entry), extras: skill.extras, link: skill.link))
        }
        return journal
    }

    private func missingFolders(_ folder: String) -> [String] {
        var missing: [String] = []
        var path: String? = folder
        while let next = path, !FileSystem.exists(next) {
            missing.append(next)
            path = FileSystem.parent(of: next)
        }
        return missing.reversed()
    }

    private func stage(_ work: [InstallPlan.Skill], _ journal: inout Journal) throws {
        for folder in journal.created + journal.stagings {
            try failpoint(.makeFolder(folder))
            if FileSystem.isDirectory(folder) { continue }
            try FileSystem.makeDirectory(folder)
        }
        for (index, skill) in work.enumerated() {
            // A skill that goes, and leaves nothing of the user's behind, needs no new folder.
            if skill.action == .remove && skill.extras.isEmpty { continue }
            let swap = journal.swaps[index]
            journal.swaps[index].extraStamps = try skill.extras.map { extra throws(FileError) in
                try FileSystem.status("\(skill.place)/\(extra)").map(FileStamp.init)
            }
            try StagedFolder(path: swap.staged, skill: skill, store: store, failpoint: failpoint).make()
            journal.swaps[index].newInode = try FileSystem.status(swap.staged)?.inode
        }
        let isLarge = work.reduce(0) { $0 + $1.outputs.count } > Self.filesToSynchronizeEach
        for staging in journal.stagings {
            try failpoint(.synchronize(staging))
            if isLarge, try FileSystem.synchronizeFileSystem(of: staging) { continue }
            try synchronizeTree(staging)
        }
    }

    /// Up to here file by file: synchronising the whole file system also waits for what others have written to it.
    private static let filesToSynchronizeEach = 4000

    private func synchronizeTree(_ path: String) throws {
        for name in try FileSystem.list(path) {
            let full = path + "/" + name
            switch try FileSystem.status(full)?.kind {
            case .directory: try synchronizeTree(full)
            case .file: try FileSystem.synchronizeFile(full)
            default: continue
            }
        }
        try FileSystem.synchronizeDirectory(path)
    }

    // MARK: After the swaps

    /// Makes the swaps durable: the folders that hold the skills, and those above that were made.
    private func synchronize(_ journal: Journal) throws {
        var folders = Set(journal.swaps.compactMap { FileSystem.parent(of: $0.place) })
        folders.formUnion(journal.created.compactMap { FileSystem.parent(of: $0) })
        for folder in folders.sorted() {
            try failpoint(.synchronize(folder))
            if FileSystem.isDirectory(folder) { try FileSystem.synchronizeDirectory(folder) }
        }
    }

    private func finish(_ journal: Journal) throws -> [Diagnostic] {
        try failpoint(.record)
        try state.useNextRecord()
        return try clean(journal)
    }

    /// Removes the hidden folders and the journal. A folder that can't be removed is of no use to anybody: it is remembered and
    /// told, and stops neither this installation nor the next.
    private func clean(_ journal: Journal) throws -> [Diagnostic] {
        var left: [(folder: String, reason: FileError)] = []
        for staging in journal.stagings {
            try failpoint(.clean(staging))
            left += Self.remove([staging])
        }
        if !left.isEmpty {
            let known = try state.untidy()
            try state.save(untidy: known + left.map(\.folder).filter { !known.contains($0) })
        }
        try removeEmptyFolders()
        try failpoint(.removeJournal)
        try state.removeJournal()
        return left.map(Self.untidy)
    }

    /// Folders that installations made go when nothing is left in them. One that can't be removed is in nobody's way.
    private func removeEmptyFolders() throws {
        let made = try state.madeFolders()
        for folder in made.reversed() {
            // A link that the user put in its place is the user's.
            guard (try? FileSystem.status(folder))?.kind == .directory, (try? FileSystem.list(folder))?.isEmpty ?? false
            else { continue }
            try? FileSystem.remove(folder)
        }
        // Who makes one of that name later makes it for themselves. Nothing else waits for that to be noted: it may need space.
        if !made.allSatisfy(FileSystem.exists) {
            try? state.saveNextRecord([])
            try? state.useNextRecord()
        }
    }

    /// Tries again to remove what earlier installations could not.
    private func tidy() throws -> [Diagnostic] {
        let folders = try state.untidy()
        let left = Self.remove(folders)
        if left.count != folders.count || folders.isEmpty { try state.save(untidy: left.map(\.folder)) }
        return left.map(Self.untidy)
    }

    /// Returns those that could not be removed, and why.
    private static func remove(_ folders: [String]) -> [(folder: String, reason: FileError)] {
        folders.compactMap { folder in
            do throws(FileError) {
                try FileSystem.removeTree(folder)
                return nil
            } catch { return (folder, error) }
        }
    }

    private static func untidy(_ left: (folder: String, reason: FileError)) -> Diagnostic {
        Diagnostic(
            "install.untidy", .warning, "\(left.folder), which nobody needs any more, can't be removed: \(left.reason)",
            hint: "remove it by hand; each installation tries it again")
    }

    private func write(_ journal: Journal) throws {
        try failpoint(.journal(journal.phase.rawValue))
        try state.save(journal)
    }

    private func decide(_ phase: Journal.Phase) throws {
        try failpoint(.journal(phase.rawValue))
        try state.decide(phase)
    }

    // MARK: Undoing, and what a killed run left behind

    /// Puts every old folder back. A new one that the user has meanwhile edited stays, and is recorded. Returns what could not
    /// be tidied up.
    private func rollBack(_ journal: inout Journal) throws -> [Diagnostic] {
        var told: [Diagnostic] = []
        if journal.phase != .staging {
            try decideRollBack(&journal)
            var staying: [RecordChange] = []
            for swap in journal.swaps.reversed() {
                let change = journal.records.first { $0.place.utf8.elementsEqual(swap.place.utf8) }
                guard let change, try isEdited(swap, change) else {
                    try swapping.back(swap)
                    continue
                }
                staying.append(change)
                guard try swapping.isOldEdited(swap), let hidden = try keepHidden(swap, &journal) else { continue }
                told.append(
                    Diagnostic(
                        "install.modified", .warning, "\(swap.place) was changed while skvm was installing",
                        at: SourceLocation(file: swap.place), hint: Self.wayOut(hidden)))
            }
            try synchronize(journal)
            if !staying.isEmpty {
                try state.saveNextRecord(staying)
                try state.useNextRecord()
            }
        }
        try state.dropNextRecord()
        _ = Self.remove(journal.stagings)
        // Those that hold something by now stay.
        for folder in journal.created.reversed() where (try? FileSystem.list(folder))?.isEmpty ?? false {
            try? FileSystem.remove(folder)
        }
        return told + (try clean(journal))
    }

    /// Should even this fail, the swaps are taken back all the same; killed meanwhile, the next run completes them
    /// instead, which is as good.
    private func decideRollBack(_ journal: inout Journal) throws {
        guard journal.phase == .swapping else { return }
        journal.phase = .rollingBack
        do { try decide(.rollingBack) } catch let error as InstallInterrupted { throw error } catch {}
    }

    private func isEdited(_ swap: Swap, _ change: RecordChange) throws -> Bool {
        guard let installed = change.installed else { return false }
        return try swapping.isEdited(swap, ours: swap.after ?? installed.entries)
    }

    /// Ends what a killed run began; returns what the user must know of it.
    func recover() throws -> [Diagnostic] {
        let earlier = FileSystem.exists(state.untidyPath) ? try tidy() : []
        guard var journal = try state.journal() else { return earlier }
        switch journal.phase {
        case .staging, .rollingBack: return earlier + (try rollBack(&journal))
        case .committed: return earlier + (try finish(journal))
        case .swapping: return earlier + (try complete(&journal))
        }
    }

    /// Takes every swap that is left. One whose old folder was edited since, or whose new folder is gone, is taken back
    /// by itself: the rest is what the user asked for.
    private func complete(_ journal: inout Journal) throws -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        for swap in journal.swaps {
            do {
                try swapping.forward(swap)
                continue
            } catch let error as Swapping.Changed {
                diagnostics.append(try settle(swap, error, &journal))
            } catch is Swapping.Lost {
                try swapping.back(swap)
                journal.forget(swap)
            }
        }
        try synchronize(journal)
        try state.saveNextRecord(journal.records, made: journal.created)
        try decide(.committed)
        return diagnostics + (try finish(journal))
    }

    /// Of a skill that was changed while it was being exchanged: what the user wrote stays in its place. Where there is
    /// something of theirs in the old folder and in what stands in its place, nothing is thrown away.
    private func settle(_ swap: Swap, _ error: Swapping.Changed, _ journal: inout Journal) throws -> Diagnostic {
        let change = journal.records.first { $0.place.utf8.elementsEqual(swap.place.utf8) }
        if try change.map({ try isEdited(swap, $0) }) != true {
            try swapping.back(swap)
            journal.forget(swap)
        }
        let hidden = try keepHidden(swap, &journal)
        return Diagnostic(
            "install.modified", .warning, "\(error.path) was changed while an installation was interrupted",
            at: SourceLocation(file: error.path),
            hint: hidden.map(Self.wayOut) ?? "the skill was left as it was")
    }

    private static func wayOut(_ hidden: String) -> String {
        "what is there stays; what was there before is in \(hidden): remove it when nothing in it is needed"
    }

    /// Leaves an old folder where it is hidden. Returns where; nil where it isn't hidden.
    private func keepHidden(_ swap: Swap, _ journal: inout Journal) throws -> String? {
        guard let hidden = try swapping.hidden(swap), let staging = FileSystem.parent(of: hidden) else { return nil }
        journal.stagings.removeAll { $0.utf8.elementsEqual(staging.utf8) }
        // Should this run be killed, too, the next doesn't remove it.
        if journal.phase == .swapping { try write(journal) }
        return hidden
    }

    private func diagnostic(of error: any Error) -> any Error {
        switch error {
        case let error as FileError: error.diagnostic
        case let error as Swapping.Changed: error.diagnostic
        case let error as StoreError: error.diagnostic
        case is Swapping.Lost:
            Diagnostic(
                "install.interrupted", .error, "a hidden folder went away during the installation",
                hint: "run the same command again", fault: .outside)
        default: error
        }
    }
}
