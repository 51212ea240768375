import Basics

/// The branches and tags of a remote repository at one moment.
package struct References: Sendable, Equatable {
    package struct Tag: Sendable, Equatable {
        /// The tag object of an annotated tag, the commit of a light one.
        package var object: ObjectID
        /// What the tag stands for, as the server says; what is read must still prove to be a commit.
        package var commit: ObjectID
        package var isAnnotated: Bool { object != commit }
    }

    /// The commit of the default branch; nil in an empty repository.
    package var head: ObjectID?
    package var headBranch: String?
    package var branches: [String: ObjectID] = [:]
    package var tags: [String: Tag] = [:]

    /// The commit that `revision` means: a full commit id, a tag, a branch, or one of these spelt `refs/…`; nil when
    /// the repository has none of that name.
    package func resolve(_ revision: ReferenceName) -> ObjectID? {
        if let id = ObjectID(hex: revision.text) { return id }
        if revision.text == "HEAD" { return head }
        if let name = revision.text.dropping("refs/tags/") { return tags[name]?.commit }
        if let name = revision.text.dropping("refs/heads/") { return branches[name] }
        return tags[revision.text]?.commit ?? branches[revision.text]
    }

    /// Reads the lines of `git ls-remote --symref`. Other references than heads and tags, and those whose names are
    /// none, are left out: a server may have any number of them. Nil when a line has no object id. O(n).
    init?(listing: String) {
        for line in listing.utf8.split(separator: 0x0A) {
            guard let tab = line.firstIndex(of: 0x09) else { return nil }
            let name = String(Substring(line[line.index(after: tab)...]))
            let value = Substring(line[..<tab])
            if let target = value.dropping("ref: ") {
                if name == "HEAD" { headBranch = target.dropping("refs/heads/") }
                continue
            }
            guard let id = ObjectID(hex: value) else { return nil }
            add(id, name)
        }
    }

    init() {}

    mutating func add(_ id: ObjectID, _ name: String) {
        if name == "HEAD" {
            head = id
        } else if let branch = name.dropping("refs/heads/"), ReferenceName(branch) != nil {
            branches[branch] = id
        } else if let tag = name.dropping("refs/tags/") {
            // The peeled line follows its tag.
            if tag.hasSuffix("^{}") {
                tags[String(tag.dropLast(3))]?.commit = id
            } else if ReferenceName(tag) != nil {
                tags[tag] = Tag(object: id, commit: id)
            }
        }
    }

    /// The form in which it is kept, which `init(listing:)` reads; sorted by name.
    var listing: String {
        var text = headBranch.map { "ref: refs/heads/\($0)\tHEAD\n" } ?? ""
        if let head { text += "\(head)\tHEAD\n" }
        for (name, id) in branches.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            text += "\(id)\trefs/heads/\(name)\n"
        }
        for (name, tag) in tags.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            text += "\(tag.object)\trefs/tags/\(name)\n"
            if tag.isAnnotated { text += "\(tag.commit)\trefs/tags/\(name)^{}\n" }
        }
        return text
    }
}

/// The name of a branch, tag or commit, by the rules of `git check-ref-format` and never an option.
package struct ReferenceName: Sendable, Hashable, CustomStringConvertible {
    package let text: String
    package var description: String { text }

    /// Nil for text that is no such name.
    package init?(_ name: some StringProtocol) {
        let text = String(name)
        let forbidden: Set<UInt8> = Set(" ~^:?*[\\".utf8)
        guard text.utf8.count <= 1024, let first = text.utf8.first, first != 0x2D, text.utf8.last != 0x2E,
            text != "@", !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || forbidden.contains($0) })
        else { return nil }
        for part in text.utf8.split(separator: 0x2F, omittingEmptySubsequences: false) {
            if part.isEmpty || part.first == 0x2E { return nil }
            if part.suffix(5).elementsEqual(".lock".utf8) { return nil }
        }
        for (first, second) in zip(text.utf8, text.utf8.dropFirst()) {
            if first == 0x2E && second == 0x2E || first == 0x40 && second == 0x7B { return nil }
        }
        self.text = text
    }

    /// Throws `refusedReference` for text that is no such name.
    package init(checking name: some StringProtocol) throws(GitError) {
        guard let made = ReferenceName(name) else {
            throw GitError(
                .refusedReference, "`\(name.shown())` is no name of a branch, tag or commit",
                hint: "give a branch, a tag or the 40 digits of a commit")
        }
        self = made
    }
}

extension StringProtocol {
    fileprivate func dropping(_ prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
