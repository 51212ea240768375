import Basics
import Testing

@testable import Formats

@Suite struct `Reading foreign JSON` {
    private func fault(_ text: String) -> Diagnostic? {
        do throws(DiagnosticsError) {
            _ = try StrictJSON.parse(Array(text.utf8), file: "x.jsonl", line: 7)
            return nil
        } catch {
            return error.diagnostics.first
        }
    }

    @Test func `a value is read with its members in order`() throws {
        let value = try StrictJSON.parse(
            Array(#" {"b": [1, -2.50, "x\u00e9\ud83d\ude00\n"], "a": {"t": true, "n": null}} "#.utf8), file: "x")
        #expect(value.members?.map(\.key) == ["b", "a"])
        #expect(value["b"]?.array == [.integer(1), .number("-2.50"), .string("xé😀\n")])
        #expect(value["a"]?["t"]?.boolean == true)
        #expect(value["a"]?["n"]?.isNull == true)
        #expect(value["c"] == nil)
    }

    @Test(arguments: [
        (#"{"a":1,"a":2}"#, "json.duplicate", 8), (#"{"a":1,"\u0061":2}"#, "json.duplicate", 8), ("", "json.syntax", 1),
        ("1 2", "json.syntax", 3), ("[1,]", "json.syntax", 4), (#"{"a":}"#, "json.syntax", 6), ("01", "json.syntax", 1),
        ("1.", "json.syntax", 3), ("-", "json.syntax", 1), ("nul", "json.syntax", 1), ("'a'", "json.syntax", 1),
        (#""\ud800""#, "json.escape", 2), (#""\udc00\ud800""#, "json.escape", 2), (#""\x""#, "json.escape", 2),
        ("\"a\u{1}\"", "json.control", 3), ("\"a", "json.unterminated", 1), ("[", "json.syntax", 2),
        ("\u{FEFF}1", "json.syntax", 1),
        ("NaN", "json.syntax", 1), ("{1:2}", "json.syntax", 2), ("[1 2]", "json.syntax", 4),
        (#"{"a" 1}"#, "json.syntax", 6),
    ])
    func `what readers disagree about is refused where it stands`(_ text: String, _ id: String, _ column: Int) throws {
        let found = try #require(fault(text))
        #expect(found.id == id)
        #expect(found.location == SourceLocation(file: "x.jsonl", line: 7, column: column))
    }

    @Test func `depth and size are bounded`() throws {
        #expect(fault(String(repeating: "[", count: 1_000_000))?.id == "json.depth")
        #expect(fault(String(repeating: #"{"a":"#, count: 100_000))?.id == "json.depth")
        #expect(fault(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) == nil)
        let error = #expect(throws: DiagnosticsError.self) {
            try StrictJSON.parse(Array("[1,2]".utf8), file: "x", limit: 4)
        }
        #expect(error?.diagnostics.first?.id == "json.size")
        let encoding = #expect(throws: DiagnosticsError.self) { try StrictJSON.parse([0x22, 0xFF, 0x22], file: "x") }
        #expect(encoding?.diagnostics.first?.id == "json.encoding")
    }

    @Test func `a wrong shape is said in words`() throws {
        struct Line: Decodable { var name: String; var tags: [Int] }
        func words(_ text: String) -> String? {
            let error = #expect(throws: DiagnosticsError.self) {
                try StrictJSON.decode(Line.self, from: Array(text.utf8), file: "x")
            }
            return error?.diagnostics.first?.message
        }
        let line = try StrictJSON.decode(Line.self, from: Array(#"{"name":"a","tags":[1],"later":1}"#.utf8), file: "x")
        #expect(line.name == "a" && line.tags == [1])
        #expect(words(#"{"tags":[1]}"#) == "'name' is missing")
        #expect(words(#"{"name":"a","tags":["x"]}"#) == "'tags[0]' has another type than it must have")
        #expect(words(#"{"name":"a","name":"b","tags":[]}"#) == "'name' stands twice")
    }
}
