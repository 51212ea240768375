#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// TCP ports of 127.0.0.1.
package enum LoopbackPort {
    /// One that nobody listens on. Another process could take it before it is used; the server then fails to start.
    package static func free() throws -> UInt16 {
        let descriptor = makeSocket()
        defer { close(descriptor) }
        var address = loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard bound else { throw TestServerError("no free port on 127.0.0.1") }
        return UInt16(bigEndian: address.sin_port)
    }

    /// Runs `body` with a port at which connections are taken and never answered.
    package static func withSilentServer<R>(_ body: (UInt16) async throws -> R) async throws -> R {
        let port = try free()
        let descriptor = makeSocket()
        defer { close(descriptor) }
        var address = loopback(port)
        let isListening = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 && listen(descriptor, 8) == 0
            }
        }
        guard isListening else { throw TestServerError("cannot listen on port \(port)") }
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
        let descriptor = makeSocket()
        defer { close(descriptor) }
        var address = loopback(port)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func makeSocket() -> Int32 {
        #if canImport(Glibc)
            socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        #else
            socket(AF_INET, SOCK_STREAM, 0)
        #endif
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
