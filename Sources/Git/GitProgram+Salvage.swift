import Basics

/// What a transfer that was cut off or killed has brought: git leaves it as the beginning of a pack, which no later fetch
/// goes on with. Whole objects of it are kept, so that only the others are fetched again.
extension GitProgram {
    /// Below this many bytes it is not worth a program's start.
    private static let worthIt = 64 << 10

    /// Puts the whole objects of half packs into the repository. The lock is held. Failing, it does no harm: what is
    /// missing is fetched.
    func salvage(_ folder: RepositoryFolder) async {
        let halves = (try? await Blocking.run { () throws(FileError) in try folder.halfPacks() }) ?? []
        for half in halves where half.bytes >= Self.worthIt {
            // Whatever is wrong with the rest, git ends with an error here: the pack has no end.
            let script = #"exec git "--git-dir=$1" unpack-objects -r -q < "$2""#
            _ = try? await Program(
                "/bin/sh", ["-c", script, "sh", folder.path, half.path], environment: environment
            ).run(limit: 1 << 20)
        }
    }
}
