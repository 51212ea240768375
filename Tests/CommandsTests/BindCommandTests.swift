import Basics
import Formats
import TestSupport
import Testing

/// `skvm bind` run for real, in a sandbox without network: the tests' own Debian read-only, a scratch home.
@Suite struct `Binding skills` {
    /// A user on a machine where nothing but the scratch folder can be written; root, or not.
    private struct Machine {
        var world: CommandWorld
        var isRoot = true

        init(_ world: CommandWorld) throws {
            self.world = world
            try FileSystem.makeDirectories(bin)
            self.world.variables["PATH"] = bin + ":/usr/bin:/bin"
            try program("apt-cache", "exit 0\n")
            try program("id", "echo \"${ID_OF_TEST:-0}\"\n")
            // Says what it was asked, where, and with which variables.
            try program(
                "apt-get",
                "{ echo \"apt-get $*\"; pwd; env; } >>\(world.scratch)/log\nprintf '#!/bin/sh\\n' >\(bin)/rg\nchmod 755 \(bin)/rg\n"
            )
        }

        var bin: String { world.scratch + "/bin" }
        var log: String { (try? FileSystem.readText(world.scratch + "/log")) ?? "" }

        func program(_ name: String, _ body: String) throws {
            try FileSystem.write(Array("#!/bin/sh\n\(body)".utf8), to: "\(bin)/\(name)", mode: 0o755)
            try FileSystem.setMode("\(bin)/\(name)", 0o755)
        }

        func skill(_ name: String, _ body: String, _ files: [String: String] = [:]) throws {
            let head = "---\nname: \(name)\ndescription: Does \(name) when somebody asks for it.\n---\n\n# \(name)\n\n"
            try write(["src/\(name)/SKILL.md": head + body], in: world.project)
            for (path, text) in files { try write(["src/\(name)/\(path)": text], in: world.project) }
        }

        func project(_ skills: [String], extra: String = "", environment: String = "debian-12-x86_64") throws {
            let target = "[targets.here]\nmodel = \"qwen/qwen3.5-9b\"\nharness = \"bare-agent\"\n"
            try write(
                [
                    "skvm.toml": "[dependencies]\n"
                        + skills.map { "\($0) = { path = \"src/\($0)\" }\n" }.joined()
                        + "\n\(target)environment = \"\(environment)\"\n\(extra)"
                ], in: world.project)
        }

        func skvm(_ arguments: String...) async throws -> ProgramResult {
            try await run([try CommandWorld.binary()] + arguments)
        }

        func run(_ words: [String]) async throws -> ProgramResult {
            // The clone that is tested may itself lie below /tmp.
            let build = try #require(FileSystem.parent(of: try CommandWorld.binary()))
            let sandbox =
                [
                    "bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--ro-bind",
                    build, build, "--bind", world.scratch, world.scratch, "--unshare-net", "--unshare-pid",
                    "--die-with-parent",
                ] + ["--unshare-user", "--uid", isRoot ? "0" : "1000", "--gid", isRoot ? "0" : "1000"]
            return try await world.run(sandbox + words)
        }
    }

    private func withMachine(_ body: (inout Machine) async throws -> Void) async throws {
        try await withCommandWorld { world in
            var machine = try Machine(world)
            try await body(&machine)
        }
    }

    private static let grep = "1. Search the files:\n\n   ```bash\n   rg --files-with-matches TODO .\n   ```\n"

    // MARK: Looking

