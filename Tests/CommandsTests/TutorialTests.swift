import Basics
import TestSupport
import Testing

/// `docs/tutorial.md` as a new user would follow it: its blocks in one shell, against a git server on HTTP.
@Suite struct `The tutorial` {
    @Test func `runs from the first line of a skill to an offline build`() async throws {
        try await withCommandWorld { world in
            var user = world
            for (name, value) in RemoteRepository.environment where name != "PATH" && name != "HOME" {
                user.variables[name] = value
            }
            let bin = try #require(FileSystem.parent(of: try CommandWorld.binary()))
            user.variables["PATH"] = "\(bin):/usr/local/bin:/usr/bin:/bin"
            let remotes = world.scratch + "/remotes"
            for name in ["registry", "count-rows", "table-skills"] {
                let folder = "\(remotes)/\(name).git"
                try FileSystem.makeDirectories(folder)
                for words in [
                    ["git", "init", "-q", "--bare", "-b", "main", folder],
                    ["git", "-C", folder, "config", "http.receivepack", "true"],
                ] {
                    let made = try await user.run(words)
                    try #require(made.succeeded, "\(made.errorText)")
                }
            }
            let script = try Self.script()
            try await GitWebServer.serving(remotes) { [user] server in
                var user = user
                user.variables["SERVER"] = server.open
                let result = try await user.run(["sh", "-eux", "-c", script], in: user.home)
                #expect(result.succeeded, "\(result.outputText)\(result.errorText)")
                #expect(result.outputText.contains("published count-rows 0.1.1"))
                #expect(result.outputText.contains("unchanged  join-tables 0.1.0"))
            }
        }
    }

    /// The text of the page's ```sh blocks, one after the other.
    private static func script() throws -> String {
        let root = try #require(FileSystem.parent(of: #filePath).flatMap(FileSystem.parent)).dropLast(
            "/Tests".utf8.count)
        var lines: [Substring] = []
        var isCode = false
        for line in try FileSystem.readText("\(root)/docs/tutorial.md").split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            if line.hasPrefix("```") {
                isCode = line == "```sh"
            } else if isCode {
                lines.append(line)
            }
        }
        try #require(lines.count > 40)
        return lines.joined(separator: "\n")
    }
}
