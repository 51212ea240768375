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

    @Test func `all spellings of the options that every command has are known where they stand before its name`() throws
    {
        struct Alone: ParsableCommand {
            @OptionGroup var options: GlobalOptions
        }
        let lines = Alone.helpMessage(columns: 200).split(separator: "\n").filter { $0.hasPrefix("  -") }
        let names = lines.flatMap { line in
            line.split(separator: " ").prefix { $0.hasPrefix("-") || $0.hasPrefix("<") }.filter { $0.hasPrefix("-") }
                .map { name in name.filter { $0 != "," } }
        }
        #expect(names.count > 10)
        let known = Set(LeadingOptions.flags + LeadingOptions.valued)
        #expect(Set(names).subtracting(["-h", "--help", "--version"]) == known)
    }

    @Test(
        arguments: LeadingOptions.flags.map { [$0] } + [
            ["-C", "/"], ["-j", "2"], ["--jobs", "2"], ["-j2"], ["--jobs=2"],
        ])
    func `an option means before a command's name what it means behind it`(_ option: [String]) throws {
        for before in [option, option + ["--quiet"], ["--json"] + option] {
            #expect(LeadingOptions.last(before + ["build", "--", "x"]) == ["build"] + before + ["--", "x"])
            #expect(try parsed(LeadingOptions.last(before + ["build"])) is BuildCommand)
            #expect(WrongUsage(before + ["nonsense"]).unknownCommand?.message.contains("'nonsense'") == true)
        }
    }

    @Test func `options that every command has may stand before its name`() {
        #expect(
            LeadingOptions.last(["-C", "dir", "--json", "build", "-p", "a"]) == [
                "build", "-p", "a", "-C", "dir", "--json",
            ])
        #expect(LeadingOptions.last(["-q", "add", "--", "x"]) == ["add", "-q", "--", "x"])
        #expect(LeadingOptions.last(["build", "-C", "dir"]) == ["build", "-C", "dir"])
        #expect(LeadingOptions.last(["-C"]) == ["-C"])
        #expect(LeadingOptions.last(["--json", "--version"]) == ["--json", "--version"])
        #expect(LeadingOptions.last([]) == [])
    }

    @Test func `flags of one letter may stand in one word, before a command's name as behind it`() throws {
        #expect(LeadingOptions.last(["-qv", "tree"]) == ["tree", "-qv"])
        #expect(LeadingOptions.last(["-vq", "-C", "x", "tree"]) == ["tree", "-vq", "-C", "x"])
        #expect(try parsed(LeadingOptions.last(["-qv", "tree"])) is TreeCommand)
        #expect(LeadingOptions.words(of: "-qx") == 0 && LeadingOptions.words(of: "--q") == 0)
    }

    @Test(arguments: [
        (["-C", "m", "--global", "tree"], "'--global'", "`skvm tree --global`"),
        (["-C", "m", "--no-color", "tree"], "'--no-color'", "see `skvm --help`"),
        (["--jsn", "tree"], "'--jsn'", "did you mean '--json'?"), (["-q", "-x"], "'-x'", "skvm --help"),
        (["-C", "m"], "no command behind -C m", "skvm --help"), (["--json"], "no command", "skvm --help"),
    ])
    func `of options before a command's name the one that is wrong is named`(
        arguments: [String], message: String, hint: String
    ) throws {
        let fault = try #require(LeadingOptions.fault(arguments))
        #expect(fault.message.contains(message) && fault.fault == .usage)
        #expect(fault.hint?.contains(hint) == true, "\(fault.hint ?? "")")
        #expect(!fault.message.contains("'-C'"))
    }

    @Test(arguments: [
        [], ["--help"], ["-q", "--version"], ["tree", "--global"], ["-C", "m", "tree", "--nonsense"], ["-h"],
        ["--generate-completion-script", "bash"],
    ])
    func `what is right before a command's name is the parser's`(arguments: [String]) {
        #expect(LeadingOptions.fault(arguments) == nil)
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
