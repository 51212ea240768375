import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// TCP ports of 127.0.0.1.
package enum LoopbackPort {
    /// One that nobody listens on, and that nobody else is given before this process ends. It lies below the ports that the
    /// system gives to clients (from 32768 on Linux, 49152 on macOS): one asked of the system was a connection's by the
    /// time that its server started.
    package static func free() throws -> UInt16 {
        try ports.withLock { ports in
            while true {
                if ports.isEmpty { ports = try reserveBlock() }
                let port = ports.removeFirst()
                let descriptor = makeSocket(stream)
                defer { close(descriptor) }
                if isBound(descriptor, port) { return port }
            }
        }
    }

    private static let ports = Mutex<Range<UInt16>>(0..<0)

    /// Other test processes run on the same machine: a block of ports is this one's as long as it has the UDP port of the
    /// block's first number, which no server here uses and which the system takes back when the process ends.
    private static func reserveBlock() throws -> Range<UInt16> {
        for first in stride(from: UInt16(20_000), to: 32_500, by: 250) {
            let descriptor = makeSocket(datagram)
            if isBound(descriptor, first) { return first..<first + 250 }
            close(descriptor)
        }
        throw TestServerError("no free port on 127.0.0.1")
    }

    /// Runs `body` with a port at which connections are taken and never answered.
    package static func withSilentServer<R>(_ body: (UInt16) async throws -> R) async throws -> R {
        let port = try free()
        let descriptor = makeSocket(stream)
        defer { close(descriptor) }
        guard isBound(descriptor, port), listen(descriptor, 8) == 0 else {
            throw TestServerError("cannot listen on port \(port)")
        }
        return try await body(port)
    }

    /// Returns when somebody listens on `port`; throws after half a minute.
    package static func wait(for port: UInt16) async throws {
        for _ in 0..<1500 {
            if isOpen(port) { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw TestServerError("nobody listens on port \(port)")
    }

    private static func isOpen(_ port: UInt16) -> Bool {
        let descriptor = makeSocket(stream)
        defer { close(descriptor) }
        return withLoopback(port) { connect(descriptor, $0, $1) == 0 }
    }

    private static func isBound(_ descriptor: Int32, _ port: UInt16) -> Bool {
        withLoopback(port) { bind(descriptor, $0, $1) == 0 }
    }

    #if canImport(Glibc)
        private static let stream = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        private static let datagram = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
    #else
        private static let stream = SOCK_STREAM
        private static let datagram = SOCK_DGRAM
    #endif

    private static func makeSocket(_ kind: Int32) -> Int32 { socket(AF_INET, kind, 0) }

    private static func withLoopback<R>(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
