import Basics
import SkillModel

/// Something fetched and run without a version: `npx some-tool`, `uvx x`, `pip install git+https://…` without a commit,
/// a server that a configuration starts so (`"command": "npx", "args": ["-y", "x"]`), `gh extension install x/y` without
/// `--pin`, `curl -o tool …/latest/tool` that is then made executable, `download [tool.zip](…) and run it`. Once a package. Tools
/// that a project has in its own tree (`npx tsc`) are no download.
enum UnpinnedDownloadRule: HazardRule {
    static let id = "hazard.unpinned-download"
    static let message = "downloads without a version and runs it"

    static func find(_ reading: SkillReading) -> [HazardFinding] {
        packages(reading) + servers(reading.document) + files(reading) + links(reading)
    }

    /// Commands of a configuration: a runner of packages by its name, and its arguments right after it. O(length).
    private static func servers(_ document: SkillDocument) -> [HazardFinding] {
        var seen: Set<String> = []
        return document.fragments.filter { ["json", "jsonc", "json5", "yaml", "toml"].contains($0.language) }
            .flatMap { fragment -> [HazardFinding] in
                let strings = strings(fragment, document)
                return strings.indices.compactMap { index in
                    guard runners.contains(strings[index].text), index > 0, strings[index - 1].text == "command"
                    else { return nil }
                    let rest = strings[(index + 1)...].prefix(8)
                    guard rest.first?.text == "args" else { return nil }
                    let words = [strings[index].text] + rest.dropFirst().map(\.text)
                    guard let name = unpinned(words), seen.insert(name).inserted else { return nil }
                    let start = strings[index].start
                    return HazardFinding(
                        kind: .unpinnedDownload, line: document.line(at: start),
                        span: SourceSpan(start, start + strings[index].text.utf8.count),
                        message: "downloads '\(name)' without a version and runs it")
                }
            }
    }

    private static let runners: Set<String> = ["npx", "uvx", "bunx", "pnpx"]

    /// What stands in double quotes, and the names of YAML's and TOML's keys. O(length).
    private static func strings(_ fragment: Fragment, _ document: SkillDocument) -> [(text: String, start: Int)] {
        var found: [(text: String, start: Int)] = []
        var index = fragment.content.start
        let end = min(fragment.content.end, document.bytes.count)
        while index < end, found.count < 512 {
            let byte = document.bytes[index]
            var after = index + 1
            if byte == .doubleQuote {
                while after < end, document.bytes[after] != byte, !document.bytes[after].isLineEnd { after += 1 }
                found.append((document.bytes.text(index + 1..<after), index + 1))
                after += 1
            } else if byte.isWord || byte == UInt8(ascii: "@") {
                while after < end, !document.bytes[after].isWhitespace, !stops.contains(document.bytes[after]) {
                    after += 1
                }
                found.append((document.bytes.text(index..<after), index))
            }
            index = after
        }
        return found
    }

    private static let stops: Set<UInt8> = [.colon, .comma, .equals, .closeBracket, .doubleQuote]

    /// A file that one command downloads from an address without a version and a later one of the block runs or makes
    /// executable. O(invocations).
    private static func files(_ reading: SkillReading) -> [HazardFinding] {
        var found: [HazardFinding] = []
        var loaded: (invocation: Invocation, name: String)?
        for invocation in reading.invocations where !invocation.isInline {
            if let last = loaded, last.invocation.origin != invocation.origin { loaded = nil }
            let words = invocation.unwrapped
            if ["curl", "wget"].contains(words.first), let address = words.first(where: { $0.contains("://") }),
                !isVersioned(address)
            {
                let flag = words.firstIndex { $0 == "-o" || $0 == "--output" || $0 == "-O" && words.first == "wget" }
                let named = flag.flatMap { $0 + 1 < words.endIndex ? words[$0 + 1] : nil }
                let redirected = invocation.redirections.first { $0.hasPrefix(">") }.map {
                    String($0.drop { $0 == ">" })
                }
                let name = (named ?? redirected ?? address).split(separator: "/").last.map(String.init) ?? ""
                loaded = name.isEmpty ? nil : (invocation, name)
            } else if let last = loaded, runs(words, last.name) {
                found.append(
                    HazardFinding(
                        kind: .unpinnedDownload, line: last.invocation.line, span: last.invocation.span,
                        message: "downloads '\(last.name)' without a version and runs it"))
                loaded = nil
            }
        }
        return found
    }

    private static func runs(_ words: ArraySlice<String>, _ file: String) -> Bool {
        guard let program = words.first else { return false }
        if program.hasSuffix("/" + file) { return true }
        let runners: Set<String> = ["chmod", "bash", "sh", "python", "python3", "node", "installer", "dpkg"]
        return runners.contains(program)
            && words.dropFirst().contains { $0.split(separator: "/").last.map(String.init) == file }
    }

    /// Text that sends the user to a download of a program without a version: the address has no number in its path.
    private static func links(_ reading: SkillReading) -> [HazardFinding] {
        let document = reading.document
        let sentences = Dictionary(grouping: reading.sentences, by: \.block).mapValues { $0.prefix(64) }
        let ran = programs(reading)
        return document.links.compactMap { link in
            guard !link.isImage, link.destination.contains("://"), !isVersioned(link.destination),
                case let path = path(of: link.destination).lowercased(), installers.contains(where: path.hasSuffix)
            else { return nil }
            let words = (sentences[link.block] ?? []).flatMap(\.words)
            guard running.isIn(words) || runsLater(link.destination, ran) else { return nil }
            return HazardFinding(
                kind: .unpinnedDownload, line: document.line(at: link.span.start), span: link.span,
                message: "has a program downloaded without a version and run")
        }
    }

