import Basics
import HTTP
import Synchronization
import TestSupport
import Testing

/// The pauses that a client made, instead of waiting.
private final class Pauses: Sendable {
    private let made = Mutex<[Duration]>([])
    private let told = Mutex<[TransferEvent]>([])
    var all: [Duration] { made.withLock { $0 } }
    var events: [TransferEvent] { told.withLock { $0 } }

    func client(environment: [String: String] = [:], isOffline: Bool = false) -> HTTPClient {
        var limits = HTTPLimits()
        limits.stallSeconds = 1
        limits.redirects = 5
        return HTTPClient(
            environment: environment, isOffline: isOffline, limits: limits,
            pause: { duration in self.made.withLock { $0.append(duration) } },
            report: { event in self.told.withLock { $0.append(event) } })
    }
}

extension HTTPClient {
    fileprivate func text(_ address: String, limit: Int = 1 << 20) async throws -> String {
        String(decoding: try await get(try HTTPAddress(address), limit: limit).body, as: UTF8.self)
    }
}

/// The error of a request that must fail.
private func failure(_ body: () async throws -> String) async throws -> HTTPError {
    do {
        let text = try await body()
        Issue.record("there was an answer: \(text.prefix(80))")
    } catch let error as HTTPError { return error }
    return HTTPError(.status, "none")
}

@Suite struct HTTPClientTests {
    @Test(arguments: [1, 17, 60, 120])
    func `an answer that breaks off within its headers is asked for again`(bytes: Int) async throws {
        try await withScratch { root in
            try FileSystem.write(Array("{}".utf8), to: root + "/index.json")
            try await StaticWebServer.serving(root) { server in
                let port = try #require(UInt16(server.address.split(separator: ":").last ?? ""))
                try await FaultyNetwork.before(port) { network in
                    let address = "http://127.0.0.1:\(network.port)/index.json"
                    try network.will(.once(bytes, reset: false))
                    let pauses = Pauses()
                    #expect(try await pauses.client().text(address) == "{}")
                    #expect(pauses.all.count == 1)
                    try network.will(.each(bytes, reset: false))
                    let error = try await failure { try await Pauses().client().text(address) }
                    #expect(error.code == .network, "\(error.detail)")
                    try network.will(.whole)
                    let none = try await failure { try await Pauses().client().text(address + "x") }
                    #expect(none.code == .notFound)
                }
            }
        }
    }

