import Basics

/// What a transaction has set out to do, written before the first change that anyone can see.
struct Journal: Codable, Sendable {
    enum Phase: String, Codable, Sendable {
        /// New folders are being made, hidden. Nothing has changed: recovery throws them away.
        case staging
        /// All new folders are whole and durable. Recovery finishes what is left.
        case swapping
        /// A swap failed. Recovery goes on taking swaps back.
        case rollingBack
        /// All swaps are done and durable. Recovery writes the record again and removes the old folders.
        case committed
    }

    var version = 1
    /// Where it was written (`InstallState.owner`): one that came with somebody's repository is not obeyed.
    var owner = ""
    var phase: Phase
    /// Hidden folders, one for each harness folder, to be removed at the end.
    var stagings: [String]
    /// Folders that did not exist, those above first.
    var created: [String]
    var swaps: [Swap]
    /// What becomes of the record.
    var records: [RecordChange]

    /// What recovery reads of a journal as long as nothing was exchanged: the swaps and records of thousands of skills are
    /// written once, when all of them are known.
    var untilStaged: Journal {
        var copy = self
        copy.swaps = []
        copy.records = []
        return copy
    }

    /// What becomes of the swap's place is not recorded.
    mutating func forget(_ swap: Swap) { records.removeAll { $0.place.utf8.elementsEqual(swap.place.utf8) } }

    func mapPaths(_ map: (String) -> String) -> Journal {
        var copy = self
        copy.stagings = stagings.map(map)
        copy.created = created.map(map)
        copy.swaps = swaps.map { $0.mapPaths(map) }
        copy.records = records.map { change in
            RecordChange(
                place: map(change.place),
                installed: change.installed.map { skill in
                    var skill = skill
                    skill.place = map(skill.place)
                    return skill
                })
        }
        return copy
    }
}

/// The new state of one place in the record; nil forgets it.
struct RecordChange: Codable, Sendable {
    var place: String
    var installed: InstalledSkill?
}

/// One skill's folder that is exchanged for a staged one, or taken away.
struct Swap: Codable, Sendable {
    var place: String
    /// Where the new folder is made; after an exchange the old one is here.
    var staged: String
    /// Where the old folder goes when there is no new one, or when the file system can't exchange.
    var old: String
    /// The new folder's inode number, by which it is known wherever it is; nil when there is no new one.
    var newInode: UInt64?
    /// What must be in the old folder, or the user has edited it since the plan was made.
    var before: [InstalledEntry]
    /// What the new folder holds of ours: not what the record has, where edits were merged. Nil of an older skvm's journal,
    /// which merged none.
    var after: [InstalledEntry]?
    var extras: [RelativePath]
    /// What each of `extras` was in the old folder when the new one got it, nil for one that the user had removed by then. Nil
    /// of an older skvm's journal.
    var extraStamps: [FileStamp?]?
    /// Where the link leads that stands in the place instead of a folder; nil for none.
    var link: String?

    func mapPaths(_ map: (String) -> String) -> Swap {
        var copy = self
        copy.place = map(place)
        copy.staged = map(staged)
        copy.old = map(old)
        return copy
    }
}

/// A step of a transaction, announced before it is taken: where tests interrupt it.
package enum InstallStep: Sendable, Hashable {
    case journal(String)
    case makeFolder(String)
    case stage(String)
    case synchronize(String)
    case swap(String)
    /// Between two renames, where the file system can't exchange.
    case swapHalfway(String)
    /// A file of an old folder that can't be renamed goes.
    case takeAway(String)
    case takeBack(String)
    case record
    case clean(String)
    case removeJournal
}

/// Thrown by a test's fail point in place of a SIGKILL: nothing is tidied up on its way out.
package struct InstallInterrupted: Error {
    package init() {}
}
