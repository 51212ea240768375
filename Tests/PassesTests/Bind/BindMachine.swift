import Basics
import SkillModel
import TestSupport

/// A machine for a bind script: the tests' own Debian read-only, a scratch home, programs of the test's making first on the
/// path, no network.
struct BindMachine {
    let root: String
    var environment: [String: String] = [:]
    /// More arguments of bubblewrap: what of the machine is hidden, or seen elsewhere.
    var mounts: [String] = []

    /// A program in the machine's `bin`.
    func program(_ name: String, _ text: String, mode: UInt32 = 0o755) throws {
        try FileSystem.makeDirectories(root + "/bin")
        try FileSystem.write(Array(text.utf8), to: "\(root)/bin/\(name)", mode: mode)
        try FileSystem.setMode("\(root)/bin/\(name)", mode)
    }

    /// A file of the machine, with the folders above it.
    func file(_ path: String, _ text: String, mode: UInt32 = 0o644) throws {
        let full = "\(root)/\(path)"
        try FileSystem.makeDirectories(FileSystem.parent(of: full) ?? root)
        try FileSystem.write(Array(text.utf8), to: full, mode: mode)
        try FileSystem.setMode(full, mode)
    }

    /// A link in the machine's `bin` to a path of the machine.
    func link(_ name: String, to path: String) throws {
        try FileSystem.makeDirectories(root + "/bin")
        try FileSystem.makeLink("\(root)/bin/\(name)", to: "../" + path)
    }

    func run(_ script: BindScript, _ mode: String, from folder: String = "/") async throws -> ProgramResult {
        try FileSystem.write(Array(script.script.utf8), to: root + "/bind.sh")
        let arguments =
            [
                "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--bind", root,
                "/tmp/m",
            ]
            + mounts
            + [
                "--unshare-net", "--unshare-pid", "--die-with-parent", "--clearenv", "--setenv", "HOME",
                "/tmp/m/home",
            ]
            + ["--setenv", "PATH", "/tmp/m/bin:/usr/bin:/bin", "--chdir", folder]
            + environment.sorted { $0.key < $1.key }.flatMap { ["--setenv", $0.key, $0.value] }
        return try await Program("bwrap", arguments + ["/bin/sh", "/tmp/m/bind.sh", mode]).run()
    }

    /// The script behind a server of the test's own, which listens on these ports of the sandbox's network before it begins.
    func behindServer(on ports: [Int], _ script: BindScript) throws -> BindScript {
        let server = """
            import socket, time
            kept = [socket.create_server(("127.0.0.1", port)) for port in \(ports)]
            open("/tmp/m/listening", "w").close()
            time.sleep(60)

            """
        try file("server.py", server)
        try FileSystem.remove(root + "/listening")
        var started = script
        started.script =
            "python3 /tmp/m/server.py & until [ -e /tmp/m/listening ]; do sleep 0.1; done\n" + script.script
        return started
    }

    /// Every path below the root with its bytes' digest: what a check must not change.
    func state() async throws -> String {
        try await Program(
            "sh", ["-c", "find . -type f ! -name bind.sh -exec sha256sum {} + | sort; find . -type d | sort"],
            directory: root
        )
        .run().outputText
    }
}
