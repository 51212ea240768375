import Basics
import SkillModel
import Testing

struct CustomPassTests {
    private func read(_ text: String) throws -> Manifest { try Manifest(parsing: Array(text.utf8)) }

    private func fault(_ text: String) -> Diagnostic? {
        do {
            _ = try read(text)
            return nil
        } catch {
            return (error as? DiagnosticsError)?.diagnostics.first
        }
    }

    @Test func `a pass is read whole, and what it leaves out has a default`() throws {
        let text = """
            [passes.slim]
            command = ["python3", "passes/slim.py", "--hard"]
            inputs = ["document", "gaps", "source"]
            after = "lower"
            files = ["passes/words.txt"]
            variables = ["STYLE"]
            phrases = ["See for this part"]
            adds = ["references/", "data/x.json"]
            executables = ["bin/"]
            time-limit = 5
            memory-limit = 256
            [passes.plain]
            command = ["./passes/plain"]
            """
        let passes = try read(text).passes
        #expect(passes.map(\.name.description) == ["plain", "slim"])
        #expect(passes[1].command == ["python3", "passes/slim.py", "--hard"])
        #expect(passes[1].inputs == [.document, .gaps, .source])
        #expect(passes[1].after == ["lower"])
        #expect(passes[1].files.map(\.text) == ["passes/words.txt"])
        #expect(passes[1].variables == ["STYLE"])
        #expect(passes[1].phrases == ["See for this part"])
        #expect(passes[1].additions == .init(files: ["references/", "data/x.json"], executables: ["bin/"]))
        #expect(passes[0].additions == .standard)
        #expect(passes[1].limits == .init(seconds: 5, memory: 256))
        #expect(passes[0].inputs == [.document])
        #expect(passes[0].after == ["lower", "schedule"])
        #expect(passes[0].limits == .standard)
    }

    @Test func `passes run after those they name, by name where that leaves a choice, in whatever order they stand`()
        throws
    {
        let tables = [
            "[passes.a]\ncommand = [\"x\"]\nafter = [\"d\", \"lower\"]\n", "[passes.b]\ncommand = [\"x\"]\n",
            "[passes.c]\ncommand = [\"x\"]\nafter = \"b\"\n", "[passes.d]\ncommand = [\"x\"]\nafter = [\"c\"]\n",
            "[passes.e]\ncommand = [\"x\"]\nafter = []\n",
        ]
        for order in [tables, tables.reversed()] {
            let passes = try read(order.joined()).passes
            #expect(passes.map(\.name.description) == ["b", "c", "d", "a", "e"])
            #expect(CustomPass.before(passes[3], among: passes) == ["b", "c", "d", "lower", "schedule"])
        }
    }

    @Test func `passes that wait for one another are an error that names the circle`() throws {
        let text =
            ["a", "b", "c"].map {
                "[passes.\($0)]\ncommand = [\"x\"]\nafter = \"\($0 == "c" ? "a" : $0 == "a" ? "b" : "c")\"\n"
            }
            .joined() + "[passes.0-waits]\ncommand = [\"x\"]\nafter = \"a\"\n"
        let found = try #require(fault(text))
        #expect(found.id == "manifest.pass-cycle")
        #expect(found.message.hasSuffix("a → b → c → a"))
        #expect(found.location?.line == 1)
        #expect(fault("[passes.a]\ncommand = [\"x\"]\nafter = \"a\"\n")?.message.hasSuffix("a → a") == true)
    }

    @Test(arguments: [
        ("[passes.a]\n", "toml.missing-key", 1, "command"),
        ("passes = 1\n", "toml.wrong-type", 1, nil),
        ("[passes]\na = 1\n", "toml.wrong-type", 2, "[passes.NAME]"),
        ("[passes.lower]\ncommand = [\"x\"]\n", "manifest.name", 1, "one of skvm's own passes"),
        ("[passes.Slim]\ncommand = [\"x\"]\n", "manifest.name", 1, "lower-case"),
        ("[passes.a]\ncommand = []\n", "manifest.pass-command", 2, nil),
        ("[passes.a]\ncommand = \"x\"\n", "toml.wrong-type", 2, nil),
        ("[passes.a]\ncommand = [\"/usr/bin/x\"]\n", "manifest.pass-command", 2, "on the path"),
        ("[passes.a]\ncommand = [\"../x\"]\n", "manifest.pass-command", 2, "below skvm.toml"),
        ("[passes.a]\ncommand = [\"x\", \"a\\u0000b\"]\n", "manifest.pass-command", 2, nil),
        (
            "[passes.a]\ncommand = [\"x\"]\ninputs = [\"documnt\"]\n", "manifest.pass-input", 3,
            "did you mean 'document'?"
        ),
        ("[passes.a]\ncommand = [\"x\"]\ninputs = [\"internet\"]\n", "manifest.pass-input", 3, "requirements"),
        ("[passes.a]\ncommand = [\"x\"]\nafter = \"lover\"\n", "manifest.pass-after", 3, "did you mean 'lower'?"),
        ("[passes.a]\ncommand = [\"x\"]\nafter = [\"bind\"]\n", "manifest.pass-after", 3, "lower, schedule"),
        ("[passes.a]\ncommand = [\"x\"]\nfiles = [\"../x\"]\n", "manifest.pass-file", 3, nil),
        ("[passes.a]\ncommand = [\"x\"]\nvariables = [\"A=B\"]\n", "manifest.pass-variable", 3, nil),
        ("[passes.a]\ncommand = [\"x\"]\nphrases = [\"a\\nb\"]\n", "manifest.pass-phrase", 3, nil),
        ("[passes.a]\ncommand = [\"x\"]\nadds = [\"../x/\"]\n", "manifest.pass-adds", 3, nil),
        ("[passes.a]\ncommand = [\"x\"]\nadds = [\".claude/\"]\n", "manifest.pass-adds", 3, "hidden"),
        ("[passes.a]\ncommand = [\"x\"]\nexecutables = [\"a/CLAUDE.md\"]\n", "manifest.pass-adds", 3, "harness"),
        ("[passes.a]\ncommand = [\"x\"]\ntime-limit = 0\n", "toml.bad-value", 3, nil),
        ("[passes.a]\ncommand = [\"x\"]\nmemory-limit = 99999999\n", "toml.bad-value", 3, nil),
        ("[passes.a]\ncommand = [\"x\"]\nnetwork = true\n", "toml.unknown-key", 3, nil),
    ])
    func `what no pass can be is an error where it stands`(_ text: String, _ id: String, _ line: Int, _ hint: String?)
        throws
    {
        let found = try #require(fault(text))
        #expect(found.id == id)
        #expect(found.location?.line == line)
        if let hint { #expect("\(found.hint ?? "") \(found.message)".contains(hint)) }
    }

    @Test func `that nothing may be added is another key than that nothing is said of it`() throws {
        func arguments(_ adds: String) throws -> [String] {
            try #require(try read("[passes.a]\ncommand = [\"x\"]\n\(adds)").passes.first).additions.arguments
        }
        let all = [try arguments(""), try arguments("adds = []"), try arguments("adds = [\"data/\"]")]
        #expect(Set(all).count == 3, "\(all)")
    }

    @Test func `an editor adds a pass and leaves the rest as it was`() throws {
        var editor = try ManifestEditor(Array("# mine\n[dependencies]\n".utf8))
        try editor.setPass(
            try #require(PassName("slim")), ["python3", "passes/slim.py"], inputs: ["document"], phrases: ["See"])
        #expect(editor.text.hasPrefix("# mine\n[dependencies]\n"))
        #expect(try editor.manifest().passes.first?.phrases == ["See"])
    }
}
