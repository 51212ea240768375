import Basics
import Passes
import TestSupport
import Testing

@Suite struct `A word in quotes` {
    @Test(arguments: [
        "", "a b", "it's", "''", "$HOME `id` $(id)", "a\\'b", "line\nend\r\n", "'\u{065C}; id #", "a'\u{301}'\u{200D}'",
        "\u{1F468}'\u{1F3FD}", "\"", "!x", "é'",
    ])
    func `is that word to a shell`(text: String) async throws {
        // The end keeps `$(…)` and the like of the test out of the question: what was printed is compared to the byte.
        let script = "printf '%s|' " + QuotedWord.shell(text)
        for shell in ["dash", "bash"] {
            let result = try await Program("/usr/bin/env", [shell, "-c", script]).run()
            #expect(
                result.status == 0 && Array(result.outputText.utf8) == Array((text + "|").utf8), "\(shell): \(script)")
        }
    }
}
