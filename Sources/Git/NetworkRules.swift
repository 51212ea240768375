package import Basics

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How networks that fail are dealt with. How long a silent server is borne is git's to configure: `http.lowSpeedTime`.
package struct NetworkRules: Sendable {
    /// How often what failed for a reason that may pass is tried again.
    package var retries = 3
    /// Milliseconds before the second attempt; before each later one twice as many.
    package var pause = 500
    /// Told of what goes on.
    package var report: @Sendable (TransferEvent) -> Void = { _ in }

    package init() {}

    /// By `SKVM_NET_RETRY`: 0 to 20.
    package init(environment: [String: String]) {
        if let retries = environment["SKVM_NET_RETRY"].flatMap({ Int($0) }), (0...20).contains(retries) {
            self.retries = retries
        }
    }

    /// Not all at once again: a quarter more or less.
    func milliseconds(after failures: Int) -> Int {
        let base = pause << min(failures - 1, 6)
        return base - base / 4 + Int.random(in: 0...max(1, base / 2))
    }
}

/// Whether it makes sense to do again what failed on a network.
enum Outlook: Sendable, Hashable {
    /// It would fail again: wrong address, password, certificate; nobody listens there.
    case lasting
    /// It took long enough to fail.
    case onceMore
    case passing
    /// As the name of the host can be looked up, or not.
    case byName

    /// By the words of git, curl, ssh and libgit2. Only for what is known to be the network's fault.
    init(_ text: String) {
        self = Self.signs.first { $0.words.contains { text.contains($0) } }?.outlook ?? .lasting
    }

    private static let signs: [(words: [String], outlook: Outlook)] = [
        // A proxy that is not there comes back no sooner than a server.
        (
            [
                "Could not resolve proxy", "response 403", "response 407", "certificate", "Connection refused",
                "No route to host",
            ], .lasting
        ),
        (["Could not resolve host", "Could not resolve hostname", "failed to resolve address"], .byName),
        (
            [
                "timed out", "Operation too slow", "Timeout was reached", "it sent nothing for", "it sent no more than",
            ], .onceMore
        ),
        (
            Self.broken + [
                "returned error: 5", "returned error: 408", "returned error: 429", "status code: 5",
                "status code: 408", "status code: 429", "response 5", "Temporary failure in name resolution",
                "SSL_ERROR_SYSCALL", "gnutls_handshake() failed",
            ], .passing
        ),
        // All that git says when ssh ended without a reason: the connection may have been cut.
        (["Could not read from remote repository"], .onceMore),
    ]

    /// The connection was there, and is gone.
    static let broken = [
        "early EOF", "unexpected disconnect", "Connection reset", "RPC failed", "hung up unexpectedly",
        "Empty reply from server", "Recv failure", "Send failure", "Broken pipe", "transfer closed",
        "connection closed", "Connection closed by", "closed by remote host", "kex_exchange_identification",
        "unexpected eof",
        "expected flush after", "ended at an unexpected time", "protocol error: bad line length", "end of file",
        "client_loop: send disconnect",
        "TLS connection was non-properly terminated", "SSL connection terminated", "bad band", "incomplete pack",
    ]

    static func isBroken(_ text: String) -> Bool { broken.contains { text.contains($0) } }
}

/// Whether looking up a name fails for a reason that may pass. Blocks.
func mayResolveLater(host: String) -> Bool {
    var answer: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, nil, nil, &answer)
    if let answer { freeaddrinfo(answer) }
    // No error: it could be looked up meanwhile.
    return code == 0 || code == EAI_AGAIN
}
