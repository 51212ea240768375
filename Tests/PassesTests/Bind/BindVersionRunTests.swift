import Basics
import SkillModel
import TestSupport
import Testing

@testable import Passes

/// Versions, as the script reads them on a real machine: of what is there, too old, not to be told, absent, and broken.
@Suite struct BindVersionRunTests {
    private func bind(_ kind: Dependency.Kind, _ name: String, _ version: String?) throws -> BindScript {
        let manifest = DependencyManifest([Dependency(kind, name, version: version, evidence: [Evidence(line: 1)])])
        var environment = TargetFixture.environment
        environment.tools = [:]
        return try #require(Bind.run(manifest, environment: environment).value)
    }

    /// A program with a sign of its version beside it.
    struct Reader: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var program: String
        var have: String
        var make: @Sendable (BindMachine) throws -> Void
    }

    private static let shell = "#!/bin/sh\n"

    private static let readers = [
        Reader(testDescription: "the environment that it belongs to", program: "python3", have: "3.11.2") {
            try $0.program("python3", shell)
            try $0.file("pyvenv.cfg", "home = /usr/bin\nversion = 3.11.2\n")
        },
        Reader(testDescription: "an environment made by uv", program: "python3", have: "3.11.2") {
            try $0.program("python3", shell)
            try $0.file("pyvenv.cfg", "home = /usr/bin\nuv = 0.5.1\nversion_info = 3.11.2\n")
        },
        Reader(testDescription: "Node.js's headers", program: "node", have: "20.11") {
            try $0.program("node", shell)
            try $0.file(
                "include/node/node_version.h",
                "#define NODE_MAJOR_VERSION 20\n#define NODE_MINOR_VERSION 11\n#define NODE_PATCH_VERSION 1\n")
        },
        Reader(testDescription: "the package.json around it", program: "acmefmt", have: "3.2.5") {
            try $0.file("lib/node_modules/acmefmt/bin/cli.js", shell, mode: 0o755)
            try $0.file(
                "lib/node_modules/acmefmt/package.json", "{\n  \"name\": \"acmefmt\",\n  \"version\": \"3.2.5\"\n}\n")
            try $0.link("acmefmt", to: "lib/node_modules/acmefmt/bin/cli.js")
        },
        Reader(testDescription: "the package.json of a scope's package", program: "acmefmt", have: "3.2.5") {
            try $0.file("lib/node_modules/@acme/fmt/cli.js", shell, mode: 0o755)
            try $0.file("lib/node_modules/@acme/fmt/package.json", "{\"version\": \"3.2.5\"}\n")
            try $0.link("acmefmt", to: "lib/node_modules/@acme/fmt/cli.js")
        },
        Reader(testDescription: "a folder that is called like a version", program: "acmectl", have: "2.4.1") {
            try $0.file("opt/acmectl-2.4.1/bin/acmectl", shell, mode: 0o755)
            try $0.link("acmectl", to: "opt/acmectl-2.4.1/bin/acmectl")
        },
    ]

    @Test(arguments: readers)
    func `a program is ok, or too old, by`(reader: Reader) async throws {
        try await withScratch { scratch in
            let machine = BindMachine(root: scratch)
            try reader.make(machine)
            let major = try #require(Int(reader.have.prefix { $0 != "." }))
            for (asked, status) in [
                (">=\(reader.have)", 0), (reader.have, 0), (">=\(major)", 0), ("<\(major + 1)", 0),
                (">=\(major + 1)", 1),
                ("<\(major)", 1), (">=\(major),<\(major + 1)", 0), ("!=\(reader.have)", 1), ("^\(reader.have)", 0),
            ] as [(String, Int32)] {
                let result = try await machine.run(try bind(.binary, reader.program, asked), "--check")
                #expect(result.status == status, "\(asked): \(result.outputText)\(result.errorText)")
                let begin =
                    status == 0 ? "ok binary \(reader.program)\n" : "missing binary \(reader.program) (required)"
                #expect(result.outputText.hasPrefix(begin), "\(asked): \(result.outputText)")
            }
        }
    }

    @Test func `a program whose version nothing tells is unseen, and one that is not there is missing`() async throws {
        try await withScratch { scratch in
            let machine = BindMachine(root: scratch)
            let script = try bind(.binary, "acmectl", ">=2")
            #expect(try await machine.run(script, "--check").status == 1)
            try machine.program("acmectl", Self.shell)
            let unread = try await machine.run(script, "--check")
            #expect(unread.status == 0)
            #expect(
                unread.outputText
                    == "unseen binary acmectl (required): it is here in a version that can't be read, >=2 is asked for\n"
            )
            #expect(
                try await machine.run(try bind(.binary, "acmectl", nil), "--check").outputText == "ok binary acmectl\n")
        }
    }

    @Test(.enabled(if: FileSystem.exists("/usr/bin/dpkg-query"), "needs Debian"))
    func `the system's own package tells the version of its program`() async throws {
        try await withScratch { scratch in
            let machine = BindMachine(root: scratch)
            #expect(
                try await machine.run(try bind(.binary, "dash", ">=0.5"), "--check").outputText == "ok binary dash\n")
            let old = try await machine.run(try bind(.binary, "dash", ">=99"), "--check")
            #expect(old.status == 1 && old.outputText.hasPrefix("missing binary dash (required)"), "\(old.outputText)")
        }
    }

    @Test func `packages of npm, cargo and go are compared by their own records`() async throws {
        try await withScratch { scratch in
            let machine = BindMachine(root: scratch)
            try machine.file(
                "home/.local/share/skvm/env/npm/lib/node_modules/@acme/fmt/package.json",
                "{\n \"version\": \"3.2.5\"\n}\n")
            try machine.file(
                "home/.cargo/.crates.toml",
                "[v1]\n\"acmegrep 14.1.0 (registry+https://example.org/index)\" = [\"ag\"]\n")
            try machine.program(
                "acmeq", "#!/bin/sh\n#\npath\texample.org/a/acmeq/v4\nmod\texample.org/a/acmeq/v4\tv4.40.1\n")
            try machine.program(
                "acmelint", "#!/bin/sh\n#\npath\texample.org/a/acmelint\nmod\texample.org/a/acmelint\t(devel)\n")
            for (kind, name, asked, begin) in [
                (.npm, "@acme/fmt", "3.2.5", "ok"), (.npm, "@acme/fmt", "^3.1", "ok"),
                (.npm, "@acme/fmt", "4", "missing"),
                (.npm, "@acme/none", "1", "missing"), (.cargo, "acmegrep", "14.1.0", "ok"),
                (.cargo, "acmegrep", "^15", "missing"), (.cargo, "acme", nil, "missing"),
                (.go, "example.org/a/acmeq/v4", "v4.40.1", "ok"), (.go, "example.org/a/acmeq/v4", "v4.41.0", "missing"),
                (.go, "example.org/b/acmeq/v4", nil, "missing"), (.go, "example.org/a/acmelint", "v1.2.0", "unseen"),
            ] as [(Dependency.Kind, String, String?, String)] {
                let result = try await machine.run(try bind(kind, name, asked), "--check")
                #expect(
                    result.outputText.hasPrefix("\(begin) \(kind.rawValue) \(name)"),
                    "\(name) \(asked ?? ""): \(result.outputText)\(result.errorText)")
                #expect(result.status == (begin == "missing" ? 1 : 0))
            }
        }
    }

    /// A real package of the tests' own Debian, of which something hides the files.
    @Test(.enabled(if: FileSystem.isDirectory("/usr/share/base-passwd"), "needs Debian"))
    func `an apt package whose files are gone is broken, and a second try brings them back`() async throws {
        try await withScratch { scratch in
            var machine = BindMachine(root: scratch)
            let script = try bind(.apt, "base-passwd", nil)
            #expect(try await machine.run(script, "--check").outputText == "ok apt base-passwd\n")
            #expect(try await machine.run(try bind(.apt, "base-passwd", "99"), "--check").status == 1)
            machine.mounts = [
                "--ro-bind", "/usr/share/base-passwd", "/tmp/whole", "--tmpfs", "/usr/share/base-passwd",
            ]
            let broken = try await machine.run(script, "--check")
            #expect(broken.status == 1)
            #expect(broken.outputText == "missing apt base-passwd (required): apt has it as base-passwd\n")
            try machine.program("id", "#!/bin/sh\necho 0\n")
            try machine.program("apt-cache", "#!/bin/sh\n")
            // As apt does: what its record calls installed it leaves alone, until it is told otherwise.
            try machine.program(
                "apt-get",
                "#!/bin/sh\necho \"$*\" >>/tmp/m/log\ncase \" $* \" in *' --reinstall '*) cp /tmp/whole/* /usr/share/base-passwd/ ;; esac\n"
            )
            let repaired = try await machine.run(script, "--repair")
            #expect(repaired.status == 0)
            #expect(repaired.outputText == "repaired apt base-passwd\n", "\(repaired.errorText)")
            #expect(
                try FileSystem.readText(scratch + "/log") == """
                    install -y -q --no-install-recommends -- base-passwd
                    install -y -q --no-install-recommends --reinstall -- base-passwd

                    """)
        }
    }

    @Test func `the port that the text states is the one that is looked at`() async throws {
        try await withScratch { scratch in
            var machine = BindMachine(root: scratch)
            let evidence = [Evidence(line: 1)]
            let manifest = DependencyManifest([
                Dependency(.service, "acmory", mustRun: true, port: 8123, evidence: evidence),
                Dependency(.service, "postgresql", mustRun: true, port: 5433, evidence: evidence),
            ])
            let script = try #require(Bind.run(manifest, environment: TargetFixture.environment).value)
            try FileSystem.write(Array(script.script.utf8), to: scratch + "/bind.sh")
            let lint = try await Program("shellcheck", ["-s", "sh", scratch + "/bind.sh"]).run()
            #expect(lint.succeeded, "\(lint.outputText)")
            #expect(script.script.contains(".s.PGSQL.5433") && !script.script.contains("5432"))
            func listening(on ports: [Int]) async throws -> ProgramResult {
                try await machine.run(try machine.behindServer(on: ports, script), "--check")
            }
            let absent = try await listening(on: [5432])
            #expect(absent.status == 1)
            #expect(absent.outputText.contains("nothing listens on port 8123"), "\(absent.outputText)")
            #expect(absent.outputText.contains("nothing listens on port 5433"), "\(absent.outputText)")
            let present = try await listening(on: [5433, 8123])
            #expect(present.outputText == "ok service acmory\nok service postgresql\n")
            // Who sets the variable knows better.
            machine.environment = ["DATABASE_URL": "postgresql://u:p@localhost:6000/d"]
            #expect(try await listening(on: [5433, 8123]).outputText.contains("nothing listens on port 6000"))
        }
    }

    /// A `gem` of the test's own: it lists what it installed, and puts a program where it is told to.
    @Test func `a gem's program is on the path that --env prints`() async throws {
        try await withScratch { scratch in
            let machine = BindMachine(root: scratch)
            try machine.program(
                "gem",
                """
                #!/bin/sh
                case $1 in
                  list) [ -e "/tmp/m/gem-$4" ] ;;
                  install)
                    while [ $# -gt 1 ]; do
                      if [ "$1" = --bindir ]; then bindir=$2; fi
                      shift
                    done
                    mkdir -p "$bindir" && printf '#!/bin/sh\necho made\n' >"$bindir/$1" && chmod 755 "$bindir/$1" && touch "/tmp/m/gem-$1"
                    ;;
                esac

                """)
            let script = try bind(.gem, "acmegem", nil)
            #expect(try await machine.run(script, "--check").status == 1)
            let repaired = try await machine.run(script, "--repair")
            #expect(repaired.outputText == "installed gem acmegem\n", "\(repaired.errorText)")
            let made = scratch + "/home/.local/share/skvm/env/gem/bin/acmegem"
            #expect(FileSystem.exists(made))
            #expect(
                try await machine.run(script, "--env").outputText.contains("/tmp/m/home/.local/share/skvm/env/gem/bin"))
        }
    }

    @Test func `what --env prints is one line for any shell, whatever the folders are called`() async throws {
        try await withScratch { scratch in
            var machine = BindMachine(root: scratch)
            machine.environment = ["XDG_DATA_HOME": "/tmp/it's $(touch /tmp/m/ran) \"x\"", "NODE_PATH": "/own/modules"]
            let script = try bind(.gem, "acmegem", nil)
            let line = try await machine.run(script, "--env")
            #expect(line.status == 0 && line.outputText.split(separator: "\n").count == 1)
            let seen = try await Program(
                "sh", ["-c", "eval \"$1\"; printf '%s\\n%s\\n' \"$PATH\" \"$NODE_PATH\"", "sh", line.outputText],
                environment: ["PATH": "/usr/bin:/bin", "NODE_PATH": "/own/modules"]
            ).run()
            let data = "/tmp/it's $(touch /tmp/m/ran) \"x\"/skvm/env"
            #expect(
                seen.outputText == """
                    \(data)/python/bin:\(data)/npm/bin:\(data)/gem/bin:/tmp/m/home/.cargo/bin:/tmp/m/home/go/bin:/usr/bin:/bin
                    \(data)/npm/lib/node_modules:/own/modules

                    """)
            #expect(!FileSystem.exists(scratch + "/ran"))
        }
    }
}
