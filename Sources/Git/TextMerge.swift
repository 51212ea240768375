import Basics

/// Three versions of one text brought together by `git merge-file`, line by line, bytes and line ends kept.
///
/// No repository, configuration or attribute of the user's has a say in what comes out.
package struct TextMerge: Sendable {
    /// git ran, and could not merge.
    package struct Failure: Error, CustomStringConvertible { package var description: String }

    private let environment: [String: String]

    /// `environment` is the user's; of it, nothing that tells git anything is handed on.
    package init(environment: [String: String]) {
        var clean = environment.filter { !$0.key.hasPrefix("GIT_") }
        clean["GIT_CONFIG_NOSYSTEM"] = "1"
        clean["GIT_CONFIG_GLOBAL"] = "/dev/null"
        clean["GIT_ATTR_NOSYSTEM"] = "1"
        clean["LC_ALL"] = "C"
        clean["LANGUAGE"] = nil
        self.environment = clean
    }

    /// `ours` with what changed from `base` to `theirs`; nil where both changed the same lines, or lines that touch.
    ///
    /// Throws `ProgramError` when git can't be run, `Failure` when it can't merge these, or `FileError` for the scratch folder.
    package func merge(base: [UInt8], ours: [UInt8], theirs: [UInt8]) async throws -> [UInt8]? {
        let (text, isClean) = try await marked(base: base, ours: ours, theirs: theirs)
        return isClean ? text : nil
    }

    /// The same, but what clashes stands between git's conflict markers, and `isClean` is false. Throws as `merge` does.
    package func marked(
        base: [UInt8], ours: [UInt8], theirs: [UInt8]
    ) async throws -> (text: [UInt8], isClean: Bool) {
        let folder = try FileSystem.makeScratchDirectory()
        defer { try? FileSystem.removeTree(folder) }
        for (name, bytes) in [("base", base), ("ours", ours), ("theirs", theirs)] {
            try FileSystem.create("\(folder)/\(name)", with: bytes, mode: 0o600)
        }
        var environment = environment
        // git looks for a repository from its folder upwards, and for configuration in it: not above this one.
        environment["GIT_CEILING_DIRECTORIES"] =
            FileSystem.realPath(folder).flatMap(FileSystem.parent(of:)) ?? folder
        let size = base.count + ours.count + theirs.count
        let program = Program(
            "git", ["merge-file", "-p", "-q", "ours", "base", "theirs"], environment: environment, directory: folder)
        // Each line that clashes comes with its markers.
        let result = try await program.run(limit: (4 << 20) + size * 4)
        switch result.status {
        case 0: return (result.output, true)
        // The number of clashes, 127 at most.
        case 1...127: return (result.output, false)
        default:
            let said = result.errorText.isEmpty ? "ended with \(result.status)" : result.errorText.shown()
            throw Failure(description: "git merge-file: \(said)")
        }
    }
}
