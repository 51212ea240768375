import Basics
import Testing

@testable import SkillModel

private func read(_ text: String) throws(DiagnosticsError) -> Manifest { try Manifest(parsing: Array(text.utf8)) }

private func faults(_ text: String) -> [Diagnostic] {
    do throws(DiagnosticsError) {
        _ = try read(text)
        return []
    } catch {
        return error.diagnostics
    }
}

@Suite struct `The manifest` {
    private let source = """
        # A project.
        [package]
        name = "pdf-tables"
        version = "1.2.0"

        [dependencies]
        charts = "^1.0"        # from the default registry
        webapp-testing = { git = "https://example.org/skills", path = "webapp-testing", rev = "0123456789abcdef" }
        local-notes = { path = "../local-notes" }
        maps = { version = "1", registry = "ours" }

        [registries]
        default = "https://example.org/registry.git"
        ours = "git@example.org:registry"

        [targets.qwen-openclaw]
        model = "qwen/qwen3.5-9b"
        harness = "openclaw"
        environment = "debian-12-x86_64"
        # profile = "profiles/mine.toml"

        [workspace]
        members = ["skills/*"]
        """ + "\n"

    @Test func `all its parts are read`() throws {
        let manifest = try read(source)
        #expect(manifest.package?.name.description == "pdf-tables")
        #expect(manifest.dependencies.map(\.name.description) == ["charts", "webapp-testing", "local-notes", "maps"])
        #expect(manifest.dependencies[0].source == .registry(VersionRange("^1.0")!, registry: nil))
        #expect(
            manifest.dependencies[1].source
                == .git(
                    GitSource(
                        url: RepositoryURL("https://example.org/skills")!, path: RelativePath("webapp-testing"),
                        reference: .revision("0123456789abcdef"))))
        #expect(manifest.dependencies[2].source == .path("../local-notes"))
        #expect(manifest.dependencies[2].location.line == 9)
        #expect(manifest.dependencies[3].source == .registry(VersionRange("1")!, registry: "ours"))
        #expect(manifest.registries["default"]?.description == "https://example.org/registry.git")
        #expect(manifest.targets.map(\.name.description) == ["qwen-openclaw"])
        #expect(manifest.targets[0].environment == .named("debian-12-x86_64"))
        #expect(manifest.targets[0].model.fileName == "qwen--qwen3.5-9b")
        #expect(manifest.members == ["skills/*"])
        #expect(try read("") == Manifest())
    }

    @Test(arguments: [
        ("[dependecies]\n", "toml.unknown-key", 1, "did you mean 'dependencies'?"),
        ("[dependencies]\nCharts = \"1\"\n", "manifest.name", 2, nil),
        ("[dependencies]\na = 1\n", "manifest.range", 2, nil),
        ("[dependencies]\na = \"latest\"\n", "manifest.range", 2, nil),
        ("[dependencies]\na = {}\n", "toml.missing-key", 2, nil),
        ("[dependencies]\na = { git = \"ext::sh -c x\" }\n", "toml.bad-value", 2, nil),
        ("[dependencies]\na = { git = \"--upload-pack=x\" }\n", "toml.bad-value", 2, nil),
        ("[dependencies]\na = { git = \"https://h/x\", path = \"../y\" }\n", "toml.bad-value", 2, nil),
        ("[dependencies]\na = { git = \"https://h/x\", tag = \"-x\" }\n", "toml.bad-value", 2, nil),
        ("[dependencies]\na = { git = \"https://h/x\", rev = \"HEAD\" }\n", "toml.bad-value", 2, nil),
        ("[dependencies]\na = { git = \"https://h/x\", tag = \"a\", branch = \"b\" }\n", "manifest.source", 2, nil),
        ("[dependencies]\na = { path = \"x\", version = \"latest\" }\n", "toml.bad-value", 2, nil),
        (
            "[registries]\nr = \"./r\"\n[dependencies]\na = { path = \"x\", version = \"1\", registry = \"r\" }\n",
            "manifest.source", 4, nil
        ),
        ("[dependencies]\na = { tag = \"x\" }\n", "manifest.source", 2, nil),
        ("[dependencies]\na = { path = \"x\\u0000y\" }\n", "toml.bad-value", 2, nil),
        (
            "[registries]\nours = \"https://h\"\n[dependencies]\na = { version = \"1\", registry = \"our\" }\n",
            "manifest.registry", 4, "did you mean 'ours'?"
        ),
        ("[registries]\ndefault = \"ext::x\"\n", "toml.bad-value", 2, nil),
        ("[targets.a]\nmodel = \"../x\"\nharness = \"h\"\nenvironment = \"host\"\n", "toml.bad-value", 2, nil),
        ("[targets.a]\nmodel = \"m\"\nharness = \"h\"\n", "toml.missing-key", 1, nil),
        ("[targets.a]\nmodel = \"m\"\nharness = \"../h\"\nenvironment = \"host\"\n", "toml.bad-value", 3, nil),
        ("[targets.qwen3.5]\nmodel = \"m\"\nharness = \"h\"\nenvironment = \"host\"\n", "toml.unknown-key", 1, nil),
        ("[workspace]\nmembers = [\"../x\"]\n", "manifest.member", 2, nil),
        ("[workspace]\nmembers = [\"/x\"]\n", "manifest.member", 2, nil),
        ("[workspace]\nexclude = [\".\"]\n", "manifest.member", 2, nil),
        ("[workspace]\nexclude = [\"a/../b\"]\n", "manifest.member", 2, nil),
        ("[workspace]\nmember = []\n", "toml.unknown-key", 2, "did you mean 'members'?"),
        ("[package]\nname = \"A\"\nversion = \"1.0.0\"\n", "toml.bad-value", 2, nil),
        ("[package]\nname = \"a\"\nversion = 1\n", "toml.wrong-type", 3, "put it in quotes: \"1\""),
    ])
    func `what can't be is reported where it stands`(_ text: String, _ id: String, _ line: Int, _ hint: String?) throws
    {
        let found = try #require(faults(text).first)
        #expect(found.id == id)
        #expect(found.location?.line == line)
        #expect(found.location?.file == "skvm.toml")
        if let hint { #expect(found.hint == hint) }
    }

    @Test func `several faults are reported at once`() {
        let found = faults("[package]\nname = \"A\"\n[dependencies]\nb = \"x\"\n[targets.c]\nmodle = \"m\"\n")
        #expect(found.map(\.id).sorted().count >= 6)
    }

    @Test(arguments: [
        "https://example.org/r.git", "http://h:8080/x", "ssh://git@h/x", "git@h:x/y.git", "git@[::1]:x",
        "file:///tmp/r", "/tmp/r",
        "./r",
        "../r", "git://h/x", "https://[::1]:80/x", "ssh://AKIAZ7Q2example0123456789@h/x",
    ])
    func `an address of a repository is accepted`(_ text: String) { #expect(RepositoryURL.fault(in: text) == nil) }

    @Test(arguments: [
        "", "-x", "--upload-pack=x", "ext::sh -c id", "fd::17", "EXT::x", "ext::http://h/x", "https://u:p@h/x",
        "https:///x",
        "ssh://-oProxyCommand=x/y", "git@-x:y", "ftp://h/x", "a b", "https://h/\nx", "h", "javascript://x",
        "ssh://x@-oProxyCommand=y/z", "https://9koXpg98eAheJpvBs5tK@h/x", "https://ghp_x@h/x", "ssh://ghp_x@h/x",
        "ghp_x@h:x", "oauth2:glpat-x@gitlab.invalid/x/y", "me:word@h/x", "h:x/y@z", "https://user@h/x",
        "http://a1b2c3d4@h/x",
    ])
    func `an address that is dangerous or none is refused`(_ text: String) { #expect(RepositoryURL(text) == nil) }

    @Test(arguments: [
        "[registries]\nx = \"https://u:hunter2@h/x\"", "[registries]\nx = \"ghp_hunter2@h:x\"",
        "[registries]\nx = \"clawhub+https://u:hunter2@h\"", "[dependencies]\nx = { git = \"https://u:hunter2@h/x\" }",
        "[dependencies]\nx = { index = \"https://u:hunter2@h/x\" }",
        "[dependencies]\nx = { git = \"https://hunter2@h/x\" }", "[registries]\nx = \"http://hunter2@h/x\"",
        "[dependencies]\nx = { url = \"https://u:hunter2@h/x.zip\" }",
        "[patch.\"https://u:hunter2@h/x\"]\ny = { path = \"y\" }",
    ])
    func `an address that is refused for its password does not show it`(_ text: String) {
        let found = faults(text)
        #expect(!found.isEmpty)
        #expect(!found.contains { "\($0)".contains("hunter2") }, "\(found.map(\.id))")
    }

    @Test func `dependencies are added and removed without touching the rest`() throws {
        var editor = try ManifestEditor(Array(source.utf8))
        try editor.setDependency(PackageName("palette")!, .registry(VersionRange("0.3")!, registry: nil))
        #expect(
            editor.text
                == source.replacing("\n[registries]", with: "palette = \"^0.3\"\n\n[registries]").replacing(
                    "\n\npalette", with: "\npalette"))
        #expect(try editor.removeDependency(PackageName("palette")!))
        #expect(editor.text == source)
        #expect(try !editor.removeDependency(PackageName("none")!))
        let git = GitSource(
            url: RepositoryURL("https://h/x")!, path: RelativePath("a/b"), reference: .range(VersionRange("1")!))
        try editor.setDependency(PackageName("charts")!, .git(git))
        #expect(
            editor.text.contains("charts = { git = \"https://h/x\", path = \"a/b\", version = \"^1\" }        # from"))
        #expect(try editor.manifest().dependencies[0].source == .git(git))
    }

    @Test func `a folder may have the range that it is published with`() throws {
        let text = "[dependencies]\ncharts = { path = \"../charts\", version = \"^1.2\" }\n"
        let source = ManifestDependency.Source.path("../charts", range: VersionRange("^1.2")!)
        #expect(try read(text).dependencies.map(\.source) == [source])
        var editor = try ManifestEditor([])
        try editor.setDependency(PackageName("charts")!, source)
        #expect(editor.text == text)
    }

    @Test func `a workspace without members is one`() throws {
        #expect(try read("[workspace]\n").members == [])
        #expect(try read("[dependencies]\n").members == nil)
        let both = try read("[workspace]\nmembers = [\"skills/*\"]\nexclude = [\"skills/old\"]\n")
        #expect(both.members == ["skills/*"] && both.exclude == ["skills/old"])
    }

    @Test func `targets and registries are added and removed`() throws {
        var editor = try ManifestEditor([])
        let target = Manifest.Target(
            name: TargetName("t")!, model: ModelName("a/b")!, harness: TargetName("pi")!, environment: .host)
        try editor.setTarget(target)
        try editor.setRegistry("default", RepositoryURL("./registry")!)
        #expect(
            editor.text == """
                [targets.t]
                model = "a/b"
                harness = "pi"
                environment = "host"

                [registries]
                default = "./registry"

                """)
        #expect(try editor.removeTarget(TargetName("t")!))
        #expect(editor.text == "[registries]\ndefault = \"./registry\"\n")
        #expect(try editor.removeRegistry("default"))
        #expect(try editor.manifest() == Manifest(registries: [:]))
    }

    @Test func `a target states its model's window in tokens`() throws {
        var editor = try ManifestEditor([])
        let target = Manifest.Target(
            name: TargetName("t")!, model: ModelName("a/b")!, harness: TargetName("pi")!, environment: .host,
            listing: 500, context: 32_768)
        try editor.setTarget(target)
        #expect(editor.text.hasSuffix("environment = \"host\"\nlisting = 500\ncontext = 32768\n"))
        #expect(try editor.manifest().targets.first?.context == 32_768)
        for (context, hint) in [("32", "write it in tokens: 32000"), ("0", nil), ("1_000_000_000", nil)] {
            let text = editor.text.replacing("32768", with: context)
            let error = #expect(throws: DiagnosticsError.self) { try Manifest(parsing: Array(text.utf8)) }
            #expect(error?.diagnostics.map(\.id) == ["toml.bad-value"] && error?.diagnostics.first?.location?.line == 6)
            #expect(error?.diagnostics.first?.hint == hint)
        }
    }

    @Test func `a ClawHub is a registry whose packages have owners`() throws {
        var editor = try ManifestEditor([])
        let source = HubSource(url: WebURL("https://Hub.example/")!, owner: HubOwner("o")!)
        try editor.setHub("hub", source.url)
        let dependency = ManifestDependency.Source.hub(source, range: VersionRange("1")!, registry: "hub")
        try editor.setDependency(PackageName("tides")!, .hub(source, range: VersionRange("1")!, registry: "hub"))
        #expect(editor.text.contains("hub = \"clawhub+https://hub.example\""))
        #expect(editor.text.contains("tides = { version = \"^1\", registry = \"hub\", owner = \"o\" }"))
        #expect(try editor.manifest().dependencies.map(\.source) == [dependency])
        #expect(try editor.manifest().hubs == ["hub": source.url] && editor.manifest().registries.isEmpty)
    }

    @Test(arguments: ["", "A", "-a", ".a", "a/b", "a..b", "a b", "ä", String(repeating: "a", count: 65)])
    func `what can own nothing on a hub is no owner`(_ text: String) {
        #expect(HubOwner(text) == nil && HubOwner.fault(in: text) != nil)
        #expect(HubSource("clawhub+https://h.example#\(text)") == nil)
    }
}
