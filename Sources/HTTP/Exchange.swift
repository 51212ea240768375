import Basics
import CCurl

/// What an exchange needs to know of the user's machine, in curl's own words for it.
struct NetworkSettings: Sendable {
    /// By scheme; nil for none.
    var proxies: [String: String] = [:]
    /// Hosts that are reached without one.
    var noProxy: String?
    var certificates: String?
    var certificateFolder: String?
    var netrc: String?

    /// Reads the variables that curl reads, by curl's rules: `HTTP_PROXY` is not one, as a web server's program has it
    /// from whoever asks.
    init(environment: [String: String]) {
        func first(_ names: String...) -> String? {
            for name in names { if let value = environment[name], !value.isEmpty { return value } }
            return nil
        }
        let all = first("all_proxy", "ALL_PROXY")
        proxies["http"] = first("http_proxy") ?? all
        proxies["https"] = first("https_proxy", "HTTPS_PROXY") ?? all
        noProxy = first("no_proxy", "NO_PROXY")
        certificates = first("CURL_CA_BUNDLE", "SSL_CERT_FILE")
        certificateFolder = first("SSL_CERT_DIR")
        netrc = first("NETRC") ?? environment["HOME"].map { $0 + "/.netrc" }
    }
}

/// What came of one request.
struct Answer: Sendable {
    var status = 0
    /// Keys in lower case; the last of several values.
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    /// Absolute, where the server leads on.
    var redirect: String?
    var failure: Failure?
    /// Whether it failed because too little came for too long.
    var wasSlow = false

    struct Failure: Sendable {
        enum Kind: Sendable { case transient, lasting, certificate, tooLarge }
        var kind: Kind
        /// In curl's words, without address.
        var reason: String
    }
}

/// One exchange with a server: set up, carried out, read. All of it blocks.
final class Exchange {
    private var answer = Answer()
    private let limit: Int
    /// What came in an earlier, broken exchange.
    private let earlier: [UInt8]
    private var isOverLimit = false
    /// Whether the answer came down to the end of its headers.
    private var isHeaded = false
    private let address: String
    private let report: (TransferEvent) -> Void
    /// When it was last told how much is here.
    private var told = ContinuousClock.now

    private init(_ address: HTTPAddress, limit: Int, earlier: [UInt8], _ report: @escaping (TransferEvent) -> Void) {
        self.address = address.description
        self.limit = limit
        self.earlier = earlier
        self.report = report
    }

    /// Asks for `address` on `handle`, from byte `earlier.count` on if that isn't 0 and the server's copy still has `tag`.
    static func get(
        _ handle: Handle, _ address: HTTPAddress, accept: String, earlier: [UInt8], tag: String?, limit: Int,
        _ limits: HTTPLimits, _ settings: NetworkSettings, _ report: @escaping (TransferEvent) -> Void
    ) -> Answer {
        let exchange = Exchange(address, limit: limit, earlier: earlier, report)
        exchange.run(handle.curl, address, accept, tag, limits, settings)
        return exchange.answer
    }

    private func run(
        _ curl: UnsafeMutableRawPointer, _ address: HTTPAddress, _ accept: String, _ tag: String?,
        _ limits: HTTPLimits, _ settings: NetworkSettings
    ) {
        skvm_curl_reset(curl)
        func set(_ option: CURLoption, _ value: Int) { _ = skvm_curl_set_number(curl, option, curl_off_t(value)) }
        func set(_ option: CURLoption, _ value: String?) { _ = skvm_curl_set_text(curl, option, value) }
        set(CURLOPT_URL, address.full)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_CONNECTTIMEOUT, limits.connectSeconds)
        set(CURLOPT_TIMEOUT, limits.seconds)
        set(CURLOPT_LOW_SPEED_LIMIT, limits.stallBytes)
        set(CURLOPT_LOW_SPEED_TIME, limits.stallSeconds)
        set(CURLOPT_USERAGENT, "skvm")
        // An empty text says that there is none, whatever the process's environment says.
        set(CURLOPT_PROXY, settings.proxies[address.isSecure ? "https" : "http"] ?? "")
        set(CURLOPT_NOPROXY, settings.noProxy ?? "")
        if let file = settings.certificates { set(CURLOPT_CAINFO, file) }
        if let folder = settings.certificateFolder { set(CURLOPT_CAPATH, folder) }
        if let file = settings.netrc {
            set(CURLOPT_NETRC, 1)
            set(CURLOPT_NETRC_FILE, file)
        }
        var lines = skvm_curl_append(nil, "Accept: \(accept)")
        if !earlier.isEmpty, let tag {
            set(CURLOPT_RANGE, "\(earlier.count)-")
            lines = skvm_curl_append(lines, "If-Range: \(tag)")
        }
        defer { skvm_curl_free_list(lines) }
        _ = skvm_curl_set_pointer(curl, CURLOPT_HTTPHEADER, lines)

