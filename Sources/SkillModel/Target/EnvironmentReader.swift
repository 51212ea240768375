package import Basics
import Formats

extension EnvironmentDescription {
    /// Reads an environment's file strictly (`docs/formats/environment.md`). Throws `DiagnosticsError` with everything wrong
    /// in it.
    package init(parsing bytes: [UInt8], file: String) throws(DiagnosticsError) {
        let document = try TOMLDocument(parsing: bytes, file: file, limit: 4 << 20)
        let findings = Findings()
        let record = TOMLRecord(
            document.root, "the environment",
            keys: [
                "version", "name", "os", "distribution", "release", "architecture", "python", "package-managers",
                "tools", "packages",
            ], findings: findings)
        guard record.checkFormat(known: 1, id: "environment.version", what: "the environment") else {
            throw DiagnosticsError(findings.diagnostics)
        }
        let name = record.requiredParsed("name", Self.name) { _ in "a name like debian-12-x86_64" }
        let os = record.choice("os", ["linux", "macos"])
        let architecture = record.choice("architecture", ["x86_64", "arm64"])
        let distribution = record.line("distribution", limit: 64) ?? ""
        let release = record.line("release", limit: 64) ?? ""
        let managers = record.versions("package-managers")
        let tools = record.versions("tools")
        var packages: [String: [String: String]] = [:]
        if let table = record.table("packages") {
            let inner = TOMLRecord(table, "[packages]", keys: table.values.map(\.key), findings: findings)
            for value in table.values { packages[value.key] = inner.versions(value.key) }
        }
        var isManaged = false
        if let table = record.table("python") {
            let python = TOMLRecord(table, "[python]", keys: ["externally-managed"], findings: findings)
            isManaged = python.boolean("externally-managed") ?? false
        }
        try findings.throwErrors()
        self.init(
            name: name ?? "", os: os ?? "", distribution: distribution, release: release,
            architecture: architecture ?? "", packageManagers: managers, tools: tools, packages: packages,
            pythonExternallyManaged: isManaged)
    }

    private static func name(_ text: String) -> String? {
        if case .named(let name) = EnvironmentReference(text) { name } else { text == "host" ? text : nil }
    }

    /// SHA-256 of the canonical JSON: the same for files that differ only in comments, order and layout.
    package func digest() throws -> Digest { Digest(of: try CanonicalJSON.encode(self)) }

    /// The file that `init(parsing:file:)` reads: what `skvm environment capture` writes. Sorted.
    package func encoded() -> [UInt8] {
        var lines = ["version = 1"]
        for (key, value) in [
            ("name", name), ("os", os), ("distribution", distribution), ("release", release),
            ("architecture", architecture),
        ] where !value.isEmpty {
            lines.append("\(key) = \(TOMLLiteral.quoted(value))")
        }
        lines += ["[python]", "externally-managed = \(pythonExternallyManaged)"]
        func table(_ header: String, _ entries: [String: String]) {
            guard !entries.isEmpty else { return }
            lines.append("[\(header)]")
            lines += entries.sorted { precedes($0.key, $1.key) }.map {
                "\(TOMLLiteral.keyText($0.key)) = \(TOMLLiteral.quoted($0.value))"
            }
        }
        table("package-managers", packageManagers)
        table("tools", tools)
        for (manager, entries) in packages.sorted(by: { precedes($0.key, $1.key) }) {
            table("packages.\(TOMLLiteral.keyText(manager))", entries)
        }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }
}

extension TOMLRecord {
    fileprivate func choice(_ key: String, _ choices: [String]) -> String? {
        requiredParsed(key, { choices.contains($0) ? $0 : nil }, fault: { _ in choices.joined(separator: " or ") })
    }

    /// A table of names with versions, `""` where a version isn't known.
    fileprivate func versions(_ key: String) -> [String: String] {
        guard let table = table(key) else { return [:] }
        let record = TOMLRecord(table, "[\(key)]", keys: table.values.map(\.key), findings: findings)
        var versions: [String: String] = [:]
        for value in table.values {
            guard !value.key.isEmpty, value.key.isPrintable, value.key.utf8.count <= 256 else {
                record.report(value, "'\(value.key.shortened)' is no name")
                continue
            }
            versions[value.key] = record.line(value.key, limit: 256)
        }
        return versions
    }
}
