import Basics
import ContentStore

/// What is asked for, before anything is looked at on the disk.
extension InstallPlanner {
    /// One request a place. Places that two requests want for different variants are refused.
    mutating func distinct(_ requests: [InstallRequest]) throws(Diagnostic) -> [InstallRequest] {
        // By folded name: README and readme are one folder on some machines, and `==` of `String` is canonical.
        var chosen: [String: InstallRequest] = [:]
        var refused: Set<String> = []
        for request in requests.sorted(by: { ($0.folder, $0.name, $0.target) < ($1.folder, $1.name, $1.target) }) {
            guard isUsable(request) else { continue }
            let key = request.folder + "/" + request.name.uppercased().lowercased()
            guard let other = chosen[key] else {
                chosen[key] = request
                continue
            }
            if other.name.utf8.elementsEqual(request.name.utf8), try isSameSkill(other.tree, request.tree) {
                // The first one's variant serves both harnesses: they read the same.
                chosen[key]?.sharers.append(request.target)
                continue
            }
            refused.insert(key)
            plan.diagnostics.append(
                Diagnostic(
                    "install.conflict", .error,
                    "the targets '\(other.target)' and '\(request.target)' both install '\(request.name)' into "
                        + "\(request.folder), and their variants differ",
                    hint:
                        "install for one of them: `skvm install -t \(request.target)`; or give one another harness, "
                        + "or remove it"))
        }
        return chosen.filter { !refused.contains($0.key) }.values.sorted {
            ($0.folder + "/" + $0.name).utf8.lexicographicallyPrecedes(($1.folder + "/" + $1.name).utf8)
        }
    }

    /// Whether two variants have the same files but for the one that says for which target they were made.
    func isSameSkill(_ a: Digest, _ b: Digest) throws(Diagnostic) -> Bool {
        if a == b { return true }
        func files(_ tree: Digest) throws(Diagnostic) -> [TreeEntry] {
            do throws(StoreError) {
                return try store.entries(of: tree).filter { $0.path.text != Relocator.listPath }
            } catch { throw error.diagnostic }
        }
        return try files(a) == files(b)
    }

    private mutating func isUsable(_ request: InstallRequest) -> Bool {
        let place = request.folder + "/" + request.name
        let isName = RelativePath(request.name).map { $0.components.count == 1 && !$0.text.hasPrefix(".") } ?? false
        guard isName, request.name.utf8.count <= 255, !request.name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else {
            plan.diagnostics.append(
                Diagnostic("install.name", .error, "'\(request.package)' has a name that can't be a folder's"))
            return false
        }
        if let reason = Relocator.fault(ofPath: place) {
            plan.diagnostics.append(
                Diagnostic(
                    "install.path", .error, "'\(request.name)' can't be installed into \(request.folder): \(reason)",
                    hint: "rename the folder"))
            return false
        }
        // A text in single quotes that the compiler could not put into double ones.
        if place.utf8.contains(0x27), let file = try? VariantOutputs.fileWithQuotedToken(request.tree, in: store) {
            plan.diagnostics.append(
                Diagnostic(
                    "install.path", .error,
                    "'\(request.name)' can't be installed into \(request.folder): its path holds ', which would end a text "
                        + "in single quotes of \(file)",
                    hint: "rename the folder"))
            return false
        }
        guard HarnessFolder.canonical(request.folder).utf8.elementsEqual(request.folder.utf8) else {
            plan.diagnostics.append(
                Diagnostic(
                    "install.link", .error, "\(request.folder) has a symlink in its path",
                    hint: "name the folder itself"))
            return false
        }
        return true
    }
}
