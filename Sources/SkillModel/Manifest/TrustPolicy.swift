import Formats

/// `[trust]` of a manifest: which packages must be signed by somebody that is vouched for.
package struct TrustPolicy: Sendable, Hashable {
    /// The registries whose packages must be; nil for every package that is fetched.
    package var registries: [String]?

    package init(registries: [String]? = nil) { self.registries = registries }
}

extension TrustPolicy {
    init?(_ table: TOMLTable, known: [String], _ findings: Findings) {
        let record = TOMLRecord(table, "[trust]", keys: ["require", "registries"], findings: findings)
        let require = record.requiredParsed("require", { $0 == "signed" ? $0 : nil }) { _ in
            "there is one rule: require = \"signed\""
        }
        var registries: [String]?
        if let names = record.strings("registries") {
            registries = names.compactMap { name, value in
                if known.contains(name) { return name }
                record.report(
                    value, id: "manifest.registry", "no registry is named '\(name.shortened)'",
                    hint: "name one of [registries]")
                return nil
            }
        }
        if require == nil { return nil }
        self.init(registries: registries)
    }
}
