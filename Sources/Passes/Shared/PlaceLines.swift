import SkillModel

/// Where packages come from, in the lines of settings (`.npmrc`, `pip.conf`, `.yarnrc`), as files hold them and as scripts write
/// them: `echo "@corp:registry=https://…" >> .npmrc`.
enum PlaceLines {
    private static let greatestLines = 20_000
    /// In bytes; a longer line is no setting.
    private static let longest = 2000

    /// `isShell`: a script's or a session's, where an assignment is for what the commands say, and `registry` may be any word's.
    /// O(n).
    static func read(_ text: String, isShell: Bool) -> [BundledFile.Place] {
        let writesNpm = !isShell || [".npmrc", ".yarnrc"].contains { text[...].range(of: $0) != nil }
        var found: [BundledFile.Place] = []
        for line in text.split(whereSeparator: \.isNewline).prefix(greatestLines) where line.utf8.count < longest {
            let start = line.drop { $0.isWhitespace }.first
            if start == "#" || start == ";" { continue }
            found += scopes(line)
            if writesNpm, registry(line) { found.append(.init(.npm)) }
            if PackagePlace.pipKeys.contains(where: { pip($0, in: line) }) { found.append(.init(.pip)) }
            if !isShell, let kind = variable(line) { found.append(.init(kind)) }
        }
        return found
    }

    /// `@corp:registry=https://…`, `"@corp:registry" "https://…"`.
    private static func scopes(_ line: Substring) -> [BundledFile.Place] {
        var found: [BundledFile.Place] = []
        var rest = line
        while let mark = rest.range(of: ":registry") {
            let name = rest[..<mark.lowerBound].reversed().prefix { $0.isLetter || $0.isNumber || "-_.~".contains($0) }
            let isScope = rest[..<mark.lowerBound].dropLast(name.count).last == "@"
            let value = rest[mark.upperBound...].drop { $0.isWhitespace || "=:\"'".contains($0) }
            if isScope, !name.isEmpty, !isUsual(value) { found.append(.init(.npm, of: "@" + String(name.reversed()))) }
            rest = rest[mark.upperBound...]
        }
        return found
    }

    /// `registry=https://…`, `registry "https://…"`; not an option's, and not a part of a longer name.
    private static func registry(_ line: Substring) -> Bool {
        guard let mark = line.range(of: "registry"), isFree(line[..<mark.lowerBound].last) else { return false }
        let rest = line[mark.upperBound...]
        let value = rest.drop { $0.isWhitespace || "=\"'".contains($0) }
        return value.startIndex != rest.startIndex && value.hasPrefix("http") && !isUsual(value)
    }

    /// `index-url = https://…`; pip takes `_` for `-`.
    private static func pip(_ key: String, in line: Substring) -> Bool {
        for form in [key, key.replacing("-", with: "_")] {
            guard let mark = line.range(of: form) else { continue }
            let before = line[..<mark.lowerBound]
            // In a text for `printf` a line's end is `\\n`.
            guard isFree(before.last) || before.hasSuffix("\\n") else { continue }
            let rest = line[mark.upperBound...].drop { $0 == " " || $0 == "\t" || $0 == "\"" }
            guard rest.first == "=" else { continue }
            let value = rest.dropFirst().drop { $0.isWhitespace }
            return !isUsual(value) && !["false", "0", "no"].contains(value.lowercased())
        }
        return false
    }

    /// `ENV PIP_INDEX_URL=https://…`, `PIP_INDEX_URL: https://…`.
    private static func variable(_ line: Substring) -> Dependency.Kind? {
        var rest = line
        while let start = rest.firstIndex(where: { $0.isLetter || $0 == "_" }) {
            let name = rest[start...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            rest = rest[name.endIndex...]
            guard name.utf8.count > 4, let kind = PackagePlace.kind(ofVariable: name) else { continue }
            let value = rest.drop { $0.isWhitespace || "=:\"'".contains($0) }
            let isSet = value.startIndex != rest.startIndex && !value.isEmpty
            if isSet, !isUsual(value) { return kind }
        }
        return nil
    }

    /// Whether what stands before a key ends another word.
    private static func isFree(_ before: Character?) -> Bool {
        guard let before else { return true }
        return before.isWhitespace || "\"'[{,".contains(before)
    }

    /// What a line has as a value, up to the quote that ends it.
    private static func isUsual(_ value: Substring) -> Bool {
        PackagePlace.isUsual(value.prefix { !"\"'>".contains($0) })
    }
}
