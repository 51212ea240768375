package import Basics
import Git
import Registry
import SkillModel

/// Whom the user vouches for, and who signed the project's packages.
package struct TrustReport: Report, Codable, Equatable {
    package struct Key: Sendable, Codable, Equatable {
        /// Names, as they stand in the file.
        package var principals: [String]
        package var keyType: String
        package var fingerprint: String
        package var options: String?
    }

    package struct Package: Sendable, Codable, Equatable {
        /// `NAME VERSION`.
        package var package: String
        /// Nil when nobody counts.
        package var signer: String?
    }

    package var version = 1
    package var command = "trust"
    package var ok = true
    package var diagnostics: [Diagnostic] = []
    /// The user's list.
    package var file: String
    package var signers: [Key]
    /// What skvm.lock pins; empty outside of a project.
    package var packages: [Package]

    package var text: String {
        var lines = signers.isEmpty ? ["you vouch for nobody (\(file))"] : ["you vouch for (\(file)):"]
        lines += Table.lines(signers.map { ["  " + $0.principals.joined(separator: ","), $0.keyType, $0.fingerprint] })
        if !packages.isEmpty { lines.append("skvm.lock pins:") }
        lines += Table.lines(packages.map { ["  " + $0.package, $0.signer ?? "not signed"] })
        return lines.joined(separator: "\n")
    }
}

extension Workspace {
    var userSignersPath: String { settings.configDirectory + "/" + AllowedSigners.fileName }

    /// Whom the user vouches for; empty when there is no such file.
    func userSigners() throws -> AllowedSigners {
        guard FileSystem.exists(userSignersPath) else { return AllowedSigners() }
        return AllowedSigners(parsing: try FileSystem.read(userSignersPath, limit: AllowedSigners.greatestSize))
    }

    package func trustList() throws -> TrustReport {
        let list = try userSigners()
        let lock = try projectRootOrNone() == nil ? nil : try project().lock()
        var report = TrustReport(
            file: userSignersPath,
            signers: list.lines.map {
                .init(
                    principals: $0.principals, keyType: $0.keyType, fingerprint: $0.fingerprint,
                    options: $0.options.isEmpty ? nil : $0.options)
            },
            packages: (lock?.packages ?? []).filter { !$0.source.isFolder && $0.source != .embedded }
                .map { .init(package: "\($0.id)", signer: $0.signer) })
        report.diagnostics = list.unreadable.map { line in
            Diagnostic(
                "trust.line", .warning, "this line is no key and counts for nothing",
                at: SourceLocation(file: userSignersPath, line: line),
                hint: "write: NAME namespaces=\"git\" ssh-ed25519 AAAA…")
        }
        return report
    }

    /// Vouches for a key, given as its text (`ssh-ed25519 AAAA…`) or as the file of a public key.
    package func trustAdd(_ principal: String, key: String) throws -> Done {
        guard Signer.isPrincipal(principal) else {
            throw usage(
                "trust.name", "'\(principal.shown(limit: 80))' can't name a signer",
                "give one name without blanks and patterns: alice@example.org")
        }
        let line = try keyLine(principal, key)
        let lock = flags.dryRun ? nil : try signersLock()
        defer { lock?.release() }
        let known = try userSigners()
        let what = "\(principal) \(line.keyType) \(line.fingerprint)"
        if known.lines.contains(where: { $0.key == line.key && $0.principals.contains(principal) }) {
            return Done(command: "trust", text: "you vouch for \(what) already", paths: [userSignersPath])
        }
        var bytes = FileSystem.exists(userSignersPath) ? try FileSystem.read(userSignersPath) : []
        if let last = bytes.last, last != 0x0A { bytes.append(0x0A) }
        bytes += Array((line.text + "\n").utf8)
        if !flags.dryRun { try FileSystem.replace(userSignersPath, with: bytes) }
        return Done(command: "trust", text: "you vouch for \(what) now", paths: [userSignersPath])
    }

