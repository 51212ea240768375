import Basics
import TestSupport
import Testing

enum InterruptedPublish {
    /// A `git` that kills whoever called it at the n-th call: before it does anything, or when it has done its work.
    static func killer(_ folder: String) -> String {
        """
        #!/bin/sh
        n=$(($(cat \(folder)/count) + 1))
        echo $n > \(folder)/count
        [ "$n" = "$KILL_AT" ] || exec /usr/bin/git "$@"
        [ "$KILL_WHEN" = after ] && /usr/bin/git "$@"
        kill -9 $PPID

        """
    }
}

@Suite struct `A publish that is killed` {
    @Test func `at any call of git is completed by the next`() async throws {
        try await PublishWorld.with { world in
            try await world.start()
            let bin = world.author.scratch + "/bin"
            try write(["git": InterruptedPublish.killer(bin)], in: bin)
            try FileSystem.setMode(bin + "/git", 0o755)
            var call = 0
            while true {
                call += 1
                if call > 1 {
                    try world.author.edit("skvm.toml", "\"1.\(call).0\"", "\"1.\(call + 1).0\"")
                    try await world.push()
                }
                try write(["count": "0"], in: bin)
                var victim = world.author
                victim.variables["PATH"] = bin + ":/usr/local/bin:/usr/bin:/bin"
                victim.variables["KILL_AT"] = "\(call)"
                victim.variables["KILL_WHEN"] = call % 2 == 0 ? "before" : "after"
                let killed = try await victim.skvm("publish")
                if killed.succeeded { break }
                try await world.author.done("publish")
            }
            // As many versions as there were runs, each once, each with its tag; nothing was forced or merged.
            #expect(call > 15)
            let lines = try await world.index("charts").split(separator: "\n")
            #expect(lines.count == call)
            #expect(try await world.skills.git("tag").split(separator: "\n").count == call)
            #expect(try await world.registry.git("rev-list", "--count", "main") == "\(call + 1)")
            print("publish was killed at \(call - 1) calls of git, and completed each time")
        }
    }
}
