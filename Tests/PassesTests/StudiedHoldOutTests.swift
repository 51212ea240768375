import Passes
import SkillModel
import Testing

@Suite struct `What a hold-out showed` {
    @Test func `what stands by the labels of three languages, or as an example, is the project's`() throws {
        let body = """
            # T

            ## Check that it compiles

            - **Go:** `go build ./...`
            - **Rust:** `cargo check`
            - **Java (Maven):** `mvn compile -q`

            ## Compile

            Run the project's command (e.g., `sbt compile`, `tsc --noEmit`), then `git status`.

            """
        #expect(try dependencies(of: document(body)) == ["binary:git"])
    }

    @Test func `tar is a program like any other`() throws {
        #expect(try dependencies(of: document(shell("tar -xzf a.tgz -C out\nmkdir -p b"))) == ["binary:tar"])
    }

    @Test
    func `a known package that uv has Python run is one, a module of the project is none, and neither is a download`()
        throws
    {
        let document = try document(shell("uv run python -m pytest tests -q\nuv run python -m acme.serve --port 1"))
        let found = try dependencies(of: document)
        #expect(found.contains("pip:pytest"))
        #expect(!found.contains { $0.hasPrefix("pip:acme") })
        #expect(Hazards.run(document).isEmpty)
    }

    @Test func `a path of the workspace counts where the text has no shorter one, a mention never`() throws {
        func paths(_ body: String) throws -> [String] {
            try skill("Does it.", body, name: "acme").references.map(\.path)
        }
        let long = shell("python skills/acme/scripts/run.py a")
        #expect(try paths(long) == ["skills/acme/scripts/run.py"])
        #expect(try paths(long + "\nSee `scripts/run.py`.\n") == ["scripts/run.py"])
        #expect(try paths("Card: @skills/acme/card.yaml\n").isEmpty)
    }

    @Test func `a sample of settings that is copied, and a program in bin that is run, came with the skill`() throws {
        let own = try document(shell("cp config.example.json config.json\nbin/paint --in a.png"))
        #expect(own.references.map(\.path) == ["config.example.json", "bin/paint"])
        let cloned = try document(shell("git clone https://x.dev/app\ncp .env.example .env"))
        #expect(cloned.references.isEmpty)
    }

    @Test func `one block of code in a tool's reference is none to write`() throws {
        let commands = shell("tool list --all\ntool show a\ntool send b")
        func primitives(_ body: String) throws -> [Primitive] {
            try #require(Require.run(try document(body)).value).requirements.map(\.primitive)
        }
        let code = "```js\nconst a = await tool(1)\n```\n\n"
        #expect(try !primitives("# T\n\n## Commands\n\n" + commands + "\n" + code).contains(.genCodeJavaScript))
        #expect(try primitives("# T\n\n## Commands\n\n" + commands + "\n" + code + code).contains(.genCodeJavaScript))
    }

    @Test(arguments: ["mvn -Pnative compile", "helm install --wait chart", "cal edit --show-past entry"])
    func `an option that takes no value makes the next word no parameter`(command: String) throws {
        #expect(try #require(Solidify.run(try document(shell(command))).value).candidates.isEmpty)
    }
}
