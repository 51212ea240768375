import Basics
import Formats
import Passes
import SkillModel
import Testing

/// Skills found in the wild, where the machine has them beside the repository.
private let corpus: String? = {
    var folder = FileSystem.parent(of: #filePath)
    while let path = folder {
        if FileSystem.isDirectory(path + "/shared/corpus") { return path + "/shared/corpus" }
        folder = path == "/" ? nil : FileSystem.parent(of: path)
    }
    return nil
}()

@Suite struct `Parsing skills found in the wild` {
    @Test(.enabled(if: corpus != nil, "no folder shared/corpus beside the repository"))
    func `each parses soundly, twice the same, and says where it breaks the specification`() throws {
        let root = try #require(corpus)
        for name in try FileSystem.list(root) where FileSystem.isDirectory(root + "/" + name) {
            let files = try sources(root + "/" + name)
            let result = Parse.run(files, folderName: name)
            let document = try #require(result.value, "\(name) has no document")
            expectSound(document, name)
            let again = Parse.run(files, folderName: name)
            #expect(try CanonicalJSON.encode(result) == CanonicalJSON.encode(again))
            let skillName = document.frontMatter.name
            if skillName != name || document.frontMatter.description == nil {
                #expect(!result.diagnostics.isEmpty, "\(name)")
            }
        }
    }
}

/// All files below `folder`.
func sources(_ folder: String) throws -> [SourceFile] {
    var found: [SourceFile] = []
    var pending = [""]
    while let prefix = pending.popLast() {
        for name in try FileSystem.list(folder + "/" + prefix) {
            let path = prefix.isEmpty ? name : prefix + "/" + name
            if FileSystem.isDirectory(folder + "/" + path) {
                pending.append(path)
            } else if let relative = RelativePath(path) {
                found.append(SourceFile(path: relative, bytes: try FileSystem.read(folder + "/" + path)))
            }
        }
    }
    return found
}
