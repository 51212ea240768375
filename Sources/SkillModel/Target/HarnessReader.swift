package import Basics
import Formats

extension HarnessDescription {
    /// Reads a harness descriptor strictly (`docs/formats/harness.md`). Throws `DiagnosticsError` with everything wrong in it.
    package init(parsing bytes: [UInt8], file: String) throws(DiagnosticsError) {
        let document = try TOMLDocument(parsing: bytes, file: file, limit: 1 << 20)
        let findings = Findings()
        let record = TOMLRecord(
            document.root, "the harness descriptor",
            keys: ["version", "name", "title", "skills", "supports", "listing"],
            findings: findings)
        guard record.checkFormat(known: 1, id: "harness.version", what: "the harness descriptor") else {
            throw DiagnosticsError(findings.diagnostics)
        }
        let name: TargetName? = record.requiredValue("name")
        let title = record.requiredLine("title", limit: 128)
        var project: String?
        var global: String?
        var source: String?
        var others: [String] = []
        var isOwnFirst = false
        _ = record.required("skills", hint: "add a [skills] table with project, global and source")
        if let table = record.table("skills") {
            let skills = TOMLRecord(
                table, "[skills]", keys: ["project", "global", "also-reads", "own-first", "source"], findings: findings)
            project = skills.parsed("project", { RelativePath($0) != nil && $0.isPrintable ? $0 : nil }) { _ in
                "a relative path without '..', like .claude/skills"
            }
            global = skills.parsed("global", { Self.isGlobalFolder($0) ? $0 : nil }) { _ in
                "a folder like ~/.openclaw/skills, or ${OPENCLAW_HOME:-~/.openclaw}/skills"
            }
            others = Self.others(skills)
            isOwnFirst = skills.boolean("own-first") ?? false
            source = skills.requiredLine("source")
            if !skills.has("project"), !skills.has("global") {
                skills.report(
                    table.value, id: "harness.folders", "the harness has no folder for skills",
                    hint: "give project, global or both")
            }
        }
        let support = record.table("supports").map { Support($0, findings) } ?? Support()
        let listing = record.table("listing").flatMap { Listing($0, findings) }
        try findings.throwErrors()
        self.init(
            name: name?.description ?? "", title: title ?? "", projectFolder: project, globalFolder: global,
            support: support, source: source ?? "", listing: listing, alsoReads: others, isOwnFirst: isOwnFirst)
    }

    private static func others(_ skills: TOMLRecord) -> [String] {
        (skills.strings("also-reads") ?? []).prefix(17).enumerated().compactMap { number, item in
            let (text, value) = item
            let isFolder =
                isGlobalFolder(text)
                || RelativePath(text) != nil && text.isPrintable && !text.hasPrefix("$") && !text.hasPrefix("~")
            if number < 16, isFolder { return text }
            skills.report(
                value, id: "harness.folders",
                number < 16
                    ? "'\(text.shortened)' is no folder of a project or of the user" : "that are too many folders",
                hint: "give up to 16 like .claude/skills, ~/.claude/skills")
            return nil
        }
    }

    /// `~/…`, `/…`, or `${NAME:-…}/…` with one of those two inside; no `.` and `..` on the way.
    private static func isGlobalFolder(_ text: String) -> Bool {
        guard text.isPrintable, text.utf8.count <= 1024 else { return false }
        guard text.hasPrefix("${") else { return isRootedFolder(text[...]) }
        guard let close = text.firstIndex(of: "}") else { return false }
        let rest = text[text.index(after: close)...]
        let inside = text[text.index(text.startIndex, offsetBy: 2)..<close]
        guard let colon = inside.firstIndex(of: ":"), inside[colon...].hasPrefix(":-"), colon > inside.startIndex,
            inside[..<colon].utf8.allSatisfy({
                (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
            })
        else { return false }
        let isBelow = rest.isEmpty || (rest.hasPrefix("/") && RelativePath(rest.dropFirst()) != nil)
        return isBelow && isRootedFolder(inside[colon...].dropFirst(2))
    }

    private static func isRootedFolder(_ text: Substring) -> Bool {
        if text == "~" { return true }
        let rest = text.hasPrefix("~/") ? text.dropFirst(2) : text.hasPrefix("/") ? text.dropFirst(1) : ""
        return RelativePath(rest) != nil
    }

    /// SHA-256 of the canonical JSON: the same for files that differ only in comments, order and layout, and in `[listing]`.
    package func digest() throws -> Digest { Digest(of: try CanonicalJSON.encode(self)) }
}

extension HarnessDescription.Support {
    fileprivate init(_ table: TOMLTable, _ findings: Findings) {
        let record = TOMLRecord(
            table, "[supports]", keys: ["batched-calls", "sub-agents", "body-tokens"], findings: findings)
        self.init(
            batchedCalls: record.boolean("batched-calls") ?? false, subAgents: record.boolean("sub-agents") ?? false,
            bodyTokens: record.integer("body-tokens", in: 1...10_000_000).map(Int.init))
    }
}
