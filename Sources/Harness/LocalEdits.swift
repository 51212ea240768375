import Basics
import ContentStore

/// Brings the files of a skill that the user edited together with those that are to be installed over them
/// (`docs/formats/install.md`, Local edits). Decides, and writes only merged bytes and bases, to the store.
struct LocalEdits {
    /// Of each of the three versions of a text that is merged. Generous for a skill; `diff` is quadratic at worst.
    static let mergedBytes = 4 << 20

    let store: ContentStore
    let merging: any TextMerging
    let place: String
    let record: InstalledSkill
    let contents: FolderContents
    /// What skvm would put there, had nobody edited anything.
    let wanted: [RelativePath: InstallPlan.Output]

    /// Of the folder that is: versions of the user's that are replaced because what is written has all that was in them,
    /// and new versions of ours that lie beside a file.
    private(set) var before: [InstalledEntry] = []
    /// The user's versions that stay, and what lies beside them for longer.
    private(set) var kept: [RelativePath] = []
    /// Written instead of the variant's file of that path, or beside it.
    private(set) var written: [InstallPlan.Output] = []
    /// Those that are open once the plan is executed.
    private(set) var clashes: [InstalledClash] = []
    private(set) var changes: [InstallPlan.FileChange] = []
    /// What can't be kept: the new variant has a folder there, or it is neither file nor link.
    private(set) var refused: [RelativePath] = []
    private(set) var notes: [Diagnostic] = []
    private(set) var errors: [Diagnostic] = []

    private var base: Base?
    /// Names in the folder and in the variant, and the folders that these need.
    private var taken: Set<RelativePath>
    private let folders: Set<RelativePath>

    /// What was installed, by path; nil when the store has lost it.
    private struct Base { var outputs: [RelativePath: InstallPlan.Output]? }

    init(
        store: ContentStore, merging: any TextMerging, record: InstalledSkill, contents: FolderContents,
        wanted: [InstallPlan.Output]
    ) {
        self.store = store
        self.merging = merging
        self.record = record
        self.contents = contents
        place = contents.place
        self.wanted = Dictionary(uniqueKeysWithValues: wanted.map { ($0.entry.path, $0) })
        folders = Set(wanted.flatMap(\.entry.path.ancestors))
        taken = folders.union(contents.items.keys).union(wanted.map(\.entry.path))
        taken.formUnion(contents.items.keys.flatMap(\.ancestors))
    }

    /// The clashes of `record` that the user hasn't resolved: the new version still lies beside, and the file of the
    /// user's (one of `modified`) isn't that version.
    static func open(
        _ record: InstalledSkill, modified: [InstalledEntry], _ contents: FolderContents
    ) -> [InstalledClash] {
        let edited = Set(modified.map(\.path))
        return (record.clashes ?? []).filter { edited.contains($0.path) && contents.items[$0.beside.path] != nil }
    }

    /// What is told of a clash as long as it is open.
    ///
    /// Once the user has written to the file, it is one to be reminded of: only the user knows whether that was the merge.
    static func diagnostic(
        of clash: InstalledClash, _ contents: FolderContents, reason: String = unresolved
    ) throws(Diagnostic) -> Diagnostic {
        let place = contents.place
        let (file, beside) = ("\(place)/\(clash.path)", "\(place)/\(clash.beside.path)")
        if let user = clash.user, try Self.user(clash.path, contents) != user {
            return Diagnostic(
                "install.clash", .warning, "\(file) was edited since its new version was put beside it",
                at: SourceLocation(file: file), hint: "when you have what you want of the new version, delete \(beside)"
            )
        }
        return Diagnostic(
            "install.clash", .error, "\(file) was edited, and \(reason): it stays as it is",
            at: SourceLocation(file: file), notes: ["its new version: \(beside)"],
            hint: "take over what you want of the new version, then delete \(beside)")
    }

    static let unresolved = "its new version was not merged yet"

