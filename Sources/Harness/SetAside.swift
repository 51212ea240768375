package import Basics

/// A file of an installed skill that is out of the way until the skill is whole again: then its place is taken by what skvm
/// installs. Nothing is lost if skvm is killed between the two.
package struct SetAside: Sendable, Equatable {
    /// Absolute, as `beside`.
    package var path: String
    /// Where what was there lies for that long; of an edit it stays there.
    package var beside: String
    package var isDamage: Bool

    /// Once the skill was installed again. Nil where nothing of the user's is left beside; a file that was not written again is
    /// back where it was.
    package func settled() throws(Diagnostic) -> SetAside? {
        try diagnosing { () throws(FileError) in
            guard try FileSystem.status(path) != nil else {
                try FileSystem.rename(beside, to: path)
                return nil
            }
            if !isDamage { return self }
            try FileSystem.remove(beside)
            return nil
        }
    }
}

extension FolderContents {
    /// Whether a file that differs from its entry was damaged rather than edited: what skvm makes for itself, and what is empty.
    func isDamage(of entry: InstalledEntry) -> Bool {
        entry.path.text.hasPrefix(".skvm/") || items[entry.path].map(Self.isEmpty) ?? false
    }

    private static func isEmpty(_ item: Item) -> Bool { item.status.kind == .file && item.status.size == 0 }
}

extension Installer {
    /// Sets aside what `verify` found damaged in a skill's folder, and with `edits` what was edited, as `NAME.orig`. Where a file
    /// or a link is in the folder's place, it is that. Throws a `Diagnostic`; then what was set aside is in `aside`.
    package func setAside(
        of found: Verification, edits: Bool, _ aside: inout [SetAside]
    ) throws(Diagnostic) {
        let place = found.skill.place
        let status = try diagnosing { () throws(FileError) in try FileSystem.status(place) }
        var paths: [(path: String, isDamage: Bool)] = []
        if let status, status.kind != .directory {
            let isEmpty = status.kind == .file && status.size == 0
            if isEmpty || edits && status.kind != .other { paths.append((place, isEmpty)) }
        } else {
            paths += found.damaged.map { ("\(place)/\($0)", true) }
            if edits { paths += found.modified.map { ("\(place)/\($0)", false) } }
        }
        for (path, isDamage) in paths {
            let free = try diagnosing { () throws(FileError) in try Self.freeName(beside: path) }
            try diagnosing { () throws(FileError) in try FileSystem.rename(path, to: free) }
            aside.append(SetAside(path: path, beside: free, isDamage: isDamage))
        }
    }

    private static func freeName(beside path: String) throws(FileError) -> String {
        var name = path + ".orig"
        var number = 2
        while try FileSystem.status(name) != nil {
            name = "\(path).orig-\(number)"
            number += 1
        }
        return name
    }
}
