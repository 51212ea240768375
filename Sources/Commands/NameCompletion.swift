import ArgumentParser
import Workspace

extension CompletionKind {
    /// The names of a kind that are there where the command line stands (`-C`), without those that it has already.
    static func names(of kind: NameKind) -> CompletionKind {
        .custom { words, index, _ in
            var arguments = ["-q"]
            if let place = words.lastIndex(of: "-C"), words.indices.contains(place + 1), place + 1 != index {
                arguments += ["-C", words[place + 1]]
            }
            let isGlobal = words.contains("--global") || words.contains("-g")
            guard let workspace = try? GlobalOptions.parse(arguments).workspace(global: isGlobal) else { return [] }
            let given = Set(words.enumerated().filter { $0.offset != index }.map(\.element))
            return workspace.names(of: kind).filter { !given.contains($0) }
        }
    }
}
