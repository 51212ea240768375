import Basics
import Testing

struct LineTableTests {
    @Test(arguments: [
        ("", [0]), ("a", [0]), ("a\n", [0, 2]), ("a\nb", [0, 2]), ("a\r\nb\r\n", [0, 3, 6]), ("a\rb", [0, 2]),
        ("\r\r\n\n", [0, 1, 3, 4]), ("é\né", [0, 3]), ("\n\r", [0, 1, 2]),
    ])
    func `lines begin after LF, CRLF or a lone CR`(text: String, starts: [Int]) {
        #expect(LineTable(text.utf8).starts == starts)
    }

    @Test func `offsets become lines and columns, and back`() {
        let text = "one\r\ntwo é\n\rfour"
        let table = LineTable(text.utf8)
        for offset in 0...text.utf8.count {
            let position = table.position(at: offset)
            #expect(table.offset(line: position.line, column: position.column) == offset)
            #expect(table.line(at: offset) == position.line)
        }
        #expect(table.position(at: 5) == (2, 1))
        #expect(table.span(ofLine: 2) == SourceSpan(5, 12))
    }

    @Test func `lines and columns that are not there stay inside the source`() {
        let table = LineTable("ab\ncd".utf8)
        #expect(table.offset(line: 1, column: 99) == 3)
        #expect(table.offset(line: 99, column: 1) == 5)
        #expect(table.offset(line: 0, column: 0) == 5)
        #expect(table.offset(line: 2, column: -5) == 3)
    }

    @Test func `spans know what they hold`() {
        let span = SourceSpan(2, 5)
        #expect(span.count == 3 && span.contains(2) && !span.contains(5))
        #expect(span.contains(SourceSpan(2, 5)) && !span.contains(SourceSpan(1, 3)))
        #expect(span.overlaps(SourceSpan(4, 9)) && !span.overlaps(SourceSpan(5, 9)))
    }
}
