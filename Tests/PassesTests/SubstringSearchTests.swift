import Testing

@testable import Passes

/// The search over bytes against one over characters.
struct SubstringSearchTests {
    private func definition(_ needle: String, _ text: Substring) -> Range<Substring.Index>? {
        if needle.isEmpty { return nil }
        for start in text.indices where text[start...].hasPrefix(needle) {
            return start..<text.index(start, offsetBy: needle.count)
        }
        return nil
    }

    @Test func `finds what a search over characters finds`() {
        var generator = SystemRandomNumberGenerator()
        let parts = ["a", "b", "ab", " ", "/", "e", "\u{301}", "é", "\r\n", "\n", "\r", "✅", "👩‍👧", "\u{600}", "x"]
        func text(_ length: Int) -> String {
            (0..<length).map { _ in parts.randomElement(using: &generator) ?? "" }.joined()
        }
        for _ in 0..<4_000 {
            let whole = text(Int.random(in: 0...14, using: &generator))
            let part = whole.dropFirst(Int.random(in: 0...2, using: &generator))
            let needle = text(Int.random(in: 0...3, using: &generator))
            #expect(
                part.range(of: needle) == definition(needle, part),
                "\(needle.unicodeScalars.map(\.value)) in \(part.unicodeScalars.map(\.value))")
        }
    }
}
