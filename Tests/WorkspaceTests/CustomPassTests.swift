import Basics
import BuildEngine
import Formats
import SkillModel
import TestSupport
import Testing

@testable import Workspace

#if os(Linux)
    /// Custom passes as a project has them: programs in real sandboxes, of good and of bad will.
    struct CustomPassTests {
        /// Python that reads the request as `request` and prints `answer`.
        private static func python(_ body: String) -> String {
            "import json, os, sys\nrequest = json.load(sys.stdin)\nanswer = {'protocol': 1}\n\(body)\n"
                + "json.dump(answer, sys.stdout)\n"
        }

        /// A workspace of two skills and two targets with one pass, `mine`.
        private func world(
            _ scratch: String, _ program: String, table: String = "inputs = [\"document\"]\nphrases = [\"Mark\"]"
        ) throws -> ProjectWorld {
            let world = try ProjectWorld.workspace(scratch)
            try world.put(["passes/mine.py": program])
            try world.put([
                "skvm.toml": try world.manifest
                    + "\n[passes.mine]\ncommand = [\"python3\", \"passes/mine.py\"]\n\(table)\n"
            ])
            return world
        }

        private static let mark = python(
            """
            end = len(request["text"].encode())
            answer["edits"] = [{"span": [end, end], "replacement": "\\nMark\\n", "rule": "end", "reason": "to be seen"}]
            """)

        private func variant(_ world: ProjectWorld, _ file: String) throws -> String {
            try FileSystem.readText("\(world.project)/.skvm/variants/one/alpha/\(file)")
        }

        // MARK: What it does

        @Test func `a pass's edits reach the variant, its records, diff, graph and explain`() async throws {
            try await withScratch { scratch in
                let world = try world(scratch, Self.mark)
                let report = try await world.build()
                #expect(report.ok, "\(report.diagnostics)")
                #expect(report.ran.contains { $0.pass == "mine" && $0.target == "one" })
                #expect(try variant(world, "SKILL.md").hasSuffix("\nMark\n"))
                let manifest = try StrictJSON.parse(Array(variant(world, ".skvm/variant.json").utf8), file: "")
                #expect(manifest["edits"]?.array?.contains { $0["rule"]?.string == "mine.end" } == true)
                #expect(manifest["passes"]?.array?.contains { $0["id"]?.string == "mine" } == true)
                #expect(try world.lock.contains("mine = \"sha256:"))
                try await world.expectNothingToDo()

                let diff = try await world.workspace().diff(["alpha"], target: "one").text
                #expect(diff.contains("mine.end: to be seen") && diff.contains("+Mark"))
                let graph = try await world.workspace().graph(packages: ["alpha"], target: "one")
                #expect(graph.edges.contains { $0.from == "parse for alpha" && $0.to == "mine for alpha → one" })
                #expect(graph.edges.contains { $0.from == "mine for alpha → one" && $0.to == "link for alpha → one" })
                try world.edit("passes/mine.py", "to be seen", "to be found")
                try await world.build()
                let explained = try world.workspace().explain(["alpha"], target: "one").text
                #expect(explained.contains("the pass's file passes/mine.py changed"))
                #expect(explained.contains("the edits of mine changed"))
            }
        }

        @Test func `what reruns is counted: program, text, declared file, variable, skvm-toml`() async throws {
            try await withScratch { scratch in
                var world = try world(
                    scratch, Self.mark,
                    table:
                        "inputs = [\"document\"]\nphrases = [\"Mark\"]\nfiles = [\"passes/words\"]\nvariables = [\"STYLE\"]\nafter = \"lower\""
                )
                try world.put(["passes/words/a.txt": "a\n"])
                #expect(try await world.build().ok)
                try await world.expectNothingToDo()
                func ran() async throws -> [String] {
                    try await world.build().ran.map { "\($0.pass) \($0.package) \($0.target ?? "")" }.sorted()
                }
                let everywhere = ["alpha", "beta"].flatMap { skill in ["one", "two"].map { "\(skill) \($0)" } }
                // What two targets share is run once: the pass reads nothing of a target.
                let once = ["mine alpha one", "mine beta one"]

                try world.edit("passes/mine.py", "answer", "reply")
                try world.edit("passes/mine.py", "reply = {", "# the same\nreply = {")
                #expect(Set(try await ran()).isSubset(of: Set(everywhere.map { "mine \($0)" })))
                try await world.expectNothingToDo()

                try world.put(["passes/words/b.txt": "b\n"])
                #expect(try await ran().allSatisfy { $0.hasPrefix("mine ") })
                try await world.expectNothingToDo()
                world.environment["STYLE"] = "short"
                let variable = try await world.build()
                #expect(!variable.ran.isEmpty && variable.ran.allSatisfy { $0.pass == "mine" })
                #expect(variable.ran[0].why == "the variable STYLE changed")
                try await world.expectNothingToDo()
                world.environment["OTHER"] = "unread"
                try await world.expectNothingToDo()

                // A file of the project that no pass declared.
                try world.put(["passes/unread.py": "x\n"])
                try await world.expectNothingToDo()

                try world.edit("skills/alpha/SKILL.md", "200 words", "300 words")
                let text = try await ran()
                #expect(text.allSatisfy { $0.contains("alpha") } && text.contains("mine alpha one"))
                try await world.expectNothingToDo()

                try world.edit("passes/mine.py", "Mark\\n", "Mark Mark\\n")
                let marked = try await ran()
                #expect(Set(marked.map { $0.split(separator: " ")[0] }) == ["mine", "link", "guard"])
                #expect(Set(marked).isSuperset(of: once) && marked.count <= 3 * everywhere.count)
                try await world.expectNothingToDo()

                try world.edit("skvm.toml", "phrases = [\"Mark\"]", "phrases = [\"Mark\", \"More\"]")
                #expect(Set(try await ran().map { $0.split(separator: " ")[0] }) == ["guard"])
                try await world.expectNothingToDo()
                try world.edit("skvm.toml", "[passes.mine]", "[passes.mine]\ntime-limit = 9")
                try await world.expectNothingToDo()
            }
        }

        @Test func `a pass sees what it declared and nothing else`() async throws {
            let program = Self.python(
                """
                seen = sorted(request) + sorted(os.environ) + sorted(os.listdir("/skvm"))
                seen += sorted(os.path.relpath(os.path.join(a, f)) for a, _, fs in os.walk(".") for f in fs)
                seen += sorted(f["path"] for f in request["files"]) + sorted(os.listdir(request["folder"]))
                seen += [open(request["folder"] + "/scripts/collect.py").readline().strip()]
                answer["diagnostics"] = [{"id": "seen", "severity": "warning", "message": " ".join(seen)}]
                """)
            try await withScratch { scratch in
                var world = try world(
                    scratch, program,
                    table:
                        "inputs = [\"source\", \"target\"]\nvariables = [\"STYLE\", \"UNSET\"]\nfiles = [\"passes/words.txt\"]"
                )
                try world.put(["passes/words.txt": "w\n", "passes/other.txt": "o\n"])
                world.environment["STYLE"] = "x"
                world.environment["SECRET"] = "x"
                let seen = try await world.build().diagnostics.filter { $0.id == "mine.seen" }.map(\.message)
                let wanted = [
                    "files folder pass protocol relocation target text",
                    "HOME LANG LC_CTYPE PATH PWD PYTHONDONTWRITEBYTECODE PYTHONHASHSEED STYLE TMPDIR TZ project skill",
                    "passes/mine.py passes/words.txt SKILL.md scripts/collect.py SKILL.md scripts import csv",
                ].joined(separator: " ")
                #expect(seen.first?.replacing("LC_CTYPE ", with: "") == wanted.replacing("LC_CTYPE ", with: ""))
            }
        }

        @Test func `the passes of a member and of a dependency never run`() async throws {
            try await withScratch { scratch in
                let world = try ProjectWorld.workspace(scratch)
                let table =
                    "[package]\nname = \"alpha\"\nversion = \"1.0.0\"\n[passes.evil]\ncommand = [\"./evil.sh\"]\n"
                try world.put(
                    ["skvm.toml": table, "evil.sh": "#!/bin/sh\ntouch /tmp/evil\nexit 1\n"], at: "skills/alpha")
                let dependency = table.replacing("alpha", with: "gamma")
                try world.put(ProjectWorld.folder("gamma"), at: "other/gamma")
                try world.put(["skvm.toml": dependency], at: "other/gamma")
                try world.put([
                    "skvm.toml": try world.manifest + "\n[dependencies]\ngamma = { path = \"other/gamma\" }\n"
                ])
                let report = try await world.build()
                #expect(report.ok, "\(report.diagnostics)")
                #expect(!report.ran.contains { $0.pass == "evil" } && report.variants.count == 6)
            }
        }

        // MARK: Bad will

        /// Builds with a program that misbehaves on `alpha` only, and expects that `beta` is built all the same.
        private func expect(
            _ id: String, _ words: String..., from program: String,
            table: String = "time-limit = 60\nmemory-limit = 128",
            sourceLocation: Testing.SourceLocation = #_sourceLocation
        ) async throws {
            let head =
                "import json, os, sys, time\nrequest = json.load(sys.stdin)\nalpha = 'name: alpha' in request['text']\n"
                + "if not alpha:\n    print('{\"protocol\": 1}')\n    sys.exit()\n"
            try await withScratch { scratch in
                let world = try world(scratch, head + program + "\n", table: table)
                let report = try await world.build { $0.keepGoing = true }
                let errors = report.diagnostics.filter { $0.severity == .error }
                #expect(!errors.isEmpty && Set(errors.map(\.id)) == [id], "\(errors)", sourceLocation: sourceLocation)
                #expect(
                    errors.allSatisfy { $0.location?.file.hasPrefix("skills/alpha/") == true },
                    sourceLocation: sourceLocation)
                for word in words + ["mine"] {
                    #expect(
                        errors.first?.description.contains(word) == true, "\(errors)", sourceLocation: sourceLocation)
                }
                #expect(errors.first?.hint != nil && errors.first?.fault == .build, sourceLocation: sourceLocation)
                #expect(report.variants.map(\.package) == ["beta", "beta"], sourceLocation: sourceLocation)
                #expect(!world.exists("evil") && !FileSystem.exists("/tmp/evil"), sourceLocation: sourceLocation)
            }
        }

        @Test func `a pass that hangs is ended when its time is over`() async throws {
            try await expect(
                "pass.time", "'alpha'", "10 seconds", from: "time.sleep(86399)",
                table: "time-limit = 10\nmemory-limit = 128")
        }

        @Test func `a pass that forks and hangs is ended with its children`() async throws {
            try await expect(
                "pass.time", from: "os.fork(); os.fork(); os.setsid() if os.fork() == 0 else 0; time.sleep(86396)",
                table: "time-limit = 10\nmemory-limit = 128")
        }

        @Test func `a pass that floods its output is ended`() async throws {
            try await expect(
                "pass.output", "16777216", from: "while True: sys.stdout.write('x' * 65536)",
                table: "time-limit = 60")
        }

        @Test func `a pass that is killed, as by the system for its memory, is told with its exit code`() async throws {
            try await expect("pass.exit", "137", "signal 9", from: "os.kill(os.getpid(), 9)")
            try await expect("pass.exit", "exit code 137", from: "sys.exit(137)")
        }

        @Test func `a pass that takes all memory fails, and says so itself`() async throws {
            try await expect("pass.exit", "MemoryError", "128 MiB", from: "x = bytearray(1 << 30)")
        }

        @Test func `a pass that fails is told with the end of what it wrote to standard error`() async throws {
            try await expect("pass.exit", "exit code 3", "gave up", from: "sys.stderr.write('gave up'); sys.exit(3)")
            // What bubblewrap would say if it could not start is no proof that it said so.
            try await expect("pass.exit", "exit code 1", "oops", from: "sys.exit('bwrap: oops')")
        }

        @Test func `a pass that prints nothing, no JSON, bytes or another version is told so`() async throws {
            try await expect("pass.json", "printed nothing", from: "pass")
            try await expect("pass.json", "no JSON", from: "print('all is well')")
            try await expect(
                "pass.json", "UTF-8", from: "sys.stdout.buffer.write(b'{\"protocol\": 1, \"edits\": \"\\xff\"}')")
            try await expect("pass.version", "protocol 1", from: "print('{\"protocol\": 2}')")
        }

        @Test func `edits that overlap or leave the text, and paths that leave the skill, are refused`() async throws {
            func answer(_ json: String) -> String { "print('''{\"protocol\": 1, \(json)}''')" }
            let edit = "{\"span\": [0, 9], \"replacement\": \"\", \"rule\": \"a\", \"reason\": \"\"}"
            try await expect("pass.overlap", "mine.a and mine.a", from: answer("\"edits\": [\(edit), \(edit)]"))
            try await expect(
                "pass.span", "0..<999999", from: answer("\"edits\": [\(edit.replacing("9", with: "999999"))]"))
            for path in ["../../evil", "/tmp/evil", "a/../../../evil"] {
                try await expect(
                    "pass.path", path,
                    from: answer("\"files\": [{\"path\": \"\(path)\", \"text\": \"x\", \"rule\": \"a\"}]"))
            }
            for path in ["SKILL.md", ".skvm/bind.sh", "scripts/evil.sh", ".claude/settings.json"] {
                try await expect(
                    "pass.added", path,
                    from: answer("\"files\": [{\"path\": \"\(path)\", \"text\": \"x\", \"rule\": \"a\"}]"),
                    table: "time-limit = 60\nmemory-limit = 128\nadds = [\"references/\"]")
            }
            try await expect(
                "link.exists", "mine.a",
                from: answer("\"files\": [{\"path\": \"scripts/collect.py\", \"text\": \"x\", \"rule\": \"a\"}]"),
                table: "time-limit = 60\nmemory-limit = 128\nadds = [\"scripts/\"]")
        }

        @Test func `a pass that takes too much memory in many processes is ended`() async throws {
            try await expect(
                "pass.memory", "128 MiB",
                from: """
                    for _ in range(5):
                        if os.fork() == 0: break
                    x = bytearray(os.urandom(1024) * 61440)
                    time.sleep(60)
                    """)
        }

        @Test func `a pass can't write to the project, the skill or the system, and leaves nothing behind`()
            async throws
        {
            try await expect(
                "pass.exit", "OSError",
                from:
                    """
                    for place in ['evil', '/skvm/skill/evil', '/usr/evil', '/evil']:
                        try:
                            open(place, 'w')
                            sys.exit(0)
                        except OSError:
                            pass
                    os.symlink('/etc/passwd', '/tmp/evil')
                    raise OSError('nothing could be written')
                    """, table: "inputs = [\"source\"]")
        }

        @Test func `a pass that always hangs is not waited for again and again`() async throws {
            try await withScratch { scratch in
                let world = try world(scratch, "import time\ntime.sleep(86395)\n", table: "time-limit = 1")
                for number in 0..<8 {
                    try world.put(
                        ProjectWorld.folder("skill-\(number)", "Never use \(number)."), at: "skills/skill-\(number)")
                }
                let errors = try await world.build().diagnostics.filter { $0.severity == .error }
                #expect(errors.count == 10 && errors.allSatisfy { $0.id == "pass.time" })
                #expect(errors.filter { $0.message.contains("was not run") }.count == 7)
            }
        }

        // MARK: What is missing

        @Test func `a file that is missing, a link, or not executable is an error at its table`() async throws {
            try await withScratch { scratch in
                let world = try world(scratch, Self.mark, table: "files = [\"passes/words.txt\"]")
                let missing = await world.failure { try await world.build() }
                #expect(missing.map(\.id) == ["pass.file"] && missing.first?.location?.file == "skvm.toml")
                // What the interpreter is to run is misspelt: not Python's to tell.
                let manifest = try world.manifest
                try world.put(["skvm.toml": manifest.replacing("\"passes/mine.py\"]", with: "\"nowhere/mine.py\"]")])
                let misspelt = await world.failure { try await world.build() }
                #expect(misspelt.map(\.id) == ["pass.file"], "\(misspelt)")
                #expect(misspelt.first?.message.contains("nowhere/mine.py") == true, "\(misspelt)")
                try world.put(["skvm.toml": manifest])
                try world.put(["../outside.txt": "x"])
                try FileSystem.makeLink(world.project + "/passes/words.txt", to: world.root + "/outside.txt")
                #expect(await world.failure { try await world.build() }.map(\.id) == ["pass.link"])
                try FileSystem.remove(world.project + "/passes/words.txt")
                try FileSystem.makeLink(world.project + "/linked", to: "passes")
                try world.edit("skvm.toml", "passes/words.txt", "linked/mine.py")
                #expect(await world.failure { try await world.build() }.map(\.id) == ["pass.link"])
                try world.edit("skvm.toml", "linked/mine.py", "passes/mine.py")
                try world.edit("skvm.toml", "[\"python3\", \"passes/mine.py\"]", "[\"passes/mine.py\"]")
                let plain = await world.failure { try await world.build() }
                #expect(plain.map(\.id) == ["pass.program"] && plain.first?.hint?.contains("chmod +x") == true)
            }
        }

        @Test func `without bubblewrap or the program the cache still answers, and else the error names the way out`()
            async throws
        {
            try await withScratch { scratch in
                var world = try world(scratch, Self.mark)
                try await world.build()
                let lock = try world.lock
                world.environment["PATH"] = world.root + "/bin"
                try FileSystem.makeDirectories(world.root + "/bin")
                // The program is a part of the key, where there is one.
                let noProgram = await world.failure { try await world.build() }
                #expect(noProgram.map(\.id) == ["pass.sandbox"] && noProgram.first?.fault == .outside)
                #expect(noProgram.first?.hint?.contains("bubblewrap") == true)
                try FileSystem.makeLink(world.root + "/bin/bwrap", to: "/usr/bin/bwrap")
                #expect(await world.failure { try await world.build() }.map(\.id) == ["pass.program"])
                #expect(try world.lock == lock)
                try FileSystem.remove(world.root + "/bin/bwrap")
                world.environment["PATH"] = world.root + "/bin:/usr/bin"
                try await world.expectNothingToDo()
            }
        }

        // MARK: new, check

        @Test(
            arguments: [(nil, nil), (PassLanguage.swift, nil), (nil, "slim"), (nil, "outline")]
                as [(PassLanguage?, String?)])
        func `a pass that skvm writes conforms and builds`(_ language: PassLanguage?, _ shipped: String?) async throws {
            try await withScratch { scratch in
                var world = try ProjectWorld.workspace(scratch)
                world.environment["PATH"] = "/usr/bin:/bin:/opt/swift/usr/bin:/usr/local/bin"
                let isSwift = language == .swift || shipped == "outline"
                let compiler = ["/opt/swift/usr/bin/swiftc", "/usr/bin/swiftc"].first { FileSystem.exists($0) }
                if isSwift, compiler == nil { return }
                _ = try await world.workspace().newPass("mine", language: language, from: shipped)
                if isSwift, let compiler {
                    // As its first lines say: interpreted, the samples would take minutes.
                    let compiled = try await Program(
                        compiler, ["-static-stdlib", "passes/mine.swift", "-o", "passes/mine"], directory: world.project
                    ).run()
                    #expect(compiled.succeeded, "\(compiled.errorText)")
                    try world.edit("skvm.toml", "[\"swift\", \"passes/mine.swift\"]", "[\"passes/mine\"]")
                }
                let check = try await world.workspace().checkPass("mine")
                #expect(check.ok, "\(check.diagnostics)")
                let report = try await world.build()
                #expect(report.ok, "\(report.diagnostics)")
                try await world.expectNothingToDo()
            }
        }

        @Test(arguments: [
            (
                "answer['edits'] = [{'span': [0, 0], 'replacement': '', 'rule': 'r', 'reason': os.urandom(8).hex()}]",
                "pass.random"
            ),
            (
                "end = len(request['text'].encode())\nanswer['edits'] = [{'span': [end, end], 'replacement': '\\nMark\\n', 'rule': 'r', 'reason': ''}]",
                "pass.unstable"
            ),
            (
                "answer['edits'] = [{'span': [0, 3], 'replacement': '', 'rule': 'r', 'reason': ''}]",
                "guard.front-matter"
            ),
            ("answer['protocol'] = 7", "pass.version"),
            ("answer['files'] = [{'path': '../x', 'text': '', 'rule': 'r'}]", "pass.path"),
        ])
        func `a pass that does not conform is told why`(_ body: String, _ id: String) async throws {
            try await withScratch { scratch in
                let world = try world(scratch, Self.python(body))
                let check = try await world.workspace().checkPass("mine")
                #expect(!check.ok && check.diagnostics.contains { $0.id == id }, "\(check.diagnostics)")
                #expect(check.diagnostics.allSatisfy { $0.location?.file == "skvm.toml" && $0.hint != nil })
            }
        }

        @Test func `a pass that answers what it can't read does not conform`() async throws {
            try await withScratch { scratch in
                let world = try world(scratch, "print('{\"protocol\": 1}')\n")
                let check = try await world.workspace().checkPass("mine")
                #expect(check.diagnostics.map(\.id) == ["pass.accepts", "pass.accepts", "pass.accepts"])
            }
        }
    }
#endif
