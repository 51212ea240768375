import Basics
import Formats

extension Lockfile {
    /// The canonical text: equal locks have equal bytes, and reading them gives the lock back. O(n).
    package func encoded() -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(256 * (packages.count + targets.count) + 640 * variants.count + 128)
        func line(_ key: String, _ value: String) { output += Array("\(key) = \(value)\n".utf8) }
        func text(_ key: String, _ value: String) { line(key, TOMLLiteral.quoted(value)) }
        func digest(_ key: String, _ value: Digest) { line(key, "\"\(value)\"") }

        output += Array("# Written by skvm. Commit it; change it through skvm.toml and `skvm build`.\n".utf8)
        line("version", "\(Self.version)")
        line("revision", "\(Self.revision)")
        for package in packages {
            output += Array("\n[[package]]\n".utf8)
            text("name", package.name.description)
            text("version", package.version.description)
            if let alias = package.alias { text("alias", alias.description) }
            text("source", package.source.description)
            if let commit = package.commit { text("commit", commit.description) }
            if let tree = package.tree { digest("tree", tree) }
            if let signer = package.signer { text("signer", signer) }
            // One a line: two branches that add one each merge by themselves.
            let dependencies = package.dependencies.map { "    \(TOMLLiteral.quoted($0.description)),\n" }
            if !dependencies.isEmpty { line("dependencies", "[\n\(dependencies.joined())]") }
        }
        for target in targets {
            output += Array("\n[[target]]\n".utf8)
            text("name", target.name.description)
            if let profile = target.profile { digest("profile", profile) }
            digest("environment", target.environment)
            digest("harness", target.harness)
        }
        for variant in variants {
            output += Array("\n[[variant]]\n".utf8)
            text("package", variant.package.description)
            text("target", variant.target.description)
            digest("tree", variant.tree)
            let passes = variant.passes.sorted { precedes($0.key, $1.key) }
            line("passes", TOMLLiteral.table(passes.map { ($0.key, .string($0.value.description)) }).text)
            line("recordings", TOMLLiteral.array(variant.recordings.map { .string($0.description) }).text)
        }
        return output
    }
}
