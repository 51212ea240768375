import Basics
import SkillModel
import TestSupport
import Testing

@testable import Passes

/// A value that a program would read as an option is refused by the template itself, before anything runs.
@Suite struct OptionGuardTests {
    private func template(_ code: String) throws -> String {
        let found = try #require(Solidify.run(try document(shell(code))).value)
        return try #require(found.candidates.first).template
    }

    @Test func `values that begin an argument are looked at, in one line before the code`() throws {
        #expect(
            try template("tool get <name> --size=<size> 'at <place>'") == """
                for skvm_value in "$name"; do case $skvm_value in -*[!0-9.]*|-) echo "no value: $skvm_value" >&2; exit 64;; esac; done
                tool get "$name" --size="$size" 'at '"$place"
                """)
    }

    @Test func `where no value can be an option, nothing is looked at`() throws {
        #expect(try template("tool get --size=<size> --name=<name>") == "tool get --size=\"$size\" --name=\"$name\"")
    }

    /// The programs are stand-ins that say which arguments came.
    @Test(arguments: [
        ("git fetch <remote> <ref>", "remote", "--upload-pack=touch /tmp/m/pwned", true),
        ("tar -xf <file>", "file", "--checkpoint-action=exec=touch pwned", true),
        ("tool add <name>", "name", "-", true), ("tool add <name>", "name", "-n", true),
        ("tool add <name>", "name", "-4oProxyCommand=x", true),
        ("tool add <name>", "name", "-0", false), ("tool add <name>", "name", "-1.5", false),
        ("curl https://acme.dev/x -F <field>", "field", "a=@/etc/passwd", true),
        ("curl https://acme.dev/x --data-urlencode <field>", "field", "a@/etc/passwd", true),
        ("tool add <name> --to <place>", "place", "-x", true), ("tool add <number>", "number", "-5", false),
        ("tool add <name>", "name", "a - b", false), ("tool add <name>", "name", "@alice", false),
        ("tool add <name>", "name", "", false),
        ("curl https://acme.dev/x -d '{\"city\": \"<CITY>\"}'", "body", "@/etc/passwd", true),
        ("curl https://acme.dev/x -F file=<word>", "word", "</etc/passwd", true),
        ("NAME=\"Ann\"\ntool one\ntool add \"$NAME\"", "name", "--all", true),
    ])
    func `an option in the place of a value ends the template`(
        code: String, name: String, value: String, isRefused: Bool
    ) async throws {
        let template = try template(code)
        try await withScratch { scratch in
            try FileSystem.makeDirectories(scratch + "/bin")
            for program in ["tool", "git", "tar", "curl"] {
                try FileSystem.write(
                    Array("#!/bin/sh\nprintf '<%s>' \"$@\"\n".utf8), to: "\(scratch)/bin/\(program)", mode: 0o755)
            }
            try FileSystem.write(Array(template.utf8), to: scratch + "/template.sh")
            let run = try await Program(
                "bwrap",
                [
                    "--ro-bind", "/", "/", "--dev", "/dev", "--tmpfs", "/tmp", "--bind", scratch, "/tmp/m",
                    "--unshare-net", "--clearenv", "--setenv", "PATH", "/tmp/m/bin:/usr/bin:/bin", "--chdir", "/tmp/m",
                    "--setenv", name, value, "/bin/sh", "/tmp/m/template.sh",
                ]
            ).run()
            #expect(run.outputText.isEmpty == isRefused, "\(run.outputText)\n\(template)")
            #expect(run.succeeded != isRefused, "\(run.errorText)")
            #expect(isRefused == run.errorText.contains("no value: \(value)"))
        }
    }
}
