import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Runs a program on the calling thread, within bounds that it can't leave: time, and how much it prints.
///
/// `Program` is for programs that are trusted to end. It also moves between threads, and the kernel ends a sandbox with the
/// thread that started it.
struct BoundedRun {
    /// Absolute path.
    var program: String
    var arguments: [String]
    /// The whole environment: unlike arguments, other users can't read it.
    var environment: [String: String] = [:]
    var seconds: Int
    /// Of standard output, in bytes. Of standard error the last few KiB are kept.
    var output: Int
    /// Read by the program from descriptor 3; none when empty.
    var attachment: [UInt8] = []
    /// Looks at the program from time to time.
    var watch: SandboxWatch?

    private static let keptError = 8 << 10
    /// Held while descriptors exist that a child must not inherit but could: those of another run.
    private static let spawning = Mutex<Void>(())

    /// Throws `SandboxError` when a bound was passed, or when the program could not be started.
    func run(input: [UInt8]) throws(SandboxError) -> ProgramResult {
        let deadline = Self.now() + Int64(seconds) * 1000
        var child = try start(input)
        defer { child.close() }
        var watch = watch
        var nextLook = Self.now() + SandboxWatch.interval
        func look() throws(SandboxError) {
            guard watch != nil, Self.now() >= nextLook else { return }
            nextLook = Self.now() + SandboxWatch.interval
            if let fault = watch?.fault(below: child.process) { throw fault }
        }
        var printed: [UInt8] = []
        var complained: [UInt8] = []
        do throws(SandboxError) {
            while child.isOpen {
                let left = deadline - Self.now()
                guard left > 0 else { throw .time(seconds) }
                try look()
                for (stream, bytes) in child.read(within: watch == nil ? left : min(left, SandboxWatch.interval)) {
                    if stream == .output {
                        printed += bytes
                        if printed.count > output { throw .output(output) }
                    } else {
                        complained += bytes
                        if complained.count > 2 * Self.keptError {
                            complained.removeFirst(complained.count - Self.keptError)
                        }
                    }
                }
            }
            let status = try wait(for: child.process, until: deadline, look)
            return ProgramResult(status: status, output: printed, error: complained)
        } catch {
            // The whole group: a program's children, where there is no sandbox around them, end with it.
            kill(-child.process, SIGKILL)
            var status: Int32 = 0
            while waitpid(child.process, &status, 0) < 0, errno == EINTR {}
            throw error
        }
    }

    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// The exit code, or 128 + the signal's number. A program can close its streams and go on: it is looked at again and
    /// again, first soon, then each 10 ms.
    private func wait(
        for process: pid_t, until deadline: Int64, _ look: () throws(SandboxError) -> Void
    ) throws(SandboxError) -> Int32 {
        var pause: UInt32 = 50
        while true {
            var status: Int32 = 0
            let done = waitpid(process, &status, WNOHANG)
            if done == process {
                let signal = status & 0x7F
                return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
            }
            guard Self.now() < deadline else { throw .time(seconds) }
            try look()
            usleep(pause)
            pause = min(10_000, pause * 2)
        }
    }

    // MARK: Starting

    private struct Child {
        enum Stream { case output, error }
        var process: pid_t
        /// Nil when the program has closed it.
        var streams: [(stream: Stream, descriptor: Int32)]

        var isOpen: Bool { !streams.isEmpty }

        mutating func close() {
            for (_, descriptor) in streams { closeDescriptor(descriptor) }
            streams = []
        }

        /// What there is to read after at most `milliseconds`.
        mutating func read(within milliseconds: Int64) -> [(Stream, [UInt8])] {
            var polled = streams.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            guard poll(&polled, nfds_t(polled.count), Int32(clamping: milliseconds)) > 0 else { return [] }
            var found: [(Stream, [UInt8])] = []
            for (index, entry) in polled.enumerated().reversed() where entry.revents != 0 {
                var count = 0
                let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, used in
                    count = readDescriptor(entry.fd, buffer.baseAddress, buffer.count)
                    used = max(0, count)
                }
                if count > 0 {
                    found.append((streams[index].stream, bytes))
                } else if count == 0 || errno != EINTR {
                    closeDescriptor(entry.fd)
                    streams.remove(at: index)
                }
            }
            return found
        }
    }

    private func start(_ input: [UInt8]) throws(SandboxError) -> Child {
        var sources: [Int32] = []
        defer { for source in sources { closeDescriptor(source) } }
        do {
            sources.append(try FileSystem.openInput(input))
            if !attachment.isEmpty { sources.append(try FileSystem.openInput(attachment)) }
        } catch {
            throw .unavailable("\(error)")
        }
        let given = sources
        let result: Result<Child, SandboxError> = Self.spawning.withLock { _ in
            do throws(SandboxError) { return .success(try spawn(given)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// `sources` become descriptors 0 and 3.
    private func spawn(_ sources: [Int32]) throws(SandboxError) -> Child {
        var ends: [Int32] = []
        defer { for end in ends { closeDescriptor(end) } }
        for _ in 0..<2 {
            do throws(FileError) {
                let pair = try FileSystem.makePipe()
                ends += [pair.reading, pair.writing]
            } catch {
                throw .unavailable("\(error)")
            }
        }
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        // A sandbox passes on what it inherits, and who started skvm may have left it files.
        for descriptor in Self.inheritable() { posix_spawn_file_actions_addclose(&actions, descriptor) }
        let streamed = [(sources[0], 0), (ends[1], 1), (ends[3], 2)] as [(Int32, Int32)]
        for (from, to) in streamed + sources.dropFirst().map({ ($0, 3) }) {
            posix_spawn_file_actions_adddup2(&actions, from, to)
        }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))
        posix_spawnattr_setpgroup(&attributes, 0)
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)

        let words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        let variables: [UnsafeMutablePointer<CChar>?] =
            environment.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { strdup("\($0)=\($1)") }
            + [nil]
        defer { for word in words + variables { free(word) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, program, &actions, &attributes, words, variables)
        guard code == 0 else { throw .unavailable("\(program): \(String(cString: strerror(code)))") }
        let streams: [(stream: Child.Stream, descriptor: Int32)] = [(.output, ends[0]), (.error, ends[2])]
        ends = [ends[1], ends[3]]
        return Child(process: process, streams: streams)
    }

    /// Open descriptors above standard error that a child would inherit.
    private static func inheritable() -> [Int32] {
        let names = (try? FileSystem.listBytes("/proc/self/fd")) ?? []
        return names.compactMap { Int32(String(decoding: $0, as: UTF8.self)) }.filter { descriptor in
            guard descriptor > 2 else { return false }
            let flags = fcntl(descriptor, F_GETFD)
            return flags >= 0 && flags & FD_CLOEXEC == 0
        }
    }
}

// `Child` has members of these names, which would hide the C functions.
private func closeDescriptor(_ descriptor: Int32) { close(descriptor) }
private func readDescriptor(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
