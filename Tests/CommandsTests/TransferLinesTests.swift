import Basics
import TestSupport
import Testing

@testable import Commands

@Suite struct `What a person sees of a transfer` {
    private let start = ContinuousClock.now
    private let address = "https://example.org/r.git"

    private func received(_ bytes: Int64, _ parts: Int, _ total: Int) -> TransferEvent {
        .received(address: address, .init(bytes: bytes, parts: parts, total: total))
    }

    @Test func `is how much has come, how fast, and how long it will take`() {
        var lines = TransferLines()
        let first = lines.take(received(0, 0, 400), at: start)
        #expect(first.kept == nil && first.passing == "receiving \(address): 0%")
        let second = lines.take(received(3 << 20, 100, 400), at: start + .seconds(2))
        #expect(second.kept == nil)
        #expect(second.passing == "receiving \(address): 25%, 3.0 MiB, 1.5 MiB/s, 6 s left")
        let last = lines.take(.ended(address: address), at: start + .seconds(3))
        #expect(last.kept == nil && last.passing == nil)
    }

    @Test func `is a plain line now and then where there is no terminal`() {
        var lines = TransferLines()
        var kept: [String] = []
        for second in 0..<60 {
            let event = received(Int64(second) * 1024 * 20, second, 60)
            if let line = lines.take(event, at: start + .seconds(second)).kept { kept.append(line) }
        }
        #expect(kept.count == 11)
        #expect(kept.last == "receiving \(address): 91%, 1.1 MiB, 20 KiB/s, 5 s left")
    }

    @Test func `keeps its numbers on a narrow terminal: the address loses its middle`() {
        var lines = TransferLines()
        let long = "https://example.org/a/very/long/way/to/a/repository/of/skills.git"
        func event(_ bytes: Int64) -> TransferEvent {
            .received(address: long, .init(bytes: bytes, parts: 100, total: 400))
        }
        _ = lines.take(event(0), at: start)
        let line = lines.take(event(3 << 20), at: start + .seconds(2), width: 80).passing ?? ""
        #expect(line.hasSuffix("skills.git: 25%, 3.0 MiB, 1.5 MiB/s, 6 s left") && line.count <= 80, "\(line)")
        #expect(line.hasPrefix("receiving https://") && line.contains("…"))
        let narrow = lines.take(event(3 << 20), at: start + .seconds(2), width: 20).passing ?? ""
        #expect(narrow.hasSuffix(": 25%, 3.0 MiB, 1.5 MiB/s, 6 s left"), "\(narrow)")
    }

    @Test func `is one of many at a time, with their number`() {
        var lines = TransferLines()
        _ = lines.take(received(10, 1, 2), at: start)
        let other = TransferEvent.received(address: "ssh://b", .init(bytes: 900, parts: 1, total: 3))
        let both = lines.take(other, at: start + .milliseconds(5))
        #expect(both.passing == "receiving ssh://b: 33%, 900 bytes, and 1 more")
        #expect(lines.take(.ended(address: "ssh://b"), at: start).passing?.contains(address) == true)
    }

    @Test func `is why it is tried again, once with its address`() {
        var lines = TransferLines()
        func failed(_ reason: String, _ milliseconds: Int) -> String? {
            lines.take(
                .failed(address: address, reason: reason, milliseconds: milliseconds, attempt: 2, attempts: 4),
                at: start
            ).kept
        }
        #expect(failed("early EOF", 480) == "\(address): early EOF; trying again in 480 ms (2 of 4)")
        #expect(failed("\(address) broke", 1900) == "\(address) broke; trying again in 2 s (2 of 4)")
    }

    @Test(.enabled(if: FileSystem.exists("/usr/bin/script")))
    func `is written over on a terminal, and gone at the end`() async throws {
        try await withCommandWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/remotes/r.git")
            try await remote.commit(["near/SKILL.md": .text(CommandWorld.skill.replacing("own", with: "near"))])
            try await GitWebServer.serving(world.scratch + "/remotes") { server in
                try world.writeManifest(["near = { git = \"\(server.open)/r.git\", path = \"near\" }"])
                let command = "TERM=xterm '\(try CommandWorld.binary())' install"
                let result = try await world.run(["script", "-qec", command, "/dev/null"])
                #expect(result.succeeded, "\(result.outputText)")
                #expect(result.outputText.contains("\r\u{1B}[Kreceiving \(server.open)/r.git: 100%"))
                #expect(result.outputText.contains("\r\u{1B}[Kinstalled "), "\(result.outputText)")
                // Nothing of the kind for those who asked for JSON, for quiet, or have no terminal.
                for words in [["--json"], ["-q"], []] {
                    try FileSystem.removeTree(world.cache)
                    let plain = try await world.run([try CommandWorld.binary(), "install"] + words)
                    #expect(plain.succeeded && !plain.errorText.contains("receiving"), "\(plain.errorText)")
                }
            }
        }
    }
}