    private static func user(_ path: RelativePath, _ contents: FolderContents) throws(Diagnostic) -> Digest? {
        guard case .file(let digest, _)? = try diagnosing({ () throws(FileError) in try contents.entry(path) })?.kind
        else { return nil }
        return digest
    }

    // MARK: Deciding

    /// Decides about each of `modified`, entries of the record whose files differ. Throws a `Diagnostic` for what can't be
    /// read or stored.
    mutating func reconcile(_ modified: [InstalledEntry]) throws(Diagnostic) {
        let open = Self.open(record, modified: modified, contents)
        try settleBesides(open)
        for entry in modified {
            try reconcile(entry, open.first { $0.path == entry.path })
        }
    }

    /// New versions that lie beside files are ours until they are written to: those that are not waited for go.
    private mutating func settleBesides(_ open: [InstalledClash]) throws(Diagnostic) {
        for clash in record.clashes ?? [] {
            let path = clash.beside.path
            guard contents.items[path] != nil, try matches(clash.beside) else { continue }
            let isStillNew = wanted[clash.path].map { $0.entry.hasContent(of: clash.beside) } ?? false
            if isStillNew, open.contains(where: { $0.path == clash.path }) { continue }
            before.append(clash.beside)
            if wanted[path] == nil, !folders.contains(path) { taken.remove(path) }
        }
    }

    private mutating func reconcile(_ entry: InstalledEntry, _ open: InstalledClash?) throws(Diagnostic) {
        let path = entry.path
        guard let item = contents.items[path], item.status.kind != .other, !folders.contains(path),
            !path.ancestors.contains(where: { wanted[$0] != nil })
        else {
            refused.append(path)
            return
        }
        guard let theirs = wanted[path] else { return leave(path) }
        if let open, theirs.entry.hasContent(of: open.beside) {
            kept.append(path)
            if !kept.contains(open.beside.path) { kept.append(open.beside.path) }
            clashes.append(open)
            errors.append(try Self.diagnostic(of: open, contents))
            return
        }
        if open == nil, theirs.entry.hasContent(of: entry) { return try keepContent(entry, item, theirs) }
        try merge(entry, item, theirs, open)
    }

    /// The new variant has no such file.
    private mutating func leave(_ path: RelativePath) {
        kept.append(path)
        changes.append(.init(path: path, kind: .clash))
        errors.append(
            Diagnostic(
                "install.clash", .error,
                "\(place)/\(path) was edited, and the new version of the skill has no such file: it stays as it is",
                at: SourceLocation(file: "\(place)/\(path)"),
                hint: "it is yours from now on: delete it unless you need it"))
    }

    /// The variant's content did not change: the user's stays, with an execute bit that the variant may have changed.
    private mutating func keepContent(
        _ entry: InstalledEntry, _ item: FolderContents.Item, _ theirs: InstallPlan.Output
    ) throws(Diagnostic) {
        let mode = Self.mode(entry, item, theirs)
        guard item.status.kind == .file, mode != item.status.isExecutable else { return kept.append(entry.path) }
        try write(try read(entry.path), entry.path, isExecutable: mode, over: item)
    }

    private mutating func merge(
        _ entry: InstalledEntry, _ item: FolderContents.Item, _ theirs: InstallPlan.Output, _ open: InstalledClash?
    ) throws(Diagnostic) {
        let base = try baseBytes(entry, open)
        let reason: String
        do {
            if open == nil, case .symlink = entry.kind { throw Unmergeable(reason: "it was a link") }
            let ours = try oursToMerge(entry.path, item)
            let new = try textToMerge(theirs)
            guard let base else {
                throw Unmergeable(reason: "the version that you edited is no longer in the cache")
            }
            try Self.checkText(base)
            guard let merged = try merged(base, ours, new) else {
                throw Unmergeable(reason: "its new version changes the same lines")
            }
            let mode = Self.mode(entry, item, theirs)
            if merged == ours, mode == item.status.isExecutable { return kept.append(entry.path) }
            try write(merged, entry.path, isExecutable: mode, over: item, ours: ours)
            notes.append(
                Diagnostic(
                    "install.merged", .note,
                    "\(place)/\(entry.path) was edited: what is new in the skill is merged into it",
                    at: SourceLocation(file: "\(place)/\(entry.path)")))
            return
        } catch let error as Unmergeable {
            reason = error.reason
        } catch let error as Diagnostic {
            throw error
        } catch {
            reason = try reasonToGoOn(error, entry.path)
        }
        try putBeside(theirs, base, reason)
    }

