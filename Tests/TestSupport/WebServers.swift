import Basics

/// lighttpd before a folder of files.
package struct StaticWebServer: Sendable {
    /// `http://127.0.0.1:PORT`.
    package let address: String

    /// Runs `body` while the server hands out what lies in `root`, on a free port of the loopback interface.
    package static func serving<R: Sendable>(
        _ root: String, _ body: @escaping @Sendable (StaticWebServer) async throws -> R
    ) async throws -> R {
        let program = try requireProgram(["/usr/sbin/lighttpd", "/usr/bin/lighttpd"])
        return try await withScratch { folder in
            let port = try LoopbackPort.free()
            let configuration = """
                server.document-root = "\(root)"
                server.bind = "127.0.0.1"
                server.port = \(port)
                server.errorlog = "\(folder)/errors"
                mimetype.assign = (".json" => "application/json", ".md" => "text/markdown", ".gz" => "application/gzip")

                """
            try FileSystem.write(Array(configuration.utf8), to: folder + "/lighttpd.conf")
            return try await serve(Program(program, ["-D", "-f", folder + "/lighttpd.conf"]), port: port) {
                try await body(StaticWebServer(address: "http://127.0.0.1:\(port)"))
            }
        }
    }
}

/// A web server whose behaviour a test writes in Python: for answers that no real server gives on purpose.
package struct ScriptedWebServer: Sendable {
    /// `http://127.0.0.1:PORT`.
    package let address: String
    /// Each request that came, one a line: `GET /path` and what of the headers the script noted.
    private let log: String

    package func requests() throws -> [String] {
        guard FileSystem.exists(log) else { return [] }
        return try FileSystem.readText(log).split(separator: "\n").map { String($0) }
    }

    /// Runs `body` while the server runs. `get` is the body of a method `get(self, path, count)` of Python's
    /// `BaseHTTPRequestHandler`, indented by nothing: `path` has no query, `count` says how often it was asked for before.
    /// `self.answer(status, body, **headers)` answers (`_` in a header's name stands for `-`).
    package static func serving<R: Sendable>(
        _ get: String, tls: (certificate: String, key: String)? = nil,
        _ body: @escaping @Sendable (ScriptedWebServer) async throws -> R
    ) async throws -> R {
        let python = try requireProgram(["/usr/bin/python3", "/usr/local/bin/python3"])
        return try await withScratch { folder in
            let port = try LoopbackPort.free()
            let log = folder + "/requests"
            let indented = get.split(separator: "\n", omittingEmptySubsequences: false).map { "        " + $0 }
            let wrap =
                tls.map { tls in
                    """
                    import ssl
                    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                    context.load_cert_chain("\(tls.certificate)", "\(tls.key)")
                    server.socket = context.wrap_socket(server.socket, server_side=True)
                    """
                } ?? ""
            let script = """
                import collections, http.server, json, os, time, urllib.parse
                counts = collections.Counter()
                PORT = \(port)
                class Handler(http.server.BaseHTTPRequestHandler):
                    protocol_version = "HTTP/1.1"
                    def log_message(self, *a): pass
                    def answer(self, status, body=b"", **headers):
                        if isinstance(body, str): body = body.encode()
                        self.send_response(status)
                        headers.setdefault("Content_Length", len(body))
                        for key, value in headers.items(): self.send_header(key.replace("_", "-"), value)
                        self.end_headers()
                        self.wfile.write(body)
                    def do_GET(self):
                        path = self.path.split("?")[0]
                        with open("\(log)", "a") as log:
                            log.write("GET " + self.path + " " + (self.headers.get("Range") or "-") + "\\n")
                        count = counts[path]
                        counts[path] += 1
                        self.query = dict(urllib.parse.parse_qsl(self.path.partition("?")[2]))
                        self.get(path, count)
                    def get(self, path, count):
                \(indented.joined(separator: "\n"))
                server = http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
                \(wrap)
                server.serve_forever()

                """
            try FileSystem.write(Array(script.utf8), to: folder + "/server.py")
            return try await serve(Program(python, [folder + "/server.py"]), port: port) {
                let scheme = tls == nil ? "http" : "https"
                return try await body(ScriptedWebServer(address: "\(scheme)://127.0.0.1:\(port)", log: log))
            }
        }
    }
}