        var message = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = skvm_curl_set_pointer(curl, CURLOPT_WRITEDATA, context)
        _ = skvm_curl_set_pointer(curl, CURLOPT_HEADERDATA, context)
        _ = skvm_curl_set_receiver(curl, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            Exchange.of(context).received(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        _ = skvm_curl_set_receiver(curl, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            Exchange.of(context).header(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        let code = message.withUnsafeMutableBufferPointer { buffer in
            _ = skvm_curl_set_pointer(curl, CURLOPT_ERRORBUFFER, buffer.baseAddress)
            defer { _ = skvm_curl_set_pointer(curl, CURLOPT_ERRORBUFFER, nil) }
            return skvm_curl_perform(curl)
        }
        answer.redirect = skvm_curl_text(curl, CURLINFO_REDIRECT_URL).flatMap { String(validatingCString: $0) }
        if code != CURLE_OK, !isWholeEnough { answer.failure = failure(code, message) }
        // To curl, an answer that breaks off within its headers is whole and has no body.
        if code == CURLE_OK, !isHeaded {
            answer.failure = .init(kind: .transient, reason: "the answer broke off within its headers")
        }
    }

    /// An answer that is refused for its status needs no body.
    private var isWholeEnough: Bool { answer.status >= 300 && !isOverLimit }

    private static func of(_ context: UnsafeMutableRawPointer?) -> Exchange {
        guard let context else { preconditionFailure("the exchange's own callbacks were set with its context") }
        return Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
    }

    // MARK: What comes in

    /// Anything but the count stops the transfer.
    private func header(_ line: UnsafeRawBufferPointer) -> Int {
        let text = String(decoding: line.prefix(8192), as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            // Interim answers and a proxy's come before the answer.
            answer.status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            answer.headers = [:]
            isHeaded = false
        } else if let colon = text.utf8.firstIndex(of: 0x3A) {
            let value = text[colon...].dropFirst().drop { $0 == " " || $0 == "\t" }
            answer.headers[text[..<colon].lowercased()] = String(value.prefix { !$0.isNewline })
        } else if text == "\r\n" || text == "\n" {
            isHeaded = true
            if (200..<300).contains(answer.status) { return begin() ? line.count : 0 }
        }
        return line.count
    }

    /// At the end of the head of an answer: whether its body is worth having.
    private func begin() -> Bool {
        answer.body = []
        if answer.status == 206 {
            guard !earlier.isEmpty, answer.headers["content-range"]?.hasPrefix("bytes \(earlier.count)-") == true else {
                return false
            }
            answer.body = earlier
        }
        if let length = answer.headers["content-length"].flatMap({ Int($0) }), length > limit - answer.body.count {
            isOverLimit = true
            return false
        }
        return true
    }

    private func received(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard (200..<300).contains(answer.status) else {
            // An error's text is wanted, its gigabyte is not.
            guard answer.body.count + bytes.count <= 1 << 16 else { return 0 }
            answer.body += bytes
            return bytes.count
        }
        guard bytes.count <= limit - answer.body.count else {
            isOverLimit = true
            return 0
        }
        answer.body += bytes
        tell()
        return bytes.count
    }

    /// Some times a second: a line of progress is not worth more.
    private func tell() {
        guard ContinuousClock.now - told >= .milliseconds(200) else { return }
        told = .now
        let total = answer.headers["content-length"].flatMap { Int($0) } ?? 0
        let here = answer.body.count
        report(
            .received(
                address: address,
                .init(bytes: Int64(here), parts: total > 0 ? here : 0, total: answer.status == 200 ? total : 0)))
    }

    // MARK: What goes wrong

    private func failure(_ code: CURLcode, _ message: [CChar]) -> Answer.Failure {
        if isOverLimit { return .init(kind: .tooLarge, reason: "it has more than \(limit) bytes") }
        answer.wasSlow = code == CURLE_OPERATION_TIMEDOUT
        var reason = skvm_curl_message(code).flatMap { String(validatingCString: $0) } ?? "error \(code.rawValue)"
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION:
            // These tell which host or certificate. Others tell a proxy's address, with its password.
            let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            if !bytes.isEmpty { reason = String(decoding: bytes, as: UTF8.self) }
        case CURLE_WRITE_ERROR: reason = "the server sent another part than it was asked for"
        default: break
        }
        let kind: Answer.Failure.Kind =
            switch code {
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE: .certificate
            case CURLE_OPERATION_TIMEDOUT, CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR,
                CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_WRITE_ERROR:
                .transient
            default: .lasting
            }
        return .init(kind: kind, reason: reason)
    }
}

/// A handle of libcurl, which keeps its connections for the next request.
struct Handle: @unchecked Sendable {
    // Safe: whoever took the handle out of the pool has it alone until it is put back.
    let curl: UnsafeMutableRawPointer
}
