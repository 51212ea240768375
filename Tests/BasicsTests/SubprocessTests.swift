import Basics
import Testing

struct ProgramTests {
    /// Much more than a pipe takes before somebody reads it.
    private static let long = [UInt8](repeating: 0x61, count: 10 << 20)

    @Test func `a program may end at once, and leave all of a long input unread`() async throws {
        for _ in 0..<20 {
            let result = try await Program("sh", ["-c", "exit 3"]).run(input: Self.long)
            #expect(result.status == 3)
            let watched = try await Program("sh", ["-c", "echo no >&2; exec 0<&-; exit 4"]).run(input: Self.long) { _ in
            }
            #expect(watched.status == 4)
        }
    }

    @Test func `a program that is no program is an error, whatever its input`() async throws {
        await #expect(throws: ProgramError.self) {
            try await Program("/nonexistent/program", []).run(input: Self.long)
        }
    }

    @Test func `a program reads all of its input, and its end`() async throws {
        let result = try await Program("wc", ["-c"]).run(input: Self.long)
        #expect(result.outputText.filter { $0.isNumber } == "\(10 << 20)")
        #expect(try await Program("cat", []).run().output.isEmpty)
    }
}
