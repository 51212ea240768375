import Basics

/// A TCP proxy before a server, that breaks what goes through it as it is told, and counts it.
package struct FaultyNetwork: Sendable {
    package enum Plan: Sendable, CustomStringConvertible {
        case whole
        /// From so many bytes of the server's on, by all connections together, the network is gone.
        case down(Int, reset: Bool)
        /// One connection breaks there, and later ones don't.
        case once(Int, reset: Bool)
        /// Each connection breaks after so many bytes of its own.
        case each(Int, reset: Bool)
        /// From there on nothing comes any more, and nothing ends.
        case silent(Int)
        /// The first so many connections are answered by a web server that says this of itself.
        case answering(Int, status: String)

        package var description: String {
            switch self {
            case .whole: "whole 0 fin"
            case .down(let bytes, let reset): "down \(bytes) \(reset ? "rst" : "fin")"
            case .once(let bytes, let reset): "once \(bytes) \(reset ? "rst" : "fin")"
            case .each(let bytes, let reset): "each \(bytes) \(reset ? "rst" : "fin")"
            case .silent(let bytes): "silent \(bytes) fin"
            case .answering(let times, let status): "answering \(times) \(status)"
            }
        }
    }

    package let port: UInt16
    private let folder: String

    /// Runs `body` while what comes in at `port` goes to port `target` of this machine.
    package static func before<R: Sendable>(
        _ target: UInt16, _ body: @escaping @Sendable (FaultyNetwork) async throws -> R
    ) async throws -> R {
        try await withScratch { folder in
            try write(["proxy.py": script], in: folder)
            try Self.will(.whole, folder)
            return try await serve(
                Program("python3", [folder + "/proxy.py", "\(target)", folder]), ready: { try await hasPort(folder) }
            ) { try await body(FaultyNetwork(port: try proxyPort(folder), folder: folder)) }
        }
    }

    /// From now on; the count begins anew.
    package func will(_ plan: Plan) throws { try Self.will(plan, folder) }

    private static func will(_ plan: Plan, _ folder: String) throws {
        try FileSystem.replace(folder + "/count", with: Array("0".utf8))
        try FileSystem.replace(folder + "/plan", with: Array("\(plan)\n".utf8))
    }

    /// Bytes of the server's that went through since the last plan.
    package func received() throws -> Int {
        Int(try FileSystem.readText(folder + "/count").trimmingLineEnd) ?? 0
    }

    private static let script = #"""
        import os, socket, struct, sys, threading, time
        target, folder = int(sys.argv[1]), sys.argv[2]
        lock = threading.Lock()
        state = {"plan": None, "kind": "whole", "limit": 0, "how": "fin", "count": 0, "done": False}

        def plan():
            mark = os.stat(folder + "/plan")
            mark = (mark.st_ino, mark.st_mtime_ns)
            if mark != state["plan"]:
                kind, limit, how = open(folder + "/plan").read().strip().split(" ", 2)
                state.update(plan=mark, kind=kind, limit=int(limit), how=how, count=0, done=False)

        def admit(size, here):
            """How many of the server's next bytes go through; None breaks the connection behind them."""
            with lock:
                plan()
                kind, left = state["kind"], max(0, state["limit"] - state["count"])
                passing, breaks = size, False
                if kind == "down" or (kind == "once" and not state["done"]):
                    passing, breaks = min(size, left), size >= left
                    if breaks: state["done"] = True
                if kind == "each":
                    left = max(0, state["limit"] - here)
                    passing, breaks = min(size, left), size >= left
                if kind == "silent": passing = min(size, left)
                state["count"] += passing
                if passing:
                    with open(folder + "/count.new", "w") as f: f.write(str(state["count"]))
                    os.replace(folder + "/count.new", folder + "/count")
                return passing, breaks, state["how"]

        def arrive(s):
            """Waits until the other end has read what was sent to it, where the system tells: a reset throws away what waits."""
            try: ours, theirs = ("%04X" % name[1] for name in (s.getsockname(), s.getpeername()))
            except OSError: return
            for _ in range(3000):
                try: lines = [line.split() for line in open("/proc/net/tcp").read().splitlines()[1:]]
                except OSError: return
                def waits(line):
                    ends, (sent, unread) = (line[1][-4:], line[2][-4:]), line[4].split(":")
                    return int(sent, 16) if ends == (ours, theirs) else ends == (theirs, ours) and int(unread, 16)
                if not any(waits(line) for line in lines): return
                time.sleep(0.01)

        def end(sockets, how):
            if how == "rst": arrive(sockets[0])
            for s in sockets:
                try:
                    if how == "rst":
                        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        # Wakes the thread that reads: as long as it does, closing closes nothing.
                        s.shutdown(socket.SHUT_RD)
                        s.close()
                    else: s.shutdown(socket.SHUT_RDWR)
                except OSError: pass

        def up(client, server):
            try:
                while data := client.recv(65536): server.sendall(data)
                server.shutdown(socket.SHUT_WR)
            except OSError: pass

        def down(client, server):
            here = 0
            try:
                while data := server.recv(16384):
                    passing, breaks, how = admit(len(data), here)
                    here += passing
                    client.sendall(data[:passing])
                    if breaks:
                        end([client, server], how)
                        return
                client.shutdown(socket.SHUT_WR)
            except OSError: end([client, server], "fin")

        def connect(client):
            # Whoever only looks whether somebody listens asks for nothing.
            first = client.recv(65536, socket.MSG_PEEK)
            if not first: return client.close()
            with lock:
                plan()
                isGone = state["kind"] == "down" and state["count"] >= state["limit"]
                answers = state["kind"] == "answering" and state["limit"] > 0
                if answers: state["limit"] -= 1
            if answers:
                client.recv(65536)
                client.sendall(f"HTTP/1.1 {state['how']}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
                client.close()
                return
            if isGone:
                end([client], "rst")
                return
            try: server = socket.create_connection(("127.0.0.1", target))
            except OSError:
                end([client], "rst")
                return
            threading.Thread(target=up, args=(client, server), daemon=True).start()
            down(client, server)

        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        with open(folder + "/port.new", "w") as f: f.write(str(listener.getsockname()[1]))
        os.rename(folder + "/port.new", folder + "/port")
        while True:
            client, _ = listener.accept()
            threading.Thread(target=connect, args=(client,), daemon=True).start()
        """#
}

/// A web proxy as companies have them: forwards http, tunnels https, writes down what it was asked for.
package struct ForwardProxy: Sendable {
    package let port: UInt16
    private let folder: String

    package var address: String { "http://127.0.0.1:\(port)" }

    /// The first line of each request.
    package func requests() throws -> [String] {
        try FileSystem.readText(folder + "/log").split(separator: "\n").map(String.init)
    }

    package static func serving<R: Sendable>(
        _ body: @escaping @Sendable (ForwardProxy) async throws -> R
    ) async throws -> R {
        try await withScratch { folder in
            try write(["proxy.py": script, "log": ""], in: folder)
            return try await serve(
                Program("python3", [folder + "/proxy.py", folder]), ready: { try await hasPort(folder) }
            ) { try await body(ForwardProxy(port: try proxyPort(folder), folder: folder)) }
        }
    }

    private static let script = #"""
        import os, socket, sys, threading
        from urllib.parse import urlsplit
        folder = sys.argv[1]

        def pump(a, b):
            try:
                while data := a.recv(65536): b.sendall(data)
                b.shutdown(socket.SHUT_WR)
            except OSError: pass

        def serve(client):
            head = b""
            while b"\r\n\r\n" not in head:
                data = client.recv(65536)
                if not data: return
                head += data
            head, rest = head.split(b"\r\n\r\n", 1)
            lines = head.split(b"\r\n")
            method, url, version = lines[0].decode().split()
            with open(folder + "/log", "a") as log: log.write(lines[0].decode() + "\n")
            try:
                if method == "CONNECT":
                    host, to = url.rsplit(":", 1)
                    server = socket.create_connection((host, int(to)))
                    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                else:
                    parts = urlsplit(url)
                    server = socket.create_connection((parts.hostname, parts.port or 80))
                    path = parts.path + ("?" + parts.query if parts.query else "")
                    kept = [l for l in lines[1:] if not l.lower().startswith((b"proxy-", b"connection:"))]
                    new = [f"{method} {path} HTTP/1.1".encode()] + kept + [b"Connection: close"]
                    server.sendall(b"\r\n".join(new) + b"\r\n\r\n" + rest)
            except OSError:
                client.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
                return
            threading.Thread(target=pump, args=(client, server), daemon=True).start()
            pump(server, client)
            client.close()

        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        with open(folder + "/port.new", "w") as f: f.write(str(listener.getsockname()[1]))
        os.rename(folder + "/port.new", folder + "/port")
        while True:
            client, _ = listener.accept()
            threading.Thread(target=serve, args=(client,), daemon=True).start()
        """#
}

/// Where a proxy listens: the system chose, so that no other test can have taken the port meanwhile.
private func proxyPort(_ folder: String) throws -> UInt16 {
    UInt16(try FileSystem.readText(folder + "/port")) ?? 0
}

private func hasPort(_ folder: String) async throws {
    for _ in 0..<3000 {
        if FileSystem.exists(folder + "/port") { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    throw TestServerError("the proxy in \(folder) did not start")
}
