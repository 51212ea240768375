import Basics
import Formats
import Git

/// What `registry.toml` says.
struct RegistryHeader {
    var name: String
    var description: String?

    /// Keys that are not known are passed over; a newer `version` is refused.
    init(parsing bytes: [UInt8], file: String) throws(DiagnosticsError) {
        do throws(DiagnosticsError) { try self.init(reading: bytes, file: file) } catch {
            throw error.inForeignFile(hint: "tell those who keep the registry")
        }
    }

    private init(reading bytes: [UInt8], file: String) throws(DiagnosticsError) {
        let document = try TOMLDocument(parsing: bytes, file: file, limit: 1 << 20)
        let known = ["version", "name", "description"]
        let findings = Findings()
        let record = TOMLRecord(
            document.root, "the registry", keys: known + document.root.values.map(\.key).filter { !known.contains($0) },
            findings: findings)
        let version = record.integer("version", in: 0...Int64.max)
        let name = record.string("name").map { String($0.shown(limit: 200)) }
        description = record.string("description").map { String($0.shown(limit: 1024)) }
        try findings.throwErrors()
        guard let version, let name else {
            throw DiagnosticsError(
                Diagnostic(
                    "registry.header", .error, "`\(version == nil ? "version" : "name")` is missing",
                    at: SourceLocation(file: file), hint: "tell those who keep the registry", fault: .outside))
        }
        guard version == RegistrySnapshot.formatVersion else {
            throw DiagnosticsError(
                Diagnostic(
                    "registry.format", .error,
                    "the registry has format \(version), and this skvm reads \(RegistrySnapshot.formatVersion)",
                    at: SourceLocation(file: file), hint: "use a newer skvm", fault: .outside))
        }
        self.name = name
    }
}
