import Testing

@testable import SkillModel

@Suite struct `Conflict markers` {
    private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    @Test func `are taken apart into both sides, and their ancestor where git wrote it`() throws {
        let plain = "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> other\nd\n<<<<<<< HEAD\n=======\ne\n>>>>>>> other\n"
        let two = try #require(ConflictMarkers(Array(plain.utf8)))
        #expect(text(two.ours) == "a\nb\nd\n" && text(two.theirs) == "a\nc\nd\ne\n" && two.base == nil)
        let three = try #require(
            ConflictMarkers(Array("a\r\n<<<<<<< x\r\nb\r\n||||||| y\r\nz\r\n=======\r\nc\r\n>>>>>>> o\r\n".utf8)))
        #expect(
            text(three.ours) == "a\r\nb\r\n" && text(three.theirs) == "a\r\nc\r\n" && text(three.base) == "a\r\nz\r\n")
        let last = try #require(ConflictMarkers(Array("<<<<<<< x\nb\n=======\nc\n>>>>>>> o".utf8)))
        #expect(text(last.ours) == "b\n" && text(last.theirs) == "c\n")
    }

    @Test(arguments: [
        "", "a\n", "<<<<<<< x\na\n", "<<<<<<< x\na\n=======\nb\n", "=======\n", ">>>>>>> x\n",
        "<<<<<<< x\n<<<<<<< y\n=======\n>>>>>>> x\n", "<<<<<<< x\n=======\n=======\n>>>>>>> x\n",
        "<<<<<<< x\n>>>>>>> x\n", "||||||| x\n<<<<<<< x\n=======\n>>>>>>> x\n",
    ])
    func `that don't go together are none`(text: String) {
        #expect(ConflictMarkers(Array(text.utf8)) == nil)
    }

    @Test func `are seven of a kind, alone or before a blank`() {
        #expect(ConflictMarkers(Array("<<<<<<<< x\na\n=======\nb\n>>>>>>> o\n".utf8)) == nil)
        #expect(ConflictMarkers(Array("<<<<<<<x\na\n=======\nb\n>>>>>>> o\n".utf8)) == nil)
        #expect(ConflictMarkers(Array("<<<<<<<\na\n=======\nb\n>>>>>>>\n".utf8)) != nil)
    }
}
