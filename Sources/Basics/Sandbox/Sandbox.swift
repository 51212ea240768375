#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A place where a program that nobody vouches for can run: no network, a read-only system, nothing of the user's but
/// what is put in, an empty environment, and bounds on time, memory and output. Linux only, by bubblewrap.
///
/// What the program may see is decided by kernel namespaces: it has its own processes, users, network and mounts. What
/// leads past them, a filter of system calls closes. The end
/// of this process, or of the time, is the end of everything that it started.
package struct Sandbox: Sendable {
    /// A file or folder of this machine, read-only at `place`.
    package struct Mount: Sendable, Hashable {
        package var source: String
        package var place: String

        package init(_ source: String, at place: String) {
            self.source = source
            self.place = place
        }
    }

    package struct Limits: Sendable, Hashable {
        /// Wall-clock and processor time, in seconds.
        package var seconds: Int
        /// Of each process's data, and of all processes together, in bytes.
        package var memory: Int
        /// Of standard output, in bytes.
        package var output: Int
        /// Of `/tmp`, the one place that can be written, in bytes.
        package var scratch: Int
        /// And threads, at a time.
        package var processes: Int

        package init(
            seconds: Int, memory: Int, output: Int = 16 << 20, scratch: Int = 64 << 20, processes: Int = 512
        ) {
            self.seconds = seconds
            self.memory = memory
            self.output = output
            self.scratch = scratch
            self.processes = processes
        }
    }

    package var mounts: [Mount]
    /// The working directory inside.
    package var directory: String
    /// The whole environment inside.
    package var environment: [String: String]
    package var limits: Limits

    package init(mounts: [Mount], directory: String, environment: [String: String], limits: Limits) {
        self.mounts = mounts
        self.directory = directory
        self.environment = environment
        self.limits = limits
    }

    /// Where programs are looked for inside.
    package static let path = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"

    /// Folders of the system that a sandbox shows, as far as the machine has them.
    package static let systemFolders = [
        "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/gnu/store",
    ]
    private static let systemFiles = ["/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives"]

    /// Runs `command`, whose first word is an absolute path inside, to its end; `bubblewrap` is that program's path.
    ///
    /// Blocks the calling thread, which must live as long: the kernel ends the program with the thread that started it.
    /// Throws `SandboxError`; a non-zero exit is no error.
    package func run(
        _ command: [String], input: [UInt8], bubblewrap: String
    ) throws(SandboxError) -> ProgramResult {
        #if os(Linux)
            guard let machine = SystemCallFilter.Machine.own else {
                throw .unavailable("there is no filter of system calls for this kind of machine")
            }
            let filter = SystemCallFilter(machine)
            let result = try started(bounded(Self.limiting(limits) + command, bubblewrap, filter), input)
            // Perhaps bubblewrap's own words, perhaps the program's: another one tells whether there can be a sandbox.
            if result.status == 1, result.output.isEmpty, result.errorText.hasPrefix("bwrap: ") {
                let probe = try bounded(["/bin/sh", "-c", ":"], bubblewrap, filter).run(input: [])
                if probe.status != 0 {
                    throw .unavailable(String(probe.errorText.dropFirst(7).prefix { $0 != "\n" }))
                }
            }
            return result
        #else
            throw .unavailable("bubblewrap is for Linux only")
        #endif
    }

    /// Another thread may just now be starting a program, which holds all that this process has open until it is that
    /// program: a file that was written for the sandbox in that moment is busy (`ETXTBSY`), soon not any more. What says so after
    /// it has worked for a minute is the program itself.
    private func started(_ run: BoundedRun, _ input: [UInt8]) throws(SandboxError) -> ProgramResult {
        let began = ContinuousClock.now
        var result = try run.run(input: input)
        var pause: UInt32 = 10_000
        while result.status == 126, result.output.isEmpty, result.errorText.hasSuffix(": Text file busy\n"),
            pause < 1_000_000, ContinuousClock.now - began < .seconds(60)
        {
            usleep(pause)
            pause *= 2
            result = try run.run(input: input)
        }
        return result
    }

    private func bounded(_ command: [String], _ bubblewrap: String, _ filter: SystemCallFilter) -> BoundedRun {
        BoundedRun(
            program: bubblewrap, arguments: arguments() + command,
            environment: environment.filter { !Self.isForLoader($0.key) }, seconds: limits.seconds,
            output: limits.output, attachment: filter.bytes,
            watch: SandboxWatch(memory: limits.memory, processes: limits.processes))
    }

    private static func isForLoader(_ variable: String) -> Bool {
        variable.hasPrefix("LD_") || variable.hasPrefix("GLIBC_")
    }

    private func arguments() -> [String] {
        var words = [
            "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--hostname",
            "sandbox", "--seccomp", "3",
        ]
        for folder in Self.systemFolders {
            if let target = try? FileSystem.readLink(folder) {
                words += ["--symlink", target, folder]
            } else if FileSystem.isDirectory(folder) {
                words += ["--ro-bind", folder, folder]
            }
        }
        for file in Self.systemFiles { words += ["--ro-bind-try", file, file] }
        words += ["--proc", "/proc", "--dev", "/dev", "--size", "\(limits.scratch)", "--tmpfs", "/tmp"]
        for mount in mounts { words += ["--ro-bind", mount.source, mount.place] }
        // What bubblewrap made to hang the mounts on is memory, too: it can't be written.
        words += ["--chdir", directory, "--remount-ro", "/dev", "--remount-ro", "/"]
        // What the dynamic loader reads is for the program, not for bubblewrap. All else is handed on by it.
        for (name, value) in environment.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
        where Self.isForLoader(name) {
            words += ["--setenv", name, value]
        }
        return words + ["--"]
    }

    /// A shell sets the limits inside and becomes the program. A limit that is lower already stays; dash has no `-u`.
    private static func limiting(_ limits: Limits) -> [String] {
        let script = """
            { ulimit -c 0; ulimit -t "$1"; ulimit -d "$2"; ulimit -u "$3" || ulimit -p "$3"; } 2>/dev/null
            shift 3
            exec "$@"
            """
        return [
            "/bin/sh", "-c", script, "sandbox", "\(limits.seconds + 1)", "\(limits.memory / 1024)",
            "\(limits.processes)",
        ]
    }
}

/// Why a program did not run to its end.
package enum SandboxError: Error, Sendable, Equatable {
    /// There can be no sandbox here: why.
    case unavailable(String)
    /// It was ended when its time was over; in seconds.
    case time(Int)
    /// It was ended because it printed more than this many bytes.
    case output(Int)
    /// It was ended because its processes together took more than this many bytes.
    case memory(Int)
    /// It was ended because it had more than this many processes and threads.
    case processes(Int)
}
