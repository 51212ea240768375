import Basics
import Testing

@testable import Commands

@Suite struct UserOptionsTests {
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
            try await world.done("install", "--global")
            try await world.done("-C", link, "install", "--global")
            try await world.done("-C", "../link", "build")
            #expect(try FileSystem.list(world.cache + "/projects-v1").count == 1)
            #expect(FileSystem.exists(place))
            try await world.done("remove", "palette", "--global")
            #expect(!FileSystem.exists(place))
        }
    }
}