    /// No longer vouches for a name, or for one key by its fingerprint. All other lines stay as they are.
    package func trustRemove(_ signer: String) throws -> Done {
        let lock = flags.dryRun ? nil : try signersLock()
        defer { lock?.release() }
        let bytes = FileSystem.exists(userSignersPath) ? try FileSystem.read(userSignersPath) : []
        var removed = 0
        let kept = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).filter { bytes in
            guard let line = AllowedSigners.Line(AllowedSigners.text(ofLine: bytes)),
                line.principals == [signer] || line.fingerprint == signer
            else { return true }
            removed += 1
            return false
        }
        guard removed > 0 else {
            throw usage(
                "trust.nobody", "you do not vouch for '\(signer.shown(limit: 80))'",
                "give a name or a fingerprint that `skvm trust list` shows")
        }
        if !flags.dryRun { try FileSystem.replace(userSignersPath, with: Array(kept.joined(separator: [0x0A]))) }
        return Done(
            command: "trust", text: "you no longer vouch for \(signer) (\(counted(removed, "key")))",
            paths: [userSignersPath])
    }

    /// Pins the signers that packages have now, or that they have none. If what the lock has of them is signed as before,
    /// they are updated, and what the update finds is accepted.
    package func trustAccept(_ names: [String]) async throws -> Done {
        try await exclusively(try self.project()) {
            let project = try self.project()
            let lock = try project.lock() ?? Lockfile()
            let accepted = try Set(
                names.map { text in
                    guard let name = PackageName(text), lock.package(name) != nil else {
                        throw usage(
                            "trust.package", "skvm.lock has no package '\(text.shown(limit: 80))'", "see: skvm tree")
                    }
                    return name
                })
            func signers(_ lock: Lockfile) -> [String?] { accepted.sorted().map { lock.package($0)?.signer } }
            var options = ResolveOptions(acceptedSigners: accepted)
            var next = try await nextLock(options)
            if signers(next.new) == signers(lock) {
                options.isUpdate = true
                options.moving = accepted
                next = try await nextLock(options)
            }
            let lines = accepted.sorted().compactMap { name -> String? in
                guard let before = lock.package(name), let now = next.new.package(name), before != now else {
                    return nil
                }
                let versions = before.version == now.version ? "\(now.version)" : "\(before.version) → \(now.version)"
                return "\(name) \(versions): signed by \(before.signer ?? "nobody") → \(now.signer ?? "nobody")"
            }
            if lines.isEmpty {
                return Done(command: "trust", text: "nothing to accept: all is signed as skvm.lock has it")
            }
            _ = try settle(next.new, over: next.old, project)
            let advice = flags.dryRun ? [] : ["wrote skvm.lock; next: skvm install"]
            return Done(
                command: "trust", text: (lines + advice).joined(separator: "\n"), paths: [Lockfile.fileName])
        }
    }

    // MARK: The user's list

    private func keyLine(_ principal: String, _ key: String) throws -> AllowedSigners.Line {
        var text = key
        let path = FileSystem.absolute(key, from: settings.workingDirectory)
        if !key.contains(" "), FileSystem.exists(path) {
            text = try FileSystem.readText(path, limit: 64 << 10)
            if text.contains("PRIVATE KEY") {
                throw usage(
                    "trust.private-key", "\(key) is a private key", "give the public one: \(key).pub")
            }
        }
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" }).prefix(2)
        let made = AllowedSigners.Line("\(principal) namespaces=\"git\" \(words.joined(separator: " "))")
        guard words.count == 2, let made else {
            throw usage(
                "trust.key", "that is no public SSH key: '\(key.shown(limit: 80))'",
                "give its file, or its text: 'ssh-ed25519 AAAA…'")
        }
        return made
    }

    private func signersLock() throws -> FileLock {
        try FileSystem.makeDirectories(settings.configDirectory)
        return try FileLock(path: userSignersPath + ".lock", mode: .exclusive)
    }

    private func usage(_ id: String, _ message: String, _ hint: String) -> DiagnosticsError {
        DiagnosticsError([Diagnostic(id, .error, message, hint: hint, fault: .usage)])
    }
}