    /// Without git nothing can be merged, this time as the next. Any other failure is one of the disk or of a program, and
    /// leaves everything as it is: the next run merges.
    private func reasonToGoOn(_ error: any Error, _ path: RelativePath) throws(Diagnostic) -> String {
        if let error = error as? FileError { throw error.diagnostic }
        if let error = error as? ProgramError, error.isMissing {
            return "it can't be merged with its new version, because there is no \(error.program)"
        }
        throw Diagnostic(
            "install.merge", .error, "\(place)/\(path) was edited, and cannot be merged with its new version: \(error)",
            at: SourceLocation(file: "\(place)/\(path)"),
            hint: "nothing was installed: run it again, or take your edit out of the file", fault: .outside)
    }

    /// Where a checkout or an editor gave the user's version other line ends (CRLF for LF) throughout, that is not an edit of
    /// each line: the lines are merged, and get the user's ends.
    private func merged(_ base: [UInt8], _ ours: [UInt8], _ new: [UInt8]) throws -> [UInt8]? {
        guard !base.contains(0x0D), !new.contains(0x0D), let plain = Self.withoutCarriageReturns(ours) else {
            return try merging.merge(base: base, ours: ours, theirs: new)
        }
        return try merging.merge(base: base, ours: plain, theirs: new)?.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
    }

