#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Which system calls a sandbox's program may make, as a classic BPF program for `seccomp`: namespaces close what they
/// are for, and these ways lead past them.
///
/// No sockets but those between processes of one machine: `AF_VSOCK` reaches a virtual machine's host through any network
/// namespace. No namespaces of its own, no `io_uring` (it opens sockets without the call), and no memory that belongs to no
/// process's data (`memfd`, System V), which no limit counts.
struct SystemCallFilter: Sendable {
    /// The numbers that one machine has for what is filtered.
    struct Machine: Sendable {
        /// `AUDIT_ARCH_…`.
        var architecture: UInt32
        /// Calls from this number on are another machine's; nil when there are none.
        var foreign: UInt32?
        var socket, socketpair, clone: UInt32
        /// As if the kernel did not know them: programs do without.
        var unknown: [UInt32]
        var refused: [UInt32]

        /// clone3, io_uring_setup, io_uring_enter, io_uring_register, memfd_secret: new calls have one number everywhere.
        private static let new: [UInt32] = [435, 425, 426, 427, 447]

        static let x86 = Machine(
            architecture: 0xC000_003E, foreign: 0x4000_0000, socket: 41, socketpair: 53, clone: 56,
            // memfd_create, shmget, add_key, request_key, keyctl.
            unknown: new + [319, 29, 248, 249, 250],
            // unshare, setns, bpf, perf_event_open, userfaultfd.
            refused: [272, 308, 321, 298, 323])
        static let arm = Machine(
            architecture: 0xC000_00B7, foreign: nil, socket: 198, socketpair: 199, clone: 220,
            unknown: new + [279, 194, 217, 218, 219], refused: [97, 268, 280, 241, 282])

        /// That for which this program was built; nil where nobody has worked the numbers out.
        static var own: Machine? {
            #if arch(x86_64)
                x86
            #elseif arch(arm64)
                arm
            #else
                nil
            #endif
        }
    }

    /// As the kernel reads it: 8 bytes an instruction.
    let bytes: [UInt8]

    init(_ machine: Machine) {
        var program: [Instruction] = [.load(Self.architecture), .skip(1, ifEqual: machine.architecture)]
        program.append(.fail(ENOSYS))
        program.append(.load(Self.number))
        if let foreign = machine.foreign { program += [.skip(ifBelow: foreign, 1), .fail(ENOSYS)] }
        for call in machine.unknown { program += [.skip(ifOther: call, 1), .fail(ENOSYS)] }
        for call in machine.refused { program += [.skip(ifOther: call, 1), .fail(EPERM)] }
        program += [.skip(ifOther: machine.clone, 3), .load(Self.argument), .skip(ifNoneOf: Self.namespaces, 1)]
        program += [.fail(EPERM), .load(Self.number)]
        for call in [machine.socket, machine.socketpair] {
            program += [.skip(ifOther: call, 3), .load(Self.argument), .skip(1, ifEqual: UInt32(AF_UNIX))]
            program += [.fail(EAFNOSUPPORT), .load(Self.number)]
        }
        program.append(.allow)
        bytes = program.flatMap(\.bytes)
    }

    /// Offsets in `struct seccomp_data`; of the first argument the lower half.
    private static let number: UInt32 = 0
    private static let architecture: UInt32 = 4
    private static let argument: UInt32 = 16

    /// `CLONE_NEWNS`, `CGROUP`, `UTS`, `IPC`, `USER`, `PID` and `NET`.
    private static let namespaces: UInt32 = 0x7E02_0000

    /// One `struct sock_filter`.
    struct Instruction: Sendable {
        var code: UInt16
        var ifTrue: UInt8 = 0
        var ifFalse: UInt8 = 0
        var value: UInt32

        static func load(_ offset: UInt32) -> Instruction { Instruction(code: 0x20, value: offset) }
        static func skip(_ count: UInt8, ifEqual value: UInt32) -> Instruction {
            Instruction(code: 0x15, ifTrue: count, value: value)
        }
        static func skip(ifOther value: UInt32, _ count: UInt8) -> Instruction {
            Instruction(code: 0x15, ifFalse: count, value: value)
        }
        static func skip(ifBelow value: UInt32, _ count: UInt8) -> Instruction {
            Instruction(code: 0x35, ifFalse: count, value: value)
        }
        static func skip(ifNoneOf bits: UInt32, _ count: UInt8) -> Instruction {
            Instruction(code: 0x45, ifFalse: count, value: bits)
        }
        static func fail(_ error: Int32) -> Instruction { Instruction(code: 0x06, value: 0x0005_0000 | UInt32(error)) }
        static let allow = Instruction(code: 0x06, value: 0x7FFF_0000)

        /// Both machines are little-endian.
        var bytes: [UInt8] {
            [UInt8(code & 0xFF), UInt8(code >> 8), ifTrue, ifFalse] + (0..<4).map { UInt8((value >> ($0 * 8)) & 0xFF) }
        }
    }
}
