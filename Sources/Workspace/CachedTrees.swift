import Basics
import ContentStore
import SkillModel

/// What the cache has of the trees that a lock pins, every byte read again.
///
/// What is not there is made or fetched again by whoever needs it, and is no fault. What is there and is not what its name
/// says is one: something wrote to the cache, or its disk forgets.
struct CachedTrees {
    private(set) var whole = 0
    private(set) var lost = 0
    private(set) var diagnostics: [Diagnostic] = []

    /// Reading removes what is damaged. O(bytes). Throws when the store can't be read.
    init(of lock: Lockfile, in store: ContentStore) throws {
        var names: [Digest: [String]] = [:]
        for package in lock.packages {
            if let tree = package.tree { names[tree, default: []].append("\(package.id)") }
        }
        for variant in lock.variants {
            names[variant.tree, default: []].append("\(variant.package) for \(variant.target)")
        }
        var damaged: [Digest: [String]] = [:]
        for tree in names.keys.sorted() {
            let check = try store.check(tree, known: Set(damaged.keys))
            for fault in check.damaged {
                let file = fault.path.map { "\($0) of " } ?? ""
                damaged[fault.digest, default: []] += (names[tree] ?? []).map { "\(file)\($0)" }
            }
            if check.isWhole {
                whole += 1
            } else {
                lost += 1
                diagnostics.append(
                    Diagnostic(
                        "verify.not-cached", .note,
                        "\(tree), which skvm.lock pins of \(Self.words(names[tree] ?? [])), is not whole in the cache",
                        hint: "`skvm build` makes it again"))
            }
        }
        diagnostics += damaged.sorted { $0.key < $1.key }.map { digest, owners in
            Diagnostic(
                "verify.cache", .error, "\(digest) was damaged in the cache: \(Self.words(owners))",
                notes: ["it is no longer there, and nothing is made of it"],
                hint: "`skvm verify --repair` puts it back; if it comes again, look at the disk of \(store.root)",
                fault: .integrity)
        }
    }

    private static func words(_ names: [String]) -> String {
        names.sorted().prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
    }
}
