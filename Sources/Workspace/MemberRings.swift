import Basics
import SkillModel

extension Workspace {
    /// A ring of members that need one another by their paths, if there is one: it builds, but none of them can be used,
    /// released or taken out without all others, which nobody means by chance. The first by its folder; O(members + paths).
    static func ringRemark(_ folders: [FolderSkill], _ project: Project) -> [Diagnostic] {
        let places = Dictionary(
            folders.enumerated().map { ($1.path, $0) }, uniquingKeysWith: { first, _ in first })
        let needs = folders.map { skill in
            (skill.manifest?.dependencies ?? []).compactMap { $0.folder(from: skill.path).flatMap { places[$0.path] } }
        }
        guard let ring = firstRing(needs) else { return [] }
        let names = (ring + ring.prefix(1)).map { "\(folders[$0].name)" }
        let shown =
            names.count > 8 ? names.prefix(7).joined(separator: " → ") + " → …" : names.joined(separator: " → ")
        let first = folders[ring[0]]
        return [
            Diagnostic(
                "workspace.ring", .warning,
                ring.count == 1 ? "\(names[0]) needs itself" : "members need one another: \(shown)",
                at: SourceLocation(
                    file: first.path == project.root
                        ? Manifest.fileName : "\(project.shown(first.path))/\(Manifest.fileName)"),
                hint: ring.count == 1
                    ? "take it out of its own [dependencies]"
                    : "take one of these dependencies out, or move what both need into a skill of its own; a ring is installed "
                        + "and published as a whole")
        ]
    }

    /// The nodes of a ring in its order, from its first node on; nil when there is none. Without recursion: a chain may be as
    /// long as a workspace is large.
    static func firstRing(_ needs: [[Int]]) -> [Int]? {
        enum State { case new, open, done }
        var states = [State](repeating: .new, count: needs.count)
        for start in needs.indices where states[start] == .new {
            var path: [(node: Int, next: Int)] = [(start, 0)]
            states[start] = .open
            while let (node, next) = path.last {
                guard next < needs[node].count else {
                    states[node] = .done
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let needed = needs[node][next]
                switch states[needed] {
                case .done: continue
                case .open:
                    let ring = path.map(\.node).drop { $0 != needed }
                    guard let first = ring.min(), let place = ring.firstIndex(of: first) else { return nil }
                    return Array(ring[place...]) + Array(ring[..<place])
                case .new:
                    states[needed] = .open
                    path.append((needed, 0))
                }
            }
        }
        return nil
    }
}
