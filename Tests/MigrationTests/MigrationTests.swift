import Basics
import Formats
import Migration
import SkillModel
import Testing

private let commit = "7f3c9a4d2e1b8c7f0a9e6d5c4b3a2918f7e6d5c4"

private func fixture(_ name: String) throws -> (bytes: [UInt8], file: String) {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return (try FileSystem.read("/\(root)/lockfiles/foreign/\(name)"), name)
}

private func url(_ text: String) throws -> RepositoryURL { try #require(RepositoryURL(text)) }

private func wish(_ skill: ForeignSkill) -> ForeignSkill.Wish? {
    if case .git(_, _, let wish, _) = skill.source { wish } else { nil }
}

private func path(_ skill: ForeignSkill) -> String? {
    if case .git(_, let path, _, _) = skill.source { path?.text } else { nil }
}

@Suite struct `The files of other tools` {
    @Test func `the skills CLI's project lock gives folders, references and its hashes`() throws {
        let text = try fixture("skills-lock.json")
        let found = try SkillsCLI.read(text.bytes, file: text.file)
        #expect(found.diagnostics.isEmpty)
        #expect(found.skills.map(\.name) == ["tide-tables", "knots", "pilot", "charts-site", "own-notes"])
        let harbour = try url("https://github.com/harbour/skills")
        #expect(
            found.skills[0].source == .git(harbour, path: RelativePath("skills/tide-tables"), .newest, only: []))
        #expect(found.skills[1].source == .git(harbour, path: nil, .reference("v2"), only: ["knots"]))
        #expect(path(found.skills[2]) == nil)
        #expect(
            found.skills[3].source
                == .index(
                    try #require(WebURL("https://docs.example.org")), try #require(PackageName("charts-site")),
                    otherwise: "its source is well-known docs.example.org"))
        #expect(found.skills[4].source == .folder("./agents/own-notes"))
        #expect(
            found.skills[0].evidence
                == .contents("0c1f3b5e7d9a2c4e6f8091a3b5c7d9e1f20415263748596a7b8c9dadbecfd0e1"))
    }

    @Test(arguments: [
        (
            #""source": "example.org", "sourceUrl": "https://docs.example.org/team/.well-known/skills/charts/SKILL.md""#,
            "https://docs.example.org/team"
        ),
        (#""source": "http://127.0.0.1:8080""#, "http://127.0.0.1:8080"), (#""source": "example/org""#, ""),
        (#""source": "me:secret@example.org""#, ""),
    ])
    func `a skill of a host is looked for where its index is`(entry: String, address: String) throws {
        let text = "{\"skills\": {\"charts\": {\(entry), \"sourceType\": \"well-known\"}}}"
        let found = try SkillsCLI.read(Array(text.utf8), file: "skills-lock.json")
        switch try #require(found.skills.first).source {
        case .index(let url, let name, _): #expect(url.description == address && name.description == "charts")
        case .unsupported(let words): #expect(address.isEmpty && !words.contains("secret"))
        case let other: Issue.record("\(other)")
        }
    }

    @Test func `the skills CLI's global lock gives git trees`() throws {
        let text = try fixture(".skill-lock.json")
        let found = try SkillsCLI.read(text.bytes, file: text.file)
        #expect(found.skills[0].evidence == .gitTree("5b1d0f2c3a4e6978897a6b5c4d3e2f1001122334"))
        #expect(path(found.skills[0]) == "skills/tide-tables")
    }

    @Test func `APM's lock pins commits, and its manifest adds what the lock has not`() throws {
        let found = try APM.read(manifest: try fixture("apm.yml"), lock: try fixture("apm.lock.yaml"))
        #expect(found.diagnostics.isEmpty)
        let id = try #require(CommitID(commit))
        #expect(wish(found.skills[0]) == .commit(id))
        #expect(path(found.skills[0]) == "skills/tide-tables" && path(found.skills[1]) == "skills/moorings")
        guard case .git(_, nil, _, let only) = found.skills[2].source else {
            Issue.record("the bundle has another source")
            return
        }
        #expect(only == ["knots", "signals"])
        // A folder of a repository is called by the folder: `name` is the whole repository's.
        #expect(
            found.skills.prefix(7).map(\.name) == [
                "tide-tables", "moorings", "harbour-bundle", "toolkit", "own-notes", "berths", "pilotage",
            ])
        // A path that a package of the project declares is relative to that package.
        #expect(
            found.skills[4..<7].map(\.source) == [
                .folder("./packages/own-notes"), .folder("packages/berths"), .folder("packages/pilotage"),
            ])
        let added = found.skills.dropFirst(7)
        #expect(added.map(\.name) == ["safety.instructions.md", "pilot", "toolkit"])
        #expect(added.last?.source == .unsupported("its source is a registry of APM: harbour/toolkit"))
        #expect(found.skills[8].location.file == "apm.yml")
        #expect(found.skills[8].location.line == 7)
        let range = try #require(VersionRange("^1.4.0"))
        #expect(wish(found.skills[8]) == .range(range))
    }

    @Test(
        arguments: [
            // As versions wrote it that knew the parent alone.
            ("declaring_parent: ./packages/own", "./packages/berths"),
            ("declaring_parent: local:packages/own", "./packages/berths"),
            ("declaring_parent: local:packages/unknown/deep", "./packages/unknown/berths"),
            ("resolved_by: _local/own", "./packages/berths"),
            ("resolved_by: harbour/remote", nil),
            ("anchored_local_path: packages/berths", "packages/berths"),
        ] as [(String, String?)])
    func `a folder that a package of APM's lock names is sought beside that package`(
        line: String, folder: String?
    ) throws {
        let lock = """
            lockfile_version: '1'
            dependencies:
            - repo_url: _local/own
              source: local
              local_path: ./packages/own
            - repo_url: _local/berths
              source: local
              depth: 2
              local_path: ../berths
              \(line)
            """
        let found = try APM.read(manifest: nil, lock: (Array(lock.utf8), "apm.lock.yaml"))
        #expect(found.skills.map(\.name) == (folder == nil ? ["own"] : ["own", "berths"]))
        #expect(found.skills.last?.source == .folder(folder ?? "./packages/own"))
        #expect(found.diagnostics.count == (folder == nil ? 1 : 0))
    }

    @Test func `packages of APM's lock that name one another in a ring are told`() throws {
        let entries = ["a", "b"].map { name in
            "- repo_url: _local/\(name)\n  source: local\n  local_path: ../\(name)\n  resolved_by: _local/\(name == "a" ? "b" : "a")\n"
        }
        let lock = "lockfile_version: '1'\ndependencies:\n" + entries.joined()
        let found = try APM.read(manifest: nil, lock: (Array(lock.utf8), "apm.lock.yaml"))
        #expect(found.skills.isEmpty && found.diagnostics.count == 2)
    }

    @Test func `ToolHive's lock pins git skills by commit and names what it can't give`() throws {
        let text = try fixture("toolhive.lock.yaml")
        let found = try ToolHive.read(text.bytes, file: text.file)
        let id = try #require(CommitID(commit))
        #expect(wish(found.skills[0]) == .commit(id))
        #expect(path(found.skills[0]) == "skills/tide-tables")
        #expect(found.skills.dropFirst().allSatisfy { if case .unsupported = $0.source { true } else { false } })
        #expect(found.skills.map(\.name) == ["tide-tables", "signals", "dock-tools"])
    }

    @Test func `skillfold's manifest is read at the commits of its lock`() throws {
        let found = try Skillfold.read(manifest: try fixture("skillfold.yaml"), lock: try fixture("skillfold.lock"))
        #expect(found.diagnostics.isEmpty)
        #expect(found.skills.map(\.name) == ["tide-tables", "knots", "signals", "own-notes", "planning", "watch"])
        let id = try #require(CommitID(commit))
        #expect(wish(found.skills[0]) == .commit(id))
        #expect(wish(found.skills[1]) == .reference("main"))
        #expect(path(found.skills[2]) == "skills/signals")
        #expect(found.skills[3].source == .folder("./skills/own-notes"))
    }

    @Test func `ClawHub's lock names owners and versions, and a skill's own note the hub`() throws {
        let text = try fixture("clawhub/lock.json")
        let (tides, knots) = (try #require(PackageName("tide-tables")), try #require(PackageName("knots")))
        let words = "its source is ClawHub: @harbour/tide-tables 2.1.0"
        let found = try ClawHub.read(text.bytes, file: text.file)
        #expect(
            found.skills.map(\.source) == [
                .hub(nil, owner: HubOwner("harbour"), tides, Version(2, 1, 0), otherwise: words),
                .hub(nil, owner: nil, knots, nil, otherwise: "its source is ClawHub: knots"),
            ])
        let noted = try ClawHub.read(text.bytes, file: text.file) { name in
            name == knots ? Array(#"{"version": 1, "registry": "https://hub.example/"}"#.utf8) : nil
        }
        #expect(
            noted.skills[1].source
                == .hub(
                    WebURL("https://hub.example"), owner: nil, knots, nil, otherwise: "its source is ClawHub: knots"))
    }

    @Test(arguments: [
        #""../x": {"version": "1.0.0"}"#, #""a-b": {"version": "latest"}"#,
        #""a-b": {"version": "1.0.0", "ownerHandle": "../../x"}"#,
        #""a-b": {"version": "1.0.0", "sourceKind": "skills-sh"}"#,
    ])
    func `what of ClawHub's lock can't be asked for is asked of nobody`(_ entry: String) throws {
        let found = try ClawHub.read(Array("{\"skills\": {\(entry)}}".utf8), file: "lock.json") { _ in
            Array(#"{"registry": "https://hub.example"}"#.utf8)
        }
        guard case .unsupported = try #require(found.skills.first).source else {
            Issue.record("\(found.skills)")
            return
        }
    }

    @Test func `Claude Code's settings enable plugins of marketplaces at the commits it has`() throws {
        let found = try ClaudeCode.read(
            settings: [try fixture("claude/settings.json")],
            marketplaces: try fixture("claude/plugins/known_marketplaces.json"),
            installed: try fixture("claude/plugins/installed_plugins.json"))
        #expect(found.skills.map(\.name) == ["navigation", "signals", "reviewer"])
        let market = try url("https://github.com/harbour/plugins")
        #expect(
            found.skills[0].source
                == .plugin("navigation", .repository(market, reference: nil), commit: CommitID(commit)))
        #expect(found.skills[1].source == .plugin("signals", .folder("./drydock"), commit: nil))
        #expect(found.diagnostics.map(\.id) == ["import.entry"])
        #expect(found.diagnostics[0].message.contains("nowhere"))
    }
}

