import ArgumentParser
import Basics
import Formats
import TestSupport
import Testing

@testable import Commands

/// The table of `docs/workspaces.md` against what the commands take.
@Suite struct `The option -p` {
    private struct Row {
        var takesPackages: Bool
        var takesWorkspace: Bool
    }

    private static func table() throws -> [String: Row] {
        let root = try #require(FileSystem.parent(of: #filePath).flatMap(FileSystem.parent)).dropLast(
            "/Tests".utf8.count)
        var rows: [String: Row] = [:]
        for line in try FileSystem.readText("\(root)/docs/workspaces.md").split(separator: "\n") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
                $0.split(separator: " ").joined(separator: " ")
            }
            guard cells.count == 7, cells[1].hasPrefix("`"), !cells[1].contains("-") else { continue }
            let name = cells[1].replacing("`", with: "")
            #expect(rows[name] == nil, "\(name) is there twice")
            rows[name] = Row(takesPackages: cells[4] != "–", takesWorkspace: cells[5] != "–")
        }
        return rows
    }

    @Test func `is taken by exactly those commands that the documentation's table says`() throws {
        let table = try Self.table()
        let commands = SkvmCommand.configuration.subcommands
        #expect(commands.count > 25)
        #expect(Set(table.keys) == Set(commands.map { $0._commandName }))
        for command in commands {
            let row = try #require(table[command._commandName], "\(command._commandName)")
            let parts = [command] + command.configuration.subcommands
            let help = parts.map { SkvmCommand.helpMessage(for: $0) }.joined()
            #expect(help.contains("-p, --package") == row.takesPackages, "\(command._commandName)")
            #expect(help.contains("--workspace, --all") == row.takesWorkspace, "\(command._commandName)")
        }
    }

    @Test func `narrows commands, and the member that one stands in does the same`() async throws {
        try await withCommandWorld { world in
            var files = ["skvm.toml": "[workspace]\nmembers = [\"skills/*\"]\n\n\(CommandWorld.target)"]
            for name in ["pdf-read", "pdf-write", "mail"] {
                files["skills/\(name)/SKILL.md"] = CommandWorld.skill.replacing("name: own", with: "name: \(name)")
            }
            try write(files, in: world.project)
            func built(_ words: String..., in folder: String? = nil) async throws -> Set<String> {
                let result = try await world.run(
                    [try CommandWorld.binary(), "build", "--json"] + words,
                    in: folder.map { "\(world.project)/\($0)" })
                return Set(try (result.json()["variants"]?.array ?? []).compactMap { $0["package"]?.string })
            }
            #expect(try await built("-p", "pdf-*") == ["pdf-read", "pdf-write"])
            #expect(try await built("-p", "mail", "--package", "pdf-read") == ["mail", "pdf-read"])
            #expect(try await built(in: "skills/mail") == ["mail"])
            #expect(try await built("--all", in: "skills/mail") == ["mail", "pdf-read", "pdf-write"])
            try await world.skvm("build", "-p", "mial").expectError(2, "package.unknown", "did you mean 'mail'?")
            try await world.skvm("build", "-p", "x*").expectError(2, "package.unknown", "'x*'")
            #expect(try await world.skvm("build", "-p", "mail", "--workspace").status == 2)
            let mail = world.project + "/skills/mail"
            #expect(try await world.done("explain", in: mail).outputText.contains("mail"))
            #expect(try await world.done("inspect", in: mail).outputText.hasPrefix("mail: "))
            #expect(try await world.done("inspect", "-p", "pdf-r*").outputText.hasPrefix("pdf-read: "))
            #expect(try await world.done("diff", in: mail).succeeded)
            #expect(try await world.done("graph", "--json", in: mail).json()["nodes"]?.array?.count == 11)
            try await world.skvm("diff", "-p", "pdf-*").expectError(2, "package.several", "pdf-read, pdf-write")
            #expect(try await world.done("check", "-p", "pdf-*").outputText.hasPrefix("checked 2 skills"))
            // A new skill is told how to become a member, unless it is one.
            #expect(try await !world.done("new", "notes", in: world.project + "/skills").outputText.contains("members"))
            #expect(try await world.done("new", "notes").outputText.contains("add \"notes\" to members"))
            try await world.skvm("build", in: world.project + "/notes").expectError(
                2, "workspace.no-member", "\"notes\"")
            try await world.done("doctor", in: mail)
            #expect(try FileSystem.list(mail) == ["SKILL.md"])
        }
    }
}
