import Basics
import Formats
import SkillModel
import Testing

@testable import Passes

@Suite struct LinkPassTests {
    private func edit(_ start: Int, _ end: Int, _ text: String, _ rule: String = "a.one") -> EditSet {
        EditSet(edits: [Edit(span: SourceSpan(start, end), replacement: text, rule: rule, gap: nil, reason: "r")])
    }

    private func added(_ path: String) throws -> EditSet {
        EditSet(files: [
            .init(path: try #require(RelativePath(path)), text: "x", isExecutable: false, rule: "a.one")
        ])
    }

    @Test func `overlapping edits are an error that names both rules`() throws {
        let fixture = try TargetFixture("# S\n\nSome text here.\n")
        let result = fixture.linked([edit(52, 57, "x"), edit(56, 58, "y", "b.two")])
        #expect(result.value == nil)
        #expect(result.diagnostics.map(\.id) == ["link.overlap"])
        #expect(result.diagnostics.first?.message == "a.one and b.two rewrite the same text")
    }

    @Test(arguments: [(-1, 3), (5, 4), (0, 10_000), (Int.max, Int.max), (58, 59)])
    func `an edit outside the text or inside a character is an error`(start: Int, end: Int) throws {
        let fixture = try TargetFixture("# S\n\nä ö ü text.\n")
        let start = start == 58 ? (fixture.source.bytes.firstIndex { $0 & 0xC0 == 0x80 } ?? 0) : start
        let result = fixture.linked([edit(start, end == 59 ? start + 1 : end, "x")])
        #expect(result.diagnostics.map(\.id) == ["link.span"])
    }

    @Test func `two insertions at one place are both kept, in the order of the passes`() throws {
        let fixture = try TargetFixture("# S\n")
        let end = fixture.source.bytes.count
        let text = fixture.linked([edit(end, end, "1"), edit(end, end, "2", "b.two")]).value?.skillText
        #expect(text?.hasSuffix("# S\n12") == true)
    }

    @Test(arguments: [".skvm/x", ".SKVM/variant.json"])
    func `a source with a folder of the variant's records is an error that names it`(path: String) throws {
        let result = try TargetFixture("# S\n", files: [path]).linked([])
        #expect(result.diagnostics.map(\.id) == ["link.reserved"])
        #expect(result.diagnostics.first?.message.contains(path) == true)
    }

    @Test(arguments: [("scripts/a.sh", "Scripts/A.sh"), ("scripts", "scripts/a.sh"), ("a/b/c", "a/b")])
    func `an added file in the place of another is an error`(source: String, path: String) throws {
        let result = try TargetFixture("# S\n", files: [source]).linked([try added(path)])
        #expect(result.diagnostics.map(\.id) == ["link.exists"])
    }

    @Test func `a source that holds the relocation token is an error`() throws {
        let result = try TargetFixture("# S\n\n\(Relocation.token)/x\n").linked([])
        #expect(result.diagnostics.map(\.id) == ["link.token"])
        #expect(result.diagnostics.first?.location?.line == 7)
    }

    @Test func `the manifest has the place of every token and says nothing of the machine`() throws {
        let fixture = try TargetFixture(
            "# S\n\nRun `scripts/x.py` and `scripts/y.py`.\n", files: ["scripts/x.py", "scripts/y.py"])
        let variant = try #require(fixture.linked([try fixture.lowered]).value)
        let text = try #require(variant.skillText)
        let sites = try #require(variant.manifest.relocations.first)
        #expect(sites.file.text == "SKILL.md" && sites.offsets.count == 2)
        for offset in sites.offsets {
            #expect(Array(text.utf8)[offset...].starts(with: Array(Relocation.token.utf8)))
        }
        let records = variant.files.map(\.path.text)
        #expect(records == records.sorted() && records.contains(".skvm/bind.sh") && records.contains("scripts/x.py"))
        let again = try #require(fixture.linked([try fixture.lowered]).value)
        #expect(try CanonicalJSON.encode(again) == CanonicalJSON.encode(variant))
        let stored = try CanonicalJSON.decode(VariantManifest.self, from: CanonicalJSON.encode(variant.manifest))
        #expect(stored == variant.manifest)
    }

    @Test func `without an edit SKILL-md is the source's own`() throws {
        let variant = try #require(try TargetFixture("# S\n").linked([]).value)
        #expect(variant.files.first { $0.path.text == "SKILL.md" }?.content == .sourceFile)
    }
}
