import Foundation
import PackagePlugin

/// Generates `PassDigests.swift`: for each pass the digest of the source files that decide what it puts out.
///
/// So a pass's implementation digest, a part of every action key, changes whenever its code does, and nobody has to
/// remember to raise a number. What a pass shares with others (`Shared`, `Parse`, the document's types and the formats)
/// counts for each of them, and so do the folders of other passes that it uses. `Scripts/check-house.py` holds this table
/// against the sources.
@main
struct PassDigests: BuildToolPlugin {
    private static let uses: [String: [String]] = [
        "Catalogue": ["Depend", "Flow", "Gap", "Hazards", "Lower", "Require", "Solidify"],
        "Custom": ["Link"],
        "Guard": ["Custom", "Depend", "Flow", "Link", "Lower", "Require", "Schedule", "Solidify"],
        "Hazards": ["Depend"],
        "Inspection": [
            "Custom", "Depend", "Flow", "Gap", "Guard", "Hazards", "Link", "Lower", "Require", "Schedule", "Solidify",
        ],
        "Lower": ["Custom", "Depend", "Flow", "Gap", "Guard", "Link", "Require", "Schedule", "Solidify"],
        "Require": ["Custom", "Depend", "Flow", "Gap", "Guard", "Link", "Lower", "Schedule", "Solidify"],
        "Schedule": ["Custom", "Depend", "Flow", "Gap", "Guard", "Link", "Lower", "Require", "Solidify"],
        "Solidify": ["Custom", "Depend", "Flow", "Gap", "Guard", "Link", "Lower", "Require", "Schedule"],
    ]

    func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
        let sources = context.package.directoryURL.appending(path: "Sources")
        let passes = sources.appending(path: "Passes")
        let shared =
            files(below: passes.appending(path: "Shared")) + files(below: passes.appending(path: "Parse"))
            + ["Document", "Analysis", "Target", "Variant"].flatMap {
                files(below: sources.appending(path: "SkillModel").appending(path: $0))
            } + files(below: sources.appending(path: "Formats")) + files(below: sources.appending(path: "Basics"))
        let folders = try FileManager.default.contentsOfDirectory(
            at: passes, includingPropertiesForKeys: [.isDirectoryKey]
        )
        .filter { $0.hasDirectoryPath && $0.lastPathComponent != "Shared" }
        .sorted { $0.lastPathComponent < $1.lastPathComponent }

        let output = context.pluginWorkDirectoryURL.appending(path: "PassDigests.swift")
        var arguments = [output.path, sources.path, "--shared"] + shared.map(\.path)
        var inputs = shared
        for folder in folders {
            let others = Self.uses[folder.lastPathComponent] ?? []
            let own = ([folder] + others.map { passes.appending(path: $0) }).flatMap { files(below: $0) }
            arguments += ["--pass", folder.lastPathComponent.lowercased()] + own.map(\.path)
            inputs += own
        }
        return [
            .buildCommand(
                displayName: "Digest the passes' sources", executable: try context.tool(named: "pass-digests").url,
                arguments: arguments, inputFiles: inputs, outputFiles: [output])
        ]
    }

    private func files(below folder: URL) -> [URL] {
        let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL }
        return (all ?? []).filter { $0.pathExtension == "swift" }.sorted { $0.path < $1.path }
    }
}
