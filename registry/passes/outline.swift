// outline: gives a long skill a list of its sections before the first of them.
//
// A custom pass of skvm (docs/formats/pass-protocol.md), and the example of one in Swift. In skvm.toml:
//
//     [passes.outline]
//     command = ["swift", "passes/outline.swift"]
//     inputs = ["document"]
//     phrases = ["Sections of this skill:"]
//
// Interpreted, it needs a Swift toolchain below /usr or /opt and about a second. Compiled, a few milliseconds:
//
//     swiftc -O -static-stdlib passes/outline.swift -o passes/outline       command = ["passes/outline"]

#if canImport(FoundationEssentials)
    import FoundationEssentials
    import Glibc
#else
    import Foundation
#endif

let protocolVersion = 1
let opening = "Sections of this skill:"
/// A skill with fewer sections is its own outline.
let leastSections = 6

struct Request: Decodable {
    struct Document: Decodable {
        struct Section: Decodable {
            var level: Int
            var title: String
            /// Byte offsets of the heading in the text.
            var heading: [Int]
        }
        struct Block: Decodable {
            var kind: String
            var text: String
        }
        var sections: [Section]
        var blocks: [Block]
    }
    var text: String
    var document: Document
}

struct Answer: Encodable {
    struct Edit: Encodable {
        var span: [Int]
        var replacement: String
        var rule: String
        var reason: String
    }
    var `protocol` = protocolVersion
    var edits: [Edit] = []
}

func fail(_ message: String) -> Never {
    fputs("outline: \(message)\n", stderr)
    exit(1)
}

func outline(_ request: Request) -> Answer {
    let sections = request.document.sections.filter { $0.level == 2 }
    let isThere = request.document.blocks.contains { $0.kind == "paragraph" && $0.text == opening }
    guard sections.count >= leastSections, !isThere, let place = sections.first?.heading.first else { return Answer() }
    // A title is plain text here: what would be markup in a list item is left out of the list rather than misread.
    let titles = sections.map(\.title).filter {
        $0.allSatisfy { $0.isLetter || $0.isNumber || " -,.:&'()/".contains($0) }
    }
    let end = request.text.contains("\r\n") ? "\r\n" : "\n"
    // Right below a text the opening would be a line of it.
    let above = Array(request.text.utf8).prefix(place).split(separator: 0x0A, omittingEmptySubsequences: false)
    let isBelowText = above.count > 1 && above[above.count - 2].contains { $0 > 0x20 }
    let lines = (isBelowText ? [""] : []) + [opening, ""] + titles.map { "- \($0)" } + ["", ""]
    return Answer(edits: [
        Answer.Edit(
            span: [place, place], replacement: lines.joined(separator: end), rule: "sections",
            reason: "\(titles.count) of \(sections.count) sections in one list")
    ])
}

struct Version: Decodable {
    var `protocol`: Int
}

var text = ""
while let line = readLine(strippingNewline: false) { text += line }
let input = Data(text.utf8)
guard let version = try? JSONDecoder().decode(Version.self, from: input) else { fail("the request is no JSON object") }
guard version.protocol == protocolVersion else { fail("it speaks protocol \(protocolVersion)") }
guard let request = try? JSONDecoder().decode(Request.self, from: input) else {
    fail("it needs inputs = [\"document\"]")
}
let encoder = JSONEncoder()
encoder.outputFormatting = .sortedKeys
guard let answer = try? encoder.encode(outline(request)) else { fail("its answer can't be encoded") }
print(String(decoding: answer, as: UTF8.self))
