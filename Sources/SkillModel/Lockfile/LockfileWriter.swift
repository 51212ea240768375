import Basics
import Formats

extension Lockfile {
    /// The canonical text: equal locks have equal bytes, and reading them gives the lock back. O(n).
    package func encoded() -> [UInt8] {
        var writer = LockfileWriter()
        writer.output.reserveCapacity(256 * (packages.count + targets.count) + 640 * variants.count + 128)
        writer.head(revision: revisionNeeded)
        writer.add(wishes)
        for package in packages { writer.add(package) }
        for target in targets { writer.add(target) }
        for variant in variants { writer.add(variant) }
        return writer.output
    }
}

extension Lockfile {
    /// The least that says all of it: an older skvm reads a lock that has nothing new.
    var revisionNeeded: Int64 {
        if packages.contains(where: { !$0.registries.isEmpty }) { return 3 }
        if !wishes.isEmpty || packages.contains(where: { !$0.ranges.isEmpty }) { return 2 }
        return packages.contains { $0.patched != nil } ? 1 : 0
    }
}

/// Writes the records of a lock one after another.
struct LockfileWriter {
    var output: [UInt8] = []

    mutating func head(revision: Int64) {
        add("# Written by skvm. Commit it; change it through skvm.toml and `skvm build`.\n")
        line("version", "\(Lockfile.version)")
        line("revision", "\(revision)")
    }

    mutating func add(_ wishes: [PackageName: LockedRange]) {
        if wishes.isEmpty { return }
        add("\n[dependencies]\n")
        for (name, range) in wishes.sorted(by: { $0.key < $1.key }) {
            text(TOMLLiteral.keyText(name.description), range.description)
        }
    }

    mutating func add(_ package: LockedPackage) {
        add("\n[[package]]\n")
        text("name", package.name.description)
        text("version", package.version.description)
        if let alias = package.alias { text("alias", alias.description) }
        text("source", package.source.description)
        if let patched = package.patched { text("patched", patched.description) }
        if let commit = package.commit { text("commit", commit.description) }
        if let tree = package.tree { digest("tree", tree) }
        if let signer = package.signer { text("signer", signer) }
        // One a line: two branches that add one each merge by themselves.
        let dependencies = package.dependencies.map { "    \(TOMLLiteral.quoted($0.description)),\n" }
        if !dependencies.isEmpty { line("dependencies", "[\n\(dependencies.joined())]") }
        let ranges = package.ranges.sorted { $0.key < $1.key }.map {
            "\(TOMLLiteral.keyText($0.key.description)) = \(TOMLLiteral.quoted($0.value.description))"
        }
        if !ranges.isEmpty { line("ranges", "{ \(ranges.joined(separator: ", ")) }") }
        let registries = package.registries.sorted { $0.key < $1.key }.map {
            "\(TOMLLiteral.keyText($0.key.description)) = \(TOMLLiteral.quoted(LockedRegistries($0.value).text))"
        }
        if !registries.isEmpty { line("registries", "{ \(registries.joined(separator: ", ")) }") }
    }

    mutating func add(_ target: LockedTarget) {
        add("\n[[target]]\n")
        text("name", target.name.description)
        if let profile = target.profile { digest("profile", profile) }
        digest("environment", target.environment)
        digest("harness", target.harness)
    }

    mutating func add(_ variant: LockedVariant) {
        add("\n[[variant]]\n")
        text("package", variant.package.description)
        text("target", variant.target.description)
        digest("tree", variant.tree)
        // Straight into the bytes: a lock holds thousands of these.
        add(variant.passes.isEmpty ? "passes = {}\n" : "passes = { ")
        for (number, pass) in variant.passes.sorted(by: { precedes($0.key, $1.key) }).enumerated() {
            if number > 0 { add(", ") }
            add(TOMLLiteral.keyText(pass.key))
            add(" = ")
            quoted(pass.value)
        }
        if !variant.passes.isEmpty { add(" }\n") }
        add("recordings = [")
        for (number, recording) in variant.recordings.enumerated() {
            if number > 0 { add(", ") }
            quoted(recording)
        }
        add("]\n")
    }

    mutating func add(_ text: String) { output.append(contentsOf: text.utf8) }

    private mutating func quoted(_ value: Digest) {
        add("\"sha256:")
        value.appendHex(to: &output)
        add("\"")
    }

    private mutating func line(_ key: String, _ value: String) {
        add(key)
        add(" = ")
        add(value)
        add("\n")
    }

    private mutating func text(_ key: String, _ value: String) { line(key, TOMLLiteral.quoted(value)) }

    private mutating func digest(_ key: String, _ value: Digest) {
        add(key)
        add(" = ")
        quoted(value)
        add("\n")
    }
}
