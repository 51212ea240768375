import Basics
import Testing

@testable import SkillModel

private func faults(_ body: () throws(DiagnosticsError) -> Void) -> [Diagnostic] {
    do {
        try body()
        return []
    } catch {
        return error.diagnostics
    }
}

@Suite struct `Files of targets` {
    private let profile = """
        version = 1
        model = "qwen/qwen3.5-9b"
        harness = "openclaw"
        measured = "2026-04-10T12:44:08.457Z"
        source = "made for this test"
        [primitives."tool.exec"]
        level = "L1"
        trials = { L1 = [3, 3], L2 = [2, 3], L3 = [0, 3] }
        [primitives."follow.constraint"]
        level = "L1"
        trials = { L1 = [3, 3], L2 = [0, 3] }
        invalid = ["L2"]
        note = "the grader of L2 was broken"
        """ + "\n"

    @Test func `a profile is read with its trials`() throws {
        let read = try Profile(parsing: Array(profile.utf8), file: "p.toml")
        #expect(read.model == "qwen/qwen3.5-9b" && read.harness == "openclaw")
        #expect(read.level(of: .toolExec) == .l1)
        #expect(read.level(of: .toolWeb) == nil)
        #expect(read.measurements[.toolExec]?.trials[1] == .init(passed: 2, run: 3))
        #expect(
            read.measurements[.followConstraint]?.trials == [
                .init(passed: 3, run: 3), .init(passed: 0, run: 3, valid: false), nil,
            ])
    }

    @Test func `a profile's digest is that of what it says`() throws {
        let a = try Profile(parsing: Array(profile.utf8), file: "p.toml")
        let lines = profile.split(separator: "\n")
        let shuffled = (lines[..<5].reversed() + ["# comment"] + lines[8...] + lines[5..<8]).joined(separator: "\n")
        let b = try Profile(parsing: Array(shuffled.utf8), file: "q.toml")
        #expect(try a.digest() == b.digest())
        let c = try Profile(parsing: Array(profile.replacing("\"L1\"", with: "\"L2\"").utf8), file: "p.toml")
        #expect(try a.digest() != c.digest())
    }

    @Test(arguments: [
        ("tool.exec", "tool.exce", "profile.primitive", 6), ("level = \"L1\"", "level = \"L4\"", "toml.bad-value", 7),
        ("[2, 3]", "[4, 3]", "profile.trials", 8), ("[2, 3]", "[-1, 3]", "profile.trials", 8),
        ("[2, 3]", "[2]", "profile.trials", 8),
        ("[2, 3]", "[0, 0]", "profile.trials", 8), ("[2, 3]", "\"2/3\"", "profile.trials", 8),
        ("L3 =", "L4 =", "toml.bad-value", 8),
        ("L3 =", "L0 =", "toml.bad-value", 8), ("[\"L2\"]", "[\"L3\"]", "toml.bad-value", 12),
        ("version = 1", "version = 2", "profile.version", 1),
        ("harness = ", "harnes = ", "toml.unknown-key", 3), ("level", "levle", "toml.unknown-key", 7),
        ("[primitives.\"tool.exec\"]", "[primitives.tool.exec]", "profile.primitive", 6),
        ("made", "\\u001b[31m", "toml.bad-value", 5),
    ])
    func `a broken profile is refused with the line`(_ text: String, _ replacement: String, _ id: String, _ line: Int)
        throws
    {
        let changed = profile.replacing(text, with: replacement, maxReplacements: 1)
        let found = faults { () throws(DiagnosticsError) in
            _ = try Profile(parsing: Array(changed.utf8), file: "p.toml")
        }
        #expect(
            found.contains {
                $0.id == id && $0.location == SourceLocation(file: "p.toml", line: line, column: $0.location?.column)
            }, "\(found)")
    }

    @Test func `an environment is read, and written so that it reads the same`() throws {
        let text = """
            version = 1
            name = "debian-12-x86_64"
            os = "linux"
            distribution = "debian"
            release = "12"
            architecture = "x86_64"
            [python]
            externally-managed = true
            [package-managers]
            apt = "2.6.1"
            [tools]
            git = "2.39.5"
            "g++" = ""
            [packages.apt]
            ca-certificates = ""
            """
        let read = try EnvironmentDescription(parsing: Array(text.utf8), file: "e.toml")
        #expect(read.packageManagers == ["apt": "2.6.1"])
        #expect(read.tools == ["git": "2.39.5", "g++": ""])
        #expect(read.packages == ["apt": ["ca-certificates": ""]])
        #expect(read.pythonExternallyManaged)
        let back = try EnvironmentDescription(parsing: read.encoded(), file: "e.toml")
        #expect(back == read)
        #expect(try back.digest() == read.digest())
        let found = faults { () throws(DiagnosticsError) in
            _ = try EnvironmentDescription(
                parsing: Array(
                    text.replacing("linux", with: "plan9").replacing("git =", with: "\"gi\\u0000t\" =").utf8),
                file: "e.toml")
        }
        #expect(found.map(\.location?.line) == [3, 12])
        #expect(found.first?.hint == "linux or macos")
    }

    @Test(arguments: ["~/.x/skills", "/opt/skills", "${X_HOME:-~/.x}/skills", "${X:-/a}", "~"])
    func `a global folder is read`(_ folder: String) throws {
        #expect(try harness(global: folder).globalFolder == folder)
    }

    @Test(arguments: [
        "x", "../x", "~/../x", "${x:-~/y}/z", "${X}/y", "${X:-y}/z", "${X:-~/y}z", "${X:-~/y}/../z", "~x/y", "",
        "~/a\u{7}", "$(id)",
    ])
    func `a global folder that leads elsewhere is refused`(_ folder: String) {
        #expect(throws: DiagnosticsError.self) { try harness(global: folder) }
    }

    private func harness(global: String) throws -> HarnessDescription {
        let text = """
            version = 1
            name = "openclaw"
            title = "OpenClaw"
            [skills]
            project = "skills"
            global = '''\(global)'''
            source = "its documentation"
            [supports]
            batched-calls = true
            body-tokens = 5000
            """
        let read = try HarnessDescription(parsing: Array(text.utf8), file: "h.toml")
        #expect(read.support == .init(batchedCalls: true, subAgents: false, bodyTokens: 5000))
        return read
    }

    @Test func `the files of the default registry are all read`() throws {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/registry"
        var count = 0
        for name in try FileSystem.list(root + "/harnesses") {
            let file = "\(root)/harnesses/\(name)"
            #expect(try HarnessDescription(parsing: FileSystem.read(file), file: file).name + ".toml" == name)
        }
        for name in try FileSystem.list(root + "/environments") {
            let file = "\(root)/environments/\(name)"
            #expect(try EnvironmentDescription(parsing: FileSystem.read(file), file: file).name + ".toml" == name)
        }
        for folder in try FileSystem.list(root + "/profiles") where FileSystem.isDirectory("\(root)/profiles/\(folder)")
        {
            for name in try FileSystem.list("\(root)/profiles/\(folder)") {
                let file = "\(root)/profiles/\(folder)/\(name)"
                let read = try Profile(parsing: FileSystem.read(file), file: file)
                #expect(read.harness == folder)
                #expect(ModelName(read.model).map { $0.fileName + ".toml" } == name)
                count += 1
            }
        }
        #expect(count >= 25)
    }
}
