import Basics
import ContentStore
import Git
import HTTP
import Registry
import SkillModel
import TestSupport

/// A scratch folder with a cache and a store, and registries made in it.
struct World: Sendable {
    let scratch: String

    func cache(isOffline: Bool = false) -> GitCache {
        GitCache(folder: scratch + "/cache", environment: RemoteRepository.environment, isOffline: isOffline)
    }

    var store: ContentStore { ContentStore(root: scratch + "/store") }

    func registry(_ address: String, isOffline: Bool = false) throws -> Registry {
        Registry(
            name: "default", location: try RegistryLocation(address, relativeTo: scratch),
            cache: cache(isOffline: isOffline))
    }

    func fetcher(isOffline: Bool = false) -> PackageFetcher {
        PackageFetcher(
            cache: cache(isOffline: isOffline), web: web(isOffline: isOffline), hubs: hubs(isOffline: isOffline),
            store: store)
    }

    func hubs(isOffline: Bool = false) -> Hubs {
        Hubs(
            client: HTTPClient(environment: [:], isOffline: isOffline) { _ in }, store: store, cache: scratch + "/hubs")
    }

    func web(isOffline: Bool = false) -> WebSources {
        WebSources(client: HTTPClient(environment: [:], isOffline: isOffline) { _ in }, store: store)
    }

    func package(
        _ remote: RemoteRepository, _ path: String? = nil, name: String? = nil, isOffline: Bool = false
    ) throws -> GitPackage {
        GitPackage(
            url: try GitURL(remote.url), path: path.flatMap { RelativePath($0) },
            name: name.flatMap { PackageName($0) }, cache: cache(isOffline: isOffline))
    }
}

func withWorld(_ body: @Sendable (World) async throws -> Void) async throws {
    try await withScratch { try await body(World(scratch: $0)) }
}

/// The digest that a skill of these files has.
func digest(_ files: [String: RemoteRepository.File]) throws -> Digest {
    try Tree.digest(
        files.compactMap { path, file in
            guard let path = RelativePath(path) else { return nil }
            return switch file {
            case .text(let text): TreeEntry(path, .file(Blob(of: Array(text.utf8)), executable: false))
            case .executable(let text): TreeEntry(path, .file(Blob(of: Array(text.utf8)), executable: true))
            case .link(let target): TreeEntry(path, .symlink(target: target))
            }
        })
}

let charts: [String: RemoteRepository.File] = [
    "SKILL.md": "---\nname: charts\ndescription: draws charts\n---\n", "scripts/draw.sh": .executable("#!/bin/sh\n"),
    "scripts/plot": .link("draw.sh"),
]
let palette: [String: RemoteRepository.File] = ["SKILL.md": "---\nname: palette\n---\n"]

/// The files of a registry with two packages: `charts` 1.0.0, 1.1.0 (yanked) and 1.2.0-beta, which needs `palette` 0.3.1.
func registryFiles() throws -> [String: RemoteRepository.File] {
    let tree = try digest(charts)
    let other = try digest(palette)
    var files: [String: RemoteRepository.File] = [
        "registry.toml": "version = 1\nname = \"test\"\ndescription = \"for tests\"\nlater = true\n",
        "index/ch/ar/charts.jsonl": .text(
            """
            {"name":"charts","version":"1.1.0","path":"skills/charts","tree":"\(tree)","yanked":true}
            {"name":"charts","version":"1.0.0","path":"skills/charts","tree":"\(tree)","dependencies":{"palette":"^0.3"},"description":"draws","keywords":["a","b"],"later":{"than":1}}

            {"name":"charts","version":"1.2.0-beta","path":"skills/charts","tree":"\(tree)"}

            """),
        "index/pa/le/palette.jsonl": .text(
            #"{"name":"palette","version":"0.3.1","path":"skills/palette","tree":"\#(other)"}"# + "\n"),
        "profiles/openclaw/qwen--qwen3.5-9b.toml": "profile\n", "harnesses/openclaw.toml": "harness\n",
        "environments/debian-12-x86_64.toml": "environment\n",
    ]
    for (path, file) in charts { files["skills/charts/\(path)"] = file }
    for (path, file) in palette { files["skills/palette/\(path)"] = file }
    return files
}

/// Writes files, executables and links below a folder.
func lay(_ files: [String: RemoteRepository.File], in root: String) throws {
    for (path, file) in files {
        let full = root + "/" + path
        if let parent = FileSystem.parent(of: full) { try FileSystem.makeDirectories(parent) }
        switch file {
        case .text(let text): try FileSystem.write(Array(text.utf8), to: full)
        case .executable(let text):
            try FileSystem.write(Array(text.utf8), to: full)
            try FileSystem.setMode(full, 0o755)
        case .link(let target): try FileSystem.makeLink(full, to: target)
        }
    }
}
