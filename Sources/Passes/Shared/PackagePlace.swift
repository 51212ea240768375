import SkillModel

/// Where package managers are told to take packages from, by variables, commands and lines of settings: what is said here is
/// another place than the usual registry, under whose names somebody else's packages may stand.
enum PackagePlace {
    /// Whether an address, or an option's value, is the usual registry itself. Nothing but its plain address is.
    static func isUsual(_ address: some StringProtocol) -> Bool {
        let bare = address.drop(while: isPadding)
        guard bare.hasPrefix("https://") else { return false }
        var rest = bare.dropFirst(8)
        while let last = rest.last, isPadding(last) || last == "/" { rest = rest.dropLast() }
        if rest.contains(where: { $0.isWhitespace || $0 == "," }) { return false }
        return registries.contains(String(rest.prefix { $0 != "/" }))
    }

    private static let registries: Set<String> = [
        "pypi.org", "pypi.python.org", "registry.npmjs.org", "registry.yarnpkg.com", "rubygems.org", "index.crates.io",
    ]

    /// Conda's channels that everybody has.
    static let channels: Set<String> = [
        "conda-forge", "defaults", "main", "r", "anaconda", "bioconda", "pytorch", "nvidia",
    ]

    private static func isPadding(_ character: Character) -> Bool {
        character.isWhitespace || character == "\"" || character == "'" || character == "`"
    }

    // MARK: Variables

    /// The kind of packages that a variable says the place of: `PIP_INDEX_URL`, `npm_config_registry`.
    static func kind(ofVariable name: some StringProtocol) -> Dependency.Kind? {
        let name = name.uppercased()
        guard marks.contains(where: { name.contains($0) }), !others.contains(where: { name.hasSuffix($0) }) else {
            return nil
        }
        return prefixes.first { name.hasPrefix($0.prefix) }?.kind
    }

    private static let marks = [
        "INDEX", "FIND_LINKS", "REGISTRY", "REGISTRIES", "REPOSITORIES", "SOURCE", "MIRROR", "CONFIG_FILE",
        "USERCONFIG", "GLOBALCONFIG", "PYPI_URL",
    ]
    private static let others = ["_PROTOCOL", "_STRATEGY", "_TOKEN"]
    private static let prefixes: [(prefix: String, kind: Dependency.Kind)] = [
        ("PIP_", .pip), ("UV_", .pip), ("POETRY_", .pip), ("PDM_", .pip), ("NPM_CONFIG_", .npm), ("PNPM_", .npm),
        ("YARN_", .npm), ("BUN_", .npm), ("COREPACK_", .npm), ("CARGO_", .cargo), ("BUNDLE_", .gem), ("GEM_", .gem),
    ]

    private static func kind(ofAssignment word: String) -> Dependency.Kind? {
        guard let equals = word.firstIndex(of: "="), !isUsual(word[word.index(after: equals)...]) else { return nil }
        return kind(ofVariable: word[..<equals])
    }

    /// Whether one of the assignments before a command names another place.
    static func isElsewhere(_ assignments: [String]) -> Bool { assignments.contains { kind(ofAssignment: $0) != nil } }

    // MARK: Commands

    /// The places that a command sets for those after it: `export PIP_INDEX_URL=…`, `npm config set @corp:registry …`. An
    /// assignment before a command is for that command alone, one without a command for what follows.
    static func set(_ words: ArraySlice<String>, assignments: [String]) -> [BundledFile.Place] {
        guard let first = words.first else { return assignments.compactMap(kind(ofAssignment:)).map { .init($0) } }
        let rest = words.dropFirst()
        if exporting.contains(first) { return exported(rest) }
        if first.lowercased().hasPrefix("$env:") {
            let value = rest.drop { $0 == "=" }.first ?? ""
            return isUsual(value)
                ? [] : kind(ofVariable: first.dropFirst(5).prefix { $0 != "=" }).map { [.init($0)] } ?? []
        }
        return configured(first, rest.filter { !$0.hasPrefix("--location") && $0 != "-g" && $0 != "--global" })
    }

    private static let exporting: Set<String> = ["export", "declare", "typeset", "set", "setx", "env", "readonly"]

    private static func exported(_ words: ArraySlice<String>) -> [BundledFile.Place] {
        for (index, word) in zip(words.indices, words) where !word.contains("=") {
            // fish and Windows have the value in the next word.
            guard let kind = kind(ofVariable: word), let value = words[(index + 1)...].first else { continue }
            return isUsual(value) ? [] : [.init(kind)]
        }
        return words.compactMap(kind(ofAssignment:)).map { .init($0) }
    }

    private static func configured(_ program: String, _ words: [String]) -> [BundledFile.Place] {
        let isPython = program.hasPrefix("python") && words.starts(with: ["-m", "pip"])
        let words = isPython ? Array(words.dropFirst(2)) : words
        switch isPython ? "pip" : program {
        case "pip", "pip3":
            guard words.starts(with: ["config", "set"]), words.count > 3 else { return [] }
            let key = words[2].split(separator: ".").last.map { String($0.replacing("_", with: "-")) } ?? ""
            return pipKeys.contains(key) && !isUsual(words[3]) ? [.init(.pip)] : []
        case "npm", "pnpm", "yarn", "bun":
            if ["login", "adduser"].contains(words.first) { return login(words) }
            let isSet = words.starts(with: ["config", "set"]) || words.first == "set"
            guard isSet else { return [] }
            let pair = words.dropFirst(words.first == "set" ? 1 : 2).flatMap { word in
                word.split(separator: "=", maxSplits: 1).map(String.init)
            }
            guard pair.count > 1, !isUsual(pair[1]) else { return [] }
            return npm(key: pair[0]).map { [$0] } ?? []
        case "poetry":
            let isUsual = words.contains(where: isUsual)
            return words.starts(with: ["source", "add"]) && !isUsual ? [.init(.pip)] : []
        case "pdm": return words.starts(with: ["config", "pypi.url"]) ? [.init(.pip)] : []
        case "gem":
            let adds = words.first == "sources" && words.contains { ["-a", "--add"].contains($0) }
            return adds && !words.contains(where: isUsual) ? [.init(.gem)] : []
        case "bundle":
            return words.first == "config" && words.contains { $0.hasPrefix("mirror.") } ? [.init(.gem)] : []
        default: return []
        }
    }

    private static func login(_ words: [String]) -> [BundledFile.Place] {
        func value(_ option: String) -> String? {
            for (word, next) in zip(words, words.dropFirst() + [""]) {
                if word == option { return next }
                if word.hasPrefix(option + "=") { return String(word.dropFirst(option.utf8.count + 1)) }
            }
            return nil
        }
        guard let scope = value("--scope"), let registry = value("--registry"), !isUsual(registry) else { return [] }
        return [.init(.npm, of: scope.hasPrefix("@") ? scope : "@" + scope)]
    }

    /// `registry`, `@corp:registry`, yarn's `npmRegistryServer` and `npmScopes.corp.npmRegistryServer`.
    private static func npm(key: String) -> BundledFile.Place? {
        if key == "registry" || key == "npmRegistryServer" { return .init(.npm) }
        if key.hasPrefix("@"), key.hasSuffix(":registry") { return .init(.npm, of: String(key.dropLast(9))) }
        let parts = key.split(separator: ".")
        guard parts.count == 3, parts[0] == "npmScopes", parts[2] == "npmRegistryServer" else { return nil }
        return .init(.npm, of: "@\(parts[1])")
    }

    static let pipKeys: Set<String> = ["index-url", "extra-index-url", "find-links", "no-index"]
}
