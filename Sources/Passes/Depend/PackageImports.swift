import Basics
import SkillModel

/// Packages of the imports in a piece of code; standard libraries left out.
enum PackageImports {
    /// O(length).
    static func python(_ code: String) -> [String] { pythonModules(code).map(\.name) }

    /// With whether the code can do without it everywhere. O(length × depth of nesting).
    static func pythonModules(_ code: String) -> [(name: String, isGuarded: Bool)] {
        let guarded = PythonGuards.lines(Array(code.utf8))
        var found: [(name: String, isGuarded: Bool)] = []
        let lines = code.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, line) in lines.enumerated() {
            found += statements(line).map { ($0, guarded.contains(index + 1)) }
        }
        return merged(
            found.compactMap { item in PythonPackages.thirdParty(importName: item.name).map { ($0, item.isGuarded) } })
    }

    private static func statements(_ line: Substring) -> [String] {
        var names: [String] = []
        for line in line.split(separator: ";") {
            var line = line.drop { $0 == " " || $0 == "\t" }
            for head in ["try:", "except ImportError:", "except ModuleNotFoundError:"] where line.hasPrefix(head) {
                line = line.dropFirst(head.count)
            }
            let words = line.split { $0 == " " || $0 == "\t" }
            guard words.count > 1 else { continue }
            if words[0] == "from", words.count > 2, words[2] == "import" {
                // What a namespace gives is a module of its own: `from google import genai`.
                let isNamespace = ["google", "google.cloud", "azure"].contains(words[1])
                let given = words.dropFirst(3).map { $0.filter { $0 != "," && $0 != "(" && $0 != ")" } }
                if isNamespace { names += given.map { words[1] + "." + $0 } } else { names.append(String(words[1])) }
            } else if words[0] == "import" {
                let list = line.drop { $0 == " " || $0 == "\t" }.dropFirst(6)
                names += list.split(separator: ",").compactMap { $0.split(separator: " ").first.map(String.init) }
            }
        }
        return names
    }

    /// One of each name, guarded when all are.
    private static func merged(_ found: [(String, Bool)]) -> [(name: String, isGuarded: Bool)] {
        let needed = Set(found.filter { !$0.1 }.map(\.0))
        return unique(found.map(\.0)).map { ($0, !needed.contains($0)) }
    }

    /// With whether the code can do without it everywhere. O(length).
    static func javascriptModules(_ code: String) -> [(name: String, isGuarded: Bool)] {
        let names = javascript(code)
        guard code[...].range(of: "try") != nil || code[...].range(of: ".catch(") != nil else {
            return names.map { ($0, false) }
        }
        let read = JavaScriptImports.scan(Array(code.utf8))
        func packages(_ isGuarded: Bool) -> Set<String> {
            Set(
                read.filter { ($0.isGuarded == true) == isGuarded }.compactMap {
                    NodePackages.thirdParty(module: $0.name)
                })
        }
        let guarded = packages(true).subtracting(packages(false))
        return names.map { ($0, guarded.contains($0)) }
    }

    /// `from '…'`, `import '…'`, `require('…')`, `import('…')`. O(length).
    static func javascript(_ code: String) -> [String] {
        var names: [String] = []
        for line in code.split(whereSeparator: \.isNewline) {
            for marker in ["from ", "import ", "require(", "import("] {
                guard let at = line.range(of: marker) else { continue }
                let rest = line[at.upperBound...]
                guard let quote = rest.first, quote == "'" || quote == "\"" else { continue }
                let module = String(rest.dropFirst().prefix { $0 != quote })
                if let name = NodePackages.thirdParty(module: module) { names.append(name) }
            }
        }
        return unique(names)
    }

    private static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}
