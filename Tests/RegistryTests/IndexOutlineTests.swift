import Basics
import Git
import SkillModel
import TestSupport
import Testing

@testable import Registry

/// What is told of an index file's lines before they are read.
struct IndexOutlineTests {
    private static let tree = "sha256:" + String(repeating: "a", count: 64)

    private func line(_ version: String, _ more: String = "") -> String {
        #"{"name":"charts","version":"\#(version)","tree":"\#(Self.tree)"\#(more)}"#
    }

    private func outline(_ text: String) -> [IndexOutline.Line]? { IndexOutline.lines(of: Array(text.utf8)) }

    @Test func `is what a reader says of their versions and of what is withdrawn`() throws {
        let text = [
            line("1.2.0"), line("1.0.0", #","yanked":true"#), "", line("2.0.0-rc.1", #","yanked" : false "#),
            #" { "yanked":true, "dependencies":{"a":"^1","version":"^9"}, "version":"0.9.0", "x":[{"yanked":1},"}\"],"]"#
                + #", "y":-1.5e3, "z":null, "name":"charts", "tree":"\#(Self.tree)" } "#,
            line("3.0.0", #","description":"a \"version\":\"9.9.9\", and é\u00e9""#),
        ].joined(separator: "\n")
        let name = try #require(PackageName("charts"))
        let read = try IndexLine.parse(Array(text.utf8), of: name, file: "f")
        let found = try #require(outline(text))
        #expect(found.map(\.version) == read.map(\.version))
        #expect(found.map(\.isYanked) == read.map(\.isYanked))
        #expect(found.map(\.number) == [1, 2, 4, 5, 6])
        let lines = Array(text.utf8)
        #expect(
            try found.map { try IndexLine(lines[$0.place], of: name, file: "f", line: $0.number).tree }
                == read.map(\.tree))
        #expect(outline("")?.isEmpty == true)
    }

    @Test(arguments: [
        #"{"name":"charts","versi\u006fn":"1.0.0"}"#, #"{"version":"1.\u0030.0"}"#, #"{"version":"1.0"}"#,
        #"{"version":1}"#, #"{"version":"1.0.0","version":"2.0.0"}"#, #"{"version":"1.0.0","yanked":"no"}"#,
        #"{"version":"1.0.0","yanked":nul}"#, #"{"name":"charts"}"#, #"{"version":"1.0.0""#, #"{"version":"1.0.0"}}"#,
        #"["version","1.0.0"]"#, "{}", "1", #"{"version":"1.0.0","a":"open}"#, #"{"version":"1.0.0","a":[1}"#,
        #"{"version":"1.0.0","a":"\"#,
    ])
    func `leaves what is not plain to a reader`(_ text: String) {
        #expect(outline(line("0.1.0") + "\n" + text) == nil)
    }

    @Test func `serves the versions of a file that was read before, each read when it is wanted`() async throws {
        try await withWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/registry.git")
            let name = try #require(PackageName("charts"))
            let path = "index/ch/ar/charts.jsonl"
            func serve(_ lines: [String], _ time: Int) async throws -> String {
                let text = lines.joined(separator: "\n") + "\n"
                try await remote.commit(
                    ["registry.toml": "version = 1\nname = \"kept\"\n", path: .text(text), "t": .text("\(time)")],
                    time: 1_700_000_000 + time)
                return text
            }
            func list() async throws -> ReleaseList? { try await world.registry(remote.url).open().list(of: name) }
            _ = try await serve([line("1.1.0", #","dependencies":{"palette":"^1"}"#), line("1.0.0")], 1)
            let first = try #require(try await list())
            let second = try #require(try await list())
            #expect(try first.releases() == second.releases())
            #expect(second.items.map { "\($0.version)" } == ["1.0.0", "1.1.0"])
            #expect(try second.release(Version(1, 1, 0))?.dependencies.map(\.name.description) == ["palette"])
            #expect(try second.release(Version(9, 0, 0)) == nil)

            // A file that no reader takes, as if an older one had taken it: its other versions are served, the bad line is told
            // to whoever wants it, and to whoever wants all.
            let bad = try await serve([line("1.1.0", #","dependencies":{"palette":"oops"}"#), line("1.0.0")], 2)
            let refused = try? await list()
            #expect(refused == nil)
            let seen = world.cache().repository(try GitURL(remote.url)).seenPath + "/lines-v2/charts"
            let record = try FileSystem.readText(seen)
            let lines = record.drop { $0 != "\n" }
            try FileSystem.write(Array("\(record.prefix(40)) \(Digest(of: bad).hex)\(lines)".utf8), to: seen)
            let known = try #require(try await list())
            #expect(try known.release(Version(1, 0, 0))?.tree == Digest(text: Self.tree))
            let found = #expect(throws: DiagnosticsError.self) { try known.release(Version(1, 1, 0)) }
            #expect(found?.diagnostics.first?.id == "registry.bad-line")
            #expect(found?.diagnostics.first?.location?.line == 1)
            #expect(found?.diagnostics.first?.location?.file == "\(remote.url)/\(path)")
            #expect(throws: DiagnosticsError.self) { try known.releases() }
        }
    }
}
