import Basics
import Testing

@testable import SkillModel

@Suite struct `Files of harnesses and models that advice is made of` {
    private func faults(_ body: () throws(DiagnosticsError) -> Void) -> [Diagnostic] {
        do {
            try body()
            return []
        } catch {
            return error.diagnostics
        }
    }

    private func harness(_ listing: String) throws(DiagnosticsError) -> HarnessDescription {
        let text = """
            version = 1
            name = "h"
            title = "H"
            [skills]
            project = "skills"
            source = "its documentation"
            [listing]
            \(listing)
            """
        return try HarnessDescription(parsing: Array(text.utf8), file: "h.toml")
    }

    @Test func `a listing has a share of the window, a number for any, or both`() throws {
        let both = try harness(
            "window-percent = 2\ntoken-bytes = 4\ncharacters = 8000\nentry = 100\nfields = [\"when_to_use\"]\npaths = true\n"
                + "source = \"s\"")
        #expect(
            both.listing
                == .init(
                    share: .init(percent: 2, perToken: 4, unit: .bytes), characters: 8000, entry: 100,
                    fields: ["when_to_use"], paths: true, source: "s"))
        let share = try harness("window-percent = 1\ntoken-characters = 3\nsource = \"s\"")
        #expect(share.listing?.share?.limit(window: 262_144) == 2621 * 3 && share.listing?.characters == nil)
        #expect(try harness("characters = 5\nsource = \"s\"").listing?.share == nil)
    }

    @Test(arguments: [
        ("source = \"s\"", "toml.missing-key", 7), ("characters = 0\nsource = \"s\"", "toml.bad-value", 8),
        ("characters = 9", "toml.missing-key", 7),
        ("window-percent = 1\nsource = \"s\"", "harness.token", 8),
        ("window-percent = 1\ntoken-bytes = 4\ntoken-characters = 4\nsource = \"s\"", "harness.token", 8),
        ("window-percent = 101\ntoken-bytes = 4\nsource = \"s\"", "toml.bad-value", 8),
        ("window-percent = 0.5\ntoken-bytes = 4\nsource = \"s\"", "toml.wrong-type", 8),
        ("window-percent = 1\ntoken-bytes = 0\nsource = \"s\"", "toml.bad-value", 9),
        ("characters = 9\ntoken-bytes = 4\nsource = \"s\"", "toml.bad-value", 9),
        ("characters = 9\nfields = [\"a b\"]\nsource = \"s\"", "toml.bad-value", 9),
        ("characters = 9\nfields = [\"\"]\nsource = \"s\"", "toml.bad-value", 9),
        (
            "characters = 9\nfields = [\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]\nsource = \"s\"",
            "toml.bad-value",
            9
        ),
        ("characters = 9\nshare = 1\nsource = \"s\"", "toml.unknown-key", 9),
    ])
    func `a broken listing is refused with the line`(_ listing: String, _ id: String, _ line: Int) {
        let found = faults { () throws(DiagnosticsError) in _ = try harness(listing) }
        #expect(found.contains { $0.id == id && $0.location?.line == line }, "\(found)")
    }

    @Test func `what a harness lists is no part of its digest`() throws {
        let one = try harness("characters = 9\nsource = \"s\"")
        let other = try harness("characters = 10\nsource = \"s\"")
        #expect(one != other)
        #expect(try one.digest() == other.digest())
    }

    private func reading(_ lines: String) throws(DiagnosticsError) -> HarnessDescription {
        let text =
            "version = 1\nname = \"h\"\ntitle = \"H\"\n[skills]\nproject = \"skills\"\nsource = \"s\"\n" + lines
        return try HarnessDescription(parsing: Array(text.utf8), file: "h.toml")
    }

    @Test func `folders of others that a harness reads are no part of its digest`() throws {
        let one = try reading(
            "also-reads = [\".claude/skills\", \"~/.claude/skills\", \"${X:-~/.x}/skills\"]\nown-first = true\n")
        #expect(one.alsoReads == [".claude/skills", "~/.claude/skills", "${X:-~/.x}/skills"] && one.isOwnFirst)
        let other = try reading("")
        #expect(other.alsoReads.isEmpty && !other.isOwnFirst && one != other)
        #expect(try one.digest() == other.digest())
    }

    @Test(arguments: ["../skills", "/../x", "a/../b", "${X}/skills", "~user/x", "", "a//b"])
    func `a folder of others that is none is refused with its line`(_ folder: String) {
        let found = faults { () throws(DiagnosticsError) in _ = try reading("also-reads = [\"\(folder)\"]\n") }
        #expect(found.map(\.id) == ["harness.folders"] && found.first?.location?.line == 7, "\(found)")
    }

    @Test func `no harness reads more than sixteen folders of others`() {
        let folders = (0..<17).map { "\"f\($0)\"" }.joined(separator: ", ")
        let found = faults { () throws(DiagnosticsError) in _ = try reading("also-reads = [\(folders)]\n") }
        #expect(found.map(\.id) == ["harness.folders"])
    }

    private let model = "version = 1\nmodel = \"a/b\"\ncontext = 200_000\nsource = \"https://example.org\"\n"

    @Test func `a model's file says how much it holds, and where that was read`() throws {
        let read = try ModelDescription(parsing: Array(model.utf8), file: "m.toml")
        #expect(read == ModelDescription(model: "a/b", context: 200_000, source: "https://example.org"))
    }

    @Test(arguments: [
        ("200_000", "200", "toml.bad-value", 3), ("200_000", "0", "toml.bad-value", 3),
        ("200_000", "-5", "toml.bad-value", 3), ("200_000", "9223372036854775807", "toml.bad-value", 3),
        ("200_000", "\"200k\"", "toml.wrong-type", 3), ("200_000", "1e6", "toml.wrong-type", 3),
        ("context", "contxt", "toml.unknown-key", 3), ("context = 200_000\n", "", "toml.missing-key", 1),
        ("source = \"https://example.org\"\n", "", "toml.missing-key", 1),
        ("https", "\\u001bhttps", "toml.bad-value", 4), ("a/b", "../b", "toml.bad-value", 2),
        ("version = 1", "version = 2", "model.version", 1), ("source", "model", "toml.duplicate", 4),
    ])
    func `a broken model's file is refused with the line`(
        _ text: String, _ replacement: String, _ id: String, _ line: Int
    ) {
        let changed = model.replacing(text, with: replacement, maxReplacements: 1)
        let found = faults { () throws(DiagnosticsError) in
            _ = try ModelDescription(parsing: Array(changed.utf8), file: "m.toml")
        }
        #expect(found.contains { $0.id == id && $0.location?.line == line }, "\(found)")
    }

    @Test func `a window in thousands is told so`() {
        let text = model.replacing("200_000", with: "128")
        let found = faults { () throws(DiagnosticsError) in
            _ = try ModelDescription(parsing: Array(text.utf8), file: "m.toml")
        }
        #expect(found.map(\.hint) == ["write it in tokens: 128000"])
    }

    @Test func `the models of the default registry are all read, each with an address`() throws {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/registry/models"
        let names = try FileSystem.list(root)
        #expect(names.count >= 8)
        for name in names {
            let read = try ModelDescription(parsing: FileSystem.read("\(root)/\(name)"), file: name)
            #expect(ModelName(read.model).map { $0.fileName + ".toml" } == name)
            #expect(read.source.hasPrefix("https://"))
        }
    }
}
