import Basics
import ContentStore
import Passes
import SkillModel

/// What is refused of packages before a manifest names them.
extension Workspace {
    /// Throws what `parse` says of packages that the lock did not have: with one that no build takes, nothing of the project
    /// could be installed any more. O(size of those).
    func requireSkills(_ resolved: Resolved, besides old: Lockfile?) throws {
        // By what it is: under which name it is installed may have changed.
        let known = Set((old?.packages ?? []).map { Locked(name: $0.name, version: $0.version, tree: $0.tree) })
        var faults: [Diagnostic] = []
        for package in resolved.packages
        where !known.contains(
            Locked(
                name: package.ownName, version: package.id.version,
                tree: package.source.isFolder ? nil : package.tree))
        {
            let result = try parse(package)
            if result.hasErrors {
                faults += Self.placed(result.diagnostics.filter { $0.severity == .error }, in: package)
            }
        }
        if !faults.isEmpty { throw DiagnosticsError(faults) }
    }

    private struct Locked: Hashable {
        var name: PackageName
        var version: Version
        var tree: Digest?
    }

    /// A resolved package's skill. What the store has lost is empty here: who compiles it says so.
    func parse(_ package: ResolvedPackage) throws -> PassResult<SkillDocument> {
        let files = try package.entries.map { entry -> SourceFile in
            switch entry.kind {
            case .symlink(let target): return SourceFile(path: entry.path, bytes: Array(target.utf8), isSymlink: true)
            case .file(let blob, let executable):
                let bytes = blob.size <= 4 << 20 ? try store.get(blob.digest) ?? [] : []
                return SourceFile(path: entry.path, bytes: bytes, size: Int(blob.size), isExecutable: executable)
            }
        }
        return Parse.run(files, folderName: package.folderName)
    }
}

extension Diagnostic {
    /// A hint to run the command again names what was to be added: the project has it no more.
    func forInstalling(_ specs: [String]) -> Diagnostic {
        guard ["install.conflict", "harness.scope"].contains(id) else { return self }
        var copy = self
        copy.hint = hint?.replacing("`skvm install -", with: "`skvm install \(specs.joined(separator: " ")) -")
        return copy
    }
}