    @Test func `a file of a real server comes whole, with its type`() async throws {
        try await withScratch { root in
            let body = [UInt8]((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
            try FileSystem.write(body, to: root + "/index.json")
            try await StaticWebServer.serving(root) { server in
                let response = try await Pauses().client().get(
                    try HTTPAddress(server.address + "/index.json"), limit: 1 << 20)
                #expect(response.body == body)
                #expect(response.contentType == "application/json")
            }
        }
    }

    @Test func `what the server does not have is named, and asked for once`() async throws {
        try await withScratch { root in
            try await StaticWebServer.serving(root) { server in
                let pauses = Pauses()
                let error = try await failure { try await pauses.client().text(server.address + "/none?token=secret") }
                #expect(error.code == .notFound)
                #expect(error.status == 404)
                #expect(error.detail.contains("/none?…"))
                #expect(!"\(error.diagnostic)".contains("secret"))
                #expect(pauses.all.isEmpty)
            }
        }
    }

    @Test func `a server that is busy is asked again, after as long as it says`() async throws {
        let script = """
            if count == 0: return self.answer(429, "slow down", Retry_After="7")
            if count == 1: return self.answer(503)
            self.answer(200, "here")
            """
        try await ScriptedWebServer.serving(script) { server in
            let pauses = Pauses()
            let text = try await pauses.client().text(server.address + "/x")
            #expect(text == "here")
            #expect(pauses.all == [.seconds(7), .milliseconds(500)])
            // What is waited for, and how long, is said.
            let failures = pauses.events.compactMap { event -> String? in
                guard case .failed(let address, let reason, let milliseconds, let attempt, let attempts) = event else {
                    return nil
                }
                #expect(address.hasSuffix("/x"))
                return "\(reason.suffix(12)) \(milliseconds) \(attempt)/\(attempts)"
            }
            #expect(failures == ["(status 429) 7000 2/4", "(status 503) 500 3/4"])
        }
    }

    @Test func `a server that sends byte for byte is given up after a second attempt`() async throws {
        let script = """
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            for _ in range(40):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.25)
            """
        try await ScriptedWebServer.serving(script) { server in
            let pauses = Pauses()
            let error = try await failure { try await pauses.client().text(server.address + "/x") }
            #expect(error.code == .network && error.detail.hasSuffix("(asked 2 times)"), "\(error)")
            #expect(
                pauses.events.contains {
                    if case .received(_, let amount) = $0 { amount.bytes > 0 && amount.total == 100_000 } else { false }
                })
            // As curl and git have it, for whoever has a line as slow as that.
            let patient = HTTPLimits(
                environment: ["GIT_HTTP_LOW_SPEED_LIMIT": "1", "GIT_HTTP_LOW_SPEED_TIME": "90"])
            #expect(patient.stallBytes == 1 && patient.stallSeconds == 90)
        }
    }

    @Test func `a server that keeps failing is given up, and one that wants an hour at once`() async throws {
        let script = """
            self.answer(500, "no", Retry_After="3600" if path == "/hour" else "30")
            """
        try await ScriptedWebServer.serving(script) { server in
            let pauses = Pauses()
            let error = try await failure { try await pauses.client().text(server.address + "/x") }
            #expect(error.code == .status)
            #expect(error.detail.hasSuffix("(status 500) (asked 4 times)"))
            #expect(try server.requests().count == 4)
            #expect(pauses.all == [.seconds(30), .seconds(30), .seconds(30)])
            let impatient = try await failure { try await pauses.client().text(server.address + "/hour") }
            #expect(impatient.hint?.contains("3600 seconds") == true, "\(impatient)")
            #expect(impatient.detail.hasSuffix("(status 500)"))
            #expect(try server.requests().count == 5 && pauses.all.count == 3)
        }
    }

    @Test func `a broken download goes on where it broke off, when the bytes are the same`() async throws {
        let script = """
            body = b"0123456789" * 1000
            start = self.headers.get("Range")
            if start is None:
                self.send_response(200)
                self.send_header("Content-Length", len(body))
                if path == "/tagged": self.send_header("ETag", '"one"')
                self.end_headers()
                self.wfile.write(body[:4000] if count == 0 else body)
                self.close_connection = True
                return
            at = int(start[6:-1])
            assert self.headers["If-Range"] == '"one"'
            self.answer(206, body[at:], Content_Range="bytes %d-%d/%d" % (at, len(body) - 1, len(body)), ETag='"one"')
            """
        try await ScriptedWebServer.serving(script) { server in
            let client = Pauses().client()
            for path in ["/tagged", "/untagged"] {
                let text = try await client.text(server.address + path)
                #expect(text == String(repeating: "0123456789", count: 1000))
            }
            let requests = try server.requests()
            #expect(
                requests == ["GET /tagged -", "GET /tagged bytes=4000-", "GET /untagged -", "GET /untagged -"])
        }
    }

    @Test func `a body that is always cut off is an error, never a short file`() async throws {
        let script = """
            self.send_response(200)
            self.send_header("Content-Length", 100)
            self.end_headers()
            self.wfile.write(b"half")
            self.close_connection = True
            """
        try await ScriptedWebServer.serving(script) { server in
            let error = try await failure { try await Pauses().client().text(server.address + "/x") }
            #expect(error.code == .network)
        }
    }

