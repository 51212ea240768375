import Basics
import Formats
import TestSupport
import Testing

#if os(Linux)
    /// Custom passes from the command line: written, checked, built, and what each failure ends with.
    struct CustomPassCommandTests {
        private func withProject(_ body: (CommandWorld) async throws -> Void) async throws {
            try await withCommandWorld { world in
                try world.writeManifest([], extra: "[workspace]\nmembers = [\"skills/*\"]\n")
                try write(["skills/own/SKILL.md": CommandWorld.skill], in: world.project)
                try await body(world)
            }
        }

        @Test func `a pass is written, checked and built, and its warning stands at the skill's line`() async throws {
            try await withProject { world in
                let written = try await world.done("new", "--pass", "notes").outputText
                #expect(written.contains("wrote passes/notes.py"))
                let check = try await world.done("check", "--pass", "notes", "--json").json()
                #expect(check["ok"]?.boolean == true && check["pass"]?.string == "notes" && check["lines"] == nil)
                let samples = check["samples"]?.array ?? []
                #expect(samples.count == 6 && samples.allSatisfy { $0["conforms"]?.boolean == true })
                #expect(samples.allSatisfy { $0["edits"]?.integer != nil && $0["files"]?.integer != nil })
                #expect(check["badRequests"]?["asked"]?.integer == 3 && check["badRequests"]?["refused"]?.integer == 3)
                try write(["skills/own/SKILL.md": CommandWorld.skill + "\nTODO: more.\n"], in: world.project)
                let report = try await world.done("build")
                #expect(report.errorText.contains("skills/own/SKILL.md:11: warning: a note to the author"))
                #expect(report.errorText.contains("[notes.note]"))
                #expect(try await world.done("build").outputText.contains("0 passes ran"))
                #expect(try await world.done("graph", "own").outputText.contains("notes for own → weak"))
            }
        }

        @Test func `wrong calls are told as such`() async throws {
            try await withProject { world in
                try await world.skvm("new", "--pass", "lower").expectError(2, "new.name", "one of skvm's own")
                try await world.skvm("new", "--pass", "a", "--from", "fat").expectError(
                    2, "new.pass", "slim and outline")
                try await world.skvm("check", "--pass", "a").expectError(2, "pass.unknown", "skvm new --pass a")
                try await world.done("new", "--pass", "a")
                try await world.skvm("new", "--pass", "a").expectError(2, "new.exists")
                for arguments in [["new"], ["new", "a", "--pass", "b"], ["new", "a", "--language", "swift"]] {
                    let result = try await world.run([try CommandWorld.binary()] + arguments)
                    #expect(result.status == 2, "\(arguments)")
                }
            }
        }

        @Test func `a pass that fails ends the build with 1, a machine without a sandbox with 6`() async throws {
            try await withProject { world in
                try await world.done("new", "--pass", "notes")
                let program = world.project + "/passes/notes.py"
                let text = try FileSystem.readText(program)
                try FileSystem.write(Array("import sys\nsys.exit(137)\n".utf8), to: program)
                try await world.skvm("build").expectError(1, "pass.exit", "'notes' on 'own'", "137", "skills/own")
                try await world.skvm("check", "--pass", "notes").expectError(1, "pass.exit", "sample-bare")
                try FileSystem.write(Array(text.utf8), to: program)
                var bare = world
                bare.variables["PATH"] = world.scratch + "/bin"
                try FileSystem.makeDirectories(world.scratch + "/bin")
                for word in ["build", "install"] {
                    try await bare.skvm(word).expectError(6, "pass.sandbox", "apt install bubblewrap")
                }
                try await world.done("build")
            }
        }
    }
#endif
