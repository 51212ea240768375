package import Basics
import Formats

extension Profile {
    /// Reads a profile's file strictly (`docs/formats/profile.md`). Throws `DiagnosticsError` with everything wrong in it.
    package init(parsing bytes: [UInt8], file: String) throws(DiagnosticsError) {
        let document = try TOMLDocument(parsing: bytes, file: file, limit: 1 << 20)
        let findings = Findings()
        let record = TOMLRecord(
            document.root, "the profile", keys: ["version", "model", "harness", "measured", "source", "primitives"],
            findings: findings)
        guard record.checkFormat(known: 1, id: "profile.version", what: "the profile") else {
            throw DiagnosticsError(findings.diagnostics)
        }
        let model: ModelName? = record.requiredValue("model")
        let harness: TargetName? = record.requiredValue("harness")
        let measured = record.line("measured") ?? ""
        let source = record.line("source") ?? ""
        var measurements: [Primitive: Measurement] = [:]
        _ = record.required("primitives", hint: "add a [primitives.\"tool.exec\"] table for each measured primitive")
        for value in record.table("primitives")?.values ?? [] {
            guard let primitive = Primitive(rawValue: value.key) else {
                record.reportUnknownPrimitive(value)
                continue
            }
            guard let table = value.table else {
                let _: Int? = record.mistyped(value, "a table")
                continue
            }
            measurements[primitive] = Measurement(table, primitive, findings)
        }
        try findings.throwErrors()
        self.init(
            model: model?.description ?? "", harness: harness?.description ?? "", measurements: measurements,
            measured: measured, source: source)
    }

    /// SHA-256 of the canonical JSON: the same for files that differ only in comments, order and layout.
    package func digest() throws -> Digest { Digest(of: try CanonicalJSON.encode(self)) }
}

extension Profile.Measurement {
    fileprivate init?(_ table: TOMLTable, _ primitive: Primitive, _ findings: Findings) {
        let record = TOMLRecord(
            table, "the measurement of \(primitive.rawValue)", keys: ["level", "trials", "invalid", "note"],
            findings: findings)
        let level = record.requiredParsed("level", { Level(text: $0) }, fault: { _ in "a level is L0, L1, L2 or L3" })
        let note = record.line("note") ?? ""
        var trials: [Trials?] = [nil, nil, nil]
        for value in record.table("trials")?.values ?? [] {
            guard let place = Self.place(value.key) else {
                record.report(value, "'\(value.key.shortened)' is no level that is tried", hint: "L1, L2 and L3 are")
                continue
            }
            trials[place] = Self.trials(value, record)
        }
        for (text, value) in record.strings("invalid") ?? [] {
            guard let place = Self.place(text), trials[place] != nil else {
                record.report(value, "'\(text.shortened)' has no trials that could be invalid")
                continue
            }
            trials[place]?.valid = false
        }
        guard let level else { return nil }
        self.init(level: level, trials: trials, note: note)
    }

    private static func place(_ text: String) -> Int? {
        guard let level = Level(text: text), level > .l0 else { return nil }
        return level.rawValue - 1
    }

    /// `[passed, run]`.
    private static func trials(_ value: TOMLValue, _ record: TOMLRecord) -> Trials? {
        let numbers = value.array?.compactMap(\.integer) ?? []
        guard numbers.count == 2, value.array?.count == 2, numbers[1] >= 1, numbers[1] <= 100_000, numbers[0] >= 0,
            numbers[0] <= numbers[1]
        else {
            record.report(
                value, id: "profile.trials", "trials are [passed, run], not \(value.sourceText.shortened)",
                hint: "two integers, passed between 0 and run, run at least 1")
            return nil
        }
        return Trials(passed: Int(numbers[0]), run: Int(numbers[1]))
    }
}

extension TOMLRecord {
    fileprivate func reportUnknownPrimitive(_ value: TOMLValue) {
        let meant = nearest(to: value.key, in: Primitive.allCases.map(\.rawValue))
        let hint =
            value.table?["level"] == nil && value.table?.isEmpty == false
            ? "quote the name: [primitives.\"tool.exec\"]" : "docs/capabilities.md lists the 26 primitives"
        findings.add(
            Diagnostic(
                "profile.primitive", .error, "'\(value.key.shortened)' is no primitive", at: value.keyLocation,
                hint: meant.map { "did you mean '\($0)'?" } ?? hint))
    }
}
