import Basics
import Git
import SkillModel

/// The files that git merges by skvm, and by which command.
private struct MergeDriver {
    var file: String
    /// As `.gitattributes` and `.git/config` call it.
    var name: String
    var words: String
    var command: String
    /// What else git is told of the file: the lock is written by machines, and has one spelling.
    var lineEnds: [String] = []

    static let all = [
        MergeDriver(
            file: Lockfile.fileName, name: "skvm-lock", words: "skvm.lock, record by record",
            command: "skvm lock merge", lineEnds: ["text", "eol=lf"]),
        MergeDriver(
            file: Manifest.fileName, name: "skvm-toml", words: "skvm.toml, key by key",
            command: "skvm lock merge --manifest"),
    ]

    var attribute: String { ([file, "merge=\(name)"] + lineEnds).joined(separator: " ") }

    /// 0 and 1 are skvm's answer. Anything else means that it was not there (127) or could not: then git merges the lines.
    /// Without that, ours would stand in the file as if it were the result.
    var shell: String {
        "\(command) %O %A %B %P; s=$?; test $s -le 1 && exit $s; git merge-file -q -L ours -L base -L theirs %A %O %B"
    }

    /// Whether the last line of `.gitattributes` that speaks of the file's merging names this driver, and its line ends.
    func isNamed(in attributes: [UInt8]) -> Bool {
        let lines = String(decoding: attributes, as: UTF8.self).split(whereSeparator: \.isNewline)
        let last = lines.last { line in
            let words = line.split(whereSeparator: \.isWhitespace)
            return words.first == Substring(file) && words.contains { $0.hasPrefix("merge") }
        }
        let words = last?.split(whereSeparator: \.isWhitespace).map(String.init) ?? []
        return (["merge=\(name)"] + lineEnds).allSatisfy(words.contains)
    }
}

extension Workspace {
    /// Lets git merge this project's lock and manifests by skvm: lines in `.gitattributes`, which is committed, and the
    /// drivers in the repository's own configuration, which each clone needs once. Does nothing that is done already.
    package func installMergeDriver() async throws -> Done {
        let project = try self.project()
        let copy = WorkingCopy(folder: project.root, environment: settings.environment)
        guard try await copy.root() != nil else {
            throw DiagnosticsError([
                Diagnostic(
                    "lock.no-repository", .error, "\(project.root) is in no git repository", hint: "run `git init`",
                    fault: .usage)
            ])
        }
        var written: [String] = []
        let path = project.root + "/.gitattributes"
        let old = FileSystem.exists(path) ? try FileSystem.read(path, limit: 4 << 20) : []
        let missing = MergeDriver.all.filter { !$0.isNamed(in: old) }
        if !missing.isEmpty {
            let newline = old.isEmpty || old.last == 0x0A ? "" : "\n"
            let lines = missing.map { $0.attribute + "\n" }.joined()
            if !flags.dryRun { try FileSystem.rewrite(path, with: old + Array((newline + lines).utf8)) }
            written.append(".gitattributes")
        }
        for driver in MergeDriver.all {
            for (key, value) in [("name", driver.words), ("driver", driver.shell)] {
                let name = "merge.\(driver.name).\(key)"
                if try await copy.ask("config", "--local", "--get", name) == value { continue }
                if !flags.dryRun {
                    try await copy.run(
                        ["config", "--local", name, value], doing: "git's configuration can't be changed")
                }
                if !written.contains(".git/config") { written.append(".git/config") }
            }
        }
        let text =
            written.isEmpty
            ? "git merges skvm.lock and skvm.toml by skvm already"
            : "git merges skvm.lock and skvm.toml by skvm now: \(written.joined(separator: ", "))\n"
                + "next: commit .gitattributes; in each other clone run `skvm lock --install-driver` once"
        return Done(command: "lock", text: text, paths: written)
    }
}
