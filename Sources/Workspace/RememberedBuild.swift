import Basics
import BuildEngine
import SkillModel

/// What a memo keeps as the answer of a build: its report, and what is needed to give the next one when only some of its
/// skills were edited.
struct RememberedBuild: Equatable, Sendable {
    var report: BuildReport
    /// Of the lock's text that this build left.
    var lock: Digest
    /// How many diagnostics compiling each package gave, by name, where it gave any. They stand at the end of the report's,
    /// in the order of its variants. Nil of a report that has others behind them.
    var counts: [String: Int]?

    init(report: BuildReport, lock: Digest, counts: [String: Int]?) {
        self.report = report
        self.lock = lock
        self.counts = counts
    }

    /// As a build that did nothing will answer: it runs no pass, and changes no lock and no folder.
    var asRemembered: RememberedBuild {
        var copy = self
        copy.report.cached += report.ran.count
        copy.report.ran = []
        copy.report.unmet = nil
        // Of a target that the lock has by now.
        copy.report.diagnostics.removeAll { $0.id == "target.unmeasured" }
        copy.report.lockChanges = []
        copy.report.folders = report.folders.map { .init(action: "kept", package: $0.package, path: $0.path) }
        return copy
    }

    var encoded: [UInt8] {
        get throws {
            var encoder = ByteEncoder()
            encoder.block(try report.encoded)
            encoder.digest(lock)
            encoder.byte(counts == nil ? 0 : 1)
            encoder.count(counts?.count ?? 0)
            for (package, count) in (counts ?? [:]).sorted(by: { $0.key < $1.key }) {
                encoder.string(package)
                encoder.fixed(UInt32(clamping: count))
            }
            return encoder.bytes
        }
    }

    /// Reads what `encoded` wrote; throws for anything else.
    init(decoding bytes: ArraySlice<UInt8>) throws {
        var decoder = ByteDecoder(bytes)
        report = try BuildReport(decoding: try decoder.block())
        lock = try decoder.digest()
        counts = try decoder.byte() == 1 ? [:] : nil
        for _ in 0..<(try decoder.count()) {
            counts?[try decoder.string()] = Int(try decoder.fixed(UInt32.self))
        }
        guard decoder.isAtEnd else { throw ByteDecoder.Damaged() }
    }

    /// What compiling one package gave.
    struct Part: Sendable {
        /// As the report has them.
        var diagnostics: [Diagnostic]
        /// By target; one that could not be compiled has none.
        var trees: [String: Digest]
    }

    /// The report of a build that differs from this one in these packages alone; its paths and numbers are this one's.
    /// Nil when the report is not of the shape that can be changed so.
    func replacing(_ parts: [String: Part]) -> RememberedBuild? {
        guard let counts else { return nil }
        var next = self
        var old = report.diagnostics[...]
        let leading = old.count - counts.values.reduce(0, +)
        guard leading >= 0 else { return nil }
        next.report.diagnostics = Array(old.prefix(leading))
        old = old.dropFirst(leading)
        next.report.variants = []
        var last: String?
        for variant in report.variants {
            let part = parts[variant.package]
            if variant.package != last {
                let count = counts[variant.package] ?? 0
                let diagnostics = part?.diagnostics ?? Array(old.prefix(count))
                old = old.dropFirst(count)
                next.report.add(diagnostics)
                next.counts?[variant.package] = diagnostics.isEmpty ? nil : diagnostics.count
            }
            last = variant.package
            var copy = variant
            if let part {
                guard let tree = part.trees[variant.target] else { continue }
                copy.tree = tree
            }
            next.report.variants.append(copy)
        }
        // A package whose variants don't stand together, or that has none, can't be told apart.
        return old.isEmpty ? next : nil
    }
}
