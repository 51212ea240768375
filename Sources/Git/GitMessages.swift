import Basics

/// What git writes to standard error while it works, read as it comes: how far it is, and what a person is to know.
///
/// Its messages may be a server's, and endless: no more than 64 KiB of them are kept, the first and the last.
struct GitMessages: Sendable {
    /// How often git told how far its own work is: no server can write such a line.
    private(set) var ownSteps = 0
    private var line: [UInt8] = []
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    private static let longestLine = 4 << 10
    private static let keptHead = 16 << 10
    private static let keptTail = 48 << 10

    /// All that is no progress.
    var text: String { String(decoding: head + tail + line, as: UTF8.self) }

    /// Takes what came; returns the newest amount that it tells of.
    mutating func take(_ bytes: [UInt8]) -> TransferEvent.Amount? {
        var newest: TransferEvent.Amount?
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else {
                if line.count < Self.longestLine { line.append(byte) }
                continue
            }
            if let amount = Self.amount(line[...]) { newest = amount }
            if Self.ownWork.contains(where: { line.starts(with: $0.utf8) }) { ownSteps += 1 }
            if byte == UInt8(ascii: "\n"), !Self.isProgress(line) { keep(line + [byte]) }
            line.removeAll(keepingCapacity: true)
        }
        return newest
    }

    private mutating func keep(_ line: [UInt8]) {
        if tail.isEmpty, head.count + line.count <= Self.keptHead {
            head += line
            return
        }
        tail += line
        // Seldom, and much at once: what comes without end must not be moved for each line.
        if tail.count > 2 * Self.keptTail { tail.removeFirst(tail.count - Self.keptTail) }
    }

    /// The words before the colon of a line of progress, git's own or, behind `remote: `, the server's.
    private static let steps = [
        "Enumerating objects", "Counting objects", "Compressing objects", "Receiving objects", "Resolving deltas",
        "Total ", "Writing objects",
    ]

    /// Before a push's first byte, and after a fetch's last.
    private static let ownWork = [
        "Enumerating objects", "Counting objects", "Compressing objects", "Resolving deltas",
    ]

    private static func isProgress(_ line: [UInt8]) -> Bool {
        let words = line.starts(with: "remote: ".utf8) ? line[8...] : line[...]
        return steps.contains { words.starts(with: $0.utf8) }
    }

    /// Of `Receiving objects:  45% (450/1000), 1.20 MiB | 600.00 KiB/s`. Only git itself is believed, no server.
    static func amount(_ line: ArraySlice<UInt8>) -> TransferEvent.Amount? {
        guard line.starts(with: "Receiving objects:".utf8), let open = line.firstIndex(of: UInt8(ascii: "(")),
            let close = line[open...].firstIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let counts = line[(open + 1)..<close].split(separator: UInt8(ascii: "/"))
        guard counts.count == 2, let parts = Int(text(counts[0])), let total = Int(text(counts[1])),
            (0...total).contains(parts)
        else { return nil }
        return TransferEvent.Amount(bytes: bytes(line[(close + 1)...]), parts: parts, total: total)
    }

    /// Of `, 1.20 MiB | …`; 0 when there is none yet.
    private static func bytes(_ rest: ArraySlice<UInt8>) -> Int64 {
        let words = rest.split(whereSeparator: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ",") })
        guard words.count >= 2, let number = Double(text(words[0])) else { return 0 }
        let unit: Double? =
            switch text(words[1]) {
            case "bytes": 1
            case "KiB": 1024
            case "MiB": 1_048_576
            case "GiB": 1_073_741_824
            default: nil
            }
        guard let unit, number.isFinite, number >= 0, number * unit < 1e18 else { return 0 }
        return Int64(number * unit)
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
