import Formats

extension HarnessDescription.Listing {
    /// Nil when a part is missing or wrong, which is in `findings` then.
    init?(_ table: TOMLTable, _ findings: Findings) {
        let record = TOMLRecord(
            table, "[listing]",
            keys: [
                "window-percent", "token-characters", "token-bytes", "characters", "entry", "fields", "paths", "source",
            ], findings: findings)
        let characters = record.integer("characters", in: 1...100_000_000)
        let entry = record.integer("entry", in: 1...100_000_000)
        if !record.has("characters"), !record.has("window-percent") {
            record.report(
                table.value, id: "toml.missing-key", "[listing] has neither 'window-percent' nor 'characters'",
                hint: "give one of them, or both; leave [listing] out where the harness documents no limit")
        }
        guard let source = record.requiredLine("source") else { return nil }
        self.init(
            share: Share(record), characters: characters.map(Int.init), entry: entry.map(Int.init),
            fields: Self.fields(record), paths: record.boolean("paths") ?? false, source: source)
    }

    private static func fields(_ record: TOMLRecord) -> [String] {
        let fields = record.strings("fields") ?? []
        if fields.count > 8, let first = fields.first {
            record.report(first.value, "'fields' has \(fields.count) keys, more than 8")
        }
        return fields.prefix(8).compactMap { text, value in
            let isKey = text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
                    || $0 == 0x5F
            }
            guard isKey, (1...64).contains(text.utf8.count) else {
                record.report(
                    value, "'\(text.shortened)' is no key of a front matter",
                    hint: "1 to 64 letters, digits, hyphens and underscores, like when_to_use")
                return nil
            }
            return text
        }
    }
}

extension HarnessDescription.Listing.Share {
    fileprivate init?(_ record: TOMLRecord) {
        let units: [(key: String, unit: Unit)] = [("token-characters", .characters), ("token-bytes", .bytes)]
        let given = units.filter { record.has($0.key) }
        guard record.has("window-percent") else {
            if let stray = given.first, let value = record.table[stray.key] {
                record.report(value, "'\(stray.key)' says nothing without 'window-percent'")
            }
            return nil
        }
        let percent = record.integer("window-percent", in: 1...100)
        guard given.count == 1, let unit = given.first else {
            record.report(
                record.table["window-percent"] ?? record.table.value, id: "harness.token",
                "'window-percent' needs one of 'token-characters' and 'token-bytes'",
                hint: "how many of them the harness takes for one token, like token-characters = 4")
            return nil
        }
        let perToken = record.integer(unit.key, in: 1...64)
        guard let percent, let perToken else { return nil }
        self.init(percent: Int(percent), perToken: Int(perToken), unit: unit.unit)
    }
}
