package import Basics
package import Git

/// Verifies the SSH signatures of commits and tags by OpenSSH's own `ssh-keygen`. No configuration of git or of the user's
/// has a say: the program is handed the bytes that were signed, the signature, and the list of who may sign.
package struct SignatureCheck: Sendable {
    package enum Outcome: Sendable, Hashable {
        case unsigned
        /// A signature of a kind that is not verified: which.
        case unsupported(String)
        /// A good signature by a key that nobody vouches for; `key` is its text, where it could be read.
        case unknown(fingerprint: String, key: String?)
        case signed(Signer)
    }

    private let environment: [String: String]
    private let user: AllowedSigners

    /// - Parameters:
    ///   - environment: where `PATH` says where `ssh-keygen` is.
    ///   - user: whom the user vouches for. A name that stands there is theirs: a registry can't give it to another key.
    package init(environment: [String: String], user: AllowedSigners) {
        var clean = ["LC_ALL": "C", "TZ": "UTC0"]
        clean["PATH"] = environment["PATH"]
        clean["HOME"] = environment["HOME"]
        self.environment = clean
        self.user = user
    }

    /// Who signed `object`, as the user's list says, else the registry's.
    ///
    /// Throws `trust.bad-signature` (integrity) when a signature is there that the object does not have, and
    /// `trust.ssh-keygen` when the program can't be run.
    package func outcome(
        of object: SignedObject, registry: AllowedSigners, place: String
    ) async throws(DiagnosticsError) -> Outcome {
        let armour: [UInt8]
        switch object.signature {
        case .none: return .unsigned
        case .other(let kind): return .unsupported(kind)
        case .ssh(let bytes): armour = bytes
        }
        do {
            let scratch = try FileSystem.makeScratchDirectory()
            defer { try? FileSystem.removeTree(scratch) }
            try FileSystem.write(armour, to: scratch + "/signature")
            let run = Run(check: self, scratch: scratch, object: object)
            for (list, isUsers) in [(user, true), (registry, false)] where !list.isEmpty {
                try FileSystem.write(list.text, to: scratch + "/allowed")
                for principal in try await run.principals() {
                    if !isUsers, user.names(principal) { continue }
                    guard let fingerprint = try await run.verify(principal),
                        let signer = Signer(principal: principal, fingerprint: fingerprint)
                    else { continue }
                    return .signed(signer)
                }
            }
            guard let fingerprint = try await run.checkAlone() else {
                throw DiagnosticsError(
                    Diagnostic(
                        "trust.bad-signature", .error, "the signature of \(place) is bad: it is not of these bytes",
                        notes: ["in object \(object.id)"],
                        hint: "the object was changed after it was signed: do not use it, and tell its author",
                        fault: .integrity))
            }
            return .unknown(fingerprint: fingerprint, key: Self.key(of: armour))
        } catch {
            throw Self.told(error)
        }
    }

    private static func told(_ error: any Error) -> DiagnosticsError {
        guard let error = error as? ProgramError else { return DiagnosticsError(wrapping: error) }
        return DiagnosticsError(
            Diagnostic(
                "trust.ssh-keygen", .error, "no signature can be verified: \(error)".shown(),
                hint: "install OpenSSH 8.9 or later (package openssh-client); nothing counts as signed without it",
                fault: .outside))
    }

    /// One signature with its files.
    private struct Run {
        let check: SignatureCheck
        let scratch: String
        let object: SignedObject

        /// The names that the list gives the signature's key. A pattern is no name.
        func principals() async throws -> [String] {
            let result = try await start(["find-principals", "-f", scratch + "/allowed", time])
            guard result.succeeded else { return [] }
            return result.outputText.split(whereSeparator: { $0 == "\n" || $0 == "," }).map(String.init)
                .filter(Signer.isPrincipal)
        }

        /// The key's fingerprint, if the signature is one of the principal's.
        func verify(_ principal: String) async throws -> String? {
            fingerprint(
                try await start(["verify", "-f", scratch + "/allowed", "-I", principal, "-n", "git", time]))
        }

        /// The key's fingerprint, if the signature is good, whoever made it.
        func checkAlone() async throws -> String? { fingerprint(try await start(["check-novalidate", "-n", "git"])) }

        /// A key counts that was allowed when the signature was made.
        private var time: String { "-Overify-time=\(PseudoVersion.stamp(max(0, object.time)))" }

        private func start(_ arguments: [String]) async throws -> ProgramResult {
            // From a file, not through a pipe: it ends without reading when it does not like the signature.
            try FileSystem.write(object.payload, to: scratch + "/payload")
            let program = Program(
                "sh",
                [
                    "-c", "exec ssh-keygen \"$@\" < \"$0\"", scratch + "/payload", "-Y", arguments[0], "-s",
                    scratch + "/signature",
                ] + arguments.dropFirst(), environment: check.environment)
            let result = try await program.run(limit: 1 << 20)
            if result.status == 126 || result.status == 127 {
                throw ProgramError(program: "ssh-keygen", reason: "it is not on the path")
            }
            // 255 is what it ends with for a signature that does not fit, as for an option that it doesn't know.
            if !result.succeeded, result.errorText.contains("usage:") || result.errorText.contains("unknown option") {
                throw ProgramError(program: "ssh-keygen", reason: "it is too old to verify signatures")
            }
            return result
        }

        private func fingerprint(_ result: ProgramResult) -> String? {
            guard result.succeeded, result.outputText.hasPrefix("Good \"git\" signature") else { return nil }
            return result.outputText.split(whereSeparator: \.isWhitespace).last { $0.hasPrefix("SHA256:") }
                .map(String.init)
        }
    }

    /// The public key in an armoured signature: after the magic and a version, the first string.
    static func key(of armour: [UInt8]) -> String? {
        let lines = String(decoding: armour, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("-----") }
        guard let blob = Base64.decode(lines.joined()), blob.starts(with: "SSHSIG".utf8) else { return nil }
        func string(at start: Int) -> [UInt8]? {
            guard blob.count >= start + 4 else { return nil }
            let length = blob[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length <= blob.count - start - 4 else { return nil }
            return Array(blob[(start + 4)..<(start + 4 + length)])
        }
        guard let key = string(at: 10), key.count > 4 else { return nil }
        let length = key.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard length <= key.count - 4 else { return nil }
        let line = "x \(String(decoding: key[4..<(4 + length)], as: UTF8.self)) \(Base64.encode(key))"
        return AllowedSigners.Line(line)?.keyText
    }
}
