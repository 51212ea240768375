package import Basics

/// What stands where an installed file belongs, out of the way until the skill is whole again: then its place is taken by what
/// skvm installs. Nothing is lost if skvm is killed between the two.
package struct SetAside: Sendable, Equatable {
    /// Absolute, as `beside`.
    package var path: String
    /// Where what was there lies for that long; of an edit it stays there.
    package var beside: String
    package var isDamage: Bool
    /// Whether it is kept where no harness looks: what stood for a whole folder may be a skill, and would be seen beside its own.
    package var isHidden: Bool
    /// Where a link that is kept elsewhere leads, in its own words; nil of anything else.
    private var target: String?

    fileprivate init(path: String, beside: String, isDamage: Bool, isHidden: Bool) {
        self.path = path
        self.beside = beside
        self.isDamage = isDamage
        self.isHidden = isHidden
    }

    /// What `verify --repair --force` says of it.
    package var words: String {
        isHidden
            ? "\(path) was something else: what was there is kept as \(beside)"
            : "\(path) was changed: what it held is kept as \(beside)"
    }

    fileprivate mutating func take() throws(FileError) {
        if isHidden, let folder = FileSystem.parent(of: beside), !FileSystem.exists(folder) {
            try FileSystem.makeDirectory(folder)
        }
        guard isHidden, try FileSystem.status(path)?.kind == .symlink else {
            return try FileSystem.rename(path, to: beside)
        }
        // It leads on from another folder to the same place.
        let target = try FileSystem.readLink(path)
        self.target = target
        try FileSystem.makeLink(beside, to: Self.target(target, from: FileSystem.parent(of: path) ?? "/"))
        try FileSystem.remove(path)
    }

    /// `folder` has no link in it, so that its leading `..` are what they seem; those behind a name need not be.
    private static func target(_ target: String, from folder: String) -> String {
        var (rest, folder) = (target[...], folder)
        if rest.hasPrefix("/") { return target }
        while rest.hasPrefix("../") || rest.hasPrefix("./") {
            if rest.hasPrefix("../") { folder = FileSystem.parent(of: folder) ?? "/" }
            rest = rest[rest.index(after: rest.firstIndex(of: "/") ?? rest.startIndex)...].drop { $0 == "/" }
        }
        return (folder == "/" ? "" : folder) + "/" + rest
    }

    /// Once the skill was installed again. Nil where nothing of the user's is left beside; what was not written again is back where
    /// it was.
    package func settled() throws(Diagnostic) -> SetAside? {
        try diagnosing { () throws(FileError) in
            guard try FileSystem.status(path) != nil else {
                try putBack()
                return nil
            }
            if !isDamage { return self }
            try FileSystem.remove(beside)
            forgetFolder()
            return nil
        }
    }

    private func putBack() throws(FileError) {
        if let target {
            try FileSystem.makeLink(path, to: target)
            try FileSystem.remove(beside)
        } else {
            try FileSystem.rename(beside, to: path)
        }
        forgetFolder()
    }

    /// The hidden folder goes when nothing is left in it.
    private func forgetFolder() {
        guard isHidden, let folder = FileSystem.parent(of: beside), (try? FileSystem.list(folder))?.isEmpty ?? false
        else { return }
        try? FileSystem.remove(folder)
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
    /// Sets aside what `verify` found damaged in a skill's folder, and with `edits` what was edited. A file's is kept beside it, as
    /// `NAME.orig`; what stands in a folder's place, or is neither file nor link, in a hidden folder beside the harness's. Throws a
    /// `Diagnostic`; then what was set aside is in `aside`.
    package func setAside(
        of found: Verification, edits: Bool, _ aside: inout [SetAside]
    ) throws(Diagnostic) {
        for way in try inTheWay(of: found, edits: edits) {
            try diagnosing { () throws(FileError) in
                var one = try Self.place(for: way, of: found.skill)
                try one.take()
                aside.append(one)
            }
        }
    }

    /// What `setAside` would set aside now, and where.
    package func wouldSetAside(of found: Verification, edits: Bool) throws(Diagnostic) -> [SetAside] {
        var aside: [SetAside] = []
        for way in try inTheWay(of: found, edits: edits) {
            aside.append(try diagnosing { () throws(FileError) in try Self.place(for: way, of: found.skill) })
        }
        return aside
    }

    private struct Way {
        var path: String
        var isDamage: Bool
        var isHidden: Bool
    }

    private func inTheWay(of found: Verification, edits: Bool) throws(Diagnostic) -> [Way] {
        let place = found.skill.place
        return try diagnosing { () throws(FileError) in
            if let status = try FileSystem.status(place), status.kind != .directory {
                let isEmpty = status.kind == .file && status.size == 0
                return isEmpty || edits ? [Way(path: place, isDamage: isEmpty, isHidden: true)] : []
            }
            var ways = found.damaged.map { Way(path: "\(place)/\($0)", isDamage: true, isHidden: false) }
            if !edits { return ways }
            for path in found.modified {
                let isOther = try FileSystem.status("\(place)/\(path)")?.kind == .other
                ways.append(Way(path: "\(place)/\(path)", isDamage: false, isHidden: isOther))
            }
            return ways + found.blocked.map { Way(path: "\(place)/\($0)", isDamage: false, isHidden: true) }
        }
    }

    private static func place(for way: Way, of skill: InstalledSkill) throws(FileError) -> SetAside {
        var name = way.path + ".orig"
        if way.isHidden {
            // Below the harness's folder, in one word: `charts`, `charts-scripts`.
            let inside = way.path.utf8.dropFirst(skill.folder.utf8.count + 1).map { $0 == 0x2F ? 0x2D : $0 }
            name =
                HiddenPlace.beside(skill.folder) + "/" + HiddenPlace.kept + "/"
                + String(decoding: inside, as: UTF8.self)
        }
        var free = name
        var number = 2
        while try FileSystem.status(free) != nil {
            free = "\(name)-\(number)"
            number += 1
        }
        return SetAside(path: way.path, beside: free, isDamage: way.isDamage, isHidden: way.isHidden)
    }
}

/// Where no harness looks for skills.
enum HiddenPlace {
    /// What was set aside and is the user's.
    static let kept = ".skvm-kept"

    /// Where a folder with a leading dot can be made for what goes to or comes from a harness's folder: beside it; inside it only when
    /// the folder above is on another file system or can't be written.
    static func beside(_ folder: String) -> String {
        guard let parent = FileSystem.parent(of: folder) else { return folder }
        let there = try? FileSystem.status(folder)
        guard let there else { return parent }
        // Two mounts of one file system: nothing can be renamed from one to the other.
        guard let above = try? FileSystem.status(parent), above.device == there.device,
            FileSystem.mount(of: parent) == FileSystem.mount(of: folder)
        else { return folder }
        return FileSystem.isWritable(parent) ? parent : folder
    }
}
