import Basics
import Formats
import Git
import SkillModel

extension Workspace {
    /// Merges two manifests three ways, as git's merge driver does: the result is in the file `ours` afterwards
    /// (`docs/formats/manifest.md`, "Merging"). Git's merge by lines stands where it says what each side's changes say; else
    /// theirs are made in ours, key by key. What clashes is left between git's conflict markers.
    package func mergeManifest(
        base: String, ours: String, theirs: String, path: String?
    ) async throws -> LockMergeReport {
        let files = try [base, ours, theirs].map { name in
            try FileSystem.read(
                FileSystem.absolute(name, from: settings.workingDirectory), limit: Manifest.greatestSize)
        }
        var merging = ManifestMerging(
            base: files[0], ours: files[1], theirs: files[2], file: path ?? Manifest.fileName,
            git: TextMerge(environment: settings.environment))
        let text = try await merging.run()
        if !flags.dryRun {
            try FileSystem.replace(FileSystem.absolute(ours, from: settings.workingDirectory), with: text)
        }
        return merging.report
    }
}

private struct ManifestMerging {
    let base, ours, theirs: [UInt8]
    let file: String
    let git: TextMerge
    var report = LockMergeReport()

    mutating func run() async throws -> [UInt8] {
        let documents: [TOMLDocument]
        let merge: TOMLMerge
        do {
            documents = try [(base, "the common ancestor"), (ours, "ours"), (theirs, "theirs")].map {
                try TOMLDocument(parsing: $0.0, file: "\(file) of \($0.1)")
            }
            merge = try TOMLMerge(base: documents[0], ours: documents[1], theirs: documents[2], isWhole: Self.isWhole)
        } catch let error as DiagnosticsError {
            return try await byLines(error.diagnostics)
        }
        let plain = try await git.marked(base: base, ours: ours, theirs: theirs)
        if plain.isClean, merge.isMet(by: plain.text) { return valid(plain.text) }
        let nearer = try await git.marked(base: merge.base, ours: merge.ours, theirs: theirs)
        if nearer.isClean, merge.isMet(by: nearer.text) { return valid(nearer.text) }
        if merge.isMet(by: merge.ours), merge.keepsComments(in: merge.ours, since: documents[0]) {
            return valid(merge.ours)
        }
        // Lines of one array that do not touch. Two lines of one dependency are another thing, however far apart.
        let isOfLists =
            !merge.clashes.isEmpty && merge.clashes.allSatisfy { $0.ours?.kind == .array && $0.theirs?.kind == .array }
        if nearer.isClean, isOfLists, (try? Manifest(parsing: nearer.text)) != nil { return nearer.text }
        report.ok = false
        report.conflicts = merge.clashes.map { clash in
            .init(
                record: clash.path.map(TOMLLiteral.keyText).joined(separator: "."),
                ours: Self.words(clash.ours, besides: clash.theirs),
                theirs: Self.words(clash.theirs, besides: clash.ours))
        }
        report.diagnostics = report.conflicts.map { conflict in
            self.conflict(
                "both sides changed \(conflict.record)",
                notes: ["ours: \(conflict.ours)", "theirs: \(conflict.theirs)"])
        }
        if report.conflicts.isEmpty { report.diagnostics = [conflict("comments or lines of both sides meet")] }
        return nearer.isClean ? Workspace.sideBySide(ours, theirs) : nearer.text
    }

    /// A dependency is one thing, however many lines it takes: half of one source and half of another is none.
    private static func isWhole(_ path: [String]) -> Bool {
        switch path.first {
        case "dependencies": path.count > 1
        case "patch": path.count > 2
        default: false
        }
    }

    /// One side's value, for people: of two tables what they have differently, of two long texts where they begin to differ.
    private static func words(_ value: TOMLValue?, besides other: TOMLValue?) -> String {
        guard let value else { return "removed" }
        guard let table = value.table else { return text(value.sourceText, besides: other?.sourceText) }
        guard let others = other?.table else {
            return value.sourceText.hasPrefix("{") ? value.sourceText.shortened : "a table"
        }
        func source(_ value: TOMLValue?) -> String? { value?.sourceText }
        var parts: [String] = []
        for entry in table.values where source(others[entry.key]) != entry.sourceText {
            let words =
                entry.table == nil || entry.sourceText.hasPrefix("{")
                ? text(entry.sourceText, besides: source(others[entry.key])) : "a table"
            parts.append("\(TOMLLiteral.keyText(entry.key)) = \(words)")
        }
        parts += others.values.filter { table[$0.key] == nil }.map { "no \(TOMLLiteral.keyText($0.key))" }
        let some = parts.prefix(6).joined(separator: ", ") + (parts.count > 6 ? ", …" : "")
        return parts.isEmpty ? value.sourceText.shortened : some
    }

    private static func text(_ own: String, besides other: String?) -> String {
        // Hidden before it is cut: half an address tells no more what of it is a secret.
        let own = SecretText.shown(own)
        guard own.shortened != own, let other = other.map(SecretText.shown) else { return own.shortened }
        let same = zip(own, other).prefix { $0 == $1 }.count
        // A little of what they share, to know the place by.
        return same > 30 ? "…" + String(own.dropFirst(same - 10)).shortened : own.shortened
    }

    /// As git would do it without skvm; what git takes for no text stays whole, side by side.
    private mutating func byLines(_ reasons: [Diagnostic]) async throws -> [UInt8] {
        let text: [UInt8]
        let isClean: Bool
        do {
            (text, isClean) = try await git.marked(base: base, ours: ours, theirs: theirs)
        } catch is TextMerge.Failure {
            (text, isClean) = (Workspace.sideBySide(ours, theirs), false)
        }
        report.ok = isClean
        report.diagnostics = reasons.map { reason in
            var copy = reason
            copy.severity = isClean ? .warning : .error
            copy.fault = .build
            copy.notes.append("the lines were merged, as git does it")
            return copy
        }
        return text
    }

    /// What each side says for itself may be wrong together: a dependency on a registry that the other side removed.
    private mutating func valid(_ text: [UInt8]) -> [UInt8] {
        func faults(_ bytes: [UInt8]) -> [Diagnostic] {
            do throws(DiagnosticsError) { _ = try Manifest(parsing: bytes, file: file) } catch {
                return error.diagnostics
            }
            return []
        }
        let found = faults(text)
        guard !found.isEmpty, faults(ours).isEmpty, faults(theirs).isEmpty else { return text }
        report.ok = false
        report.diagnostics = found.map { fault in
            var copy = fault
            copy.fault = .build
            copy.notes.append("each side's was right; merged, they are not")
            return copy
        }
        return text
    }

    private func conflict(_ message: String, notes: [String] = []) -> Diagnostic {
        Diagnostic(
            "manifest.merge-conflict", .error, message, at: SourceLocation(file: file), notes: notes,
            hint: "write what is meant in place of the conflict markers, then run `skvm lock` and `skvm install`")
    }
}
