package import Basics
import Formats

/// Where an installation keeps what it must remember: the record of what is ours, the journal, the lock.
package struct InstallState: Sendable {
    /// `.skvm/` of a project, or the user's state folder. Made when first something is written.
    package let folder: String
    /// Places below this folder are kept relative to it, so that a project can be moved. Absolute.
    package let base: String
    /// With it, a record that it has not sealed is none. Nil for a folder that is the user's alone.
    private let secret: StateSecret?

    package init(folder: String, base: String, secret: StateSecret? = nil) {
        self.folder = FileSystem.absolute(folder, from: "/")
        self.base = HarnessFolder.canonical(base)
        self.secret = secret
    }

    package var recordPath: String { folder + "/installed.json" }
    package var journalPath: String { folder + "/journal.json" }
    package var lockPath: String { folder + "/lock" }

    /// What is installed, sorted by place; empty when there is no record, or one that somebody else wrote.
    ///
    /// Throws a `Diagnostic` `install.record` for a record that can't be understood, or a `FileError`'s.
    package func installed() throws(Diagnostic) -> [InstalledSkill] {
        guard let bytes = try sealed(currentRecordPath).content else { return [] }
        let record = try decode(Record.self, bytes, recordPath, id: "install.record")
        return record.skills.map { skill in
            var skill = skill
            skill.place = expanded(skill.place)
            return skill
        }
    }

    /// Folders that installations made to put skills in, those above first: they go when nothing is left in them. Of a record
    /// that holds none, or that is another's, none.
    func madeFolders() throws(Diagnostic) -> [String] {
        guard let bytes = try sealed(currentRecordPath).content else { return [] }
        return (try decode(Record.self, bytes, recordPath, id: "install.record").folders ?? []).map(expanded)
    }

    /// What the user must know of a record that came with a clone or from another machine; nil of any other.
    package func foreignRecord() throws(Diagnostic) -> Diagnostic? {
        guard try sealed(currentRecordPath).isForeign else { return nil }
        return Diagnostic(
            "install.foreign-record", .warning,
            "\(recordPath) was not written by skvm of this user on this machine: it is not believed",
            notes: ["a record that was cloned could claim files of yours, to have them removed"],
            hint: "run `skvm install`: skills that are as they would be installed are taken over, others are left alone"
        )
    }

    /// After a commit, until it is tidied up, the next record holds.
    private var currentRecordPath: String {
        FileSystem.exists(journalPath(.committed)) && FileSystem.exists(nextRecordPath) ? nextRecordPath : recordPath
    }

    /// A record's bytes without its seal; nil when there are none, or when it is another's.
    private func sealed(_ path: String) throws(Diagnostic) -> (content: [UInt8]?, isForeign: Bool) {
        guard let bytes = try bytes(of: path) else { return (nil, false) }
        guard let secret else { return (bytes, false) }
        let head = Array("{\"seal\":\"".utf8)
        let end = head.count + 64
        guard bytes.count > end + 3, bytes.starts(with: head), bytes[end..<end + 2].elementsEqual("\",".utf8),
            let seal = Digest(hex: String(decoding: bytes[head.count..<end], as: UTF8.self))
        else { return (nil, true) }
        let content = [UInt8(ascii: "{")] + bytes[(end + 2)...]
        let holds = try diagnosing { () throws(FileError) in try secret.holds(seal, content) }
        return holds ? (content, false) : (nil, true)
    }

    /// Writes the record that is to be, durably, beside the one that is. `useNextRecord` puts it in place without needing
    /// any more space on the disk.
    /// `made`: folders that this transaction made; those of earlier ones stay known while they are there.
    func saveNextRecord(_ changes: [RecordChange], made: [String] = []) throws(Diagnostic) {
        let places = Set(changes.map { Array($0.place.utf8) })
        let folders = (try madeFolders() + made).filter { FileSystem.isDirectory($0) }
        var skills = try installed().filter { !places.contains(Array($0.place.utf8)) }
        skills += changes.compactMap(\.installed)
        skills.sort { $0.place.utf8.lexicographicallyPrecedes($1.place.utf8) }
        for index in skills.indices { skills[index].place = relative(skills[index].place) }
        try diagnosing { () throws(FileError) in try FileSystem.makeDirectories(folder) }
        let shown = Set(folders.map(relative)).sorted()
        try replace(
            nextRecordPath, with: Record(version: 1, skills: skills, folders: shown.isEmpty ? nil : shown), seal: secret
        )
    }

    /// Puts the next record in place of the record; does nothing when it has been done.
    func useNextRecord() throws(Diagnostic) {
        try diagnosing { () throws(FileError) in
            guard FileSystem.exists(nextRecordPath) else { return }
            try FileSystem.rename(nextRecordPath, to: recordPath)
            try FileSystem.synchronizeDirectory(folder)
        }
    }

    func dropNextRecord() throws(Diagnostic) {
        try diagnosing { () throws(FileError) in try FileSystem.remove(nextRecordPath) }
    }

    private var nextRecordPath: String { recordPath + ".next" }

    // A journal's phase is in the file, until an end is decided: then it is in the file's name, because a renaming
    // succeeds on a disk that is full.
    private func journalPath(_ phase: Journal.Phase) -> String {
        switch phase {
        case .staging, .swapping: journalPath
        case .rollingBack, .committed: "\(folder)/journal-\(phase.rawValue).json"
        }
    }

    /// Where a journal is while an installation is not at its end.
    package var journalPaths: [String] {
        [Journal.Phase.swapping, .rollingBack, .committed].map(journalPath)
    }

    /// What is there while something of an installation is left to do.
    package var unfinishedPaths: [String] { journalPaths + [untidyPath] }

    /// Where the hidden folders stand that an installation which is at its end could not remove.
    package var untidyPath: String { folder + "/journal-untidy.json" }

    /// Those folders; none for a list that was not written in this folder: that tells nobody what to remove.
    func untidy() throws(Diagnostic) -> [String] {
        guard let bytes = try bytes(of: untidyPath),
            let list = try? decode(Journal.self, bytes, untidyPath, id: "install.journal").mapPaths(expanded),
            let owner = try owner(), list.owner == owner
        else { return [] }
        return list.stagings
    }

    /// Remembers the folders; none forgets the list.
    func save(untidy folders: [String]) throws(Diagnostic) {
        if folders.isEmpty { return try diagnosing { () throws(FileError) in try FileSystem.remove(untidyPath) } }
        var list = Journal(phase: .committed, stagings: folders, created: [], swaps: [], records: []).mapPaths(relative)
        list.owner = try owner() ?? ""
        try replace(untidyPath, with: list)
    }

    func journal() throws(Diagnostic) -> Journal? {
        for phase in [Journal.Phase.committed, .rollingBack, .swapping] {
            let path = journalPath(phase)
            guard let bytes = try bytes(of: path) else { continue }
            var journal = try decode(Journal.self, bytes, path, id: "install.journal").mapPaths(expanded)
            guard let owner = try owner(), journal.owner == owner else {
                throw Diagnostic(
                    "install.journal", .error, "\(path) was not written by skvm in this folder",
                    notes: ["it says which folders to move and remove; one that was copied or cloned is not obeyed"],
                    hint: "delete it, then run `skvm install`", fault: .integrity)
            }
            if phase != .swapping { journal.phase = phase }
            return journal
        }
        return nil
    }

    func save(_ journal: Journal) throws(Diagnostic) {
        var journal = journal.mapPaths(relative)
        journal.owner = try owner() ?? ""
        try replace(journalPath, with: journal)
    }

    /// What tells this folder from a copy of it: the lock file's inode and time, which nobody can choose from afar. Nil
    /// before the first installation. The lock file is made once and never written.
    private func owner() throws(Diagnostic) -> String? {
        try diagnosing { () throws(FileError) in
            try FileSystem.status(lockPath).map { "\($0.inode)-\($0.modified)" }
        }
    }

    /// Decides how the transaction ends. A commit that could not be made durable can still be taken back.
    func decide(_ phase: Journal.Phase) throws(Diagnostic) {
        try diagnosing { () throws(FileError) in
            let committed = journalPath(.committed)
            let isCommitted = phase == .rollingBack && FileSystem.exists(committed)
            try FileSystem.rename(isCommitted ? committed : journalPath, to: journalPath(phase))
            try FileSystem.synchronizeDirectory(folder)
        }
    }

    func removeJournal() throws(Diagnostic) {
        try diagnosing { () throws(FileError) in
            for path in journalPaths { try FileSystem.remove(path) }
            try FileSystem.synchronizeDirectory(folder)
        }
    }

    /// Runs `body` alone among all installers of this state. `onWait` is called when another one is at work.
    func locked<R>(onWait: () -> Void, _ body: () throws -> R) throws -> R {
        let lock = try diagnosing { () throws(FileError) in
            try FileSystem.makeDirectories(folder)
            return try FileLock(path: lockPath, mode: .exclusive, onWait: onWait)
        }
        defer { lock.release() }
        try diagnosing { () throws(FileError) in try removeLeftovers() }
        return try body()
    }

    /// Half-written files of ours that a killed run left; only the lock's holder writes such.
    private func removeLeftovers() throws(FileError) {
        for name in try FileSystem.list(folder) where name.hasSuffix(".tmp") {
            if name.hasPrefix("installed.json") || name.hasPrefix("journal") {
                try FileSystem.remove(folder + "/" + name)
            }
        }
    }

    private struct Record: Codable {
        var version: Int
        var skills: [InstalledSkill]
        /// Nil when there are none, and of an older skvm.
        var folders: [String]?
    }

    private func relative(_ path: String) -> String {
        let prefix = base + "/"
        return path.utf8.starts(with: prefix.utf8) ? String(Substring(path.utf8.dropFirst(prefix.utf8.count))) : path
    }

    private func expanded(_ path: String) -> String { path.utf8.first == 0x2F ? path : base + "/" + path }

    private func replace(
        _ path: String, with value: some Encodable, seal secret: StateSecret? = nil
    ) throws(Diagnostic) {
        var bytes: [UInt8]
        do { bytes = try CanonicalJSON.encode(value) + [0x0A] } catch {
            throw Diagnostic("install.internal", .error, "cannot encode \(path): \(error)", fault: .internal)
        }
        try diagnosing { () throws(FileError) in
            if let secret {
                // Canonical JSON sorts its keys: there it would stand.
                let seal = try secret.seal(bytes).hex
                bytes.replaceSubrange(0..<1, with: Array("{\"seal\":\"\(seal)\",".utf8))
            }
            try FileSystem.replace(path, with: bytes)
        }
    }

    /// Nil when there is no such file.
    private func bytes(of path: String) throws(Diagnostic) -> [UInt8]? {
        do { return try FileSystem.read(path, limit: 256 << 20) } catch  where error.isNotFound {
            return nil
        } catch { throw error.diagnostic }
    }

    private func decode<Value: Decodable>(
        _ type: Value.Type, _ bytes: [UInt8], _ path: String, id: String
    ) throws(Diagnostic) -> Value {
        do {
            let version = try StrictJSON.parse(bytes, file: path, limit: 256 << 20)["version"]?.integer
            guard version == 1 else {
                throw Diagnostic(
                    id, .error, "\(path) was written by another version of skvm", hint: "use that version",
                    fault: .outside)
            }
            return try CanonicalJSON.decode(type, from: bytes)
        } catch let error as Diagnostic {
            throw error
        } catch {
            throw Diagnostic(
                id, .error, "\(path) is damaged",
                hint: "delete it and install again: skills that are as they would be installed are taken over",
                fault: .outside)
        }
    }
}

/// Turns a file system error into what a user is told.
func diagnosing<R>(_ body: () throws(FileError) -> R) throws(Diagnostic) -> R {
    do { return try body() } catch { throw error.diagnostic }
}