    @Test func `a part that was not asked for is not taken`() async throws {
        let script = #"self.answer(206, "tail", Content_Range="bytes 96-99/100")"#
        try await ScriptedWebServer.serving(script) { server in
            let error = try await failure { try await Pauses().client().text(server.address + "/x") }
            #expect(error.code == .network)
        }
    }

    @Test func `a server that stalls is given up`() async throws {
        try await LoopbackPort.withSilentServer { port in
            let error = try await failure { try await Pauses().client().text("http://127.0.0.1:\(port)/x") }
            #expect(error.code == .network)
        }
    }

    @Test(arguments: ["/announced", "/streamed"])
    func `more than the limit is refused, said before or not`(_ path: String) async throws {
        let script = """
            if path == "/announced": return self.answer(200, b"x" * 5000)
            self.send_response(200)
            self.send_header("Connection", "close")
            self.end_headers()
            for _ in range(50): self.wfile.write(b"x" * 100)
            self.close_connection = True
            """
        try await ScriptedWebServer.serving(script) { server in
            let client = Pauses().client()
            #expect(try await client.text(server.address + path, limit: 5000).utf8.count == 5000)
            let error = try await failure { try await client.text(server.address + path, limit: 4999) }
            #expect(error.code == .tooLarge)
        }
    }

    @Test func `redirects are followed a few times, and never to what is no web server`() async throws {
        let script = """
            if path == "/a": return self.answer(302, Location="b?token=secret")
            if path == "/b": return self.answer(301, Location="http://127.0.0.1:%d/c" % PORT)
            if path == "/c": return self.answer(200, "end")
            if path == "/circle": return self.answer(302, Location="/circle")
            if path == "/user": return self.answer(302, Location="http://me:pass@127.0.0.1:%d/c" % PORT)
            if path == "/other": return self.answer(302, Location="file:///etc/passwd")
            """
        try await ScriptedWebServer.serving(script) { server in
            let client = Pauses().client()
            let response = try await client.get(try HTTPAddress(server.address + "/a"), limit: 100)
            #expect(String(decoding: response.body, as: UTF8.self) == "end")
            #expect(response.address.description == server.address + "/c")
            for path in ["/circle", "/user", "/other"] {
                let error = try await failure { try await client.text(server.address + path) }
                #expect(error.code == .redirect, "\(path)")
                #expect(!error.detail.contains("pass@") && !error.detail.contains("me:"))
            }
        }
    }