    @Test func `install says once who needs something of the machine, and bind looks for it`() async throws {
        try await withMachine { machine in
            try #require(!FileSystem.exists("/usr/bin/rg"))
            try machine.skill("finder", Self.grep)
            try machine.skill("writer", "1. Write a letter.\n2. Read it once more.\n")
            try machine.project(["finder", "writer"])
            let installed = try await machine.skvm("install")
            #expect(installed.status == 0, "\(installed.errorText)")
            #expect(
                installed.outputText.contains(
                    "1 skill needs programs, packages or settings of this machine (finder): skvm bind looks for them"),
                "\(installed.outputText)")
            #expect(try await !machine.skvm("install").outputText.contains("skvm bind"))

            let before = try machine.world.snapshot(machine.world.home)
            let found = try await machine.skvm("bind")
            found.expectError(
                1, "bind.missing", "finder lacks what it needs", "`skvm bind --repair` installs apt ripgrep")
            #expect(found.outputText.contains("  missing  binary rg: apt has it as ripgrep"), "\(found.outputText)")
            #expect(found.outputText.contains("1 skill needs nothing"), "\(found.outputText)")
            #expect(try await machine.skvm("bind", "writer").status == 0)
            #expect(try machine.world.snapshot(machine.world.home) == before && machine.log.isEmpty)
            try await machine.skvm("bind", "no-such").expectError(2, "package.unknown", "no-such")

            let json = try await machine.skvm("bind", "--json").json()
            #expect(json["command"]?.string == "bind" && json["ok"]?.boolean == false)
            #expect(json["environment"]?.string == "debian-12-x86_64")
            let need = try #require(json["skills"]?.array?.first?["needs"]?.array?.first { $0["name"]?.string == "rg" })
            #expect(need["state"]?.string == "missing" && need["required"]?.boolean == true)
            let item = try #require(json["plan"]?["items"]?.array?.first)
            #expect(item["manager"]?.string == "apt" && item["package"]?.string == "ripgrep")
            #expect(item["skills"]?.array?.compactMap(\.string) == ["finder"])
        }
    }

    @Test func `a variable is looked for, and its value gets no further than to skvm`() async throws {
        try await withMachine { machine in
            try machine.skill(
                "caller",
                "Set `ACME_TOKEN` before the first call; the variable is required.\n\n" + Self.grep
                    + "\n```bash\ncurl -H \"Authorization: Bearer $ACME_TOKEN\" https://api.example.org/v1\n```\n")
            try machine.project(["caller"])
            #expect(try await machine.skvm("install").status == 0)
            let unset = try await machine.skvm("bind")
            #expect(unset.outputText.contains("missing  env ACME_TOKEN"), "\(unset.outputText)")
            machine.world.variables["ACME_TOKEN"] = "s3cret-value"
            machine.world.variables["GH_TOKEN"] = "s3cret-other"
            machine.world.variables["PIP_TOKEN"] = "s3cret-third"
            machine.world.variables["PIP_INDEX_URL"] = "https://example.org/simple"
            let set = try await machine.skvm("bind")
            #expect(set.outputText.contains("env ACME_TOKEN") && !set.outputText.contains("missing  env"))
            let repaired = try await machine.skvm("bind", "--repair", "--yes", "-v")
            #expect(repaired.status == 0, "\(repaired.errorText)")
            #expect(!machine.log.contains("s3cret") && machine.log.contains("PIP_INDEX_URL=https://example.org/simple"))
            #expect(!machine.log.contains("SKVM_"), "\(machine.log)")
            #expect(machine.log.contains("\n/\n"), "it runs in no folder of the project: \(machine.log)")
        }
    }

    // MARK: Repairing

    @Test func `nothing is installed unasked, and what is asked is listed first`() async throws {
        try await withMachine { machine in
            try machine.skill("finder", Self.grep)
            try machine.skill("seeker", Self.grep)
            try machine.project(["finder", "seeker"])
            #expect(try await machine.skvm("install").status == 0)
            let unanswered = try await machine.skvm("bind", "--repair")
            #expect(unanswered.status == 1 && machine.log.isEmpty)
            for words in ["[bind.unanswered]", "apt: ripgrep (for finder, seeker)", "add --yes"] {
                #expect(unanswered.errorText.contains(words), "\(unanswered.errorText)")
            }
            let dry = try await machine.skvm("bind", "--repair", "--dry-run")
            #expect(dry.status == 1 && machine.log.isEmpty)
            #expect(dry.outputText.contains("apt: ripgrep (for finder, seeker)"), "\(dry.outputText)")
            for (answer, status) in [("n", 1), ("", 1), ("y", 0)] as [(String, Int32)] {
                let asked = try await machine.run([
                    "python3", "-c", Self.atTerminal, answer, try CommandWorld.binary(), "bind", "--repair",
                ])
                #expect(asked.status == status, "\(asked.outputText)\(asked.errorText)")
                #expect(asked.outputText.contains("apt: ripgrep (for finder, seeker)"), "\(asked.outputText)")
                #expect(machine.log.isEmpty == (status == 1))
            }
            #expect(machine.log.contains("apt-get install -y -q --no-install-recommends -- ripgrep"))
            #expect(machine.log.split(separator: "\n").count { $0.hasPrefix("apt-get ") } == 1)
            #expect(try await machine.skvm("bind").status == 0)
        }
    }

    /// Runs a program at a terminal of its own, and answers its question.
    private static let atTerminal = """
        import os, pty, sys, time
        child, end = pty.fork()
        if child == 0: os.execv(sys.argv[2], sys.argv[2:])
        said, answered = b"", False
        while True:
            try: part = os.read(end, 4096)
            except OSError: break
            if not part: break
            said += part
            if b"[y/N]" in said and not answered:
                answered = True
                os.write(end, sys.argv[1].encode() + b"\\n")
        sys.stdout.write(said.decode().replace("\\r", ""))
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """

    @Test func `who is not root is told what root must run, and nobody is made root`() async throws {
        try await withMachine { machine in
            machine.isRoot = false
            machine.world.variables["ID_OF_TEST"] = "1000"
            try machine.program("id", "echo 1000\n")
            try machine.program("sudo", "touch \(machine.world.scratch)/sudo-was-called\n")
            try machine.skill("finder", Self.grep)
            try machine.project(["finder"])
            #expect(try await machine.skvm("install").status == 0)
            let result = try await machine.skvm("bind", "--repair", "--yes")
            result.expectError(1, "bind.missing", "as root: apt-get install ripgrep")
            #expect(machine.log.isEmpty && !FileSystem.exists(machine.world.scratch + "/sudo-was-called"))
        }
    }

    // MARK: Seeing what was installed

    /// A wheel of the test's own, the machine's own pip, a virtual environment below the scratch home.
    @Test(.enabled(if: FileSystem.exists("/usr/lib/python3/dist-packages/pip"), "needs python3-pip"))
    func `a skill's script sees the packages that were installed for it`() async throws {
        try await withMachine { machine in
            let wheels = machine.world.scratch + "/wheels"
            try FileSystem.makeDirectories(wheels)
            let made = try await Program("python3", ["-c", SampleWheel.program, wheels]).run()
            try #require(made.succeeded, "\(made.errorText)")
            machine.world.variables["PIP_NO_INDEX"] = "1"
            machine.world.variables["PIP_FIND_LINKS"] = wheels
            try machine.skill(
                "sampler",
                "Install `pip install skvm-sample` first.\n\n1. Run it:\n\n   ```bash\n   python3 scripts/show.py\n   ```\n",
                ["scripts/show.py": "import skvm_sample\nprint('value', skvm_sample.value)\n"])
            try machine.project(["sampler"])
            #expect(try await machine.skvm("install").status == 0)
            let script = machine.world.project + "/.agents/skills/sampler/scripts/show.py"
            try #require(FileSystem.exists(script))
            #expect(try await machine.skvm("bind").status == 1)
            let started = try await machine.skvm("bind", "--", "python3", script)
            #expect(started.status == 1 && started.errorText.contains("sampler lacks pip skvm-sample"))
            #expect(
                started.errorText.contains("No module named 'skvm_sample'"),
                "what is missing keeps nobody from starting")

            let repaired = try await machine.skvm("bind", "--repair", "--yes")
            #expect(repaired.status == 0, "\(repaired.outputText)\(repaired.errorText)")
            #expect(repaired.outputText.contains("installed  pip skvm-sample"), "\(repaired.outputText)")
            #expect(try await machine.skvm("bind").outputText.contains("there  "))

            #expect(try await machine.run(["python3", script]).status != 0)
            let seen = try await machine.skvm("bind", "sampler", "--", "python3", script)
            #expect(seen.status == 0 && seen.outputText == "value 1\n", "\(seen.outputText)\(seen.errorText)")
            let shell = "eval \"$(\(try CommandWorld.binary()) bind --env)\" && exec python3 \(script)"
            let evaluated = try await machine.run(["sh", "-c", shell])
            #expect(evaluated.outputText == "value 1\n", "\(evaluated.errorText)")
        }
    }

    @Test(.enabled(if: FileSystem.exists("/usr/lib/python3/dist-packages/pip"), "needs python3-pip"))
    func `two skills that want two versions of a package are not both told that all is well`() async throws {
        try await withMachine { machine in
            let wheels = machine.world.scratch + "/wheels"
            try FileSystem.makeDirectories(wheels)
            for version in ["1.0.0", "1.2.0"] {
                let wheel = SampleWheel.program.replacing("1.2.0", with: version)
                try #require(try await Program("python3", ["-c", wheel, wheels]).run().succeeded)
            }
            machine.world.variables["PIP_NO_INDEX"] = "1"
            machine.world.variables["PIP_FIND_LINKS"] = wheels
            try machine.skill("newer", "Install `pip install 'skvm-sample>=1.1'` first.\n")
            try machine.skill("older", "Install `pip install skvm-sample==1.0.0` first.\n")
            try machine.project(["newer", "older"])
            #expect(try await machine.skvm("install").status == 0)
            let both = try await machine.skvm("bind", "--repair", "--yes", "--json")
            #expect(both.status == 1, "\(both.outputText)")
            let states = try (both.json()["skills"]?.array ?? []).map { skill in
                skill["needs"]?.array?.first { $0["kind"]?.string == "pip" }?["state"]?.string
            }
            #expect(states == ["missing", "installed"], "\(both.outputText)")
        }
    }

    @Test func `a command starts as it would by itself`() async throws {
        try await withMachine { machine in
            try machine.skill("finder", Self.grep)
            try machine.project(["finder"])
            #expect(try await machine.skvm("install").status == 0)
            let exit = try await machine.skvm("bind", "-q", "--", "sh", "-c", "echo \"$1\" out; exit 7", "x", "a b")
            #expect(exit.status == 7 && exit.outputText == "a b out\n", "\(exit.errorText)")
            #expect(exit.errorText.isEmpty || !exit.errorText.contains("lacks binary"))
            // Neither a signal is held back nor one ignored.
            let status = ["grep", "-E", "^Sig(Blk|Ign):", "/proc/self/status"]
            let marks = try await machine.run([try CommandWorld.binary(), "bind", "-q", "--"] + status)
            let own = try await machine.run(status)
            #expect(Self.signals(marks) == Self.signals(own) && Self.signals(own).count == 2)
            #expect(try await machine.skvm("bind", "--", "no-such-command").status == 127)
            for wrong in [["--env", "--repair"], ["--yes"], ["--json", "--", "true"], ["--env", "--", "true"]] {
                let result = try await machine.run([try CommandWorld.binary(), "bind"] + wrong)
                #expect(result.status == 2, "\(wrong): \(result.errorText)")
            }
        }
    }

    /// Masks of the signals that have a name; those beyond are the C library's own.
    private static func signals(_ result: ProgramResult) -> [UInt64] {
        result.outputText.split(separator: "\n").compactMap { line in
            line.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }.map { $0 & 0x7FFF_FFFF }
        }
    }

    // MARK: Targets

    @Test func `of several environments this machine's is taken, else one must be said`() async throws {
        try await withMachine { machine in
            let release = try Self.release()
            func box(_ name: String, _ distribution: String, _ number: String) -> String {
                "version = 1\nname = \"\(name)\"\nos = \"linux\"\ndistribution = \"\(distribution)\"\nrelease = \"\(number)\"\n"
                    + "architecture = \"x86_64\"\n[package-managers]\n\(distribution == "alpine" ? "apk" : "apt") = \"\"\n"
            }
            func target(_ name: String) -> String {
                "\n[targets.\(name)]\nmodel = \"qwen/qwen3.5-9b\"\nharness = \"bare-agent\"\nenvironment = \"./\(name).toml\"\n"
            }
            try write(
                [
                    "here.toml": box("here", release.id, release.number), "far.toml": box("far", "alpine", "9.9"),
                    "near.toml": box("near", release.id, ""),
                ], in: machine.world.project)
            try machine.skill("finder", Self.grep)
            try machine.project(["finder"], extra: target("far"), environment: "./here.toml")
            let installed = try await machine.skvm("build")
            #expect(installed.status == 0, "\(installed.errorText)")
            let chosen = try await machine.skvm("bind", "--json").json()
            #expect(chosen["environment"]?.string == "here")
            #expect(chosen["diagnostics"]?.array?.contains { $0["id"]?.string == "bind.machine" } == false)
            let far = try await machine.skvm("bind", "-t", "far", "--json").json()
            #expect(far["environment"]?.string == "far")
            #expect(far["diagnostics"]?.array?.contains { $0["id"]?.string == "bind.machine" } == true)
            try await machine.skvm("bind", "-t", "none").expectError(2, "target.unknown", "none")
            try machine.project(["finder"], extra: target("far") + target("near"), environment: "./here.toml")
            #expect(try await machine.skvm("build").status == 0)
            try await machine.skvm("bind").expectError(2, "bind.target", "-t here, -t near")
        }
    }

    private static func release() throws -> (id: String, number: String) {
        let lines = try FileSystem.readText("/etc/os-release").split(separator: "\n")
        func value(_ key: String) -> String {
            lines.first { $0.hasPrefix(key + "=") }.map { $0.dropFirst(key.count + 1).filter { $0 != "\"" } } ?? ""
        }
        return (value("ID"), value("VERSION_ID"))
    }

    @Test func `what an environment is said to have is looked for on the path all the same`() async throws {
        try await withMachine { machine in
            let box =
                "version = 1\nname = \"box\"\nos = \"linux\"\narchitecture = \"x86_64\"\n[package-managers]\napt = \"\"\n[tools]\nrg = \"14.1.0\"\n"
            try write(["box.toml": box], in: machine.world.project)
            try machine.skill("finder", Self.grep)
            try machine.project(["finder"], environment: "./box.toml")
            #expect(try await machine.skvm("install").status == 0)
            let gone = try await machine.skvm("bind")
            #expect(gone.status == 1)
            #expect(
                gone.outputText.contains("missing  binary rg: box is said to have it, and it is not on the path"),
                "\(gone.outputText)")
            try machine.program("rg", "exit 0\n")
            let there = try await machine.skvm("bind")
            #expect(
                there.status == 0 && there.outputText.contains("taken  binary rg: box has it"), "\(there.outputText)")
        }
    }

    @Test func `where nothing can be looked for a command starts all the same, and is told why`() async throws {
        try await withMachine { machine in
            func starts(_ id: String, _ words: String) async throws {
                let result = try await machine.skvm("bind", "--", "echo", "hi")
                #expect(result.status == 0 && result.outputText == "hi\n", "\(result.outputText)\(result.errorText)")
                #expect(result.errorText.contains(words), "\(result.errorText)")
                #expect(
                    result.errorText.contains("[\(id)]") && !result.errorText.contains("error:"), "\(result.errorText)")
                let line = try await machine.skvm("bind", "--env")
                #expect(line.status == 0 && line.outputText.hasPrefix("PATH="), "\(line.errorText)")
                #expect(line.errorText.isEmpty, "\(line.errorText)")
            }
            try await starts("project.none", "skvm.toml")
            try machine.skill("finder", Self.grep)
            try machine.project(["finder"])
            try await starts("bind.no-lock", "there is no skvm.lock")
            #expect(try await machine.skvm("lock").status == 0)
            try await starts("bind.not-compiled", "nothing is compiled")
            #expect(try await machine.skvm("install").status == 0)
            try await starts("bind.missing", "finder lacks what it needs")
            try FileSystem.removeTree(machine.world.cache)
            try await starts("bind.not-cached", "the cache has not")
            try await machine.skvm("bind").expectError(
                1, "bind.not-cached", "1 skill is locked, and installed", "skvm install")
            try machine.project([])
            #expect(try await machine.skvm("lock").status == 0)
            try await starts("bind.nothing", "no skill")
            // What was said wrongly is no matter of the machine.
            try await machine.skvm("bind", "no-such", "--", "echo", "hi").expectError(2, "package.unknown")
            try await machine.skvm("bind", "-t", "none", "--", "echo", "hi").expectError(2, "target.unknown")
        }
    }

    @Test func `a repair that nobody can answer for starts nothing`() async throws {
        try await withMachine { machine in
            try machine.skill("finder", Self.grep)
            try machine.project(["finder"])
            #expect(try await machine.skvm("install").status == 0)
            let result = try await machine.skvm("bind", "--repair", "--", "echo", "hi")
            result.expectError(1, "bind.unanswered", "add --yes")
            #expect(!result.outputText.contains("hi") && machine.log.isEmpty)
            let answered = try await machine.skvm("bind", "--repair", "--yes", "--", "echo", "hi")
            #expect(answered.status == 0 && answered.outputText == "hi\n", "\(answered.errorText)")
            // Nothing is to be answered now.
            #expect(try await machine.skvm("bind", "--repair", "--", "echo", "hi").outputText == "hi\n")
        }
    }

    @Test func `what fails is told once, however often it is tried`() async throws {
        try await withMachine { machine in
            machine.isRoot = false
            try machine.program("id", "echo 1000\n")
            try machine.program("npm", "echo 'npm error 404' >&2\nexit 1\n")
            for name in ["finder", "seeker"] {
                try machine.skill(name, Self.grep + "\n```bash\nnpm install -g corp-tool\n```\n")
            }
            try machine.project(["finder", "seeker"])
            #expect(try await machine.skvm("install").status == 0)
            let result = try await machine.skvm("bind", "--repair", "--yes")
            result.expectError(1, "bind.missing")
            for words in ["npm error 404", "needs root: apt-get install ripgrep"] {
                let count = result.errorText.split(separator: "\n").count { $0.contains(words) }
                #expect(count == 1, "\(words): \(result.errorText)")
            }
        }
    }

    @Test func `what is not compiled yet is said to be`() async throws {
        try await withMachine { machine in
            try machine.skill("finder", Self.grep)
            try machine.project(["finder"])
            try await machine.skvm("bind").expectError(1, "bind.no-lock", "skvm install")
            #expect(try await machine.skvm("lock").status == 0)
            try await machine.skvm("bind").expectError(1, "bind.not-compiled", "skvm install")
            #expect(try await machine.skvm("install").status == 0)
            try FileSystem.removeTree(machine.world.cache)
            try await machine.skvm("bind").expectError(1, "bind.not-cached", "skvm install")
        }
    }
}
