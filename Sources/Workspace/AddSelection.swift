package import Basics
import SkillModel

/// What is said of the sources of `skvm add` beside their addresses: all skills of each, and which commit of a repository.
package struct AddSelection: Sendable, Equatable {
    /// All skills of a repository, a folder or an index, not one.
    var isAll: Bool
    /// Nil where the address says it, or the newest version is meant.
    var reference: GitSource.Reference?

    /// One skill an address, at what the address says.
    package static let plain = AddSelection(isAll: false, reference: nil)

    private init(isAll: Bool, reference: GitSource.Reference?) {
        self.isAll = isAll
        self.reference = reference
    }

    /// At most one of the three may be there. Throws `add.reference` for what git could not call so.
    package init(isAll: Bool, branch: String?, tag: String?, revision: String?) throws(DiagnosticsError) {
        func checked(_ option: String, _ text: String, _ fault: String?) throws(DiagnosticsError) {
            guard let fault else { return }
            throw AddSpec.fault(
                "add.reference", "'\(text.shown(limit: 80))' can't be given to \(option): \(fault)",
                option == "--rev" && GitSource.faultOfReference(text) == nil
                    ? "for a name: --tag \(text) or --branch \(text)"
                    : "--branch and --tag take a name, --rev a commit")
        }
        reference = nil
        if let branch {
            try checked("--branch", branch, GitSource.faultOfReference(branch))
            reference = .branch(branch)
        } else if let tag {
            try checked("--tag", tag, GitSource.faultOfReference(tag))
            reference = .tag(tag)
        } else if let revision {
            try checked("--rev", revision, GitSource.faultOfRevision(revision))
            reference = .revision(revision.lowercased())
        }
        self.isAll = isAll
    }

    /// Throws when something is said of a source that has neither commits nor more than one skill.
    func requireNothing(of text: String, _ what: String) throws {
        if reference != nil {
            throw AddSpec.fault(
                "add.reference", "'\(text.shown(limit: 100))' is \(what): it has no branches, tags or commits",
                "--branch, --tag and --rev are for a git repository: skvm add GIT-URL#SKILL --branch NAME")
        }
        if isAll {
            throw AddSpec.fault(
                "add.all", "'\(text.shown(limit: 100))' is \(what): it is one skill",
                "--all is for a repository, a folder of skills or a host's index; leave it out")
        }
    }
}

extension AddSpec {
    /// What was most likely meant by an `@` that no range follows, or by a `*`, where nothing of that name was found.
    static func wayOut(_ text: String) -> String? {
        if let mark = text.lastIndex(of: "#"), text.hasSuffix("*") {
            let folder = text[text.index(after: mark)...].dropLast().reversed().drop { $0 == "/" }.reversed()
            let base = folder.isEmpty ? String(text[..<mark]) : "\(text[..<mark])#\(String(folder))"
            return "for all skills of it: skvm add \(SecretText.shown(base)) --all"
        }
        guard let at = text.lastIndex(of: "@"), at > text.startIndex, !isInAuthority(at, text) else { return nil }
        let said = String(text[text.index(after: at)...])
        let base = SecretText.shown(String(text[..<at]))
        if VersionRange(said) != nil { return nil }
        if said.hasPrefix("v"), VersionRange(String(said.dropFirst())) != nil {
            return "a range has no `v`: \(base)@\(said.dropFirst()); for that very tag: skvm add \(base) --tag \(said)"
        }
        // A name of seven such letters would be a branch's rather.
        if GitSource.faultOfRevision(said) == nil, said.utf8.contains(where: { (0x30...0x39).contains($0) }) {
            return "for a commit: skvm add \(base) --rev \(said)"
        }
        // One before a folder is a part of the path, and of `git@host:path` a user's.
        guard GitSource.faultOfReference(said) == nil, base.contains("#") || !said.contains("/") else { return nil }
        return "what follows an @ is a range of versions; for a branch: skvm add \(base) --branch \(said)"
    }

    /// Whether an `@` stands before a host, behind a user's name.
    private static func isInAuthority(_ at: String.Index, _ text: String) -> Bool {
        guard let scheme = text.firstRange(of: "://") else { return false }
        return !text[scheme.upperBound..<max(at, scheme.upperBound)].contains("/")
    }

    /// The same error, with that advice in place of what there was to say of a name that is none.
    static func advising(_ text: String, _ error: any Error) -> any Error {
        guard let advice = wayOut(text), let found = Workspace.diagnostics(of: error),
            found.contains(where: { ["package.no-skill", "git.not-found"].contains($0.id) })
        else { return error }
        return DiagnosticsError(
            found.map { diagnostic in
                var copy = diagnostic
                copy.hint = advice
                return copy
            })
    }
}
