import Basics
import Harness
import Testing

struct RelocatorTests {
    private let file = RelativePath("SKILL.md")
    private let token = Relocator.token

    @Test(arguments: ["/a", "/home/ann/p/.claude/skills/pdf-tables", "/with space/é/'q'", "/@@SKVM_SKILL_DIR@@/x"])
    func `undo is the exact inverse of apply`(path: String) throws {
        let file = try #require(file)
        let before = Array("\(token)/a \(token)\(token) \(path) tail".utf8)
        let count = token.utf8.count
        let relocator = Relocator(sites: [file: [0, count + 3, 2 * count + 3]])
        let after = try relocator.apply(before, of: file, path: path)
        #expect(String(decoding: after, as: UTF8.self) == "\(path)/a \(path)\(path) \(path) tail")
        #expect(try relocator.undo(after, of: file, path: path) == before)
    }

    @Test func `text that looks like the token and is not listed stays`() throws {
        let file = try #require(file)
        let bytes = Array("\(token) \(token)".utf8)
        let relocator = Relocator(sites: [file: [0]])
        #expect(try String(decoding: relocator.apply(bytes, of: file, path: "/x"), as: UTF8.self) == "/x \(token)")
    }

    @Test func `an offset where no token stands is an error`() throws {
        let file = try #require(file)
        for offset in [1, 5, 18, 1000, Int.max - 5] {
            #expect(throws: Relocator.Mismatch.self) {
                try Relocator(sites: [file: [offset]]).apply(Array("\(token) x".utf8), of: file, path: "/x")
            }
        }
    }

    @Test(arguments: [
        #"{"relocations":[{"file":"a","offsets":[5,6]}]}"#, #"{"relocations":[{"file":"a","offsets":[-1]}]}"#,
        #"{"relocations":[{"file":"../a","offsets":[1]}]}"#, #"{"relocations":[{"file":"a","offsets":[1.5]}]}"#,
        #"{"relocations":[{"file":"a","offsets":[99,1]}]}"#, #"{"relocations":[{"file":"a"}]}"#,
        #"{"relocations":[{"file":"a","offsets":[1]},{"file":"a","offsets":[1]}]}"#, "[", "",
        #"{"relocations":[{"file":"a","offsets":[-9223372036854775808,9223372036854775807]}]}"#,
        #"{"relocations":[{"file":"a","offsets":[9223372036854775807]}]}"#,
    ])
    func `a list that can't be true is refused`(text: String) {
        #expect(throws: Relocator.Mismatch.self) { try Relocator(variantDescription: Array(text.utf8)) }
    }

    @Test func `a path that a shell or a line would read is refused, one with spaces and apostrophes is not`() {
        #expect(Relocator.fault(ofPath: "/a\nb") != nil)
        #expect(Relocator.fault(ofPath: "/a\u{7F}b") != nil)
        #expect(Relocator.fault(ofPath: "/a\u{85}b") != nil)
        #expect(Relocator.fault(ofPath: "/a\u{2028}b") != nil)
        for character in ["\"", "$", "`", "\\"] { #expect(Relocator.fault(ofPath: "/a\(character)b") != nil) }
        #expect(Relocator.fault(ofPath: "/it's fine é") == nil)
    }
}
