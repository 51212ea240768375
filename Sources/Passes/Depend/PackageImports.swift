import Basics
import SkillModel

/// Packages of the imports in a piece of code; standard libraries left out.
enum PackageImports {
    /// O(length).
    static func python(_ code: String) -> [String] {
        var names: [String] = []
        for line in code.split(whereSeparator: { $0 == "\n" || $0 == "\r\n" || $0 == ";" }) {
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
        return unique(names.compactMap { PythonPackages.thirdParty(importName: $0) })
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
