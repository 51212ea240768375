import Basics
import SkillModel
import TestSupport
import Testing

@testable import Passes

/// The script run for real, in a sandbox without network: the machine's own Debian read-only, a scratch home, package
/// managers of the test's making.
@Suite struct BindRunTests {
    private func bind(
        _ dependencies: [(Dependency.Kind, String, Bool, String?)], managed: Bool = true
    ) throws -> BindScript {
        var environment = TargetFixture.environment
        environment.pythonExternallyManaged = managed
        let manifest = dependencies.map {
            Dependency($0.0, $0.1, required: $0.2, version: $0.3, evidence: [Evidence(line: 1)])
        }
        return try #require(Bind.run(DependencyManifest(manifest), environment: environment).value)
    }

    /// An apt that installs `rg` by writing it, and says what it was asked.
    private static let apt = """
        #!/bin/sh
        echo "apt-get $*" >> /tmp/m/log
        cat > /tmp/m/bin/rg <<'END'
        #!/bin/sh
        echo ripgrep
        END
        chmod 755 /tmp/m/bin/rg
        """
    private static let cache = "#!/bin/sh\nexit 0\n"
    private static let root = "#!/bin/sh\necho 0\n"

    @Test func `an absent program is said, installed without an index refresh, and then there`() async throws {
        try await withScratch { scratch in
            let machine = BindMachine(root: scratch)
            try machine.program("apt-get", Self.apt)
            try machine.program("apt-cache", Self.cache)
            try machine.program("id", Self.root)
            let script = try bind([(.binary, "rg", true, nil)])
            // The build machine itself must not have it.
            try #require(FileSystem.exists("/usr/bin/rg") == false)
            let before = try await machine.state()
            let absent = try await machine.run(script, "--check")
            #expect(absent.status == 1)
            #expect(absent.outputText == "missing binary rg (required): apt has it as ripgrep\n")
            #expect(try await machine.state() == before)
            let repaired = try await machine.run(script, "--repair")
            #expect(repaired.status == 0, "\(repaired.errorText)")
            #expect(repaired.outputText == "installed binary rg\n")
            let log = try FileSystem.readText(scratch + "/log")
            #expect(log == "apt-get install -y -q --no-install-recommends -- ripgrep\n")
            let present = try await machine.run(script, "--check")
            #expect(present.status == 0 && present.outputText == "ok binary rg\n")
            _ = try await machine.run(script, "--repair")
            #expect(try FileSystem.readText(scratch + "/log") == log)
        }
    }

