import Basics
import ContentStore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Compares what is asked for with the record and with the disk. Reads, and writes nothing but merged texts to the store.
struct InstallPlanner {
    let store: ContentStore
    let merging: any TextMerging
    var plan = InstallPlan(skills: [], diagnostics: [])
    /// Whether places that other projects have are taken from them.
    let takesOver: Bool
    private let now: Int64

    init(store: ContentStore, merging: any TextMerging = NoMerging(), takesOver: Bool = false) {
        self.store = store
        self.takesOver = takesOver
        self.merging = merging
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        now = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Throws a `Diagnostic` for a folder or a store that can't be read; refusals are in the plan.
    /// Of what has owners, others are removed only when the terms' owner is the last that needed the package.
    static func plan(
        _ requests: [InstallRequest], installed: [InstalledSkill], removesOthers: Bool, _ terms: RemovalTerms,
        store: ContentStore, merging: any TextMerging
    ) throws(Diagnostic) -> InstallPlan {
        var planner = InstallPlanner(store: store, merging: merging, takesOver: terms.takesOver)
        var records: [[UInt8]: InstalledSkill] = [:]
        for skill in installed { records[Array(skill.place.utf8)] = skill }
        for request in try planner.distinct(requests) {
            let place = request.folder + "/" + request.name
            try planner.add(request, place, records.removeValue(forKey: Array(place.utf8)))
        }
        if removesOthers {
            // A place that was refused above is still asked for.
            let asked = Set(requests.map { Array("\($0.folder)/\($0.name)".utf8) })
            let packages = Set(requests.map(\.package))
            let needed = Set(terms.needed.map { Array($0.utf8) })
            for (key, record) in records where !asked.contains(key) {
                // A variable may have named another folder when it was installed there: that is still wanted.
                if let owner = terms.owner,
                    packages.contains(record.package) || record.owners?.contains(owner) != true
                {
                    continue
                }
                try planner.release(record, by: terms.owner, isNeeded: needed.contains(key))
            }
        }
        return planner.sorted
    }

    /// Removes the skills of `installed` on these terms.
    static func removal(
        of installed: [InstalledSkill], _ terms: RemovalTerms, store: ContentStore
    ) throws(Diagnostic) -> InstallPlan {
        var planner = InstallPlanner(store: store)
        let needed = Set(terms.needed.map { Array($0.utf8) })
        for record in installed {
            try planner.release(
                record, by: terms.owner, isNeeded: needed.contains(Array(record.place.utf8)), force: terms.force)
        }
        return planner.sorted
    }

    private var sorted: InstallPlan {
        var plan = plan
        plan.skills.sort { $0.place.utf8.lexicographicallyPrecedes($1.place.utf8) }
        if plan.hasErrors {
            // Then nothing is merged and nothing put beside.
            plan.clashes = []
            plan.diagnostics.removeAll { $0.id == "install.merged" }
        }
        plan.clashes.sort { $0.message.utf8.lexicographicallyPrecedes($1.message.utf8) }
        plan.diagnostics.sort { $0.message.utf8.lexicographicallyPrecedes($1.message.utf8) }
        return plan
    }

    // MARK: One skill

    private mutating func add(
        _ request: InstallRequest, _ place: String, _ record: InstalledSkill?
    ) throws(Diagnostic) {
        var (request, record) = (request, record)
        if var known = record {
            guard settleClaims(on: &known, &request) else { return }
            record = known
        }
        guard let status = try diagnosing({ () throws(FileError) in try FileSystem.status(place) }) else {
            let outputs = try outputs(request, place)
            return append(.create, request, place, outputs: outputs)
        }
        if status.kind == .symlink { return try takeOver(request, linkAt: place, record) }
        guard status.kind == .directory else {
            return refuse("install.foreign", "\(place) is there, and is no folder", place)
        }
        guard let contents = contents(place) else { return }
        if let record {
            try update(request, place, record, contents)
        } else {
            try takeOver(request, place, contents)
        }
    }

    private mutating func update(
        _ request: InstallRequest, _ place: String, _ record: InstalledSkill, _ contents: FolderContents
    ) throws(Diagnostic) {
        let state = try compare(record.entries, contents)
        let open = LocalEdits.open(record, modified: state.modified, contents)
        if record.tree == request.tree, record.relocatedTo.utf8.elementsEqual(place.utf8), state.isComplete,
            try !hasLeftovers(record, open, contents)
        {
            return try appendKept(request, record, state, open, contents)
        }
        let outputs = try outputs(request, place)
        var wanted: [RelativePath: InstalledEntry] = [:]
        for output in outputs { wanted[output.entry.path] = output.entry }
        var before = state.whole
        var modified: [InstalledEntry] = []
        for entry in state.modified {
            // An edit that makes the file what it is going to be is none.
            if let entry = wanted[entry.path], try matches(entry, contents) {
                before.append(entry)
            } else {
                modified.append(entry)
            }
        }
        var edits = LocalEdits(
            store: store, merging: merging, record: record, contents: contents, wanted: outputs)
        try edits.reconcile(modified)
        before += edits.before
        var extras: [RelativePath] = edits.kept
        var foreign: [RelativePath] = []
        let folders = Set(wanted.keys.flatMap(\.ancestors))
        for path in contents.extras(besides: record.entries + edits.before) where !edits.kept.contains(path) {
            if let entry = wanted[path] {
                if try matches(entry, contents) { before.append(entry) } else { foreign.append(path) }
            } else if folders.contains(path) || path.ancestors.contains(where: { wanted[$0] != nil }) {
                foreign.append(path)
            } else {
                extras.append(path)
            }
        }
        extras.sort()
        guard checkExtras(extras, contents) else { return }
        for path in edits.refused { refuseModified(place, path) }
        for path in foreign {
            refuse("install.foreign", "\(place)/\(path) is not skvm's, and the skill brings a file of that name", place)
        }
        guard edits.refused.isEmpty && foreign.isEmpty else { return }
        append(.replace, request, place, record, outputs: outputs, before: before, extras: extras, edits)
    }

    private mutating func takeOver(
        _ request: InstallRequest, _ place: String, _ contents: FolderContents
    ) throws(Diagnostic) {
        let outputs = try outputs(request, place)
        let entries = outputs.map(\.entry)
        if contents.items.isEmpty { return append(.create, request, place, outputs: outputs) }
        let state = try compare(entries, contents)
        var known: [InstalledEntry]?
        if !state.modified.isEmpty { known = try carried(request, outputs, contents) }
        if known == nil, !state.modified.isEmpty || !state.missing.isEmpty {
            known = try source(of: request, as: contents)
        }
        if let before = known {
            let extras = contents.extras(besides: before)
            guard checkExtras(extras, contents) else { return }
            return append(.replace, request, place, outputs: outputs, before: before, extras: extras)
        }
        guard state.modified.isEmpty && state.missing.isEmpty else {
            let what = contents.extras(besides: []).first.map { " (it holds \($0.text))" } ?? ""
            return refuse(
                "install.foreign", "\(place) is there and was not installed by skvm\(what)", place)
        }
        let extras = contents.extras(besides: entries)
        guard checkExtras(extras, contents) else { return }
        if state.isWhole {
            append(.adopt, request, place, outputs: outputs, before: entries, extras: extras)
        } else {
            append(.replace, request, place, outputs: outputs, before: entries, extras: extras)
        }
    }

    /// Other tools link from one harness's folder to the copy in another's. A link that leads to just what would be installed, or
    /// to the skill as its author wrote it, gives way to a folder; what it leads to stays as it is.
    private mutating func takeOver(
        _ request: InstallRequest, linkAt place: String, _ record: InstalledSkill?
    ) throws(Diagnostic) {
        let target = try diagnosing { () throws(FileError) in try FileSystem.readLink(place) }
        let outputs = try outputs(request, place)
        // A link can lead anywhere: only a skill's folder is looked through.
        guard record == nil, FileSystem.exists(place + "/SKILL.md"), let contents = try? FolderContents(of: place),
            try isKnown(contents, outputs.map(\.entry), request)
        else {
            return refuse("install.foreign", "\(place) is a link to \(target), which skvm did not make", place)
        }
        append(.replace, request, place, record, outputs: outputs)
        plan.skills[plan.skills.count - 1].link = target
    }

    /// Whether a folder is the skill: as its author wrote it, as it would be installed, or as skvm installed it there before for
    /// another target.
    private func isKnown(
        _ contents: FolderContents, _ outputs: [InstalledEntry], _ request: InstallRequest
    ) throws(Diagnostic) -> Bool {
        if let mark = RelativePath(Relocator.listPath), contents.items[mark] != nil { return true }
        if try isJust(outputs, contents) { return true }
        return try isJust(written(request) ?? [], contents)
    }

    /// Whether a folder holds these files with their content, and no others.
    private func isJust(_ entries: [InstalledEntry], _ contents: FolderContents) throws(Diagnostic) -> Bool {
        guard !entries.isEmpty, contents.extras(besides: entries).isEmpty else { return false }
        let state = try compare(entries, contents)
        return state.modified.isEmpty && state.missing.isEmpty
    }

    /// The files of a folder that is the variant as it was installed elsewhere, to the last byte; nil for any other folder.
    private func carried(
        _ request: InstallRequest, _ outputs: [InstallPlan.Output], _ contents: FolderContents
    ) throws(Diagnostic) -> [InstalledEntry]? {
        let former: [InstallPlan.Output]
        do {
            guard let place = try FormerPlace.read(from: contents, as: outputs, in: store) else { return nil }
            former = try VariantOutputs.list(of: request.tree, relocatedTo: place, in: store)
        } catch { return nil }
        let state = try compare(former.map(\.entry), contents)
        return state.modified.isEmpty && state.missing.isEmpty ? state.whole : nil
    }

    /// The files of a folder that is the skill as its author wrote it, to the last byte, as other tools install it; nil for any
    /// other folder.
    private func source(
        of request: InstallRequest, as contents: FolderContents
    ) throws(Diagnostic) -> [InstalledEntry]? {
        guard let written = written(request) else { return nil }
        let state = try compare(written, contents)
        return state.modified.isEmpty && state.missing.isEmpty ? state.whole : nil
    }

    /// The skill as its author wrote it; nil where that is not known.
    private func written(_ request: InstallRequest) -> [InstalledEntry]? {
        request.source?.map { entry in
            switch entry.kind {
            case .symlink(let target): InstalledEntry(path: entry.path, kind: .symlink(target: target))
            case .file(let blob, let isExecutable):
                InstalledEntry(path: entry.path, kind: .file(blob.digest, executable: isExecutable))
            }
        }
    }

    /// Takes a claim away, and the skill with the last one, unless it is needed by somebody of whom this record knows nothing.
    private mutating func release(
        _ record: InstalledSkill, by owner: String?, isNeeded: Bool = false, force: Bool = false
    ) throws(Diagnostic) {
        let others = record.livingOwners(besides: owner)
        guard owner != nil, !others.isEmpty else {
            if isNeeded { return forget(record.place) }
            if record.goneOwners.contains(where: { $0 != owner }), let gone = Diagnostic.goneOwners(of: record) {
                plan.diagnostics.append(gone)
            }
            return try addRemoval(of: record, force: force)
        }
        var kept = record
        kept.owners = others
        plan.refreshesStamps = true
        plan.skills.append(
            .init(
                action: .keep, place: record.place, installed: kept, before: record.entries, extras: [], outputs: [],
                changes: []))
    }

    private mutating func forget(_ place: String) {
        plan.skills.append(
            .init(action: .forget, place: place, installed: nil, before: [], extras: [], outputs: [], changes: []))
    }

    private mutating func addRemoval(of record: InstalledSkill, force: Bool) throws(Diagnostic) {
        let place = record.place
        let status = try diagnosing { () throws(FileError) in try FileSystem.status(place) }
        let isThere =
            status?.kind == .directory
            && HarnessFolder.canonical(record.folder).utf8.elementsEqual(record.folder.utf8)
        guard isThere else { return forget(place) }
        guard let contents = contents(place) else { return }
        let state = try compare(record.entries, contents)
        var before = state.whole
        for entry in state.modified {
            // Whoever writes to it after this stops the removal.
            if force, let edited = try diagnosing({ () throws(FileError) in try contents.entry(entry.path) }) {
                before.append(edited)
            } else {
                refuseModified(place, entry.path)
            }
        }
        // New versions beside files are ours until they are written to.
        for clash in record.clashes ?? [] where contents.items[clash.beside.path] != nil {
            if try matches(clash.beside, contents) { before.append(clash.beside) }
        }
        let extras = contents.extras(besides: record.entries + before)
        guard force || state.modified.isEmpty, checkExtras(extras, contents), !plan.hasErrors else { return }
        plan.skills.append(
            .init(
                action: .remove, place: place, installed: nil, before: before, extras: extras, outputs: [],
                changes: before.map { .init(path: $0.path, kind: .remove) }))
    }

    // MARK: Comparing

    private struct Comparison {
        /// There, with the content expected.
        var whole: [InstalledEntry] = []
        var modified: [InstalledEntry] = []
        var missing: [InstalledEntry] = []
        /// All of `whole` have the right mode.
        var modes = true
        /// Nothing has to be mended; files may have been edited.
        var isComplete: Bool { missing.isEmpty && modes }
        var isWhole: Bool { modified.isEmpty && isComplete }
    }

    private func compare(_ entries: [InstalledEntry], _ contents: FolderContents) throws(Diagnostic) -> Comparison {
        var result = Comparison()
        for entry in entries {
            guard contents.items[entry.path] != nil else {
                result.missing.append(entry)
                continue
            }
            let match = try diagnosing { () throws(FileError) in try contents.matches(entry) }
            guard match.content else {
                result.modified.append(entry)
                continue
            }
            var entry = entry
            // A file that was written in this very tick could be written again without a trace.
            entry.stamp = match.stamp.flatMap { $0.changed + 50_000_000 < now ? $0 : nil }
            result.whole.append(entry)
            result.modes = result.modes && match.mode
        }
        return result
    }

    private func matches(_ entry: InstalledEntry, _ contents: FolderContents) throws(Diagnostic) -> Bool {
        try diagnosing { () throws(FileError) in try contents.matches(entry).content }
    }

    private mutating func contents(_ place: String) -> FolderContents? {
        do { return try FolderContents(of: place) } catch {
            refuse("install.foreign", "\(place) can't be looked through: \(error)", place)
            return nil
        }
    }

    /// What isn't ours is carried over by its name in the folder; a device or a socket can't be.
    private mutating func checkExtras(_ extras: [RelativePath], _ contents: FolderContents) -> Bool {
        let odd = extras.filter { contents.items[$0]?.status.kind == .other }
        for path in odd {
            refuse("install.foreign", "\(contents.place)/\(path) is no file, folder or link", contents.place)
        }
        return odd.isEmpty
    }

    // MARK: Results

    private mutating func append(
        _ action: InstallPlan.Action, _ request: InstallRequest, _ place: String, _ record: InstalledSkill? = nil,
        outputs: [InstallPlan.Output], before: [InstalledEntry] = [], extras: [RelativePath] = [],
        _ edits: LocalEdits? = nil
    ) {
        let entries = outputs.map(\.entry)
        let clashes = (edits?.clashes ?? []).sorted { $0.path < $1.path }
        let installed = InstalledSkill(
            place: place, package: request.package, version: request.version, tree: request.tree, relocatedTo: place,
            entries: entries, clashes: clashes.isEmpty ? nil : clashes,
            owners: record?.owners(with: request.owner) ?? request.owner.map { [$0] }, targets: request.targets)
        var written = outputs
        if let edits {
            let others = Set(edits.kept + edits.written.map(\.entry.path))
            written.removeAll { others.contains($0.entry.path) }
            written = (written + edits.written).sorted { $0.entry.path < $1.entry.path }
            plan.diagnostics += edits.notes
            plan.clashes += edits.errors
        }
        plan.skills.append(
            .init(
                action: action, place: place, installed: installed, before: before, extras: extras,
                outputs: action == .adopt ? [] : written,
                changes: changes(from: before, to: written.map(\.entry), besides: edits?.changes ?? [])))
    }

    private mutating func appendKept(
        _ request: InstallRequest, _ record: InstalledSkill, _ state: Comparison, _ open: [InstalledClash],
        _ contents: FolderContents
    ) throws(Diagnostic) {
        var installed = record
        installed.package = request.package
        installed.version = request.version
        installed.entries = (state.whole + state.modified).sorted { $0.path < $1.path }
        installed.clashes = open.isEmpty ? nil : open
        for clash in open { plan.clashes.append(try LocalEdits.diagnostic(of: clash, contents)) }
        installed.owners = record.owners(with: request.owner)
        installed.targets = request.targets
        if installed != record { plan.refreshesStamps = true }
        plan.skills.append(
            .init(
                action: .keep, place: record.place, installed: installed, before: state.whole, extras: [], outputs: [],
                changes: []))
    }

    /// New versions that lie beside a file, are as skvm wrote them, and are waited for by nobody any more.
    private func hasLeftovers(
        _ record: InstalledSkill, _ open: [InstalledClash], _ contents: FolderContents
    ) throws(Diagnostic) -> Bool {
        for clash in record.clashes ?? [] where !open.contains(clash) && contents.items[clash.beside.path] != nil {
            if try matches(clash.beside, contents) { return true }
        }
        return false
    }

    /// `decided` are the changes of edited files, in place of what comparing says of them.
    private func changes(
        from old: [InstalledEntry], to new: [InstalledEntry], besides decided: [InstallPlan.FileChange]
    ) -> [InstallPlan.FileChange] {
        var before: [RelativePath: InstalledEntry] = [:]
        for entry in old { before[entry.path] = entry }
        var changes: [InstallPlan.FileChange] = []
        for entry in new {
            guard let other = before.removeValue(forKey: entry.path) else {
                changes.append(.init(path: entry.path, kind: .add))
                continue
            }
            if other.kind != entry.kind { changes.append(.init(path: entry.path, kind: .modify)) }
        }
        changes += before.keys.map { .init(path: $0, kind: .remove) }
        let paths = Set(decided.map(\.path))
        changes = changes.filter { !paths.contains($0.path) } + decided
        return changes.sorted { $0.path < $1.path }
    }

    private mutating func refuseModified(_ place: String, _ path: RelativePath) {
        plan.diagnostics.append(
            Diagnostic(
                "install.modified", .error, "\(place)/\(path) was edited since skvm installed it",
                at: SourceLocation(file: "\(place)/\(path)"),
                hint: "keep the edit elsewhere (in the skill's source, or under another name), then delete the file"))
    }

    private mutating func refuse(_ id: String, _ message: String, _ place: String) {
        plan.diagnostics.append(
            Diagnostic(
                id, .error, message, at: SourceLocation(file: place),
                hint:
                    "move it away, then run the command again; or keep it, and take the skill or the target out of skvm.toml"
            ))
    }

    /// What the request's variant is once relocated to `place`, sorted by path.
    private func outputs(_ request: InstallRequest, _ place: String) throws(Diagnostic) -> [InstallPlan.Output] {
        do {
            return try VariantOutputs.list(of: request.tree, relocatedTo: place, in: store)
        } catch let error as StoreError {
            throw error.diagnostic
        } catch {
            throw Diagnostic(
                "install.variant", .error, "the variant of '\(request.package)' for '\(request.target)': \(error)",
                fault: .integrity)
        }
    }
}

extension RelativePath {
    /// The folders above, nearest first.
    var ancestors: [RelativePath] {
        var result: [RelativePath] = []
        var next = parent
        while let path = next {
            result.append(path)
            next = path.parent
        }
        return result
    }
}
