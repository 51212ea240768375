package import Basics

/// What git holds of a folder's files, or would after `git add`: line ends and other filters applied, ignored files left out.
package struct HeldFiles: Sendable {
    /// The blob of each file, and whether it can be run; of a link, the blob of its target. Paths are relative to the folder.
    package var files: [RelativePath: (id: ObjectID, isExecutable: Bool)] = [:]
    /// The bytes of those of them that were asked for.
    package var contents: [RelativePath: [UInt8]] = [:]
}

extension WorkingCopy {
    /// Asks git what it would hold of these folders of this one, if they were added as they are. `differs` is asked of each file
    /// whether its bytes are wanted. Nothing of the repository is changed: index and objects are others for the time.
    package func held(
        in folders: [RelativePath], _ differs: (RelativePath, ObjectID) throws -> Bool
    ) async throws -> HeldFiles {
        let doing = "what git holds can't be told"
        let scratch = try FileSystem.makeScratchDirectory()
        try FileSystem.makeDirectories(scratch + "/objects")
        defer { try? FileSystem.removeTree(scratch) }
        let index = try await run(["rev-parse", "--path-format=absolute", "--git-path", "index"], doing: doing)
        let objects = try await run(["rev-parse", "--path-format=absolute", "--git-path", "objects"], doing: doing)
        if FileSystem.exists(index) { try FileSystem.write(try FileSystem.read(index), to: scratch + "/index") }
        let aside = with([
            "GIT_INDEX_FILE": scratch + "/index", "GIT_OBJECT_DIRECTORY": scratch + "/objects",
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": objects, "GIT_LITERAL_PATHSPECS": "1",
        ])
        let list = Array(folders.map { $0.text + "\0" }.joined().utf8)
        // Of a folder that is ignored whole, git makes an error, and adds the others.
        _ = try await aside.ask(
            "add", "--all", "--pathspec-from-file=-", "--pathspec-file-nul", input: list)
        var held = HeldFiles()
        for chunk in stride(from: 0, to: folders.count, by: 500) {
            let some = folders[chunk..<min(chunk + 500, folders.count)].map(\.text)
            let listing = try await aside.run(["ls-files", "--stage", "-z", "--"] + some, doing: doing)
            for line in listing.utf8.split(separator: 0) {
                let words = line.split(separator: 0x09, maxSplits: 1)
                let facts = words[0].split(separator: 0x20).map { String(Substring($0)) }
                guard words.count == 2, facts.count == 3, let id = ObjectID(hex: facts[1]),
                    let path = RelativePath(Substring(words[1]))
                else { continue }
                held.files[path] = (id, facts[0] == "100755")
            }
        }
        for (path, file) in held.files.sorted(by: { $0.key < $1.key }) where try differs(path, file.id) {
            held.contents[path] = try await aside.bytes(["cat-file", "blob", file.id.hex], doing: doing)
        }
        return held
    }
}