    /// Nil unless each line ends in CRLF, and there is one.
    private static func withoutCarriageReturns(_ bytes: [UInt8]) -> [UInt8]? {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            if byte == 0x0A, index == 0 || bytes[index - 1] != 0x0D { return nil }
            if byte == 0x0D {
                guard index + 1 < bytes.count, bytes[index + 1] == 0x0A else { return nil }
                continue
            }
            plain.append(byte)
        }
        return plain.count < bytes.count ? plain : nil
    }

    /// Keeps the user's version, and puts the new one beside it.
    private mutating func putBeside(
        _ theirs: InstallPlan.Output, _ base: [UInt8]?, _ reason: String
    ) throws(Diagnostic) {
        let path = theirs.entry.path
        guard let name = try nameBeside(theirs.entry) else { return refused.append(path) }
        var output = theirs
        output.entry.path = name
        // For the next update, should it come before the user has merged: the edit was made to this.
        let kept = try base.map { bytes throws(Diagnostic) in try stored(bytes) }
        let clash = InstalledClash(
            path: path, beside: output.entry, base: kept, user: try Self.user(path, contents))
        self.kept.append(path)
        clashes.append(clash)
        if contents.items[name] != nil, !before.contains(where: { $0.path == name }) {
            self.kept.append(name)
        } else {
            written.append(output)
        }
        changes.append(.init(path: path, kind: .clash))
        errors.append(try Self.diagnostic(of: clash, contents, reason: reason))
    }

    /// `NAME.skvm-new`, or with a number behind it where that is taken; one that holds these very bytes serves. Nil when
    /// there is none.
    private mutating func nameBeside(_ theirs: InstalledEntry) throws(Diagnostic) -> RelativePath? {
        guard theirs.path.name.utf8.count + 16 <= 255 else { return nil }
        for number in 1...99 {
            guard let name = RelativePath("\(theirs.path).skvm-new" + (number == 1 ? "" : ".\(number)")) else {
                return nil
            }
            var beside = theirs
            beside.path = name
            beside.stamp = nil
            if !taken.contains(name) {
                taken.insert(name)
                return name
            }
            if wanted[name] == nil, contents.items[name] != nil, try matches(beside) { return name }
        }
        return nil
    }

    // MARK: Reading and writing

    /// Why a file is not merged line by line.
    private struct Unmergeable: Error { var reason: String }

    /// What the user's version came from: nil for a link, and when the store has lost it.
    private mutating func baseBytes(_ entry: InstalledEntry, _ open: InstalledClash?) throws(Diagnostic) -> [UInt8]? {
        if let open { return open.base.flatMap { try? store.get($0) } }
        if base == nil {
            let list = try? VariantOutputs.list(of: record.tree, relocatedTo: record.relocatedTo, in: store)
            base = Base(
                outputs: list.map { Dictionary(uniqueKeysWithValues: $0.map { ($0.entry.path, $0) }) })
        }
        guard let output = base?.outputs?[entry.path], output.source != nil, output.entry.hasContent(of: entry)
        else { return nil }
        return try? VariantOutputs.bytes(of: output, relocatedTo: record.relocatedTo, in: store)
    }

    private func oursToMerge(_ path: RelativePath, _ item: FolderContents.Item) throws -> [UInt8] {
        guard item.status.kind == .file else { throw Unmergeable(reason: "it is a link now") }
        guard item.status.size <= Self.mergedBytes else { throw Unmergeable(reason: "it is too long to be merged") }
        let bytes = try read(path)
        try Self.checkText(bytes)
        return bytes
    }

    private func textToMerge(_ output: InstallPlan.Output) throws -> [UInt8] {
        guard output.source != nil else { throw Unmergeable(reason: "its new version is a link") }
        let bytes: [UInt8]
        do { bytes = try VariantOutputs.bytes(of: output, relocatedTo: place, in: store) } catch {
            throw (error as? StoreError)?.diagnostic ?? error
        }
        try Self.checkText(bytes)
        return bytes
    }

    private static func checkText(_ bytes: [UInt8]) throws(Unmergeable) {
        if bytes.contains(0) { throw Unmergeable(reason: "it is not text") }
        if bytes.count > mergedBytes { throw Unmergeable(reason: "it is too long to be merged") }
    }

    private mutating func write(
        _ bytes: [UInt8], _ path: RelativePath, isExecutable: Bool, over item: FolderContents.Item,
        ours: [UInt8]? = nil
    ) throws(Diagnostic) {
        let digest = try stored(bytes)
        // Whoever writes to it after this stops the transaction.
        before.append(
            InstalledEntry(
                path: path,
                kind: .file(ours.map { Digest(of: $0) } ?? digest, executable: item.status.isExecutable)))
        written.append(
            .init(
                entry: InstalledEntry(path: path, kind: .file(digest, executable: isExecutable)), source: digest,
                offsets: []))
        changes.append(.init(path: path, kind: .merge))
    }

    /// The user's execute bit where the user changed it, else the variant's.
    private static func mode(
        _ entry: InstalledEntry, _ item: FolderContents.Item, _ theirs: InstallPlan.Output
    ) -> Bool {
        guard case .file(_, let base) = entry.kind, case .file(_, let new) = theirs.entry.kind else {
            return item.status.isExecutable
        }
        return item.status.isExecutable == base ? new : item.status.isExecutable
    }

    private func stored(_ bytes: [UInt8]) throws(Diagnostic) -> Digest {
        do { return try store.put(bytes).digest } catch { throw error.diagnostic }
    }

    private func read(_ path: RelativePath) throws(Diagnostic) -> [UInt8] {
        try diagnosing { () throws(FileError) in try FileSystem.read("\(place)/\(path)") }
    }

    private func matches(_ entry: InstalledEntry) throws(Diagnostic) -> Bool {
        try diagnosing { () throws(FileError) in try contents.matches(entry).content }
    }
}
