import Basics
import Git
import Registry

extension Workspace {
    /// Puts into a release who signed its tag, or else its commit, if the registry vouches for them. Returns what is to be
    /// told: a signature that is not listed would help nobody.
    func sign(
        _ release: inout NewRelease, _ source: PublishSource, _ tag: String, _ snapshot: RegistrySnapshot
    ) async throws -> [Diagnostic] {
        let repository = repositories.repository(source.url)
        let list = try await snapshot.allowedSigners()
        // Only the registry's own list: those who install from it do not have the author's.
        let check = SignatureCheck(environment: settings.environment, user: AllowedSigners())
        var objects: [SignedObject] = []
        if let there = try await repository.references().tags[tag], there.isAnnotated {
            objects.append(try await repository.signedTag(there.object))
        }
        objects.append(try await repository.signedCommit(source.commit))
        // Without a list there is nothing to verify with; and an unsigned release is nothing to tell of.
        if list.isEmpty { return [] }
        var told: [Diagnostic] = []
        for object in objects {
            switch try await check.outcome(of: object, registry: list, place: "`\(tag)`") {
            case .signed(let signer):
                if case .tag(let name, let target) = object.kind {
                    guard name == tag, target == source.commit else { continue }
                    release.tag = object.id
                }
                release.signer = signer
                return []
            case .unknown(let fingerprint, let key):
                told.append(
                    Diagnostic(
                        "publish.unknown-signer", .warning,
                        "`\(tag)` is signed by \(fingerprint), for which the registry does not vouch",
                        notes: ["the version is listed without a signer"],
                        hint: "ask those who keep it for a line in allowed_signers: "
                            + "YOU namespaces=\"git\" \(key ?? "KEY")"))
            case .unsupported(let kind):
                told.append(
                    Diagnostic(
                        "publish.unknown-signer", .warning,
                        "`\(tag)` has a signature that skvm does not verify: \(kind)",
                        notes: ["the version is listed without a signer"],
                        hint: "let git sign with an SSH key: git config gpg.format ssh"))
            case .unsigned: continue
            }
        }
        return Array(told.prefix(1))
    }
}