    @Test func `programs that Homebrew keeps off the path are found, and put there`() async throws {
        try await withScratch { scratch in
            let machine = BindMachine(root: scratch)
            var environment = TargetFixture.environment
            (environment.os, environment.packageManagers, environment.tools) = ("macos", ["brew": ""], [:])
            let manifest = DependencyManifest([Dependency(.binary, "mysql", evidence: [Evidence(line: 1)])])
            let script = try #require(Bind.run(manifest, environment: environment).value)
            try machine.program(
                "brew",
                """
                #!/bin/sh
                echo "$*" >> /tmp/m/log
                mkdir -p /tmp/m/opt/mysql-client/bin
                printf '#!/bin/sh\\n' > /tmp/m/opt/mysql-client/bin/mysql
                chmod 755 /tmp/m/opt/mysql-client/bin/mysql

                """)
            try #require(!FileSystem.exists("/usr/bin/mysql"))
            let absent = try await machine.run(script, "--check")
            #expect(
                absent.outputText == "missing binary mysql (required): brew has it as mysql-client\n",
                "\(absent.errorText)")
            let repaired = try await machine.run(script, "--repair")
            #expect(repaired.outputText == "installed binary mysql\n", "\(repaired.errorText)")
            let present = try await machine.run(script, "--check")
            #expect(present.status == 0 && present.outputText == "ok binary mysql\n", "\(present.errorText)")
            let env = try await machine.run(script, "--env").outputText
            #expect(env.contains(":/tmp/m/opt/mysql-client/bin'") && !env.contains("opt/openjdk"), "\(env)")
            _ = try await machine.run(script, "--repair")
            #expect(try FileSystem.readText(scratch + "/log") == "install mysql-client\n")
        }
    }

    @Test func `nothing that lies in the working folder is run or installed`() async throws {
        try await withScratch { scratch in
            let machine = BindMachine(root: scratch)
            let files = ["pip.py", "importlib.py", "operator.py", "re.py", "venv.py"]
            for file in files {
                try FileSystem.makeDirectories(scratch + "/project")
                try FileSystem.write(Array("open('/tmp/m/ran', 'w')\n".utf8), to: "\(scratch)/project/\(file)")
            }
            for managed in [false, true] {
                let script = try bind([(.pip, "no-such-package", true, ">=1")], managed: managed)
                let result = try await machine.run(script, "--repair", from: "/tmp/m/project")
                #expect(result.status == 1, "\(result.errorText)")
                #expect(!FileSystem.exists(scratch + "/ran"))
            }
        }
    }

    @Test(
        arguments: [
            (nil, "latest"), ("main", "main"), ("1.2.3", "v1.2.3"), ("=1.2.3", "v1.2.3"), ("v1.2.3", "v1.2.3"),
            ("2", "v2"),
            (">=1.2", "latest"), ("^1", "latest"), ("7f3c9a4d", "7f3c9a4d"), ("vendor", "vendor"),
        ] as [(String?, String)])
    func `a Go program is asked for by the version, branch or commit that the skill names`(
        version: String?, asked: String
    ) async throws {
        try await withScratch { scratch in
            let machine = BindMachine(root: scratch)
            let built = asked.contains(".") ? asked : "v2.0.0-2026"
            try machine.program(
                "go",
                """
                #!/bin/sh
                echo "$*" >> /tmp/m/log
                printf '#!/bin/sh\\nexit\\npath\\texample.org/x/baz\\nmod\\texample.org/x/baz\\t\(built)\\th1:x\\n' > /tmp/m/bin/baz
                chmod 755 /tmp/m/bin/baz

                """)
            let script = try bind([(.go, "example.org/x/baz", true, version)])
            let result = try await machine.run(script, "--repair")
            #expect(try FileSystem.readText(scratch + "/log").hasPrefix("install example.org/x/baz@\(asked)\n"))
            if version != "^1" {
                #expect(result.outputText == "installed go example.org/x/baz\n", "\(result.errorText)")
            }
        }
    }

    @Test(arguments: ["", "#!/no/such/interpreter\n", "garbage\n", "#!/usr/bin/env no-such-interpreter\n"])
    func `a program that can't start is broken and repaired`(text: String) async throws {
        try await withScratch { scratch in
            let machine = BindMachine(root: scratch)
            try machine.program("apt-get", Self.apt)
            try machine.program("apt-cache", Self.cache)
            try machine.program("id", Self.root)
            try machine.program("rg", text)
            let script = try bind([(.binary, "rg", true, nil)])
            #expect(try await machine.run(script, "--check").status == 1)
            #expect(try await machine.run(script, "--repair").outputText == "installed binary rg\n")
            #expect(try await machine.run(script, "--check").status == 0)
        }
    }

    @Test func `a program that was cut short is broken, whole it is there, and none of both is run`() async throws {
        try await withScratch { scratch in
            let machine = BindMachine(root: scratch)
            try machine.program("rg", "")
            let script = try bind([(.binary, "rg", true, nil)])
            let whole = try FileSystem.read("/bin/true")
            for length in [whole.count, whole.count - 1, whole.count / 2, 60, 20, 5] {
                try FileSystem.write(Array(whole.prefix(length)), to: scratch + "/bin/rg", mode: 0o755)
                let status: Int32 = length == whole.count ? 0 : 1
                #expect(try await machine.run(script, "--check").status == status, "\(length) bytes")
            }
            try machine.program("rg", "#!/bin/sh\ntouch /tmp/m/it-was-run\n")
            #expect(try await machine.run(script, "--check").status == 0)
            #expect(!FileSystem.exists(scratch + "/it-was-run"))
        }
    }

    @Test func `a program that lacks a library or a module can't start, and is not run to know it`() async throws {
        try await withScratch { scratch in
            let machine = BindMachine(root: scratch)
            let script = try bind([(.binary, "rg", true, nil)])
            try machine.program("rg", "#!/usr/bin/python3\nimport sys\nfrom no_such_module.cli import main\nmain()\n")
            #expect(try await machine.run(script, "--check").status == 1)
            try machine.program("rg", "#!/usr/bin/env python3\nfrom no_such_module.cli import main\nmain()\n")
            #expect(try await machine.run(script, "--check").status == 1)
            // Beside it, as Python looks for it; and what is only tried.
            let whole =
                "#!/usr/bin/python3\nimport os, sys\nimport beside\ntry:\n    import no_such_module\nexcept ImportError:\n    pass\n"
            try machine.program("rg", whole)
            try FileSystem.write(Array("open('/tmp/m/it-was-run', 'w')\n".utf8), to: scratch + "/bin/beside.py")
            #expect(try await machine.run(script, "--check").status == 0)
            // What a program puts on its own path is not known; and nothing of the folder that this is run in is.
            try machine.program(
                "rg", "#!/usr/bin/python3\nimport sys\nsys.path.insert(0, '/opt/x')\nimport no_such_module\n")
            #expect(try await machine.run(script, "--check").status == 0)
            for name in ["types", "contextlib", "functools", "warnings", "no_such_module"] {
                try FileSystem.write(Array("open('/tmp/m/it-was-run', 'w')\n".utf8), to: scratch + "/\(name).py")
            }
            try machine.program("rg", "#!/usr/bin/python3\nimport no_such_module\n")
            #expect(try await machine.run(script, "--check").status == 1)
            // The name of a library that it is linked with, changed to one that is nowhere.
            var program = try FileSystem.read("/bin/true")
            let name = Array("libc.so.6".utf8)
            let at = try #require(program.indices.first { program[$0...].starts(with: name) })
            program[at] = UInt8(ascii: "Q")
            try FileSystem.write(program, to: scratch + "/bin/rg", mode: 0o755)
            let broken = try await machine.run(script, "--check")
            #expect(broken.status == 1, "\(broken.outputText)")
            #expect(!FileSystem.exists(scratch + "/it-was-run"))
        }
    }

    @Test func `a manager that is missing is brought first, and one repair is enough`() async throws {
        try await withScratch { scratch in
            let machine = BindMachine(root: scratch)
            try machine.program("apt-get", Self.aptWithGo)
            try machine.program("apt-cache", Self.cache)
            try machine.program("id", Self.root)
            try #require(!FileSystem.exists("/usr/bin/go") && !FileSystem.exists("/bin/go"))
            let script = try bind([(.go, "example.com/a/sample", true, nil)])
            let repaired = try await machine.run(script, "--repair")
            #expect(repaired.status == 0, "\(repaired.outputText)\(repaired.errorText)")
            #expect(repaired.outputText == "installed go example.com/a/sample\n")
            // Of that name, and built of another module.
            let other = try bind([(.go, "example.com/b/sample", true, nil)])
            #expect(try await machine.run(other, "--check").status == 1)
        }
    }

    /// An apt whose `go` writes a program that says what it was built of.
    private static let aptWithGo = """
        #!/bin/sh
        cat > /tmp/m/bin/go <<'END'
        #!/bin/sh
        printf '#!/bin/sh\\n#\\npath\\texample.com/a/sample\\nmod\\texample.com/a/sample\\tv1.2.0\\n' > /tmp/m/bin/sample
        chmod 755 /tmp/m/bin/sample
        END
        chmod 755 /tmp/m/bin/go
        """

    @Test(arguments: [("", 1), (" ", 1), (" \t\n", 1), ("x", 0), (" x ", 0)])
    func `a variable of blanks is not set`(value: String, status: Int32) async throws {
        try await withScratch { scratch in
            var machine = BindMachine(root: scratch)
            machine.environment = ["ACME_DIR": value]
            let result = try await machine.run(try bind([(.env, "ACME_DIR", true, nil)]), "--check")
            #expect(result.status == status, "\(result.outputText)\(result.errorText)")
        }
    }

    @Test func `without root nothing is installed and the command to run is said`() async throws {
        try await withScratch { scratch in
            let machine = BindMachine(root: scratch)
            try machine.program("apt-get", Self.apt)
            try machine.program("id", "#!/bin/sh\necho 1000\n")
            try machine.program("sudo", "#!/bin/sh\ntouch /tmp/m/sudo-was-called\n")
            let result = try await machine.run(try bind([(.binary, "rg", true, nil)]), "--repair")
            #expect(result.status == 1)
            #expect(
                result.errorText.split(separator: "\n").count { $0.contains("needs root: apt-get install ripgrep") }
                    == 1)
            #expect(!FileSystem.exists(scratch + "/log") && !FileSystem.exists(scratch + "/sudo-was-called"))
        }
    }

    @Test func `a secret's value is never printed, an optional need fails nothing`() async throws {
        try await withScratch { scratch in
            var machine = BindMachine(root: scratch)
            let script = try bind([
                (.env, "API_TOKEN", true, nil), (.service, "notion", true, nil), (.mcp, "github", true, nil),
                (.binary, "rg", false, nil),
            ])
            let missing = try await machine.run(script, "--check")
            #expect(missing.status == 1 && missing.outputText.contains("missing env API_TOKEN (required)"))
            machine.environment = ["API_TOKEN": "s3cret-$(touch /tmp/m/ran)"]
            let result = try await machine.run(script, "--check")
            #expect(result.status == 0)
            #expect(!(result.outputText + result.errorText).contains("s3cret"))
            #expect(result.outputText.contains("missing binary rg (optional)"))
            #expect(!FileSystem.exists(scratch + "/ran"))
        }
    }

    @Test func `a server that must run is looked for where it answers, and nothing else is asked of it`() async throws {
        try await withScratch { scratch in
            var machine = BindMachine(root: scratch)
            let evidence = [Evidence(line: 1)]
            let manifest = DependencyManifest([
                Dependency(.service, "acmory", mustRun: true, evidence: evidence),
                Dependency(.service, "docker", required: false, mustRun: true, evidence: evidence),
                Dependency(.service, "redis", mustRun: true, evidence: evidence),
            ])
            let script = try #require(Bind.run(manifest, environment: TargetFixture.environment).value)
            try FileSystem.write(Array(script.script.utf8), to: scratch + "/bind.sh")
            let lint = try await Program("shellcheck", ["-s", "sh", scratch + "/bind.sh"]).run()
            #expect(lint.succeeded, "\(lint.outputText)")
            let absent = try await machine.run(script, "--check")
            #expect(absent.status == 1)
            #expect(
                absent.outputText == """
                    unseen service acmory (required): it must be running
                    missing service docker (optional): it is not running here; start it before the skill is used
                    missing service redis (required): it is not running here, nothing listens on port 6379; start it before the skill is used

                    """)
            machine.environment = ["REDIS_URL": "redis://:s3cret@example.com"]
            let elsewhere = try await machine.run(script, "--check")
            #expect(elsewhere.status == 0 && !elsewhere.outputText.contains("s3cret"))
            machine.environment = ["REDIS_URL": "redis://:s3cret@localhost:6390/0"]
            let local = try await machine.run(script, "--check")
            #expect(local.status == 1 && local.outputText.contains("nothing listens on port 6390"))
            #expect(!local.outputText.contains("s3cret"))
            machine.environment = [:]
            let started = try machine.behindServer(on: [6379], script)
            let present = try await machine.run(started, "--check")
            #expect(present.status == 0 && present.outputText.contains("ok service redis\n"), "\(present.outputText)")
        }
    }

    /// A wheel made by the test, installed by the machine's own pip into a virtual environment, then damaged.
    @Test(.enabled(if: FileSystem.exists("/usr/lib/python3/dist-packages/pip"), "needs python3-pip"))
    func `a Python package is installed into a virtual environment, and a damaged one again`() async throws {
        try await withScratch { scratch in
            var machine = BindMachine(root: scratch)
            machine.environment = ["PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/tmp/m/wheels"]
            try FileSystem.makeDirectories(scratch + "/wheels")
            let made = try await Program("python3", ["-c", SampleWheel.program, scratch + "/wheels"]).run()
            try #require(made.succeeded, "\(made.errorText)")
            let script = try bind([(.pip, "skvm-sample", true, ">=1.1,<2")])
            #expect(try await machine.run(script, "--check").status == 1)
            #expect(!FileSystem.exists(scratch + "/home"))
            let first = try await machine.run(script, "--repair")
            #expect(first.outputText == "installed pip skvm-sample\n", "\(first.errorText)")
            #expect(try await machine.run(script, "--check").status == 0)
            let found = try await Program("sh", ["-c", "find \(scratch)/home -name skvm_sample.py -delete -print"])
                .run()
            #expect(found.outputText.contains("/.local/share/skvm/env/python/"))
            #expect(try await machine.run(script, "--check").status == 1)
            let second = try await machine.run(script, "--repair")
            #expect(second.outputText == "repaired pip skvm-sample\n", "\(second.errorText)")
            let tooNew = try bind([(.pip, "skvm-sample", true, ">=3")])
            #expect(try await machine.run(tooNew, "--check").status == 1)
        }
    }
}
