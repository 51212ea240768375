import Basics
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// The lock as it is remembered beside its text.
struct KnownLockTests {
    private func sample() throws -> Lockfile {
        let id = try #require(PackageID("charts 1.0.2+build.7"))
        let other = try #require(PackageID("palette 0.3.1"))
        let target = try #require(TargetName("one"))
        let digest = Digest(of: "x")
        return Lockfile(
            wishes: [id.name: try #require(LockedRange("^1.0"))],
            packages: [
                LockedPackage(
                    name: id.name, version: id.version, source: try #require(PackageSource("registry+embedded")),
                    tree: digest, signer: "somebody", dependencies: [other],
                    ranges: [try #require(PackageName("colours")): .any]),
                LockedPackage(
                    name: try #require(PackageName("colours")), version: other.version,
                    source: try #require(PackageSource("git+https://example.org/r?branch=main#skills/a")),
                    commit: CommitID("0123456789012345678901234567890123456789"), tree: digest, alias: other.name,
                    patched: PackageSource("registry+https://example.org/registry.git"),
                    registries: [
                        id.name: [.embedded, try #require(PackageSource("registry+https://example.org/registry.git"))]
                    ]),
            ],
            targets: [LockedTarget(name: target, profile: nil, environment: digest, harness: digest)],
            variants: [
                LockedVariant(
                    package: id, target: target, tree: digest, passes: ["lower": digest, "bind": Digest(of: "y")],
                    recordings: [digest])
            ])
    }

    private func known(_ scratch: String) -> KnownLock {
        KnownLock(Project(root: scratch, manifest: Manifest(), hasManifest: true), cache: scratch + "/cache")
    }

    @Test func `holds for the text that it was made of, and no other`() throws {
        try withScratch { scratch in
            let lock = try sample()
            let text = lock.encoded()
            known(scratch).remember(lock, of: Digest(of: text))
            let read = try #require(known(scratch).lock(of: Digest(of: text)))
            #expect(read == lock)
            #expect(read.encoded() == text)
            #expect(known(scratch).lock(of: Digest(of: text + [0x0A])) == nil)
        }
    }

    @Test func `every field of a record is remembered`() throws {
        // A field that is added must be written by `KnownLock`, and set in `sample`: then it belongs in this list.
        let lock = try sample()
        func fields(_ record: Any?) -> [String] {
            record.map { Mirror(reflecting: $0).children.compactMap(\.label) } ?? []
        }
        #expect(fields(lock) == ["wishes", "packages", "targets", "variants"])
        #expect(
            fields(lock.packages.first) == [
                "name", "version", "source", "commit", "tree", "alias", "patched", "signer", "dependencies",
                "ranges", "registries",
            ])
        #expect(fields(lock.targets.first) == ["name", "profile", "environment", "harness"])
        #expect(fields(lock.variants.first) == ["package", "target", "tree", "passes", "recordings"])
    }

    @Test func `damaged or cut off it is none`() throws {
        try withScratch { scratch in
            let lock = try sample()
            let digest = Digest(of: lock.encoded())
            let known = known(scratch)
            known.remember(lock, of: digest)
            let bytes = try FileSystem.read(known.path)
            for place in stride(from: 0, to: bytes.count, by: 5) {
                var damaged = bytes
                damaged[place] ^= 0x21
                try FileSystem.write(damaged, to: known.path)
                #expect(known.lock(of: digest) == nil)
                try FileSystem.write(Array(bytes.prefix(place)), to: known.path)
                #expect(known.lock(of: digest) == nil)
            }
        }
    }

    @Test func `a lock that was edited by hand is read from its text, and written as it should be`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            try await world.build()
            let text = try world.lock
            try FileSystem.write(Array((text + "\n# mine\n").utf8), to: world.project + "/skvm.lock")
            try await world.build()
            #expect(try world.lock == text)
            try world.edit("skvm.lock", "revision = ", "revision = x")
            let found = await world.failure { try await world.build() }
            #expect(found.contains { $0.id.hasPrefix("toml.") }, "\(found)")
        }
    }
}
