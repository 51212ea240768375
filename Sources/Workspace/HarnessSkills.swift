import Basics
import ContentStore
import Harness
import Migration
import Passes
import Registry
import SkillModel

/// Skill folders that stand where harnesses look, and that skvm did not install.
struct HarnessSkills {
    struct Copy: Sendable {
        /// Where a harness sees it.
        var place: String
        /// With all symlinks resolved.
        var path: String
        var name: PackageName
        var files: PackageFiles
    }

    /// A folder that can't be taken over.
    struct Refused: Sendable {
        var place: String
        var reason: String
    }

    private(set) var copies: [Copy] = []
    private(set) var refused: [Refused] = []
    /// Those that read the folders where copies were found.
    private(set) var harnesses: Set<String> = []
    private(set) var diagnostics: [Diagnostic] = []
    private var seen: Set<String> = []
    private let fetcher: PackageFetcher
    private let store: ContentStore

    init(_ workspace: Workspace) {
        store = workspace.store
        fetcher = workspace.fetcher
    }

    /// Takes in the skills of a folder, to a depth of two (some harnesses sort skills into categories). `passingOver` are
    /// absolute paths of skills that the project has by itself. A folder that can't be a skill, or can't be looked into, is a
    /// diagnostic.
    mutating func read(
        _ folder: String, of harnesses: Set<String> = [], passingOver own: Set<String>
    ) async throws {
        guard FileSystem.isDirectory(folder) else { return }
        let before = copies.count
        defer { if copies.count > before { self.harnesses.formUnion(harnesses) } }
        for name in names(in: folder) {
            let place = "\(folder)/\(name)"
            guard FileSystem.isDirectory(place) else { continue }
            if FileSystem.exists(place + "/SKILL.md") {
                try await take(place, own)
                continue
            }
            guard (try? FileSystem.status(place))?.kind == .directory else { continue }
            for inner in names(in: place) {
                if FileSystem.exists("\(place)/\(inner)/SKILL.md") { try await take("\(place)/\(inner)", own) }
            }
        }
    }

    /// What is not hidden in a folder, sorted.
    private mutating func names(in folder: String) -> [String] {
        var names: [String] = []
        do throws(FileError) {
            for bytes in try FileSystem.listBytes(folder) where bytes.first != 0x2E {
                if let name = String(validating: bytes, as: UTF8.self) {
                    names.append(name)
                } else {
                    passOver("\(folder)/\(String(decoding: bytes, as: UTF8.self))", "its name is not UTF-8")
                }
            }
        } catch {
            passOver(folder, error.description)
        }
        return names.sorted()
    }

    private mutating func passOver(_ place: String, _ reason: String) {
        diagnostics.append(
            Diagnostic("import.folder", .warning, "\(place.shown(limit: 300)) is passed over: \(reason)"))
    }

    private mutating func take(_ place: String, _ own: Set<String>) async throws {
        guard let path = FileSystem.realPath(place), !own.contains(path), seen.insert(path).inserted,
            !FileSystem.exists(place + "/.skvm/variant.json")
        else { return }
        do {
            let files = try await fetcher.fetch(.folder(path))
            let entries = files.entries.filter {
                !ClawHub.folders.contains($0.path.components.first.map(String.init) ?? "")
            }
            let root = try store.putTree(entries)
            let bytes = try PackageFiles(root: root, entries: entries, commit: nil).file("SKILL.md", in: store) ?? []
            let name = Parse.frontMatter(of: bytes).name.flatMap { PackageName($0) } ?? PackageName(unnamed: place)
            copies.append(
                Copy(
                    place: place, path: path, name: name,
                    files: PackageFiles(root: root, entries: entries, commit: nil)))
        } catch {
            guard let found = Workspace.diagnostics(of: error) else { throw error }
            diagnostics += found.map { $0.location == nil ? $0.inFile(place) : $0 }
            refused.append(Refused(place: place, reason: found.first?.message ?? "it can't be read"))
        }
    }
}

extension Workspace {
    /// The folders of all known harnesses, each once, with the harnesses that read it: below `root`, or with nil the user's.
    func harnessFolders(
        _ shelf: RegistryShelf, root: String?
    ) async throws -> [(path: String, harnesses: Set<String>)] {
        var folders: [(path: String, harnesses: Set<String>)] = []
        for entry in shelf.entries {
            guard let snapshot = try? await shelf.snapshot(entry) else { continue }
            for name in try await snapshot.names(of: .harnesses) {
                guard let (bytes, file) = try await snapshot.description(.harnesses, name),
                    let harness = try? HarnessDescription(parsing: bytes, file: file),
                    let folder = try? HarnessFolder.resolve(
                        harness, root.map { .project(root: $0) } ?? .user, environment: settings.environment)
                else { continue }
                if let known = folders.firstIndex(where: { $0.path == folder }) {
                    folders[known].harnesses.insert(name)
                } else {
                    folders.append((folder, [name]))
                }
            }
        }
        return folders
    }

    /// The release of any registry that has exactly these files under this name.
    func release(_ name: PackageName, _ tree: Digest, _ shelf: RegistryShelf) async throws -> (String, PackageRelease)?
    {
        for entry in shelf.entries {
            guard let snapshot = try? await shelf.snapshot(entry) else { continue }
            let releases = try await snapshot.releases(of: name) ?? []
            if let release = releases.last(where: { $0.tree == tree && !$0.isYanked }) { return (entry.name, release) }
        }
        return nil
    }
}
