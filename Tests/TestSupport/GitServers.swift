import Basics

/// lighttpd with `git http-backend` before a folder of bare repositories.
package struct GitWebServer: Sendable {
    /// Anybody may read below this.
    package let open: String
    /// Asks for `user` and `password` by basic authentication.
    package let closed: String
    /// As `open`, over TLS with a certificate of an authority that no machine knows: `authority` is its file.
    package let secure: String
    package let authority: String
    package let user = "reader"
    package let password = "open sesame"
    /// Of `open` and `closed`.
    package let port: UInt16
    private let log: String

    /// What was asked so far: `GET /git/r.git/info/refs?service=git-upload-pack`.
    package func requests() throws -> [String] {
        FileSystem.exists(log) ? try FileSystem.readText(log).split(separator: "\n").map(String.init) : []
    }

    /// Runs `body` while the server serves the repositories in `root`, on a free port of the loopback interface.
    package static func serving<R: Sendable>(
        _ root: String, isSecure: Bool = false, _ body: @escaping @Sendable (GitWebServer) async throws -> R
    ) async throws -> R {
        let backend = "/usr/lib/git-core/git-http-backend"
        let program = try requireProgram(["/usr/sbin/lighttpd", "/usr/bin/lighttpd"])
        _ = try requireProgram([backend])
        return try await withScratch { folder in
            let port = try LoopbackPort.free()
            let securePort = try LoopbackPort.free()
            let server = GitWebServer(
                open: "http://127.0.0.1:\(port)/git", closed: "http://127.0.0.1:\(port)/closed",
                secure: "https://127.0.0.1:\(securePort)/git", authority: folder + "/authority.pem", port: port,
                log: folder + "/requests")
            // The web server's own log comes late.
            let counting = "#!/bin/sh\necho \"$REQUEST_METHOD $REQUEST_URI\" >> '\(server.log)'\nexec \(backend)\n"
            try FileSystem.write(Array(counting.utf8), to: folder + "/backend", mode: 0o777)
            if isSecure { try await makeCertificate(in: folder) }
            try FileSystem.write(Array("\(server.user):\(server.password)\n".utf8), to: folder + "/users")
            let configuration = """
                server.document-root = "\(folder)"
                server.bind = "127.0.0.1"
                server.port = \(port)
                server.errorlog = "\(folder)/errors"
                server.modules = ("mod_auth", "mod_authn_file", "mod_alias", "mod_setenv", "mod_cgi")
                alias.url = ("/git" => "\(folder)/backend", "/closed" => "\(folder)/backend")
                cgi.assign = ("" => "")
                setenv.add-environment = ("GIT_PROJECT_ROOT" => "\(root)", "GIT_HTTP_EXPORT_ALL" => "1")
                auth.backend = "plain"
                auth.backend.plain.userfile = "\(folder)/users"
                $HTTP["url"] =~ "^/closed" {
                    auth.require = ("" => ("method" => "basic", "realm" => "test", "require" => "valid-user"))
                }
                \(isSecure ? secureConfiguration(folder, securePort) : "")

                """
            try FileSystem.write(Array(configuration.utf8), to: folder + "/lighttpd.conf")
            return try await serve(Program(program, ["-D", "-f", folder + "/lighttpd.conf"]), port: port) {
                try await body(server)
            }
        }
    }
}

extension GitWebServer {
    private static func secureConfiguration(_ folder: String, _ port: UInt16) -> String {
        """
        server.modules += ("mod_openssl")
        $SERVER["socket"] == "127.0.0.1:\(port)" {
            ssl.engine = "enable"
            ssl.pemfile = "\(folder)/server.pem"
            ssl.privkey = "\(folder)/server.key"
        }
        """
    }

