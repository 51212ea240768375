import Foundation
import PackagePlugin

/// Generates `EmbeddedRegistryFiles.swift` from the folder `registry/`: the default registry travels inside the binary, so
/// that `skvm add NAME` works on a machine that has nothing but skvm.
@main
struct EmbedRegistry: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
        let registry = context.package.directoryURL.appending(path: "registry")
        let files =
            (FileManager.default.enumerator(at: registry, includingPropertiesForKeys: [.isRegularFileKey])?
            .compactMap { $0 as? URL } ?? [])
            .filter { (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true }
            .filter { !$0.path.contains("/registry/tools/") && !$0.path.contains("__pycache__") }
            .sorted { $0.path < $1.path }
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedRegistryFiles.swift")
        return [
            .buildCommand(
                displayName: "Embed the default registry", executable: try context.tool(named: "embed-registry").url,
                arguments: [output.path, registry.path] + files.map(\.path), inputFiles: files, outputFiles: [output])
        ]
    }
}
