import Basics
import TestSupport
import Testing

/// Real keys, made for one test, and the git configuration that signs with one.
struct SigningKeys {
    let folder: String

    init(_ folder: String, _ names: String...) async throws {
        self.folder = folder
        try FileSystem.makeDirectories(folder)
        for name in names {
            let made = try await Program(
                "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", "\(folder)/\(name)"]
            ).run()
            #expect(made.succeeded, "\(made.errorText)")
        }
    }

    func pub(_ name: String) -> String { "\(folder)/\(name).pub" }

    func line(_ principal: String, _ name: String) throws -> String {
        let words = try FileSystem.readText(pub(name)).split(separator: " ")
        return "\(principal) namespaces=\"git\" \(words[0]) \(words[1])"
    }

    func fingerprint(_ name: String) async throws -> String {
        let shown = try await Program("ssh-keygen", ["-l", "-f", pub(name)]).run().outputText
        return String(shown.split(separator: " ")[1])
    }

    /// A signed tag of `main` in a bare repository, under its own name or another.
    func tag(_ repository: RemoteRepository, _ name: String, by key: String, as reference: String? = nil) async throws {
        try await repository.git(
            "-c", "gpg.format=ssh", "-c", "user.signingkey=\(folder)/\(key)", "tag", "-f", "-s", "-m", "release", name,
            "main")
        guard let reference else { return }
        try await repository.git("update-ref", "refs/tags/\(reference)", "refs/tags/\(name)")
        try await repository.git("update-ref", "-d", "refs/tags/\(name)")
    }
}
