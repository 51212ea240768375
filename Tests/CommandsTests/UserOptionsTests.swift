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
}
