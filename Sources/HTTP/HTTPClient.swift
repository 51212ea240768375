import Basics
import CCurl
import Synchronization

/// How much and how long skvm takes from a web server.
package struct HTTPLimits: Sendable {
    package var redirects = 10
    /// Requests for one thing, with the first.
    package var attempts = 4
    package var connectSeconds = 30
    /// Without a byte.
    package var stallSeconds = 30
    /// For one request with its answer.
    package var seconds = 600
    /// The longest wait that a server may ask for.
    package var pauseSeconds = 30

    package init() {}
}

/// What a server gave.
package struct HTTPResponse: Sendable {
    package var body: [UInt8]
    /// Without parameters, in lower case; empty when it was not said.
    package var contentType: String
    /// Where it was found in the end.
    package var address: HTTPAddress
}

/// Asks web servers. Copies share their connections.
package struct HTTPClient: Sendable {
    package let isOffline: Bool
    private let limits: HTTPLimits
    private let settings: NetworkSettings
    private let pool = Pool()
    private let pause: @Sendable (Duration) async -> Void

    /// - Parameters:
    ///   - environment: for proxies, certificates and `.netrc`; see `NetworkSettings`.
    ///   - pause: waits between two attempts.
    package init(
        environment: [String: String], isOffline: Bool = false, limits: HTTPLimits = HTTPLimits(),
        pause: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
    ) {
        self.isOffline = isOffline
        self.limits = limits
        self.pause = pause
        settings = NetworkSettings(environment: environment)
    }

    /// What is at `address`, at most `limit` bytes. Follows redirects; asks again after what passes.
    ///
    /// Throws `HTTPError`; nothing of a refused answer is returned.
    package func get(
        _ address: HTTPAddress, accept: String = "*/*", limit: Int
    ) async throws(HTTPError) -> HTTPResponse {
        if isOffline {
            throw HTTPError(
                .offline, "\(address) is not in the cache, and the network is off",
                hint: "run it once without --offline")
        }
        var place = address
        for _ in 0...limits.redirects {
            let answer = try await exchange(place, accept, limit)
            guard let text = answer.redirect, (300..<400).contains(answer.status) else {
                let type = answer.headers["content-type"]?.prefix { $0 != ";" }.lowercased() ?? ""
                return HTTPResponse(
                    body: answer.body, contentType: type.filter { $0 != " " }, address: place)
            }
            let next: HTTPAddress
            do throws(HTTPError) { next = try HTTPAddress(text) } catch {
                throw HTTPError(.redirect, "\(place) leads to what is no address: \(error.detail)")
            }
            if place.isSecure, !next.isSecure {
                throw HTTPError(
                    .redirect, "\(place) leads from https to \(next), which nothing protects",
                    hint: "tell those who keep the server; nothing was fetched from there")
            }
            place = next
        }
        throw HTTPError(.redirect, "\(address) leads on more than \(limits.redirects) times")
    }

    // MARK: One place

    /// The answer of one place, whole and good, or a redirect.
    private func exchange(_ address: HTTPAddress, _ accept: String, _ limit: Int) async throws(HTTPError) -> Answer {
        var earlier: [UInt8] = []
        var tag: String?
        var attempt = 1
        while true {
            let answer = try await ask(address, accept, earlier, tag, limit)
            guard let fault = fault(of: answer, at: address) else { return answer }
            guard fault.isTransient, attempt < limits.attempts else {
                var error = fault.error
                if attempt > 1 { error.detail += " (asked \(attempt) times)" }
                throw error
            }
            // A strong tag names these very bytes: only then can the rest of them be asked for.
            if answer.status == 200 || answer.status == 206, let now = answer.headers["etag"], now.hasPrefix("\"") {
                (earlier, tag) = (answer.body, now)
            } else if answer.status < 300 || answer.status == 416 {
                (earlier, tag) = ([], nil)
            }
            await pause(wait(after: answer, attempt))
            attempt += 1
        }
    }

    private func ask(
        _ address: HTTPAddress, _ accept: String, _ earlier: [UInt8], _ tag: String?, _ limit: Int
    ) async throws(HTTPError) -> Answer {
        let (limits, settings, pool) = (limits, settings, pool)
        return try await Blocking.run { () throws(HTTPError) in
            guard let handle = pool.take() else { throw HTTPAddress.unavailable }
            defer { pool.give(handle) }
            return Exchange.get(
                handle, address, accept: accept, earlier: earlier, tag: tag, limit: limit, limits, settings)
        }
    }

    /// What a server says for people or programs; its pages are no answer.
    private static func text(of answer: Answer) -> String? {
        let type = answer.headers["content-type"] ?? ""
        guard type.hasPrefix("text/plain") || type.hasPrefix("application/json") else { return nil }
        return String(validating: answer.body, as: UTF8.self)
    }

    /// 0.25 s, 0.5 s, 1 s, … or what the server asks for.
    private func wait(after answer: Answer, _ attempt: Int) -> Duration {
        let own = Duration.milliseconds(250 << min(attempt - 1, 6))
        guard let seconds = answer.headers["retry-after"].flatMap({ Int($0) }), seconds >= 0 else { return own }
        return max(own, .seconds(min(seconds, limits.pauseSeconds)))
    }

    private func fault(of answer: Answer, at address: HTTPAddress) -> (error: HTTPError, isTransient: Bool)? {
        if let failure = answer.failure {
            let reason = failure.reason.shown(limit: 200)
            switch failure.kind {
            case .tooLarge: return (HTTPError(.tooLarge, "\(address) is too large: \(reason)"), false)
            case .certificate:
                return (
                    HTTPError(
                        .certificate, "\(address) can't be trusted: \(reason)",
                        hint: "a server of your own needs its certificate in SSL_CERT_FILE or CURL_CA_BUNDLE"), false
                )
            case .transient, .lasting:
                return (HTTPError(.network, "\(address) can't be fetched: \(reason)"), failure.kind == .transient)
            }
        }
        func refused(_ code: HTTPError.Code, _ reason: String, hint: String? = nil) -> HTTPError {
            HTTPError(
                code, "\(address) can't be fetched: \(reason) (status \(answer.status))", hint: hint,
                status: answer.status, answer: Self.text(of: answer))
        }
        switch answer.status {
        case 200, 206: return nil
        case 300..<400 where answer.redirect != nil: return nil
        case 401, 403, 407:
            return (
                refused(
                    .authentication, "the server does not let you in",
                    hint: "put user and password for this host into ~/.netrc"), false
            )
        case 404, 410: return (refused(.notFound, "the server does not have it"), false)
        case 429: return (refused(.busy, "the server is asked too often", hint: "try again later"), true)
        case 416 where answer.failure == nil: return (refused(.status, "the server sends no such part"), true)
        case 408, 425, 500, 502, 503, 504: return (refused(.status, "the server failed", hint: "try again later"), true)
        default: return (refused(.status, "the server refuses"), false)
        }
    }
}

/// The handles that nobody uses at the moment.
private final class Pool: Sendable {
    private let free = Mutex<[Handle]>([])

    /// Nil without libcurl.
    func take() -> Handle? {
        if let handle = free.withLock({ $0.popLast() }) { return handle }
        return skvm_curl_new().map { Handle(curl: $0) }
    }

    func give(_ handle: Handle) { free.withLock { $0.append(handle) } }

    deinit { for handle in free.withLock({ $0 }) { skvm_curl_free(handle.curl) } }
}
