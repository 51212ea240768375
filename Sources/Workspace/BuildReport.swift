package import Basics
import BuildEngine
import Compiler

/// What `build` and `install` did, in the form that `--json` prints (`docs/formats/json.md`).
package struct BuildReport: DiagnosedReport, Codable, Equatable {
    package struct RanPass: Sendable, Codable, Equatable {
        package var pass: String
        package var package: String
        /// Nil for a pass that all targets share.
        package var target: String?
        /// Why it ran, in a sentence.
        package var why: String

        /// `target` is there in any case: null says that there is none.
        package func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(pass, forKey: .pass)
            try values.encode(package, forKey: .package)
            try values.encode(target, forKey: .target)
            try values.encode(why, forKey: .why)
        }
    }

    package struct Variant: Sendable, Codable, Equatable {
        package var package: String
        package var version: String
        package var target: String
        package var tree: Digest
        /// Absolute: where `build` or `install` put it; nil under `--dry-run`.
        package var path: String?
    }

    package var version = 1
    package var command: String
    package var ok = true
    /// Whether all that follows would only have happened.
    package var dryRun = false
    package var ran: [RanPass] = []
    /// Actions that the cache answered.
    package var cached = 0
    package var variants: [Variant] = []
    package var diagnostics: [Diagnostic] = []
    /// What happened to `skvm.lock`, one line a record; empty when it did not change.
    package var lockChanges: [String] = []
    /// Of `add`, `remove` and `install NAME`: the manifests that they changed, relative to the project; nil of other commands.
    package var manifests: [String]?
    /// Of `lock`: whether the lock had conflict markers, and both sides were merged; nil otherwise.
    package var mergedSides: Bool?
    /// Harness folders that changed: `installed`, `updated`, `removed`, `kept`.
    package var folders: [FolderChange] = []

    /// Of a report without its lists of variants and kept folders: how long they are. Never in a whole report.
    package struct Omitted: Sendable, Codable, Equatable {
        package var variants: Int
        package var kept: Int
    }
    package var omitted: Omitted?

    /// Of the skills that were compiled anew, those with demands that no target of the build meets.
    package struct Unmet: Sendable, Codable, Equatable {
        package var packages: [String]
        package var demands: Int
    }
    package var unmet: Unmet?
    /// Of `install`: the skills that came or changed and need programs, packages, servers or variables of the machine, which
    /// were not looked for.
    package var unbound: [String]?

    package struct FolderChange: Sendable, Codable, Equatable {
        package var action: String
        package var package: String
        package var path: String
        /// Of what `remove` kept in the user's folders: the folders of the manifests that need it.
        package var neededBy: [String]?

        init(action: String, package: String, path: String, neededBy: [String]? = nil) {
            self.action = action
            self.package = package
            self.path = path
            self.neededBy = neededBy
        }
    }

    package init(command: String) { self.command = command }

    /// Takes diagnostics in and settles `ok`.
    mutating func add(_ more: [Diagnostic]) {
        diagnostics += more
        if more.contains(where: { $0.severity == .error }) { ok = false }
    }

    /// Whether all of it was done: clashes of edited files with their new versions are errors that stop nothing.
    var isCarriedOut: Bool {
        let errors = diagnostics.filter { $0.severity == .error }
        return ok || !errors.isEmpty && errors.allSatisfy { $0.id == "install.clash" }
    }

    /// The same report for people: its long lists left out, its text the same.
    var brief: BuildReport {
        var brief = self
        brief.omitted = Omitted(variants: variants.count, kept: keptFolders)
        brief.variants = []
        brief.folders.removeAll { $0.action == "kept" }
        return brief
    }

    private var keptFolders: Int { omitted?.kept ?? folders.count { $0.action == "kept" } }

    /// Why each pass ran again, and each record of the lock that changed.
    package var details: String {
        let changes = lockChanges.count > Self.mostLines || hasVariantChanges ? lockChanges : []
        return (reasons + changes.map { "skvm.lock: \($0)" }).joined(separator: "\n")
    }

    private static let mostLines = 12
    private static let variantMark = "variant "

    private var again: [RanPass] { ran.filter { $0.why != "it was never built here" } }
    private var hasVariantChanges: Bool { lockChanges.contains { $0.hasPrefix(Self.variantMark) } }

    /// A line a skill: how many of its passes ran again, and what began it.
    private var rebuilt: [String] {
        var packages: [String] = []
        var first: [String: RanPass] = [:]
        var causes: Set<String> = []
        var count: [String: Int] = [:]
        for pass in again {
            if count[pass.package] == nil { packages.append(pass.package) }
            // What began it follows from no other pass.
            let isCause = !pass.why.hasPrefix("the output of ")
            if first[pass.package] == nil || isCause && !causes.contains(pass.package) {
                first[pass.package] = pass
                if isCause { causes.insert(pass.package) }
            }
            count[pass.package, default: 0] += 1
        }
        let lines = packages.prefix(Self.mostLines).compactMap { name -> String? in
            guard let pass = first[name], let count = count[name] else { return nil }
            let what = count == 1 ? "\(pass.pass) ran again" : "\(count) passes ran again, first \(pass.pass)"
            return "\(name): \(what): \(pass.why)"
        }
        let more = packages.count - Self.mostLines
        return more > 0 ? lines + ["and \(counted(more, "skill")) more: skvm explain NAME"] : lines
    }

    /// What changed in the lock: packages and targets by name, variants by their number.
    private var lockLines: [String] {
        let named = lockChanges.filter { !$0.hasPrefix(Self.variantMark) }
        var lines = named.prefix(Self.mostLines).map { "skvm.lock: \($0)" }
        let more = named.count - Self.mostLines
        if more > 0 { lines.append("skvm.lock: and \(more) more changes") }
        let variants = lockChanges.filter { $0.hasPrefix(Self.variantMark) }
        if variants.count == 1 { lines.append("skvm.lock: \(variants[0])") }
        if variants.count > 1 {
            let new = variants.count { $0.hasSuffix(" is new") }
            let gone = variants.count { $0.hasSuffix(" is no longer there") }
            let changed = variants.count - new - gone
            let parts = [(new, "new"), (changed, "changed"), (gone, "no longer there")].filter { $0.0 > 0 }
            let words = parts.enumerated().map { number, part in
                number == 0 ? "\(counted(part.0, "variant")) \(part.1)" : "\(part.0) \(part.1)"
            }
            lines.append("skvm.lock: \(words.joined(separator: ", "))")
        }
        return lines
    }

    private var reasons: [String] {
        let again = again
        var lines = again.prefix(12).map { pass in
            "\(pass.pass) for \(pass.package)\(pass.target.map { " → \($0)" } ?? "") ran: \(pass.why)"
        }
        if again.count > 12 { lines.append("and \(again.count - 12) more passes ran again: skvm explain NAME") }
        return lines
    }

    /// For people: what changed, and how much was done.
    package var text: String {
        var lines = dryRun ? ["dry run, nothing was changed; otherwise:"] : []
        lines += folders.compactMap { folder in
            switch folder.action {
            case "kept": nil
            case "forgotten": "\(folder.path) was gone: let go of"
            case "merged": "updated \(folder.path), with your edits merged in"
            default: "\(folder.action) \(folder.path)"
            }
        }
        if command == "remove" {
            lines += folders.filter { $0.action == "kept" }.map { folder in
                let names = (folder.neededBy ?? []).map { "\($0)/skvm.toml" }
                let who = names.isEmpty ? "another project" : names.joined(separator: ", ")
                return "kept \(folder.path): \(who) \(names.count > 1 ? "need" : "needs") it"
            }
        }
        if mergedSides == true { lines.append("merged both sides of skvm.lock") }
        // What an installation is for are the folders.
        if command != "install" { lines += rebuilt }
        lines += lockLines
        if let unmet {
            let some = unmet.packages.prefix(5).joined(separator: ", ") + (unmet.packages.count > 5 ? ", …" : "")
            lines.append(
                "no target meets \(counted(unmet.demands, "demand")) of \(some), and nothing lowers "
                    + "\(unmet.demands == 1 ? "it" : "them"): skvm check")
        }
        if let unbound, !unbound.isEmpty {
            let some = unbound.prefix(5).joined(separator: ", ") + (unbound.count > 5 ? ", …" : "")
            lines.append(
                "\(counted(unbound.count, "skill")) \(unbound.count == 1 ? "needs" : "need") programs, packages or settings "
                    + "of this machine (\(some)): skvm bind looks for them")
        }
        let kept = keptFolders
        let variants = omitted?.variants ?? variants.count
        var summary = "\(counted(ran.count, "pass", "passes")) ran, \(cached) cached, \(counted(variants, "variant"))"
        if kept > 0 { summary += ", \(counted(kept, "folder")) up to date" }
        if command == "build", isCarriedOut, !dryRun, variants > 0 { summary += " in .skvm/variants" }
        if command == "lock", mergedSides == nil, lockChanges.isEmpty, ok { lines.append("skvm.lock is up to date") }
        if mergedSides == true { lines.append("next: git add skvm.lock; skvm install") }
        if command == "build" || command == "install" { lines.append(isCarriedOut ? summary : "failed: " + summary) }
        return lines.joined(separator: "\n")
    }
}

/// `1 folder`, `2 folders`.
func counted(_ number: Int, _ one: String, _ many: String? = nil) -> String {
    "\(number) \(number == 1 ? one : many ?? one + "s")"
}
