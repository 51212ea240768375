package import Basics
import CCurl
import Synchronization

/// How much and how long skvm takes from a web server.
package struct HTTPLimits: Sendable {
    package var redirects = 10
    /// Requests for one thing, with the first.
    package var attempts = 4
    package var connectSeconds = 30
    /// How long less than `stallBytes` a second come before the server is given up.
    package var stallSeconds = 30
    /// A server that sends byte for byte is as good as one that sends nothing.
    package var stallBytes = 100
    /// For one request with its answer.
    package var seconds = 600
    /// The longest wait that a server may ask for: one that wants a longer one is not asked again.
    package var pauseSeconds = 30

    package init() {}

    /// With what the user has told git of slow servers, by `GIT_HTTP_LOW_SPEED_LIMIT` and `GIT_HTTP_LOW_SPEED_TIME`.
    package init(environment: [String: String]) {
        func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
        if let bytes = number("GIT_HTTP_LOW_SPEED_LIMIT"), bytes >= 0 { stallBytes = bytes }
        if let time = number("GIT_HTTP_LOW_SPEED_TIME"), (0...86_400).contains(time) { stallSeconds = time }
    }
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
    private let report: @Sendable (TransferEvent) -> Void
    private let pause: @Sendable (Duration) async -> Void

    /// - Parameters:
    ///   - environment: for proxies, certificates and `.netrc`; see `NetworkSettings`.
    ///   - pause: waits between two attempts.
    ///   - report: told of what comes, and of waits.
    package init(
        environment: [String: String], isOffline: Bool = false, limits: HTTPLimits? = nil,
        pause: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) },
        report: @escaping @Sendable (TransferEvent) -> Void = { _ in }
    ) {
        self.isOffline = isOffline
        self.limits = limits ?? HTTPLimits(environment: environment)
        self.report = report
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
            let asked = Self.wantedPause(answer)
            let isTooLong = (asked ?? 0) > limits.pauseSeconds
            // What was too slow took long enough to fail: once more, and no oftener.
            let attempts = fault.isTransient && !isTooLong ? min(limits.attempts, answer.wasSlow ? 2 : .max) : 1
            guard attempt < attempts else {
                var error = fault.error
                if let asked, isTooLong, fault.isTransient {
                    error.hint = "try again later: the server asks to be left alone for \(asked) seconds"
                }
                if attempt > 1 { error.detail += " (asked \(attempt) times)" }
                throw error
            }
            // A strong tag names these very bytes: only then can the rest of them be asked for.
            if answer.status == 200 || answer.status == 206, let now = answer.headers["etag"], now.hasPrefix("\"") {
                (earlier, tag) = (answer.body, now)
            } else if answer.status < 300 || answer.status == 416 {
                (earlier, tag) = ([], nil)
            }
            let wait = Self.wait(asked, attempt)
            report(
                .failed(
                    address: address.description, reason: fault.error.detail,
                    milliseconds: Int(wait / .milliseconds(1)), attempt: attempt + 1, attempts: attempts))
            await pause(wait)
            attempt += 1
        }
    }

    private func ask(
        _ address: HTTPAddress, _ accept: String, _ earlier: [UInt8], _ tag: String?, _ limit: Int
    ) async throws(HTTPError) -> Answer {
        let (limits, settings, pool, report) = (limits, settings, pool, report)
        return try await Blocking.run { () throws(HTTPError) in
            guard let handle = pool.take() else { throw HTTPAddress.unavailable }
            defer { pool.give(handle) }
            defer { report(.ended(address: address.description)) }
            return Exchange.get(
                handle, address, accept: accept, earlier: earlier, tag: tag, limit: limit, limits, settings, report)
        }
    }

    /// What a server says for people or programs; its pages are no answer.
    private static func text(of answer: Answer) -> String? {
        let type = answer.headers["content-type"] ?? ""
        guard type.hasPrefix("text/plain") || type.hasPrefix("application/json") else { return nil }
        return String(validating: answer.body, as: UTF8.self)
    }

    /// 0.25 s, 0.5 s, 1 s, … or what the server asks for.
    private static func wait(_ asked: Int?, _ attempt: Int) -> Duration {
        max(.milliseconds(250 << min(attempt - 1, 6)), .seconds(asked ?? 0))
    }

    /// The seconds for which the server asks to be left alone, where it says so.
    private static func wantedPause(_ answer: Answer) -> Int? {
        answer.headers["retry-after"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
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
        case 407:
            let variable = address.isSecure ? "https_proxy" : "http_proxy"
            return (
                refused(
                    .authentication, "the proxy does not let you in",
                    hint: "put user and password into the proxy's address: \(variable)=http://USER:PASSWORD@HOST:PORT"),
                false
            )
        case 401, 403:
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
