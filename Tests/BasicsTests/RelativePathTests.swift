import Basics
import Testing

struct RelativePathTests {
    @Test(arguments: ["", "/", "/a", "a/", "a//b", ".", "..", "a/..", "./a", "a/./b", "a\0b", "a/../b"])
    func `what could leave its root or names nothing is no path`(text: String) {
        #expect(RelativePath(text) == nil)
    }

    @Test(arguments: ["a", "a/b", "...", ".a", "a.", "a b/é", "..a/b..", "\\", "a\nb"])
    func `anything else is one, as it is`(text: String) throws {
        #expect(try #require(RelativePath(text)).text == text)
    }

    @Test func `parts are split by bytes`() throws {
        let path = try #require(RelativePath("a/b/c.txt"))
        #expect(path.components == ["a", "b", "c.txt"])
        #expect(path.name == "c.txt")
        #expect(path.parent?.text == "a/b")
        #expect(path.parent?.parent?.parent == nil)
        // A combining mark joins the slash before it to one `Character`; to a file system it is a slash.
        let tricky = try #require(RelativePath("a/\u{301}b"))
        #expect(tricky.components.map { Array($0.utf8) } == [Array("a".utf8), Array("\u{301}b".utf8)])
        #expect(tricky.parent?.text == "a")
        #expect(RelativePath("a/..\u{301}") != nil)
        #expect(RelativePath("a/\u{301}/..") == nil)
    }

    @Test func `composed and decomposed names are two, in sets and in order`() throws {
        let composed = try #require(RelativePath("caf\u{E9}"))
        let decomposed = try #require(RelativePath("cafe\u{301}"))
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(decomposed < composed)
        // UTF-16 would order these two the other way.
        #expect(try #require(RelativePath("\u{FF61}")) < #require(RelativePath("\u{1F600}")))
    }
}