    /// An authority of its own, and a certificate of it for this machine.
    private static func makeCertificate(in folder: String) async throws {
        try write(["names": "subjectAltName=IP:127.0.0.1\n"], in: folder)
        for words in [
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=authority "
                + "-keyout authority.key -out authority.pem",
            "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=127.0.0.1 -keyout server.key "
                + "-out server.csr",
            "x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 -extfile names "
                + "-out server.pem",
        ] {
            let result = try await Program("openssl", words.split(separator: " ").map(String.init), directory: folder)
                .run()
            guard result.succeeded else { throw TestServerError("openssl \(words): \(result.errorText)") }
        }
    }
}

/// sshd for one key that it made itself.
package struct GitSSHServer: Sendable {
    /// To be followed by the absolute path of a repository.
    package let address: String
    /// What `git` needs in its environment to be let in.
    package let environment: [String: String]

    /// Runs `body` while the server listens on a free port of the loopback interface. Unless `acceptsProtocol`, it
    /// drops what the client says about git's protocol, as old servers do: then git falls back to protocol 0.
    package static func serving<R: Sendable>(
        acceptsProtocol: Bool = true, _ body: @escaping @Sendable (GitSSHServer) async throws -> R
    ) async throws -> R {
        let program = try requireProgram(["/usr/sbin/sshd"])
        _ = try requireProgram(["/usr/bin/ssh-keygen"])
        // Debian's sshd wants this folder; the init script makes it elsewhere.
        try? FileSystem.makeDirectories("/run/sshd")
        return try await withScratch { folder in
            let port = try LoopbackPort.free()
            for key in ["host", "user"] {
                let made = try await Program(
                    "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/\(key)"]
                ).run()
                guard made.succeeded else { throw TestServerError(made.errorText) }
            }
            let hostKey = try FileSystem.readText(folder + "/host.pub")
            try FileSystem.write(Array("[127.0.0.1]:\(port) \(hostKey)".utf8), to: folder + "/known")
            let configuration = """
                ListenAddress 127.0.0.1:\(port)
                HostKey \(folder)/host
                AuthorizedKeysFile \(folder)/user.pub
                PidFile none
                StrictModes no
                UsePAM no
                PermitRootLogin yes
                PasswordAuthentication no
                \(acceptsProtocol ? "AcceptEnv GIT_PROTOCOL" : "")

                """
            try FileSystem.write(Array(configuration.utf8), to: folder + "/sshd_config")
            let user = try await Program("id", ["-un"]).run().outputText.trimmingLineEnd
            let server = GitSSHServer(
                address: "ssh://\(user)@127.0.0.1:\(port)",
                environment: [
                    "GIT_SSH_COMMAND":
                        "ssh -F /dev/null -i \(folder)/user -o IdentitiesOnly=yes -o BatchMode=yes "
                        + "-o UserKnownHostsFile=\(folder)/known -o StrictHostKeyChecking=yes"
                ])
            return try await serve(Program(program, ["-D", "-e", "-f", folder + "/sshd_config"]), port: port) {
                try await body(server)
            }
        }
    }
}

/// The first of `paths` that is there.
func requireProgram(_ paths: [String]) throws -> String {
    guard let found = paths.first(where: FileSystem.exists) else {
        throw TestServerError("\(paths[0]) is missing: run `make setup`")
    }
    return found
}

/// Runs `body` while `program` listens on `port`; ends the program afterwards.
func serve<R: Sendable>(
    _ program: Program, port: UInt16, _ body: @escaping @Sendable () async throws -> R
) async throws -> R {
    try await serve(program, ready: { try await LoopbackPort.wait(for: port) }, body)
}

/// The same for a program that is ready when `ready` returns.
func serve<R: Sendable>(
    _ program: Program, ready: @escaping @Sendable () async throws -> Void,
    _ body: @escaping @Sendable () async throws -> R
) async throws -> R {
    try await withThrowingTaskGroup(of: R?.self) { group in
        group.addTask {
            let result = try await program.run()
            if Task.isCancelled { return nil }
            throw TestServerError("\(program.name) ended with \(result.status): \(result.errorText)")
        }
        group.addTask {
            try await ready()
            return try await body()
        }
        defer { group.cancelAll() }
        while let next = try await group.next() {
            if let next { return next }
        }
        throw TestServerError("\(program.name) ended")
    }
}