    /// "Download tool.zip" and, in another line, "run tool.exe".
    private static func runsLater(_ address: String, _ programs: Set<String>) -> Bool {
        let file = path(of: address).split(separator: "/").last.map { $0.lowercased() } ?? ""
        return programs.contains(String(file.prefix { $0 != "." }))
    }

    /// What the text has one run by the names of executables, without their endings. O(words).
    private static func programs(_ reading: SkillReading) -> Set<String> {
        var found: Set<String> = []
        for sentence in reading.sentences where running.isIn(sentence.words) {
            for word in sentence.words where executables.contains(where: word.lower.hasSuffix) {
                found.insert(String(word.lower.prefix { $0 != "." }))
            }
        }
        return found
    }

    private static let executables = [".exe", ".app", ".msi", ".bat", ".cmd", ".ps1"]

    /// A number with a dot, or a commit, in the path.
    private static func isVersioned(_ address: String) -> Bool {
        let path = path(of: address)
        var previous: Character = " "
        var before: Character = " "
        for character in path {
            if before.isNumber, previous == ".", character.isNumber { return true }
            (before, previous) = (previous, character)
        }
        return path.split(separator: "/").contains { $0.count >= 40 && $0.allSatisfy(\.isHexDigit) }
    }

    /// What stands behind the host: `https://brew.sh` downloads no script.
    private static func path(of address: String) -> Substring {
        guard let scheme = address[...].range(of: "://") else { return "" }
        return address[scheme.upperBound...].drop { $0 != "/" }
    }

    private static let installers = [
        ".zip", ".exe", ".dmg", ".pkg", ".msi", ".tar.gz", ".tgz", ".sh", ".appimage", ".deb", ".rpm", ".ps1",
    ]
    private static let running = PhraseTable([
        "run", "execute", "launch", "install", "double-click", "start", "open",
    ])

    private static func packages(_ reading: SkillReading) -> [HazardFinding] {
        var seen: Set<String> = []
        return reading.invocations.compactMap { invocation in
            guard !invocation.isInline, invocation.role != .links, let name = unpinned(Array(invocation.unwrapped)),
                seen.insert(name).inserted
            else { return nil }
            return HazardFinding(
                kind: .unpinnedDownload, line: invocation.line, span: invocation.span,
                message: "downloads '\(name)' without a version and runs it")
        }
    }

    private static func unpinned(_ words: [String]) -> String? {
        if let (kind, word) = PackageRunnerRule.target(words), words.first != "python", words.first != "python3",
            let (name, version) = PackageName.parse(word, kind: kind), version == nil
        {
            let package = NodePackages.packageOfExecutable[name] ?? name
            return NodePackages.projectTools.contains(package) ? nil : name
        }
        if words.starts(with: ["gh", "extension", "install"]) || words.starts(with: ["gh", "ext", "install"]) {
            return words.contains("--pin") ? nil : words.dropFirst(3).first { $0.contains("/") }
        }
        if let install = Installer.parse(words[...]), install.kind == .pip {
            return install.packages.first { $0.hasPrefix("git+") && !$0.dropFirst(8).contains("@") }
        }
        return nil
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```bash
            ⟦npx some-tool run⟧
            ```
            """,
            finds: "downloads 'some-tool' without a version and runs it"),
        RuleExample(
            """
            ```json
            {"mcpServers": {"x": {"command": "⟦npx⟧", "args": ["-y", "some-server"]}}}
            ```
            """,
            finds: "downloads 'some-server' without a version and runs it"),
        RuleExample(
            """
            ```bash
            ⟦gh extension install owner/gh-tool⟧
            ```
            """,
            finds: "downloads 'owner/gh-tool' without a version and runs it"),
        RuleExample(
            """
            ```bash
            ⟦curl -L -o tool https://x.dev/latest/tool⟧
            chmod +x tool
            ```
            """,
            finds: "downloads 'tool' without a version and runs it"),
        RuleExample(
            """
            Download ⟦[tool.zip](https://x.dev/latest/tool.zip)⟧, unpack and run it.
            """,
            finds: "has a program downloaded without a version and run"),
        RuleExample(
            """
            Download ⟦[tool.zip](https://x.dev/latest/tool.zip)⟧.

            Start tool.exe before you go on.
            """,
            finds: "has a program downloaded without a version and run"),
        .nothing(
            """
            Install it from <https://brew.sh>.
            """),
        .nothing(
            """
            ```bash
            npx tsc --noEmit
            ```
            """),
        .nothing(
            """
            ```bash
            npx tool@1.2 run
            gh extension install owner/gh-tool --pin v1.2
            ```

            ```json
            {"x": {"command": "npx", "args": ["-y", "some-server@1.4.0"]}, "y": {"command": "node", "args": ["s.js"]}}
            ```
            """),
        .nothing(
            """
            ```bash
            curl -o t https://x.dev/v1.2.3/t
            chmod +x t
            ```
            """),
    ]
}
