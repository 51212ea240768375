import Basics
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

#if os(Linux)
    /// Real programs in a real sandbox: what they can see, reach and use up.
    struct SandboxTests {
        private static let bubblewrap = "/usr/bin/bwrap"

        private func run(
            _ script: String, input: String = "", mounts: [Sandbox.Mount] = [], environment: [String: String] = [:],
            limits: Sandbox.Limits = .init(seconds: 20, memory: 512 << 20)
        ) async throws -> ProgramResult {
            let fixed = ["PATH": Sandbox.path]
            let sandbox = Sandbox(
                mounts: mounts, directory: "/tmp", environment: fixed.merging(environment) { $1 }, limits: limits)
            return try await onThread {
                try sandbox.run(["/bin/sh", "-c", script], input: Array(input.utf8), bubblewrap: Self.bubblewrap)
            }
        }

        private func failure(_ script: String, limits: Sandbox.Limits) async -> SandboxError? {
            do {
                _ = try await run(script, limits: limits)
                return nil
            } catch {
                return error as? SandboxError
            }
        }

        @Test func `a program reads its input and answers with output, error and exit code`() async throws {
            let result = try await run("cat; echo oops >&2; exit 7", input: "hello")
            #expect(result.outputText == "hello" && result.errorText == "oops\n" && result.status == 7)
        }

        @Test func `a program that never reads a large input ends all the same`() async throws {
            let result = try await run("echo done", input: String(repeating: "x", count: 4 << 20))
            #expect(result.outputText == "done\n")
        }

        @Test func `a program that is still open for writing is waited for`() async throws {
            try await withScratch { scratch in
                try write(["program": "#!/bin/sh\necho started\n"], in: scratch)
                try FileSystem.setMode(scratch + "/program", 0o755)
                // Held by a process of its own: this one's threads may be busy for longer than anybody waits.
                let holds = "exec 3>>\"$1\"; sleep 0.2 >/dev/null 2>&1 &"
                _ = try await Program("sh", ["-c", holds, "sh", scratch + "/program"]).run()
                let result = try await run("exec /given/program", mounts: [Sandbox.Mount(scratch, at: "/given")])
                #expect(result.outputText == "started\n", "\(result.errorText)")
            }
        }

        @Test func `the environment is what was given and nothing of skvm's`() async throws {
            let result = try await run("unset PWD OLDPWD _ SHLVL; env", environment: ["ONLY": "this"])
            #expect(Set(result.outputText.split(separator: "\n")) == ["PATH=\(Sandbox.path)", "ONLY=this"])
        }

        @Test func `the user's folders are not there, the system is read-only, and only tmp can be written`()
            async throws
        {
            try await withScratch { scratch in
                try write(["secret": "s", "given/file": "g"], in: scratch)
                let script = """
                    cat '\(scratch)/secret' && echo seen
                    ls /root /home && echo homes
                    cat /given/file
                    for place in /x /usr/x /dev/x /dev/shm/x /given/x; do echo x > $place && echo "wrote $place"; done
                    echo x > /tmp/x && echo ok
                    """
                let result = try await run(
                    "{ \(script)\n} 2>/dev/null", mounts: [.init(scratch + "/given", at: "/given")])
                #expect(result.outputText == "gok\n")
                #expect(!FileSystem.exists(scratch + "/given/x"))
            }
        }

        @Test func `there is no socket but between the sandbox's own processes, not even to a virtual machine's host`()
            async throws
        {
            let script = """
                python3 -c "
                import socket
                for family in (socket.AF_INET, socket.AF_INET6, socket.AF_VSOCK, socket.AF_NETLINK, socket.AF_PACKET):
                    try:
                        socket.socket(family, socket.SOCK_STREAM)
                        print('open', family)
                    except OSError as error:
                        print(error.errno)
                first, second = socket.socketpair()
                first.send(b'x')
                print(second.recv(1))
                "
                """
            let lines = try await run(script).outputText.split(separator: "\n")
            #expect(lines == Array(repeating: "97", count: 5) + ["b'x'"])
        }

        @Test func `what gets around namespaces and limits is closed, and threads and processes are not`() async throws
        {
            let script = """
                python3 -c "
                import ctypes, os, platform, threading, subprocess
                libc = ctypes.CDLL(None, use_errno=True)
                def call(*words):
                    result = libc.syscall(*words)
                    return ctypes.get_errno() if result < 0 else 'open'
                arm = platform.machine() == 'aarch64'
                print(call(97 if arm else 272, 0x10000000), call(425, 8, 0), call(279 if arm else 319, b'x', 0))
                print(call(220 if arm else 56, 0x10000000 | 17, 0, 0, 0, 0))
                thread = threading.Thread(target=lambda: print('thread'))
                thread.start(); thread.join()
                print(subprocess.run(['echo', 'child'], capture_output=True).stdout)
                "
                """
            let lines = try await run(script).outputText.split(separator: "\n")
            #expect(lines == ["1 38 38", "1", "thread", "b'child\\n'"])
        }

        @Test func `memory is bounded for all processes together, and so is their number`() async throws {
            let many =
                "for i in 1 2 3 4 5 6; do python3 -c 'import os, time; x = bytearray(os.urandom(1024) * 61440); time.sleep(50)' & done; wait"
            #expect(await failure(many, limits: .init(seconds: 60, memory: 256 << 20)) == .memory(256 << 20))
            let forks = "i=0; while [ $i -lt 60 ]; do sleep 50 & i=$((i+1)); done; wait"
            let limits = Sandbox.Limits(seconds: 60, memory: 256 << 20, processes: 40)
            // The kernel may refuse the shell's forks first, where it counts them.
            let refused = await failure(forks, limits: limits)
            #expect(refused == .processes(40) || getuid() != 0)
        }

        @Test func `a program that takes too long is ended with all that it started`() async throws {
            try await withScratch { scratch in
                let mark = "skvm-sandbox-test-\(UInt32.random(in: .min ... .max))"
                let script =
                    "sh -c 'exec sleep 86399 # \(mark)' & (trap '' TERM; exec sh -c 'sleep 86398; : \(mark)') & wait"
                #expect(await failure(script, limits: .init(seconds: 1, memory: 256 << 20)) == .time(1))
                var left = true
                for _ in 0..<100 where left {
                    left = try FileSystem.list("/proc").contains { name in
                        (try? FileSystem.readText("/proc/\(name)/cmdline"))?.contains(mark) ?? false
                    }
                    if left { try await Task.sleep(for: .milliseconds(20)) }
                }
                #expect(!left)
            }
        }

        @Test func `a program that closes its streams and goes on is ended, too`() async throws {
            let script = "exec >&- 2>&- <&-; sleep 86397"
            #expect(await failure(script, limits: .init(seconds: 1, memory: 256 << 20)) == .time(1))
        }

        @Test func `a program that floods its output is ended, and one that floods its errors is not`() async throws {
            let limits = Sandbox.Limits(seconds: 20, memory: 256 << 20, output: 1 << 20)
            #expect(await failure("cat /dev/zero", limits: limits) == .output(1 << 20))
            let result = try await run("head -c 3000000 /dev/zero >&2; echo last words >&2; echo fine", limits: limits)
            #expect(result.outputText == "fine\n" && result.errorText.hasSuffix("last words\n"))
            #expect(result.error.count < 100_000)
        }

        @Test func `memory, files and processor time are bounded`() async throws {
            let memory = try await run(
                "python3 -c 'x = bytearray(1 << 30)'", limits: .init(seconds: 20, memory: 128 << 20))
            #expect(memory.status == 1 && memory.errorText.contains("MemoryError"))
            let disk = try await run(
                "head -c 20000000 /dev/zero > /tmp/x; wc -c < /tmp/x",
                limits: .init(seconds: 20, memory: 128 << 20, scratch: 4 << 20))
            let written = try #require(Int(disk.outputText.split(separator: "\n").last ?? ""))
            #expect(written <= 4 << 20)
        }

        @Test func `a signal's death is told as its exit code, and nothing leaks in by an open file`() async throws {
            #expect(try await run("kill -9 $$").status == 137)
            try await withScratch { scratch in
                try write(["secret": "secret"], in: scratch)
                let open = open(scratch + "/secret", O_RDONLY)
                defer { close(open) }
                let result = try await run("for fd in /proc/self/fd/*; do cat <&${fd##*/}; done 2>/dev/null; true")
                #expect(!result.outputText.contains("secret"))
            }
        }

        @Test func `a sandbox that can't be made is said to be so`() async throws {
            await #expect(throws: SandboxError.self) {
                try await onThread {
                    try Sandbox(
                        mounts: [.init("/nowhere", at: "/x")], directory: "/", environment: [:],
                        limits: .init(seconds: 5, memory: 64 << 20)
                    ).run(["/bin/true"], input: [], bubblewrap: Self.bubblewrap)
                }
            }
            let missing = SandboxError.unavailable("/nowhere/bwrap: No such file or directory")
            await #expect(throws: missing) {
                try await onThread {
                    try Sandbox(
                        mounts: [], directory: "/", environment: [:], limits: .init(seconds: 5, memory: 64 << 20)
                    )
                    .run(["/bin/true"], input: [], bubblewrap: "/nowhere/bwrap")
                }
            }
        }
    }
#endif
