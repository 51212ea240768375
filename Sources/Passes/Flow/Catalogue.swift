import Basics
import SkillModel

/// Numbered parts that one chooses from: the operations on one kind of thing ("Create Agent", "Get Agent", "Delete
/// Agent"), or what stands under a title in the plural ("Common Workflows", "Recipes").
enum Catalogue {
    /// Whether three titles at least name operations on the same thing. O(words).
    static func lists(_ titles: [String]) -> Bool {
        var counts: [String: Set<String>] = [:]
        for title in titles {
            let words = WordScanner.words(title).map(\.lower).filter { !articles.contains($0) }
            guard words.count >= 2, operations.contains(words[0]) else { continue }
            counts[singular(words[1]), default: []].insert(words[0])
        }
        return counts.values.contains { $0.count >= 3 }
    }

    /// Whether a title announces several things of which each stands alone.
    static func isAnnounced(by title: String) -> Bool {
        WordScanner.words(title).contains { plurals.contains($0.lower) }
    }

    private static func singular(_ word: String) -> String {
        word.hasSuffix("s") && word.utf8.count > 3 ? String(word.dropLast()) : word
    }

    private static let articles: Set<String> = ["a", "an", "the", "all", "your", "new", "one"]
    private static let operations: Set<String> = [
        "create", "get", "list", "update", "delete", "add", "remove", "read", "search", "edit", "view", "patch", "show",
        "find", "query", "fetch", "retrieve",
    ]
    private static let plurals: Set<String> = [
        "workflows", "recipes", "examples", "scenarios", "patterns", "operations", "commands", "features", "options",
        "methods", "functions", "tools", "use-cases", "cases", "mistakes", "types", "components", "principles",
    ]
}
