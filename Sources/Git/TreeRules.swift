package import Basics

/// What a folder of unknown origin may hold: names that mean the same on every system, links that stay inside.
///
/// One value watches over one folder; show it every entry. It refuses what a checkout would execute, overwrite or
/// lose: `..`, `.git` in all its disguises, names that differ only by case, links out of the folder.
package struct TreeRules: Sendable {
    package enum Kind: Sendable, Hashable {
        case file, executable, symlink, directory
    }

    private var folded: [String: String] = [:]
    private var entries = 0
    private var bytes = 0
    private let limits: GitLimits

    package init(limits: GitLimits = GitLimits()) {
        self.limits = limits
    }

    /// Checks a name and its place. `parent` is the folder it stands in, below the root.
    ///
    /// Throws `hostileEntry` or `tooLarge`, naming the entry.
    package mutating func admit(name: some Collection<UInt8>, in parent: RelativePath?) throws(GitError) -> RelativePath
    {
        entries += 1
        if entries > limits.entries {
            throw GitError(
                .tooLarge, "the folder holds more than \(limits.entries) files, links and folders",
                hint: "tell its author; if you trust it, allow more in skvm.toml: [limits] entries = N, at most 200000")
        }
        let name = try Self.checkName(name, in: parent)
        let text = parent.map { "\($0.text)/\(name)" } ?? name
        guard let path = RelativePath(text) else { throw Self.hostile(text, "its name is not allowed") }
        if path.text.utf8.count > 4096 || path.components.count > limits.depth {
            throw GitError(.tooLarge, "`\(path.text.shown(limit: 80))` lies more than \(limits.depth) folders deep")
        }
        // Upper case first: it takes ß and SS to the same; keys compare by canonical equivalence, so that composed
        // and decomposed accents collide as they do on macOS.
        if let other = folded.updateValue(text, forKey: text.uppercased().lowercased()) {
            throw Self.hostile(
                text,
                other == text ? "there are two of it" : "it differs from `\(other.shown())` only by case or accents")
        }
        return path
    }

    /// Counts the bytes of a file. Throws `tooLarge`.
    package mutating func admit(size: Int, of path: RelativePath) throws(GitError) {
        if size > limits.fileBytes {
            throw GitError(
                .tooLarge, "`\(path.text.shown())` has \(size) bytes, more than the limit of \(limits.fileBytes)")
        }
        bytes += size
        if bytes > limits.folderBytes {
            throw GitError(.tooLarge, "the folder holds more than \(limits.folderBytes) bytes")
        }
    }

    /// Checks where a link points: a relative path that goes up only at its start and never out of the folder.
    ///
    /// That is enough also where links lead through links: `..` is counted from a real folder, and what is walked
    /// down from there is either real or a link that was checked itself.
    package func admit(target: [UInt8], of link: RelativePath) throws(GitError) {
        guard let text = String(validating: target, as: UTF8.self), !text.isEmpty, target.count <= 4096,
            !target.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == 0x5C })
        else { throw Self.hostile(link.text, "its target is no path") }
        if target.first == 0x2F { throw Self.hostile(link.text, "it links to the absolute path `\(text.shown())`") }
        var above = link.components.count - 1
        var descending = false
        for part in text.utf8.split(separator: 0x2F) where !part.elementsEqual(".".utf8) {
            guard part.elementsEqual("..".utf8) else {
                descending = true
                continue
            }
            above -= 1
            if above < 0 || descending {
                throw Self.hostile(
                    link.text, "it links to `\(text.shown())`, \(descending ? "a detour" : "out of the folder")")
            }
        }
    }

    /// Throws `hostileEntry` for a name that is unsafe anywhere.
    static func checkName(_ bytes: some Collection<UInt8>, in parent: RelativePath?) throws(GitError) -> String {
        func refuse(_ reason: String) -> GitError {
            let name = String(decoding: bytes, as: UTF8.self)
            return hostile(parent.map { "\($0.text)/\(name)" } ?? name, reason)
        }
        guard let name = String(validating: bytes, as: UTF8.self) else { throw refuse("its name is not UTF-8") }
        if name.isEmpty { throw refuse("it has no name") }
        if bytes.count > 255 { throw refuse("its name is longer than 255 bytes") }
        if name == "." || name == ".." { throw refuse("the name `\(name)` leads out of its folder") }
        for byte in bytes {
            if byte == 0x2F { throw refuse("there is a `/` in its name") }
            if byte == 0x5C { throw refuse("there is a `\\` in its name, which divides folders on other systems") }
            if byte < 0x20 || byte == 0x7F { throw refuse("there is a control character in its name") }
        }
        if name.unicodeScalars.contains(where: \.isReordering) {
            throw refuse("a character in its name turns the order of others around: it is shown as another than it is")
        }
        if isGitFolder(name) { throw refuse("git would take it for its own folder") }
        return name
    }

    /// `.git` as any file system may spell it: any case, with dots, spaces or a stream's name behind, with characters
    /// that HFS+ ignores, or by its short name on FAT.
    package static func isGitFolder(_ name: String) -> Bool {
        // Most names end here: each is looked at in every walk.
        if name.utf8.allSatisfy({ $0 < 0x80 }), let first = name.utf8.first, ![0x2E, 0x47, 0x67].contains(first) {
            return false
        }
        var plain = String.UnicodeScalarView()
        for scalar in name.unicodeScalars where scalar.properties.generalCategory != .format { plain.append(scalar) }
        var folded = String(plain).lowercased()[...]
        if let colon = folded.firstIndex(of: ":") { folded = folded[..<colon] }
        while let last = folded.last, last == "." || last == " " { folded.removeLast() }
        return folded == ".git" || folded == "git~1"
    }

    static func hostile(_ path: String, _ reason: String) -> GitError {
        GitError(
            .hostileEntry, "`\(path.shown())` can't be part of a skill: \(reason)",
            hint: "tell the skill's author; nothing was installed")
    }
}
