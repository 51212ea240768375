import ArgumentParser
import Basics
import Testing

@testable import Commands

@Suite struct UserOptionsTests {
    @Test(arguments: [
        ["update"], ["update", "a", "b", "--precise", "1.0.0", "--json", "-C", "x"], ["build", "-q", "--keep-going"],
        ["search", "--", "--help"], ["digest", "."], ["lock", "merge", "a", "b", "c"], ["target", "list"],
    ])
    func `a command that is parsed for alone is what the parser of all makes of it`(_ arguments: [String]) throws {
        let whole = try SkvmCommand.parseAsRoot(arguments)
        let alone = try parsed(arguments)
        #expect(type(of: alone) == type(of: whole))
        #expect("\(alone)" == "\(whole)")
    }

    @Test(arguments: [
        ["update", "--help"], ["update", "--nonsense"], ["update", "--jobs", "none"], ["digest"], ["nonsense"],
        ["--help"], ["build", "--generate-completion-script", "bash"], ["update", "--version"], ["help", "update"],
        ["build", "help"],
    ])
    func `what a command doesn't take is worded by the parser of all`(_ arguments: [String]) {
        func words(_ parse: () throws -> any ParsableCommand) -> String {
            do { return "\(type(of: try parse()))" } catch { return SkvmCommand.fullMessage(for: error) }
        }
        #expect(words { try parsed(arguments) } == words { try SkvmCommand.parseAsRoot(arguments) })
    }

    @Test(arguments: [["-j1"], ["-j", "1"], ["--jobs=1"], ["--jobs", "1"]])
    func `the number of jobs is told in each way that make and ninja know`(_ jobs: [String]) throws {
        #expect(try #require(try parsed(["build"] + jobs) as? BuildCommand).options.jobs == 1)
    }

    @Test func `options that every command has may stand before its name`() {
        #expect(
            optionsLast(["-C", "dir", "--json", "build", "-p", "a"]) == ["build", "-p", "a", "-C", "dir", "--json"])
        #expect(optionsLast(["-q", "add", "--", "x"]) == ["add", "-q", "--", "x"])
        #expect(optionsLast(["build", "-C", "dir"]) == ["build", "-C", "dir"])
        #expect(optionsLast(["-C"]) == ["-C"])
        #expect(optionsLast(["--json", "--version"]) == ["--json", "--version"])
        #expect(optionsLast([]) == [])
    }

    @Test func `a project that a link leads to is one project with one claim`()
        async throws
    {
        try await withCommandWorld { world in
            try world.writeManifest(["palette = \"*\""])
            let link = world.scratch + "/link"
            try FileSystem.makeLink(link, to: "project")
            let place = world.home + "/.agents/skills/palette"
            try await world.done("install", "--user")
            try await world.done("-C", link, "install", "--user")
            try await world.done("-C", "../link", "build")
            #expect(try FileSystem.list(world.cache + "/projects-v1").count == 1)
            #expect(FileSystem.exists(place))
            try await world.done("remove", "palette")
            #expect(!FileSystem.exists(place))
        }
    }
}
