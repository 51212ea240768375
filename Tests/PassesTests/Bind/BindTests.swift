import Basics
import SkillModel
import TestSupport
import Testing

@testable import Passes

@Suite struct BindTests {
    private func dependency(
        _ kind: Dependency.Kind, _ name: String, required: Bool = true, version: String? = nil
    ) -> Dependency {
        Dependency(kind, name, required: required, version: version, evidence: [Evidence(line: 3)])
    }

    private let everything: [(Dependency.Kind, String)] = [
        (.pip, "pandas[excel]"), (.npm, "@scope/tool"), (.cargo, "ripgrep"), (.go, "github.com/a/b/v2"), (.gem, "rake"),
        (.brew, "poppler"), (.apt, "poppler-utils"), (.binary, "rg"), (.binary, "no-such-program"),
        (.service, "notion"),
        (.env, "API_TOKEN"), (.mcp, "github"), (.binary, "curl"), (.binary, "psql"),
    ]

    @Test func `what the environment has needs no step, what it lacks is installed by its own manager`() {
        let manifest = DependencyManifest([
            dependency(.binary, "curl"), dependency(.binary, "curl", version: ">=8"), dependency(.binary, "pdftotext"),
            dependency(.brew, "ripgrep"), dependency(.service, "notion"), dependency(.env, "KEY"),
            dependency(.binary, "xyz"),
        ])
        let bound = Bind.run(manifest, environment: TargetFixture.environment).value
        #expect(bound?.steps.map(\.action) == [.present, .install, .install, .install, .tell, .check, .check])
        #expect(bound?.steps.map(\.package) == [nil, "curl", "poppler-utils", "ripgrep", nil, nil, nil])
    }

