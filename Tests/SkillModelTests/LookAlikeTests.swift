import Basics
import SkillModel
import Testing

/// Skills found in the wild, where the machine has them beside the repository.
private let corpus: String? = {
    var folder = FileSystem.parent(of: #filePath)
    while let path = folder {
        if FileSystem.isDirectory(path + "/shared/corpus") { return path + "/shared/corpus" }
        folder = path == "/" ? nil : FileSystem.parent(of: path)
    }
    return nil
}()

@Suite struct `Names that one is taken for the other` {
    @Test(arguments: [
        ("pdf-tools", "pdftools", LookAlike.separators), ("a.b", "a-b", .separators), ("a_b", "ab", .separators),
        ("open-claw", "0pen-c1aw", .letters), ("modern", "modem", .letters), ("web", "vveb", .letters),
        ("ssh-kit", "5sh-klt", .letters), ("pdf-tables", "pdf-tabels", .typing), ("pdf-tables", "pdf-table", .typing),
        ("weather", "wether", .typing), ("weather", "weathers", .typing), ("commit-message", "comit-message", .typing),
        ("charts", "chartz", .typing), ("charts", "xcharts", .typing),
    ])
    func `are told, from either side`(_ a: String, _ b: String, _ kind: LookAlike) {
        #expect(LookAlike(a, b) == kind)
        #expect(LookAlike(b, a) == kind)
    }

    @Test(arguments: [
        ("charts", "charts"), ("", "a"), ("csv-to-json", "tsv-to-json"), ("git", "gif"), ("log-reader", "logs-reader"),
        ("python-3", "python-2"), ("weather", "weather2"), ("release-12", "release-13"), ("pdf-tables", "pdf-charts"),
        ("charts", "chart-makers"), ("alpha", "omega"), ("tide-tables", "tables-tide"), ("tables", "tablesss"),
    ])
    func `are not other words and numbers`(_ a: String, _ b: String) {
        #expect(LookAlike(a, b) == nil)
        #expect(LookAlike(b, a) == nil)
    }

    @Test(.enabled(if: corpus != nil, "no folder shared/corpus beside the repository"))
    func `of the names of skills in the wild hardly two are alike`() throws {
        let names = try FileSystem.list(try #require(corpus)).filter { !$0.hasSuffix(".json") }
            .map { String($0.drop { $0 != "-" }.dropFirst()) }
        let distinct = Set(names).sorted()
        var alike: [String] = []
        for (place, name) in distinct.enumerated() {
            alike += distinct[(place + 1)...].filter { LookAlike(name, $0) != nil }.map { "\(name) \($0)" }
        }
        #expect(distinct.count > 300)
        #expect(alike.count <= 2, "\(alike)")
    }

    @Test func `letters of other scripts are named`() throws {
        let found = try #require(OtherScripts.inASCII("сhаrtѕ–ｋіt"))
        #expect(found.text == "charts-kit")
        #expect(found.letters.map { $0.value } == [0x441, 0x430, 0x455, 0x2013, 0xFF4B, 0x456])
        #expect(OtherScripts.inASCII("charts-kit") == nil)
        #expect(OtherScripts.inASCII("größe") == nil)
    }
}
