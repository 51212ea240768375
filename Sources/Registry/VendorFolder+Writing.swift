package import Basics
package import ContentStore

extension VendorFolder {
    private static let parts = ["packages", "facts", "blobs", "signatures"]

    /// Makes the folder hold exactly these packages and blobs, all of which are in the store. Files beside its own parts,
    /// a README say, stay.
    ///
    /// Each part is written beside its place and renamed into it; nothing is written through a link. Throws
    /// `vendor.occupied` when the folder is there and is none of this kind.
    package func write(
        _ packages: [Package], facts: [Digest], recordings: [Digest], from store: ContentStore
    ) throws {
        try claim()
        let files = try files(packages, facts: facts, recordings: recordings)
        for part in Self.parts {
            let staged = FileSystem.temporaryPath(beside: "\(path)/.\(part)")
            try FileSystem.makeDirectory(staged)
            var isEmpty = true
            for (place, content) in files where place.hasPrefix(part + "/") {
                let full = staged + place.dropFirst(part.utf8.count)
                try FileSystem.makeDirectories(FileSystem.parent(of: full) ?? staged)
                try FileSystem.create(full, with: try content.bytes(store), mode: 0o666)
                isEmpty = false
            }
            let old = FileSystem.temporaryPath(beside: "\(path)/.\(part)")
            if FileSystem.exists("\(path)/\(part)") { try FileSystem.rename("\(path)/\(part)", to: old) }
            if isEmpty {
                try FileSystem.removeTree(staged)
            } else {
                try FileSystem.rename(staged, to: "\(path)/\(part)")
            }
            if FileSystem.exists(old) { try FileSystem.removeTree(old) }
        }
        for part in Self.parts where FileSystem.isDirectory("\(path)/\(part)") {
            try FileSystem.synchronizeDirectory("\(path)/\(part)")
        }
        try FileSystem.synchronizeDirectory(path)
    }

    /// Whether the folder holds these and nothing else, every byte right. O(bytes).
    package func isCurrent(
        _ packages: [Package], facts: [Digest], recordings: [Digest], in store: ContentStore
    ) throws -> Bool {
        guard (try? isPresent()) == true else { return false }
        if try FileSystem.list(path).contains(where: isLeftover) { return false }
        let wanted = try files(packages, facts: facts, recordings: recordings)
        var found: Set<String> = []
        var pending = Self.parts.filter { FileSystem.exists("\(path)/\($0)") }
        while let place = pending.popLast() {
            switch try FileSystem.status("\(path)/\(place)")?.kind {
            case .directory: pending += try FileSystem.list("\(path)/\(place)").map { "\(place)/\($0)" }
            case .file: found.insert(place)
            default: return false
            }
        }
        guard found == Set(wanted.keys) else { return false }
        for (place, content) in wanted {
            guard try FileSystem.read("\(path)/\(place)") == content.bytes(store) else { return false }
        }
        return fixedFiles.allSatisfy { (try? FileSystem.read("\(path)/\($0.name)")) == Array($0.text.utf8) }
    }

    private enum Content {
        case stored(Digest)
        case made([UInt8])

        func bytes(_ store: ContentStore) throws(StoreError) -> [UInt8] {
            switch self {
            case .made(let bytes): return bytes
            case .stored(let digest):
                return try store.bytes(of: digest)
            }
        }
    }

    private func files(_ packages: [Package], facts: [Digest], recordings: [Digest]) throws -> [String: Content] {
        var files: [String: Content] = [:]
        for package in packages {
            files["packages/\(package.name).jsonl"] = .made(try VendorListing(package).encoded(name: package.name))
            for entry in package.entries {
                guard let blob = entry.blob else { continue }
                files[Self.place(of: entry, in: package.name, blob)] = .stored(blob.digest)
            }
            guard let signature = package.signature else { continue }
            let folder = "signatures/\(package.name)"
            files["\(folder)/\(signature.isTag ? "tag" : "commit")"] = .made(signature.object)
            files["\(folder)/names"] = .made(Array(signature.names.map { "\($0)\n" }.joined().utf8))
            files["\(folder)/\(AllowedSigners.fileName)"] = .made(signature.allowed)
        }
        for digest in facts { files[BlobKind.fact.place(digest)] = .stored(digest) }
        for digest in recordings { files[BlobKind.recording.place(digest)] = .stored(digest) }
        return files
    }

    /// Whether nothing keeps `write` from the folder: it is not there, or ours.
    package func isFree() throws(FileError) -> Bool {
        guard let kind = try FileSystem.status(path)?.kind else { return true }
        return kind == .directory ? isOurs(try FileSystem.list(path).filter { !isLeftover($0) }) : false
    }

    /// Whether a folder that holds these is empty, or is one that `write` made; `rm -r vendor/*` takes the mark away, and leaves
    /// what is hidden. One that holds nothing but empty folders of its own parts is empty.
    private func isOurs(_ names: [String]) -> Bool {
        if names.isEmpty || names.contains(Self.mark) { return true }
        if names.allSatisfy(Self.parts.contains), names.allSatisfy({ isEmptyTree("\(path)/\($0)") }) { return true }
        let attributes = try? FileSystem.read("\(path)/.gitattributes", limit: 1 << 16)
        return attributes == Array(Self.attributes.utf8)
    }

    /// Whether a folder has no file in it, however deep.
    private func isEmptyTree(_ path: String) -> Bool {
        var pending = [path]
        while let next = pending.popLast() {
            guard (try? FileSystem.status(next))?.kind == .directory, let names = try? FileSystem.list(next) else {
                return false
            }
            pending += names.map { "\(next)/\($0)" }
        }
        return true
    }

    /// Whether a run that was killed left it: `NAME.<process>-<random>.tmp` of a part or a file of the folder's own.
    private func isLeftover(_ name: String) -> Bool {
        guard name.hasSuffix(".tmp") else { return false }
        return (Self.parts.map { ".\($0)" } + fixedFiles.map(\.name)).contains { own in
            guard name.hasPrefix(own + ".") else { return false }
            let process = name.dropFirst(own.utf8.count + 1).prefix { $0 != "-" }
            return !process.isEmpty && process.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
    }

    /// Makes the folder ours, and removes what a killed run left in it.
    private func claim() throws {
        if FileSystem.exists(path) {
            let all = try FileSystem.list(path)
            let names = all.filter { !isLeftover($0) }
            guard isOurs(names) else {
                throw DiagnosticsError(
                    Diagnostic(
                        "vendor.occupied", .error, "\(shown) is there already, and `skvm vendor` did not make it",
                        hint: "move it away and run the command again, or name another folder: `skvm vendor DIR`",
                        fault: .usage))
            }
            for name in all where isLeftover(name) { try FileSystem.removeTree("\(path)/\(name)") }
        }
        try FileSystem.makeDirectories(path)
        for (name, text) in fixedFiles.reversed() { try FileSystem.replace("\(path)/\(name)", with: Array(text.utf8)) }
    }
}
