import Basics
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a person sees of transfers: on a terminal one line that is written over, elsewhere a line now and then.
struct TransferLines: Sendable {
    /// What has come of one repository, and since when.
    struct Transfer: Sendable {
        var amount = TransferEvent.Amount(bytes: 0, parts: 0, total: 0)
        var began: ContinuousClock.Instant
        var told: ContinuousClock.Instant
    }

    /// Plain lines come so far apart.
    static let pace = Duration.seconds(5)

    private var running: [String: Transfer] = [:]

    /// What to show now that `event` came: a line to keep, a line to write over, which is nil for none and at most `width`
    /// characters long where the address can be cut that far.
    mutating func take(
        _ event: TransferEvent, at now: ContinuousClock.Instant = .now, width: Int = .max
    ) -> (kept: String?, passing: String?) {
        var kept: String?
        switch event {
        case .received(let address, let amount):
            var transfer = running[address] ?? Transfer(began: now, told: now)
            transfer.amount = amount
            if now - transfer.told >= Self.pace {
                transfer.told = now
                kept = Self.line(address, transfer, at: now)
            }
            running[address] = transfer
        case .ended(let address): running[address] = nil
        case .failed(let address, let reason, let milliseconds, let attempt, let attempts):
            running[address] = nil
            kept = "\(reason); trying again in \(Self.seconds(milliseconds)) (\(attempt) of \(attempts))"
            if !reason.contains(address) { kept = "\(address): " + (kept ?? "") }
        }
        let newest = running.max { ($0.value.began, $1.key) < ($1.value.began, $0.key) }
        guard let newest else { return (kept, nil) }
        let others = running.count > 1 ? ", and \(running.count - 1) more" : ""
        return (kept, Self.line(newest.key, newest.value, at: now, width: width - others.count) + others)
    }

    /// `receiving https://example.org/r.git: 45%, 1.2 MiB, 600 KiB/s, 3 s left`
    ///
    /// Where that is longer than `width`, the address loses its middle: how far it is must not be cut off.
    static func line(
        _ address: String, _ transfer: Transfer, at now: ContinuousClock.Instant, width: Int = .max
    ) -> String {
        let amount = transfer.amount
        let elapsed = (now - transfer.began) / .seconds(1)
        var words: [String] = []
        if amount.total > 0 { words.append("\(amount.parts * 100 / amount.total)%") }
        if amount.bytes > 0 { words.append(Self.bytes(Double(amount.bytes))) }
        if amount.bytes > 0, elapsed >= 1 { words.append(Self.bytes(Double(amount.bytes) / elapsed) + "/s") }
        // By parts: of bytes nobody says how many there will be.
        if amount.parts > 0, amount.parts < amount.total, elapsed >= 1 {
            let left = elapsed * Double(amount.total - amount.parts) / Double(amount.parts)
            words.append("\(Self.duration(left)) left")
        }
        let amounts = words.isEmpty ? "" : ": " + words.joined(separator: ", ")
        return "receiving \(shortened(address, max(width - amounts.count - 10, 8)))" + amounts
    }

    /// Its beginning and, what tells repositories apart, its end.
    private static func shortened(_ text: String, _ length: Int) -> String {
        if text.count <= length { return text }
        return "\(text.prefix((length - 1) / 3))…\(text.suffix(length - 1 - (length - 1) / 3))"
    }

    static func bytes(_ count: Double) -> String { ByteCount.shown(count) }

    private static func seconds(_ milliseconds: Int) -> String {
        milliseconds < 1000 ? "\(milliseconds) ms" : "\((milliseconds + 500) / 1000) s"
    }

    private static func duration(_ seconds: Double) -> String {
        guard seconds < 359_999 else { return "days" }
        let whole = Int(seconds.rounded(.up))
        if whole < 60 { return "\(whole) s" }
        return whole < 3600 ? "\(whole / 60) min" : "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}

/// The one line of a terminal that is written over. All that goes to stderr takes it away first.
enum PassingLine {
    private static let shown = Mutex(false)
    private static let lines = Mutex(TransferLines())

    static var isPossible: Bool {
        guard isatty(STDERR_FILENO) == 1 else { return false }
        guard let kind = getenv("TERM") else { return false }
        return strcmp(kind, "dumb") != 0
    }

    static func take(_ event: TransferEvent, _ terminal: Terminal) {
        let (kept, passing) = lines.withLock { $0.take(event, width: width) }
        if isPossible {
            if case .failed = event, let kept { terminal.note(kept) }
            show(passing)
        } else if let kept {
            terminal.note(kept)
        }
    }

    private static func show(_ line: String?) {
        shown.withLock { isShown in
            guard isShown || line != nil else { return }
            isShown = line != nil
            var text = "\r\u{1B}[K"
            if let line { text += fitting(Printable.line(line)) }
            write(text)
        }
    }

    /// Takes the line away, if there is one.
    static func clear() {
        shown.withLock { isShown in
            if isShown { write("\r\u{1B}[K") }
            isShown = false
        }
    }

    private static var width: Int { (Terminal.columns(of: .error) ?? 80) - 1 }

    private static func fitting(_ line: String) -> String {
        // A line that is broken over two can't be written over.
        String(line.unicodeScalars.prefix(width).map(Character.init))
    }

    private static func write(_ text: String) {
        let bytes = Array(text.utf8)
        // What can't be shown is no loss.
        _ = bytes.withUnsafeBytes { unsafeWrite(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

private func unsafeWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
