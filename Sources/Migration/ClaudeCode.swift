package import Basics
import Formats
import SkillModel

/// Plugins of Claude Code: what its settings enable (`enabledPlugins`, `extraKnownMarketplaces`), and the user's
/// `plugins/known_marketplaces.json` and `plugins/installed_plugins.json`.
package enum ClaudeCode {
    package static let settings = ["settings.json", "settings.local.json"]
    package static let marketplaces = "plugins/known_marketplaces.json"
    package static let installed = "plugins/installed_plugins.json"
    /// The marketplace that every Claude Code knows.
    private static let official = "claude-plugins-official"

    /// The plugins that `settings` enable, from where these or `marketplaces` say; with the commits that `installed` has of
    /// them. Each is a file's bytes and name.
    ///
    /// Throws `DiagnosticsError` when one of the files is no JSON object.
    package static func read(
        settings: [(bytes: [UInt8], file: String)], marketplaces: (bytes: [UInt8], file: String)? = nil,
        installed: (bytes: [UInt8], file: String)? = nil
    ) throws(DiagnosticsError) -> ForeignSkills {
        var found = ForeignSkills()
        var known: [String: ForeignSkill.MarketplaceAddress] = [:]
        known[official] = RepositoryURL.shorthand("anthropics/claude-plugins-official").map {
            .repository($0, reference: nil)
        }
        var enabled: [String: (place: Int, location: SourceLocation)] = [:]
        var place = 0
        if let marketplaces {
            let location = SourceLocation(file: marketplaces.file)
            note(try object(marketplaces), in: &known, location, &found)
        }
        let commits = try commits(installed)
        for text in settings {
            let value = try object(text)
            let location = SourceLocation(file: text.file)
            note(value["extraKnownMarketplaces"], in: &known, location, &found)
            for plugin in value["enabledPlugins"]?.members ?? [] {
                // `false` in a later file turns off what an earlier one turned on.
                place += 1
                enabled[plugin.key] = plugin.value.boolean == false ? nil : (place, location)
            }
        }
        for (id, (_, location)) in enabled.sorted(by: { $0.value.place < $1.value.place }) {
            guard let at = id.lastIndex(of: "@"), at != id.startIndex else {
                found.reject("'\(id.shortened)' names no plugin of a marketplace", location)
                continue
            }
            let (plugin, market) = (String(id[..<at]), String(id[id.index(after: at)...]))
            guard let address = known[market] else {
                found.reject(
                    "'\(id.shortened)': no file says where the marketplace '\(market.shortened)' is", location,
                    hint: "name it under extraKnownMarketplaces of that file")
                continue
            }
            found.add(ForeignSkill(plugin, .plugin(plugin, address, commit: commits[id]), at: location))
        }
        return found
    }

    private static func object(_ text: (bytes: [UInt8], file: String)) throws(DiagnosticsError) -> JSONValue {
        let value = try StrictJSON.parse(text.bytes, file: text.file, limit: ForeignSkills.greatestSize)
        guard value.members != nil else {
            throw DiagnosticsError([
                Diagnostic(
                    "import.shape", .error, "Claude Code's file holds no object", at: SourceLocation(file: text.file))
            ])
        }
        return value
    }

    private static func note(
        _ value: JSONValue?, in known: inout [String: ForeignSkill.MarketplaceAddress], _ location: SourceLocation,
        _ found: inout ForeignSkills
    ) {
        for market in value?.members ?? [] {
            let source = market.value["source"]
            if let address = address(source) {
                known[market.key] = address
            } else {
                let kind = source?["source"]?.string ?? "missing"
                found.reject(
                    "the marketplace '\(market.key.shortened)' can't be used: its source is \(kind.shortened)", location
                )
            }
        }
    }

    private static func address(_ source: JSONValue?) -> ForeignSkill.MarketplaceAddress? {
        if let folder = source?["path"]?.string, ["directory", "local", "file"].contains(source?["source"]?.string) {
            return .folder(folder)
        }
        guard let text = source?["repo"]?.string ?? source?["url"]?.string,
            let url = RepositoryURL.shorthand(text), ["github", "git", "url"].contains(source?["source"]?.string)
        else { return nil }
        let reference = source?["ref"]?.string
        if let reference, GitSource.faultOfReference(reference) != nil { return nil }
        return .repository(url, reference: reference)
    }

    private static func commits(_ text: (bytes: [UInt8], file: String)?) throws(DiagnosticsError) -> [String: CommitID]
    {
        guard let text else { return [:] }
        var commits: [String: CommitID] = [:]
        for plugin in try object(text)["plugins"]?.members ?? [] {
            // Version 2 of the file has one record an installation, version 1 a single one.
            let records = plugin.value.array ?? [plugin.value]
            commits[plugin.key] = records.lazy.compactMap { $0["gitCommitSha"]?.string.flatMap { CommitID($0) } }.first
        }
        return commits
    }
}