    @Test func `what a skill takes from a place of its own is looked for, and never installed by its bare name`() throws
    {
        let commands = [
            "pip install --index-url https://corp.invalid/simple corp-a",
            "PIP_INDEX_URL=https://corp.invalid pip install corp-b",
            "npm install -g --registry=https://corp.invalid corp-c",
            "cargo install --git https://corp.invalid/r corp-d",
            "gem install -s https://corp.invalid corp-e",
            "uv run --index https://corp.invalid/simple --with corp-h x.py", "poetry add --source corp corp-i",
            "pip install tabulate",
        ]
        let files = [
            "requirements.txt": "--index-url https://corp.invalid/simple\ncorp-f==1\n",
            "scripts/requirements-x.txt": "corp-g @ https://corp.invalid/g.whl\nrich\n",
        ]
        let install = "pip install -r requirements.txt\npip install -r scripts/requirements-x.txt\n"
        let document = try skill(
            "d", "# T\n\n" + shell(commands.joined(separator: "\n") + "\n" + install), files: files)
        let found = try #require(Depend.run(document).value)
        let bound = Bind.run(found, environment: TargetFixture.environment)
        let installed = bound.value?.steps.filter { $0.action == .install && $0.kind != .binary }.compactMap(\.package)
        #expect(installed == ["rich", "tabulate"])
        let told = bound.diagnostics.filter { $0.id == "bind.elsewhere" }.map(\.message)
        for name in "abcdefghi" { #expect(told.contains { $0.contains("'corp-\(name)'") }, "\(name): \(told)") }
    }

    @Test(
        arguments: [
            (Dependency.Kind.pip, "x; touch /tmp/p"), (.pip, "-r/etc/passwd"), (.pip, "git+https://evil/x"),
            (.npm, "evil/repo"),
            (.npm, "$(id)"), (.apt, "gcc-"), (.apt, "--purge"), (.go, "x"), (.env, "A}$(id)"), (.env, "ÄB"),
            (.binary, "a'b"),
            (.pip, "helper.zip"), (.pip, "Helper.WHL"), (.pip, "a.tar.gz[x]"), (.npm, "x.tgz"), (.gem, "thing.gem"),
            (.brew, "evil.rb"), (.apt, "x.deb"), (.binary, "../x"), (.gem, "a\nb"), (.service, "x'; id; '"),
            (.cargo, ""),
        ])
    func `a name that is no name stays out of the script`(kind: Dependency.Kind, name: String) {
        let result = Bind.run(DependencyManifest([dependency(kind, name)]), environment: TargetFixture.environment)
        #expect(result.value?.steps.first?.action == .refused)
        #expect(result.diagnostics.map(\.id) == ["bind.name"])
        let lines = result.value?.script.split(separator: "\n").filter { $0.contains("left out") } ?? []
        #expect(lines.count == 1 && lines[0].hasPrefix("# "))
    }

    @Test(arguments: [
        (Dependency.Kind.pip, "helper", ".zip"), (.pip, "helper", "==1.zip"), (.npm, "x", "1.tgz"),
    ])
    func `a name that a version makes a file's is refused`(kind: Dependency.Kind, name: String, version: String) {
        let manifest = DependencyManifest([dependency(kind, name, version: version)])
        #expect(Bind.run(manifest, environment: TargetFixture.environment).value?.steps.first?.action == .refused)
    }

    @Test(arguments: [
        (Dependency.Kind.pip, "backports.lzma"), (.pip, "zope.interface"), (.npm, "socket.io"),
        (.go, "gopkg.in/yaml.v3"),
    ])
    func `a name with a dot is a name`(kind: Dependency.Kind, name: String) {
        let result = Bind.run(DependencyManifest([dependency(kind, name)]), environment: TargetFixture.environment)
        #expect(result.value?.steps.first?.action == .install)
    }

    @Test(
        arguments: [
            ("mvn", "maven", "maven"), ("scp", "openssh-client", "openssh"), ("crontab", "cron", nil),
            ("pytest", "python3-pytest", nil), ("adb", "adb", nil), ("lsof", "lsof", "lsof"),
            ("systemctl", "systemd", nil),
        ] as [(String, String, String?)])
    func `a program is brought by the package that has it`(program: String, apt: String, brew: String?) {
        var environment = TargetFixture.environment
        environment.tools = [:]
        for (os, manager, package) in [("linux", "apt", apt as String?), ("macos", "brew", brew)] {
            (environment.os, environment.packageManagers) = (os, [manager: ""])
            let step = Bind.run(DependencyManifest([dependency(.binary, program)]), environment: environment).value?
                .steps.first
            #expect(step?.package == package)
            #expect(step?.action == (package == nil ? .check : .install))
        }
    }

    @Test func `who builds Java needs its compiler, who runs it does not`() throws {
        let runs = try #require(
            Bind.run(DependencyManifest([dependency(.binary, "java")]), environment: TargetFixture.environment).value)
        #expect(runs.steps.map(\.package) == ["default-jre-headless"])
        let builds = try #require(
            Bind.run(
                DependencyManifest([dependency(.binary, "java"), dependency(.binary, "mvn")]),
                environment: TargetFixture.environment
            ).value)
        #expect(builds.steps.map(\.package) == ["default-jdk-headless", "maven"])
        #expect(builds.script.contains("need 'required' 'binary' 'java' 'binary' 'javac' 'apt' 'default-jdk-headless'"))
    }

    @Test func `a hostile version is refused too`() {
        let result = Bind.run(
            DependencyManifest([dependency(.pip, "a", version: "1'; id")]), environment: TargetFixture.environment)
        #expect(result.value?.steps.first?.action == .refused)
    }

    @Test(arguments: ["1.2", "==1.2.*", ">=1.2,<3", "^1.0", "~=1.2.0", "!=2"])
    func `a known version satisfies a constraint`(constraint: String) {
        #expect(VersionConstraint.isSatisfied(constraint, by: constraint.hasPrefix("==") ? "1.2" : "1.2.7"))
        #expect(!VersionConstraint.isSatisfied(">=2", by: "1.9"))
        #expect(!VersionConstraint.isSatisfied("latest", by: "1.9"))
    }

    @Test func `a version that the environment is known not to have is told when the skill is compiled`() {
        var environment = TargetFixture.environment
        environment.distribution = "debian"
        environment.release = "12"
        environment.tools = ["python3": "3.11.2", "node": "18.19.0", "jq": "", "git": "unknown"]
        let asked: [(String, String?)] = [
            ("python3", "3.13"), ("node", ">=18,<21"), ("node", "^20"), ("jq", ">=1.7"), ("git", ">=3"),
            ("python3", nil),
        ]
        let result = Bind.run(
            DependencyManifest(asked.map { dependency(.binary, $0.0, version: $0.1) }), environment: environment)
        #expect(result.diagnostics.map(\.id) == ["bind.version", "bind.version"])
        #expect(
            result.diagnostics.map(\.message) == [
                "the skill asks for python3 3.13, debian 12 has 3.11.2",
                "the skill asks for node ^20, debian 12 has 18.19.0",
            ])
        #expect(result.diagnostics.allSatisfy { $0.severity == .warning && $0.location?.line == 3 })
        // What will do, and what nobody knows better, is taken as it is; the rest is looked at on the machine.
        #expect(result.value?.steps.map(\.action) == [.install, .present, .install, .install, .install, .present])
    }

    @Test(arguments: [true, false])
    func `every script is what shellcheck and dash accept`(managed: Bool) async throws {
        var environment = TargetFixture.environment
        environment.pythonExternallyManaged = managed
        var manifests = everything.map {
            [dependency($0.0, $0.1, required: managed, version: $0.0 == .pip ? ">=2,<3" : nil)]
        }
        manifests.append([])
        manifests.append(manifests.flatMap { $0 })
        for managers in [["apt": ""], ["apk": ""], ["brew": ""], [:]] {
            environment.packageManagers = managers
            try await withScratch { scratch in
                var paths: [String] = []
                // Each need alone, so that no script has a part that it does not use; elsewhere all at once.
                for (index, manifest) in (managers["apt"] == nil ? manifests.suffix(1) : manifests[...]).enumerated() {
                    let script = try #require(
                        Bind.run(DependencyManifest(manifest), environment: environment).value?.script)
                    paths.append("\(scratch)/\(index).sh")
                    try FileSystem.write(Array(script.utf8), to: paths[index])
                    let dash = try await Program("dash", ["-n", paths[index]]).run()
                    #expect(dash.succeeded, "\(dash.errorText)")
                }
                let check = try await Program("shellcheck", ["-s", "sh"] + paths).run()
                #expect(check.status == 0, "\(check.outputText.prefix(3000))")
            }
        }
    }
}
