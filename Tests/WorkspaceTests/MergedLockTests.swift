import Basics
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// Locks that were merged are held against manifests and sources by the commands that use them.
struct MergedLockTests {
    /// Numbers that are the same in every run.
    private struct Dice {
        var state: UInt64 = 8

        mutating func roll(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(count))
        }
    }

    /// A registry of packages that need one another, and a project that asks for some of them.
    private struct Scene {
        var world: ProjectWorld
        let registry: FolderRegistry
        let target: String
        var published: [String: [String]] = [:]
        static let names = ["aa", "bb", "cc", "dd", "ee"]
        static let versions = ["1.0.0", "1.1.0", "1.2.0", "2.0.0"]

        init(_ scratch: String, _ number: Int) throws {
            world = try ProjectWorld(scratch)
            registry = try FolderRegistry("\(world.root)/registry-\(number)")
            target = "[registries]\ndefault = \"../registry-\(number)\"\n\n" + (try world.putTarget("one"))
        }

        mutating func publish(_ name: String, _ dice: inout Dice) throws {
            let known = published[name, default: []]
            guard known.count < Self.versions.count else { return }
            let version = Self.versions[known.count]
            let later = Self.names.drop { $0 != name }.dropFirst()
            var needs: [String: String] = [:]
            for other in later where dice.roll(2) == 0 && published[other] != nil {
                needs[other] = ["^1", "^1", "^1", ">=1.0.0", "~1.0", "^1.1"][dice.roll(known.isEmpty ? 4 : 6)]
            }
            try registry.publish(name, version, dependencies: needs)
            published[name] = known + [version]
        }

        func manifest(_ wishes: [String: String]) -> String {
            "[dependencies]\n" + wishes.sorted { $0.key < $1.key }.map { "\($0.key) = \"\($0.value)\"\n" }.joined()
                + "\n" + target
        }

        /// Asks for this; nil when it can't be had. What is there of a lock is kept to, unless `isAnew`.
        func lock(_ wishes: [String: String], from old: String?, isAnew: Bool) async throws -> String? {
            let path = world.project + "/skvm.lock"
            if let old, !isAnew { try world.put(["skvm.lock": old]) } else { try FileSystem.remove(path) }
            try world.put(["skvm.toml": manifest(wishes)])
            guard let report = try? await world.build(), report.ok else { return nil }
            return try world.lock
        }
    }

    private typealias Branch = (wishes: [String: String], lock: String)

    private func work(_ start: Branch, _ scene: inout Scene, _ dice: inout Dice) async throws -> Branch {
        var branch = start
        for _ in 0..<(1 + dice.roll(2)) {
            for _ in 0..<(1 + dice.roll(2)) { try scene.publish(Scene.names[1 + dice.roll(4)], &dice) }
            var wishes = branch.wishes
            let name = Scene.names[dice.roll(5)]
            let kind = dice.roll(5)
            if kind < 3 { wishes[name] = wishes[name] ?? "^1" } else { wishes[name] = nil }
            guard let lock = try await scene.lock(wishes, from: branch.lock, isAnew: kind == 2) else { continue }
            branch = (wishes, lock)
        }
        return branch
    }

    @Test func `generated ones are taken by --locked, with a cache and without, or they are in conflict`() async throws
    {
        var dice = Dice()
        var clean = 0
        var newer = 0
        var conflicts = 0
        for number in 0..<16 {
            try await withScratch { scratch in
                var scene = try Scene(scratch, number)
                for name in Scene.names.reversed() { try scene.publish(name, &dice) }
                guard let first = try await scene.lock(["aa": "^1"], from: nil, isAnew: true) else { return }
                let start: Branch = (["aa": "^1"], first)
                let ours = try await work(start, &scene, &dice)
                let theirs = try await work(start, &scene, &dice)
                let locks = try [start, ours, theirs].map { try Lockfile(parsing: Array($0.lock.utf8)) }
                #expect(locks.allSatisfy { !$0.wishes.isEmpty || $0.packages.isEmpty }, "\(start.lock)")
                let merged = LockfileMerge(base: locks[0], ours: locks[1], theirs: locks[2])
                guard merged.isClean else {
                    conflicts += 1
                    return
                }
                clean += 1
                let both = locks[1].packages.compactMap { mine in
                    locks[2].package(mine.id.name).map { $0.version != mine.version } ?? false
                }
                newer += both.contains(true) ? 1 : 0
                var wishes: [String: String] = [:]
                for name in Scene.names {
                    let (old, mine) = (start.wishes[name], ours.wishes[name])
                    wishes[name] = old == mine ? theirs.wishes[name] : mine
                }
                let text = String(decoding: merged.encoded(), as: UTF8.self)
                let world = scene.world
                for cache in ["cache", "none"] {
                    if cache == "none" { try FileSystem.removeTree(world.root + "/cache") }
                    try FileSystem.removeTree(world.project + "/.skvm")
                    try world.put(["skvm.lock": text, "skvm.toml": scene.manifest(wishes)])
                    let report = try await world.build { $0.locked = true }
                    #expect(
                        report.ok && report.lockChanges == [], "\(number), \(cache): \(report.diagnostics)\n\(text)")
                    #expect(try world.lock == text)
                }
            }
        }
        print("generated branches: \(clean) clean, \(newer) with a package in two versions, \(conflicts) in conflict")
        #expect(clean > 10 && newer > 2)
    }

    /// A lock of before there were ranges is right as it is, and gets them when it is written.
    @Test func `one without ranges is taken by --locked, and completed without`() async throws {
        try await withScratch { scratch in
            var dice = Dice()
            var scene = try Scene(scratch, 0)
            for name in Scene.names.reversed() { try scene.publish(name, &dice) }
            try scene.registry.publish("top", "1.0.0", dependencies: ["aa": "^1", "ee": "*"])
            let lock = try #require(try await scene.lock(["top": "^1"], from: nil, isAnew: true))
            #expect(lock.contains("revision = 2\n\n[dependencies]\ntop = \"^1\"\n"), "\(lock)")
            #expect(lock.contains("ranges = { aa = \"^1\", ee = \"*\" }\n"), "\(lock)")
            let now = try Lockfile(parsing: Array(lock.utf8))
            let plain = now.withoutRanges(
                asIn: Lockfile(
                    packages: now.packages.map {
                        var copy = $0
                        copy.ranges = [:]
                        return copy
                    }))
            let old = String(decoding: plain.encoded(), as: UTF8.self)
            #expect(old.contains("revision = 0\n") && !old.contains("ranges"))
            let world = scene.world
            try world.put(["skvm.lock": old])
            for isOffline in [true, false] {
                try await world.build {
                    $0.locked = true
                    $0.offline = isOffline
                }
                #expect(try world.lock == old)
            }
            // What writes it next writes what is known now.
            try world.edit("skvm.toml", "[dependencies]\n", "[dependencies] # mine\n")
            try await world.build()
            #expect(try world.lock.contains("[dependencies]\ntop = \"^1\"\n"))
            // Choosing anew asks the sources, and then all is known again.
            _ = try await world.workspace().update([])
            #expect(try world.lock == lock)
        }
    }

    /// Ranges decide how locks merge: what they say is true, or an error.
    @Test func `one whose ranges are not its packages' is refused, whatever the cache holds`() async throws {
        try await withScratch { scratch in
            var dice = Dice()
            var scene = try Scene(scratch, 0)
            for name in Scene.names.reversed() { try scene.publish(name, &dice) }
            try scene.registry.publish("top", "1.0.0", dependencies: ["aa": "^1"])
            let lock = try #require(try await scene.lock(["top": "^1"], from: nil, isAnew: true))
            let world = scene.world
            for isEmpty in [false, true] {
                for (old, new) in [
                    ("ranges = { aa = \"^1\" }", "ranges = { aa = \"any\" }"),
                    ("ranges = { aa = \"^1\" }", "ranges = { aa = \"^1\", bb = \"^1\" }"),
                ] {
                    if isEmpty { try FileSystem.removeTree(world.root + "/cache") }
                    try world.put(["skvm.lock": lock.replacing(old, with: new)])
                    let told = await world.failure { try await world.build { $0.locked = true } }
                    #expect(told.map(\.id) == ["lock.ranges"] && told[0].fault == .integrity, "\(told)")
                }
                try world.put(["skvm.lock": lock.replacing("top = \"^1\"", with: "top = \"^1.0\"")])
                let told = await world.failure { try await world.build { $0.locked = true } }
                #expect(told.map(\.id) == ["lock.stale"], "\(told)")
                #expect(told.first?.notes == ["range of top ^1.0 → ^1"], "\(told)")
            }
        }
    }
}