    @Test func `a server with a certificate is trusted when the environment says so, and leads to no http`()
        async throws
    {
        try await withScratch { folder in
            let made = try await Program(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-keyout", folder + "/key", "-out", folder + "/cert", "-subj", "/CN=127.0.0.1", "-addext",
                    "subjectAltName=IP:127.0.0.1",
                ]
            ).run()
            try #require(made.succeeded, "\(made.errorText)")
            let script = """
                if path == "/down": return self.answer(302, Location="http://127.0.0.1:1/x?token=secret")
                self.answer(200, "safe")
                """
            try await ScriptedWebServer.serving(script, tls: (folder + "/cert", folder + "/key")) { server in
                let distrusted = try await failure { try await Pauses().client().text(server.address + "/x") }
                #expect(distrusted.code == .certificate)
                let client = Pauses().client(environment: ["SSL_CERT_FILE": folder + "/cert"])
                #expect(try await client.text(server.address + "/x") == "safe")
                let down = try await failure { try await client.text(server.address + "/down") }
                #expect(down.code == .redirect)
                #expect(down.detail.contains("from https to http://127.0.0.1:1/x?…"))
            }
        }
    }

    @Test func `the proxy of the environment is asked, and its password is in no error`() async throws {
        let script = #"self.answer(200, self.path + " " + str(self.headers.get("Proxy-Authorization") is not None))"#
        try await ScriptedWebServer.serving(script) { server in
            let proxy = "http://user:hunter2@" + server.address.dropFirst("http://".count)
            let client = Pauses().client(environment: ["http_proxy": proxy, "no_proxy": "example.com"])
            #expect(try await client.text("http://example.org/x") == "http://example.org/x True")
            // `HTTP_PROXY` is what a web server's program gets from whoever asks it.
            let upper = Pauses().client(environment: ["HTTP_PROXY": "http://127.0.0.1:1"])
            #expect(try await upper.text(server.address + "/direct") == "/direct False")
            for proxy in [
                "http://user:hunter2@127.0.0.1:1", "socks9://user:hunter2@nowhere.invalid",
                "http://user:hunter2@no host",
            ] {
                let client = Pauses().client(environment: ["http_proxy": proxy])
                let error = try await failure { try await client.text("http://example.org/x") }
                #expect(!"\(error)".contains("hunter2"), "\(proxy)")
            }
        }
    }

    @Test func `a proxy that lets nobody in is told by its own name, for both kinds of addresses`() async throws {
        let script = """
            type(self).do_CONNECT = lambda self: self.answer(407, "no", Proxy_Authenticate="Basic")
            self.answer(407, "no", Proxy_Authenticate="Basic")
            """
        try await ScriptedWebServer.serving(script) { server in
            let client = Pauses().client(environment: ["http_proxy": server.address, "https_proxy": server.address])
            for scheme in ["http", "https"] {
                let error = try await failure { try await client.text("\(scheme)://example.org/x") }
                #expect(error.code == .authentication && error.status == 407, "\(error.detail)")
                #expect(error.detail.contains("the proxy does not let you in"))
                #expect(error.hint?.contains("\(scheme)_proxy=http://USER:PASSWORD@") == true)
            }
        }
    }

    @Test func `user and password come from netrc, for their host alone`() async throws {
        try await withScratch { home in
            try FileSystem.write(Array("machine 127.0.0.1 login me password open\n".utf8), to: home + "/.netrc")
            let script = """
                if path == "/away": return self.answer(302, Location="http://localhost:%d/x" % PORT)
                given = self.headers.get("Authorization")
                self.answer(200 if given else 401, given or "")
                """
            try await ScriptedWebServer.serving(script) { server in
                let client = Pauses().client(environment: ["HOME": home])
                #expect(try await client.text(server.address + "/x") == "Basic bWU6b3Blbg==")
                let away = try await failure { try await client.text(server.address + "/away") }
                #expect(away.code == .authentication)
            }
        }
    }

    @Test func `offline, no server is asked`() async throws {
        try await ScriptedWebServer.serving(#"self.answer(200, "x")"#) { server in
            let error = try await failure { try await Pauses().client(isOffline: true).text(server.address + "/x") }
            #expect(error.code == .offline)
            #expect(error.diagnostic.fault == .offline)
            #expect(try server.requests().isEmpty)
        }
    }

    @Test(arguments: [
        "file:///etc/passwd", "ftp://example.org/x", "https://", "https://user:hunter2@example.org/x", "",
        "https://a b/",
        "gopher://x", "https://example.org/\u{7}", "//example.org/x", "x",
    ])
    func `what is no address of a web server is refused, without its password`(_ text: String) throws {
        let error = #expect(throws: HTTPError.self) { try HTTPAddress(text) }
        #expect(error?.code == .address)
        #expect(error?.detail.contains("hunter2") == false)
    }

    @Test(arguments: [
        ("c/d", "https://h.example/a/c/d"), ("/c", "https://h.example/c"), ("//g/c", "https://g/c"),
        ("../c", "https://h.example/c"), ("http://other/x?q=1", "http://other/x?…"),
        ("ü", "https://h.example/a/%C3%BC"),
    ])
    func `addresses are relative to where they stand`(_ reference: String, _ meant: String) throws {
        let base = try HTTPAddress("https://h.example/a/index.json?token=secret")
        #expect(try base.resolving(reference).description == meant)
    }
}