@Suite struct `Hostile files of other tools` {
    @Test(arguments: [
        "[]", "{", "{\"skills\": []}", "{\"skills\": {\"a\": {}, \"a\": {}}}",
        String(repeating: "[", count: 100_000),
    ])
    func `a lock that is none is refused with its file's name`(_ text: String) {
        #expect {
            _ = try SkillsCLI.read(Array(text.utf8), file: "skills-lock.json")
        } throws: { error in
            (error as? DiagnosticsError)?.diagnostics.allSatisfy { $0.location?.file == "skills-lock.json" } == true
        }
        #expect(throws: DiagnosticsError.self) { _ = try ClawHub.read(Array(text.utf8), file: "lock.json") }
    }

    @Test(arguments: [
        "../../etc", "/etc/passwd", "skills/../..", "a\u{0}b", "x\u{1B}[2J",
    ])
    func `a folder that leads elsewhere is told, and the other entries go on`(_ folder: String) throws {
        let json = """
            {"skills": {"bad": {"source": "a/b", "skillPath": \(TOMLLiteral.quoted(folder))},
            "good": {"source": "a/b", "skillPath": "skills/good/SKILL.md"}}}
            """
        let found = try SkillsCLI.read(Array(json.utf8), file: "skills-lock.json")
        #expect(found.skills.map(\.name) == ["good"])
        #expect(found.diagnostics.map(\.id) == ["import.entry"])
    }

    @Test(arguments: [
        "--upload-pack=touch /tmp/x", "ext::sh -c id", "a/../../b", "https://u:secret@host/r", "file:///etc", "a b/c",
    ])
    func `an address that git must not see is told without its password`(_ address: String) throws {
        let json = "{\"skills\": {\"bad\": {\"source\": \"\(address)\", \"sourceType\": \"git\"}}}"
        let found = try SkillsCLI.read(Array(json.utf8), file: "skills-lock.json")
        if address.hasPrefix("file://") {
            #expect(found.skills.count == 1)
        } else {
            #expect(found.skills.isEmpty)
            #expect(!found.diagnostics[0].message.contains("secret"))
        }
    }

    @Test func `YAML with duplicate keys, anchors or great depth is refused with a place`() {
        let texts = [
            "version: 1\nversion: 1\n", "a: &x [1]\nb: *x\n", String(repeating: " ", count: 300) + "a: 1\n",
            "version: 1\nskills: {", "",
        ]
        for text in texts {
            #expect {
                _ = try ToolHive.read(Array(text.utf8), file: "toolhive.lock.yaml")
            } throws: { error in
                (error as? DiagnosticsError)?.diagnostics.first?.location?.file == "toolhive.lock.yaml"
            }
        }
    }

    @Test func `another version than is known is refused, not guessed at`() {
        #expect {
            _ = try ToolHive.read(Array("version: 2\nskills: []\n".utf8), file: "toolhive.lock.yaml")
        } throws: { error in
            (error as? DiagnosticsError)?.diagnostics.first?.id == "import.version"
        }
        #expect(throws: DiagnosticsError.self) {
            _ = try APM.read(manifest: nil, lock: (Array("lockfile_version: '9'\n".utf8), "apm.lock.yaml"))
        }
    }

    @Test func `wrong types are told with their line`() throws {
        let text =
            "version: 1\nskills:\n  - 7\n  - name: a\n    source: 'git://x'\n  - name: b\n    source: ocr\n    digest: d\n"
        let found = try ToolHive.read(Array(text.utf8), file: "t")
        #expect(found.diagnostics.compactMap(\.location?.line) == [3, 4])
        #expect(found.skills.map(\.name) == ["b"])
    }

    @Test func `ten thousand entries are taken, and more are told`() throws {
        let entries = (0..<10_050).map { "\"s\($0)\": {\"source\": \"a/b\"}" }.joined(separator: ",")
        let found = try SkillsCLI.read(Array("{\"skills\": {\(entries)}}".utf8), file: "f")
        #expect(found.skills.count == ForeignSkills.greatestCount)
        #expect(found.diagnostics.count == 1)
        let exact = try SkillsCLI.read(
            Array(
                "{\"skills\": {\((0..<10_000).map { "\"s\($0)\": {\"source\": \"a/b\"}" }.joined(separator: ","))}}"
                    .utf8),
            file: "f")
        #expect(exact.skills.count == 10_000 && exact.diagnostics.isEmpty)
    }

    @Test func `what two files say of one name is put together in one pass, however many names there are`() throws {
        let plugins = (0..<60_000).map { "\"p\($0)@m\": true" }.joined(separator: ",")
        let market = "\"extraKnownMarketplaces\": {\"m\": {\"source\": {\"source\": \"directory\", \"path\": \"/m\"}}}"
        let claude = try ClaudeCode.read(settings: [
            (Array("{\(market), \"enabledPlugins\": {\(plugins)}}".utf8), "settings.json"),
            (Array("{\"enabledPlugins\": {\"p0@m\": false, \"p1@m\": true}}".utf8), "settings.local.json"),
        ])
        #expect(claude.skills.count == ForeignSkills.greatestCount && claude.skills.first?.name == "p2")

        let names = (0..<30_000).map { "s\($0)" }
        let wanted = names.map { "  \($0): github:a/b/\($0)@v1\n" }.joined()
        let pins = names.map { "  \($0):\n    source: github:a/b/\($0)@v1\n    resolved: github:a/b/\($0)@\(commit)\n" }
            .joined()
        let skillfold = try Skillfold.read(
            manifest: (Array("skills:\n\(wanted)".utf8), "skillfold.yaml"),
            lock: (Array("skills:\n\(pins)".utf8), "skillfold.lock"))
        let id = try #require(CommitID(commit))
        #expect(skillfold.skills.allSatisfy { wish($0) == .commit(id) })

        let locked = (0..<9_000).map { "- repo_url: a/b\n  virtual_path: s\($0)\n  resolved_commit: \(commit)\n" }
            .joined()
        let declared = (0..<9_100).map { "    - A/b/s\($0)#main\n" }.joined()
        let apm = try APM.read(
            manifest: (Array("dependencies:\n  apm:\n\(declared)".utf8), "apm.yml"),
            lock: (Array("lockfile_version: '1'\ndependencies:\n\(locked)".utf8), "apm.lock.yaml"))
        #expect(apm.skills.count == 9_100 && apm.skills.dropFirst(9_000).allSatisfy { wish($0) == .reference("main") })
    }

    @Test func `the places of a hundred thousand values of one line are found in one pass`() throws {
        let pairs = (0..<100_000).map { "s\($0): ./ä" }.joined(separator: ", ")
        let found = try Skillfold.read(manifest: (Array("skills: {\(pairs)}\n".utf8), "skillfold.yaml"), lock: nil)
        #expect(found.skills.count == ForeignSkills.greatestCount)
        #expect(found.skills.prefix(2).map(\.location.column) == [14, 24])
    }

    @Test(arguments: [
        "oauth2:glpat-SECRETTOKEN@gitlab.invalid/x/y", "me:SECRETTOKEN@gitlab.invalid/x", "glpat-SECRETTOKEN@h:x",
    ])
    func `an address that is written without its scheme and holds a token is refused, and the token shown nowhere`(
        address: String
    ) throws {
        let json = "{\"version\": 1, \"skills\": {\"a\": {\"source\": \"\(address)\", \"sourceType\": \"git\"}}}"
        let lock = "lockfile_version: '1'\ndependencies:\n- repo_url: \(address)\n"
        let manifest = "dependencies:\n  apm:\n    - git: \(address)\n"
        for found in [
            try SkillsCLI.read(Array(json.utf8), file: "skills-lock.json"),
            try APM.read(manifest: nil, lock: (Array(lock.utf8), "apm.lock.yaml")),
            try APM.read(manifest: (Array(manifest.utf8), "apm.yml"), lock: nil),
        ] {
            #expect(found.skills.isEmpty && !found.diagnostics.isEmpty)
            #expect(!found.diagnostics.contains { "\($0)".contains("SECRET") }, "\(found)")
        }
    }
}
